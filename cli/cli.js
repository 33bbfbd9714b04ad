// a terminal -> the API. The commands of `stowplan`, their options, and the code that each ends with.

import { Command, CommanderError, Option } from "commander";
import { artifact } from "./commands/artifact.js";
import { compare } from "./commands/compare.js";
import { completion } from "./commands/completion.js";
import { docs } from "./commands/docs.js";
import { exported } from "./commands/export.js";
import { inspectImage, openFiles, report, snapshot, verify } from "./commands/image.js";
import { mdbook } from "./commands/mdbook.js";
import { peek } from "./commands/peek.js";
import { pins } from "./commands/pins.js";
import { tags } from "./commands/tags.js";
import { EXIT } from "./exit.js";
import { terminal } from "./terminal.js";

/** @typedef {import("./terminal.js").Terminal} Terminal */
/** @typedef {(io: Terminal, words: any, options: any, second: any) => Promise<number>} Action */

const CODES = `
Exit codes: 0 verified, 1 failed, 2 incomplete (nothing failed, but something could not be checked), 3 error.
Credentials come from config.json in $DOCKER_CONFIG or ~/.docker, and from its credential helpers.`;

/**
 * @param {string[]} words what stands behind the program's name
 * @param {Terminal} [io]
 * @returns {Promise<number>} the exit code
 */
export async function main(words, io = terminal()) {
	let code = EXIT.error;
	const program = programFor(io, (one) => {
		code = one;
	});
	try {
		await program.parseAsync(words, { from: "user" });
		return code;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.error;
		io.fault(error);
		return EXIT.error;
	}
}

/** @param {Terminal} io @param {(code: number) => void} ended */
function programFor(io, ended) {
	const program = new Command("stowplan")
		.description("Shows what is inside a container image and proves it: every digest is computed from the bytes.")
		.version(io.version)
		.addHelpText("after", CODES)
		.configureOutput({ writeOut: io.out, writeErr: io.err })
		.exitOverride();
	/** @param {string} usage @param {string} about @param {Action} action @param {Option[]} [options] */
	const command = (usage, about, action, options = []) => {
		const made = program.command(usage).description(about);
		made.copyInheritedSettings(program);
		for (const option of options) made.addOption(option);
		made.action(async () => {
			const [first, second] = made.processedArgs;
			ended(await action(io, first, made.opts(), second));
		});
		return made;
	};
	command("inspect <reference>", "fetch the documents of an image and check each", inspectImage, [...ASKING, ...SAID]);
	command(
		"verify <reference|./file>",
		"the same with every layer; a path begins with . or / (- reads standard input)",
		verify,
		[...ASKING, ...SAID, ...LAYERS],
	);
	command(
		"open <file...>",
		"check archives, layouts, layers and documents on disk (- reads standard input)",
		openFiles,
		[
			...SAID,
			...LAYERS,
			flag("--layers", "read the layers, too"),
			flag("--media-type <type>", "what the file is, as its registry says"),
		],
	);
	command("report <reference|./file>", "write everything that was checked as a text to file", report, [
		...ASKING,
		...SAID,
		...LAYERS,
		flag("--layers", "read the layers, too"),
		flag("-o, --output <file>", "write it there"),
	]);
	command("snapshot <reference>", "keep the exact bytes of an image's documents in one file", snapshot, [
		...ASKING,
		flag("--expect <digest>", "the digest that the image must have"),
		flag("-o, --output <file>", "where; else it is printed"),
	]);
	command("pins <file...>", "the images that files name, and what their tags serve now", pins, [
		...ACCESS,
		flag("--write", "write the digests into the files"),
		flag("--json", "as JSON"),
		flag("--max-requests <n>", "ask no more than this", Number),
	]);
	command(
		"compare <a> <b>",
		"how far two images are the same (references, or paths with . or /)",
		(io, a, options, b) => compare(io, a, b, options),
		[
			...ACCESS,
			flag("--platform <platform>", "of both: linux/arm64"),
			flag("--layers", "read the layers and compare the files, too"),
			flag("--json", "as JSON"),
		],
	);
	command("export <reference|./file>", "a layer or some paths as a tar, or the changes of a layer as JSON", exported, [
		...ACCESS,
		flag("--platform <platform>", "the platform to look at: linux/arm64"),
		flag("--layer <layer>", "its number, from 1 at the lowest, or its digest"),
		flag("--path <path>", "a path with all below it (repeatable)", many, undefined),
		flag("--changes", "what the layer changes, as JSON"),
		flag("-o, --output <file>", "where the tar goes"),
	]);
	command(
		"peek <reference|./file> <path>",
		"one file of a layer, which is read no further than the file goes: the layer is not proved",
		(io, target, options, path) => peek(io, target, options, path),
		[
			...ACCESS,
			flag("--platform <platform>", "the platform to look at: linux/arm64"),
			flag("--layer <layer>", "its number, from 1 at the lowest, or its digest").makeOptionMandatory(),
			flag("-o, --output <file>", "where the file goes; else it is printed"),
			flag("--json", "what is known about it, as JSON"),
		],
	);
	command("artifact <reference|./file>", "what is in a Helm chart, files of ORAS, a wasm file or a model", artifact, [
		...ACCESS,
		flag("--whole", "read a model to its end, so that its head is proved"),
		flag("--json", "as JSON"),
	]);
	command("tags <repository>", "the tags of a repository, the newest first", tags, [
		...ACCESS,
		flag("--json", "as JSON"),
	]);
	command("docs <dir...>", "make and check the snapshots that pages of documentation show", docs, [
		...ACCESS,
		flag("--refresh", "ask the registries for every image again"),
		flag("--offline", "never ask a registry"),
		TRUSTED_ROOT,
		flag("--json", "as JSON"),
	]);
	command("mdbook [word] [renderer]", "a preprocessor of mdBook: fences become elements", mdbook, [
		flag("--refresh", "ask the registries for every image again"),
		flag("--offline", "never ask a registry"),
	]);
	command("serve", "the page and its registry proxy on this machine", (io, _, options) => served(io, options), [
		flag("--port <port>", "the port on 127.0.0.1; 0 takes any free one", Number, 8080),
		flag("--allow <host>", "a registry besides the public ones (repeatable)", many, []),
		flag("--plain-http <host>", "the same without TLS, such as 127.0.0.1:5000 (repeatable)", many, []),
		flag("--origin <origin>", "another page that may read those hosts (repeatable)", many, []),
		flag("--allow-any", "forward to any public host"),
	]);
	command("completion <shell>", "a script that completes these commands: bash, zsh or fish", (io, shell) =>
		completion(io, shell, program),
	);
	return program;
}

/** Its modules start the proxy's policy, which no other command needs. @param {Terminal} io @param {any} options */
const served = async (io, options) => (await import("./commands/serve.js")).serve(io, options);

/** @param {string} flags @param {string} about @param {any} [parse] @param {any} [standard] */
function flag(flags, about, parse, standard) {
	const option = new Option(flags, about);
	if (parse) option.argParser(parse);
	return standard === undefined ? option : option.default(standard);
}

/** @param {string} value @param {string[]} before */
const many = (value, before) => [...(before ?? []), value];

/** The options for access to registries. */
const ACCESS = [
	flag("--username <name>", "for the registry, instead of Docker's configuration").env("STOWPLAN_USERNAME"),
	flag("--password <password>", "better given in the environment").env("STOWPLAN_PASSWORD"),
	flag("--no-docker-config", "read no credentials of Docker's"),
	flag("--plain-http <host>", "speak to this registry without TLS (repeatable)", many, []),
];

const ASKING = [
	...ACCESS,
	flag("--platform <platform>", "the platform to look at first: linux/arm64"),
	flag("--all", "follow every entry of an index"),
];

const TRUSTED_ROOT = flag(
	"--trusted-root <file>",
	"judge signatures by this trusted_root.json, not by the one that ships",
);

const SAID = [
	flag("--json", "the report as JSON, the same that the page exports"),
	flag("--expect <digest>", "the digest that the image must have"),
	flag("--identity <identity>", "who must have signed: an e-mail address or a URI"),
	flag("--issuer <url>", "who vouches for that identity"),
	flag("--repository <owner/name>", "a repository on GitHub whose source must have been built and signed"),
	flag("--key <file>", "a public key (PEM) that must have signed (repeatable)", many, undefined),
	TRUSTED_ROOT,
];

const LAYERS = [flag("--workers <n>", "how many layers are read at a time", Number)];

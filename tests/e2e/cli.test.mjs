// In a terminal: the program `stowplan` of the npm package against real registries, files and the page.

import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { COVER } from "../../www/model/secrets.js";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { lies } from "./support/lies.mjs";
import { fromMenu, inspect } from "./support/page.mjs";
import { temporaryFolder } from "./support/process.mjs";
import { BIN, stowplan } from "./support/program.mjs";
import { USER } from "./support/registry.mjs";
import { startWorld } from "./support/world.mjs";

const ESCAPE = "\u001b";
const SECRET = "Tr0ub4dor-hunter22";

let world;
before(async () => {
	world = await startWorld({ auth: ["basic", "token"] });
});
after(() => world?.stop());

const report = ({ out }) => JSON.parse(out);
const pinned = (name) => `${world.registry.host}/demo/app@${world.images[name].digest}`;

/** The report of an image as the page saves it. */
async function exportedReport(reference) {
	let text = "";
	await world.onPage(async (page) => {
		await inspect(page, reference);
		const [download] = await Promise.all([page.waitForEvent("download"), fromMenu(page, "Download", "Report as JSON")]);
		text = readFileSync(await download.path(), "utf8");
	});
	return text;
}

test("inspect --json is what the page exports, byte for byte", async () => {
	const reference = world.ref("index");
	const { out, code } = await stowplan(["inspect", "--json", reference]);
	assert.equal(code, 2);
	assert.equal(out, await exportedReport(reference));
});

test("what looks like a secret stays out of each report, as on the page", async () => {
	const reference = await pushSecret();
	const { out } = await stowplan(["inspect", "--json", reference]);
	const config = report({ out }).nodes.find(({ kind }) => kind === "config");
	assert.deepEqual(config.image.env, ["PATH=/bin", `DB_PASSWORD=${COVER}`]);
	assert.doesNotMatch(out, new RegExp(SECRET));
	assert.equal(out, await exportedReport(reference));
	assert.equal((await stowplan(["report", "--json", reference])).out, out);
	for (const words of [
		["report", reference],
		["inspect", reference],
	]) {
		const said = await stowplan(words);
		assert.doesNotMatch(said.out + said.err, new RegExp(SECRET), words.join(" "));
	}
});

/** Pushes an image with a password in its Env. @returns {Promise<string>} its reference */
async function pushSecret() {
	const repo = repository(world.registry.url, "demo/secret");
	const type = "application/vnd.oci.image.layer.v1.tar+gzip";
	const layer = await repo.putBlob(type, gzipSync(Buffer.alloc(1024)));
	const config = await repo.putBlob(TYPES.config, {
		architecture: "amd64",
		os: "linux",
		config: { Env: ["PATH=/bin", `DB_PASSWORD=${SECRET}`] },
		rootfs: { type: "layers", diff_ids: [sha256(Buffer.alloc(1024))] },
	});
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config, layers: [layer] };
	await repo.putManifest("v1", TYPES.manifest, document);
	return `${world.registry.host}/demo/secret:v1`;
}

test("the exit code is the verdict: 0 verified, 1 failed, 2 incomplete, 3 error", async () => {
	const codes = {};
	for (const [name, words] of Object.entries({
		verified: ["verify", "--json", pinned("oci")],
		failed: ["inspect", "--json", world.ref("wrongSize")],
		incomplete: ["inspect", "--json", pinned("oci")],
	})) {
		const said = await stowplan(words);
		codes[name] = said.code;
		assert.equal(report(said).summary.verdict, name, said.out.slice(0, 2000));
	}
	assert.deepEqual(codes, { verified: 0, failed: 1, incomplete: 2 });
	const gone = await stowplan(["inspect", `${world.registry.host}/demo/app:nothing`]);
	assert.deepEqual([gone.code, gone.out], [3, ""]);
	assert.match(gone.err, /\(not-found\)\n$/);
	for (const words of [["nothing"], ["inspect"], ["inspect", "--odd", "x"], ["inspect", "--expect", "x", "busybox"]])
		assert.equal((await stowplan(words)).code, 3, words.join(" "));
	assert.equal((await stowplan(["--help"])).code, 0);
});

test("verify reads every layer", async () => {
	const { summary, nodes } = report(await stowplan(["verify", "--json", pinned("oci")]));
	assert.equal(summary.facts.layers.verified, summary.facts.layers.of);
	assert.ok(summary.facts.layers.of > 0);
	for (const { kind, read, entries } of nodes) if (kind === "layer") assert.ok(read && entries.length > 0);
});

test("--expect holds the image against a digest", async () => {
	const { digest } = world.images.index;
	const good = report(await stowplan(["inspect", "--json", "--expect", digest, world.ref("index")]));
	assert.equal(good.summary.facts.pinned, true);
	const other = await stowplan(["inspect", "--expect", world.images.oci.digest, world.ref("index")]);
	assert.equal(other.code, 1);
	assert.match(other.out, new RegExp(`expected ${world.images.oci.digest}\\n +found +${digest}`));
});

test("text is plain in a pipe, and nothing of a registry steers the terminal", async () => {
	world.liar.lie(/\/manifests\/multi/, async (truth) => {
		const answer = await truth();
		const document = JSON.parse(answer.body);
		document.manifests[0].platform.architecture = `amd64${ESCAPE}[2J\u009b31m\u202e\nforged`;
		return { ...answer, headers: { "content-type": document.mediaType }, body: Buffer.from(JSON.stringify(document)) };
	});
	const reference = world.ref("index", world.liar.host);
	for (const words of [
		["inspect", reference],
		["report", reference],
	]) {
		const { out, err } = await stowplan(words, { env: { FORCE_COLOR: "1" } });
		assert.match(out, /amd64/);
		assert.doesNotMatch(out + err, /[^\P{Cc}\n\t]|\u202e|^forged/mu, words[0]);
	}
	world.liar.reset();
	world.liar.lie(/\/manifests\//, lies.status(403, {}, { errors: [{ code: "DENIED", message: `${ESCAPE}[2Jno` }] }));
	const { err, code } = await stowplan(["inspect", reference]);
	world.liar.reset();
	assert.equal(code, 3);
	assert.doesNotMatch(err, new RegExp(ESCAPE));
});

test("JSON on a terminal holds no character that could steer it", async () => {
	world.liar.lie(/\/manifests\/multi/, async (truth) => {
		const answer = await truth();
		const document = JSON.parse(answer.body);
		document.annotations = { odd: "\u009b31m\u202e" };
		return { ...answer, body: Buffer.from(JSON.stringify(document)) };
	});
	const reference = world.ref("index", world.liar.host);
	const program = ["script", "-qec", `'${process.execPath}' '${BIN}' inspect --json '${reference}' 2>&-`, "/dev/null"];
	const { out } = await stowplan([], { program });
	world.liar.reset();
	assert.match(out, /\\u009b31m\\u202e/);
	assert.doesNotMatch(out, /[\u0080-\u009f\u202e]/);
});

test("a terminal gets colours and progress, unless NO_COLOR is set", async () => {
	const quoted = ["inspect", world.ref("index")].map((word) => `'${word}'`).join(" ");
	const program = ["script", "-qec", `'${process.execPath}' '${BIN}' ${quoted}`, "/dev/null"];
	const plain = { TERM: "xterm-256color", NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined };
	const coloured = await stowplan([], { program, env: plain });
	assert.match(coloured.out, new RegExp(`${ESCAPE}\\[\\d+m`));
	assert.match(coloured.out, /asking for/);
	const bare = await stowplan([], { program, env: { ...plain, NO_COLOR: "1" } });
	assert.doesNotMatch(bare.out, new RegExp(`${ESCAPE}\\[3[0-9]m`));
	assert.match(bare.out, /incomplete/);
});

test("a file, standard input and a folder are opened", async () => {
	const { text, digest } = world.images.index;
	const folder = temporaryFolder("cli");
	const file = join(folder, "index.json");
	writeFileSync(file, text);
	assert.equal(report(await stowplan(["open", "--json", "--expect", digest, file])).nodes[0].digest, digest);
	assert.equal(report(await stowplan(["open", "--json", "-"], { input: text })).nodes[0].digest, digest);
	assert.ok(report(await stowplan(["open", "--json", folder])).nodes.some((node) => node.digest === digest));
	assert.equal((await stowplan(["open", join(folder, "nothing")])).code, 3);
});

test("snapshot keeps what inspect read, and nothing that failed", async () => {
	const file = join(temporaryFolder("cli"), "app.stowplan.json");
	assert.equal((await stowplan(["snapshot", world.ref("index"), "-o", file])).code, 0);
	assert.equal(JSON.parse(readFileSync(file, "utf8")).digest, world.images.index.digest);
	const failed = await stowplan(["snapshot", world.ref("wrongSize")]);
	assert.deepEqual([failed.code, failed.out], [1, ""]);
});

for (const auth of ["basic", "token"]) {
	test(`${auth}: credentials come from Docker's configuration, a helper, or flags`, async () => {
		const { host } = world.guarded[auth];
		const reference = world.ref("private", host);
		const { username, password } = USER;
		assert.match((await stowplan(["inspect", reference])).err, /\(unauthorized\)/);
		const auths = { [host]: { auth: Buffer.from(`${username}:${password}`).toString("base64") } };
		const written = temporaryFolder("docker-config");
		writeFileSync(join(written, "config.json"), JSON.stringify({ auths }));
		assert.equal((await stowplan(["inspect", reference], { env: { DOCKER_CONFIG: written } })).code, 2);
		assert.equal(
			(await stowplan(["inspect", "--no-docker-config", reference], { env: { DOCKER_CONFIG: written } })).code,
			3,
		);
		const flags = ["--username", username, "--password", password];
		assert.equal((await stowplan(["inspect", ...flags, reference])).code, 2);
		const helped = temporaryFolder("docker-config");
		const helper = join(helped, "docker-credential-harbour");
		writeFileSync(
			helper,
			`#!${process.execPath}\nlet asked = "";\nprocess.stdin.on("data", (text) => (asked += text)).on("end", () => {\n\tif (process.argv[2] !== "get" || asked !== ${JSON.stringify(host)}) return (process.exitCode = 1);\n\tconsole.log(JSON.stringify({ ServerURL: asked, Username: ${JSON.stringify(username)}, Secret: ${JSON.stringify(password)} }));\n});\n`,
		);
		chmodSync(helper, 0o755);
		writeFileSync(join(helped, "config.json"), JSON.stringify({ credHelpers: { [host]: "harbour" } }));
		const env = { DOCKER_CONFIG: helped, PATH: `${helped}:${process.env.PATH}` };
		const said = await stowplan(["inspect", reference], { env });
		assert.equal(said.code, 2, said.err);
	});
}

test("a helper's name is never a path or a command", async () => {
	const folder = temporaryFolder("docker-config");
	const mark = join(folder, "ran");
	for (const name of [`x; touch ${mark}`, "../evil", "$(touch x)", "-x"]) {
		writeFileSync(join(folder, "config.json"), JSON.stringify({ credsStore: name }));
		const { err, code } = await stowplan(["inspect", world.ref("index")], { env: { DOCKER_CONFIG: folder } });
		assert.match(err, /\(credential-helper\)/);
		assert.equal(code, 3);
	}
	assert.throws(() => readFileSync(mark));
});

test("--plain-http speaks to a host by its name without TLS", async () => {
	const port = world.registry.host.split(":")[1];
	const name = `registry.localhost.test:${port}`;
	const hosts = join(temporaryFolder("cli"), "resolve.mjs");
	writeFileSync(
		hosts,
		`import dns from "node:dns";\nconst own = dns.lookup;\ndns.lookup = (name, options, done) => own(name.endsWith(".localhost.test") ? "127.0.0.1" : name, options, done);\n`,
	);
	const program = [process.execPath, "--import", hosts, BIN];
	const reference = `${name}/${world.images.index.path}`;
	assert.equal((await stowplan(["inspect", reference], { program })).code, 3);
	assert.equal((await stowplan(["inspect", "--plain-http", name, reference], { program })).code, 2);
	assert.equal((await stowplan(["verify", "--plain-http", name, reference], { program })).code, 2);
});

test("pins says what moved and writes digests into files", async () => {
	const file = join(temporaryFolder("cli"), "Dockerfile");
	writeFileSync(file, `FROM ${world.ref("index")}\n`);
	const before = await stowplan(["pins", file]);
	assert.equal(before.code, 2);
	assert.match(before.out, /Dockerfile:1:6 {2}not-pinned/);
	assert.equal((await stowplan(["pins", "--write", file])).code, 0);
	assert.equal(readFileSync(file, "utf8"), `FROM ${world.ref("index")}@${world.images.index.digest}\n`);
	const [{ images }] = JSON.parse((await stowplan(["pins", "--json", file])).out);
	assert.deepEqual([images[0].state, images[0].line], ["agrees", 1]);
	writeFileSync(file, `FROM ${world.ref("index")}@${world.images.oci.digest}\n`);
	const moved = await stowplan(["pins", file]);
	assert.equal(moved.code, 1);
	assert.match(moved.out, /moved/);
});

test("compare says how far two images are the same, tags lists a repository", async () => {
	const same = JSON.parse((await stowplan(["compare", "--json", world.ref("oci"), world.ref("oci")])).out);
	assert.equal(same.rung, "digest");
	const { out, code } = await stowplan(["compare", "--json", world.ref("oci"), world.ref("arm64")]);
	assert.notEqual(code, 3);
	assert.notEqual(JSON.parse(out).rung, "digest");
	const listed = await stowplan(["tags", `${world.registry.host}/demo/app`]);
	assert.equal(listed.code, 0);
	assert.ok(listed.out.split("\n").includes("multi"));
	assert.match((await stowplan(["tags", `${world.registry.host}/demo/nothing`])).err, /\(not-found\)/);
});

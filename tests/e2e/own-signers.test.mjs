// In a terminal and in a build of documentation: who signed an image, with real signatures in a real registry: by a key, and by
// an own authority whose trusted root is given.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { IDENTITY, SOURCE, VOUCHED, world } from "../authority/world.mjs";
import { repository } from "./support/documents.mjs";
import { temporaryFolder } from "./support/process.mjs";
import { stowplan } from "./support/program.mjs";
import { startRegistry } from "./support/registry.mjs";
import { keys, payload, pushImage, pushSig, pushSigned } from "./support/signing.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
const [own, second] = [world(), world()];
const [owner, stranger] = [keys(), keys()];
const folder = temporaryFolder("signers");
const file = (/** @type {string} */ name) => join(folder, name);

const REUSABLE = { identity: "https://github.com/tools/ci/.github/workflows/r.yml@refs/heads/main", source: SOURCE };
const MOVED = { source: "https://github.com/eve/app" };

/** References of an image that a key has signed, of one that the authority has vouched for, and of an unsigned one. @type {Record<string, string>} */
const images = {};
before(async () => {
	const registry = await start(startRegistry());
	for (const name of ["key", "authority", "unsigned", "reusable", "moved", "second"]) {
		const repo = repository(registry.url, `signed/${name}`);
		const { amd64 } = await pushImage(repo);
		images[name] = `${registry.host}/signed/${name}@${amd64.digest}`;
		if (name === "key") await pushSig(repo, amd64.digest, owner.privateKey);
		if (name === "authority") await pushSigned(repo, amd64.digest, own.annotations(payload(amd64.digest)));
		// A workflow that lies in one repository and builds another.
		if (name === "reusable") await pushSigned(repo, amd64.digest, own.annotations(payload(amd64.digest), REUSABLE));
		if (name === "second") await pushSigned(repo, amd64.digest, second.annotations(payload(amd64.digest)));
		if (name === "moved") await pushSigned(repo, amd64.digest, own.annotations(payload(amd64.digest), MOVED));
	}
	for (const name of /** @type {const} */ (["half", "whole"])) {
		const repo = repository(registry.url, `signed/${name}`);
		const { index, amd64 } = await pushImage(repo);
		images[name] = `${registry.host}/signed/${name}:1.2`;
		await pushSig(repo, (name === "half" ? amd64 : index).digest, owner.privateKey);
	}
	writeFileSync(file("cosign.pub"), owner.pem);
	writeFileSync(file("stranger.pub"), stranger.pem);
	const [first, other] = [own, second].map((one) => JSON.stringify(one.trustedRoot()));
	writeFileSync(file("root.json"), String(first));
	writeFileSync(file("roots.jsonl"), `${first}\n${other}\n`);
	writeFileSync(file("broken.jsonl"), `${first}\n${other?.slice(0, -9)}\n`);
});

/** The exit code, the verdict about the signers, and that of the image's policy. @param {string[]} words */
async function verified(...words) {
	const { code, out, err } = await stowplan(["verify", "--json", ...words]);
	assert.ok(out, err);
	const { nodes, trust } = JSON.parse(out);
	const policy = nodes
		.flatMap((/** @type {any} */ { checks }) => checks)
		.find((/** @type {any} */ { id }) => id === "policy");
	return [code, trust?.verdict, policy?.outcome];
}

test("verify --key: the owner's key has signed; another key, and an unsigned image, fail", async () => {
	const { key = "", unsigned = "" } = images;
	assert.deepEqual(await verified(key, "--key", file("cosign.pub")), [0, "signed-by-named", "pass"]);
	assert.deepEqual(await verified(key, "--key", file("stranger.pub")), [1, "failed", "fail"]);
	const both = ["--key", file("stranger.pub"), "--key", file("cosign.pub")];
	assert.deepEqual(await verified(key, ...both), [0, "signed-by-named", "pass"], "one of them is enough");
	assert.deepEqual(await verified(unsigned, "--key", file("cosign.pub")), [1, "unsigned", "fail"]);
});

test("verify says whether a signer has signed one platform, and not the index that names it", async () => {
	const { half = "", whole = "", key = "" } = images;
	const said = async (/** @type {string} */ image) =>
		(await stowplan(["verify", image, "--key", file("cosign.pub")])).out.split("\n").map((one) => one.trim());
	const only = "they are about linux/amd64 alone, not about the index and its other platforms";
	const signed = "signatures: signed-by-named (1 of 1 hold)";
	assert.deepEqual(
		(await said(half)).filter((one) => [signed, only].includes(one)),
		[signed, only],
	);
	for (const image of [whole, key]) assert.ok(!(await said(image)).includes(only), image);
});

test("verify --identity --issuer: the authority's own root knows the signer; another signer or root does not", async () => {
	const { authority = "" } = images;
	const who = (identity = IDENTITY, issuer = VOUCHED) => ["--identity", identity, "--issuer", issuer];
	const root = ["--trusted-root", file("root.json")];
	assert.deepEqual(await verified(authority, ...who(), ...root), [0, "signed-by-named", "pass"]);
	assert.deepEqual(await verified(authority, ...who("eve@example.com"), ...root), [1, "failed", "fail"]);
	assert.deepEqual(await verified(authority, ...who(IDENTITY, "https://evil.example"), ...root), [1, "failed", "fail"]);
	assert.deepEqual(await verified(authority, ...who()), [1, "unknown", "fail"], "the shipped root knows nothing of it");
});

test("verify --trusted-root: each line of a .jsonl is an authority, and a broken line is named", async () => {
	const { authority = "", second: signed = "" } = images;
	const who = ["--identity", IDENTITY, "--issuer", VOUCHED];
	for (const image of [authority, signed]) {
		const roots = ["--trusted-root", file("roots.jsonl")];
		assert.deepEqual(await verified(image, ...who, ...roots), [0, "signed-by-named", "pass"]);
	}
	const one = await verified(signed, ...who, "--trusted-root", file("root.json"));
	assert.deepEqual(one, [1, "unknown", "fail"], "the first line knows nothing of the second's signer");
	const broken = await stowplan(["verify", authority, ...who, "--trusted-root", file("broken.jsonl")]);
	assert.equal(broken.code, 3);
	assert.match(broken.err, /trust-root-invalid/);
	assert.match(broken.err, /line 2/);
});

test("verify --repository: the source that the certificate names, with any owner of the workflow", async () => {
	const { authority = "", reusable = "", moved = "" } = images;
	const root = ["--trusted-root", file("root.json")];
	const of = (/** @type {string} */ image, name = "owner/app") => verified(image, "--repository", name, ...root);
	assert.deepEqual(await of(authority), [0, "signed-by-named", "pass"]);
	assert.deepEqual(await of(reusable), [0, "signed-by-named", "pass"]);
	assert.deepEqual(await of(reusable, "tools/ci"), [1, "failed", "fail"]);
	assert.deepEqual(await of(moved), [1, "failed", "fail"], "its workflow is owner/app's, its source is not");
	const { out } = await stowplan(["verify", "--json", moved, "--repository", "owner/app", ...root]);
	const checks = JSON.parse(out).nodes.flatMap((/** @type {any} */ node) => node.checks);
	const { reason, actual } = checks.find((/** @type {any} */ { id }) => id === "identity");
	assert.deepEqual([reason, actual], ["repository-differs", `${MOVED.source} (${VOUCHED})`]);
	const both = ["--identity", REUSABLE.identity, "--issuer", VOUCHED, "--repository", "owner/app", ...root];
	assert.deepEqual(await verified(reusable, ...both), [0, "signed-by-named", "pass"]);
	assert.deepEqual(await verified(authority, ...both), [1, "failed", "fail"], "all that is named must fit");
	assert.equal((await stowplan(["verify", authority, "--repository", "app"])).code, 3);
});

/** The outcome of a page's build: the exit code, and the code of each problem. @param {string} image @param {string} more @param {string[]} flags */
async function built(image, more, ...flags) {
	const site = temporaryFolder("signed-docs");
	writeFileSync(join(site, "cosign.pub"), owner.pem);
	writeFileSync(join(site, "stranger.pub"), stranger.pem);
	writeFileSync(join(site, "a.md"), `\`\`\`stowplan\n${image}\n${more}\n\`\`\`\n`);
	const { code, out } = await stowplan(["docs", "--json", ...flags, site]);
	const [{ problems }] = JSON.parse(out).embeds;
	return [code, ...problems.map((/** @type {any} */ problem) => problem.code)];
}

test("a page's key is a file of the site; another one, and one that is not there, are named", async () => {
	const { key = "", unsigned = "" } = images;
	assert.deepEqual(await built(key, "key: cosign.pub"), [0]);
	assert.deepEqual(await built(key, "key: stranger.pub"), [1, "identity-mismatch"]);
	assert.deepEqual(await built(unsigned, "key: cosign.pub"), [1, "identity-mismatch"]);
	assert.deepEqual(await built(key, "key: nowhere.pub"), [1, "key-missing"]);
	assert.deepEqual(await built(key, "key: https://example.com/cosign.pub"), [2, "identity-not-checked"]);
});

test("the snapshot of a page that names a signer holds that signature, and is judged by itself", async () => {
	const site = temporaryFolder("signed-snapshot");
	writeFileSync(join(site, "cosign.pub"), owner.pem);
	const page = (/** @type {string} */ more) =>
		writeFileSync(join(site, "a.md"), `\`\`\`stowplan\n${images.key}\nsnapshot: s.json\n${more}\n\`\`\`\n`);
	const codes = async (/** @type {string[]} */ ...flags) => {
		const { code, out } = await stowplan(["docs", "--json", ...flags, site]);
		const [{ problems, did }] = JSON.parse(out).embeds;
		return [code, did, ...problems.map((/** @type {any} */ problem) => problem.code)];
	};
	page("");
	assert.deepEqual(await codes(), [0, "made"]);
	page("key: cosign.pub");
	assert.deepEqual(await codes("--offline"), [2, "kept", "identity-not-checked"], "no signature is in it");
	assert.deepEqual(await codes(), [0, "refreshed"], "it is fetched");
	assert.deepEqual(await codes("--offline"), [0, "kept"]);
	writeFileSync(join(site, "cosign.pub"), stranger.pem);
	assert.deepEqual(await codes("--offline"), [1, "kept", "identity-mismatch"]);
});

test("a page's repository and identity must have signed", async () => {
	const { authority = "" } = images;
	const root = ["--trusted-root", file("root.json")];
	assert.deepEqual(await built(authority, "repository: owner/app", ...root), [0]);
	assert.deepEqual(await built(authority, "repository: owner/another", ...root), [1, "identity-mismatch"]);
	assert.deepEqual(await built(authority, `identity: ${IDENTITY}\nissuer: ${VOUCHED}`, ...root), [0]);
	assert.deepEqual(await built(authority, `identity: ${IDENTITY}`, ...root), [1, "issuer-missing"]);
	assert.deepEqual(await built(authority, "repository: owner/app"), [1, "identity-mismatch"], "by the shipped root");
	assert.deepEqual(await built(images.reusable ?? "", "repository: owner/app", ...root), [0]);
	assert.deepEqual(await built(images.moved ?? "", "repository: owner/app", ...root), [1, "identity-mismatch"]);
});

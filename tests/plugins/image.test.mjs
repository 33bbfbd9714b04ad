// The server's image: made twice from nothing, the same bytes; one static program that serves; proved by Stowplan itself.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { ROOT } from "../e2e/support/app.mjs";
import { run, startServer, temporaryFolder } from "../e2e/support/process.mjs";
import { stowplan } from "../e2e/support/program.mjs";

let layouts;
before(
	async () => {
		layouts = [temporaryFolder("layout"), temporaryFolder("layout")].map((folder) => join(folder, "oci"));
		for (const out of layouts)
			await run("cargo", ["xtask", "image", "--server-only", "--profile", "dev", "--out", out], { cwd: ROOT });
	},
	{ timeout: 20 * 60_000 },
);

const files = (folder) =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const blob = (digest) => JSON.parse(readFileSync(join(layouts[0], "blobs", digest.replace(":", "/")), "utf8"));

test("two runs write the same bytes", () => {
	const [one = [], other = []] = layouts.map(files);
	assert.equal(one.length, other.length);
	for (const [at, file] of one.entries()) assert.deepEqual(readFileSync(file), readFileSync(String(other[at])), file);
});

test("Stowplan proves every document and layer, and reads who made it and of what", async () => {
	const [named] = JSON.parse(readFileSync(join(layouts[0], "index.json"), "utf8")).manifests;
	const { code, out } = await stowplan(["verify", "--json", "--expect", named.digest, layouts[0]]);
	const { summary, nodes } = JSON.parse(out);
	assert.deepEqual([code, summary.fail, summary.warn], [2, 0, 0], out.slice(0, 3000));
	// Only index.json, which nothing names, and the statements, which are no tars, leave something open.
	const open = nodes.flatMap(({ kind, checks }) =>
		checks.filter(({ outcome }) => outcome !== "pass").map(({ id, reason }) => `${kind}: ${id}, ${reason}`),
	);
	assert.deepEqual([...new Set(open)].sort(), [
		"blob: diff-id, no-tar",
		"blob: tar, no-tar",
		"index: digest, digest-not-given",
	]);
	const layer = nodes.find(({ kind }) => kind === "layer");
	assert.deepEqual(
		layer.entries.map(({ path, name }) => path ?? name),
		[
			"cache/",
			"etc/",
			"etc/group",
			"etc/nsswitch.conf",
			"etc/passwd",
			"etc/ssl/",
			"etc/ssl/certs/",
			"etc/ssl/certs/ca-certificates.crt",
			"stowplan-server",
		],
	);
	assert.ok(nodes.some(({ kind }) => kind === "attestation"));
	const [image, beside] = blob(named.digest).manifests;
	const statements = blob(beside.digest).layers.map(({ digest }) => blob(digest));
	assert.deepEqual(
		statements.map(({ predicateType }) => predicateType),
		["https://spdx.dev/Document", "https://slsa.dev/provenance/v1"],
	);
	for (const { subject } of statements) assert.equal(`sha256:${subject[0].digest.sha256}`, image.digest);
	const names = statements[0].predicate.packages.map(({ name }) => name);
	for (const name of ["stowplan-server", "stowplan-policy", "rustls"]) assert.ok(names.includes(name), name);
	assert.ok(!names.includes("xtask"));
	const text = files(layouts[0]).map((file) => readFileSync(file, "latin1"));
	for (const place of [ROOT, process.env.HOME ?? "/root"])
		assert.ok(!text.some((one) => one.includes(place)), `${place} is in the image`);
});

test("the program runs where there is nothing else", async () => {
	const root = temporaryFolder("root");
	const copy = join(root, "copy");
	await run("skopeo", ["copy", "--quiet", `oci:${layouts[0]}:0.1.0`, `oci:${copy}:x`]);
	await run("umoci", ["unpack", "--rootless", "--image", `${copy}:x`, join(root, "bundle")]);
	const command = ["chroot", join(root, "bundle/rootfs"), "/stowplan-server", "--port", "0"];
	const server = await startServer(command, /(http:\/\/127\.0\.0\.1:\d+)/, { env: { PATH: process.env.PATH } });
	try {
		const page = await fetch(`${server.match[1]}/`);
		assert.equal(page.status, 200);
		assert.match(await page.text(), /<title>Stowplan/);
		const refused = await fetch(`${server.match[1]}/proxy/registry.invalid/v2/`);
		assert.equal(refused.headers.get("stowplan-refusal"), "host-not-allowed");
	} finally {
		await server.stop();
	}
});

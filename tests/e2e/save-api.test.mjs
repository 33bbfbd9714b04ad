// The API saves images: OCI layouts that skopeo and umoci accept, byte for byte what the registry has, or nothing at all.

import assert from "node:assert/strict";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { DIST } from "./support/app.mjs";
import { sha256 } from "./support/documents.mjs";
import { lies } from "./support/lying-proxy.mjs";
import { removeFolder, run, temporaryFolder } from "./support/process.mjs";
import { startWorld } from "./support/world.mjs";

const { inspect, planSave, saveImage, verifyLayers } = await import(pathToFileURL(join(DIST, "www/api.js")).href);

let world, folder;
before(async () => {
	world = await startWorld();
	folder = temporaryFolder("save");
});
after(async () => {
	removeFolder(folder);
	await world?.stop();
});

const options = () => ({ proxy: world.app.proxy });
const seen = async (name, host) => inspect(world.ref(name, host), options());

/** Saves to a file; resolves with its path and what the API said. */
async function saved(report, file, more = {}) {
	const path = join(folder, `${file}.tar`);
	const to = Writable.toWeb(createWriteStream(path));
	return { path, facts: await saveImage(report, { ...options(), ...more, to }) };
}

/** The archive unpacked by tar: what its files are called, and a way to read one. */
async function unpacked(path) {
	const to = `${path}.d`;
	mkdirSync(to);
	const names = (await run("tar", ["-xvf", path, "-C", to])).trim().split("\n");
	return { layout: to, names, read: (name) => readFileSync(join(to, name)) };
}

/** Another blob in its place. @param {string} text */
const body = (text) => lies.document(text, { mediaType: "application/octet-stream" });

async function rejected(promise, code, message) {
	await assert.rejects(promise, (/** @type {any} */ error) => {
		assert.equal(error.code, code, error.message);
		assert.match(error.message, message);
		return true;
	});
}

test("one platform: every blob under its own hash, and skopeo and umoci take it", async () => {
	const { path, facts } = await saved(await seen("index"), "one");
	assert.equal(facts.digest, world.images.oci.digest);
	assert.equal(facts.size, (await stat(path)).size);
	assert.deepEqual(facts.platforms, ["linux/amd64"]);
	assert.match(facts.name, /^app-multi-linux-amd64\.oci\.tar$/);
	const { layout, names, read } = await unpacked(path);
	assert.deepEqual(names.slice(0, 3), ["oci-layout", "index.json", `blobs/${facts.digest.replace(":", "/")}`]);
	for (const name of names.slice(2)) assert.equal(`blobs/${sha256(read(name)).replace(":", "/")}`, name);
	assert.equal(String(read(names[2])), world.images.oci.text);
	const [descriptor] = JSON.parse(String(read("index.json"))).manifests;
	assert.deepEqual(descriptor.annotations, {
		"io.containerd.image.name": `${world.registry.host}/demo/app:multi`,
		"org.opencontainers.image.ref.name": "multi",
	});
	assert.deepEqual(descriptor.platform, { architecture: "amd64", os: "linux" });
	const inspected = JSON.parse(await run("skopeo", ["inspect", `oci-archive:${path}:multi`]));
	assert.equal(inspected.Digest, world.images.oci.digest);
	await run("skopeo", ["copy", "-q", `oci-archive:${path}:multi`, `dir:${join(folder, "copied")}`]);
	assert.match(await run("umoci", ["ls", "--layout", layout]), /^multi$/m);
	await run("umoci", ["unpack", "--rootless", "--image", `${layout}:multi`, join(folder, "bundle")]);
	assert.equal(readFileSync(join(folder, "bundle/rootfs/srv/greetings/english.txt"), "utf8"), "hello\n");
});

test("all platforms, with what is attested about them", async () => {
	const { path, facts } = await saved(await seen("index"), "all", { all: true });
	assert.equal(facts.digest, world.images.index.digest);
	assert.deepEqual(facts.platforms, ["linux/amd64", "linux/arm64"]);
	const raw = await run("skopeo", ["inspect", "--raw", `oci-archive:${path}:multi`]);
	assert.equal(sha256(raw), world.images.index.digest);
	const copy = join(folder, "all-copied");
	await run("skopeo", ["copy", "-q", "--all", "--preserve-digests", `oci-archive:${path}:multi`, `dir:${copy}`]);
	assert.equal(sha256(readFileSync(join(copy, "manifest.json"))), world.images.index.digest);
});

test("another platform, artifacts, zstd and Docker's own formats keep their digests", async () => {
	const arm = await saved(await seen("index"), "arm", { platform: "linux/arm64" });
	assert.equal(arm.facts.digest, world.images.arm64.digest);
	for (const name of ["artifact", "zstd", "schema2", "list", "nested"]) {
		const { path, facts } = await saved(await seen(name), name, { all: true });
		assert.equal(facts.digest, world.images[name].digest, name);
		assert.equal(sha256(await run("skopeo", ["inspect", "--raw", `oci-archive:${path}`])), facts.digest, name);
	}
});

test("the same image gives the same bytes, whichever way it was read and written", async () => {
	const report = await seen("oci");
	const { path } = await saved(report, "first");
	const verified = await verifyLayers(report, options());
	assert.equal(verified.summary.fail, 0);
	const again = await saved(verified, "second");
	const bytes = readFileSync(path);
	assert.ok(bytes.equals(readFileSync(again.path)));
	const { stream, size } = await saveImage(report, options());
	const streamed = Buffer.from(await new Response(stream).arrayBuffer());
	assert.ok(bytes.equals(streamed));
	assert.equal(streamed.length, size);
});

test("a plan fetches nothing and says how large it will be", async () => {
	const report = await seen("oci", world.liar.host);
	world.liar.reset();
	const plan = await planSave(report, options());
	assert.deepEqual(world.liar.requests, []);
	assert.equal(plan.blobs, 5);
	assert.equal(
		plan.download,
		JSON.parse(world.images.oci.text).layers.reduce((sum, { size }) => sum + size, 0),
	);
	assert.equal(plan.size, (await saved(await seen("oci"), "planned")).facts.size);
});

test("a flipped byte, a missing and a surplus one end the save and abort what was written", async () => {
	const report = await seen("oci", world.liar.host);
	const [first] = JSON.parse(world.images.oci.text).layers;
	const attempt = async (lie, code, message) => {
		world.liar.reset();
		world.liar.lie(new RegExp(`blobs/${first.digest}`), lie);
		let ended = "";
		const to = new WritableStream({
			abort: (reason) => {
				ended = `aborted: ${reason.code}`;
			},
			close: () => {
				ended = "closed";
			},
		});
		await rejected(saveImage(report, { ...options(), to }), code, message);
		assert.equal(ended, `aborted: ${code}`);
	};
	await attempt(
		lies.flipByte(1000),
		"digest-mismatch",
		new RegExp(`^layer 1 hashes to sha256:[0-9a-f]{64} instead of ${first.digest}$`),
	);
	await attempt(body("short"), "size-mismatch", /^layer 1 ends after 5 of \d+ bytes$/);
	await attempt(body("x".repeat(first.size + 10)), "size-mismatch", /has more bytes than the \d+ that were promised$/);
	world.liar.reset();
});

test("a connection that breaks off is taken up again", async () => {
	const report = await seen("oci", world.liar.host);
	const [first] = JSON.parse(world.images.oci.text).layers;
	world.liar.reset();
	world.liar.lie(new RegExp(`blobs/${first.digest}`), lies.cut(5000), 1);
	const states = new Set();
	const { path } = await saved(report, "resumed", { onProgress: ({ state }) => states.add(state) });
	assert.deepEqual([...states].sort(), ["resuming", "writing"]);
	assert.equal(JSON.parse(await run("skopeo", ["inspect", `oci-archive:${path}`])).Digest, world.images.oci.digest);
	world.liar.reset();
});

test("what cannot be saved says why", async () => {
	await rejected(saveImage(await seen("schema1"), options()), "cannot-save", /^a schema 1 manifest has no config/);
	await rejected(
		planSave(await seen("missing"), { ...options(), all: true }),
		"incomplete-image",
		/^manifest linux\/amd64 \(sha256:\w{64}\) was not read/,
	);
	await rejected(
		planSave(await seen("oci"), { ...options(), platform: "linux/s390x" }),
		"cannot-save",
		/^there is no image "linux\/s390x"/,
	);
	const full = new WritableStream({ write: () => Promise.reject(new Error("the disk is full")) });
	await rejected(
		saveImage(await seen("oci"), { ...options(), to: full }),
		"cannot-write",
		/could not be written: the disk is full$/,
	);
	const job = new AbortController();
	const stopped = saveImage(await seen("oci"), {
		...options(),
		signal: job.signal,
		to: new WritableStream(),
		onProgress: () => job.abort(),
	});
	await rejected(stopped, "aborted", /^the caller aborted$/);
});

// The API saves what it opened: archives and folders of others, and its own, with the digests that they had.

import assert from "node:assert/strict";
import { File } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, openAsBlob, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { tar } from "../wasm/layer-registry.mjs";
import { DIST } from "./support/app.mjs";
import { fixtures } from "./support/images.mjs";
import { removeFolder, run, temporaryFolder } from "./support/process.mjs";
import { startRegistry } from "./support/registry.mjs";

const { open, planSave, saveImage } = await import(pathToFileURL(join(DIST, "www/api.js")).href);

let made, registry, folder;
before(async () => {
	made = await fixtures();
	registry = await startRegistry({ storage: made.storage });
	folder = temporaryFolder("save-archive");
});
after(async () => {
	removeFolder(folder);
	await registry?.stop();
});

const copy = (image, to, ...options) =>
	run("skopeo", ["copy", "-q", "--src-tls-verify=false", ...options, `docker://${registry.host}/${image}`, to]);
const opened = (path) => open(new File([readFileSync(path)], path.split("/").at(-1)));
const digestOf = async (path) => JSON.parse(await run("skopeo", ["inspect", `oci-archive:${path}`])).Digest;

async function saved(report, name, options = {}) {
	const path = join(folder, name);
	const facts = await saveImage(report, { ...options, to: Writable.toWeb(createWriteStream(path)) });
	return { path, facts };
}

test("an OCI archive of skopeo keeps its digest and its name, and opens again as the same", async () => {
	const source = join(folder, "skopeo.tar");
	await copy("demo/app:v1", `oci-archive:${source}:named`);
	const { path, facts } = await saved(await opened(source), "again.tar");
	assert.equal(facts.digest, made.images.oci.digest);
	assert.equal(facts.download, 0);
	assert.equal(facts.made, undefined);
	assert.equal(await digestOf(`${path}:named`), made.images.oci.digest);
	const report = await opened(path);
	assert.equal(report.summary.fail, 0);
	assert.ok(report.nodes.some(({ digest, kind }) => kind === "manifest" && digest === made.images.oci.digest));
	const twice = await saved(report, "twice.tar");
	assert.ok(readFileSync(path).equals(readFileSync(twice.path)), "a saved archive saves as itself");
});

test("a compressed archive and a folder save as the same bytes as the archive itself", async () => {
	const source = join(folder, "plain.tar");
	await copy("demo/app:v1", `oci-archive:${source}:named`);
	const plain = await saved(await opened(source), "of-plain.tar");
	await run("gzip", ["-k", source]);
	const packed = await saved(await opened(`${source}.gz`), "of-packed.tar");
	assert.ok(readFileSync(plain.path).equals(readFileSync(packed.path)));
	const layout = join(folder, "layout");
	await copy("demo/app:v1", `oci:${layout}:named`);
	const names = readdirSync(layout, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const files = names.map((entry) => {
		const path = join(entry.parentPath ?? entry.path, entry.name);
		return new File([readFileSync(path)], path.slice(folder.length + 1));
	});
	const dropped = await saved(await open(files), "of-folder.tar");
	assert.ok(readFileSync(plain.path).equals(readFileSync(dropped.path)));
});

test("several images in one layout are saved together, by the layout's own index", async () => {
	const source = join(folder, "several");
	await copy("demo/app:v1", `oci:${source}:one`);
	await copy("demo/zstd:v1", `oci:${source}:two`);
	await run("tar", ["-cf", `${source}.tar`, "-C", source, "."]);
	const { path } = await saved(await opened(`${source}.tar`), "both.tar", { all: true });
	for (const [tag, name] of Object.entries({ one: "oci", two: "zstd" }))
		assert.equal(await digestOf(`${path}:${tag}`), made.images[name].digest);
});

test("a classic docker save gets a manifest: its digest is new, image ID and DiffIDs are not", async () => {
	const source = join(folder, "docker.tar");
	await copy("demo/docker:v1", `docker-archive:${source}:example.invalid/a/app:1.2`);
	const report = await opened(source);
	const plan = await planSave(report, {});
	const { path, facts } = await saved(report, "made.tar");
	assert.equal(facts.made, true);
	assert.equal(plan.size, facts.size);
	assert.equal(await digestOf(`${path}:1.2`), facts.digest);
	const raw = JSON.parse(await run("skopeo", ["inspect", "--raw", `oci-archive:${path}`]));
	const config = JSON.parse(await run("skopeo", ["inspect", "--config", `oci-archive:${path}`]));
	assert.equal(raw.config.digest, JSON.parse(made.images.schema2.text).config.digest, "the image ID");
	assert.deepEqual(
		raw.layers.map(({ digest }) => digest),
		config.rootfs.diff_ids,
		"layers of a docker save are not compressed",
	);
	await run("mkdir", [`${path}.d`]);
	await run("tar", ["-xf", path, "-C", `${path}.d`]);
	await run("umoci", ["unpack", "--rootless", "--image", `${path}.d:1.2`, join(folder, "bundle")]);
	const again = await opened(path);
	assert.equal(again.summary.fail, 0);
	assert.ok(again.nodes.some(({ digest }) => digest === facts.digest));
});

test("a blob of an archive that is not its digest ends the save; one that is missing cannot be saved", async () => {
	const layout = join(folder, "broken");
	await copy("demo/app:v1", `oci:${layout}:v1`);
	const [layer] = JSON.parse(made.images.oci.text).layers;
	const blob = join(layout, "blobs", layer.digest.replace(":", "/"));
	await run("python3", [
		"-c",
		`f=open(${JSON.stringify(blob)},"r+b");f.seek(99);b=f.read(1)[0];f.seek(99);f.write(bytes([b^1]))`,
	]);
	const pack = (name) => run("tar", ["-cf", join(folder, name), "-C", layout, "."]);
	await pack("flipped.tar");
	await assert.rejects(saved(await opened(join(folder, "flipped.tar")), "never.tar"), { code: "digest-mismatch" });
	await run("rm", [blob]);
	await pack("missing.tar");
	await assert.rejects(saved(await opened(join(folder, "missing.tar")), "nor.tar"), { code: "incomplete-image" });
});

/** An OCI layout with layers of noise, each `size` bytes. @param {string} root @param {number} count @param {number} size */
function noisy(root, count, size) {
	mkdirSync(join(root, "blobs/sha256"), { recursive: true });
	const put = (/** @type {string} */ kind, /** @type {Buffer} */ bytes) => {
		const hash = createHash("sha256").update(bytes).digest("hex");
		writeFileSync(join(root, "blobs/sha256", hash), bytes);
		return { mediaType: `application/vnd.oci.image.${kind}`, digest: `sha256:${hash}`, size: bytes.length };
	};
	const layers = Array.from({ length: count }, () => put("layer.v1.tar", tar([["noise", randomBytes(size)]])));
	const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
	const json = (/** @type {any} */ value) => Buffer.from(JSON.stringify(value));
	const config = put("config.v1+json", json({ architecture: "amd64", os: "linux", rootfs }));
	const mediaType = "application/vnd.oci.image.manifest.v1+json";
	const manifest = put("manifest.v1+json", json({ schemaVersion: 2, mediaType, config, layers }));
	const annotations = { "org.opencontainers.image.ref.name": "v1" };
	writeFileSync(join(root, "index.json"), json({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
	writeFileSync(join(root, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
	return manifest.digest;
}

test("an image of 240 MiB is saved as a stream: skopeo finds its digests, and it is never in memory whole", async () => {
	const MIB = 1024 * 1024;
	const digest = noisy(join(folder, "large"), 4, 60 * MIB);
	await run("tar", ["-cf", join(folder, "large.tar"), "-C", join(folder, "large"), "."]);
	const report = await open(await openAsBlob(join(folder, "large.tar")));
	const start = process.memoryUsage().rss;
	let most = start;
	const onProgress = () => {
		most = Math.max(most, process.memoryUsage().rss);
	};
	const { path, facts } = await saved(report, "large.oci.tar", { onProgress });
	assert.equal(statSync(path).size, facts.size);
	assert.ok(facts.size > 240 * MIB);
	assert.equal(facts.digest, digest);
	assert.equal(await digestOf(`${path}:v1`), digest);
	await run("skopeo", ["copy", "-q", `oci-archive:${path}:v1`, `dir:${path}.d`]);
	assert.ok(most - start < 160 * MIB, `${Math.round((most - start) / MIB)} MiB more than before`);
});

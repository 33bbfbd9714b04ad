// The boundary, over the archives and layouts of STOWPLAN_VECTORS: each opens with the verdict and the identities stated.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { api, needsVectors, table, VECTORS } from "./support.mjs";

const ARCHIVES = new Set(["docker-archive", "docker+oci-archive", "oci-archive"]);
const all = table("index.json");
const archives = all.filter(({ kind }) => ARCHIVES.has(kind));
const layouts = all.filter(({ kind }) => kind === "oci-layout-dir");

/** Every file below a folder. @param {string} folder @returns {string[]} */
const below = (folder) =>
	readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? below(path) : [path];
	});

/** @param {any} report */
const failures = (report) =>
	report.nodes.flatMap(({ id, checks }) =>
		checks.filter(({ outcome }) => outcome === "fail").map((check) => `${id} ${check.id}: ${check.message}`),
	);

test("the vectors are there", needsVectors, () => assert.ok(archives.length > 10 && layouts.length > 5));

for (const { file, expect } of archives) {
	test(`${file} opens with its verdict, image IDs, DiffIDs and layers`, needsVectors, async () => {
		const report = await api.open(readFileSync(join(VECTORS, file)), { name: file });
		assert.equal(failures(report).length === 0, expect.valid, failures(report).join("\n"));
		assert.equal(report.source.kind, "file");
		const [archive] = report.nodes;
		assert.deepEqual(
			[archive.kind, archive.digest, archive.compression],
			["blob", expect.digest, expect.computed.outer_compression],
		);
		for (const image of expect.computed.images ?? []) {
			const node = report.nodes.find(({ imageId }) => imageId === image.image_id);
			assert.ok(node, image.image_id);
			const children = report.nodes.filter(({ parent }) => parent === node.id);
			assert.deepEqual(children.find(({ kind }) => kind === "config").diffIds, image.config_diff_ids);
			const layers = children.filter(({ kind }) => kind === "layer");
			assert.deepEqual(layers.map(known), image.layers.map(stated));
		}
		for (const entry of expect.computed.oci_index ?? []) holds(report, entry);
	});
}

for (const { file, expect } of layouts) {
	const files = below(join(VECTORS ?? "", VECTORS ? file : ""));
	const inputs = {
		"files with paths": () =>
			files.map((path) => new File([readFileSync(path)], relative(join(VECTORS, "oci-layout-dir"), path))),
		"bytes without names": () => files.map((path) => new Uint8Array(readFileSync(path))),
	};
	for (const [how, input] of Object.entries(inputs)) {
		test(`${file} as ${how} opens with its verdict and its digests`, needsVectors, async () => {
			const report = await api.open(input());
			assert.equal(failures(report).length === 0, expect.valid, failures(report).join("\n"));
			for (const entry of expect.integrity.index ?? []) holds(report, entry);
		});
	}
}

/** Asserts the facts that the index states of an entry of an index, and of all below it. @param {any} report @param {any} entry */
function holds(report, entry) {
	const node = report.nodes.find(({ digest }) => digest === entry.digest);
	assert.ok(node, entry.digest);
	assert.equal(node.read, entry.present);
	if (entry.present) assert.equal(node.checks.find(({ id }) => id === "digest").outcome === "pass", entry.digest_ok);
	for (const child of entry.children ?? []) holds(report, child);
	if (!entry.manifest) return;
	const children = report.nodes.filter(({ parent }) => parent === node.id);
	const config = children.find(({ kind }) => kind === "config");
	if (entry.manifest.config_diff_ids) assert.deepEqual(config.diffIds, entry.manifest.config_diff_ids);
	for (const layer of entry.manifest.layers.filter(({ diff_id_ok: ok }) => ok)) {
		const found = children.find(({ digest }) => digest === layer.digest);
		assert.deepEqual(
			[found.diffId, found.compression, found.entryCount],
			[layer.diff_id, layer.compression, layer.entries],
		);
		assert.equal(found.checks.find(({ id }) => id === "diff-id").outcome, "pass");
	}
}

/** @param {any} layer */
const known = ({ digest, size, compression, diffId, entryCount }) => ({
	digest,
	size,
	compression,
	diffId,
	entryCount,
});
/** @param {any} layer */
const stated = ({ sha256, size, compression, diff_id, entries }) => ({
	digest: sha256,
	size,
	compression,
	diffId: diff_id,
	entryCount: entries,
});

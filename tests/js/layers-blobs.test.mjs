// Files that are no archives, joined to what a report names: each where it is named, in a time that grows with their number.

import assert from "node:assert/strict";
import { test } from "node:test";
import { placed } from "../../www/engine/archives/blobs.js";
import { placesOf } from "../../www/engine/archives/places.js";

const digestOf = (/** @type {number} */ n) => `sha256:${n}`;
/** @param {Record<string, unknown>} more @returns {any} */
const node = (more) => ({
	id: "0",
	kind: "layer",
	parent: null,
	digest: null,
	size: 1,
	read: true,
	checks: [],
	...more,
});
/** @param {any} known */
const file = (known) => ({ blob: new Blob([known.digest]), node: known });

/** A report of one image whose layers are counted as they are looked at. @param {number} layers */
function counted(layers) {
	const counts = { digests: 0 };
	const named = Array.from({ length: layers }, (_, n) => {
		const layer = node({ id: `0/${n}`, parent: "0", read: false });
		return Object.defineProperty(layer, "digest", {
			enumerable: true,
			get() {
				counts.digests++;
				return digestOf(n);
			},
		});
	});
	const nodes = [node({ kind: "manifest", digest: "sha256:m" }), ...named];
	return { counts, report: /** @type {any} */ ({ nodes, roots: ["0"], summary: {} }) };
}

test("thousands of files find thousands of layers by one look at each", () => {
	const { counts, report } = counted(3000);
	const files = Array.from({ length: 3000 }, (_, n) => file(node({ digest: digestOf(n * 2) })));
	const found = placed(report, files);
	assert.equal(found.layers.length, 1500);
	assert.equal(found.report.roots.length, 1501);
	assert.ok(counts.digests < 5 * 3000, `${counts.digests} looks at 3000 layers`);
});

test("a file lies at every layer that names it, at its own node, or behind all others", async () => {
	const { report } = counted(2);
	report.nodes.push(
		node({ id: "1", kind: "unknown", digest: digestOf(7) }),
		node({ id: "0/9", parent: "0", digest: digestOf(1) }),
	);
	report.roots.push("1");
	const files = [1, 7, 8, 8].map((n) => file(node({ digest: digestOf(n), entryCount: n })));
	const unread = { blob: new Blob(["large"]), node: node({ read: false, size: 5 }) };
	const found = placed(report, [...files, unread, unread]);
	assert.deepEqual(
		[found.layers, found.report.roots],
		[
			["0/1", "0/9"],
			["0", "1", "2", "3", "4"],
		],
	);
	const own = found.report.nodes.find(({ id }) => id === "1");
	assert.deepEqual([own?.kind, own?.entryCount], ["layer", 7]);
	const places = placesOf(found.report);
	assert.deepEqual(
		await Promise.all(
			[...(places ?? [])].map(async ([id, { bytes, sizeless }]) => [
				id,
				await /** @type {Blob} */ (bytes).text(),
				sizeless,
			]),
		),
		[
			["0/1", digestOf(1), undefined],
			["0/9", digestOf(1), undefined],
			["1", digestOf(7), true],
			["2", digestOf(8), true],
			["3", "large", true],
			["4", "large", true],
		],
	);
	const said = found.report.nodes.at(-1)?.checks.map(({ id, outcome, message }) => [id, outcome, message]);
	assert.deepEqual(said, [
		["digest", "not-checked", "not read yet: the file has 5 bytes, and at most 67108864 are read unasked"],
	]);
});

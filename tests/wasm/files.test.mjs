// The boundary, files: what a caller of the API gets to explore, in Node.

import assert from "node:assert/strict";
import { test } from "node:test";
import { starter } from "../e2e/support/starter.mjs";
import { digestOf, layer, startImage } from "./layer-registry.mjs";
import { api } from "./support.mjs";

const start = starter();

const LAYERS = [
	layer([
		["etc/"],
		["etc/passwd", "root"],
		["bin/su", "program", { mode: 0o4755 }],
		["bin/alias", "", { type: "1", link: "bin/su", mode: 0o4755 }],
		["bin/lost", "", { type: "1", link: "bin/nothing" }],
		["root/.env", "A=1"],
	]),
	layer([["root/.wh..env"], ["etc/passwd", "root and me"]], { plain: true }),
];

async function explored() {
	const server = await start(startImage(LAYERS));
	const report = await api.verifyLayers(await api.inspect(server.reference));
	return { report, handle: await api.exploreFiles(report) };
}

test("the image, its changes, a filter, a detail", async () => {
	const { handle } = await explored();
	assert.deepEqual(
		handle.layers.map(({ position, digest }) => [position, digest]),
		LAYERS.map(({ blob }, position) => [position, digestOf(blob)]),
	);
	assert.deepEqual(await handle.query({ view: "image" }), { total: 3, matched: 5, entries: 5 });
	const view = await handle.openAll(true);
	const rows = await handle.rows(0, view.total);
	assert.deepEqual(
		rows.map(({ path, change, layer: position, implied }) => [path, change, position, !!implied]),
		[
			["bin", "unchanged", 0, true],
			["bin/alias", "added", 0, false],
			["bin/lost", "added", 0, false],
			["bin/su", "added", 0, false],
			["etc", "added", 0, false],
			["etc/passwd", "changed", 1, false],
			["root", "unchanged", 0, true],
		],
	);
	const su = rows.find(({ path }) => path === "bin/su");
	assert.deepEqual([su?.mode, su?.octal, su?.size, su?.findings], ["-rwsr-xr-x", "4755", 7, ["setuid"]]);
	const { history } = await handle.detail(rows.find(({ path }) => path === "etc/passwd")?.id ?? -1);
	assert.deepEqual(
		history.map(({ layer: position, change, size }) => [position, change, size]),
		[
			[0, "added", 4],
			[1, "changed", 11],
		],
	);
	assert.equal((await handle.query({ view: "all", path: { how: "regex", text: "^ROOT/" } })).matched, 2);
	assert.equal(
		(await handle.query({ view: "all", path: { how: "regex", text: "^ROOT/", matchCase: true } })).matched,
		0,
	);
	await assert.rejects(handle.query({ view: "all", path: { how: "regex", text: "(" } }), { code: "invalid-pattern" });
	handle.close();
});

test("findings tell what a later layer deletes; sizes and the map add up", async () => {
	const { handle } = await explored();
	const findings = await handle.findings();
	assert.deepEqual(
		findings.map(({ id, path, deletedIn }) => [id, path, deletedIn]),
		[
			["setuid", "bin/alias", undefined],
			["hard-link-target", "bin/lost", undefined],
			["setuid", "bin/su", undefined],
			["secret-name", "root/.env", 1],
		],
	);
	const { efficiency, wastedBytes, neededBytes, allBytes } = await handle.sizes();
	assert.deepEqual([wastedBytes, neededBytes, allBytes], [7, 11, 25]);
	assert.equal(efficiency.toFixed(2), "0.44");
	assert.deepEqual(
		(await handle.treemap("")).map(({ path, size, kind }) => [path, size, kind]),
		[
			["etc", 11, "dir"],
			["bin", 7, "dir"],
			["root", 0, "dir"],
		],
	);
	handle.close();
});

test("a hard link has the content of its target, one that leads nowhere has none", async () => {
	const { report } = await explored();
	const [first] = report.nodes.filter(({ kind }) => kind === "layer");
	const content = await api.readFile(report, first.id, 3);
	assert.equal(new TextDecoder().decode(content.bytes), "program");
	assert.equal(content.digest, digestOf(Buffer.from("program")));
	assert.ok((await content.verdict).every(({ outcome }) => outcome !== "fail"));
	await assert.rejects(api.readFile(report, first.id, 4), {
		code: "not-found",
		message: /^entry 4 of the layer has no content that could be read/,
	});
});

test("a hard link has the content of a lower layer", async () => {
	const server = await start(
		startImage([layer([["a/one", "ONE"]]), layer([["a/two", "", { type: "1", link: "a/one" }]])]),
	);
	const report = await api.verifyLayers(await api.inspect(server.reference));
	const handle = await api.exploreFiles(report);
	await handle.query({ view: "image" });
	const { total } = await handle.openAll(true);
	const two = (await handle.rows(0, total)).find(({ path }) => path === "a/two");
	assert.deepEqual([two?.size, two?.layer, two?.content], [3, 1, { layer: 0, at: 0 }]);
	handle.close();
	const layers = report.nodes.filter(({ kind }) => kind === "layer");
	const content = await api.readFile(report, layers[1].id, 0);
	assert.equal(new TextDecoder().decode(content.bytes), "ONE");
});

test("a layer that was opened alone is explored", async () => {
	const { tar } = layer(
		[
			["etc/hostname", "stow"],
			["manifest.json", "{}"],
		],
		{ plain: true },
	);
	for (const report of [await api.open(tar), await api.verifyLayers(await api.open(tar))]) {
		const handle = await api.exploreFiles(report);
		assert.deepEqual(await handle.query({ view: "image" }), { total: 2, matched: 2, entries: 2 });
		handle.close();
	}
});

test("two images are explored side by side, and a closed one answers no more", async () => {
	const [one, other] = await Promise.all([explored(), explored()]);
	await one.handle.query({ view: "layer", layer: 1 });
	await other.handle.query({ view: "all" });
	assert.equal((await one.handle.openAll(true)).matched, 2);
	one.handle.close();
	await assert.rejects(one.handle.rows(0, 1), { code: "aborted" });
	assert.equal((await other.handle.openAll(true)).matched, 7);
	other.handle.close();
});

test("the files of each package of a list, held against those of the image and its layers", async () => {
	const server = await start(startImage(LAYERS));
	const report = await api.inspect(server.reference);
	const file = (/** @type {string} */ id, /** @type {string} */ content) => ({
		SPDXID: id,
		fileName: `/${id}`,
		checksums: [{ algorithm: "SHA256", checksumValue: digestOf(Buffer.from(content)).slice(7) }],
	});
	const list = {
		spdxVersion: "SPDX-2.3",
		packages: [
			{ SPDXID: "passwd", name: "passwd", hasFiles: ["etc/passwd", "bin/su"] },
			{ SPDXID: "none", name: "none" },
			{ SPDXID: "wrong", name: "wrong", hasFiles: ["bin/alias", "root/.env"] },
		],
		files: [
			file("etc/passwd", "root and me"),
			file("bin/su", "program"),
			file("bin/alias", "other"),
			file("root/.env", "A=1"),
		],
	};
	const { packages } = (await api.open(JSON.stringify(list))).statement ?? {};
	assert.ok(packages?.files);
	assert.deepEqual(
		packages.rows.map(({ files }) => files),
		[[0, 1], undefined, [2, 3]],
	);
	const { held } = await api.holdFiles(report, packages.files, { packages: packages.rows });
	assert.equal(held.outcome, "fail");
	assert.deepEqual(held.packages, [
		{ outcome: "pass", count: 2, fits: 2, differ: 0, absent: 0, layers: [0, 1] },
		null,
		{ outcome: "fail", count: 2, fits: 0, differ: 1, absent: 1, layers: [] },
	]);
	// A list that does not say which files are whose, and a caller who does not ask for it.
	assert.equal((await api.holdFiles(report, packages.files)).held.packages, undefined);
	const bare = packages.rows.map(({ files, ...row }) => row);
	assert.equal((await api.holdFiles(report, packages.files, { packages: bare })).held.packages, undefined);
	// Numbers of a caller that are no places are no files.
	const wild = packages.rows.map((row) => ({ ...row, files: [-1, 4, 2 ** 40] }));
	const { held: none } = await api.holdFiles(report, packages.files, { packages: wild });
	assert.deepEqual(none.packages, [null, null, null]);
});

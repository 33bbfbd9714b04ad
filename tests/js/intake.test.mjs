// Ways in: entries, handles and lists walked to files that are named by their paths; what is too much says so.

import assert from "node:assert/strict";
import { File } from "node:buffer";
import { test } from "node:test";
import { filesIn } from "../../www/intake/given.js";
import { DEPTH, nameOf, walk } from "../../www/intake/walk.js";

// Node 20 has no global File.
globalThis.File ??= /** @type {any} */ (File);

/** @typedef {string | { [name: string]: Tree }} Tree a text is a file */

/** The entry that `webkitGetAsEntry` gives; a reader hands out two at a time, as browsers hand out a hundred. @param {string} name @param {Tree} tree @returns {any} */
function entry(name, tree) {
	if (typeof tree === "string") {
		const file = (/** @type {any} */ done) => done(new File([tree], name));
		return { isDirectory: false, name, file };
	}
	const createReader = () => {
		const left = Object.entries(tree).map(([one, below]) => entry(one, below));
		return { readEntries: (/** @type {any} */ done) => done(left.splice(0, 2)) };
	};
	return { isDirectory: true, name, fullPath: `/${name}`, createReader };
}

/** The handle that a directory picker gives. @param {string} name @param {Tree} tree @returns {any} */
function handle(name, tree) {
	if (typeof tree === "string") return { kind: "file", name, getFile: async () => new File([tree], name) };
	async function* values() {
		for (const [one, below] of Object.entries(tree)) yield handle(one, below);
	}
	return { kind: "directory", name, values };
}

/** @type {Tree} */
const LAYOUT = {
	"oci-layout": "{}",
	"index.json": "[]",
	".DS_Store": "left behind",
	blobs: { sha256: { bb: "b", aa: "a" }, empty: {} },
};
const PATHS = ["img/blobs/sha256/aa", "img/blobs/sha256/bb", "img/index.json", "img/oci-layout"];

/** @param {any[]} files */
const names = (files) => files.map(({ name }) => name);

for (const [how, make] of /** @type {const} */ ([
	["dropped", entry],
	["picked", handle],
])) {
	test(`a folder that was ${how} gives its files by their paths, in order, with their bytes`, async () => {
		const files = await walk([make("img", LAYOUT)]);
		assert.deepEqual(names(files), PATHS);
		assert.equal(await files[0]?.text(), "a");
		assert.equal(nameOf(files), "img");
	});
}

test("an input for folders gives the same paths", async () => {
	const given = PATHS.map((path) =>
		Object.assign(new File([path], path.split("/").at(-1) ?? ""), { webkitRelativePath: path }),
	);
	assert.deepEqual(names(await walk(/** @type {any} */ (given.reverse()))), PATHS);
});

test("files and folders come together; two of one name are two", async () => {
	const files = await walk(
		/** @type {any} */ ([new File(["1"], "a.tar"), entry("img", { x: "2" }), new File(["3"], "a.tar")]),
	);
	assert.deepEqual(names(files), ["a.tar", "a.tar", "img/x"]);
	assert.deepEqual(await Promise.all(files.map((file) => file.text())), ["1", "3", "2"]);
	assert.equal(nameOf(files), "a.tar");
	assert.equal(nameOf(await walk(/** @type {any} */ ([new File(["1"], ".DS_Store")]))), ".DS_Store");
});

/** @param {Promise<unknown>} walking @param {string} code @param {RegExp} message */
const refused = (walking, code, message) =>
	assert.rejects(walking, (/** @type {any} */ error) => {
		assert.equal(error.code, code);
		assert.match(error.message, message);
		return true;
	});

test("too many files, too deep a folder and too long names are told, not read to the end", async () => {
	const three = entry("img", { a: "", b: "", c: "" });
	await refused(walk([three], { bounds: { files: 2 } }), "too-many-files", /^there are more than 2 files$/);
	await refused(walk([three], { bounds: { names: 10 } }), "too-many-files", /together longer than 10 characters$/);
	/** A link that leads back to itself. @type {any} */
	const round = { isDirectory: true, name: "round" };
	let opened = 0;
	round.createReader = () => {
		opened++;
		const left = [round];
		return { readEntries: (/** @type {any} */ done) => done(left.splice(0)) };
	};
	await refused(walk([round]), "too-many-files", /^the folder "round(\/round)+" lies more than 32 folders deep$/);
	assert.equal(opened, DEPTH);
});

test("what cannot be read is named; nothing is nothing", async () => {
	const denied = (/** @type {any} */ _, /** @type {any} */ fail) =>
		fail(new DOMException("no permission", "NotReadableError"));
	const file = { isDirectory: false, name: "secret", file: denied };
	const folder = { isDirectory: true, name: "img", createReader: () => ({ readEntries: denied }) };
	await refused(walk(/** @type {any} */ ([file])), "unreadable-file", /^"secret" cannot be read: no permission$/);
	await refused(walk(/** @type {any} */ ([folder])), "unreadable-file", /^"img" cannot be read: no permission$/);
	await refused(walk([entry("img", { a: {} })]), "nothing-to-open", /^there is no file in what was given$/);
	await refused(walk([]), "nothing-to-open", /./);
});

test("a walk can be given up, and tells how far it is", async () => {
	const many = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`f${n}`, ""]));
	/** @type {number[]} */
	const counts = [];
	await walk([entry("img", many)], { onCount: (n) => counts.push(n) });
	assert.deepEqual(counts, [250, 500]);
	const job = new AbortController();
	const walking = walk([entry("img", many)], { signal: job.signal, onCount: () => job.abort() });
	await refused(walking, "aborted", /^the caller aborted$/);
});

test("a drop gives entries where there are, else files; texts are none", () => {
	const folder = entry("img", {});
	const file = new File(["x"], "x");
	const items = [
		{ kind: "file", webkitGetAsEntry: () => folder, getAsFile: () => new File([], "img") },
		{ kind: "file", webkitGetAsEntry: () => null, getAsFile: () => file },
		{ kind: "file", getAsFile: () => null },
		{ kind: "string" },
	];
	assert.deepEqual(filesIn(/** @type {any} */ ({ items })), [folder, file]);
	assert.deepEqual(filesIn(null), []);
});

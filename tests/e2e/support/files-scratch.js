// Off the line, under the test of the files' elements: a page with these elements and handles of its own making.

import "../../../www/page/define/elements-define.js";
import { exploring } from "../../../www/page/later.js";
import { fakeHandle } from "../../js/files-fixtures.mjs";

const D = { kind: "dir", mode: "drwxr-xr-x" };
/** @type {any[]} */
const some = [
	{ path: "etc", ...D, change: "unchanged", total: 3213 },
	{ path: "etc/.wh.shadow", kind: "whiteout", layer: 2, change: "removed" },
	{
		path: "etc/passwd",
		size: 1213,
		user: "root",
		group: "root",
		change: "changed",
		layer: 1,
		later: { layer: 2, how: "overwritten" },
	},
	{ path: "etc/ssl", ...D, total: 2000 },
	{
		path: "etc/ssl/private.pem",
		size: 2000,
		mode: "-rw-r--rw-",
		findings: ["secret-name", "world-writable"],
		later: { layer: 2, how: "removed" },
	},
	{ path: "tmp", ...D, mode: "drwxrwxrwt", total: 12 },
	{ path: "tmp/evil\u202Egpj.exe", size: 12, findings: ["bidi-name"], layer: 2 },
	{ path: "tmp/two\nlines", size: 0, findings: ["control-name"], layer: 2 },
	{ path: "usr", ...D, total: 4_000_000, change: "unchanged" },
	{ path: "usr/bin", ...D, total: 2_500_000, change: "unchanged" },
	{ path: "usr/bin/bash", size: 1_234_567, mode: "-rwxr-xr-x", octal: "0755", user: "root", group: "root" },
	{ path: "usr/bin/sh", kind: "symlink", mode: "lrwxrwxrwx", link: "bash" },
	{ path: "usr/bin/su", size: 71_000, mode: "-rwsr-xr-x", octal: "4755", findings: ["setuid"], duplicate: true },
	{ path: "usr/bin/rbash", kind: "link", size: 1_234_567, link: "usr/bin/bash" },
	{ path: "usr/lib", ...D, total: 1_500_000, implied: true },
	{ path: "usr/lib/libc.so.6", size: 900_000, sparse: true },
	{ path: "usr/lib/libm.so.6", size: 600_000 },
	{ path: "usr/share", ...D, total: 100 },
	{ path: "usr/share/note", size: 100, mtime: -1 },
	...Array.from({ length: 70 }, (_, index) => ({
		path: `usr/share/s${index}`,
		size: 9000 * (1 + (index % 9)),
		layer: 1,
	})),
	{ path: "zero", kind: "char", mode: "crw-rw-rw-", device: "1:5" },
];

/** One directory with that many files, all open. @param {number} count */
const many = (count) => [
	{ path: "d", kind: "dir", open: true },
	...Array.from({ length: count }, (_, index) => ({
		path: `d/f${String(index).padStart(7, "0")}`,
		size: index,
		layer: index % 3,
	})),
];

const layers = [0, 1, 2].map((position) => ({
	id: String(position),
	position,
	digest: `sha256:${String(position + 3).repeat(2)}${"9b0f1c".repeat(12).slice(0, 62)}`,
	size: [28_000_000, 1_200_000, 34_567][position],
	unpacked: [75_000_000, 4_000_000, 71_680][position],
	history: [
		"ADD rootfs.tar.xz / # buildkit",
		"RUN apt-get update && apt-get install -y curl",
		"COPY . /tmp # buildkit",
	][position],
}));

const scratch = {
	/** @type {{ name: string, detail: unknown }[]} */
	events: [],
	/** @param {string} tag @param {Record<string, unknown>} properties */
	async show(tag, properties) {
		await exploring();
		const element = Object.assign(document.createElement(tag), properties);
		document.querySelector("#here")?.replaceChildren(element);
		return element;
	},
	files: (/** @type {number} */ count, /** @type {string | undefined} */ selected) =>
		scratch.show("stow-files", { handle: fakeHandle(count ? many(count) : some, { layers: 3 }), layers, selected }),
	sizes: () => scratch.show("stow-sizes", { handle: fakeHandle(some, { layers: 3 }), layers }),
	content: (/** @type {any} */ reading) =>
		scratch.show("stow-content", {
			reading: { layer: 1, path: "a/b", ...reading, ...(reading.bytes && { bytes: new Uint8Array(reading.bytes) }) },
		}),
};
for (const name of ["open-file", "save-file", "content-close", "content-cancel", "files-path", "say"]) {
	addEventListener(`stow-${name}`, (event) =>
		scratch.events.push({ name: `stow-${name}`, detail: /** @type {CustomEvent} */ (event).detail }),
	);
}
Object.assign(globalThis, { scratch });

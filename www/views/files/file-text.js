// FileRow -> www. The facts of a file as text: owner, time, names, whiteouts, the name of a download.

import { visible } from "../../i18n/format.js";

/** The longest name that is shown in a row, and the longest path in full. */
const MAX_NAME = 200;
export const MAX_PATH = 4096;

/** The largest time that JavaScript's dates hold, in seconds. */
const MAX_TIME = 8.64e12;

/** @param {string} name */
export const shownName = (name) => visible(name, MAX_NAME).replace(/[\t\n]/g, escaped);

/** @param {string} path */
export const shownPath = (path) => visible(path, MAX_PATH).replace(/[\t\n]/g, escaped);

/** A tab or a newline in a name deceives too, unlike in a text. @param {string} character */
const escaped = (character) => (character === "\t" ? "<U+0009>" : "<U+000A>");

/** @param {{ uid: number, gid: number }} row */
export const ids = ({ uid, gid }) => `${uid}:${gid}`;

/** The names that the tar gives beside the numbers. @param {{ user?: string, group?: string }} row */
export const owners = ({ user, group }) => (user || group ? shownName(`${user ?? ""}:${group ?? ""}`) : "");

/**
 * `2026-02-01T12:00:00Z`; the seconds as they are if no calendar reaches them.
 * @param {number} mtime seconds since 1970
 */
export function time(mtime) {
	if (!Number.isFinite(mtime) || Math.abs(mtime) > MAX_TIME) return `${mtime} s`;
	return new Date(Math.floor(mtime) * 1000).toISOString().replace(".000Z", "Z");
}

/** The name that a whiteout deletes: its own without the prefix. @param {string} name */
export const deleted = (name) => (name.startsWith(".wh.") ? name.slice(4) : name);

/** True if there is content to be read. @param {{ kind: string }} row */
export const hasContent = ({ kind }) => kind === "file" || kind === "link";

/** Not half of a character that was cut in two. @param {string} character */
const whole = (character) => !/\p{Cs}/u.test(character);

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name under which a download can be saved on any system: the last part of the path, without anything that deceives,
 * hides the file, or means something to a file system.
 * @param {string} path
 */
export function safeName(path) {
	const last = path.slice(path.lastIndexOf("/") + 1);
	const plain = [...last]
		.map((character) => (visible(character) === character && !/[\s\\/:*?"<>|~%]/u.test(character) ? character : "_"))
		.join("");
	const bounded = plain.length > 120 ? [...plain.slice(0, 80), ...plain.slice(-40)].filter(whole).join("") : plain;
	const open = bounded.replace(/^[.-]+/, "").replace(/\.+$/, "");
	if (!open) return "file";
	return RESERVED.test(open) ? `_${open}` : open;
}

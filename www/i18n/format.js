// Report -> www. Values to text: sizes, numbers, digests, platforms, and registry text made visible.

import { locale, t } from "./strings.js";

/** @typedef {import("../types.js").Platform} Platform */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Intl's makers are slow to make: one for each language and form. @type {Map<string, Intl.NumberFormat>} */
const made = new Map();

/** @param {number} value @param {Intl.NumberFormatOptions} [form] */
function number(value, form = {}) {
	const key = `${locale()} ${form.style} ${form.minimumFractionDigits}`;
	const maker = made.get(key) ?? new Intl.NumberFormat(locale(), form);
	made.set(key, maker);
	return maker.format(value);
}

/** The longest text from a registry that is shown in one place, in UTF-16 units. */
export const MAX_TEXT = 4000;

/**
 * A size in binary units with three significant figures at most: `4.2 MiB`.
 * @param {number | null | undefined} bytes
 */
export function size(bytes) {
	if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return "";
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < UNITS.length - 1) {
		value /= 1024;
		unit++;
	}
	// 1023.96 KiB would round to "1024 KiB": go up a unit instead.
	if (unit > 0 && unit < UNITS.length - 1 && Number(value.toFixed(0)) >= 1024) {
		value /= 1024;
		unit++;
	}
	const digits = unit === 0 || value >= 100 ? 0 : 1;
	return `${number(Number(value.toFixed(digits)))} ${UNITS[unit]}`;
}

/** @param {number} value */
export const count = (value) => number(value);

/**
 * The exact size for titles: `4,404,019 bytes`.
 * @param {number | null | undefined} bytes
 */
export function exactBytes(bytes) {
	if (bytes === null || bytes === undefined) return "";
	return t("unit.bytes", { n: bytes });
}

/** @param {number} value @param {"ms" | "s" | "min" | "h"} unit @param {number} [digits] */
const inUnit = (value, unit, digits = 0) =>
	t(`unit.${unit}`, { value: number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits }) });

/** @param {number | null | undefined} value in milliseconds */
export function milliseconds(value) {
	if (value === null || value === undefined) return "";
	return value >= 10_000 ? inUnit(value / 1000, "s", 1) : inUnit(Math.round(value), "ms");
}

/** @param {number} seconds */
export function duration(seconds) {
	if (seconds < 90) return inUnit(Math.max(0, Math.ceil(seconds)), "s");
	if (seconds < 5400) return inUnit(Math.round(seconds / 60), "min");
	return inUnit(seconds / 3600, "h", 1);
}

/** A share of 1: `12.5%`. Only all of it is `100%`, and only nothing `0.0%`: `<0.1%` is little. @param {number} share */
export function percent(share) {
	const digits = share === 1 ? 0 : 1;
	const isLittle = share > 0 && share < 0.0005;
	const shown = isLittle ? 0.001 : share < 1 ? Math.min(share, 0.999) : share;
	const text = number(shown, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });
	return isLittle ? `<${text}` : text;
}

/** A day: `1 Feb 2026`. @param {number} time in milliseconds since 1970 */
export const day = (time) => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(time);

/**
 * The first 12 hex digits of a digest, without its algorithm if that is sha256.
 * @param {string | null | undefined} digest
 */
export function shortDigest(digest) {
	if (!digest) return "";
	const colon = digest.indexOf(":");
	const algorithm = digest.slice(0, Math.max(colon, 0));
	const short = visible(digest.slice(colon + 1, colon + 13));
	return algorithm && algorithm !== "sha256" ? `${visible(algorithm, 16)}:${short}` : short;
}

/**
 * `linux/arm64/v8`, with what Windows adds.
 * @param {Platform | null | undefined} platform
 */
export function platformName(platform) {
	if (!platform) return "";
	const name = [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/");
	return platform.osVersion ? `${name} ${platform.osVersion}` : name;
}

/**
 * The platform as the API takes it, without a version.
 * @param {Platform | null | undefined} platform
 */
export const platformKey = (platform) => platformName(platform && { ...platform, osVersion: undefined });

/** The characters that the core hides too (`src/visible.rs`): controls but tab and newline, format characters, default ignorables, separators, odd spaces, blanks, lone surrogates. */
const DECEIVING =
	/[^\P{Cc}\t\n]|[^\P{Zs} ]|[\p{DI}\p{Bidi_C}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}]/gu;

/**
 * Text from a registry with every character that could deceive written out (`<U+202E>`), and bounded in length.
 * @param {unknown} text
 * @param {number} [max]
 * @returns {string}
 */
export function visible(text, max = MAX_TEXT) {
	const whole = String(text ?? "");
	const bounded = whole.length > max ? t("text.more", { text: whole.slice(0, max), n: whole.length - max }) : whole;
	return bounded.replace(DECEIVING, (character) => {
		const point = character.codePointAt(0) ?? 0;
		return `<U+${point.toString(16).toUpperCase().padStart(4, "0")}>`;
	});
}

/**
 * The URL if it is one that may be linked (http, https), else nothing.
 * @param {string} text
 * @returns {string | undefined}
 */
export function safeUrl(text) {
	if (text.length > 2048 || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
}

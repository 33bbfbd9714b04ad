// The user's settings. Proxy, theme and language are kept; credentials never leave the memory of the tab.

import { LANGUAGES } from "../i18n/strings.js";

/**
 * @typedef {import("../types.js").Credential} Credential
 * @typedef {import("../i18n/strings.js").Language} Language
 * @typedef {"auto" | "light" | "dark"} Theme
 * @typedef {{ proxy: string, theme: Theme, language: Language, credentials: Credential[] }} Settings
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store
 */

const PROXY = "stowplan.proxy";
const THEME = "stowplan.theme";
const LANGUAGE = "stowplan.language";
export const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/** The browser's storage; reading the property throws if it is forbidden. @returns {Storage | undefined} */
export function browserStore() {
	try {
		return localStorage;
	} catch {
		return undefined;
	}
}

/**
 * @param {Store | undefined} store
 * @param {string} defaultProxy
 * @param {readonly string[]} [tags] the languages that the browser asks for
 * @returns {Settings}
 */
export function loadSettings(store, defaultProxy, tags = []) {
	const proxy = read(store, PROXY);
	const language = /** @type {Language} */ (read(store, LANGUAGE));
	const theme = /** @type {Theme} */ (read(store, THEME));
	return {
		proxy: proxy !== null && isProxy(proxy) ? proxy : defaultProxy,
		theme: THEMES.includes(theme) ? theme : "auto",
		language: Object.hasOwn(LANGUAGES, language) ? language : preferred(tags),
		credentials: [],
	};
}

/**
 * @param {Store | undefined} store
 * @param {Settings} settings
 * @param {string} defaultProxy is not stored, so that it may change with the page's address
 * @param {readonly string[]} [tags] what they give is not stored either
 */
export function saveSettings(store, { proxy, theme, language }, defaultProxy, tags = []) {
	write(store, PROXY, proxy === defaultProxy ? null : proxy);
	write(store, THEME, theme === "auto" ? null : theme);
	write(store, LANGUAGE, language === preferred(tags) ? null : language);
}

/** The first language that there are words in. @param {readonly string[]} tags @returns {Language} */
export function preferred(tags) {
	const known = tags.map((tag) => /** @type {Language} */ (tag.toLowerCase().split("-")[0]));
	return known.find((one) => Object.hasOwn(LANGUAGES, one)) ?? "en";
}

/**
 * The settings after a change. Another proxy sees what passes through it, so credentials are asked for again.
 * @param {Settings} settings @param {Partial<Settings>} change @returns {Settings}
 */
export function changed(settings, change) {
	const moved = change.proxy !== undefined && change.proxy !== settings.proxy;
	return { ...settings, ...change, ...(moved && { credentials: [] }) };
}

/** Empty (no proxy) or the base address of one. @param {string} text */
export function isProxy(text) {
	if (text === "") return true;
	return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && text.length < 2048;
}

/** A base address ends in a slash. @param {string} text */
export const normalProxy = (text) => (text === "" || text.endsWith("/") ? text : `${text}/`);

/** The same list with one registry's credentials set anew. @param {Credential[]} list @param {Credential} added */
export const withCredential = (list, added) => [...list.filter(({ registry }) => registry !== added.registry), added];

/** Storage may be forbidden; then nothing is kept. @param {Store | undefined} store @param {string} key */
function read(store, key) {
	try {
		return store?.getItem(key) ?? null;
	} catch {
		return null;
	}
}

/** @param {Store | undefined} store @param {string} key @param {string | null} value */
function write(store, key, value) {
	try {
		if (value === null) store?.removeItem(key);
		else store?.setItem(key, value);
	} catch {
		// Nothing is lost but the comfort of the next visit.
	}
}

/** The options of requests to registries. @param {Partial<Settings>} [settings] */
export const asking = ({ proxy = "", credentials } = {}) => ({ proxy: proxy || undefined, credentials });

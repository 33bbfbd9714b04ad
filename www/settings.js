// Line: www, what the user set. The proxy and the theme are kept; credentials never leave the memory of the tab.

/**
 * @typedef {import("./types.js").Credential} Credential
 * @typedef {"auto" | "light" | "dark"} Theme
 * @typedef {{ proxy: string, theme: Theme, credentials: Credential[] }} Settings
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store
 */

const PROXY = "stowplan.proxy";
const THEME = "stowplan.theme";
export const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/**
 * @param {Store | undefined} store
 * @param {string} defaultProxy
 * @returns {Settings}
 */
export function loadSettings(store, defaultProxy) {
	const proxy = read(store, PROXY);
	const theme = /** @type {Theme} */ (read(store, THEME));
	return {
		proxy: proxy !== null && isProxy(proxy) ? proxy : defaultProxy,
		theme: THEMES.includes(theme) ? theme : "auto",
		credentials: [],
	};
}

/**
 * @param {Store | undefined} store
 * @param {Settings} settings
 * @param {string} defaultProxy is not stored, so that it may change with the page's address
 */
export function saveSettings(store, { proxy, theme }, defaultProxy) {
	write(store, PROXY, proxy === defaultProxy ? null : proxy);
	write(store, THEME, theme === "auto" ? null : theme);
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

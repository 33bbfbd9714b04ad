// Settings: what is kept, what never is, and a storage that refuses. And the state's steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, isProxy, loadSettings, normalProxy, saveSettings, withCredential } from "../../www/page/settings.js";
import { failureOf, firstState, progressed, startOf } from "../../www/page/state.js";

const DEFAULT = "http://127.0.0.1:8080/proxy/";

function memory() {
	/** @type {Map<string, string>} */
	const kept = new Map();
	return {
		kept,
		getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
		setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
		removeItem: (/** @type {string} */ key) => void kept.delete(key),
	};
}

test("proxy, theme and language come back, credentials are never written", () => {
	const store = memory();
	const credentials = [{ registry: "ghcr.io", username: "u", password: "very secret" }];
	saveSettings(store, { proxy: "https://p.example/", theme: "dark", language: "zh", credentials }, DEFAULT);
	assert.deepEqual(loadSettings(store, DEFAULT), {
		proxy: "https://p.example/",
		theme: "dark",
		language: "zh",
		credentials: [],
	});
	assert.ok(![...store.kept.values()].join().includes("secret"));
});

test("the default is not stored, an empty proxy is", () => {
	const store = memory();
	saveSettings(store, { proxy: DEFAULT, theme: "auto", language: "en", credentials: [] }, DEFAULT);
	assert.equal(store.kept.size, 0);
	saveSettings(store, { proxy: "", theme: "auto", language: "en", credentials: [] }, DEFAULT);
	assert.equal(loadSettings(store, DEFAULT).proxy, "");
});

test("what was stored is not trusted, and a storage that throws does no harm", () => {
	const store = memory();
	store.kept
		.set("stowplan.proxy", "javascript:alert(1)")
		.set("stowplan.theme", "evil")
		.set("stowplan.language", "toString");
	assert.deepEqual(loadSettings(store, DEFAULT), { proxy: DEFAULT, theme: "auto", language: "en", credentials: [] });
	const broken = { getItem: fails, setItem: fails, removeItem: fails };
	assert.equal(loadSettings(broken, DEFAULT).proxy, DEFAULT);
	saveSettings(broken, { proxy: "", theme: "dark", language: "en", credentials: [] }, DEFAULT);
	assert.equal(loadSettings(undefined, DEFAULT).theme, "auto");
});

test("the language is the first of the browser's that there are words in, unless another was chosen", () => {
	const of = (/** @type {string[]} */ ...tags) => loadSettings(memory(), DEFAULT, tags).language;
	assert.deepEqual([of("zh-CN", "en"), of("zh-Hant-TW"), of("fr", "ZH"), of("en-US", "zh")], ["zh", "zh", "zh", "en"]);
	assert.deepEqual([of(), of("fr"), of("constructor")], ["en", "en", "en"]);
	const store = memory();
	const settings = loadSettings(store, DEFAULT, ["zh-CN"]);
	saveSettings(store, settings, DEFAULT, ["zh-CN"]);
	assert.equal(store.kept.size, 0, "what the browser asks for is not stored");
	saveSettings(store, { ...settings, language: "en" }, DEFAULT, ["zh-CN"]);
	assert.equal(loadSettings(store, DEFAULT, ["zh-CN"]).language, "en");
});

test("a proxy is a web address that ends in a slash", () => {
	assert.ok(isProxy("https://p.example/x") && isProxy(""));
	for (const text of ["p.example", "ftp://p.example", "javascript:0"]) assert.ok(!isProxy(text), text);
	assert.equal(normalProxy("https://p.example/x"), "https://p.example/x/");
	assert.equal(normalProxy(""), "");
});

test("a registry has one set of credentials", () => {
	const one = { registry: "a", username: "1", password: "" };
	const two = { registry: "a", username: "2", password: "" };
	assert.deepEqual(withCredential([one], two), [two]);
});

test("progress counts requests and bytes and says what it waits for", () => {
	const state = firstState(loadSettings(undefined, DEFAULT));
	state.progress = startOf("starting");
	Object.assign(state, progressed(state, { type: "stage", text: "fetching", done: 1, total: 3 }));
	Object.assign(
		state,
		progressed(state, { type: "request", method: "GET", url: "u", status: 200, bytes: 10, milliseconds: 1 }),
	);
	assert.deepEqual(state.progress, { text: "fetching", goesOn: false, done: 1, total: 3, requests: 1, bytes: 10 });
	assert.equal(state.requests.length, 1);
	Object.assign(state, progressed(state, { type: "waiting", seconds: 5, reason: "too many requests" }));
	assert.equal(state.progress?.text, "Waiting 5 s: too many requests");
});

test("what a job still tells after its end starts no new progress", () => {
	const state = firstState(loadSettings(undefined, DEFAULT));
	assert.equal(progressed(state, { type: "stage", text: "fetching", done: 1, total: 3 }).progress, undefined);
	assert.equal(progressed(state, { type: "waiting", seconds: 5, reason: "too many requests" }).progress, undefined);
});

test("any failure becomes a code and a message", () => {
	assert.deepEqual(failureOf(Object.assign(new Error("m"), { code: "not-found", retryAfter: 3 })), {
		code: "not-found",
		message: "m",
		retryAfter: 3,
	});
	assert.deepEqual(failureOf("odd"), { code: "unknown", message: "odd", retryAfter: undefined });
	assert.equal(failureOf(undefined).code, "unknown");
});

/** @returns {never} */
function fails() {
	throw new Error("storage is forbidden");
}

test("another proxy is not given the credentials that the one before was", () => {
	const credentials = [{ registry: "ghcr.io", username: "u", password: "p" }];
	const settings = {
		proxy: DEFAULT,
		theme: /** @type {const} */ ("auto"),
		language: /** @type {const} */ ("en"),
		credentials,
	};
	assert.deepEqual(changed(settings, { proxy: "https://p.example/" }).credentials, []);
	assert.deepEqual(changed(settings, { proxy: DEFAULT }).credentials, credentials);
	assert.deepEqual(changed(settings, { theme: "dark" }).credentials, credentials);
});

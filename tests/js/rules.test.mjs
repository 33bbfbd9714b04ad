// The rules of DESIGN's sections 1 and 3, by reading the sources: who imports whom, no raw HTML, no word outside the table.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { AREAS as HOW } from "../../www/how/areas.js";
import { first, LANGUAGES, listed, t } from "../../www/strings.js";
import { AREAS as PAGE } from "../../www/words/areas.js";

/** Every area: the page "How it works" has a list of its own. */
const AREAS = { ...PAGE, ...HOW };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WWW = path.join(ROOT, "www");

const files = readdirSync(WWW, { recursive: true, encoding: "utf8" })
	.map((name) => name.replaceAll(path.sep, "/"))
	.filter((name) => name.endsWith(".js") && !name.startsWith("pkg/"));
const isTable = (/** @type {string} */ name) => name.startsWith("words/");

/** All words of a language, from all of its tables. @param {string} language */
async function tableOf(language) {
	/** @type {import("../../www/strings.js").Words} */
	const table = {};
	for (const name of files.filter((one) => one.endsWith(`.${language}.js`) && !one.startsWith("words/first."))) {
		const { words } = await import(path.join(WWW, name));
		for (const key of Object.keys(words)) assert.ok(!Object.hasOwn(table, key), `${key} stands in two tables`);
		Object.assign(table, words);
	}
	return table;
}
const tables = { en: await tableOf("en"), zh: await tableOf("zh") };
const { en } = tables;
/** @param {string} name */
const source = (name) => readFileSync(path.join(WWW, name), "utf8");
/** @param {string} name what a module imports when it runs */
const imports = (name) =>
	[
		...source(name)
			.replace(/\/\*[\s\S]*?\*\//g, "")
			.matchAll(/^(?:import|export)\s[^;]*?from\s+"([^"]+)"|^import "([^"]+)"|[^.]import\("([^"]+)"\)(?!\.)/gm),
	].flatMap(([, a, b, c]) => a ?? b ?? c ?? []);

const BOUNDARY = /(^|\/)(api|core|remote|(data-)?worker)\.js$|(^|\/)pkg\//;
const MAY_REACH = new Set(
	"page how api session remote worker core data-worker layers/list layers/pass layers/read layers/files layers/pool saving/pack plan/load"
		.split(" ")
		.map((name) => `${name}.js`),
);

test("only the page's entry knows the API, and only core.js knows the wasm package", () => {
	for (const name of files) {
		for (const target of imports(name)) {
			if (BOUNDARY.test(target)) assert.ok(MAY_REACH.has(name), `${name} imports ${target}`);
			if (target.includes("pkg/")) assert.equal(name, "core.js");
		}
	}
	assert.ok(imports("page.js").includes("./api.js"));
});

test("views and elements know neither the controller nor storage nor the network", () => {
	for (const name of files.filter((one) => /^(views|elements|anatomy)\//.test(one))) {
		assert.doesNotMatch(source(name), /\blocalStorage\b|\bfetch\(|from "[^"]*controller\.js"/, name);
	}
});

test("templates are Lit's and nothing writes HTML or style attributes", () => {
	for (const name of files) {
		assert.doesNotMatch(
			source(name),
			/innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|document\.write|\bstyle=|styleMap|\beval\(|new Function/,
			name,
		);
	}
});

test("links that leave the page give nothing away", () => {
	for (const name of files) {
		for (const [anchor] of source(name)
			.replace(/\/\*[\s\S]*?\*\//g, "")
			.matchAll(/<a [^>]*href=\$\{[^>]*>/g)) {
			assert.match(anchor, /rel="noopener noreferrer"/, name);
		}
	}
});

test("only entries and *-define.js do something when they are loaded", () => {
	const harmless = /^(import|export|const|let|class|function|async function|\/\/|\/\*|[\s})\]]|$)/;
	for (const name of files.filter(
		(one) => !/(^|\/)(page|early|frame|sw|(data-)?worker)\.js$|^how\.js$|-define\.js$/.test(one),
	)) {
		for (const line of source(name).split("\n")) assert.match(line, harmless, `${name}: ${line}`);
	}
});

test("each file says its place first and stays short; the table of words may be long", () => {
	for (const name of files) {
		const lines = source(name).split("\n");
		assert.match(String(lines[0]), /^\/\/ (Line|Off the line)/, name);
		if (!isTable(name)) assert.ok(lines.length <= 210, `${name} has ${lines.length} lines`);
	}
});

test("the pages have no inline script or style and no absolute address", () => {
	for (const name of ["index.html", "how.html", "embed.html"]) {
		const html = readFileSync(path.join(ROOT, name), "utf8");
		assert.doesNotMatch(html, /<style|style=|\son\w+=|<script(?![^>]*src=)/);
		for (const [, url] of html.matchAll(/(?:src|href)="([^"]+)"/g)) assert.doesNotMatch(String(url), /^(\/|\w+:)/);
	}
});

const used = files
	.filter((name) => !isTable(name))
	.map(source)
	.join("\n");

/** What the core says in English itself is in the other tables only, by its codes. @param {string} key */
const isOfCore = (key) => key.startsWith("core.");

test("every language has the same words, with the same parameters", () => {
	const parameters = (/** @type {import("../../www/strings.js").Message | undefined} */ message) =>
		[...new Set(JSON.stringify(message).match(/\{\w+\}/g))].sort();
	for (const [language, table] of Object.entries(tables)) {
		for (const key of Object.keys(en)) {
			assert.ok(Object.hasOwn(table, key), `${language} lacks ${key}`);
			assert.deepEqual(parameters(table[key]), parameters(en[key]), `${language}: ${key}`);
		}
		for (const key of Object.keys(table)) assert.ok(Object.hasOwn(en, key) || isOfCore(key), `${language}: ${key}`);
	}
});

test("no table of another language holds a sentence that was left in English", () => {
	const latin = /(?:^|[^\w-])[a-z]{3,}(?: [a-z]{2,}){3,}/;
	for (const [key, message] of Object.entries(tables.zh)) assert.doesNotMatch(JSON.stringify(message), latin, key);
	assert.match(String(en["app.intro"]), latin);
});

test("every area is loaded in every language", async () => {
	for (const [area, loads] of Object.entries(AREAS)) {
		assert.deepEqual(Object.keys(loads), Object.keys(LANGUAGES), area);
		for (const load of Object.values(loads)) assert.ok(Object.keys((await load()).words).length > 3, area);
	}
	const names = files.filter(isTable).map((name) => name.replace(/^words\/|\.(en|zh)\.js$/g, ""));
	const loaded = [...Object.keys(AREAS), "page", "report", "areas.js"];
	assert.deepEqual([...new Set(names)].sort(), loaded.sort());
});

test("every key that is used has its words", () => {
	for (const [, key = ""] of used.matchAll(/\b(?:t|head)\("([^"]+)"/g))
		assert.ok(Object.hasOwn(isOfCore(key) ? tables.zh : en, key), key);
});

test("every word in the table is used, by its key or by a key made of parts", () => {
	const made = [...used.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map(([, prefix]) => String(prefix));
	// By whole sentences, which tests/js/said.test.mjs holds against the core's.
	made.push("core.said.");
	const whole = new Set([...used.matchAll(/"([a-z]+\.[\w.-]+)"/g)].map(([, key]) => key));
	for (const key of Object.keys({ ...en, ...tables.zh }))
		assert.ok(whole.has(key) || made.some((prefix) => key.startsWith(prefix)), key);
});

const HOLE = "\ue000";

/** The text of each template of a source, with a mark where a value goes in. @param {string} text */
function templates(text) {
	/** @type {string[]} */
	const found = [];
	/** @param {number} at just behind the backtick */
	const template = (at) => {
		const isHtml = text.slice(0, at).endsWith("html`");
		let own = "";
		for (; at < text.length && text[at] !== "`"; at++) {
			if (text[at] === "\\") at++;
			else if (text.startsWith("${", at)) {
				at = value(at + 2);
				own += HOLE;
			} else own += text[at];
		}
		if (isHtml) found.push(own);
		return at;
	};
	/** @param {number} at */
	const value = (at) => {
		for (let depth = 1; at < text.length; at++) {
			if (text[at] === "`") at = template(at + 1);
			else if (text[at] === "{") depth++;
			else if (text[at] === "}" && --depth === 0) return at;
		}
		return at;
	};
	for (const { index } of text.matchAll(/\bhtml`/g)) template(index + 5);
	return found;
}

/** What is the same in every language: the name, and examples of what is typed. */
const ANYWHERE = /^(\W|\d)*$|^Stowplan$|^sha256:…?$|^ghcr\.io$/;

test("no view holds a word of its own", () => {
	const literal = (/** @type {string} */ text) => {
		const words = templates(text).flatMap((one) => [
			...[...one.matchAll(/\s(?:aria-label|title|alt|placeholder|label|what)="?([^"\s>]*)/g)].map(
				([, value = ""]) => value,
			),
			...one.replace(/<[^>]*>/g, HOLE).split(HOLE),
		]);
		return words.map((one) => one.trim()).filter((one) => /\p{L}{2}/u.test(one) && !ANYWHERE.test(one));
	};
	for (const name of files) assert.deepEqual(literal(source(name)), [], name);
	assert.deepEqual(literal('html`<p title="Hello">$' + '{t("a")} there</p>`'), ["Hello", "there"]);
});

/** @param {string} file @param {RegExp} pattern */
const rust = (file, pattern) =>
	[...readFileSync(path.join(ROOT, file), "utf8").matchAll(pattern)].map(([, name]) => String(name));
/** @param {string} name */
const kebab = (name) => name.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase();

test("every check id, outcome, source, kind and error code of the core has words", () => {
	const variants = (/** @type {string} */ file, /** @type {string} */ name) => {
		const [body = ""] = rust(file, new RegExp(`pub enum ${name} \\{([\\s\\S]*?)\\n\\}`, "g"));
		return [...body.matchAll(/^ {4}(\w+),$/gm)].map(([, one]) => kebab(String(one)));
	};
	const ids = variants("src/checks/mod.rs", "CheckId");
	assert.ok(ids.length >= 20);
	const outcomes = variants("src/checks/mod.rs", "Outcome");
	assert.deepEqual(outcomes, ["pass", "fail", "warn", "not-checked"]);
	for (const id of ids) {
		assert.ok(Object.hasOwn(en, `check.${id}`), id);
		for (const outcome of outcomes) assert.ok(Object.hasOwn(tables.zh, `core.check.${id}.${outcome}`), id + outcome);
	}
	for (const one of outcomes) assert.ok(Object.hasOwn(en, `outcome.${one}`), one);
	for (const one of variants("src/digest.rs", "Source")) assert.ok(Object.hasOwn(en, `source.${one}`), one);
	for (const one of variants("src/report.rs", "NodeKind")) {
		for (const place of ["kind", "kinds", "what"]) assert.ok(Object.hasOwn(en, `${place}.${one}`), `${place}.${one}`);
	}
	const codes = rust("src/error.rs", /Self::\w+ => "([a-z0-9-]+)"/g);
	assert.ok(codes.length >= 18);
	for (const code of codes)
		for (const place of ["error", "todo"]) assert.ok(Object.hasOwn(en, `${place}.${code}`), `${place}.${code}`);
});

test("every form of a paste and every finding of the core has words", () => {
	const forms = rust("src/paste/form.rs", /Self::\w+ => \(\s*"([a-z-]+)",/g);
	assert.ok(forms.length >= 14);
	for (const form of forms)
		for (const part of ["what", "proof"]) assert.ok(Object.hasOwn(tables.zh, `core.form.${form}.${part}`), form);
	const findings = rust("src/layer/files/findings.rs", /^ {4}\("([a-z-]+)", \w+\),/gm);
	assert.ok(findings.length >= 9);
	for (const id of findings) {
		assert.ok(Object.hasOwn(en, `finding.${id}`), id);
		assert.ok(Object.hasOwn(tables.zh, `core.finding.${id}`), id);
	}
});

test("every sample has words", () => {
	const samples = JSON.parse(readFileSync(path.join(WWW, "samples/index.json"), "utf8"));
	for (const { id } of samples)
		for (const part of ["title", "description"]) assert.ok(Object.hasOwn(en, `sample.${id}.${part}`), id);
});

test("words take numbers, forms and lists", () => {
	assert.equal(t("verdict.passed", { n: 1 }), "1 check passed");
	assert.equal(t("verdict.passed", { n: 12_345 }), "12,345 checks passed");
	assert.equal(t("no.such.key"), "no.such.key");
	assert.equal(t("samples.load", { title: "{title} $& <b>" }), "Opening the sample “{title} $& <b>”");
	assert.equal(first("error.odd", "error.unknown"), "Something went wrong");
	assert.equal(listed(["a"]), "a");
	assert.equal(listed(["a", "b", "c"]), "a, b and c");
});

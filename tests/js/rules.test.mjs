// The rules of DESIGN's sections 1 and 3, by reading the sources: who imports whom, no raw HTML, no word outside the table.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { first, listed, t } from "../../www/strings.js";

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
const en = await tableOf("en");
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
	"page api session remote worker core data-worker layers/read layers/files layers/pool saving/pack"
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
	for (const name of files.filter((one) => !/(^|\/)(page|(data-)?worker)\.js$|-define\.js$/.test(one))) {
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

test("index.html has no inline script or style and no absolute address", () => {
	const html = readFileSync(path.join(ROOT, "index.html"), "utf8");
	assert.doesNotMatch(html, /<style|style=|\son\w+=|<script(?![^>]*src=)/);
	for (const [, url] of html.matchAll(/(?:src|href)="([^"]+)"/g)) assert.doesNotMatch(String(url), /^(\/|\w+:)/);
});

const used = files
	.filter((name) => !isTable(name))
	.map(source)
	.join("\n");

test("every key that is used has its words", () => {
	for (const [, key = ""] of used.matchAll(/\b(?:t|head)\("([^"]+)"/g)) assert.ok(Object.hasOwn(en, key), key);
});

test("every word in the table is used, by its key or by a key made of parts", () => {
	const made = [...used.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map(([, prefix]) => String(prefix));
	const whole = new Set([...used.matchAll(/"([a-z]+\.[\w.-]+)"/g)].map(([, key]) => key));
	for (const key of Object.keys(en)) assert.ok(whole.has(key) || made.some((prefix) => key.startsWith(prefix)), key);
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
	for (const id of ids) assert.ok(Object.hasOwn(en, `check.${id}`), id);
	for (const one of variants("src/checks/mod.rs", "Outcome")) assert.ok(Object.hasOwn(en, `outcome.${one}`), one);
	for (const one of variants("src/digest.rs", "Source")) assert.ok(Object.hasOwn(en, `source.${one}`), one);
	for (const one of variants("src/report.rs", "NodeKind")) {
		for (const place of ["kind", "kinds", "what"]) assert.ok(Object.hasOwn(en, `${place}.${one}`), `${place}.${one}`);
	}
	const codes = rust("src/error.rs", /Self::\w+ => "([a-z0-9-]+)"/g);
	assert.ok(codes.length >= 18);
	for (const code of codes)
		for (const place of ["error", "todo"]) assert.ok(Object.hasOwn(en, `${place}.${code}`), `${place}.${code}`);
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

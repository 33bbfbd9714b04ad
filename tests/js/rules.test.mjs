// The rules of DESIGN's sections 1 and 3, by reading the sources: who imports whom, no raw HTML, no word outside the table.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { AREAS as HOW } from "../../www/how/word-areas.js";
import { AREAS as PAGE } from "../../www/i18n/areas.js";
import { first, LANGUAGES, listed, t } from "../../www/i18n/strings.js";

/** Every area: the page "How it works" has a list of its own. */
const AREAS = { ...PAGE, ...HOW };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WWW = path.join(ROOT, "www");

const files = readdirSync(WWW, { recursive: true, encoding: "utf8" })
	.map((name) => name.replaceAll(path.sep, "/"))
	.filter((name) => name.endsWith(".js") && !name.includes("pkg/"));
const isTable = (/** @type {string} */ name) => name.startsWith("i18n/words/");

/** All words of a language, from all of its tables. @param {string} language */
async function tableOf(language) {
	/** @type {import("../../www/i18n/strings.js").Words} */
	const table = {};
	for (const name of files.filter((one) => one.endsWith(`.${language}.js`) && !one.includes("/first."))) {
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
	"page how api worker data-worker engine/session engine/remote engine/core engine/archives/list engine/archives/pass engine/layers/read engine/layers/image-files engine/compare/joined-files engine/compare/pick engine/artifacts/artifact-bytes engine/artifacts/peek-in-worker engine/artifacts/worker-calls engine/layers/pool engine/saving/pack engine/saving/pack-tar plan/load"
		.split(" ")
		.map((name) => `${name}.js`),
);

test("only the page's entry knows the API, and only core.js knows the wasm package", () => {
	for (const name of files) {
		for (const target of imports(name)) {
			if (BOUNDARY.test(target)) assert.ok(MAY_REACH.has(name), `${name} imports ${target}`);
			if (target.includes("pkg/")) assert.equal(name, "engine/core.js");
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

test("each file says first what it is and stays short; the table of words may be long", () => {
	for (const name of files) {
		const lines = source(name).split("\n");
		assert.match(String(lines[0]), /^\/[/*]/, name);
		if (!isTable(name)) assert.ok(lines.length <= 210, `${name} has ${lines.length} lines`);
	}
});

test("no folder holds more than 25 files, and each file has a name of its own", () => {
	const all = readdirSync(WWW, { recursive: true, withFileTypes: true })
		.map((one) => ({ name: one.name, folder: path.relative(WWW, one.parentPath ?? one.path), isFile: one.isFile() }))
		.filter(({ folder, isFile }) => isFile && !/(^|\/)pkg$/.test(folder));
	/** @type {Record<string, number>} */
	const counts = {};
	for (const { folder } of all) counts[folder] = (counts[folder] ?? 0) + 1;
	for (const [folder, count] of Object.entries(counts)) assert.ok(count <= 25, `www/${folder} has ${count} files`);
	/** @type {Map<string, string>} */
	const known = new Map();
	for (const { name, folder } of all.filter(({ folder }) => !folder.startsWith("samples"))) {
		assert.ok(!known.has(name), `${name} is in www/${known.get(name)} and in www/${folder}`);
		known.set(name, folder);
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

/** True for sentences that the core says in English itself: they are in the other tables only, by their codes. @param {string} key */
const isOfCore = (key) => key.startsWith("core.");

test("every language has the same words, with the same parameters", () => {
	const holes = (/** @type {string} */ message, /** @type {RegExp} */ form) => [
		...new Set([...message.matchAll(form)].map(([, name]) => name)),
	];
	for (const [language, table] of Object.entries(tables)) {
		for (const key of Object.keys(en)) {
			assert.ok(Object.hasOwn(table, key), `${language} lacks ${key}`);
			const [own, shown] = [holes(String(table[key]), /\{(\w+)\}/g), holes(String(en[key]), /\{(\w+)\}/g)];
			// A count that only chooses a word may be said elsewhere, or not at all.
			const counted = holes(String(en[key]), /\{(\w+)\|/g);
			for (const name of shown) assert.ok(own.includes(name), `${language}: ${key} lacks ${name}`);
			for (const name of own) assert.ok([...shown, ...counted].includes(name), `${language}: ${key} has ${name}`);
		}
		for (const key of Object.keys(table)) assert.ok(Object.hasOwn(en, key) || isOfCore(key), `${language}: ${key}`);
	}
});

/** The counted things in sentences whose count may be one. */
const COUNTED =
	/\{(?!most\b)(\w+)\} (?:\w+ )?(?:bytes|layers|files|entries|images|tags|requests|checks|platforms|nodes|packages|blobs|documents|members|steps|vulnerabilities|warnings|days|seconds|minutes|hours)\b/;
/** Of which there is never one. */
const MANY = ["files.partial", "content.cutLines", "list-cut", "reference-too-long", "document-too-large"];

test("a count is followed by the word for one or for several", () => {
	for (const [key, message] of Object.entries(en))
		if (!MANY.includes(key.replace("core.reason.", ""))) assert.doesNotMatch(message, COUNTED, key);
	assert.match("{count} files differ", COUNTED);
	for (const [, , one, other] of Object.values(en).flatMap((text) => [
		...text.matchAll(/\{(\w+)\|([^|]*)\|([^}]*)\}/g),
	]))
		assert.ok(one && other && one !== other, `${one} | ${other}`);
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
	const names = files.filter(isTable).map((name) => name.replace(/^.*\/|\.(en|zh)\.js$/g, ""));
	// The words of reasons come with the checks and with the errors.
	const loaded = [...Object.keys(AREAS), "page", "report", "reasons"];
	assert.deepEqual([...new Set(names)].sort(), loaded.sort());
});

/** Each reason that the core makes, with its sentence. */
function reasonsOfCore() {
	const folder = path.join(ROOT, "src");
	const rust = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs"));
	return rust.flatMap((name) => {
		const [code = ""] = readFileSync(path.join(folder, name), "utf8").split("#[cfg(test)]");
		const made = code.replace(/\\\n\s*/g, "").matchAll(/\bsay!\(\s*"([a-z0-9-]+)",\s*"((?:[^"\\]|\\.)*)"/g);
		return [...made].map(([, reason = "", sentence = ""]) => ({ reason, sentence }));
	});
}

test("every reason of the core names one sentence, and has words with the same values in every language", () => {
	const holes = (/** @type {unknown} */ text) => [...new Set(String(text).match(/\{\w+\}/g))].sort();
	const all = reasonsOfCore();
	assert.ok(all.length > 190, `${all.length}`);
	/** @type {Map<string, string>} */
	const known = new Map();
	for (const { reason, sentence } of all) {
		assert.equal(known.get(reason) ?? sentence, sentence, reason);
		known.set(reason, sentence);
		for (const table of [en, tables.zh])
			assert.deepEqual(holes(table[`core.reason.${reason}`]), holes(sentence), reason);
	}
});

/** Words in the sources of signatures and statements that look like reasons: names in JSON, in commands and of tools. */
const NO_REASONS = new Set(
	[
		"bi-directional bom-ref build-type cherry-pick config-source content-type cryptographic-asset device-driver entry-point",
		"docker-manifest-digest docker-reference github-hosted self-hosted kebab-case machine-learning-model operating-system",
		"slsa-provenance timestamp-authority certificate-log trusted-root verify-attestation att-tag sbom-tag sig-tag fallback-tag",
	].flatMap((line) => line.split(" ")),
);

test("every reason of signatures and statements has Chinese words, however it is made", () => {
	const rooms = ["src/trust", "src/statement", "src/image/referrers"];
	const codes = rooms.flatMap((room) =>
		readdirSync(path.join(ROOT, room), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(".rs") && !name.includes("tests"))
			.map((name) => readFileSync(path.join(ROOT, room, name), "utf8").split("#[cfg(test)]")[0] ?? ""),
	);
	const text = codes.join("\n").replace(/^\s*\/\/.*$/gm, "");
	const all = new Set([...text.matchAll(/"([a-z0-9]+(?:-[a-z0-9]+)+)"/g)].map(([, code = ""]) => code));
	const reasons = [...all].filter((code) => !NO_REASONS.has(code));
	assert.ok(reasons.length > 120, `${reasons.length}`);
	assert.deepEqual(
		reasons.filter((reason) => !Object.hasOwn(tables.zh, `core.reason.${reason}`)),
		[],
	);
});

test("every key that is used has its words", () => {
	for (const [, key = ""] of used.matchAll(/\b(?:t|head)\("([^"]+)"/g))
		assert.ok(Object.hasOwn(isOfCore(key) ? tables.zh : en, key), key);
});

test("every word in the table is used, by its key or by a key made of parts", () => {
	const made = [...used.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map(([, prefix]) => String(prefix));
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

/** Texts that are the same in every language: the name, and examples of input. */
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
	const ids = variants("src/check.rs", "CheckId");
	assert.ok(ids.length >= 20);
	const outcomes = variants("src/check.rs", "Outcome");
	assert.deepEqual(outcomes, ["pass", "fail", "warn", "not-checked"]);
	for (const id of ids) {
		assert.ok(Object.hasOwn(en, `check.${id}`), id);
		for (const outcome of outcomes) assert.ok(Object.hasOwn(tables.zh, `core.check.${id}.${outcome}`), id + outcome);
	}
	for (const one of outcomes) assert.ok(Object.hasOwn(en, `outcome.${one}`), one);
	for (const one of variants("src/digest.rs", "Source")) assert.ok(Object.hasOwn(en, `source.${one}`), one);
	for (const one of variants("src/report.rs", "NodeKind")) {
		for (const place of ["kind", "named", "what"]) assert.ok(Object.hasOwn(en, `${place}.${one}`), `${place}.${one}`);
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
	const findings = ["own", "applied"].flatMap((file) =>
		rust(`src/layer/files/findings/${file}.rs`, /^ {4}\("([a-z-]+)", [\w:]+\),/gm),
	);
	assert.ok(findings.length >= 34);
	for (const id of findings) {
		assert.ok(Object.hasOwn(en, `finding.${id}`), id);
		assert.ok(Object.hasOwn(tables.zh, `core.finding.${id}`), id);
	}
});

/** The names under which the variants of an enum of the core cross. @param {string} file @param {string} name */
function crossing(file, name) {
	const text = readFileSync(path.join(ROOT, file), "utf8");
	const [, style = "", body = ""] =
		new RegExp(`rename_all = "([a-z-A-Z]+)"\\)\\]\\npub enum ${name} \\{([\\s\\S]*?)\\n\\}`).exec(text) ?? [];
	const plain = (/** @type {string} */ variant) => {
		if (style === "camelCase") return variant[0]?.toLowerCase() + variant.slice(1);
		return style === "lowercase" ? variant.toLowerCase() : kebab(variant);
	};
	return [...body.matchAll(/(?:rename = "([\w.]+)"\)\]\s+)?^ {4}(\w+),$/gm)].map(
		([, renamed, variant = ""]) => renamed ?? plain(variant),
	);
}

test("every code of what explains an image has words", () => {
	for (const [file, name, prefix, least] of /** @type {[string, string, string, number][]} */ ([
		["identities", "What", "identities", 7],
		["identities", "Known", "identities", 5],
		["identities", "Formula", "formula", 8],
		["printed", "Printer", "tool", 11],
		["recipes", "Tool", "hand", 8],
		["inputs", "Why", "input", 7],
		["lookup", "Could", "could", 5],
		["lookup", "Everywhere", "known", 5],
	])) {
		const codes = crossing(`src/explain/${file}.rs`, name);
		assert.equal(codes.length, least, `${name}: ${codes}`);
		for (const code of codes) assert.ok(Object.hasOwn(en, `${prefix}.${code}`), `${prefix}.${code}`);
	}
	// A schema 1 manifest's payload is printed as the digest of a manifest.
	for (const code of crossing("src/explain/identities.rs", "What"))
		assert.ok(code === "payload" || Object.hasOwn(en, `prints.${code}`), code);
	const roles = "diffId chainId subject promised got form stated mention".split(" ");
	for (const role of [...roles, ...crossing("src/report.rs", "NodeKind")])
		assert.ok(Object.hasOwn(en, `is.${role}`), role);
});

test("each cap that the page shares with the core has the core's name and value", async () => {
	const limits = readFileSync(path.join(ROOT, "src/limits.rs"), "utf8");
	/** @param {string} name @returns {number} */
	const ofCore = (name) => {
		const [, text] = new RegExp(`pub const ${name}: \\w+ = ([^;]+);`).exec(limits) ?? [];
		assert.ok(text, name);
		const factor = (/** @type {string} */ one) =>
			/^[\d_]+$/.test(one) ? Number(one.replaceAll("_", "")) : ofCore(one);
		return text
			.split(" * ")
			.map(factor)
			.reduce((product, one) => product * one);
	};
	const caps = Object.entries(await import("../../www/engine/limits.js"));
	assert.ok(caps.length >= 6);
	for (const [name, value] of caps) assert.equal(value, ofCore(name), name);
});

test("every sample has words", () => {
	const samples = JSON.parse(readFileSync(path.join(WWW, "samples/index.json"), "utf8"));
	for (const { id } of samples) assert.ok(Object.hasOwn(en, `sample.${id}.title`), id);
});

test("words take numbers, forms and lists", () => {
	assert.equal(t("kinds.layer", { n: 1 }), "1 layer");
	assert.equal(t("kinds.layer", { n: 12_345 }), "12,345 layers");
	assert.equal(t("no.such.key"), "no.such.key");
	assert.equal(t("samples.load", { title: "{title} $& <b>" }), "Opening the sample “{title} $& <b>”");
	assert.equal(first("error.odd", "error.unknown"), "Something went wrong");
	assert.equal(listed(["a"]), "a");
	assert.equal(listed(["a", "b", "c"]), "a, b and c");
});

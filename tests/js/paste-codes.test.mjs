// Every code of the core about pastes and every name of an archive has its words in Chinese.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { has, loadWords, setLanguage } from "../../www/i18n/strings.js";
import { titleOf } from "../../www/model/model.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

before(async () => {
	await setLanguage("zh");
	await Promise.all([loadWords("later"), loadWords("errors"), loadWords("checks"), loadWords("pasting")]);
});

/** The code of a Rust file above its tests. @param {string} name */
const of = (name) => readFileSync(path.join(ROOT, name), "utf8").split("#[cfg(test)]")[0] ?? "";

test("every note about a paste, every kind of one and every meaning of a digest has its words by its code", () => {
	const files = readdirSync(path.join(ROOT, "src/paste"), { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(".rs") && !name.includes("tests"))
		.map((name) => `src/paste/${name}`);
	const all = [...files, "src/image/at_hand/told.rs"].map(of).join("\n");
	const codes = [...all.matchAll(/Say\(\s*"([a-z0-9-]+)",/g)].map(([, code = ""]) => code);
	assert.ok(codes.length > 80, `${codes.length}`);
	const named = (/** @type {string} */ code) => has(`core.note.${code}`) || has(`core.kind.${code}`);
	assert.deepEqual(
		codes.filter((code) => !named(code)),
		[],
	);
	const kinds = [...of("src/paste/foreign/kinds.rs").matchAll(/kind\(\s*"([a-z0-9-]+)",/g)].map(
		([, code = ""]) => code,
	);
	const trade = [...of("src/paste/trade/kind.rs").matchAll(/Self::\w+ => "([a-z-]+)"/g)].map(([, code = ""]) => code);
	assert.ok(kinds.length > 40 && trade.length === 17, `${kinds.length} ${trade.length}`);
	assert.deepEqual(
		[...kinds, ...trade].filter((code) => !has(`core.kind.${code}`)),
		[],
	);
	const meanings = [...of("src/paste/meaning.rs").matchAll(/\(\s*"([a-z-]+)",\s*"an? |\(\s*"([a-z-]+)",\s*"the /g)];
	assert.ok(meanings.length > 25, `${meanings.length}`);
	for (const [, one, other] of meanings) assert.ok(has(`core.meaning.${one ?? other}`), one ?? other);
});

test("every name of an archive", () => {
	const names = [...of("src/archive/open.rs").matchAll(/"((?:docker save|OCI layout) archive[^"]*)"/g)].map(
		([, name = ""]) => name,
	);
	assert.equal(names.length, 3);
	const node = { kind: "blob", parent: null, checks: [] };
	for (const title of names) assert.match(titleOf(/** @type {any} */ ({ ...node, title })), /归档/, title);
});

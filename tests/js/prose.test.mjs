// The rules for prose in tracked files: sentences name who acts, and a comment does not begin with a headless clause.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Folders that a build makes or an installer fills. */
const MADE = new Set("node_modules target pkg dist dist-edge out corpus artifacts".split(" "));

/** The sources below a folder, by their paths in the repository. @param {string} folder @returns {string[]} */
function sourcesIn(folder) {
	return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
		const name = folder ? `${folder}/${entry.name}` : entry.name;
		if (entry.isDirectory()) return MADE.has(entry.name) || entry.name.startsWith(".") ? [] : sourcesIn(name);
		return /\.(rs|js|mjs|ts|md|html|toml|css|py|sh|ya?ml|conf|service|env|capnp)$/.test(name) ? [name] : [];
	});
}

const NO_SUBJECT = /\b(whoever|nobody|somebody|someone|everybody|anybody|everyone|anyone|no one)\b/i;

/** Names in data and in code: a user of Unix, a variant of an enum. */
const NAMES = /"nobody"|\bnobody[./]|\bReaders::Anyone\b|^\s*Anyone,$/gm;

const HEADLESS = /^\s*(\/\/[/!]?|\/?\*\*?) (Line:|(What|Where|Which|Who|Whose|How|Whether|Whoever|Whatever|Wherever) )/;

/** This file names the words. */
const OWN = "tests/js/prose.test.mjs";

const sources = sourcesIn("").filter((name) => name !== OWN);

/** The lines of all sources that a rule forbids. @param {(line: string, name: string) => boolean} isWrong */
const wrong = (isWrong) =>
	sources.flatMap((name) =>
		readFileSync(path.join(ROOT, name), "utf8")
			.split("\n")
			.flatMap((line, at) => (isWrong(line, name) ? [`${name}:${at + 1}: ${line.trim()}`] : [])),
	);

test("sentences name who acts: a client, the reader, no engine", () => {
	assert.ok(sources.length > 1000, `${sources.length}`);
	assert.deepEqual(
		wrong((line) => NO_SUBJECT.test(line.replace(NAMES, ""))),
		[],
	);
});

test("a comment begins with a noun or a verb, unless it asks a question", () => {
	assert.deepEqual(
		wrong((line, name) => !name.endsWith(".md") && HEADLESS.test(line) && !line.includes("?")),
		[],
	);
});

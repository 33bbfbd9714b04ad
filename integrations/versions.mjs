/** The version of everything, which stands in Cargo.toml: `node versions.mjs` checks the others, `--write VERSION` sets all. */

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SOURCE = "Cargo.toml";
const NUMBER = "(\\d+\\.\\d+\\.\\d+[-+.\\w]*)";

/** The places of the version, each with the text before it, and the text behind it if that looks like a part of it. @type {[file: string, before: string, behind?: string][]} */
const PLACES = [
	[SOURCE, '\\[workspace\\.package\\]\\nversion = "'],
	["server/Cargo.toml", 'stowplan-policy = \\{ version = "'],
	["package.json", '"version": "'],
	["package-lock.json", '^\\{\\s+"name": "stowplan",\\s+"version": "'],
	["package-lock.json", '"": \\{\\s+"name": "stowplan",\\s+"version": "'],
	...["vitepress", "docusaurus", "starlight"].flatMap((name) => [
		/** @type {[string, string]} */ ([`integrations/${name}/package.json`, '"version": "']),
		/** @type {[string, string]} */ ([`integrations/${name}/package.json`, '"stowplan": "']),
	]),
	["integrations/mkdocs/pyproject.toml", '\\nversion = "'],
	["integrations/sphinx/pyproject.toml", '\\nversion = "'],
	["integrations/sphinx/sphinx_stowplan/__init__.py", '"version": "'],
	["integrations/github/action.yml", 'version of the npm package\\.\\s+default: "'],
	["integrations/github/README.md", "integrations/github@v"],
	["integrations/gitlab/stowplan.yml", 'STOWPLAN_VERSION: "'],
	["docs/npm.md", "/npm/stowplan@"],
	["deploy/compose.yaml", "image: stowplan-server:"],
	// Debian's own number of the package follows, as cargo-deb gives it.
	["deploy/debian/changelog", "^stowplan-server \\(", "-1\\)"],
];

const [, , flag, given] = process.argv;
const read = (/** @type {string} */ name) => readFile(path.join(ROOT, name), "utf8");
const found = async (/** @type {string} */ file, /** @type {string} */ before, behind = "") =>
	new RegExp(`(${before})${NUMBER}(?=${behind})`).exec(await read(file));

const version = flag === "--write" ? given : (await found(SOURCE, String(PLACES[0]?.[1])))?.[2];
if (!version || !new RegExp(`^${NUMBER}$`).test(version)) throw new Error(`"${version}" is no version`);
const wrong = [];
for (const [file, before, behind] of PLACES) {
	const match = await found(file, before, behind);
	if (!match) wrong.push(`${file} has no version behind ${before}`);
	else if (flag === "--write")
		await writeFile(
			path.join(ROOT, file),
			(await read(file)).replace(match[0], () => `${match[1]}${version}`),
		);
	else if (match[2] !== version) wrong.push(`${file} says ${match[2]}, ${SOURCE} says ${version}`);
}
if (wrong.length > 0) {
	console.error(wrong.join("\n"));
	process.exitCode = 1;
}

// In Chinese no answer about a paste holds an English sentence: every code that the core has is filled with all that can fill it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { has, loadWords, setLanguage, t } from "../../www/i18n/strings.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Three words of small letters in a row: names of programs and members are no sentence. */
const ENGLISH = /(?:^|[^\w./:@-])[a-z]{2,}(?: [a-z]{2,}){2,}/;

/** Commands stand in a sentence as they are typed. */
const AS_WRITTEN =
	/\b(?:argocd|aws|az|ctr|flux|gcloud|oc|docker|podman|crictl|kubectl|oras|cosign|helm|skopeo|git|imagetools)(?: -*[a-z]+)+/g;

before(async () => {
	await setLanguage("zh");
	await Promise.all([loadWords("later"), loadWords("errors"), loadWords("checks"), loadWords("pasting")]);
});

/** The code of a file above its tests. @param {string} name */
const code = (name) => readFileSync(path.join(ROOT, name), "utf8").split("#[cfg(test)]")[0] ?? "";

/** The Rust files of folders. @param {...string} folders */
const files = (...folders) =>
	folders.flatMap((folder) =>
		readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(".rs") && !name.includes("tests"))
			.map((name) => path.join(folder, name)),
	);

/** Every code with its English sentence. @param {string} text */
const says = (text) =>
	[...text.matchAll(/(?:Say|kind)\(\s*"([a-z0-9-]+)",\s*"((?:[^"\\]|\\.)*)"/g)].map(([, code = "", english = ""]) => ({
		code,
		english,
	}));

/** @param {string} words @param {string} what */
function assertChinese(words, what) {
	const bare = words.replace(AS_WRITTEN, "");
	assert.doesNotMatch(bare, ENGLISH, what);
	assert.match(words, /\p{Script=Han}/u, what);
}

test("each code about a paste, with each value that the core puts into its sentence", () => {
	const all = says([...files("src/paste"), "src/image/at_hand/told.rs"].map(code).join("\n"));
	assert.ok(all.length > 140, `${all.length}`);
	const places = all
		.filter(({ english }) => /^(?:the|a) /.test(english))
		.map(({ code }) => t(`core.note.${code}`, { label: "Digest", name: "crane manifest" }));
	assert.ok(places.length > 10, `${places.length}`);
	const titles = [...code("src/paste/forms/document.rs").matchAll(/=> "([a-z0-9 -]+)",/g)].map(
		([, title = ""]) => title,
	);
	assert.ok(titles.length > 6, `${titles.length}`);
	/** @type {Record<string, string[]>} */
	const values = { from: places, what: titles, why: ["a digest is an algorithm, a colon and hex"] };
	for (const { code, english } of all) {
		const key = [`core.note.${code}`, `core.kind.${code}`].find(has);
		assert.ok(key, code);
		const holes = [...english.matchAll(/\{(\w+)\}/g)].map(([, hole = ""]) => hole);
		const most = Math.max(1, ...holes.map((hole) => values[hole]?.length ?? 1));
		for (let at = 0; at < most; at++) {
			const params = Object.fromEntries(
				holes.map((hole) => [hole, values[hole]?.[at % (values[hole]?.length ?? 1)] ?? "X"]),
			);
			assertChinese(t(key, params), `${code} ${JSON.stringify(params)}`);
		}
	}
});

test("each form, kind of a file, meaning and step", () => {
	const forms = [...code("src/paste/form.rs").matchAll(/=> \(\s*"([a-z-]+)",/g)].map(([, code = ""]) => code);
	assert.ok(forms.length > 17, `${forms.length}`);
	for (const form of forms) for (const part of ["what", "proof"]) assertChinese(t(`core.form.${form}.${part}`), form);
	const kinds = [...code("src/paste/trade/kind.rs").matchAll(/Self::\w+ => "([a-z-]+)"/g)].map(([, code = ""]) => code);
	for (const kind of kinds) assertChinese(t(`core.kind.${kind}`), kind);
	const meanings = [...code("src/paste/meaning.rs").matchAll(/\(\s*"([a-z-]+)",\s*"(?:an? |the )/g)].map(
		([, code = ""]) => code,
	);
	assert.ok(meanings.length > 27, `${meanings.length}`);
	for (const meaning of meanings) assertChinese(t("pasted.beginning", { what: t(`core.meaning.${meaning}`) }), meaning);
	const steps = [
		...code("src/recover/repair.rs").matchAll(/repair\(\s*"((?:[^"\\]|\\.)*)"/g),
		...code("src/carriers/mod.rs").matchAll(/carrier\(\s*"((?:[^"\\]|\\.)*)"/g),
	].map(
		([, words = ""]) =>
			words
				.split(" (")[0]
				?.replace(/'/g, "")
				.replace(/[^A-Za-z0-9]+/g, " ")
				.trim()
				.toLowerCase()
				.replaceAll(" ", "-") ?? "",
	);
	assert.ok(steps.length > 50, `${steps.length}`);
	for (const step of steps) assertChinese(t(`core.step.${step}`), step);
});

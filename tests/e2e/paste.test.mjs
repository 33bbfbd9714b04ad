// In the page: what people paste, read there as in Node; recovery, several texts, the keyboard alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sha256 } from "./support/documents.mjs";
import { box, errorCode, focused, rows, tabTo, verdict } from "./support/page.mjs";
import { ARTICLE, C, CONFIG, I, INDEX, M, MANIFEST, PASTES } from "./support/pastes.mjs";
import {
	assertRecovered,
	assertTop,
	clipboard,
	exported,
	found,
	headline,
	openPanel,
	panel,
	pasted,
	pasteInto,
	plain,
	send,
	startPasting,
	toClipboard,
	verify,
} from "./support/pasting.mjs";
import { drawn } from "./support/world.mjs";

/** The verdict over the bytes of that digest. */
const recovered = (digest) =>
	`passed The original bytes were recovered They match ${digest.slice(7, 19)} Layers 0 of 1 verified`;
const NOTHING = "for your information No manifest in the pasted text";

let world;
before(async () => {
	world = await startPasting();
});
after(() => world?.stop());

for (const paste of PASTES) {
	test(`${paste.name}, pasted: what it is, the verdict, and the report of Node`, () =>
		world.onPage(async (page) => {
			await openPanel(page);
			await pasteInto(page, paste.text);
			await verify(page, paste.given);
			assert.match(await headline(page), verdictOf(paste));
			await assertPasted(page, paste);
			if (paste.root) await assertTop(page, paste.root);
			if (paste.steps) await assertRecovered(page, paste.steps, paste.root[1]);
			else assert.equal(await found(page).count(), 0);
			assert.deepEqual(await exported(page), plain(await world.api.open(paste.text, { expected: paste.given })));
		}));
}

test("the keyboard alone pastes the article's manifest with its digest and reads that it is recovered", () =>
	world.onPage(async (page) => {
		await tabTo(page, ".paste-open");
		await page.keyboard.press("Enter");
		await focused(page, "textarea");
		await page.keyboard.insertText(ARTICLE.text);
		await tabTo(page, "#paste-expected");
		await page.keyboard.type(ARTICLE.digest);
		await page.keyboard.press("Enter");
		assert.equal(await headline(page), recovered(ARTICLE.digest));
		await assertRecovered(page, ARTICLE.steps, ARTICLE.digest);
		await page.getByRole("status").getByText("The original bytes were recovered").waitFor({ state: "attached" });
		await tabTo(page, ".recovered .actions button");
		await page.keyboard.press("Enter");
		assert.equal(sha256(await clipboard(page)), ARTICLE.digest);
	}));

test("the keyboard alone adds one text to another, and Escape puts the panel away", () =>
	world.onPage(async (page) => {
		await tabTo(page, ".paste-open");
		await page.keyboard.press("Enter");
		await focused(page, "textarea");
		await page.keyboard.press("Escape");
		await panel(page).waitFor({ state: "detached" });
		await focused(page, ".paste-open");
		await page.keyboard.press("Enter");
		await focused(page, "textarea");
		await page.keyboard.insertText(MANIFEST);
		await tabTo(page, "button[type=button]:not(.quiet)");
		await page.keyboard.press("Enter");
		await focused(page, "textarea");
		await page.keyboard.insertText(CONFIG);
		await page.keyboard.press("Control+Enter");
		await rows(page, "config").waitFor();
		assert.equal((await exported(page)).nodes[1].read, true);
	}));

test("a paste into the box or anywhere on the page is taken with all its lines", () =>
	world.onPage(async (page) => {
		const { text } = PASTES.find(({ form }) => form === "http-response");
		await box(page).focus();
		await toClipboard(page, text);
		await page.keyboard.press("ControlOrMeta+V");
		await rows(page, "manifest").waitFor();
		assert.deepEqual(await exported(page), plain(await world.api.open(text)));
		await page.reload();
		await drawn(page);
		await page.keyboard.press("ControlOrMeta+V");
		await rows(page, "manifest").waitFor();
		assert.match(await headline(page), /^(passed|for your information) /);
		assert.deepEqual(await exported(page), plain(await world.api.open(text)));
	}));

test("an index, a manifest indented anew and a config pasted one after another are one tree", () =>
	world.onPage(async (page) => {
		const texts = [INDEX, JSON.stringify(JSON.parse(MANIFEST), null, "\t"), CONFIG];
		await openPanel(page);
		await pasteInto(page, texts[0]);
		await page.getByRole("button", { name: "Add another" }).click();
		await pasteInto(page, texts[1]);
		await verify(page);
		await rows(page, "index").waitFor();
		await page.getByRole("button", { name: "Add another paste" }).click();
		assert.equal(
			await panel(page).getByRole("list", { name: "Texts to read together" }).getByRole("listitem").count(),
			2,
		);
		await pasteInto(page, texts[2]);
		await verify(page);
		await pasted(page).getByRole("listitem").nth(2).waitFor();
		assert.equal(await headline(page), recovered(M));
		for (const [kind, digest] of [
			["index", I],
			["manifest", M],
			["config", C],
		])
			await assertTop(page, [kind, digest]);
		assert.deepEqual(await exported(page), plain(await world.api.open(texts)));
	}));

test("the sample of an article shows recovered, its steps, the bytes and the difference", () =>
	world.onPage(async (page) => {
		await page.locator("[data-sample=article]").click();
		assert.equal(await headline(page), recovered(ARTICLE.digest));
		await assertRecovered(page, ARTICLE.steps, ARTICLE.digest);
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			found(page).getByRole("button", { name: "Download" }).click(),
		]);
		assert.equal(sha256(readFileSync(await download.path())), ARTICLE.digest);
		const difference = page.getByRole("region", { name: "Pasted and recovered, line by line" });
		assert.match(await difference.innerText(), /"schemaVersion":·2,↵/);
		assert.deepEqual((await exported(page)).recovered, { steps: ARTICLE.steps, digest: ARTICLE.digest });
	}));

test("without a digest the known forms are shown, and the right digest given there recovers", () =>
	world.onPage(async (page) => {
		await openPanel(page);
		await pasteInto(page, ARTICLE.text);
		await verify(page);
		const forms = page.getByRole("region", { name: "Its digest in the well-known forms" }).first();
		await forms.getByRole("row").filter({ hasText: ARTICLE.digest }).waitFor();
		await forms.getByLabel("Do you know the expected digest?").fill(ARTICLE.digest);
		await forms.getByRole("button", { name: "Verify" }).click();
		await verdict(page).getByText("The original bytes were recovered").waitFor();
		await assertRecovered(page, ARTICLE.steps, ARTICLE.digest);
	}));

test("another document than the expected one fails with both digests", () =>
	world.onPage(async (page) => {
		const other = MANIFEST.replace("667590", "667591");
		await openPanel(page);
		await pasteInto(page, other);
		await verify(page, M);
		assert.match(await headline(page), /^failed /);
		const words = await verdict(page).innerText();
		for (const digest of [M, sha256(other)]) assert.ok(words.includes(digest), words);
		assert.equal(await found(page).count(), 0);
	}));

test("a digest that is none is an error, which does not cost the text", () =>
	world.onPage(async (page) => {
		await openPanel(page);
		await pasteInto(page, MANIFEST);
		await send(page, "sha256:12");
		assert.equal(await errorCode(page), "invalid-digest");
		await verify(page, M);
		await assertTop(page, ["manifest", M]);
		assert.match(await headline(page), /^(passed|for your information) /);
	}));

/** @param {import("./support/pastes.mjs").Paste} paste */
function verdictOf({ root, steps, verdict }) {
	if (!root) return new RegExp(`^${NOTHING}$`);
	if (steps) return new RegExp(`^${recovered(root[1])}$`);
	return verdict === "verified" ? /^(passed|for your information) / : /^(passed|for your information) /;
}

/** @param {any} page @param {import("./support/pastes.mjs").Paste} paste */
async function assertPasted(page, { text, from, expected, mentions = [] }) {
	const [{ title, proof, notes }] = (await world.api.open(text)).pasted;
	const words = await pasted(page).innerText();
	for (const sentence of [title, proof, ...notes]) assert.ok(words.includes(sentence), `${sentence} in ${words}`);
	if (expected) assert.ok(words.includes(expected) && words.includes(`from ${from}`), words);
	const table = pasted(page).locator("table.mentions tbody tr");
	const told = await table.allInnerTexts();
	for (const [digest, what] of mentions) {
		const short = digest.replace("sha256:", "").slice(0, 12);
		assert.ok(
			told.some((row) => row.includes(short) && what.test(row)),
			`${digest} as ${what} in ${told.join(" | ")}`,
		);
	}
}

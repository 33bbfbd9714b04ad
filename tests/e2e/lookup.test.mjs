// In the page: what is this sha256? Digests and their beginnings in the identity card and the box, and formulas opened.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sha256 } from "./support/documents.mjs";
import { box, openSection, verdict } from "./support/page.mjs";
import { C, CONFIG, M, MANIFEST, PAYLOAD, SCHEMA1 } from "./support/pastes.mjs";
import { openPanel, pasted, pasteInto, startPasting, verify } from "./support/pasting.mjs";

let world;
before(async () => {
	world = await startPasting();
});
after(() => world?.stop());

for (const [name, query, words] of /** @type {[string, string, RegExp][]} */ ([
	["a prefix of the config digest", C.slice(7, 13), /config/],
	["a whole manifest digest", M, /manifest/],
	["hex that is nowhere", "0123456789ab", /does not occur in what is in view/],
	["a word", "latest", /not a digest: it takes 6 or more hex digits/],
])) {
	test(`what is this sha256? ${name}`, () =>
		world.onPage(async (page) => {
			await show(page, `$ crane manifest a/b\n${MANIFEST}\n$ crane config a/b\n${CONFIG}\n`);
			const section = await openSection(page, "IDs");
			await section.getByLabel(/^What is this sha256\?/).fill(query);
			await section.getByRole("button", { name: "Look up" }).click();
			assert.match(await section.locator(".found").innerText(), words);
			const lit = section.locator("tr.lit");
			const digest = [C, M].find((one) => one.includes(query));
			if (digest) assert.ok((await lit.first().innerText()).includes(digest.slice(7, 19)));
			else assert.equal(await lit.count(), 0);
			if (name === "a word") return;
			await box(page).fill(query);
			await box(page).press("Enter");
			await page.locator("section.answer").getByText(words).first().waitFor();
		}));
}

test("a digest in the box with nothing in view is a paste of its own", () =>
	world.onPage(async (page) => {
		await box(page).fill(M);
		await box(page).press("Enter");
		await pasted(page).getByText("This is a digest.").waitFor();
		assert.match(await verdict(page).innerText(), /No manifest in the pasted text/);
	}));

for (const [name, text, formula, bytes] of /** @type {[string, string, string, string][]} */ ([
	["a manifest", MANIFEST, "sha256(manifest bytes)", MANIFEST],
	["a config", CONFIG, "sha256(config bytes)", CONFIG],
])) {
	test(`the formula of ${name}, opened, shows the bytes, hashes them again and names the commands`, () =>
		world.onPage(async (page) => {
			await show(page, text);
			const section = await openSection(page, "IDs");
			await section.getByRole("button", { name: formula }).first().click();
			const opened = section.locator("tr.opened");
			const made = await opened.locator(".made-equal").innerText();
			assert.ok(made.includes(sha256(bytes)), made);
			assert.ok(made.replaceAll(",", "").includes(`${Buffer.byteLength(bytes)} bytes`), made);
			assert.match(await opened.innerText(), /sha256sum/);
		}));
}

test("the formula of a signed schema 1 manifest, opened, says that its payload goes in", () =>
	world.onPage(async (page) => {
		await show(page, SCHEMA1);
		const section = await openSection(page, "IDs");
		const row = section
			.getByRole("row")
			.filter({ hasText: sha256(PAYLOAD) })
			.first();
		await row.getByRole("button", { name: /^sha256\(JWS payload/ }).click();
		await section.locator("tr.opened").getByText("The signed document without its signatures goes in").waitFor();
	}));

async function show(page, text) {
	await openPanel(page);
	await pasteInto(page, text);
	await verify(page);
}

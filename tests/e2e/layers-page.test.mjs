// In the page: the layers of real images are read, proved and listed; a lie, a cut and a cap each show at their place.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lies } from "./support/lies.mjs";
import { details, headOf, inspect, openTab, rows, verdict } from "./support/page.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

const button = (page) => verdict(page).getByRole("button", { name: /^Verify layers · / });

/** Reads all layers and waits for the end. */
async function verifyAll(page) {
	await button(page).click();
	await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
}

/** The checks of the nth layer, a line each. */
const checksOf = async (page, index = 0) => (await openTab(page, "layer", /checks/i, index)).innerText();

for (const name of ["oci", "schema2", "zstd"]) {
	test(`${name}: every layer is proved and lists its files`, () =>
		world.onPage(async (page) => {
			assert.match(await inspect(page, world.ref(name)), /0 of \d+ verified/);
			await verifyAll(page);
			const words = await headOf(page);
			assert.doesNotMatch(words, /failed|0 of/);
			assert.equal(await button(page).count(), 0, "nothing is left to verify");
			const text = await checksOf(page);
			assert.match(text, /the digest of the layer's bytes is the one given by the descriptor/);
			assert.match(text, /the digest of the unpacked tar is the DiffID given by the config/);
			assert.match(text, /\d+ entr(y|ies) in [\d,]+ bytes/);
			await details(page).getByRole("tab", { name: "Files" }).click();
			const listed = details(page).getByRole("tabpanel").getByRole("row");
			await listed.nth(1).waitFor();
			assert.match(await listed.nth(1).innerText(), /^[-dl][rwxsStT-]{9}\s/);
		}));
}

test("a flipped byte shows at its layer, with both values, and reading again can mend it", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await inspect(page, world.ref("schema2", world.liar.host));
			const layer = JSON.parse(world.images.schema2.text).layers[0].digest;
			world.liar.lie(new RegExp(`/blobs/${layer}`), lies.flipByte(40));
			await verifyAll(page);
			assert.match(await headOf(page), /failed/);
			const text = await checksOf(page);
			assert.match(text, /the digest of the layer's bytes is not the one given by the descriptor/);
			assert.ok(text.includes(layer), text);
			world.liar.reset();
			await details(page).getByRole("button", { name: "Download again" }).click();
			await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
			assert.doesNotMatch(await headOf(page), /failed/);
		},
		{ expected: FAILED_LOAD },
	));

test("a blob that the registry has not is not checked, with the reason, and what was shown stays", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await inspect(page, world.ref("schema2", world.liar.host));
			const layer = JSON.parse(world.images.schema2.text).layers[0].digest;
			world.liar.lie(new RegExp(`/blobs/${layer}`), lies.status(404));
			await verifyAll(page);
			assert.match(await checksOf(page), /the layer could not be read: .*has no blob/);
			assert.match(await button(page).innerText(), /^Verify layers · /);
			world.liar.reset();
			assert.ok((await rows(page, "layer").count()) > 0);
		},
		{ expected: FAILED_LOAD },
	));

test("layers of what stayed in view when another image failed leave the address to that one", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await inspect(page, world.ref("schema2"));
			world.liar.lie(/\/v2\//, lies.status(404));
			const other = world.ref("oci", world.liar.host);
			await page.evaluate((ref) => {
				location.hash = `ref=${ref}`;
			}, other);
			await page.getByRole("alert").waitFor();
			const address = page.url();
			await rows(page, "config").first().click();
			await verifyAll(page);
			assert.equal(
				await rows(page, "config").first().getAttribute("aria-selected"),
				"true",
				"what was selected stays so",
			);
			await rows(page, "layer").first().click();
			// Longer than an address waits for arrow keys held down.
			await page.waitForTimeout(300);
			assert.equal(page.url(), address);
			world.liar.reset();
		},
		{ expected: FAILED_LOAD },
	));

test("a cut connection goes on where it broke off", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await inspect(page, world.ref("schema2", world.liar.host));
			const layer = JSON.parse(world.images.schema2.text).layers[0].digest;
			world.liar.lie(new RegExp(`/blobs/${layer}`), lies.cut(60), 1);
			await verifyAll(page);
			assert.doesNotMatch(await headOf(page), /failed|0 of/);
			const asked = world.liar.requests.filter(({ path, method }) => method === "GET" && path.includes(layer));
			assert.equal(asked.at(-1)?.headers.range, "bytes=60-");
		},
		{ expected: FAILED_LOAD },
	));

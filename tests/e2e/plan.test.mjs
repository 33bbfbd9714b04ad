// In others' pages: <stow-plan> from another origin and under a strict policy, with everything that its author may set.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect, makeSnapshot } from "../../dist/www/api.js";
import { withPage } from "./support/browser.mjs";
import { line, startDocs, strictPolicy } from "./support/docs.mjs";
import { startWorld } from "./support/world.mjs";

let world;
let docs;
let report;
before(async () => {
	world = await startWorld();
	const host = world.app.url.slice(0, -1);
	docs = await startDocs({}, { csp: strictPolicy(host) });
	report = await inspect(world.ref("index"), { proxy: world.app.proxy });
	docs.pages["/app.stowplan.json"] = JSON.stringify(await makeSnapshot(report));
});
after(async () => {
	await docs?.stop();
	await world?.stop();
});

/** An element for an image of the registry. */
const plan = (name, more = "") =>
	`<stow-plan reference="${world.ref(name)}" proxy="${world.app.proxy}" ${more}>How ${name} is made</stow-plan>`;

/** A page of the documentation that shows this. */
const onDocs = (body, use, options = {}) =>
	withPage(
		world.browser,
		async (page) => {
			docs.pages["/page"] = line(world.app) + body;
			await page.addInitScript(() => {
				globalThis.heard = [];
				for (const name of ["stow-load", "stow-verdict", "stow-error"])
					addEventListener(name, (/** @type {any} */ { type, target, detail }) =>
						globalThis.heard.push({ type, id: target.id, detail }),
					);
			});
			await page.goto(`${docs.url}/page`);
			await use(page);
		},
		options,
	);

const verdict = (page, index = 0) => page.locator("stow-plan").nth(index).getByRole("region", { name: "Verdict" });
const heard = (page) => page.evaluate(() => globalThis.heard);

test("an image is drawn and proved in a page of another origin, under a strict policy", () =>
	onDocs(plan("index"), async (page) => {
		assert.match(await verdict(page).innerText(), /checks passed; .*not downloaded/);
		assert.ok((await page.getByRole("treeitem").count()) >= 5);
		const [load, told] = await heard(page);
		assert.deepEqual([load.type, told.type], ["stow-load", "stow-verdict"]);
		assert.equal(load.detail.report.roots.length, 1);
		assert.equal(told.detail.verdict, "incomplete");
		assert.equal(told.detail.digest, world.images.index.digest);
	}));

test("a snapshot is proved without any registry", () =>
	onDocs(`<stow-plan src="app.stowplan.json"></stow-plan>`, async (page) => {
		assert.match(await verdict(page).innerText(), /checks passed/);
		assert.match(await verdict(page).innerText(), /A snapshot, taken \d{4}-\d\d-\d\d/);
		const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
		assert.ok(!asked.some((name) => name.includes("/proxy/")), `${asked}`);
	}));

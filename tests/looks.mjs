// Off the line: a picture of every state of the page, at three widths, light and dark, for people to look at.
// `node tests/looks.mjs [--only PART] [--width 360,768,1440] [--theme light,dark] [--out FOLDER]`, after `cargo xtask build`.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withPage } from "./e2e/support/browser.mjs";
import { putHarbour } from "./e2e/support/harbour.mjs";
import { OUT } from "./e2e/support/images.mjs";
import { STATES } from "./e2e/support/states.mjs";
import { startWorld } from "./e2e/support/world.mjs";

const HEIGHT = 900;
const { values } = parseArgs({
	options: {
		only: { type: "string", default: "" },
		width: { type: "string", default: "360,768,1440" },
		theme: { type: "string", default: "light,dark" },
		out: { type: "string", default: join(OUT, "looks") },
	},
});
const widths = values.width.split(",").map(Number);
const themes = /** @type {("light" | "dark")[]} */ (values.theme.split(","));
mkdirSync(values.out, { recursive: true });

const world = await startWorld();
const { path } = await putHarbour(world.registry.url);
const about = { ...world, harbour: `${world.registry.host}/${path}` };
let failed = 0;
for (const state of STATES.filter(({ name }) => name.includes(values.only))) {
	try {
		await withPage(world.browser, (page) => take(page, state), { expected: /./, reducedMotion: "reduce" });
	} catch (error) {
		failed++;
		console.error(`${state.name}: ${error}`);
	}
}
await world.stop();
process.exit(failed > 0 ? 1 : 0);

/** @param {import("playwright-core").Page} page @param {import("./e2e/support/states.mjs").State} state */
async function take(page, { name, show }) {
	world.liar.reset();
	await page.goto(world.app.url);
	await page.locator("[data-sample]").first().waitFor();
	await show(page, /** @type {any} */ (about));
	for (const width of widths) {
		await page.setViewportSize({ width, height: HEIGHT });
		for (const colorScheme of themes) {
			await page.emulateMedia({ colorScheme });
			await page.screenshot({ path: join(values.out, `${name}-${width}-${colorScheme}.png`), fullPage: true });
		}
	}
	console.log(name);
}

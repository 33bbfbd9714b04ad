// Off the line: a picture of every state of the page, at three widths, light and dark, for people to look at.
// `node tests/looks.mjs [--only PART] [--width 360,768,1440] [--theme light,dark] [--language zh]
// [--out FOLDER]`, after `cargo xtask build`.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withPage } from "./e2e/support/browser.mjs";
import { turnChinese } from "./e2e/support/chinese.mjs";
import { OUT } from "./e2e/support/images.mjs";
import { startStage } from "./e2e/support/stage.mjs";
import { enter, STATES } from "./e2e/support/states.mjs";

const HEIGHT = 900;
const { values } = parseArgs({
	options: {
		only: { type: "string", default: "" },
		width: { type: "string", default: "360,768,1440" },
		theme: { type: "string", default: "light,dark" },
		language: { type: "string", default: "en" },
		out: { type: "string", default: join(OUT, "looks") },
	},
});
const widths = values.width.split(",").map(Number);
const themes = /** @type {("light" | "dark")[]} */ (values.theme.split(","));
mkdirSync(values.out, { recursive: true });

const world = await startStage();
let failed = 0;
for (const state of STATES.filter(({ name }) => new RegExp(values.only).test(name))) {
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
async function take(page, state) {
	const { name } = state;
	await enter(page, world, state);
	if (values.language === "zh") await turnChinese(page);
	for (const width of widths) {
		await page.setViewportSize({ width, height: HEIGHT });
		for (const colorScheme of themes) {
			await page.emulateMedia({ colorScheme });
			// Lists that are drawn by what is in view follow the size.
			await page.waitForTimeout(150);
			await page.screenshot({ path: join(values.out, `${name}-${width}-${colorScheme}.png`), fullPage: true });
		}
	}
	console.log(name);
}

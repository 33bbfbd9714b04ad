// Off the line, under the browser tests: what axe-core finds in a page, in words.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Half of what the package's own `source` is: each page has to read it. */
const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Each finding with its first places; axe comes into the page with the first question.
 * @param {import("playwright-core").Page} page
 * @param {{ within?: string, runOnly?: { type: "tag" | "rule", values: string[] } }} [options] a selector; the rules, else
 *   those that axe itself runs
 * @returns {Promise<string[]>}
 */
export async function axeFindings(page, options = {}) {
	if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(SOURCE);
	return page.evaluate(async ({ within, ...rules }) => {
		const run = { ...rules, resultTypes: ["violations"] };
		const { violations } = await /** @type {any} */ (globalThis).axe.run(within ?? document, run);
		return violations.map(({ id, help, nodes }) => {
			const places = nodes.slice(0, 3).map(({ target, html }) => `${target.join(" ")} ${html.slice(0, 160)}`);
			return `${id}: ${help}: ${places.join("; ")}`;
		});
	}, options);
}

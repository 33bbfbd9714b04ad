// In the page: it draws frames all the while that a long document is searched for its original bytes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { measured } from "./support/clocks.mjs";
import { sha256 } from "./support/documents.mjs";
import { MANIFEST } from "./support/pastes.mjs";
import { headline, openPanel, panel, pasteInto, startPasting } from "./support/pasting.mjs";

/** The longest time without a frame. The page's own work takes some 50 ms; a search in the page's thread would take seconds. */
const LONGEST_MS = 300;

let world;
before(async () => {
	world = await startPasting();
});
after(() => world?.stop());

test("the page answers while a document of 64 KiB is searched for its original", () =>
	world.onPage(async (page) => {
		const text = large();
		assert.ok(text.length >= 64 << 10, `${text.length} bytes`);
		const search = async (nth) => {
			if (nth > 0) await page.getByRole("link", { name: "Stowplan", exact: true }).click();
			await openPanel(page);
			await pasteInto(page, text);
			await panel(page)
				.getByLabel("Expected digest (optional)")
				.fill(sha256(`something else ${nth}`));
			const run = page.evaluate(ticksWhileBusy);
			await panel(page).getByRole("button", { name: "Verify" }).click();
			const found = await run;
			assert.match(await headline(page), /^failed /);
			return found;
		};
		const { ticks, longest } = await measured(search, ({ longest }) => longest <= LONGEST_MS);
		assert.ok(ticks > 2 && longest <= LONGEST_MS, `${ticks} frames, ${longest} ms without one`);
	}));

/** In the page: the longest time without a frame from Verify until the verdict is drawn. */
function ticksWhileBusy() {
	const before = document.querySelector(".banner .values")?.textContent;
	let [last, longest, ticks] = [0, 0, 0];
	return new Promise((resolve) => {
		const tick = () => {
			const now = performance.now();
			[longest, ticks, last] = [Math.max(longest, now - last), ticks + 1, now];
			const values = document.querySelector(".banner .values")?.textContent;
			if (values && values !== before) resolve({ longest, ticks });
			else requestAnimationFrame(tick);
		};
		const start = () => {
			last = performance.now();
			requestAnimationFrame(tick);
		};
		addEventListener("submit", start, { once: true, capture: true });
	});
}

/** A manifest whose annotations make it long. */
function large() {
	const annotations = Object.fromEntries(
		Array.from({ length: 650 }, (_, n) => [`com.example.note.${n}`, `é/<${sha256(String(n))}>`]),
	);
	return JSON.stringify({ ...JSON.parse(MANIFEST), annotations }, null, 2);
}

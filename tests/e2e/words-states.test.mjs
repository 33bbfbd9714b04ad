// In the page: every state that there is, switched to Chinese while it is shown: nothing of it stays behind in English.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { screenshot, withPage } from "./support/browser.mjs";
import { leftInEnglish, turnChinese } from "./support/chinese.mjs";
import { startStage } from "./support/stage.mjs";
import { enter, STATES } from "./support/states.mjs";

let world;
before(async () => {
	world = await startStage();
});
after(() => world?.stop());

/** Paths in the image in view. */
const DATA = [
	...["app/server.js", "app/package.json", "app/public/logo.png", "bin/busybox", "srv/greeting.txt", "Pull complete"],
	...[
		"app-1.4-linux-amd64.oci.tar",
		"app-1.4.oci.tar",
		"docker.io/harbour/app",
		"harbour/app",
		"harbour/nothing",
		"here",
	],
	...[
		"stowplan-badge.svg",
		"app.stowplan.json",
		"README",
		"demo/app",
		"wrong-size",
		"notes.txt",
		"harbour.tar",
		"not a reference",
	],
	...["MANIFEST_UNKNOWN", "manifest unknown"],
];

for (const state of STATES) {
	const { name } = state;
	test(`${name}: all of it turns Chinese`, () =>
		withPage(
			world.browser,
			async (page) => {
				await enter(page, world, state);
				await turnChinese(page);
				assert.deepEqual(await leftInEnglish(page, DATA), []);
				await screenshot(page, `zh-state-${name}`, { fullPage: true });
			},
			{ expected: /Failed to load resource|net::/, reducedMotion: "reduce" },
		));
}

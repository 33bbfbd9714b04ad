// In the page as it is served: Lighthouse has nothing to ask for but speed, which `cargo xtask bench` measures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startApp } from "./support/app.mjs";
import { audit } from "./support/lighthouse.mjs";

let app;
before(async () => {
	app = await startApp();
});
after(() => app?.stop());

const CATEGORIES = ["accessibility", "best-practices", "seo"];

for (const [name, hash] of Object.entries({ "first visit": "", "sample image": "#sample=hello" })) {
	test(`Lighthouse gives the ${name} 100 for accessibility, best practices and search`, async () => {
		const { scores, missed } = await audit(`${app.url}${hash}`, CATEGORIES);
		assert.deepEqual(scores, Object.fromEntries(CATEGORIES.map((id) => [id, 100])), missed.join("; "));
		assert.deepEqual(missed, []);
	});
}

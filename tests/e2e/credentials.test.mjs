// In the page: registries that want credentials get them when they ask, and never before.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { alert, ask, errorCode, giveCredentials, inspect, shown } from "./support/page.mjs";
import { USER } from "./support/registry.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld({ auth: ["basic", "token"] });
});
after(() => world?.stop());

for (const auth of ["basic", "token"]) {
	test(`${auth}: a private image is refused, then shown with credentials from the settings`, () =>
		world.onPage(
			async (page) => {
				const reference = world.ref("private", world.guarded[auth].host);
				await ask(page, reference);
				assert.equal(await errorCode(page), "unauthorized");
				await giveCredentials(page, world.guarded[auth].host, USER);
				await alert(page).getByRole("button", { name: "Try again" }).click();
				assert.doesNotMatch(await shown(page, reference), /failed/);
			},
			{ expected: FAILED_LOAD },
		));

	test(`${auth}: wrong credentials are refused in words`, () =>
		world.onPage(
			async (page) => {
				await giveCredentials(page, world.guarded[auth].host, { ...USER, password: "wrong" });
				await ask(page, world.ref("private", world.guarded[auth].host));
				assert.equal(await errorCode(page), "unauthorized");
			},
			{ expected: FAILED_LOAD },
		));
}

test("token: a public image needs no credentials", () =>
	world.onPage(
		async (page) => {
			assert.doesNotMatch(await inspect(page, world.ref("index", world.guarded.token.host)), /failed/);
		},
		{ expected: FAILED_LOAD },
	));

test("credentials are not stored: after a reload they are gone", () =>
	world.onPage(
		async (page) => {
			await giveCredentials(page, world.guarded.basic.host, USER);
			const stored = await page.evaluate(() =>
				JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
			);
			assert.ok(!stored.includes(USER.username) && !stored.includes(USER.password), stored);
			await page.reload();
			await ask(page, world.ref("private", world.guarded.basic.host));
			assert.equal(await errorCode(page), "unauthorized");
			assert.ok(!page.url().includes(USER.username));
		},
		{ expected: FAILED_LOAD },
	));

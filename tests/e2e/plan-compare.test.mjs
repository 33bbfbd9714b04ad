// In others' pages: <stow-plan-compare> holds two images against each other, from another origin and under a strict policy.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { noise } from "../wasm/layer-registry.mjs";
import { axeFindings } from "./support/axe.mjs";
import { screenshot } from "./support/browser.mjs";
import { showIn, startDocs, startWitness, strictPolicy } from "./support/docs.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
let docs;
let names;
before(async () => {
	world = await startWorld();
	docs = await startDocs({}, { csp: strictPolicy(world.app.url.slice(0, -1)) });
	const base = { tar: tarOf([["etc/"], ["etc/os-release", "ID=test\n"]]), by: "ADD rootfs.tar /" };
	const one = { tar: tarOf([["app/"], ["app/main.js", "one"]]), by: "COPY . /app" };
	const other = {
		tar: tarOf([["app/"], ["app/main.js", "two"], ["root/.npm/a-rather-long-name/cache", noise(70_000)]]),
		by: "RUN npm ci --omit=dev && rm -rf /usr/share/doc /var/lib/apt/lists",
	};
	const { url, host } = world.registry;
	await pushImage(url, "docs/app", "1.1", { layers: [base, one], config: { User: "root" } });
	await pushImage(url, "docs/app", "1.2", {
		layers: [base, other],
		config: { User: "app", Env: ["DB_PASSWORD=s3cr3t-9Kq"] },
	});
	names = ["1.1", "1.2"].map((tag) => `${host}/docs/app:${tag}`);
});
after(async () => {
	await docs?.stop();
	await world?.stop();
});

const pair = (more = "", [a, b] = names, proxy = world.app.proxy) =>
	`<stow-plan-compare a="${a}" b="${b}" proxy="${proxy}" ${more}>What changed from 1.1 to 1.2</stow-plan-compare>`;

/** A page of documentation that shows this. */
const onDocs = (body, use, options = {}) => showIn({ world, docs }, body, use, options);

const answer = (page) => page.locator("stow-plan-compare .compare-answer");
const heard = (page) => page.evaluate(() => globalThis.heard);

/** Presses the button with the keyboard alone: from the top of the page, by Tab. */
async function reach(page, name) {
	await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
	for (let press = 0; press < 30; press++) {
		await page.keyboard.press("Tab");
		const label = await page.evaluate(() => {
			let at = document.activeElement;
			while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
			return at?.textContent?.trim() ?? "";
		});
		if (name.test(label)) return page.keyboard.press("Enter");
	}
	throw new Error(`no button ${name} is reached`);
}

test("two images are compared under a strict policy, and the keyboard reaches the secret and the files", () =>
	onDocs(pair(), async (page) => {
		await answer(page).getByText("Not compared to the end").waitFor();
		assert.equal(await page.locator("stow-plan-compare .trunk li").count(), 1);
		assert.equal(await page.locator("stow-plan-compare .branches li").count(), 2);
		assert.equal(await page.getByText("s3cr3t-9Kq").count(), 0, "a secret is masked until it is asked for");
		await reach(page, /^Show$/);
		await page.getByText("s3cr3t-9Kq").waitFor();
		await reach(page, /^Compare files/);
		await answer(page).getByText("The images differ").waitFor();
		assert.match(await page.locator("stow-plan-compare .changed-grid").innerText(), /app\/main\.js/);
		const row = page.locator("stow-plan-compare .changed-row", { hasText: "app/main.js" });
		await row.getByRole("button", { name: "Text" }).click();
		assert.equal(await page.locator("stow-plan-compare .compare-diff ins").innerText(), "+ two");
		const [first, last] = await heard(page);
		assert.deepEqual(
			[first.detail.verdict, last.detail.verdict, last.detail.rung],
			["incomplete", "compared", "differs"],
		);
		const link = await page
			.locator("stow-plan-compare")
			.getByRole("link", { name: "Open in Stowplan" })
			.getAttribute("href");
		assert.equal(link, `${world.app.url}#compare=${names.join(",")}`);
	}));

test("another pair replaces the first, and the last wish is what is shown", () =>
	onDocs(pair(), async (page) => {
		await answer(page).waitFor();
		await page.locator("stow-plan-compare").evaluate((/** @type {any} */ one) => {
			one.a = `${one.b}-nothing`;
			one.a = one.b;
		});
		await answer(page).getByText("The images are the same").waitFor();
		assert.equal((await heard(page)).filter(({ type }) => type === "stow-error").length, 0);
	}));

test("an image that is missing is said, and the page's own words stay", () =>
	onDocs(
		pair("", [names[0], `${names[0]}-nothing`]),
		async (page) => {
			await page.locator("stow-plan-compare").getByRole("alert").waitFor();
			assert.ok(await page.getByText("What changed from 1.1 to 1.2").isVisible());
			assert.deepEqual(
				(await heard(page)).map(({ type, detail }) => [type, detail.code]),
				[["stow-error", "not-found"]],
			);
		},
		{ expected: FAILED_LOAD },
	));

test("nothing is asked for before the reader comes near", async () => {
	const witness = await startWitness(world.app);
	const far = `<img alt="" width="10" height="9000">${pair("", names, witness.proxy)}`;
	try {
		await onDocs(
			far,
			async (page) => {
				await page.waitForFunction(() => customElements.get("stow-plan-compare"));
				await page.waitForLoadState("networkidle");
				assert.deepEqual(witness.asked, []);
				await page.locator("stow-plan-compare").scrollIntoViewIfNeeded();
				await answer(page).waitFor();
				assert.ok(
					witness.asked.some((url) => url.includes("/manifests/1.2")),
					`${witness.asked}`,
				);
			},
			{ bypassCSP: true },
		);
	} finally {
		await witness.stop();
	}
});

test("beside an element in English, it speaks the language around it", () =>
	onDocs(
		`<div lang="zh">${pair()}</div><stow-plan reference="${names[0]}" proxy="${world.app.proxy}"></stow-plan>`,
		async (page) => {
			await answer(page).waitFor();
			await page.locator("stow-plan").scrollIntoViewIfNeeded();
			await page.locator("stow-plan [part=verdict]").getByText("Every digest matches").waitFor();
			const words = await page
				.locator("stow-plan-compare")
				.evaluate(({ shadowRoot }) => shadowRoot?.querySelector(".plan")?.textContent ?? "");
			assert.match(words, /比较尚未完成/);
			assert.doesNotMatch(words, /Not compared|Compare files|Layers/);
		},
	));

for (const [scheme, width] of /** @type {const} */ ([
	["light", 700],
	["dark", 700],
	["light", 320],
	["dark", 320],
])) {
	test(`${scheme}, ${width} px: axe finds nothing before and after the files, and nothing is wider`, () =>
		onDocs(
			`<main><h1>Release 1.2</h1>${pair()}</main>`,
			async (page) => {
				await answer(page).waitFor();
				const fits = async () => {
					assert.deepEqual(await axeFindings(page), []);
					const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
					assert.ok(inner <= outer, `${inner} in ${outer}`);
					const cut = await page.locator("stow-plan-compare").evaluate((one) => {
						const right = one.getBoundingClientRect().right + 0.5;
						const parts = [...(one.shadowRoot?.querySelectorAll(".plan *") ?? [])];
						return parts
							.filter(
								(part) =>
									!part.closest(".sr, .scroll, .changed-name, code") && part.getBoundingClientRect().right > right,
							)
							.map((part) => part.outerHTML.slice(0, 120));
					});
					assert.deepEqual(cut, []);
				};
				await fits();
				await page
					.locator("stow-plan-compare")
					.getByRole("button", { name: /^Compare files/ })
					.click();
				await answer(page).getByText("The images differ").waitFor();
				await page.evaluate(() => scrollTo(0, 0));
				await screenshot(page, `plan-compare-${scheme}-${width}`, { fullPage: true });
				await fits();
			},
			{ colorScheme: scheme, viewport: { width, height: 900 }, reducedMotion: "reduce", bypassCSP: true },
		));
}

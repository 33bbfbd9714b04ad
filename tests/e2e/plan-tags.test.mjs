// In others' pages: <stow-plan-tags> lists the tags of a repository, asks for no more than its reader wants, and believes no registry.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings } from "./support/axe.mjs";
import { screenshot } from "./support/browser.mjs";
import { showIn, startDocs, startWitness, strictPolicy } from "./support/docs.mjs";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { lies } from "./support/lying-proxy.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
let docs;
let name;
let digest;
let old;
before(async () => {
	world = await startWorld();
	docs = await startDocs({}, { csp: strictPolicy(world.app.url.slice(0, -1)) });
	const { url, host } = world.registry;
	const before = await pushImage(url, "docs/tagged", "1.26", { layers: [{ tar: tarOf([["a", "1"]]) }] });
	const next = await pushImage(url, "docs/tagged", "1.27.3", { layers: [{ tar: tarOf([["a", "2"]]) }] });
	const repo = repository(url, "docs/tagged");
	for (const tag of ["1.27", "1", "latest"]) await repo.putManifest(tag, TYPES.manifest, next.text);
	await repo.putManifest(`sha256-${before.digest.slice(7)}.sig`, TYPES.manifest, before.text);
	[name, digest, old] = [`${host}/docs/tagged`, next.digest, before.digest];
});
after(async () => {
	await docs?.stop();
	await world?.stop();
});

const list = (more = "", { repository = name, proxy = world.app.proxy } = {}) =>
	`<stow-plan-tags repository="${repository}" proxy="${proxy}" ${more}>The tags of the app</stow-plan-tags>`;

/** A page of documentation that shows this. */
const onDocs = (body, use, options = {}) =>
	showIn({ world, docs }, body, use, {
		...options,
		script: () => {
			globalThis.loads = [];
			addEventListener("stow-load", (/** @type {any} */ { detail }) => globalThis.loads.push(detail));
		},
	});

const element = (page) => page.locator("stow-plan-tags");
const lines = (page) => page.locator("stow-plan-tags .tag-lines .line");
const listed = async (page) => {
	await lines(page).first().waitFor();
	return (await lines(page).allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
};

/** Goes to a control with the keyboard alone: from the top of the page, by Tab. */
async function reach(page, label) {
	await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
	for (let press = 0; press < 30; press++) {
		await page.keyboard.press("Tab");
		const words = await page.evaluate(() => {
			let at = document.activeElement;
			while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
			return (
				at?.getAttribute("aria-label") || at?.textContent?.trim() || at?.closest("label")?.textContent?.trim() || ""
			);
		});
		if (label.test(words)) return;
	}
	throw new Error(`no control ${label} is reached`);
}

test("tags are listed newest first under a strict policy, and the keyboard folds, groups, filters and searches", () =>
	onDocs(list(), async (page) => {
		assert.deepEqual(await listed(page), ["1.27.3", "1.27", "1.26", "1", "latest"]);
		assert.deepEqual(await page.evaluate(() => globalThis.loads), [{ repository: name, tags: 6, complete: true }]);
		assert.equal(await element(page).locator("slot").count(), 0, "the list is in the place of the page's own words");
		await reach(page, /^Group by digest · 5 requests$/);
		await page.keyboard.press("Enter");
		await page.waitForFunction(
			() => document.querySelector("stow-plan-tags")?.shadowRoot?.querySelectorAll(".tag-lines .line").length === 2,
		);
		assert.match((await listed(page))[0], /^1\.27\.3 1\.27 1 latest Details [0-9a-f]{12}$/);
		await reach(page, /^Show 1 tag of signatures$/);
		await page.keyboard.press("Enter");
		assert.equal((await listed(page)).length, 6);
		await reach(page, /^Filter tags$/);
		await page.keyboard.type("1.2");
		assert.deepEqual((await listed(page)).length, 3);
		await page.keyboard.press("Control+A");
		await page.keyboard.press("Delete");
		await reach(page, /^Which tags name this digest/);
		await page.keyboard.type(digest);
		await page.keyboard.press("Enter");
		await element(page).getByText("4 tags name it").waitFor();
		assert.deepEqual(await element(page).locator(".tags-found li").allInnerTexts(), ["1.27.3", "1.27", "1", "latest"]);
		assert.deepEqual(await page.evaluate(() => globalThis.heard), []);
	}));

test("its attributes filter, limit, name a platform for links, and another repository replaces the list", () =>
	onDocs(
		list('filter="1.2" limit="3" platform="linux/arm64"'),
		async (page) => {
			assert.ok((await listed(page)).every((tag) => tag.includes("1.2")));
			const [{ tags, complete }] = await page.evaluate(() => globalThis.loads);
			assert.deepEqual([tags, complete], [3, false], "as many as the page wants");
			const link = await lines(page).locator("a").first().getAttribute("href");
			assert.match(String(link), new RegExp(`^${world.app.url}#ref=${name}:1\\.2\\S*&platform=linux/arm64$`));
			const all = await element(page).getByRole("link", { name: "Open in Stowplan" }).getAttribute("href");
			assert.equal(all, `${world.app.url}#tags=${name}`);
			await element(page).evaluate((/** @type {any} */ one) => {
				one.filter = "";
				one.limit = 100;
			});
			await page.waitForFunction(() => globalThis.loads.length === 2);
			assert.equal((await listed(page)).length, 5);
			await element(page).evaluate((/** @type {any} */ one) => {
				one.filter = "latest";
			});
			await lines(page).nth(1).waitFor({ state: "detached" });
			assert.deepEqual(await listed(page), ["latest"]);
			assert.equal(await page.evaluate(() => globalThis.loads.length), 2, "a filter asks no registry");
			await element(page).evaluate((/** @type {any} */ one) => one.reload());
			await page.waitForFunction(() => globalThis.loads.length === 3);
			await element(page).evaluate((one) =>
				one.setAttribute("repository", `${one.getAttribute("repository")}-nothing`),
			);
			await element(page).getByRole("alert").waitFor();
			assert.equal(await element(page).locator("slot").count(), 1, "the page's own words are back");
			assert.deepEqual(
				(await page.evaluate(() => globalThis.heard)).map(({ type, detail }) => [type, detail.code]),
				[["stow-error", "not-found"]],
			);
			await element(page).getByRole("button", { name: "Try again" }).click();
			await page.waitForFunction(() => globalThis.heard.length === 1);
			await element(page).getByRole("alert").waitFor();
		},
		{ expected: FAILED_LOAD },
	));

test("nothing is asked for before the reader comes near, then the list alone", async () => {
	const witness = await startWitness(world.app);
	const far = `<img alt="" width="10" height="9000">${list("", { proxy: witness.proxy })}`;
	try {
		await onDocs(
			far,
			async (page) => {
				await page.waitForFunction(() => customElements.get("stow-plan-tags"));
				await page.waitForLoadState("networkidle");
				assert.deepEqual(witness.asked, []);
				await element(page).scrollIntoViewIfNeeded();
				await listed(page);
				await page.waitForLoadState("networkidle");
				const repositories = witness.asked.filter((url) => url.includes("/docs/tagged/"));
				assert.ok(repositories.length > 0);
				assert.deepEqual(
					repositories.filter((url) => !url.includes("/tags/list")),
					[],
				);
			},
			{ bypassCSP: true },
		);
	} finally {
		await witness.stop();
	}
});

/** A list of tags out of thin air. */
const tagsOf =
	(tags, headers = {}) =>
	() => ({
		status: 200,
		headers: { "content-type": "application/json", ...headers },
		body: Buffer.from(JSON.stringify({ name: "x", tags })),
	});

/** The view of a page whose registry lies so. */
const onLies = (use, more = "") =>
	onDocs(list(more, { proxy: world.liar.proxy }), use, { bypassCSP: true, expected: FAILED_LOAD });

test("links in a circle end, tags that are none are left out, and what lies about its digest is told", async () => {
	world.liar.reset();
	const hostile = ["1.27.3", "../../x", "<img src=x onerror=alert(1)>", 7, "1.26", "1.27.3"];
	world.liar.lie(/tags\/list/, tagsOf(hostile, { link: "<?last=1.26>; rel=next" }));
	const other = sha256("another manifest");
	world.liar.lie(/manifests\/1\.27\.3$/, lies.header("docker-content-digest", other));
	world.liar.lie(new RegExp(`manifests/${other}$`), lies.document("{}"));
	world.liar.lie(/manifests\/1\.26$/, lies.header("docker-content-digest", "<b>no digest</b>"));
	await onLies(async (page) => {
		assert.deepEqual(await listed(page), ["1.27.3", "1.26"]);
		assert.ok(await element(page).getByText("The list goes on.").isVisible());
		await element(page).getByRole("button", { name: "Group by digest · 2 requests" }).click();
		await element(page).getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
		// The first digest is only claimed, and its manifest refutes it; the second one, which no header told, was computed.
		assert.deepEqual(await listed(page), [`1.27.3 Details ${other.slice(7, 19)}`, `1.26 Details ${old.slice(7, 19)}`]);
		await element(page).getByRole("button", { name: "Details: 1.27.3" }).click();
		await element(page).getByText("digest does not match").waitFor();
		assert.equal(await element(page).locator("img, b").count(), 0);
	});
});

test("of Docker Hub no pull is counted until its reader presses what says so", async () => {
	world.liar.reset();
	world.liar.lie(/registry-1\.docker\.io/, tagsOf(["2.0", "1.0"]));
	world.liar.lie(/registry-1\.docker\.io.*manifests/, lies.document("{}"));
	const body = list("", { repository: "docker.io/library/app", proxy: world.liar.proxy });
	await onDocs(
		body,
		async (page) => {
			const methods = () =>
				world.liar.requests.flatMap(({ method, path }) =>
					path.includes("/manifests/") && method !== "OPTIONS" ? [method] : [],
				);
			assert.deepEqual(await listed(page), ["2.0", "1.0"]);
			await element(page).getByRole("button", { name: "Group by digest · 2 requests" }).click();
			const details = element(page).getByRole("button", { name: "Details · counts as a pull: 2.0" });
			await details.waitFor();
			assert.deepEqual(methods(), ["HEAD", "HEAD"]);
			await details.click();
			await element(page).getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
			assert.deepEqual(methods(), ["HEAD", "HEAD", "HEAD", "GET"]);
		},
		{ bypassCSP: true },
	);
});

test("a registry that grants no more is not asked any further, and what it grants stays in view", async () => {
	world.liar.reset();
	world.liar.lie(/tags\/list/, tagsOf(Array.from({ length: 40 }, (_, at) => `1.${at}`)));
	world.liar.lie(/manifests\//, async () => ({
		status: 200,
		headers: { "content-type": TYPES.manifest, "docker-content-digest": digest, "ratelimit-remaining": "17;w=21600" },
		body: Buffer.alloc(0),
	}));
	await onLies(async (page) => {
		await listed(page);
		await element(page).getByRole("button", { name: "Group by digest · 40 requests" }).click();
		await element(page).getByText("it grants this address 17 more for now").waitFor();
		await element(page).getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
		assert.equal((await listed(page)).length, 1);
		world.liar.lie(/manifests\//, lies.rateLimited(600));
		await element(page).evaluate((/** @type {any} */ one) => one.reload());
		await page.waitForFunction(() => globalThis.loads.length === 2);
		world.liar.requests.length = 0;
		await element(page).getByRole("button", { name: "Group by digest · 40 requests" }).click();
		await element(page).getByRole("alert").waitFor();
		const asked = world.liar.requests.filter(({ path }) => path.includes("/manifests/")).length;
		assert.ok(asked < 20, `${asked} requests`);
	});
});

test("ten thousand tags are a window, and the list can be stopped and taken up again", async () => {
	world.liar.reset();
	world.liar.lie(/tags\/list/, tagsOf(Array.from({ length: 10_000 }, (_, at) => `1.${at}`)));
	world.liar.lie(/tags\/list/, lies.stall(10), 1);
	await onLies(async (page) => {
		// The lie is for the list that is stopped: Stop is there before the request is.
		while (!world.liar.requests.some(({ method, path }) => method === "GET" && path.includes("/tags/list")))
			await page.waitForTimeout(20);
		await element(page).getByRole("button", { name: "Stop" }).click();
		await element(page).getByRole("button", { name: "Try again" }).click();
		await lines(page).first().waitFor();
		assert.ok((await lines(page).count()) < 100);
		await element(page)
			.locator(".lines-box")
			.evaluate((box) => {
				box.scrollTop = box.scrollHeight;
			});
		await lines(page)
			.filter({ hasText: /^\s*1\.0\s*$/ })
			.waitFor();
	});
});

test("moved in the page while it lists, it lists on; beside one in English it speaks the language around it", () =>
	onDocs(`<div lang="zh" id="there">${list()}</div><div lang="en">${list('lang="en"')}</div>`, async (page) => {
		await page.waitForFunction(() => globalThis.loads.length === 2);
		const words = (at) =>
			page
				.locator("stow-plan-tags")
				.nth(at)
				.evaluate(({ shadowRoot }) => shadowRoot?.querySelector(".plan")?.textContent ?? "");
		assert.match(await words(0), /按摘要分组/);
		assert.doesNotMatch(await words(0), /Group by|Filter|Search/);
		assert.match(await words(1), /Group by digest/);
		await page.evaluate(() => {
			const [one] = document.querySelectorAll("stow-plan-tags");
			/** @type {any} */ (one).reload();
			return new Promise((done) =>
				setTimeout(() => {
					document.body.append(one);
					done(undefined);
				}),
			);
		});
		await page.waitForFunction(() => globalThis.loads.length === 3);
	}));

for (const [scheme, width] of /** @type {const} */ ([
	["light", 700],
	["dark", 700],
	["light", 320],
	["dark", 320],
])) {
	test(`${scheme}, ${width} px: axe finds nothing before and after the groups, and nothing is wider`, () =>
		onDocs(
			`<main><h1>Tags</h1>${list()}</main>`,
			async (page) => {
				await listed(page);
				const fits = async () => {
					assert.deepEqual(await axeFindings(page), []);
					const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
					assert.ok(inner <= outer, `${inner} in ${outer}`);
				};
				await fits();
				await element(page)
					.getByRole("button", { name: /^Group by digest/ })
					.click();
				await lines(page).nth(2).waitFor({ state: "detached" });
				await screenshot(page, `plan-tags-${scheme}-${width}`, { fullPage: true });
				await fits();
			},
			{ colorScheme: scheme, viewport: { width, height: 900 }, reducedMotion: "reduce", bypassCSP: true },
		));
}

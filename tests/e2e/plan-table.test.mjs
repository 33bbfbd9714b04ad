// In others' pages: <stow-plan-table> with a list of images: each row as it comes into view, a few at once, and what fails is loud.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings } from "./support/axe.mjs";
import { screenshot, withPage } from "./support/browser.mjs";
import { showIn, startDocs, startWitness, strictPolicy } from "./support/docs.mjs";
import { sha256 } from "./support/documents.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
let docs;
/** The rows of a table: twelve images, of which one does not match its index, one is missing, and one tag has moved. */
let rows;
before(async () => {
	world = await startWorld();
	docs = await startDocs({}, { csp: strictPolicy(world.app.url.slice(0, -1)) });
	const good = ["index", "oci", "arm64", "list", "schema2", "nested", "artifact", "schema1"];
	rows = [
		...good.map((name) => ({ name: world.ref(name), is: "pass" })),
		{ name: world.ref("index"), digest: world.images.index.digest, is: "pass" },
		{ name: world.ref("wrongSize"), is: "fail" },
		{ name: `${world.registry.host}/demo/nothing:here`, is: "missing" },
		{ name: world.ref("oci"), digest: MOVED, is: "moved" },
	];
});
after(async () => {
	await docs?.stop();
	await world?.stop();
});

/** The digest that a tag had before it moved. */
const MOVED = sha256("the image of last week");

const list = (attributes = "", all = rows, proxy = world.app.proxy) =>
	`<stow-plan-table proxy="${proxy}" ${attributes}><table><thead><tr><th>Image</th><th>Digest</th></tr></thead><tbody>${all
		.map(({ name, digest = "" }) => `<tr><td>${name}</td><td>${digest}</td></tr>`)
		.join("")}</tbody></table></stow-plan-table>`;

/** A page of documentation that shows this. */
const onDocs = (body, use, options = {}) => showIn({ world, docs }, body, use, { expected: FAILED_LOAD, ...options });

const table = (page) => page.locator("stow-plan-table").getByRole("table");
const row = (page, at) => page.locator(`stow-plan-table tr[data-row="${at}"]`);
/** Waits until all rows have been judged. */
const settled = async (page, of = rows.length) => {
	const heard = (n) => page.waitForFunction((all) => globalThis.heard.length >= all, n);
	await table(page).waitFor();
	for (let at = 0; at < of; at++) await row(page, at).scrollIntoViewIfNeeded();
	await heard(of);
};

test("twelve images are proved; what does not match is loud, with both values, and what is missing says so", () =>
	onDocs(list(), async (page) => {
		await settled(page);
		for (const [at, { is }] of rows.entries()) {
			const words = await row(page, at).innerText();
			const expected = {
				fail: /Does not match/,
				moved: /Does not match/,
				missing: /Could not be read/,
			};
			if (is === "pass") assert.doesNotMatch(words, /Failed|Does not match|Could not|Loading|Not checked/, words);
			else assert.match(words, expected[is]);
		}
		const said = await table(page).innerText();
		assert.match(said, /manifest does not match the digest you gave/);
		for (const value of [MOVED, world.images.oci.digest]) assert.ok(said.includes(value), said);
		assert.match(said, /code: not-found/);
		const foot = await page.locator("stow-plan-table .plan-foot").innerText();
		assert.match(foot, /^12 images · 11 checked · 2 do not match · 1 could not be read/);
		const heard = await page.evaluate(() => globalThis.heard);
		assert.equal(heard.filter(({ detail }) => detail.verdict === "failed").length, 2);
		assert.deepEqual(
			heard.filter(({ type }) => type === "stow-error").map(({ detail }) => detail.code),
			["not-found"],
		);
		const index = await row(page, 0).innerText();
		assert.ok(index.includes(world.images.index.digest.slice(7, 19)) && /\t2\t/.test(index), index);
	}));

test("its rows say what the page says of the same image", () =>
	onDocs(list("", rows.slice(0, 2)), async (page) => {
		await settled(page, 2);
		for (const at of [0, 1]) {
			let title = "";
			await world.onPage(
				async (other) => {
					await other.getByRole("region", { name: "Verdict" }).locator(".words").waitFor();
					title = await other.locator(".banner .words").innerText();
				},
				{ hash: `#ref=${rows[at].name}` },
			);
			assert.equal(await row(page, at).locator(".status > span").first().getAttribute("title"), title);
		}
	}));

test("rows are asked for as they come into view", () =>
	onDocs(
		`<div id="tall"></div>${list()}`,
		async (page) => {
			await table(page).waitFor();
			await page.waitForLoadState("networkidle");
			assert.match(await row(page, 11).innerText(), /Not checked yet/);
			const before = await page.evaluate(() => globalThis.heard.length);
			assert.ok(before < 12, `${before}`);
			await settled(page);
		},
		{ viewport: { width: 700, height: 160 } },
	));

test("no more images are asked for at once than the page says", async () => {
	const witness = await startWitness(world.app);
	try {
		for (const most of [1, 4]) {
			let [now, peak] = [0, 0];
			await onDocs(
				"<p>Later</p>",
				async (page) => {
					// The first question about each image is held a little.
					await page.context().route(/\/manifests\/(?!sha256:)/, async (route) => {
						peak = Math.max(peak, ++now);
						await new Promise((resolve) => setTimeout(resolve, 60));
						now--;
						await route.continue();
					});
					await page.evaluate(
						(html) => {
							document.body.insertAdjacentHTML("beforeend", html);
						},
						list(`at-once="${most}"`),
					);
					await settled(page);
				},
				{ bypassCSP: true },
			);
			assert.ok(peak >= 1 && peak <= most, `${peak} of ${most}`);
		}
	} finally {
		await witness.stop();
	}
});

test("once all is known nothing is drawn any more; it follows the page's theme, and takes in rows that are added", () =>
	onDocs(list("", rows.slice(0, 2)), async (page) => {
		await settled(page, 2);
		await page.waitForLoadState("networkidle");
		const changes = await page.locator("stow-plan-table").evaluate(async ({ shadowRoot }) => {
			let all = 0;
			const observer = new MutationObserver((records) => {
				all += records.length;
			});
			observer.observe(/** @type {Node} */ (shadowRoot), {
				childList: true,
				subtree: true,
				attributes: true,
				characterData: true,
			});
			const { observe } = IntersectionObserver.prototype;
			IntersectionObserver.prototype.observe = function (target) {
				all++;
				observe.call(this, target);
			};
			await new Promise((resolve) => setTimeout(resolve, 300));
			return all;
		});
		assert.equal(changes, 0);
		await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
		await page.locator("stow-plan-table .plan[data-scheme=dark]").waitFor();
		await page.evaluate((name) => {
			const [row] = document.querySelectorAll("stow-plan-table tbody tr");
			const added = /** @type {Element} */ (row.cloneNode(true));
			added.children[0].textContent = name;
			row.parentElement?.append(added);
		}, '"><img src=x onerror=alert(1)>');
		await page.waitForFunction(() => globalThis.heard.length === 3);
		assert.equal(await page.locator("stow-plan-table img").count(), 0, "a row is text, whatever it says");
		assert.match(await row(page, 2).innerText(), /Could not be read/);
	}));

test("a table that leaves while it reads goes on when it is back", () =>
	onDocs(list("at-once=1"), async (page) => {
		await row(page, 0).waitFor();
		await page.locator("stow-plan-table").evaluate(async (one) => {
			one.remove();
			await new Promise((resolve) => setTimeout(resolve, 50));
			document.body.append(one);
		});
		await settled(page);
		assert.equal((await page.evaluate(() => globalThis.heard)).filter(({ type }) => type === "stow-error").length, 1);
	}));

/** Takes the table away when its rows are in view, and tells it of that while it is away, as a busy page does. */
function leaveWhenSeen() {
	const Observer = IntersectionObserver;
	const away = () => {
		const one = document.querySelector("stow-plan-table");
		one?.remove();
		setTimeout(() => {
			if (one) document.body.append(one);
			globalThis.isBack = true;
		}, 600);
	};
	let left = false;
	globalThis.IntersectionObserver = class extends Observer {
		/** @param {any} told @param {any} options */
		constructor(told, options) {
			super((entries, own) => {
				if (left || !entries.some(({ target }) => target.localName === "tr")) return told(entries, own);
				left = true;
				away();
				setTimeout(told, 300, entries, own);
			}, options);
		}
	};
}

test("rows that came into view just before a table left are read when it is back", () =>
	onDocs(
		list("at-once=1"),
		async (page) => {
			await page.waitForFunction(() => globalThis.isBack);
			await settled(page);
		},
		{ script: leaveWhenSeen, viewport: { width: 1280, height: 2000 } },
	));

test("a row that could not be read is tried again", () =>
	onDocs(list("", rows.slice(10, 11)), async (page) => {
		await settled(page, 1);
		const again = page.locator("stow-plan-table").getByRole("button", { name: /^Try again: / });
		await again.press("Enter");
		await page.waitForFunction(() => globalThis.heard.length === 2);
		assert.match(await row(page, 0).innerText(), /Could not be read/);
	}));

test("lists, digests alone and tags alone are rows, too; each name leads to its image in the page", () =>
	onDocs(
		`<stow-plan-table proxy="${world.app.proxy}" image="${world.ref("oci").replace(/:[^:/]*$/, "")}"><ul>
			<li>${world.images.oci.digest}</li><li>:arm64, for the harbour</li><li>The app: <code>${world.ref("index")}</code> ${world.images.index.digest}</li></ul></stow-plan-table>`,
		async (page) => {
			await settled(page, 3);
			const digests = (await page.evaluate(() => globalThis.heard)).map(({ detail }) => detail.digest);
			assert.deepEqual(
				digests.sort(),
				[world.images.oci, world.images.arm64, world.images.index].map(({ digest }) => digest).sort(),
			);
			const link = await row(page, 2).getByRole("link").getAttribute("href");
			assert.equal(link, `${world.app.url}#ref=${world.ref("index")}`);
			const all = await page
				.locator("stow-plan-table")
				.getByRole("link", { name: "Open all in Stowplan" })
				.getAttribute("href");
			await withPage(world.browser, async (other) => {
				await other.goto(String(all));
				await other.getByText(world.images.index.digest.slice(0, 19)).first().waitFor();
			});
		},
	));

test("without JavaScript, and before its parts are here, the page's own list is shown", () =>
	onDocs(
		list(),
		async (page) => {
			assert.ok(await page.getByText(rows[0].name, { exact: true }).first().isVisible());
			assert.equal(await page.getByRole("row").count(), 13);
		},
		{ javaScriptEnabled: false },
	));

test("a table and an element share what is asked", async () => {
	const asks = async (/** @type {string} */ body, /** @type {string[]} */ asked) => {
		await onDocs(
			body,
			async (page) => {
				page.context().on("request", (request) => asked.push(request.url()));
				await settled(page, 1);
				for (const one of await page.locator("stow-plan").all()) {
					await one.scrollIntoViewIfNeeded();
					await one.locator("[part=verdict]").waitFor();
				}
			},
			{ bypassCSP: true },
		);
	};
	const witness = await startWitness(world.app);
	try {
		const one = list("", rows.slice(0, 1), witness.proxy);
		await asks(one, []);
		const alone = witness.asked.splice(0).length;
		await asks(`${one}<stow-plan reference="${world.ref("index")}" proxy="${witness.proxy}"></stow-plan>`, []);
		assert.equal(witness.asked.length, alone);
	} finally {
		await witness.stop();
	}
});

test("it speaks Chinese where the page does", () =>
	onDocs(`<div lang="zh">${list("", rows.slice(8))}</div>`, async (page) => {
		await settled(page, 4);
		const words = await page
			.locator("stow-plan-table")
			.evaluate(({ shadowRoot }) => shadowRoot?.querySelector(".plan")?.textContent ?? "");
		assert.match(words, /4 个镜像 · 已校验 3 个 · 2 个不一致 · 1 个无法读取/);
		assert.doesNotMatch(words, /Image|checked|match/);
	}));

test("on paper: light, with its rows and reasons, no buttons", () =>
	onDocs(
		list("", rows.slice(8)),
		async (page) => {
			await settled(page, 4);
			await page.emulateMedia({ media: "print" });
			assert.equal(
				await page.locator("stow-plan-table .plan").evaluate((one) => getComputedStyle(one).colorScheme),
				"light",
			);
			assert.equal(await page.locator("stow-plan-table button").first().isVisible(), false);
			assert.ok(await table(page).getByText(MOVED).isVisible());
		},
		{ colorScheme: "dark" },
	));

for (const [scheme, width] of /** @type {const} */ ([
	["light", 700],
	["dark", 700],
	["light", 320],
	["dark", 320],
])) {
	test(`${scheme}, ${width} px: axe finds nothing, and nothing is wider`, () =>
		onDocs(
			`<main><h1>Images</h1>${list()}</main>`,
			async (page) => {
				await settled(page);
				await page.evaluate(() => scrollTo(0, 0));
				await screenshot(page, `plan-table-${scheme}-${width}`, { fullPage: true });
				assert.deepEqual(await axeFindings(page), []);
				const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
				assert.ok(inner <= outer, `${inner} in ${outer}`);
			},
			{ colorScheme: scheme, viewport: { width, height: 900 }, reducedMotion: "reduce", bypassCSP: true },
		));
}

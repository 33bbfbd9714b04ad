// In others' pages: <stow-plan> from another origin and under a strict policy, with everything that its author may set.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PARTS } from "../../www/build/elements-manifest.mjs";
import { DIST } from "./support/app.mjs";
import { axeFindings } from "./support/axe.mjs";
import { screenshot, withPage } from "./support/browser.mjs";
import { line, startDocs, startWitness, strictPolicy } from "./support/docs.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

const { inspect, makeSnapshot } = await import(join(DIST, "www/api.js"));

let world;
let docs;
let report;
before(async () => {
	world = await startWorld();
	const host = world.app.url.slice(0, -1);
	docs = await startDocs({}, { csp: strictPolicy(host) });
	report = await inspect(world.ref("index"), { proxy: world.app.proxy });
	docs.pages["/app.stowplan.json"] = JSON.stringify(await makeSnapshot(report));
});
after(async () => {
	await docs?.stop();
	await world?.stop();
});

/** An element for an image of the registry. */
const plan = (name, more = "") =>
	`<stow-plan reference="${world.ref(name)}" proxy="${world.app.proxy}" ${more}>How ${name} is made</stow-plan>`;

/** A page of the documentation that shows this. */
const onDocs = (body, use, options = {}) =>
	withPage(
		world.browser,
		async (page) => {
			docs.pages["/page"] = line(world.app) + body;
			await page.addInitScript(() => {
				globalThis.heard = [];
				for (const name of ["stow-load", "stow-verdict", "stow-error"])
					addEventListener(name, (/** @type {any} */ { type, target, detail }) =>
						globalThis.heard.push({ type, id: target.id, detail }),
					);
			});
			await page.goto(`${docs.url}/page`);
			await use(page);
		},
		options,
	);

const verdict = (page, index = 0) => page.locator("stow-plan").nth(index).getByRole("group", { name: "Verdict" });
const heard = (page) => page.evaluate(() => globalThis.heard);

test("an image is drawn and proved in a page of another origin, under a strict policy", () =>
	onDocs(plan("index"), async (page) => {
		assert.match(await verdict(page).innerText(), /Every digest matches/);
		assert.ok((await page.getByRole("treeitem").count()) >= 5);
		const [load, told] = await heard(page);
		assert.deepEqual([load.type, told.type], ["stow-load", "stow-verdict"]);
		assert.equal(load.detail.report.roots.length, 1);
		assert.equal(told.detail.verdict, "incomplete");
		assert.equal(told.detail.digest, world.images.index.digest);
	}));

test("a snapshot is proved without any registry", () =>
	onDocs(`<stow-plan src="app.stowplan.json"></stow-plan>`, async (page) => {
		assert.match(await verdict(page).innerText(), /Every digest matches/);
		assert.match(await verdict(page).innerText(), /A snapshot, taken \d{4}-\d\d-\d\d/);
		const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
		assert.ok(!asked.some((name) => name.includes("/proxy/")), `${asked}`);
	}));

const OTHER = `sha256:${"0".repeat(64)}`;

for (const [mode, from] of /** @type {[string, () => string][]} */ ([
	["a registry", () => plan("index", `digest="${OTHER}"`)],
	["a snapshot", () => `<stow-plan src="app.stowplan.json" digest="${OTHER}"></stow-plan>`],
])) {
	test(`another digest than the pinned one, from ${mode}, fails with both values`, () =>
		onDocs(from(), async (page) => {
			const words = await verdict(page).innerText();
			assert.match(words, /^failed\n.*\n\nThe index does not match the digest you gave\b/);
			for (const value of [OTHER, world.images.index.digest]) assert.ok(words.includes(value), words);
			assert.equal((await heard(page)).at(-1).detail.verdict, "failed");
		}));
}

test("the pinned digest passes, and says so in a word", () =>
	onDocs(plan("index", `digest="${world.images.index.digest}"`), async (page) => {
		const words = await verdict(page).innerText();
		assert.match(words, /· Pinned ·/);
		assert.doesNotMatch(words, /failed/);
	}));

/** The snapshot after a change. */
function changed(change) {
	const snapshot = JSON.parse(docs.pages["/app.stowplan.json"]);
	change(snapshot);
	return JSON.stringify(snapshot);
}

test("a byte changed in a snapshot fails at its document, with both values", () => {
	let stated;
	docs.pages["/changed.json"] = changed(({ descriptors }) => {
		const manifest = descriptors.find(({ mediaType }) => mediaType.includes("manifest"));
		stated = manifest.digest;
		manifest.data = Buffer.from(`${Buffer.from(manifest.data, "base64")}`.replace(/[1-9]/, "0")).toString("base64");
	});
	return onDocs(`<stow-plan src="changed.json"></stow-plan>`, async (page) => {
		const words = await verdict(page).innerText();
		assert.match(words, /^failed\n.*\n\nThe linux\/amd64 manifest does not match the digest in the name\b/);
		assert.ok(words.includes(stated), words);
	});
});

for (const [what, text, code] of /** @type {[string, () => string, string][]} */ ([
	["no JSON", () => "<html>", "invalid-snapshot"],
	["of a later version", () => changed((one) => Object.assign(one, { stowplanSnapshot: 2 })), "unsupported-snapshot"],
	["not base64", () => changed(({ descriptors }) => Object.assign(descriptors[0], { data: "*" })), "invalid-snapshot"],
	[
		"of another size",
		() => changed(({ descriptors }) => Object.assign(descriptors[0], { size: 1 })),
		"invalid-snapshot",
	],
	["endless", () => " ".repeat(46 << 20), "limit-exceeded"],
])) {
	test(`a snapshot that is ${what} is refused with ${code}, and the fallback stays`, () => {
		docs.pages["/odd.json"] = text();
		return onDocs(`<stow-plan src="odd.json"><b>An image</b></stow-plan>`, async (page) => {
			await page.getByText(`code: ${code}`).waitFor();
			assert.ok(await page.getByText("An image", { exact: true }).isVisible());
			assert.equal((await heard(page)).at(-1).detail.code, code);
		});
	});
}

test("what is shown stays when another image cannot be had, and the attributes are the properties", () =>
	onDocs(
		plan("index", 'id="one"'),
		async (page) => {
			await verdict(page).waitFor();
			const set = await page.locator("#one").evaluate((/** @type {any} */ one) => {
				one.view = "layers";
				one.reference = `${one.reference.split("/")[0]}/demo/nothing:here`;
				one.view = "history";
				return [one.getAttribute("view"), one.getAttribute("reference").endsWith("nothing:here"), one.theme];
			});
			assert.deepEqual(set, ["history", true, "auto"]);
			await page.getByText("code: not-found").waitFor();
			assert.ok(await page.locator("[part=history]").isVisible());
			assert.equal(
				(await heard(page)).filter(({ type }) => type === "stow-error").length,
				1,
				"one load for many changes",
			);
		},
		{ expected: FAILED_LOAD },
	));

test("no wasm, no part and no registry is asked for before the reader comes near", async () => {
	const witness = await startWitness(world.app);
	const far = `<p id="top">Far above</p><stow-plan reference="${world.ref("index")}" proxy="${witness.proxy}"></stow-plan>`;
	// Tall from the start, by an attribute: the reader of this page has it below the second screen at once.
	const tall = `${line(witness)}<img alt="" width="10" height="9000">${far}`;
	const elsewhere = await startDocs({ "/far": tall });
	try {
		await withPage(world.browser, async (page) => {
			await page.goto(`${elsewhere.url}/far`);
			await page.waitForFunction(() => customElements.get("stow-plan"));
			await page.waitForLoadState("networkidle");
			const before = [...witness.asked];
			assert.ok(before.includes("/embed.js"), `${before}`);
			for (const url of before)
				assert.match(
					url,
					/^\/(embed\.js|www\/(stow-plan(-table|-compare|-tags)?-define|kit-chunk-\w+)\.js)$/,
					`${before}`,
				);
			await page.locator("stow-plan").scrollIntoViewIfNeeded();
			await verdict(page).waitFor();
			const after = witness.asked.slice(before.length);
			for (const kind of [/\.wasm$/, /kit-parts/, /worker/, /^\/proxy\/.*\/manifests\//])
				assert.ok(
					after.some((url) => kind.test(url)),
					`${kind} in ${after}`,
				);
		});
	} finally {
		await elsewhere.stop();
		await witness.stop();
	}
});

test("leaving the page and coming back loads nothing twice", () =>
	onDocs(plan("index", 'id="far"'), async (page) => {
		await verdict(page).waitFor();
		await page.evaluate(() => {
			const far = document.querySelector("#far");
			document.body.prepend(far);
			far.remove();
			setTimeout(() => document.body.append(far), 50);
		});
		await page.locator("body > #far:last-child").waitFor();
		await verdict(page).waitFor();
		assert.equal((await heard(page)).filter(({ type }) => type === "stow-load").length, 1);
	}));

test("layers are read and proved in the page, in workers of its own", () =>
	onDocs(plan("oci"), async (page) => {
		await page
			.locator("stow-plan")
			.getByRole("button", { name: /^Verify layers/ })
			.click();
		await page.waitForFunction(() => globalThis.heard.filter(({ type }) => type === "stow-verdict").length === 2);
		assert.match(await verdict(page).innerText(), /Verified · /);
		assert.match(await page.locator("stow-plan .plan-foot").innerText(), /Layers 3 of 3 verified/);
	}));

test("attributes that change while it loads: the last wish is what is shown, and told of once", () =>
	onDocs(plan("index", 'id="one"'), async (page) => {
		await page.locator("#one").evaluate(
			async (/** @type {any} */ one, names) => {
				for (const name of names) {
					one.reference = name;
					if (name.length % 2) one.remove();
					await new Promise((resolve) => setTimeout(resolve, 5));
					document.body.append(one);
				}
			},
			["list", "oci", "schema2", "wrongSize", "index", "oci"].map((name) => world.ref(name)),
		);
		await page.waitForFunction(
			(reference) => /** @type {any} */ (document.querySelector("#one")).report?.source.reference === reference,
			world.ref("oci"),
		);
		await page.waitForLoadState("networkidle");
		const shownAtLast = (await heard(page)).filter(({ type }) => type === "stow-load").at(-1);
		assert.equal(shownAtLast.detail.report.source.reference, world.ref("oci"));
		assert.equal((await heard(page)).filter(({ type }) => type === "stow-error").length, 0);
	}));

/** Holds what matches until it is let go. */
async function held(page, pattern) {
	let letGo = () => {};
	const gate = new Promise((resolve) => {
		letGo = () => resolve(undefined);
	});
	const asked = new Promise((resolve) => {
		page.route(pattern, async (route) => {
			resolve(undefined);
			await gate;
			await route.continue();
		});
	});
	return { asked, letGo };
}

const showsIn = (page, name) =>
	page.waitForFunction(
		(reference) => /** @type {any} */ (document.querySelector("#one"))?.report?.source.reference === reference,
		world.ref(name),
	);

test("an element that leaves and comes back while its inside is on the way loads once, and shows it", () =>
	onDocs("<p>Later</p>", async (page) => {
		const { asked, letGo } = await held(page, /kit-parts/);
		await page.evaluate(
			(html) => {
				document.body.insertAdjacentHTML("beforeend", html);
			},
			plan("index", 'id="one"'),
		);
		await asked;
		await page.locator("#one").evaluate(async (one) => {
			const frames = async () => {
				for (let at = 0; at < 3; at++) await new Promise(requestAnimationFrame);
			};
			one.remove();
			await frames();
			document.body.append(one);
			await frames();
		});
		letGo();
		await showsIn(page, "index");
		await verdict(page).waitFor();
		assert.equal((await heard(page)).filter(({ type }) => type === "stow-load").length, 1);
	}));

test("a wish that waits for words is not lost with the element's place", () =>
	onDocs(plan("index", 'id="one"'), async (page) => {
		await verdict(page).waitFor();
		const { asked, letGo } = await held(page, /\.zh-/);
		await page.locator("#one").evaluate((/** @type {any} */ one, reference) => {
			one.lang = "zh";
			one.reference = reference;
		}, world.ref("oci"));
		await asked;
		await page.locator("#one").evaluate(async (one) => {
			one.remove();
			await new Promise((resolve) => setTimeout(resolve, 50));
			document.body.append(one);
		});
		letGo();
		await showsIn(page, "oci");
	}));

test("what a snapshot says about itself is text, whatever it holds", () => {
	const odd = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
	docs.pages["/odd-names.json"] = changed((one) => Object.assign(one, { reference: odd, taken: odd, digest: odd }));
	return onDocs(`<stow-plan src="odd-names.json"></stow-plan>`, async (page) => {
		assert.match(await verdict(page).innerText(), /Every digest matches/);
		assert.equal(await page.locator("stow-plan").locator("img, script").count(), 0);
		assert.ok((await verdict(page).innerText()).includes("<img src=x onerror=alert(1)>"));
	});
});

test("twenty elements share one worker and one session", () =>
	onDocs(Array.from({ length: 20 }, () => plan("index")).join(""), async (page) => {
		for (let at = 0; at < 20; at++) {
			await page.locator("stow-plan").nth(at).scrollIntoViewIfNeeded();
			await verdict(page, at).waitFor();
		}
		assert.equal(page.workers().length, 1);
	}));

test("elements with other views, pins and languages ask for the same image once", async () => {
	const asks = async (/** @type {(proxy: string) => string} */ body) => {
		const witness = await startWitness(world.app);
		try {
			const show = async (/** @type {import("playwright-core").Page} */ page) => {
				const all = await page.locator("stow-plan").count();
				for (let at = 0; at < all; at++) {
					await page.locator("stow-plan").nth(at).scrollIntoViewIfNeeded();
					await page.locator("stow-plan").nth(at).locator("[part=verdict]").waitFor();
				}
			};
			await onDocs(body(witness.proxy), show, { bypassCSP: true });
			return witness.asked.filter((url) => url.startsWith("/proxy/")).map((url) => url.replace(/\?.*/, ""));
		} finally {
			await witness.stop();
		}
	};
	const one = (/** @type {string} */ proxy, more = "") =>
		`<stow-plan reference="${world.ref("index")}" proxy="${proxy}" ${more}></stow-plan>`;
	const alone = await asks((proxy) => one(proxy));
	const several = await asks((proxy) =>
		[
			...["", 'view="layers"', 'view="history" theme="dark"', 'lang="zh"', `digest="${world.images.index.digest}"`],
			`digest="${OTHER}"`,
		]
			.map((more) => one(proxy, more))
			.join(""),
	);
	assert.ok(alone.length >= 5, `${alone}`);
	assert.deepEqual(several.sort(), alone.sort());
});

test("it speaks the language of the page around", () =>
	onDocs(`<div lang="zh-CN">${plan("index")}</div>`, async (page) => {
		await page.getByRole("group", { name: "结论" }).waitFor();
		await page.getByText("所有摘要一致").first().waitFor();
	}));

const CHINESE = /所有摘要一致/;
const ENGLISH = /Every digest matches/;
const told = (page, at) => page.locator("stow-plan").nth(at).locator("[part=verdict] .words").innerText();
const until = async (page, at, pattern) => {
	while (!pattern.test(await told(page, at))) await page.waitForTimeout(20);
};

test("several languages on a page: each element follows its own lang, or the nearest around it", () =>
	onDocs(
		`${plan("index")}<section lang="zh-Hans" id="around">${plan("index")}${plan("index", 'lang="en"')}</section>
			${plan("index", 'lang="zh"')}<div lang="fr">${plan("index")}</div><div id="host"></div>`,
		async (page) => {
			await page.evaluate((html) => {
				const host = document.querySelector("#host");
				host.setAttribute("lang", "zh");
				host.attachShadow({ mode: "open" }).innerHTML = html;
			}, plan("index"));
			const expected = [ENGLISH, CHINESE, ENGLISH, CHINESE, ENGLISH, CHINESE];
			for (const [at, pattern] of expected.entries()) {
				await page.locator("stow-plan").nth(at).scrollIntoViewIfNeeded();
				await page.locator("stow-plan").nth(at).locator("[part=verdict]").waitFor();
				assert.match(await told(page, at), pattern, `${at}`);
				const kind = page.locator("stow-plan").nth(at).locator("[role=treeitem] .title").first();
				assert.equal(await kind.innerText(), pattern === CHINESE ? "索引" : "Index", `${at}`);
			}
			// Parts that are opened later use their element's language, too.
			for (const [at, tab] of /** @type {const} */ ([
				[1, /概览/],
				[2, /Overview/],
				[3, /概览/],
			])) {
				await page.locator("stow-plan").nth(at).locator("[role=treeitem]").first().click();
				assert.match(await page.locator("stow-plan").nth(at).locator("[role=tab]").first().innerText(), tab);
			}
			// And is drawn anew, down to its parts, when the language around changes.
			await page.evaluate(() => document.querySelector("#around").setAttribute("lang", "en"));
			await until(page, 1, ENGLISH);
			const kind = page.locator("stow-plan").nth(1).locator("[role=treeitem] .title").first();
			await kind.filter({ hasText: /^Index$/ }).waitFor();
			await page.locator("stow-plan").nth(1).locator("[role=tab]").filter({ hasText: "Overview" }).waitFor();
			await page.evaluate(() => {
				/** @type {any} */ (document.querySelectorAll("stow-plan")[2]).lang = "zh";
			});
			await until(page, 2, CHINESE);
			assert.match(await told(page, 0), ENGLISH, "the others stay");
		},
	));

test("layers read at once in two elements are told of in the language of each", () =>
	onDocs(plan("oci") + plan("oci", 'lang="zh"'), async (page) => {
		for (const at of [0, 1]) {
			await page.locator("stow-plan").nth(at).scrollIntoViewIfNeeded();
			await page
				.locator("stow-plan")
				.nth(at)
				.getByRole("button", { name: /^(Verify|校验)/ })
				.first()
				.click();
		}
		await page.waitForFunction(() => globalThis.heard.filter(({ type }) => type === "stow-verdict").length === 4);
		const said = (at) => page.locator("stow-plan").nth(at).locator("[role=status]").last().innerText();
		assert.match(await said(0), ENGLISH);
		assert.match(await said(1), CHINESE);
	}));

test("what goes on in an element is told in its language, whatever another one was asked meanwhile", () =>
	onDocs(plan("oci") + plan("oci", 'lang="zh"'), async (page) => {
		for (const at of [0, 1]) {
			await page.locator("stow-plan").nth(at).scrollIntoViewIfNeeded();
			await page.locator("stow-plan").nth(at).locator("[part=verdict]").waitFor();
		}
		await page.evaluate(() => {
			const plans = [...document.querySelectorAll("stow-plan")].map(({ shadowRoot }) => shadowRoot);
			globalThis.stages = plans.map(() => new Set());
			for (const [at, root] of plans.entries()) {
				const keep = () => globalThis.stages[at].add(root?.querySelector(".stage")?.textContent ?? "");
				new MutationObserver(keep).observe(/** @type {Node} */ (root), {
					childList: true,
					subtree: true,
					characterData: true,
				});
			}
			for (const root of plans)
				[...(root?.querySelectorAll("button") ?? [])]
					.find(({ textContent }) => /^\s*(Verify|校验)/.test(textContent ?? ""))
					?.click();
		});
		await page.waitForFunction(() => globalThis.heard.filter(({ type }) => type === "stow-verdict").length === 4);
		const [english, chinese] = await page.evaluate(() => globalThis.stages.map((told) => [...told].join("\n")));
		assert.match(english, /Verifying layers/);
		assert.doesNotMatch(english, /\p{Script=Han}/u);
		assert.match(chinese, /\p{Script=Han}/u);
		assert.doesNotMatch(chinese, /Verifying/);
	}));

test("where nothing around names a language, the browser's is spoken", () =>
	onDocs(
		plan("index"),
		async (page) => {
			await verdict(page).waitFor();
			await page.evaluate(() => document.documentElement.removeAttribute("lang"));
			await until(page, 0, CHINESE);
		},
		{ locale: "zh-CN" },
	));

test("every part of the manifest is there, and every view", () =>
	onDocs(
		["anatomy", "layers", "identity", "history"].map((view) => plan("index", `view="${view}"`)).join(""),
		async (page) => {
			const names = new Set();
			for (let at = 0; at < 4; at++) {
				const one = page.locator("stow-plan").nth(at);
				await one.scrollIntoViewIfNeeded();
				await verdict(page, at).waitFor();
				if (at === 0)
					await one
						.getByRole("treeitem", { name: /^config/ })
						.first()
						.click();
				for (const part of await one
					.locator("[part]")
					.evaluateAll((all) => all.map((each) => each.getAttribute("part"))))
					names.add(part);
			}
			const rare = new Set(["error", "progress", "signer"]);
			assert.deepEqual(
				[...names].sort(),
				Object.keys(PARTS)
					.filter((name) => !rare.has(name))
					.sort(),
			);
		},
	));

test("its headline and its counts are the page's", async () => {
	const words = async (/** @type {import("playwright-core").Locator} */ one) =>
		(await one.innerText()).replace(/\s+/g, " ");
	for (const name of ["index", "wrongSize"]) {
		let ofPage = ["", "", ""];
		await world.onPage(
			async (page) => {
				const banner = page.getByRole("region", { name: "Verdict" });
				await banner.locator(".words").waitFor();
				const facts = await words(banner.locator(".title-facts > span").first());
				const count = name === "index" ? await words(banner.locator(".meter p")) : "";
				ofPage = [await words(banner.locator(".words")), facts, count];
			},
			{ hash: `#ref=${world.ref(name)}` },
		);
		await onDocs(plan(name), async (page) => {
			const [headline, size, count] = ofPage;
			assert.equal(await words(verdict(page).locator(".words")), headline);
			assert.ok((await words(verdict(page))).includes(` · ${size} · 2 platforms`), await words(verdict(page)));
			if (count) assert.equal(await words(page.locator("stow-plan .plan-foot > p")), count);
		});
	}
});

test("the pin is a button that copies the name with its digest", () =>
	onDocs(
		plan("index"),
		async (page) => {
			await verdict(page).getByRole("button", { name: "Pin", exact: true }).click();
			await page.locator("stow-plan [role=status]").getByText("Copied").waitFor({ state: "attached" });
			const copied = await page.evaluate(() => navigator.clipboard.readText());
			assert.equal(copied, `${world.ref("index").replace(/:[^:/]*$/, "")}@${world.images.index.digest}`);
		},
		{ permissions: ["clipboard-read", "clipboard-write"] },
	));

test("the way to a failed check opens its list of checks", () =>
	onDocs(plan("wrongSize"), async (page) => {
		await verdict(page).getByRole("button", { name: "Go to failed check" }).click();
		await page
			.locator("stow-plan")
			.getByRole("tab", { name: /^Checks/, selected: true })
			.waitFor();
	}));

/** The parts of the element that can be scrolled sideways, or are wider than it. */
const tooWide = (page) =>
	page.evaluate(() =>
		[...document.querySelectorAll("stow-plan")].flatMap((one) => {
			const right = one.getBoundingClientRect().right + 0.5;
			return [...(one.shadowRoot?.querySelectorAll(".plan *") ?? [])]
				.filter((part) => !part.closest(".sr, code, pre, [role=tablist]"))
				.filter((part) => {
					const scrolls = /auto|scroll/.test(getComputedStyle(part).overflowX) && part.scrollWidth > part.clientWidth;
					return scrolls || (!part.closest("td, .row") && part.getBoundingClientRect().right > right);
				})
				.map((part) => part.outerHTML.slice(0, 120));
		}),
	);

for (const width of [700, 320]) {
	test(`${width} px hold the layers, and no part is scrolled sideways`, () =>
		onDocs(
			`${plan("index", 'view="layers"')}${plan("index")}`,
			async (page) => {
				for (const at of [0, 1]) {
					await page.locator("stow-plan").nth(at).scrollIntoViewIfNeeded();
					await verdict(page, at).waitFor();
				}
				const rows = page.locator("stow-plan .plan-layers tbody tr");
				assert.equal(await rows.count(), 3);
				assert.deepEqual(await tooWide(page), []);
				assert.equal(await rows.first().locator(".wider code").isVisible(), width === 700);
				if (width === 700) {
					const heights = await page
						.locator("stow-plan .plan-line")
						.evaluateAll((all) => all.map((one) => one.clientHeight));
					assert.ok(Math.max(...heights) < 60, `one line: ${heights}`);
				}
				await rows.first().getByRole("button", { name: "Layer 1" }).press("Enter");
				await page.locator("stow-plan").first().getByRole("tab").first().waitFor();
				assert.deepEqual(await tooWide(page), []);
			},
			{ viewport: { width, height: 900 } },
		));
}

test("every text stands on a ground of the element's own, whatever the page's colours are", () =>
	onDocs(
		`${plan("index")}${plan("wrongSize", 'view="layers"')}${plan("oci", 'view="history"')}${plan("oci", 'view="identity"')}
			${plan("index", `digest="${OTHER}"`)}<stow-plan src="app.stowplan.json"></stow-plan>
			<stow-plan reference="${world.registry.host}/demo/nothing:here" proxy="${world.app.proxy}"></stow-plan>`,
		async (page) => {
			for (let at = 0; at < 7; at++) {
				const one = page.locator("stow-plan").nth(at);
				await one.scrollIntoViewIfNeeded();
				await one.locator("[part=verdict], [part=error]").first().waitFor();
			}
			await page.locator("stow-plan").first().getByRole("treeitem").last().click();
			await page.locator("stow-plan").first().getByRole("tab").first().waitFor();
			const bare = await page.evaluate(() =>
				[...document.querySelectorAll("stow-plan")].flatMap(({ shadowRoot }) => {
					const walker = document.createTreeWalker(/** @type {Node} */ (shadowRoot), NodeFilter.SHOW_TEXT);
					const found = [];
					while (walker.nextNode()) {
						const text = walker.currentNode;
						let up = text.parentElement;
						if (!text.textContent?.trim() || up?.closest(".sr") || !up?.checkVisibility()) continue;
						while (up && /, 0\)$|^transparent$/.test(getComputedStyle(up).backgroundColor)) up = up.parentElement;
						if (!up) found.push(text.textContent);
					}
					return found;
				}),
			);
			assert.deepEqual(bare, []);
		},
		{ expected: FAILED_LOAD },
	));

for (const [scheme, width] of /** @type {const} */ ([
	["light", 1280],
	["dark", 1280],
	["light", 320],
	["dark", 320],
])) {
	test(`${scheme}, ${width} px: axe finds nothing`, () =>
		onDocs(
			`<main><h1>Docs</h1>${plan("index")}${plan("wrongSize", 'view="layers"')}${plan("oci", 'view="history"')}</main>`,
			async (page) => {
				for (let at = 0; at < 3; at++) {
					await page.locator("stow-plan").nth(at).scrollIntoViewIfNeeded();
					await verdict(page, at).waitFor();
				}
				await page
					.locator("stow-plan")
					.first()
					.getByRole("treeitem", { name: /^config/ })
					.first()
					.click();
				await page.locator("stow-plan").first().getByRole("tab").first().waitFor();
				await screenshot(page, `plan-${scheme}-${width}`, { fullPage: true });
				assert.deepEqual(await axeFindings(page), []);
				const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
				assert.ok(inner <= outer, `${inner} in ${outer}`);
			},
			{ colorScheme: scheme, viewport: { width, height: 900 }, reducedMotion: "reduce", bypassCSP: true },
		));
}

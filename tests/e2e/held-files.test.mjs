// list of packages -> files, in Chromium against a real registry: the hashes that a list gives of files are held against
// the files of the image's verified layers.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import { reasonWords } from "../../www/i18n/reasons.js";
import { loadWords, t } from "../../www/i18n/strings.js";
import { startApp } from "./support/app.mjs";
import { axeFindings } from "./support/axe.mjs";
import { launch, screenshot, withPage } from "./support/browser.mjs";
import { repository, TYPES } from "./support/documents.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { startRegistry } from "./support/registry.mjs";
import { listOf, pushReferrer } from "./support/signing.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
let [browser, app, registry] = /** @type {any[]} */ ([]);
before(async () => {
	[browser, registry] = await Promise.all([
		start(launch()),
		start(startRegistry()),
		loadWords("trust"),
		loadWords("checks"),
	]);
	app = await start(startApp({ plainHttp: [registry.host] }));
});

/** @param {string} name @param {string} content @param {string} [algorithm] */
const file = (name, content, algorithm = "SHA256") => ({
	SPDXID: name,
	fileName: name,
	checksums: [{ algorithm, checksumValue: createHash(algorithm.toLowerCase()).update(content).digest("hex") }],
});

/**
 * The page's words about a list of files that lies beside an image, and its table.
 * @param {string} name @param {object[]} files @param {object[]} [packages]
 * @param {(page: import("playwright-core").Page) => Promise<unknown>} [look] at the open table
 */
async function held(name, files, packages = [{ name: "tool", versionInfo: "1" }], look = async () => {}) {
	const layers = [
		{
			tar: tarOf([
				["etc/"],
				["etc/motd", "old"],
				["etc/gone", "gone"],
				["bin/"],
				["bin/extra", "extra"],
				["bin/tool", "tool"],
			]),
		},
		{ tar: tarOf([["etc/motd", "new"], ["etc/.wh.gone"]]) },
	];
	const image = await pushImage(registry.url, name, "1", { layers });
	const repo = repository(registry.url, name);
	const statement = {
		_type: "https://in-toto.io/Statement/v1",
		predicateType: "https://spdx.dev/Document",
		subject: [{ name, digest: { sha256: image.digest.slice(7) } }],
		predicate: { spdxVersion: "SPDX-2.3", name, packages, files },
	};
	const entry = await pushReferrer(repo, image, statement, "application/vnd.in-toto+json");
	await repo.putManifest(image.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	/** @type {any} */
	let said;
	await withPage(
		browser,
		async (page) => {
			await page.goto(`${app.url}#ref=${registry.host}/${name}:1`);
			await page.click("[data-key=signatures]");
			await page.click("stow-signatures button");
			await page.click(".statement p > button");
			const told = page.locator(".statement .held");
			await told.waitFor();
			said = { words: (await told.innerText()).replace(/\s+/g, " "), mark: await told.getAttribute("class") };
			await page.click(".statement [aria-expanded=false]");
			await page.locator(".package:not(.head)").first().waitFor();
			await look(page);
			await screenshot(page, `held-${name.replace("/", "-")}`, { fullPage: true });
		},
		{ expected: /404|Failed to load resource/ },
	);
	return said;
}

/** The cells of the table's rows, the marks as their words. @param {import("playwright-core").Page} page */
const table = (page) =>
	page
		.locator(".package")
		.evaluateAll((rows) =>
			rows.map((row) => [...row.children].map((cell) => cell.textContent?.replace(/\s+/g, " ").trim())),
		);

/** @param {string} reason @param {Record<string, number>} params */
const words = (reason, params) => reasonWords({ reason, params }) ?? `no words for ${reason}`;

test("a list whose files are the image's: what a container gets counts, whiteouts applied", async () => {
	const { words: said } = await held(
		"held/right",
		[file("./etc/motd", "new"), file("/bin/tool", "tool")],
		undefined,
		async (page) => {
			const [head = []] = await table(page);
			assert.equal(head.length, 5, "a list that does not say which files are whose has no columns for it");
		},
	);
	assert.ok(said.includes(words("files-held", { fits: 2, count: 2, differ: 0, absent: 0 })), said);
});

test("a file that differs is named, and deleted ones and those of another algorithm are counted apart", async () => {
	const files = [
		file("etc/motd", "old"),
		file("etc/gone", "gone"),
		file("bin/tool", "tool"),
		file("usr/x", "x", "SHA1"),
	];
	const { words: said, mark } = await held("held/wrong", files);
	assert.ok(said.includes(words("files-held-in-part", { fits: 1, count: 4, differ: 1, absent: 1, unknown: 1 })), said);
	assert.match(said, /etc\/motd$/);
	assert.match(mark, /wrong/);
});

test("a list whose subject has another algorithm only: that it cannot be compared is told, and nothing is wrong", async () => {
	const image = await pushImage(registry.url, "held/apart", "1", { layers: [{ tar: tarOf([["a", "a"]]) }] });
	const repo = repository(registry.url, "held/apart");
	const statement = {
		_type: "https://in-toto.io/Statement/v1",
		predicateType: "https://spdx.dev/Document",
		subject: [{ name: "app", digest: { sha512: "a".repeat(128) } }],
		predicate: { spdxVersion: "SPDX-2.3", name: "app", packages: [{ name: "tool", versionInfo: "1" }] },
	};
	const entry = await pushReferrer(repo, image, statement, "application/vnd.in-toto+json");
	await repo.putManifest(image.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	await withPage(
		browser,
		async (page) => {
			await page.goto(`${app.url}#ref=${registry.host}/held/apart:1`);
			await page.click("[data-key=signatures]");
			await page.click("stow-signatures button");
			await page.locator(".statement .sentence").waitFor();
			const said = await page.locator(".statement").innerText();
			assert.ok(said.includes(words("statement-algorithm-other", {})), said);
			assert.equal(await page.locator(".statement .wrong").count(), 0, said);
		},
		{ expected: /404|Failed to load resource/ },
	);
});

test("the table says of each package which layers brought its files and how many match; differing ones are found", async () => {
	const files = [
		...[file("etc/motd", "new"), file("bin/tool", "tool"), file("etc/gone", "gone"), file("bin/extra", "other")],
		file("bin/old", "old", "SHA1"),
	];
	const owners = {
		all: ["etc/motd", "bin/tool"],
		none: [],
		absent: ["bin/tool", "etc/gone"],
		wrong: ["bin/tool", "etc/motd", "bin/extra"],
		part: ["bin/tool", "bin/old"],
	};
	const packages = Object.entries(owners).map(([name, hasFiles]) => ({
		...{ SPDXID: name, name, hasFiles, versionInfo: "1" },
		externalRefs: [{ referenceType: "purl", referenceLocator: `pkg:${name === "all" ? "npm" : "deb"}/${name}@1` }],
	}));
	await held("held/owned", files, packages, async (page) => {
		const fits = async () => (await table(page)).map((cells) => [cells[0], cells[5], cells[6]]);
		const said = (/** @type {string} */ outcome, /** @type {number} */ n, /** @type {number} */ all) =>
			`${t(`outcome.${outcome}`)} ${t(`trust.match.${outcome}`, { n, all })}`;
		const head = [t("trust.column.name"), t("trust.column.layer"), t("trust.column.match")];
		const wrong = ["wrong", "1, 2", said("fail", 1, 3)];
		const rows = [
			...[["all", "1, 2", said("pass", 2, 2)], ["none", "", ""], ["absent", "1", said("warn", 1, 2)], wrong],
			["part", "1", said("not-checked", 1, 2)],
		];
		assert.deepEqual(await fits(), [head, ...rows]);
		// Filtered and in other places, rows keep what was said of them.
		await page.click("stow-packages .differing");
		assert.deepEqual(await fits(), [head, wrong]);
		await page.click("stow-packages .differing");
		await page.fill("stow-packages input", "wrong");
		assert.deepEqual(await fits(), [head, wrong]);
		await page.fill("stow-packages input", "");
		await page.getByRole("button", { name: "npm" }).click();
		assert.deepEqual(await fits(), [head, rows[0]]);
		await page.locator(".types button").first().click();
		assert.deepEqual(await axeFindings(page), []);
	});
});

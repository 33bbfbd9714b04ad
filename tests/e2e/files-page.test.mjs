// In the page: the files of a real image, laid over each other; their content with its own digest; sizes; a second visit.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { layer } from "../wasm/layer-registry.mjs";
import { descriptor, repository, sha256, TYPES } from "./support/documents.mjs";
import { headOf, inspect, openSection, verdict } from "./support/page.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

const PROGRAM = readFileSync("/bin/ls");
const PIXEL = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
	"base64",
);
const LAYERS = [
	layer([
		["app/"],
		["app/.env", "TOKEN=1"],
		["app/logo.png", PIXEL],
		["app/settings.json", '{"a":{"b":[1,true]}}'],
		["etc/"],
		["etc/passwd", "root:x:0:0"],
		["usr/bin/su", PROGRAM, { mode: 0o4755 }],
		["usr/bin/rsu", "", { type: "1", link: "usr/bin/su", mode: 0o4755 }],
		["usr/bin/sh", "", { type: "2", link: "su", mode: 0o777 }],
	]),
	layer([["app/.wh..env"], ["etc/"], ["etc/passwd", "root:x:0:0\nme:x:1:1"]]),
	layer(
		[["etc/.wh..wh..opq"], ["etc/hosts", "127.0.0.1"], ["tmp/evil\u202egpj.exe", "x"], [`tmp/${"a".repeat(40)}!`]],
		{ plain: true },
	),
];
const HISTORY = ["ADD rootfs.tar / # buildkit", "RUN adduser me && rm app/.env", "COPY hosts /etc/ # buildkit"];

let world;
before(async () => {
	world = await startWorld();
	const repo = repository(world.registry.url, "demo/files");
	const rootfs = { type: "layers", diff_ids: LAYERS.map(({ tar }) => sha256(tar)) };
	const history = HISTORY.map((created_by) => ({ created_by }));
	const config = await repo.putBlob(TYPES.config, { architecture: "amd64", os: "linux", config: {}, rootfs, history });
	const layers = [];
	for (const { blob, mediaType } of LAYERS) layers.push(await repo.putBlob(mediaType, blob));
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(config), layers };
	await repo.putManifest("v1", TYPES.manifest, document);
	await putWasteful(world.registry.url);
});
after(() => world?.stop());

/** An image whose last layer deletes what the one before it has added. @param {string} registry */
async function putWasteful(registry) {
	const repo = repository(registry, "demo/waste");
	const noise = (/** @type {number} */ size) => Buffer.alloc(size, "stowplan");
	const made = [
		{
			by: "ADD rootfs.tar / # buildkit",
			...layer([
				["etc/passwd", noise(2000)],
				["usr/bin/app", noise(90_000)],
				["var/lib/dpkg/status", "x"],
			]),
		},
		{
			by: "RUN /bin/sh -c npm ci --omit=dev # buildkit",
			...layer([
				["app/node_modules/lit/index.js", noise(120_000)],
				["etc/passwd", noise(3000)],
				["root/.npm/_cacache/content/ab", noise(41_000)],
				["root/.npm/_cacache/content/cd", noise(9000)],
				["usr/share/doc/lit/copyright", noise(20_000)],
				["usr/share/doc/npm/changelog.gz", noise(13_000)],
				["usr/share/keep", noise(30_000)],
			]),
		},
		{
			by: "RUN /bin/sh -c rm -rf /root/.npm /usr/share/doc # buildkit",
			...layer([["root/.wh..npm"], ["usr/share/.wh.doc"]]),
		},
	];
	const rootfs = { type: "layers", diff_ids: made.map(({ tar }) => sha256(tar)) };
	const history = made.map(({ by }) => ({ created_by: by }));
	const config = await repo.putBlob(TYPES.config, { architecture: "amd64", os: "linux", config: {}, rootfs, history });
	const layers = [];
	for (const { blob, mediaType } of made) layers.push(await repo.putBlob(mediaType, blob));
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(config), layers };
	await repo.putManifest("v1", TYPES.manifest, document);
}

const reference = () => `${world.liar.host}/demo/files:v1`;
const grid = (page) => page.getByRole("treegrid", { name: "Files" });
const row = (page, words) => grid(page).getByRole("row", { name: words });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** The image with its files listed. */
async function explored(page) {
	await inspect(page, reference());
	const panel = await openSection(page, "Files");
	await panel.getByRole("button", { name: /^Verify 3 layers to list their files, / }).click();
	await row(page, /etc\//).waitFor();
	await page.getByText("10 of 10 entries").waitFor();
	return panel;
}

/** Goes to a file and shows its content; gives that. */
async function contentOf(page, path) {
	await page.getByRole("searchbox", { name: "Path" }).fill(path);
	await row(page, new RegExp(path.split("/").at(-1))).click();
	const about = page.getByRole("region", { name: "About the selected file" });
	// The one that was selected before is shown a moment longer.
	await about.getByRole("heading", { name: path, exact: true }).waitFor();
	await about.getByRole("button", { name: "Show content" }).click();
	const content = page.getByRole("region", { name: new RegExp(`^Content of ${path}`) });
	await content.getByText(/its checks passed|Layer \d was read again/).waitFor();
	return content;
}

test("the image is what the layers make of each other; every path of every layer is told with its end", () =>
	world.onPage(async (page) => {
		world.liar.reset();
		await explored(page);
		assert.doesNotMatch(await headOf(page), /failed|0 of/);
		await press(page, "Open all");
		await row(page, /-rw-r--r--.*0:0.*hosts.*layer 3.*added/s).waitFor();
		await row(page, /-rwsr-xr-x.*Z su\b.*layer 1.*setuid/s).waitFor();
		await row(page, /rsu hard link to usr\/bin\/su/).waitFor();
		await row(page, /sh → su/).waitFor();
		await row(page, /evil<U\+202E>gpj\.exe.*bidi character/s).waitFor();
		assert.equal(await row(page, /passwd/).count(), 0, "hidden by the opaque directory");
		await press(page, "All paths ever");
		await press(page, "Open all");
		await row(page, /passwd.*layer 2.*removed in layer 3/s).waitFor();
		await row(page, /\.env.*secret by name.*removed in layer 2/s).waitFor();
		await row(page, /opaque whiteout/).waitFor();
		await row(page, /passwd/).click();
		const about = page.getByRole("region", { name: "About the selected file" });
		await about.getByText(HISTORY[1]).waitFor();
		assert.equal(await about.getByRole("table").nth(1).getByRole("row").count(), 3, "two layers");
		await press(page, "secret by name, 1");
		await page.getByText(/^1 of \d+ entries$/).waitFor();
		await row(page, /\.env/).click();
		await about.getByText("Deleted in layer 2, and still in the image’s bytes.").waitFor();
	}));

test("a regular expression, a glob and one that never ends", () =>
	world.onPage(async (page) => {
		await explored(page);
		const path = page.getByRole("searchbox", { name: "Path" });
		await page.getByLabel("How the path is matched").selectOption("regex");
		await path.fill("^usr/.*su$");
		await page.getByText("2 of 10 entries").waitFor();
		await path.fill("^tmp/(a+)+$");
		await page.getByRole("alert").getByText("takes too long").waitFor();
		await path.fill("[");
		await page.getByRole("alert").getByText("This is not a regular expression").waitFor();
		await row(page, /rsu/).waitFor();
		await page.getByLabel("How the path is matched").selectOption("glob");
		await path.fill("**/*.json");
		await page.getByText("1 of 10 entries").waitFor();
	}));

test("a file’s content comes with its own digest, and its layer is proved again", () =>
	world.onPage(async (page) => {
		await explored(page);
		const program = await contentOf(page, "usr/bin/su");
		await program.getByText(sha256(PROGRAM)).waitFor();
		await program.getByText("Layer 1 was read again for this, and its checks passed.").waitFor();
		await program.getByRole("button", { name: "ELF", pressed: true }).waitFor();
		const link = await contentOf(page, "usr/bin/rsu");
		await link.getByText(sha256(PROGRAM)).waitFor();
		const json = await contentOf(page, "app/settings.json");
		await json.getByRole("button", { name: "JSON", pressed: true }).waitFor();
		const picture = await contentOf(page, "app/logo.png");
		await picture.getByRole("img").waitFor();
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			picture.getByRole("button", { name: "Download" }).click(),
		]);
		assert.equal(download.suggestedFilename(), "logo.png");
		assert.deepEqual(readFileSync(await download.path()), PIXEL);
	}));

test("sizes: what is overwritten and deleted is counted, and leads to its file", () =>
	world.onPage(async (page) => {
		await explored(page);
		const panel = await openSection(page, "Size");
		const total = PROGRAM.length + PIXEL.length + 20 + 7 + 10 + 19 + 9 + 1;
		const needed = total - 7 - 10 - 19;
		await panel.getByRole("button", { name: "efficiency, explained" }).click();
		await panel.getByText(new RegExp(`${needed.toLocaleString("en")}.* ÷ ${total.toLocaleString("en")}`)).waitFor();
		await panel.getByRole("button", { name: "etc/passwd" }).click();
		await row(page, /passwd.*layer 2.*removed in layer 3/s).waitFor();
	}));

test("waste is told by directory, with what happened and what to change, and the map leaves it out if it is told to", () =>
	world.onPage(async (page) => {
		await inspect(page, `${world.registry.host}/demo/waste:v1`);
		const panel = await openSection(page, "Size");
		await panel.getByRole("button", { name: /^Verify 3 layers to list their files, / }).click();
		const waste = panel.getByRole("region", { name: "Most wasted space" });
		await waste.getByRole("row").nth(3).waitFor();
		const rows = await waste.locator("tbody tr").allInnerTexts();
		assert.deepEqual(
			rows.map((text) => /^\S+/.exec(text)?.[0]),
			["root/.npm", "usr/share/doc", "etc/passwd"],
		);
		assert.match(
			rows[0],
			/Added in layer 2\s+npm ci --omit=dev\s+deleted in layer 3\s+rm -rf .*--mount=type=cache,target=\/root\/\.npm/s,
		);
		assert.match(rows[1], /2 files.*Added in layer 2.*deleted in layer 3.*path-exclude=\/usr\/share\/doc\/\*/s);
		assert.match(rows[2], /1 file\b.*Added in layer 1\s.*replaced in layer 2/s);
		const wasted = () => panel.locator(".cell.is-wasted").count();
		assert.ok((await panel.locator(".segment .hatch").count()) === 2);
		const all = await panel.locator(".crumbs .note").getAttribute("title");
		assert.ok((await wasted()) >= 2);
		await panel.getByRole("button", { name: "Without waste" }).click();
		await page.waitForFunction(
			(before) => document.querySelector(".crumbs .note")?.getAttribute("title") !== before,
			all,
		);
		assert.equal(await wasted(), 0);
		const tones = await panel
			.locator(".cell:not(.is-outer)")
			.evaluateAll((cells) => cells.map((one) => getComputedStyle(one).backgroundColor));
		assert.ok(new Set(tones).size >= 2, `one colour a layer: ${tones}`);
		await waste.getByRole("button", { name: "root/.npm" }).click();
		await row(page, /48\.8 KiB \.npm\//).waitFor();
	}));

test("back and forward walk the files and the filter, and a file that is passed by keys leaves no step", () =>
	world.onPage(async (page) => {
		await explored(page);
		await page.getByRole("searchbox", { name: "Path" }).fill("logo");
		await page.waitForURL(/&filter=logo/);
		await row(page, /logo\.png/).click();
		await page.waitForURL(/&file=app\/logo/);
		await page.keyboard.press("ArrowUp");
		await page.waitForURL(/&file=app&/);
		await page.keyboard.press("ArrowDown");
		await page.waitForURL(/&file=app\/logo/);
		await page.goBack();
		await page.waitForURL((url) => url.hash.includes("filter=logo") && !url.hash.includes("file="));
		await page.goBack();
		await page.waitForURL((url) => !url.hash.includes("filter="));
		await row(page, /usr\//).waitFor();
		assert.equal(await page.getByRole("searchbox", { name: "Path" }).inputValue(), "");
		await page.goForward();
		await page.waitForURL(/&filter=logo/);
		await row(page, /usr\//).waitFor({ state: "detached" });
	}));

test("a second visit lists the files without a download, until they are forgotten", () =>
	world.onPage(async (page) => {
		await explored(page);
		await page.reload();
		world.liar.reset();
		await verdict(page).getByText(reference(), { exact: true }).waitFor();
		const panel = await openSection(page, "Files");
		await row(page, /etc\//).waitFor();
		await panel.getByText(/^3 layers are listed as they were verified in this browser since /).waitFor();
		const fetched = world.liar.requests.filter(({ path }) => LAYERS.some(({ blob }) => path.endsWith(sha256(blob))));
		assert.equal(fetched.length, 0);
		assert.match(await headOf(page), /0 of 3 verified/, "nothing passes by that");
		await page.getByRole("button", { name: "Settings" }).first().click();
		const dialog = page.getByRole("dialog", { name: "Settings" });
		await dialog.getByText(/^3 layers, /).waitFor();
		await dialog.getByRole("button", { name: "Forget them" }).click();
		await dialog.getByText(/^0 layers, /).waitFor();
	}));

test("a file whose layer lies now is shown as what it is", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await explored(page);
			const other = layer([["app/"], ["app/.env", "TOKEN=2"]]);
			world.liar.lie(new RegExp(sha256(LAYERS[0].blob)), async (truth) => ({ ...(await truth()), body: other.blob }));
			const content = await contentOf(page, "app/settings.json").catch(() => undefined);
			assert.equal(content, undefined);
			await page.getByText(/The content could not be read: entry 3 of the layer has no content/).waitFor();
			assert.equal(await verdict(page).count(), 1, "all else stays");
		},
		{ expected: FAILED_LOAD },
	));

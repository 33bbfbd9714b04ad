// "Compare with…": a second reference, a file, another platform of the index, two dropped files, and what a pull costs a machine.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { noise } from "../wasm/layer-registry.mjs";
import { layout } from "../wasm/layouts.mjs";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { inspect, verdict } from "./support/page.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { starter } from "./support/starter.mjs";
import { startWorld } from "./support/world.mjs";

const start = starter();
let world;
let name;
const BASE = { tar: tarOf([["etc/"], ["etc/os-release", "ID=test\n"], ["lib", noise(9000)]]), by: "ADD rootfs.tar /" };
const app = (text) => ({ tar: tarOf([["app/"], ["app/main.js", text]]), by: "COPY . /app" });

/** Two images as files on disk. */
const files = ["one", "two"].map((text) => {
	const path = join(tmpdir(), `stowplan-${process.pid}-${text}.tar`);
	writeFileSync(path, tarOf(layout([BASE.tar, app(text).tar])));
	return path;
});

before(async () => {
	world = await start(startWorld());
	const { url, host } = world.registry;
	const amd = await pushImage(url, "with/app", "1", { layers: [BASE, app("one")] });
	await pushImage(url, "with/app", "2", { layers: [BASE, app("two")] });
	const arm = await pushImage(url, "with/app", "arm", { layers: [BASE, app("arm")], architecture: "arm64" });
	const entry = ({ mediaType, digest, size }, architecture) => ({
		...{ mediaType, digest, size },
		platform: { os: "linux", architecture },
	});
	const manifests = [entry(amd, "amd64"), entry(arm, "arm64")];
	await repository(url, "with/app").putManifest("multi", TYPES.index, {
		...{ schemaVersion: 2, mediaType: TYPES.index, manifests },
	});
	name = `${host}/with/app`;
});

const open = async (page) => {
	await verdict(page).getByRole("button", { name: "Compare with…" }).click();
	await page.getByRole("dialog").getByLabel("The other image").waitFor();
};
const inDialog = (page) => page.getByRole("dialog");

test("a second reference is asked for and gets an address", async () => {
	await world.onPage(async (page) => {
		await inspect(page, `${name}:1`);
		await open(page);
		await inDialog(page).getByLabel("The other image").fill(`${name}:2`);
		await page.keyboard.press("Enter");
		await page.getByText("Not compared to the end").waitFor();
		assert.equal(await page.evaluate(() => location.hash), `#compare=${name}:1,${name}:2`);
		await page.goBack();
		await verdict(page).waitFor();
		assert.equal(await page.locator("stow-compare").count(), 0);
	});
});

test("what docker inspect prints says what a pull costs there", async () => {
	const printed = JSON.stringify([{ Id: "sha256:0", RootFS: { Type: "layers", Layers: [sha256(BASE.tar)] } }], null, 4);
	await world.onPage(async (page) => {
		await inspect(page, `${name}:1`);
		await open(page);
		await inDialog(page).getByLabel("The other image").fill(printed);
		await inDialog(page).getByRole("button", { name: "Compare", exact: true }).click();
		const cost = await page.locator(".compare-cost").innerText();
		assert.match(cost, /1 of 2 layers/);
		await inDialog(page).getByLabel("The other image").fill("[]");
		await page.keyboard.press("Enter");
		await inDialog(page).getByRole("alert").waitFor();
	});
});

test("a pasted manifest is compared, byte for byte", async () => {
	const { url } = world.registry;
	const answer = (tag) => fetch(`${url}/v2/with/app/manifests/${tag}`, { headers: { accept: TYPES.manifest } });
	const [same, other] = await Promise.all(["1", "2"].map(async (tag) => (await answer(tag)).text()));
	const compared = async (page, text, words) => {
		await inspect(page, `${name}:1`);
		await open(page);
		await inDialog(page).getByLabel("The other image").fill(text);
		await page.keyboard.press("Enter");
		await page.locator(".compare-verdict").filter({ hasText: words }).waitFor();
		await page.getByRole("button", { name: "Close" }).click();
	};
	await world.onPage(async (page) => {
		await compared(page, same, /The images are the same/);
		await compared(page, other, /Not compared to the end/);
		assert.equal(await page.evaluate(() => location.hash.includes("schemaVersion")), false);
	});
});

test("the platforms of one index are compared", async () => {
	await world.onPage(async (page) => {
		await inspect(page, `${name}:multi`);
		await open(page);
		await inDialog(page).getByRole("button", { name: "linux/arm64" }).click();
		await page.getByText("Not compared to the end").waitFor();
		assert.match(await page.evaluate(() => location.hash), /platforms=linux\/amd64,linux\/arm64$/);
		await page.getByRole("button", { name: "Swap" }).click();
		await page.waitForFunction(() => location.hash.endsWith("linux/arm64,linux/amd64"));
	});
});

test("two dropped files are compared on offer", async () => {
	await world.onPage(async (page) => {
		await page.locator("input[type=file]").first().setInputFiles(files);
		await verdict(page).getByRole("button", { name: "Compare the two files" }).click();
		await page.locator(".compare-verdict").waitFor();
		await page.getByRole("button", { name: "Close" }).click();
		await verdict(page).waitFor();
	});
});

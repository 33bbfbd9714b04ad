// In the page: the result: what it says is so, its tabs are in the address, and a failure leads to its check.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lies } from "./support/lies.mjs";
import {
	details,
	fromMenu,
	headOf,
	inspect,
	openSection,
	rows,
	shown,
	verdict,
	verifyButton,
} from "./support/page.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

/** Reads all layers and waits for the end. */
async function verifyAll(page) {
	await verifyButton(page).click();
	await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
}

const layersOf = (name) => JSON.parse(world.images[name].text).layers;
const clip = { permissions: ["clipboard-read", "clipboard-write"] };
const liar = (name) => world.ref(name, world.liar.host);

test("three facts: the documents match, the layers are counted, the tag is not pinned; green only when all is verified", () =>
	world.onPage(async (page) => {
		assert.match(await inspect(page, world.ref("oci")), /Every digest matches[\s\S]*0 of 3 verified/);
		assert.equal(await page.locator(".block.is-pass").count(), 0);
		await verdict(page)
			.getByText(/^Not pinned: v1 is a tag/)
			.waitFor();
		const height = async () => (await page.locator(".facts-head").boundingBox())?.height;
		const before = await height();
		await verifyAll(page);
		assert.match(await headOf(page), /Verified[\s\S]*3 of 3 verified/);
		await page.locator(".block.is-pass").waitFor();
		assert.equal(await height(), before, "nothing is pushed down");
		await inspect(page, `${world.registry.host}/demo/app@${world.images.oci.digest}`);
		await verdict(page).getByText("Pinned: it is the image you asked for.").waitFor();
	}));

test("the requests of before stay listed when layers are verified, and theirs are added", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("schema2"));
		await verifyAll(page);
		const panel = await openSection(page, "Raw and requests");
		await panel.getByText("/v2/demo/docker/manifests/v1").first().waitFor();
		for (const { digest } of layersOf("schema2")) await panel.getByText(`/blobs/${digest}`).first().waitFor();
	}));

test("before layers are read there is their download, and neither waste nor efficiency", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const panel = await openSection(page, "Size");
		await panel.getByText("Waste and efficiency are known once every layer is verified.").waitFor();
		assert.doesNotMatch(await panel.innerText(), /\d%\s*of|Efficiency|\bwasted\b/);
		assert.ok((await panel.locator(".segment").count()) === 3);
	}));

test("bars are as long as their layers are large", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const widths = await page
			.locator(".kind-layer .measure")
			.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
		const sizes = layersOf("oci").map(({ size }) => size);
		const largest = Math.max(...sizes);
		const full = Math.max(...widths);
		for (const [at, size] of sizes.entries()) {
			const wanted = Math.max(3, (full * size) / largest);
			assert.ok(Math.abs(widths[at] - wanted) < 1.5, `${widths[at]} for ${size}`);
		}
	}));

test("a failed layer keeps the promised digest, what came is beside it and found by a lookup, and its check is one click away", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await inspect(page, liar("schema2"));
			const [{ digest }] = layersOf("schema2");
			world.liar.lie(new RegExp(`/blobs/${digest}`), lies.flipByte(40));
			await verifyAll(page);
			assert.match(await headOf(page), /Layer 1 does not match the digest in the manifest/);
			assert.ok((await rows(page, "layer").first().innerText()).includes(digest.slice(7, 19)));
			const got = (await verdict(page).locator(".is-actual code").innerText()).trim();
			assert.match(got, /^sha256:[0-9a-f]{64}$/);
			assert.notEqual(got, digest);
			await verdict(page).getByRole("button", { name: "Go to failed check" }).click();
			await details(page)
				.getByRole("tab", { name: /^Checks/, selected: true })
				.waitFor();
			assert.match(await details(page).getByRole("heading").first().innerText(), /layer\s+1/i);
			await page.getByRole("textbox", { name: "Image reference" }).fill(got);
			await page.keyboard.press("Enter");
			await page.locator("section.answer").waitFor();
			world.liar.reset();
		},
		{ expected: FAILED_LOAD },
	));

test("a layer of which only a part came was cut short, and its bytes were not changed", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await inspect(page, liar("schema2"));
			const [{ digest, size }] = layersOf("schema2");
			const part = Math.floor(size / 2);
			const cut = async (truth) => {
				const answer = await truth();
				return {
					...answer,
					headers: { ...answer.headers, "content-length": String(part) },
					body: answer.body.subarray(0, part),
				};
			};
			world.liar.lie(new RegExp(`/blobs/${digest}`), cut);
			await verifyAll(page);
			const words = await verdict(page).innerText();
			assert.match(words, /Layer 1 was cut short/);
			assert.ok(words.includes(`${part.toLocaleString("en")} of ${size.toLocaleString("en")} bytes came`), words);
			assert.doesNotMatch(words, /changed|stale/);
			world.liar.reset();
		},
		{ expected: FAILED_LOAD },
	));

test("the tab, the node and a file are in the address; back and forward walk them; the title names the image", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		assert.equal(await page.title(), "demo/app:v1 · Stowplan");
		await openSection(page, "IDs");
		assert.match(page.url(), /&tab=ids/);
		await openSection(page, /^Checks/);
		await page.goBack();
		await page.locator("#result-ids[aria-selected=true]").waitFor();
		await page.goForward();
		await page.locator("#result-checks[aria-selected=true]").waitFor();
		const link = page.url();
		await page.goto("about:blank");
		await page.goto(link);
		await shown(page, world.ref("oci"));
		await page.locator("#result-checks[aria-selected=true]").waitFor();
	}));

test("a line of the bytes is in the address, and back and forward walk lines and documents", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const panel = await openSection(page, "Raw and requests");
		const marked = panel.locator(".line.is-at .line-number");
		await panel.getByRole("button", { name: "Line 3", exact: true }).click();
		await page.waitForURL(/&line=3$/);
		assert.equal(await marked.innerText(), "3");
		await panel.getByLabel("Line", { exact: true }).fill("5");
		await page.keyboard.press("Enter");
		await page.waitForURL(/&line=5$/);
		const link = page.url();
		await page.goBack();
		await page.waitForURL(/&line=3$/);
		assert.equal(await marked.innerText(), "3");
		await panel.getByLabel("Exact bytes of").selectOption({ index: 1 });
		await page.waitForURL((url) => !url.hash.includes("line="));
		await page.goBack();
		await page.waitForURL(/&line=3$/);
		await page.goto("about:blank");
		await page.goto(link);
		await marked.getByText("5", { exact: true }).waitFor();
		await page.goto(link.replace("line=5", "line=99999"));
		await shown(page, world.ref("oci"));
		assert.equal(await marked.count(), 0);
	}));

test("Share copies a link that is pinned, and it opens the same view", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		await openSection(page, "Config and history");
		await fromMenu(page, "Share", /^Copy link, pinned/);
		await page.getByRole("status").getByText("Link copied.").waitFor({ state: "attached" });
		const link = await page.evaluate(() => navigator.clipboard.readText());
		assert.ok(link.includes(`@${world.images.oci.digest}`) && link.includes("&tab=config"), link);
		await page.goto("about:blank");
		await page.goto(link);
		await verdict(page).getByText("Pinned: it is the image you asked for.").waitFor();
		await page.locator("#result-config[aria-selected=true]").waitFor();
	}, clip));

test("all checks are one list, to be filtered; a check's node is one click away", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("wrongSize"));
		const panel = await openSection(page, /^Checks/);
		await panel.locator(".check").first().waitFor();
		assert.match(
			await panel.locator(".check-node").first().innerText(),
			/linux\/amd64 manifest/,
			"what failed comes first",
		);
		await panel.getByRole("button", { name: /^Failed/ }).click();
		assert.equal(await panel.locator(".check").count(), 1);
		await panel.locator(".check-node button").click();
		await details(page)
			.getByRole("heading", { name: /manifest linux\/amd64/i })
			.waitFor();
	}));

test("a slash goes to the box, Escape closes a menu", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		await verdict(page).getByRole("button", { name: "Download", exact: true }).click();
		await page.keyboard.press("Escape");
		await page.locator(".menu").waitFor({ state: "detached" });
		await page.keyboard.press("/");
		await page.waitForFunction(() => document.activeElement?.id === "reference");
	}));

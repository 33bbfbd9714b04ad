// In the page: the image in view saved as an OCI layout, the report as text, and what goes wrong while saving.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeFindings } from "./support/axe.mjs";
import { sha256 } from "./support/documents.mjs";
import { lies } from "./support/lying-proxy.mjs";
import { details, fromMenu, inspect, rows, shown } from "./support/page.mjs";
import { removeFolder, run, temporaryFolder } from "./support/process.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world, folder;
before(async () => {
	world = await startWorld();
	folder = temporaryFolder("save-page");
});
after(async () => {
	removeFolder(folder);
	await world?.stop();
});

const dialog = (page) => page.getByRole("dialog", { name: "Keep a copy" });
/** Opens the dialog; waits until it says how large the archive will be. */
async function opened(page) {
	await fromMenu(page, "Download", "Download image…");
	await dialog(page)
		.getByText(/[\d,]+ bytes with \d+ blobs/)
		.waitFor();
	return dialog(page);
}
/** A browser without a dialog for files. */
const withoutPicker = (page) => page.evaluate(() => delete globalThis.showSaveFilePicker);
/** Makes the page's file picker give a real file handle on the browser's private disk. */
const pickInto = (page, name) =>
	page.evaluate(async (name) => {
		const root = await navigator.storage.getDirectory();
		globalThis.showSaveFilePicker = async ({ suggestedName }) => {
			globalThis.suggested = suggestedName;
			return root.getFileHandle(name, { create: true });
		};
	}, name);
const fileSize = (page, name) =>
	page.evaluate(async (name) => {
		const root = await navigator.storage.getDirectory();
		return root.getFileHandle(name).then(
			async (handle) => (await handle.getFile()).size,
			() => undefined,
		);
	}, name);

async function download(page, press, name) {
	const [download] = await Promise.all([page.waitForEvent("download"), press()]);
	const path = join(folder, name);
	await download.saveAs(path);
	return { path, suggested: download.suggestedFilename() };
}

test("the chosen platform is downloaded where the browser has no dialog for files, and skopeo takes it", () =>
	world.onPage(async (page) => {
		await withoutPicker(page);
		await inspect(page, world.ref("index"));
		const box = await opened(page);
		await box.getByText("1 MiB of it will be downloaded.").waitFor();
		const press = () => box.getByRole("button", { name: "Save the image" }).click();
		const { path, suggested } = await download(page, press, "one.tar");
		assert.equal(suggested, "app-multi-linux-amd64.oci.tar");
		await box
			.getByText(/^Saved app-multi-linux-amd64\.oci\.tar, [\d,]+ bytes; every blob in it hashes to its name\.$/)
			.waitFor();
		assert.equal(JSON.parse(await run("skopeo", ["inspect", `oci-archive:${path}`])).Digest, world.images.oci.digest);
	}));

test("all platforms go to the file that the user chose", () =>
	world.onPage(async (page) => {
		await pickInto(page, "all.tar");
		await inspect(page, world.ref("index"));
		const box = await opened(page);
		await box.getByLabel("Everything that the index names").check();
		await box.getByText("Platforms: linux/amd64 and linux/arm64.").waitFor();
		await box.getByRole("button", { name: "Save the image" }).click();
		await box.getByText(/^Saved app-multi\.oci\.tar/).waitFor();
		assert.equal(await page.evaluate(() => globalThis.suggested), "app-multi.oci.tar");
		const names = await page.evaluate(async () => {
			const root = await navigator.storage.getDirectory();
			const text = await (await (await root.getFileHandle("all.tar")).getFile()).text();
			return [...text.matchAll(/(?:oci-layout|index\.json|blobs\/sha256\/[0-9a-f]{64})(?=\0)/g)].map(([name]) => name);
		});
		assert.deepEqual(names.slice(0, 3), [
			"oci-layout",
			"index.json",
			`blobs/${world.images.index.digest.replace(":", "/")}`,
		]);
		assert.equal(names.length, 13);
	}));

test("a flipped byte ends the save, says which blob, and leaves no file", () =>
	world.onPage(async (page) => {
		const [first] = JSON.parse(world.images.oci.text).layers;
		world.liar.reset();
		world.liar.lie(new RegExp(`blobs/${first.digest}`), lies.flipByte(1000));
		await pickInto(page, "flipped.tar");
		await inspect(page, world.ref("oci", world.liar.host));
		const box = await opened(page);
		await box.getByRole("button", { name: "Save the image" }).click();
		const alert = box.getByRole("alert");
		await alert.getByText("A blob is not what its digest says; nothing was kept").waitFor();
		assert.match(await alert.innerText(), new RegExp(`hashes to sha256:[0-9a-f]{64} instead of ${first.digest}`));
		assert.equal(await fileSize(page, "flipped.tar"), undefined);
		world.liar.reset();
		await box.getByRole("button", { name: "Close" }).click();
		await shown(page, world.ref("oci", world.liar.host));
	}));

test("a save can be cancelled, and nothing is kept", () =>
	world.onPage(
		async (page) => {
			const [first] = JSON.parse(world.images.oci.text).layers;
			world.liar.reset();
			world.liar.lie(new RegExp(`blobs/${first.digest}`), lies.stall(100_000));
			await pickInto(page, "stopped.tar");
			await inspect(page, world.ref("oci", world.liar.host));
			const box = await opened(page);
			await box.getByRole("button", { name: "Save the image" }).click();
			await box.getByText("Writing app-v1-linux-amd64.oci.tar").waitFor();
			assert.ok(await box.getByRole("progressbar").isVisible());
			await page.keyboard.press("Escape");
			assert.ok(await box.isVisible(), "Escape does not hide what runs");
			await box.getByRole("button", { name: "Cancel" }).click();
			await box.getByText("Cancelled; nothing was kept.").waitFor();
			assert.equal(await fileSize(page, "stopped.tar"), undefined);
			world.liar.reset();
		},
		{ expected: FAILED_LOAD },
	));

test("a dialog for files that is closed changes nothing", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		await page.evaluate(() => {
			globalThis.showSaveFilePicker = () => Promise.reject(new DOMException("closed", "AbortError"));
		});
		const box = await opened(page);
		await box.getByRole("button", { name: "Save the image" }).click();
		await box.getByText("Cancelled; nothing was kept.").waitFor();
		assert.equal(await box.getByRole("alert").count(), 0);
	}));

test("a classic docker save that was chosen is saved with a manifest made for it, and the dialog says so", () =>
	world.onPage(async (page) => {
		const source = join(folder, "docker.tar");
		const from = `docker://${world.registry.host}/${world.images.schema2.path}`;
		await run("skopeo", ["copy", "-q", "--src-tls-verify=false", from, `docker-archive:${source}:a/app:1.2`]);
		await withoutPicker(page);
		await page.getByLabel("Browse files…").setInputFiles(source);
		await shown(page, "docker.tar");
		const box = await opened(page);
		await box.getByText("All of it is at hand: nothing will be downloaded.").waitFor();
		await box.getByText(/an OCI manifest was made for it: that manifest’s digest is new/).waitFor();
		const press = () => box.getByRole("button", { name: "Save the image" }).click();
		const { path, suggested } = await download(page, press, "made.tar");
		assert.equal(suggested, "app-1.2-linux-amd64.oci.tar");
		const raw = JSON.parse(await run("skopeo", ["inspect", "--raw", `oci-archive:${path}:1.2`]));
		assert.equal(raw.config.digest, JSON.parse(world.images.schema2.text).config.digest);
	}));

test("Docker's own format is said, and what cannot be saved too", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("schema2"));
		const box = await opened(page);
		await box.getByText(/Its manifest is in Docker’s format and stays so, byte for byte/).waitFor();
		await box.getByRole("button", { name: "Close" }).click();
		await inspect(page, world.ref("schema1"));
		await fromMenu(page, "Download", "Download image…");
		await dialog(page).getByRole("alert").getByText("This cannot be saved as an OCI layout").waitFor();
		assert.ok(await dialog(page).getByRole("button", { name: "Save the image" }).isDisabled());
	}));

test("the report can be had as a text and as JSON", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("index"));
		const box = await opened(page);
		const text = await download(page, () => box.getByRole("button", { name: "Save as text" }).click(), "report.txt");
		assert.equal(text.suggested, "demo-app-multi.stowplan.txt");
		const said = await run("cat", [text.path]);
		assert.match(said, new RegExp(`What: +From the registry: ${world.ref("index")}`));
		assert.ok(said.includes(world.images.index.digest));
		assert.match(said, /\[not checked\]/);
		const json = await download(page, () => box.getByRole("button", { name: "Save as JSON" }).click(), "report.json");
		assert.equal(JSON.parse(await run("cat", [json.path])).nodes[0].digest, sha256(world.images.index.text));
	}));

test("the dialog is accessible, wide and narrow, and while it says what went wrong", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("index"));
		await opened(page);
		const violations = () => axeFindings(page, { within: "dialog[open]" });
		assert.deepEqual(await violations(), []);
		await page.setViewportSize({ width: 360, height: 800 });
		assert.deepEqual(await violations(), []);
		const wide = await dialog(page).evaluate((box) => box.scrollWidth > box.clientWidth);
		assert.ok(!wide, "it scrolls sideways");
		await dialog(page).getByRole("button", { name: "Close" }).click();
		await rows(page, "manifest").first().click();
		await details(page)
			.getByRole("heading", { name: /^manifest/ })
			.waitFor();
	}));

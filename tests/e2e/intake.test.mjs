// In the page: files and folders dropped, chosen and pasted; what goes wrong leaves what is in view.

import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DIST } from "./support/app.mjs";
import { dragFiles } from "./support/dropping.mjs";
import { details, errorCode, inspect, openTab, rows, shown, tree, verdict } from "./support/page.mjs";
import { removeFolder, temporaryFolder } from "./support/process.mjs";
import { startWorld } from "./support/world.mjs";

let world, folder, image, config;
before(async () => {
	world = await startWorld();
	folder = temporaryFolder("intake");
	image = world.images.oci;
	const [, hex] = JSON.parse(image.text).config.digest.split(":");
	const answer = await fetch(`${world.registry.url}/v2/demo/app/blobs/sha256:${hex}`);
	config = Buffer.from(await answer.arrayBuffer());
	const blobs = join(folder, "layout", "blobs", "sha256");
	mkdirSync(blobs, { recursive: true });
	writeFileSync(join(blobs, hex), config);
	writeFileSync(join(blobs, image.digest.slice(7)), image.text);
	writeFileSync(join(folder, "manifest.json"), image.text);
	writeFileSync(join(folder, "config.json"), config);
	mkdirSync(join(folder, "empty", "below"), { recursive: true });
});
after(async () => {
	removeFolder(folder);
	await world?.stop();
});

const LAYOUT = () => join(folder, "layout");
const chooser = async (page, name) => {
	const [asked] = await Promise.all([page.waitForEvent("filechooser"), page.getByText(name, { exact: true }).click()]);
	return asked;
};
/** The ways of choosing stand on the first screen. */
const goHome = async (page) => {
	await page.getByRole("link", { name: "Stowplan", exact: true }).click();
	await page.getByText("Browse files…", { exact: true }).waitFor();
};
/** The image is in view: its manifest, its config, hashed. */
async function opened(page, name) {
	await shown(page, name);
	assert.equal(await rows(page, "manifest").count(), 1);
	assert.match(await rows(page, "config").first().getAttribute("aria-label"), /digest matches/);
	await (await openTab(page, "manifest", "Overview")).getByText(image.digest).first().waitFor();
}

test("a dropped snapshot opens as the image that it holds, hashed anew; one that lies fails", async () => {
	const { inspect: report, makeSnapshot } = await import(join(DIST, "www/api.js"));
	const snapshot = await makeSnapshot(await report(world.ref("oci"), { proxy: world.app.proxy }));
	const good = join(folder, "app.stowplan.json");
	writeFileSync(good, JSON.stringify(snapshot));
	const bad = join(folder, "bad.stowplan.json");
	const [first, ...rest] = snapshot.descriptors;
	const changed = Buffer.from(`${Buffer.from(first.data, "base64")}`.replace(/[1-9]/, "0")).toString("base64");
	writeFileSync(bad, JSON.stringify({ ...snapshot, descriptors: [{ ...first, data: changed }, ...rest] }));
	const later = join(folder, "later.stowplan.json");
	writeFileSync(later, JSON.stringify({ ...snapshot, stowplanSnapshot: 2 }));
	await world.onPage(async (page) => {
		const drop = async (file) => {
			const drag = await dragFiles(page, [file]);
			await drag.over();
			await drag.drop();
		};
		await drop(good);
		await opened(page, "app.stowplan.json");
		await drop(bad);
		await shown(page, "bad.stowplan.json");
		assert.match(await verdict(page).innerText(), /failed/);
		await drop(later);
		assert.equal(await errorCode(page), "unsupported-snapshot");
	});
});

test("a folder can be dropped: its files join by digest, under its name", () =>
	world.onPage(async (page) => {
		const drag = await dragFiles(page, [LAYOUT()]);
		await drag.over();
		assert.match(
			await page.evaluate(() => getComputedStyle(document.documentElement, "::after").content),
			/Drop to inspect\. Files stay on your machine\./,
		);
		await drag.drop();
		await opened(page, "layout");
		assert.equal(await page.evaluate(() => document.documentElement.dataset.drop), undefined);
	}));

test("several files can be dropped at once, and a drag that leaves takes its sign with it", () =>
	world.onPage(async (page) => {
		const drag = await dragFiles(
			page,
			["config.json", "manifest.json"].map((name) => join(folder, name)),
		);
		await drag.over();
		await drag.leave();
		await page.locator("html:not([data-drop])").waitFor();
		await drag.over();
		await drag.drop();
		await opened(page, "config.json");
	}));

test("a dropped folder with links that go round comes to an end", () =>
	world.onPage(async (page) => {
		const round = join(folder, "round");
		mkdirSync(round, { recursive: true });
		writeFileSync(join(round, "manifest.json"), image.text);
		symlinkSync(round, join(round, "again"));
		const drag = await dragFiles(page, [round]);
		await drag.over();
		await drag.drop();
		await shown(page, "round").catch(async () => assert.equal(await errorCode(page), "too-many-files"));
	}));

test("files can be chosen, several at once, by the keyboard alone", () =>
	world.onPage(async (page) => {
		// The first listener is asked in the place of the dialog; a key is faster than the listener.
		page.on("filechooser", () => {});
		await page.getByLabel("Browse files…").focus();
		const [asked] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
		assert.ok(asked.isMultiple());
		await asked.setFiles(["config.json", "manifest.json"].map((name) => join(folder, name)));
		await opened(page, "config.json");
		await goHome(page);
		const again = await chooser(page, "Browse files…");
		await again.setFiles([join(folder, "manifest.json")]);
		await shown(page, "manifest.json");
	}));

test("a folder can be chosen where the browser has no picker of its own for it", () =>
	world.onPage(async (page) => {
		await page.evaluate(() => delete globalThis.showDirectoryPicker);
		await (await chooser(page, "Browse a folder…")).setFiles(LAYOUT());
		await opened(page, "layout");
	}));

test("a folder can be chosen with the browser's picker", () =>
	world.onPage(async (page) => {
		// The dialog itself is the browser's; the folder is a real handle.
		await page.evaluate(
			async ([manifest, config]) => {
				const root = await navigator.storage.getDirectory();
				const layout = await root.getDirectoryHandle("picked", { create: true });
				const blobs = await layout.getDirectoryHandle("blobs", { create: true });
				for (const [name, text] of Object.entries({ one: manifest, two: config })) {
					const stream = await (await blobs.getFileHandle(name, { create: true })).createWritable();
					await stream.write(text);
					await stream.close();
				}
				globalThis.showDirectoryPicker = async () => layout;
			},
			[image.text, config.toString()],
		);
		await page.getByText("Browse a folder…", { exact: true }).click();
		await opened(page, "picked");
	}));

test("a picker that is closed changes nothing", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		await goHome(page);
		const address = page.url();
		await page.evaluate(() => {
			globalThis.showDirectoryPicker = () => Promise.reject(new DOMException("closed", "AbortError"));
		});
		await page.getByText("Browse a folder…", { exact: true }).click();
		await page.getByText("Browse a folder…", { exact: true }).click();
		assert.equal(await page.getByRole("alert").count(), 0);
		assert.equal(await page.getByRole("progressbar").count(), 0);
		assert.equal(page.url(), address);
		await inspect(page, world.ref("oci"));
	}));

test("files can be pasted", () =>
	world.onPage(async (page) => {
		await page.evaluate((text) => {
			const clipboardData = new DataTransfer();
			clipboardData.items.add(new File([text], "pasted.json"));
			document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
		}, image.text);
		await shown(page, "pasted.json");
	}));

test("what cannot be opened says so, and the view stays with its address", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const address = page.url();
		const drag = await dragFiles(page, [join(folder, "empty")]);
		await drag.over();
		await drag.drop();
		assert.equal(await errorCode(page), "nothing-to-open");
		await page.getByRole("alert").getByText("There is nothing to open").waitFor();
		await page.getByRole("alert").getByText("Details", { exact: true }).click();
		await page.getByRole("alert").getByText("there is no file in what was given").waitFor();
		await shown(page, world.ref("oci"));
		assert.equal(page.url(), address);
		await page.getByRole("button", { name: "Dismiss" }).click();
		await rows(page, "manifest").first().click();
		await details(page)
			.getByRole("heading", { name: /^manifest/ })
			.waitFor();
	}));

test("opening can be cancelled, and says in words what goes on", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		await page.evaluate(() => {
			const pause = (/** @type {number} */ milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
			async function* values() {
				for (let n = 0; ; n++) {
					if (n % 250 === 0) await pause(20);
					yield { kind: "file", name: `f${n}`, getFile: async () => new File(["x"], `f${n}`) };
				}
			}
			// A drop gives the page such a handle; the protocol of the browser drags no endless folder.
			const given = [{ kind: "directory", name: "endless", values }];
			document.querySelector("#app")?.dispatchEvent(new CustomEvent("stow-files", { detail: { given } }));
		});
		await page.getByText(/Looking through the folder: [\d,]+ files so far/).waitFor();
		await page.getByRole("button", { name: "Cancel" }).click();
		await page.getByRole("progressbar").waitFor({ state: "detached" });
		await shown(page, world.ref("oci"));
		assert.ok((await tree(page).getByRole("treeitem").count()) > 0);
		assert.ok(await verdict(page).isVisible());
	}));

test("text that is dragged into the box is the browser's to place", () =>
	world.onPage(async (page) => {
		const prevented = await page.evaluate(() => {
			const dataTransfer = new DataTransfer();
			dataTransfer.setData("text/plain", "busybox");
			const event = new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true });
			document.querySelector("#reference").dispatchEvent(event);
			return event.defaultPrevented || "drop" in document.documentElement.dataset;
		});
		assert.equal(prevented, false);
	}));

// In the page: archives made by skopeo and umoci, dropped; damaged ones, each fault at its place; 2 GiB within a bound.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
	closeSync,
	copyFileSync,
	cpSync,
	openSync,
	readFileSync,
	truncateSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { header, tar } from "../wasm/layer-registry.mjs";
import { dragFiles } from "./support/dropping.mjs";
import { makeApp } from "./support/layouts.mjs";
import { assertFailed, details, openSection, openTab, rows, shown, tree, verdict } from "./support/page.mjs";
import { removeFolder, run, temporaryFolder } from "./support/process.mjs";
import { startWorld } from "./support/world.mjs";

const MIB = 1024 * 1024;

/** The memory that the page's processes may take more for an archive of 2 GiB. */
const MOST = 128 * MIB;

let world, folder, layout;
const at = (...names) => join(folder, ...names);
before(async () => {
	world = await startWorld();
	folder = temporaryFolder("archives");
	layout = await makeApp(folder);
	for (const form of ["docker-archive", "oci-archive"]) {
		await run("skopeo", ["copy", "-q", `oci:${layout}:amd64`, `${form}:${at(`${form}.tar`)}:demo/app:1`]);
	}
	await run("tar", ["-cf", at("layout.tar"), "-C", layout, "."]);
	await run("gzip", ["-k", at("docker-archive.tar")]);
});
after(async () => {
	removeFolder(folder);
	await world?.stop();
});

/** @param {import("playwright-core").Page} page @param {string} path */
async function drop(page, path) {
	const drag = await dragFiles(page, [path]);
	await drag.over();
	await drag.drop();
	return shown(page, path.split("/").at(-1));
}

/** The facts that umoci's layout states of the image. */
function stated() {
	const read = (digest) => JSON.parse(readFileSync(join(layout, "blobs/sha256", digest.slice(7)), "utf8"));
	const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
	const entry = index.manifests.find(({ annotations }) => annotations["org.opencontainers.image.ref.name"] === "amd64");
	const manifest = read(entry.digest);
	return { entry, manifest, config: read(manifest.config.digest) };
}

for (const [name, title] of [
	["docker-archive.tar", "docker save archive"],
	["docker-archive.tar.gz", "docker save archive"],
	["oci-archive.tar", "OCI layout archive"],
	["layout.tar", "OCI layout archive"],
	["app", "Index"],
]) {
	test(`${name} is verified by being dropped, and nothing leaves the machine`, () =>
		world.onPage(async (page) => {
			/** @type {string[]} */
			const asked = [];
			page.on("request", (request) => request.url().includes("/proxy/") && asked.push(request.url()));
			await drop(page, name === "app" ? layout : at(name));
			assert.doesNotMatch(await verdict(page).innerText(), /failed/);
			await tree(page).getByText(title).first().waitFor();
			const { manifest, config } = stated();
			const platforms = name.startsWith("layout") || name === "app" ? 2 : 1;
			assert.equal(await rows(page, "manifest").count(), platforms);
			assert.equal(await rows(page, "layer").count(), manifest.layers.length);
			for (const layer of await rows(page, "layer").all())
				assert.match(await layer.getAttribute("aria-label"), /, (verified|warning)/);
			const facts = await openTab(page, "layer", "Overview");
			await facts.getByText(config.rootfs.diff_ids[0]).first().waitFor();
			if (!name.startsWith("oci-archive")) {
				// skopeo writes a config of its own into an archive of another form.
				const history = await openSection(page, "Config and history");
				await history.getByText("busybox", { exact: false }).first().waitFor();
			}
			assert.deepEqual(asked, []);
		}));
}

test("files of a dropped archive can be looked at", () =>
	world.onPage(async (page) => {
		await drop(page, at("docker-archive.tar.gz"));
		await openSection(page, "Files");
		await page.getByRole("treegrid", { name: "Files" }).getByRole("row", { name: /bin/ }).first().waitFor();
	}));

test("a damaged layer is told where it is, with both values", () =>
	world.onPage(async (page) => {
		const { manifest } = stated();
		const bytes = readFileSync(at("oci-archive.tar"));
		const blob = readFileSync(join(layout, "blobs/sha256", manifest.layers[1].digest.slice(7)));
		const place = bytes.indexOf(blob);
		assert.ok(place > 0);
		bytes[place + blob.length - 5] ^= 1;
		writeFileSync(at("damaged.tar"), bytes);
		await drop(page, at("damaged.tar"));
		await assertFailed(page, manifest.layers[1].digest);
		assert.match(await rows(page, "layer").nth(1).getAttribute("aria-label"), /failed/);
		assert.match(await rows(page, "layer").nth(0).getAttribute("aria-label"), /, (verified|warning)/);
	}));

test("a wrong DiffID, which skopeo takes, is told where it is", () =>
	world.onPage(async (page) => {
		cpSync(layout, at("lying"), { recursive: true });
		const { entry, manifest, config } = stated();
		const [first] = config.rootfs.diff_ids;
		config.rootfs.diff_ids[0] = `sha256:${"5".repeat(64)}`;
		const put = (json) => {
			const bytes = Buffer.from(JSON.stringify(json));
			const digest = createHash("sha256").update(bytes).digest("hex");
			writeFileSync(at("lying/blobs/sha256", digest), bytes);
			return { digest: `sha256:${digest}`, size: bytes.length };
		};
		Object.assign(manifest.config, put(config));
		const index = { schemaVersion: 2, manifests: [{ ...entry, ...put(manifest) }] };
		writeFileSync(at("lying/index.json"), JSON.stringify(index));
		await run("skopeo", ["copy", "-q", `oci:${at("lying")}:amd64`, `oci-archive:${at("lying.tar")}`]);
		await drop(page, at("lying.tar"));
		await assertFailed(page, `sha256:${"5".repeat(64)}`, first);
		assert.match(await rows(page, "layer").nth(0).getAttribute("aria-label"), /failed/);
	}));

test("an archive that was cut off says so, and shows what there is", () =>
	world.onPage(async (page) => {
		copyFileSync(at("docker-archive.tar"), at("cut.tar"));
		truncateSync(at("cut.tar"), 100_000);
		await drop(page, at("cut.tar"));
		await verdict(page)
			.getByText(/the tar ends early at byte 100000/)
			.first()
			.waitFor();
	}));

/** The memory of all of the browser's processes that show pages, in bytes. */
async function memory() {
	const session = await world.browser.newBrowserCDPSession();
	const { processInfo } = await session.send("SystemInfo.getProcessInfo");
	await session.detach();
	const renderers = processInfo.filter(({ type }) => type === "renderer");
	return renderers.reduce((sum, { id }) => {
		const status = readFileSync(`/proc/${id}/status`, "utf8");
		return sum + Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
	}, 0);
}

/** Writes a docker save with one layer of `size` bytes of zeros; a disk keeps no zeros. */
function writeLarge(path, size) {
	const head = header("zeros", size);
	const hash = createHash("sha256").update(head);
	const zeros = Buffer.alloc(MIB);
	for (let done = 0; done < size; done += MIB) hash.update(zeros);
	hash.update(zeros.subarray(0, 1024));
	const layer = 512 + size + 1024;
	const rootfs = { type: "layers", diff_ids: [`sha256:${hash.digest("hex")}`] };
	const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs, history: [{ created_by: "RUN dd" }] });
	const name = `${createHash("sha256").update(config).digest("hex")}.json`;
	const manifest = JSON.stringify([{ Config: name, RepoTags: ["large:1"], Layers: ["top/layer.tar"] }]);
	const before = tar([
		[name, config],
		["manifest.json", manifest],
	]).subarray(0, -1024);
	const file = openSync(path, "w");
	writeSync(file, before);
	writeSync(file, Buffer.concat([header("top/layer.tar", layer), head]));
	closeSync(file);
	truncateSync(path, before.length + 512 + layer + ((512 - (layer % 512)) % 512) + 1024);
}

test("2 GiB are opened in place and verified, within 128 MiB", { timeout: 300_000 }, () =>
	world.onPage(async (page) => {
		page.setDefaultTimeout(60_000);
		writeLarge(at("large.tar"), 2048 * MIB);
		// skopeo takes it for what it is.
		assert.match(
			(await run("skopeo", ["inspect", "--raw", `docker-archive:${at("large.tar")}`])).toString(),
			/rootfs|layers/,
		);
		await drop(page, at("docker-archive.tar"));
		const start = await memory();
		await drop(page, at("large.tar"));
		assert.match(await verdict(page).innerText(), /0 of 1 verified/);
		let most = await memory();
		assert.ok(most - start < MOST, `${Math.round((most - start) / MIB)} MiB for opening it`);
		await page
			.getByRole("button", { name: /^Verify/ })
			.first()
			.click();
		const done = rows(page, "layer").first();
		for (;;) {
			most = Math.max(most, await memory());
			if (/, (verified|warning)/.test(await done.getAttribute("aria-label"))) break;
			assert.doesNotMatch(await done.getAttribute("aria-label"), /failed/);
			await new Promise((resume) => setTimeout(resume, 200));
		}
		assert.ok(most - start < MOST, `${Math.round((most - start) / MIB)} MiB more than before`);
	}),
);

test("a file that a cap of its own compression stopped says so, and is opened whole for who wants it all the same", () =>
	world.onPage(async (page) => {
		// Zeros unpack to more than 250 times their size.
		truncateSync(openedAt("padding"), 600 * MIB);
		const parts = ["-C", layout, "oci-layout", "index.json", "-C", folder, "padding", "-C", layout, "blobs"];
		await run("tar", ["-cf", at("padded.tar"), ...parts]);
		await run("gzip", ["-9", at("padded.tar")]);
		await drop(page, at("padded.tar.gz"));
		assert.match(await verdict(page).innerText(), /was not read to its end/, "a cap of ours disproves nothing");
		assert.equal(await rows(page, "layer").count(), 0);
		await page.getByRole("treeitem").first().click();
		await details(page).getByRole("button", { name: "Read it all the same", exact: true }).click({ timeout: 8000 });
		await rows(page, "layer").first().waitFor();
		await page.waitForFunction(() => !document.querySelector("progress"));
		assert.doesNotMatch(await verdict(page).innerText(), /failed/);
		assert.equal(await page.getByRole("button", { name: "Read it all the same", exact: true }).count(), 0);
	}));

/** An empty file. @param {string} name */
function openedAt(name) {
	writeFileSync(at(name), "");
	return at(name);
}

// In the page: every kind of image from a real registry is drawn whole, with what was and was not checked.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { descriptor, repository, TYPES } from "./support/documents.mjs";
import { HOSTILE } from "./support/layouts.mjs";
import { box, details, inspect, openSection, openTab, rows, shown, tree, verdict } from "./support/page.mjs";
import { startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

const KINDS = {
	oci: { manifest: 1, config: 1, layer: 3 },
	schema2: { manifest: 1, config: 1, layer: 3 },
	octetStream: { manifest: 1, config: 1, layer: 3 },
	zstd: { manifest: 1, config: 1, layer: 3 },
	artifact: { artifact: 1, blob: 2 },
	schema1: { "schema 1 manifest": 1 },
};

for (const [name, kinds] of Object.entries(KINDS)) {
	test(`${name} is drawn with its parts, and nothing failed`, () =>
		world.onPage(async (page) => {
			const words = await inspect(page, world.ref(name));
			assert.match(words, /Every digest matches|No expected digest/);
			assert.doesNotMatch(words, /failed/);
			for (const [kind, count] of Object.entries(kinds)) assert.equal(await rows(page, kind).count(), count, kind);
			const short = world.images[name].digest.slice(7, 19);
			assert.match(await tree(page).getByRole("treeitem").first().getAttribute("aria-label"), new RegExp(short));
		}));
}

test("layers that were not downloaded are called not checked, never passed", () =>
	world.onPage(async (page) => {
		const words = await inspect(page, world.ref("oci"));
		assert.match(words, /0 of 3 verified/);
		for (const row of await rows(page, "layer").all())
			assert.match(await row.getAttribute("aria-label"), /, not verified\b/);
	}));

for (const [name, indexes] of [
	["index", 1],
	["list", 1],
	["nested", 2],
]) {
	test(`${name} is drawn with its platforms`, () =>
		world.onPage(async (page) => {
			const words = await inspect(page, world.ref(name));
			assert.doesNotMatch(words, /failed/);
			assert.equal(await rows(page, "index").count(), indexes);
			await rows(page, "manifest linux/amd64").first().waitFor();
			await rows(page, "manifest linux/arm64").first().waitFor();
		}));
}

test("an attestation is named as one, with the image that it is about", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("index"));
		const panel = await openTab(page, "attestation", "Overview");
		await panel.getByText(world.images.oci.digest).first().waitFor();
	}));

test("another platform can be chosen, and the address says so", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("index"));
		assert.match(
			await tree(page).getByRole("treeitem").and(page.locator("[data-chosen]")).getAttribute("aria-label"),
			/amd64/,
		);
		await page.getByRole("combobox", { name: "Platform" }).selectOption({ label: await optionOf(page, "linux/arm64") });
		await tree(page)
			.getByRole("treeitem", { name: /linux\/arm64/ })
			.and(page.locator("[data-chosen]"))
			.waitFor();
		assert.match(page.url(), /#ref=.*&platform=linux\/arm64/);
	}));

test("details: facts, checks, exact bytes and the commands to do it by hand", () =>
	world.onPage(async (page) => {
		const { oci } = world.images;
		await inspect(page, world.ref("oci"));
		const facts = await openTab(page, "manifest", "Overview");
		await facts.getByText(oci.digest).first().waitFor();
		await facts.getByText("Computed in your browser").waitFor();
		const checks = await openTab(page, "manifest", /^Checks/);
		await checks.getByText("Docker-Content-Digest header").waitFor();
		const bytes = await openTab(page, "manifest", "Bytes");
		await bytes.getByText("718 bytes, exactly as they came").waitFor();
		await bytes.getByRole("button", { name: "Exact bytes" }).click();
		await bytes.getByText("7b 22 73 63 68 65 6d 61").first().waitFor();
		const hand = await openTab(page, "manifest", "Verify yourself");
		await hand.getByText(oci.digest.slice(7)).first().waitFor();
		const commands = await hand.innerText();
		for (const tool of ["curl", "sha256sum", "docker", "skopeo", "crane"]) assert.ok(commands.includes(tool), tool);
		assert.ok(commands.includes(oci.digest.slice(7)), "what they should print");
	}));

test("a digest in the pretty bytes leads to its node", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const bytes = await openTab(page, "manifest", "Bytes");
		const { config } = JSON.parse(world.images.oci.text);
		await bytes.getByRole("button", { name: config.digest }).click();
		await details(page)
			.getByRole("heading", { name: /^config/ })
			.waitFor();
	}));

/** Pushes an image without layers that has this history. @param {string} name @param {object[]} history @returns {Promise<string>} its reference */
async function pushHistory(name, history) {
	const repo = repository(world.registry.url, name);
	const rootfs = { type: "layers", diff_ids: [] };
	const about = { architecture: "amd64", os: "linux", config: {}, rootfs, history };
	const config = await repo.putBlob(TYPES.config, about);
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(config), layers: [] };
	await repo.putManifest("v1", TYPES.manifest, document);
	return `${world.registry.host}/${name}:v1`;
}

test("of a very long history only the rows in view are drawn; the filter searches all", () =>
	world.onPage(async (page) => {
		const history = Array.from({ length: 5000 }, (_, n) => ({ created_by: `ENV STEP=${n}`, empty_layer: true }));
		await inspect(page, await pushHistory("demo/long", history));
		const section = await openSection(page, "Config and history");
		const table = section.getByRole("table", { name: "History" });
		await table.getByText("ENV STEP=0", { exact: true }).waitFor();
		assert.equal(await table.getAttribute("aria-rowcount"), "5001");
		assert.ok((await table.getByRole("row").count()) < 120);
		await table.evaluate((box) => box.scrollTo(0, box.scrollHeight));
		await table.getByText("ENV STEP=4999", { exact: true }).waitFor();
		await section.getByRole("searchbox", { name: "Filter commands" }).fill("step=4321");
		await section.getByRole("row", { name: /ENV STEP=4321/ }).waitFor();
		await section.getByRole("searchbox", { name: "Filter commands" }).fill("nothing like it");
		await section.getByText("No command matches.").waitFor();
	}));

test("a step of several lines is one row: its first line, the others folded", () =>
	world.onPage(async (page) => {
		const created_by =
			"RUN /bin/sh -c <<EOF (apt-get update...)\napt-get update\n  apt-get install -y curl\nEOF # buildkit";
		const history = [
			{ created_by, empty_layer: true },
			{ created_by: 'CMD ["sh"]', empty_layer: true },
		];
		await inspect(page, await pushHistory("demo/lines", history));
		const table = (await openSection(page, "Config and history")).getByRole("table").last();
		assert.equal(await table.getByRole("row").count(), 3);
		const script = table.getByText("  apt-get install -y curl");
		assert.equal(await script.isVisible(), false);
		await table.getByText("and 3 more lines").click();
		// The lines stay lines.
		const lines = await script.evaluate((one) => /** @type {HTMLElement} */ (one).innerText.split("\n"));
		assert.deepEqual(lines, ["apt-get update", "  apt-get install -y curl", "EOF # buildkit"]);
	}));

test("config and history are told as docker inspect and docker history tell them", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const section = await openSection(page, "Config and history");
		await section.getByText('["/bin/busybox"]', { exact: true }).waitFor();
		const config = await section.innerText();
		for (const text of ['["/bin/busybox"]', "GREETING=hello", "8080/tcp", "1000:1000", "SIGINT", "/srv"])
			assert.ok(config.includes(text), text);
		const history = await openSection(page, "Config and history");
		assert.equal(
			await history.getByRole("table").last().getByRole("row").count(),
			5,
			"a heading, three layers and the entrypoint",
		);
		await history.getByText("and 2 more lines").click();
		await history.getByText("install -d /usr/local/bin").waitFor();
		assert.equal(await history.getByText("no layer").count(), 1);
		const { layers } = JSON.parse(world.images.oci.text);
		await history.getByRole("button", { name: layers[0].digest.slice(7, 19) }).click();
		await details(page)
			.getByRole("heading", { name: /^layer/ })
			.waitFor();
	}));

test("layers and identities are listed with what prints them", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("index"));
		const identities = await openSection(page, "IDs");
		const { oci, index } = world.images;
		// Their code comes on demand and long lists are drawn in steps, so each is waited for.
		for (const text of [index.digest, oci.digest, JSON.parse(oci.text).config.digest, "RepoDigests"])
			await identities.getByText(text).first().waitFor();
	}));

test("the requests are listed with status and bytes", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const section = await openSection(page, "Raw and requests");
		await section.getByText("/v2/demo/app/manifests/v1").first().waitFor();
		const requests = await section.innerText();
		assert.match(requests, /GET\s+200\s+718\s/);
		assert.match(requests, /\/v2\/demo\/app\/manifests\/v1/);
		assert.match(requests, /\/v2\/demo\/app\/blobs\/sha256:/);
	}));

test("a tag is the registry's word: the page offers the pinned reference, and that one is proved", () =>
	world.onPage(async (page) => {
		const pinned = `${world.registry.host}/demo/app@${world.images.oci.digest}`;
		await inspect(page, world.ref("oci"));
		await verdict(page).getByText(pinned).waitFor();
		await inspect(page, pinned);
		const checks = await openTab(page, "manifest", /^Checks/);
		await checks.getByText("from the reference that you typed").first().waitFor();
		assert.equal(await verdict(page).getByText("Not pinned").count(), 0);
	}));

test("a wrong size in an index is shown in place with both values", () =>
	world.onPage(async (page) => {
		const words = await inspect(page, world.ref("wrongSize"));
		assert.match(words, /does not have the size in the index/);
		const banner = await verdict(page).innerText();
		assert.match(banner, /size/);
		const { size } = world.images.oci;
		assert.ok(banner.includes(String(size)) && banner.includes(String(size + 1)), banner);
		await details(page)
			.getByRole("heading", { name: /manifest.*failed/ })
			.waitFor();
	}));

test("a platform that is not the config's is shown with both values", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("wrongPlatform"));
		const row = tree(page).getByRole("treeitem", { name: /^config.*, (failed|warning)\b/ });
		await row.first().click();
		await details(page)
			.getByRole("tab", { name: /^Checks/ })
			.click();
		const checks = await details(page).getByRole("tabpanel").innerText();
		assert.match(checks, /s390x/);
		assert.match(checks, /amd64/);
	}));

test("an index entry that is not there leaves the rest of the tree", () =>
	world.onPage(
		async (page) => {
			await inspect(page, world.ref("missing"));
			await rows(page, "manifest linux/arm64").waitFor();
			await rows(page, "manifest linux/amd64").waitFor();
		},
		{ expected: /Failed to load resource/ },
	));

test("an index of 10,000 entries is drawn, filtered and scrolled", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("big"));
		assert.ok((await tree(page).getByRole("treeitem").count()) < 200, "only what is in view is drawn");
		await page.getByRole("searchbox").fill("v7777");
		await tree(page).getByRole("treeitem", { name: /7777/ }).waitFor();
		assert.ok((await tree(page).getByRole("treeitem").count()) < 10);
	}));

test("text from the registry stays text", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("oci"));
		const config = await openSection(page, "Config and history");
		await config.getByText("<script>").first().waitFor();
		assert.ok((await config.innerText()).includes("<U+202E>"), "what would turn the text round is spelt out");
		assert.ok(HOSTILE.includes("owned") && !(await page.title()).includes("owned"));
		assert.equal(await page.locator("img").count(), 0);
	}));

test("while loading there are words, a progress bar and a way out; what was shown stays", () =>
	world.onPage(async (page) => {
		const { lies } = await import("./support/lying-proxy.mjs");
		await inspect(page, world.ref("oci"));
		world.liar.reset();
		world.liar.lie(/manifests/, lies.stall(10));
		await box(page).fill(world.ref("arm64", world.liar.host));
		await box(page).press("Enter");
		await page.getByRole("progressbar").waitFor();
		await page.getByRole("button", { name: "Cancel" }).click();
		await page.getByRole("progressbar").waitFor({ state: "detached" });
		await page.getByRole("status").getByText("Cancelled.").waitFor({ state: "attached" });
		assert.match(await shown(page, world.ref("oci")), /Every digest matches/);
	}));

async function optionOf(page, platform) {
	const options = await page.getByRole("combobox", { name: "Platform" }).getByRole("option").allInnerTexts();
	return options.find((text) => text.includes(platform)).trim();
}

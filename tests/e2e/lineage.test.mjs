// Facts around an image: the platforms of an index, the cost of an update, the base, the lines of its Dockerfile.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { noise } from "../wasm/layer-registry.mjs";
import { api } from "../wasm/support.mjs";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { inspect, verifyButton } from "./support/page.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { starter } from "./support/starter.mjs";
import { startWorld } from "./support/world.mjs";

const start = starter();
let world;
let host;
let base;
const ROOTFS = {
	tar: tarOf([["etc/"], ["etc/os-release", "ID=test\n"], ["lib", noise(9000)]]),
	by: "ADD rootfs.tar /",
};
const layer = (name, seed) => ({ tar: tarOf([[name, noise(3000, seed)]]), by: `COPY ${name} /` });

before(async () => {
	world = await start(startWorld());
	host = world.registry.host;
	const { url } = world.registry;
	base = await pushImage(url, "line/base", "1", { layers: [ROOTFS] });
	await pushImage(url, "line/other", "1", { layers: [layer("other", 9)] });
	const annotations = {
		"org.opencontainers.image.base.name": `${host}/line/base:1`,
		"org.opencontainers.image.base.digest": base.digest,
	};
	const amd = await pushImage(url, "line/app", "1", { layers: [ROOTFS, layer("a", 1), layer("b", 2)], annotations });
	const arm = await pushImage(url, "line/app", "arm", { layers: [ROOTFS, layer("c", 3)], architecture: "arm64" });
	const entry = ({ mediaType, digest, size }, platform) => ({ mediaType, digest, size, platform });
	const manifests = [
		entry(amd, { os: "linux", architecture: "amd64" }),
		entry(arm, { os: "linux", architecture: "arm64", "os.features": ["sse4"] }),
	];
	await repository(url, "line/app").putManifest("multi", TYPES.index, {
		...{ schemaVersion: 2, mediaType: TYPES.index, manifests },
	});
});

const sizes = ({ nodes }, parent) =>
	nodes.filter((node) => node.parent === parent && node.kind === "layer").map(({ size }) => size);
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

test("each platform has its own size, never that of the index", async () => {
	const report = await api.inspect(`${host}/line/app:multi`, { platform: "linux/amd64", all: true });
	const [amd, arm] = await api.platforms(report);
	assert.deepEqual(
		[amd.platform, amd.inView, amd.layers, amd.created],
		["linux/amd64", true, 3, "2026-01-01T00:00:00Z"],
	);
	const [own] = sizes(report, arm.id);
	assert.deepEqual([arm.size, arm.layers, arm.shared, arm.sharedLayers], [sum(sizes(report, arm.id)), 2, own, 1]);
	assert.deepEqual([amd.size, arm.osFeatures], [sum(sizes(report, amd.id)), ["sse4"]]);
	const partly = await api.platforms(await api.inspect(`${host}/line/app:multi`, { platform: "linux/arm64" }));
	assert.equal(partly.find(({ inView }) => inView).platform, "linux/arm64");
	assert.deepEqual(await api.platforms(await api.inspect(`${host}/line/app:1`)), []);
});

test("an update costs what is not there, by reference and by docker inspect", async () => {
	const report = await api.inspect(`${host}/line/app:1`);
	const all = report.nodes.filter(({ kind }) => kind === "layer").map(({ size }) => size);
	const above = sum(all.slice(1));
	const classic = { pull: above, layers: 2 };
	const wanted = { pull: above, of: sum(all), layers: 2, ofLayers: 3, complete: true, classic };
	assert.deepEqual(await api.updateCost(`${host}/line/base:1`, `${host}/line/app:1`), wanted);
	const printed = (layers) => JSON.stringify([{ RootFS: { Type: "layers", Layers: layers } }]);
	assert.deepEqual(await api.updateCost(printed([sha256(ROOTFS.tar)]), report), wanted);
	assert.deepEqual(await api.updateCost(JSON.stringify([sha256(ROOTFS.tar)]), report), wanted);
	await assert.rejects(api.updateCost("[{}]", report), { code: "unsupported-input" });
	await assert.rejects(api.updateCost("[", report), { code: "invalid-json" });
});

test("a base is claimed, and proved or refuted by DiffIDs", async () => {
	const report = await api.inspect(`${host}/line/app:1`);
	const told = (bases) => bases.map(({ by, state, layers }) => [by, state, layers]);
	assert.deepEqual(told(await api.baseImages(report)), [["manifest", "claimed", undefined]]);
	assert.deepEqual(told(await api.baseImages(report, { base: `${host}/line/base:1` })), [
		["manifest", "proved", 1],
		["user", "proved", 1],
	]);
	const [claim, other] = await api.baseImages(report, { base: `${host}/line/other:1` });
	assert.deepEqual([claim.state, other.state], ["claimed", "refuted"]);
	const methods = [];
	const onProgress = (event) => event.type === "request" && methods.push(event.method);
	const [checked] = await api.baseImages(report, { check: true, onProgress });
	assert.deepEqual([checked.tag, [...new Set(methods)]], ["agrees", ["HEAD"]]);
	await pushImage(world.registry.url, "line/base", "1", { layers: [ROOTFS, layer("new", 7)] });
	assert.equal((await api.baseImages(report, { check: true }))[0].tag, "moved");
});

test("the page shows both, and reads all platforms on demand", async () => {
	await world.onPage(async (page) => {
		await inspect(page, `${host}/line/app:multi`);
		const table = page.locator(".platforms table");
		await table.waitFor();
		assert.equal(await table.locator("tbody tr").count(), 2);
		const all = page.getByRole("button", { name: "Read all platforms" });
		if (await all.count()) await all.click();
		await page.waitForFunction(() => !document.querySelector(".platforms")?.textContent.includes("not read"));
		assert.match(await table.innerText(), /1 layer/);
		await page.locator(".bases summary").click();
		await page.locator(".bases").getByRole("button", { name: "Compare layers" }).first().click();
		await page.locator(".bases").getByText("proved").first().waitFor();
	});
});

test("the lines that made an image have the files that they brought, and its packages are listed and saved", async () => {
	const status = "Package: bash\nStatus: install ok installed\nInstalled-Size: 7164\nVersion: 5.2\n";
	const packed = { tar: tarOf([["var/lib/dpkg/status", status]]), by: "/bin/sh -c #(nop) ADD file:4e1f in / " };
	await pushImage(world.registry.url, "line/packed", "1", { layers: [packed, { ...layer("run", 4), by: "RUN make" }] });
	await world.onPage(async (page) => {
		await inspect(page, `${host}/line/packed:1`);
		await page.getByText("Dockerfile, as far as the history tells").click();
		await page.locator(".dockerfile li").first().waitFor();
		const lines = (await page.locator(".dockerfile li").allInnerTexts()).map((text) =>
			text.replace(/\s+/g, " ").trim(),
		);
		assert.deepEqual(lines, ["inferred ADD … / its files are known once the layer is verified", "inferred RUN make"]);
		await page.locator("summary", { hasText: "Packages" }).click();
		await page.getByRole("button", { name: /^List packages · / }).click();
		await page.getByText("1 package", { exact: true }).waitFor();
		assert.match(await page.locator(".package-lines .line").innerText(), /bash\s+5\.2\s+7 MiB/);
		const saved = page.waitForEvent("download");
		await page.getByRole("button", { name: "Save as CycloneDX" }).click();
		assert.equal((await saved).suggestedFilename(), "line-packed-1.cdx.json");
		await verifyButton(page).click();
		await page.getByText("brought 1 file").waitFor();
	});
});

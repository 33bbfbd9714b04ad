// Artifacts that are no images: charts, files of ORAS, wasm, models; proved or marked; with what is hostile in each.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { api } from "../wasm/support.mjs";
import { gguf, safetensors, WASM } from "./support/artifacts.mjs";
import { turnChinese, zh } from "./support/chinese.mjs";
import { descriptor, repository, sha256, TYPES } from "./support/documents.mjs";
import { inspect, openSection } from "./support/page.mjs";
import { tarOf } from "./support/pairs.mjs";
import { stowplan } from "./support/program.mjs";
import { startWorld } from "./support/world.mjs";

const HELM = "application/vnd.cncf.helm";
const CHART_YAML =
	"apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '1.10'\ndependencies:\n  - name: redis\n    version: ~17\n    repository: https://charts.example\n";
const CHART = gzipSync(
	tarOf([
		["web/Chart.yaml", CHART_YAML],
		["web/values.yaml", "replicas: 2\n"],
		["web/templates/pod.yaml", "kind: Pod\n"],
		["web/charts/redis/Chart.yaml", "name: redis\n"],
	]),
);
const provenance = (/** @type {string} */ digest, name = "web-1.2.3.tgz") =>
	`-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${CHART_YAML}\n...\nfiles:\n  ${name}: ${digest}\n-----BEGIN PGP SIGNATURE-----\n\nwsBc\n=abcd\n-----END PGP SIGNATURE-----\n`;
const TITLE = "org.opencontainers.image.title";
const titled = (/** @type {string} */ title, more = {}) => ({ annotations: { [TITLE]: title, ...more } });

let world;
before(async () => {
	world = await startWorld();
	await push("chart", `${HELM}.config.v1+json`, [
		[`${HELM}.chart.content.v1.tar+gzip`, CHART],
		[`${HELM}.chart.provenance.v1.prov`, provenance(sha256(CHART))],
	]);
	await push("chart-other", `${HELM}.config.v1+json`, [
		[`${HELM}.chart.content.v1.tar+gzip`, CHART],
		[`${HELM}.chart.provenance.v1.prov`, provenance(sha256("another chart"))],
	]);
	await push("files", TYPES.empty, [
		["text/plain", "hello", titled("a/hello.txt")],
		["application/octet-stream", "out", titled("../out.txt")],
		[
			TYPES.layer,
			gzipSync(tarOf([["docs/"], ["docs/read.me", "read me"]])),
			titled("docs", { "io.deis.oras.content.unpack": "true" }),
		],
	]);
	await push("wasm", "application/vnd.wasm.config.v0+json", [["application/wasm", WASM]]);
	await push("small", "application/vnd.docker.ai.model.config.v0.1+json", [
		["application/vnd.docker.ai.gguf.v3", gguf(10)],
	]);
	await push("large", "application/vnd.docker.ai.model.config.v0.1+json", [
		["application/vnd.docker.ai.license", "MIT"],
		["application/vnd.docker.ai.gguf.v3", gguf(60_000, 5_000_000)],
	]);
	await push("tensors", TYPES.empty, [
		["application/octet-stream", safetensors(3_000_000), titled("model.safetensors")],
	]);
	await push("broken", TYPES.empty, [["application/wasm", WASM.subarray(0, 20)]]);
});
after(() => world?.stop());

/** @param {string} name @param {string} configType @param {[type: string, content: string | Uint8Array, more?: object][]} blobs */
async function push(name, configType, blobs) {
	const repo = repository(world.registry.url, `artifacts/${name}`);
	const config = descriptor(await repo.putBlob(configType, "{}"));
	const layers = [];
	for (const [type, content, more] of blobs)
		layers.push(
			descriptor(await repo.putBlob(type, typeof content === "string" ? content : Buffer.from(content)), more),
		);
	const artifactType = configType === TYPES.empty ? { artifactType: "application/vnd.example.files" } : {};
	return repo.putManifest("v1", TYPES.manifest, {
		schemaVersion: 2,
		mediaType: TYPES.manifest,
		...artifactType,
		config,
		layers,
	});
}

const reference = (/** @type {string} */ name, host = world.registry.host) => `${host}/artifacts/${name}:v1`;
const of = async (/** @type {string} */ name, options = {}) =>
	api.readArtifact(await api.inspect(reference(name)), options);
const value = ({ facts }, /** @type {string} */ name) => facts.find((one) => one.name === name)?.value;

test("a chart says its facts and shows its files, once its digest fits", async () => {
	const report = await api.inspect(reference("chart"));
	const found = await api.readArtifact(report);
	assert.deepEqual([found.kind, found.proved, found.parts.length], ["helm", true, 2]);
	assert.deepEqual(
		["name", "version", "appVersion"].map((name) => value(found, name)),
		["web", "1.2.3", "1.10"],
	);
	assert.deepEqual(found.dependencies, [{ name: "redis", version: "~17", repository: "https://charts.example" }]);
	await found.files.query({ view: "image" });
	await found.files.openAll(true);
	const rows = await found.files.rows(0, 50);
	assert.ok(rows.some(({ path }) => path === "web/templates/pod.yaml"));
	const values = rows.find(({ path }) => path === "web/values.yaml");
	const content = await api.readFile(report, found.node, values.at, { asTar: true });
	assert.equal(Buffer.from(content.bytes).toString(), "replicas: 2\n");
	found.files.close();
	// Its verdict stays that of a blob: no engine unpacks it.
	const verified = await api.verifyLayers(report);
	const chart = verified.nodes.find(({ id }) => id === found.node);
	assert.deepEqual([chart.tar, chart.entryCount], [false, undefined]);
	assert.ok(chart.read && chart.checks.every(({ outcome }) => outcome === "pass"));
});

test("the digest in a chart's provenance is held against the chart, and its signature is not verified", async () => {
	const told = async (/** @type {string} */ name) =>
		(await of(name)).provenance.checks.map(({ id, outcome, reason }) => [id, outcome, reason]);
	const signature = ["signature", "not-checked", "provenance-not-verified"];
	assert.deepEqual(await told("chart"), [["digest", "pass", "provenance-fits"], signature]);
	assert.deepEqual(await told("chart-other"), [["digest", "fail", "provenance-differs"], signature]);
	const { code, out } = await stowplan(["artifact", reference("chart-other")]);
	assert.equal(code, 1);
	assert.match(out, /^provenance +fail: .*web-1\.2\.3\.tgz/m);
	// A file beside the chart that is not the promised one does not hide the chart.
	world.liar.lie(new RegExp(`/blobs/${sha256(provenance(sha256(CHART)))}`), async (truth) => ({
		...(await truth()),
		body: Buffer.from(provenance(sha256(CHART)).replace("wsBc", "wsBd")),
	}));
	try {
		const found = await api.readArtifact(await api.inspect(reference("chart", world.liar.host)));
		assert.deepEqual([found.proved, found.provenance.error.code], [true, "digest-mismatch"]);
		assert.deepEqual(found.provenance.checks, []);
		found.files.close();
	} finally {
		world.liar.reset();
	}
});

test("a chart that is not the promised one is not opened", async () => {
	const other = gzipSync(tarOf([["web/Chart.yaml", "name: evil\nversion: 6.6.6\n"]]));
	world.liar.lie(new RegExp(`/blobs/${sha256(CHART)}`), async (truth) => ({ ...(await truth()), body: other }));
	try {
		const report = await api.inspect(reference("chart", world.liar.host));
		await assert.rejects(api.readArtifact(report), { code: "digest-mismatch" });
	} finally {
		world.liar.reset();
	}
});

test("nothing below a document that failed is opened, and the program ends with a failure", async () => {
	// A manifest that was not asked for: its own digest is the wrong one, and what it names is right by itself.
	const digest = sha256((await repository(world.registry.url, "artifacts/small").get("v1")).text);
	const repo = repository(world.registry.url, "artifacts/chart");
	const { text: chart } = await repo.get("v1");
	world.liar.lie(/artifacts\/small\/manifests/, async (truth) => ({ ...(await truth()), body: Buffer.from(chart) }));
	try {
		const report = await api.inspect(`${world.liar.host}/artifacts/small@${digest}`);
		assert.equal(report.summary.verdict, "failed");
		for (const id of [undefined, ...report.nodes.map((node) => node.id)])
			await assert.rejects(api.readArtifact(report, { id }), { code: /digest-mismatch|unsupported-input/ });
		await assert.rejects(api.peekLayer(report, report.nodes.at(-1).id), { code: /digest-mismatch|unsupported-input/ });
	} finally {
		world.liar.reset();
	}
	// A member that stands twice.
	const text = chart.replace(/"schemaVersion": *2/, '"schemaVersion":2,"config":{}');
	const twice = await repo.putManifest("twice", TYPES.manifest, text);
	const report = await api.inspect(`${world.registry.host}/artifacts/chart@${twice.digest}`);
	assert.ok(report.summary.fail > 0);
	await assert.rejects(api.readArtifact(report), { code: "unsupported-input" });
	assert.equal((await stowplan(["artifact", `${world.registry.host}/artifacts/chart@${twice.digest}`])).code, 3);
});

test("files are listed by their titles, and a directory is unpacked", async () => {
	const report = await api.inspect(reference("files"));
	const found = await api.readArtifact(report);
	assert.deepEqual([found.kind, found.files], ["oras", undefined]);
	assert.deepEqual(
		found.parts.map(({ title, size, unpack, outside }) => [title, size, unpack, outside]),
		[
			["a/hello.txt", 5, false, false],
			["../out.txt", 3, false, true],
			["docs", found.parts[2].size, true, false],
		],
	);
	const docs = await api.readArtifact(report, { id: found.parts[2].id });
	assert.deepEqual([docs.kind, docs.proved], ["oras", true]);
	await docs.files.query({ view: "image" });
	assert.ok((await docs.files.rows(0, 9)).some(({ path }) => path === "docs"));
	docs.files.close();
	const { stream } = await api.saveTar(report, { layer: found.parts[0].id, raw: true });
	const pieces = [];
	for await (const piece of stream) pieces.push(piece);
	assert.equal(Buffer.concat(pieces).toString(), "hello");
	await assert.rejects(api.readArtifact(report, { id: "none" }), { code: "not-found" });
});

test("a wasm module says what it asks for and offers, and a broken one is refused", async () => {
	const found = await of("wasm");
	assert.deepEqual([found.kind, found.proved, value(found, "form")], ["wasm", true, "module"]);
	assert.deepEqual(found.imports, [{ module: "env", name: "log", type: "func" }]);
	assert.deepEqual(found.exports, [{ name: "memory", type: "memory" }]);
	await assert.rejects(of("broken"), { code: "unsupported-input" });
});

test("of a large model only the head is fetched, and it is not proved until all of it was read", async () => {
	const small = await of("small");
	assert.deepEqual([small.kind, small.proved, value(small, "architecture")], ["gguf", true, "llama"]);
	let bytes = 0;
	const count = (/** @type {{ bytes?: number }} */ told) => {
		bytes = Math.max(bytes, told.bytes ?? 0);
	};
	const head = await of("large", { onProgress: count });
	assert.deepEqual(
		[head.kind, head.proved, value(head, "quantisation"), value(head, "vocabulary")],
		["gguf", false, "Q4_K_M", "60000"],
	);
	assert.ok(bytes < 2_500_000, `${bytes} of some 6 MB`);
	const whole = await of("large", { whole: true });
	assert.deepEqual([whole.proved, whole.facts], [true, head.facts]);
	const tensors = await of("tensors");
	assert.deepEqual(
		[tensors.kind, tensors.proved, value(tensors, "parameters"), value(tensors, "quantisation")],
		["safetensors", false, "1500000", "BF16"],
	);
	assert.equal(value(tensors, "endsElsewhere"), undefined);
});

test("the program says the same", async () => {
	const { code, out, err } = await stowplan(["artifact", reference("chart")]);
	assert.equal(code, 0, err);
	assert.match(out, /^kind\s+helm$/m);
	assert.match(out, /^version\s+1\.2\.3$/m);
	const json = await stowplan(["artifact", reference("large"), "--json"]);
	assert.deepEqual([json.code, JSON.parse(json.out).proved], [2, false]);
});

test("the page opens a chart, shows a file of it, and says of a model's head that it is not proved", () =>
	world.onPage(async (page) => {
		await inspect(page, reference("chart"));
		let panel = await openSection(page, "Files");
		await panel.getByRole("button", { name: "Open the artifact" }).click();
		await panel.getByText("Helm chart", { exact: true }).waitFor();
		await panel.locator("[data-proved=true]").waitFor();
		await panel.locator("[data-reason=provenance-fits]").waitFor();
		await panel.getByRole("row", { name: /web/ }).first().waitFor();
		assert.match(await panel.locator(".artifact-facts").innerText(), /1\.2\.3/);
		await page.getByRole("searchbox", { name: "Path" }).fill("values");
		await panel.getByRole("row", { name: /values\.yaml/ }).dblclick();
		await panel.getByText("replicas: 2").waitFor();
		await turnChinese(page);
		await panel.getByText(zh("artifact.proved")).waitFor();
		await panel.getByText(zh("core.reason.provenance-not-verified")).waitFor();
		await page.reload();
		await inspectChinese(page, reference("large"));
		panel = page.locator("#result-panel");
		await panel.getByRole("button", { name: zh("artifact.open") }).click();
		await panel.getByText(zh("artifact.unproved")).waitFor();
	}));

/** @param {import("playwright-core").Page} page @param {string} wanted */
async function inspectChinese(page, wanted) {
	await page.goto(`${page.url().split("#")[0]}#ref=${wanted}`);
	await page.locator(".subject").getByText(wanted, { exact: true }).waitFor();
	await page.getByRole("tab", { name: zh("tab.files") }).click();
}

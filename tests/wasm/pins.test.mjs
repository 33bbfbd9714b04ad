// `checkPins` in Node against a real registry through a proxy: HEAD alone, states, sizes and dates, and Docker Hub's counted pulls.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fixtures } from "../e2e/support/images.mjs";
import { startLiar } from "../e2e/support/lying-proxy.mjs";
import { startRegistry } from "../e2e/support/registry.mjs";
import { starter } from "../e2e/support/starter.mjs";
import { api } from "./support.mjs";

let images;
let registry;
let liar;
const start = starter();
const OTHER = `sha256:${"b2".repeat(32)}`;

before(async () => {
	const made = await fixtures();
	images = made.images;
	registry = await start(startRegistry({ storage: made.storage }));
	liar = await start(startLiar(registry.host));
});

/** @param {string[]} names @param {object} [options] */
async function checked(names, options = {}) {
	liar.reset();
	const text = `services:\n${names.map((name, at) => `  s${at}:\n    image: ${name}\n`).join("")}`;
	const { images: rows } = await api.readImages(text);
	assert.equal(rows.length, names.length, text);
	return api.checkPins(rows, { proxy: liar.proxy, ...options });
}

const methods = () => [...new Set(liar.requests.map(({ method }) => method))];

test("each state is told, by HEAD alone", async () => {
	const name = `${registry.host}/${images.oci.path}`;
	const rows = await checked([
		name,
		`${name}@${images.oci.digest}`,
		`${name}@${OTHER}`,
		`${registry.host}/demo/none:1`,
	]);
	assert.deepEqual(
		rows.map(({ state }) => state),
		["not-pinned", "agrees", "moved", "gone"],
	);
	assert.equal(rows[0].now, images.oci.digest);
	assert.equal(rows[2].now, images.oci.digest);
	assert.ok(rows.every(({ size, created }) => size === undefined && created === undefined));
	assert.deepEqual(methods(), ["HEAD"]);
});

test("sizes and dates are read only if they are asked for", async () => {
	const name = `${registry.host}/${images.oci.path}`;
	const [row] = await checked([name], { details: true });
	const report = await api.inspect(name, { proxy: liar.proxy });
	const layers = report.nodes.filter(({ kind }) => kind === "layer");
	assert.equal(
		row.size,
		layers.reduce((sum, { size }) => sum + size, 0),
	);
	assert.equal(row.created, report.nodes.find(({ kind }) => kind === "config").image.created);
	assert.ok(Number.isFinite(Date.parse(row.created)));
});

test("one request is enough for the first row, and the others say why they were not asked", async () => {
	const names = ["a", "b", "c", "d", "e", "f"].map((tag) => `${registry.host}/demo/app:${tag}`);
	const rows = await checked(names, { maxRequests: 1 });
	assert.equal(rows[0].state, "gone");
	assert.ok(rows.slice(1).every(({ state, why }) => state === "not-asked" && why === "max-requests"));
});

test("manifests of Docker Hub are not read without consent, since each counts as a pull", async () => {
	const hub = { status: 200, headers: { "docker-content-digest": OTHER }, body: Buffer.from("") };
	const ask = async (/** @type {object} */ options) => {
		liar.reset();
		liar.lie(/registry-1\.docker\.io/, () => hub);
		const { images: rows } = await api.readImages("FROM nginx:1.25\n", { name: "Dockerfile" });
		return api.checkPins(rows, { proxy: liar.proxy, details: true, ...options });
	};
	const [row] = await ask({});
	assert.deepEqual([row.state, row.now, row.noDetails], ["not-pinned", OTHER, "counted-pulls"]);
	assert.deepEqual(methods(), ["HEAD"]);
	const [allowed] = await ask({ countedPulls: true });
	assert.deepEqual(methods(), ["HEAD", "GET"]);
	assert.ok(allowed.noDetails, "an empty body is no manifest");
});

test("a text of any kind is looked through for secrets", async () => {
	assert.equal(await api.holdsSecret("image: a/b:1\n  db-password: correct-horse-battery\n"), true);
	assert.equal(await api.holdsSecret(`Digest: ${OTHER}\n`), false);
});

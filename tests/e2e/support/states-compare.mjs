// Off the line, under the pictures and the tests of all states: comparisons, tags, packages, and what is opened of an artifact or a layer.

import { gzipSync } from "node:zlib";
import { noise } from "../../wasm/layer-registry.mjs";
import { descriptor, repository, sha256, TYPES } from "./documents.mjs";
import { ask, openSection, verdict } from "./page.mjs";
import { pushImage, pushIndex, tarOf } from "./pairs.mjs";

/** @typedef {import("./states.mjs").World} World @typedef {import("playwright-core").Page} Page */

const deb = (/** @type {[string, string][]} */ ...all) =>
	all
		.map(
			([name, version]) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
		)
		.join("\n");
const BASE = {
	tar: tarOf([
		["etc/"],
		["etc/os-release", 'ID=debian\nVERSION_ID="12"\n'],
		["var/lib/dpkg/status", deb(["bash", "5.2"])],
	]),
	by: "ADD rootfs.tar.xz /",
};
const LIBS = {
	tar: tarOf([
		["var/lib/dpkg/status", deb(["bash", "5.2"], ["curl", "8.4"])],
		["usr/lib/libpq.so.5", noise(400_000)],
	]),
	by: "RUN apt-get update && apt-get install -y ca-certificates curl libpq5",
};
const modules = (/** @type {number} */ version, /** @type {number} */ size) => ({
	tar: tarOf([
		["app/package.json", `{"name":"app","version":"${version}.0.0"}`],
		...["fastify", "pg", "ajv"].map(
			(name, at) =>
				/** @type {[string, Buffer]} */ ([`app/node_modules/${name}/index.js`, noise(size * (at + 1), version + at)]),
		),
		...(version > 1
			? Array.from(
					{ length: 40 },
					(_, at) => /** @type {[string, Buffer]} */ ([`root/.npm/_cacache/c${at}`, noise(9000, at)]),
				)
			: []),
	]),
	by: "RUN npm ci --omit=dev",
});
const dist = (/** @type {string} */ text) => ({
	tar: tarOf([["app/dist/server.js", text]]),
	by: "COPY dist/ /app/dist",
});

/** @param {World} world */
async function pair(world) {
	const { url, host } = world.registry;
	const config = { User: "root", Env: ["NODE_VERSION=20.18.0"] };
	await pushImage(url, "team/app", "1.1", { layers: [BASE, LIBS, modules(1, 20_000), dist("one\n")], config });
	const layers = [BASE, LIBS, modules(2, 30_000), dist("two\n")];
	const next = { User: "app", Env: ["NODE_VERSION=22.11.0", "DB_PASSWORD=s3cr3t-9Kq"] };
	for (const tag of ["1.2", "latest"]) await pushImage(url, "team/app", tag, { layers, config: next });
	return ["1.1", "1.2"].map((tag) => `${host}/team/app:${tag}`);
}

const comparison = async (/** @type {World} */ world) => `${world.app.url}#compare=${(await pair(world)).join(",")}`;

/** Two indexes, each with a platform that the other has not. @param {World} world @param {string} platform */
async function indexes(world, platform) {
	const { url, host } = world.registry;
	await pushIndex(url, "team/multi", "1", { amd64: { layers: [BASE] }, arm64: { layers: [BASE] } });
	await pushIndex(url, "team/multi", "2", { amd64: { layers: [BASE, dist("two\n")] }, s390x: { layers: [BASE] } });
	return `${world.app.url}#compare=${host}/team/multi:1,${host}/team/multi:2&platform=${platform}`;
}

/** The second image comes from a registry that lies about its last layer. @param {World} world */
async function lying(world) {
	const [one, other] = await pair(world);
	const layers = [BASE, dist("three\n")];
	const { text } = await pushImage(world.registry.url, "team/app", "1.3", { layers });
	const { digest } = JSON.parse(text).layers.at(-1);
	world.liar.lie(new RegExp(digest), async (truth) => ({ ...(await truth()), body: Buffer.from("another layer") }));
	return `${world.app.url}#compare=${one},${other.replace(world.registry.host, world.liar.host).replace(/[^:]*$/, "1.3")}`;
}

const files = async (/** @type {Page} */ page) => {
	await page.getByRole("button", { name: /^Compare files/ }).click();
	await page.locator(".changed-row[data-row]").first().waitFor();
};

const HELM = "application/vnd.cncf.helm";
const CHART = gzipSync(
	tarOf([
		["web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '1.10'\ndescription: A web server\n"],
		["web/values.yaml", "replicas: 2\n"],
		["web/templates/pod.yaml", "kind: Pod\n"],
	]),
);

/** @param {World} world */
async function chart(world) {
	const repo = repository(world.registry.url, "charts/web");
	const config = descriptor(await repo.putBlob(`${HELM}.config.v1+json`, "{}"));
	const told = `files:\n  web-1.2.3.tgz: ${sha256(CHART)}`;
	const provenance = `-----BEGIN PGP SIGNED MESSAGE-----\n\nname: web\n\n...\n${told}\n-----BEGIN PGP SIGNATURE-----\n`;
	const blobs = [
		await repo.putBlob(`${HELM}.chart.content.v1.tar+gzip`, CHART),
		await repo.putBlob(`${HELM}.chart.provenance.v1.prov`, provenance),
	];
	const layers = blobs.map((blob) => descriptor(blob));
	await repo.putManifest("1.2.3", TYPES.manifest, { schemaVersion: 2, mediaType: TYPES.manifest, config, layers });
	return `${world.registry.host}/charts/web:1.2.3`;
}

const loaded = async (/** @type {Page} */ page, /** @type {string} */ reference) => {
	await ask(page, reference);
	await verdict(page).locator(".subject").getByText(reference, { exact: true }).waitFor();
};

/** @type {import("./states.mjs").State[]} */
export const COMPARE = [
	{ name: "compare", at: comparison, show: (page) => page.locator(".compare-answer").waitFor() },
	{ name: "compare-files", at: comparison, show: files },
	{
		name: "compare-failed",
		at: lying,
		async show(page) {
			await page.getByRole("button", { name: /^Compare files/ }).click();
			await page.locator(".compare-answer.is-failed").waitFor();
		},
	},
	{
		name: "compare-platforms",
		at: (world) => indexes(world, "linux/amd64"),
		async show(page) {
			await page.locator(".compare-answer").waitFor();
			await page.getByRole("button", { name: "Change images…" }).click();
			await page.locator(".compare-pair").waitFor();
		},
	},
	{
		name: "compare-no-platform",
		at: (world) => indexes(world, "linux/s390x"),
		show: (page) => page.locator(".compare-failure").waitFor(),
	},
	{
		name: "compare-growth",
		at: comparison,
		async show(page) {
			await files(page);
			await page.locator(".compare-growth button").first().click();
			await page.locator(".changed-row[data-active]").waitFor();
		},
	},
	{
		name: "compare-tree",
		at: comparison,
		async show(page) {
			await files(page);
			await page.getByRole("button", { name: "As a tree" }).click();
			await page.locator(".changed-row .twig").first().click();
			await page.locator(".changed-row .twig[aria-expanded=true]").waitFor();
		},
	},
	{
		name: "tags",
		at: async (world) => `${world.app.url}#tags=${(await pair(world))[0].replace(/:[^:]*$/, "")}`,
		async show(page) {
			await page.getByRole("button", { name: /^Group by digest · / }).click();
			await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
			await page.locator(".tags").getByText("latest").waitFor();
		},
	},
	{
		name: "packages",
		async show(page, world) {
			await loaded(page, (await pair(world))[1]);
			await page.locator("summary", { hasText: "Packages" }).click();
			await page.getByRole("button", { name: /^List packages · / }).click();
			await page.locator(".package-lines .line").first().waitFor();
		},
	},
	{
		name: "artifact-chart",
		async show(page, world) {
			await loaded(page, await chart(world));
			const panel = await openSection(page, "Files");
			await panel.getByRole("button", { name: "Open the artifact" }).click();
			await panel.locator("[data-reason=provenance-fits]").waitFor();
		},
	},
	{
		name: "first-file",
		async show(page, world) {
			await loaded(page, (await pair(world))[0]);
			const panel = await openSection(page, "Files");
			await panel.getByText("Read one file without the whole layer").click();
			await panel.locator("stow-first-file input[name=path]").fill("etc/os-release");
			await panel.getByRole("button", { name: "Read this file" }).click();
			await panel
				.locator("stow-first-file stow-content pre, stow-first-file stow-content .lines-box")
				.first()
				.waitFor();
		},
	},
];

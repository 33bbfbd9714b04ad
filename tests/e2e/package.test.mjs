// For others' builds: the npm package packed, installed into an empty folder, used in Node, typed, bundled and opened in Chromium.

import assert from "node:assert/strict";
import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { npm, project, serveSite } from "./support/generators.mjs";
import { run, temporaryFolder } from "./support/process.mjs";

const PACKAGE = process.env.STOWPLAN_PACKAGE ?? join(ROOT, "target/npm/stowplan");
const SAMPLE = join(ROOT, "www/samples/hello");

let folder;
let browser;
let site;
before(async () => {
	const packed = temporaryFolder("packed");
	await run("npm", ["pack", "--silent", "--pack-destination", packed, PACKAGE]);
	const [tarball] = readdirSync(packed);
	folder = project("consumer", { "package.json": '{ "type": "module", "private": true }' });
	await run("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", join(packed, String(tarball))], {
		cwd: folder,
	});
	browser = await launch();
});
after(async () => {
	await site?.stop();
	await browser?.close();
});

/** Runs a module in the consumer's folder; resolves with what it printed as JSON. */
async function node(source) {
	writeFileSync(join(folder, "use.mjs"), source);
	return JSON.parse(await run(process.execPath, ["use.mjs"], { cwd: folder }));
}

const MAKE = `
	import { readFileSync, writeFileSync } from "node:fs";
	import { makeSnapshot, open, openSnapshot } from "stowplan";
	const read = (name) => new Uint8Array(readFileSync(${JSON.stringify(SAMPLE)} + "/" + name));
	const names = ["index.json", "manifest-amd64.json", "manifest-arm64.json", "config-amd64.json", "config-arm64.json"];
	const report = await open(names.map(read), { name: "hello" });
	const snapshot = await makeSnapshot(report, { taken: new Date(0) });
	writeFileSync("app.stowplan.json", JSON.stringify(snapshot));
`;

test("Node makes a snapshot and proves it again", async () => {
	const { before, again, held, taken } = await node(`${MAKE}
		const again = await openSnapshot(JSON.stringify(snapshot), { digest: snapshot.digest });
		console.log(JSON.stringify({ before: report.summary, again: again.summary, held: snapshot.descriptors.length, taken: again.snapshot.taken }));
		process.exit(0);`);
	assert.equal(held, 5);
	assert.equal(taken, "1970-01-01T00:00:00.000Z");
	assert.deepEqual([again.fail, again.pass], [0, before.pass + 1]);
});

test("the element's class can be imported where there are no elements", async () => {
	const attributes = await node(`
		import { StowPlan } from "stowplan/stow-plan.js";
		import "stowplan/stow-plan-define.js";
		console.log(JSON.stringify(StowPlan.observedAttributes));`);
	const manifest = JSON.parse(readFileSync(join(folder, "node_modules/stowplan/custom-elements.json"), "utf8"));
	const [declaration] = manifest.modules[0].declarations;
	assert.deepEqual(
		declaration.attributes.map(({ name }) => name),
		attributes,
	);
	for (const { description } of declaration.attributes) assert.ok(description);
});

test("every element is exported with its types, and the manifest says its attributes", async () => {
	const { exports } = JSON.parse(readFileSync(join(folder, "node_modules/stowplan/package.json"), "utf8"));
	const { modules } = JSON.parse(readFileSync(join(folder, "node_modules/stowplan/custom-elements.json"), "utf8"));
	for (const tag of ["stow-plan", "stow-plan-table", "stow-plan-compare", "stow-plan-tags"])
		for (const name of [`${tag}.js`, `${tag}-define.js`]) {
			assert.ok(exports[`./${name}`], name);
			for (const file of Object.values(exports[`./${name}`]))
				readFileSync(join(folder, "node_modules/stowplan", String(file)));
			assert.ok(
				modules.some(({ path }) => path === name),
				name,
			);
		}
	for (const [tag, name] of [
		["stow-plan-table", "StowPlanTable"],
		["stow-plan-tags", "StowPlanTags"],
	]) {
		const attributes = await node(`
			import { ${name} } from "stowplan/${tag}.js";
			console.log(JSON.stringify(${name}.observedAttributes));`);
		const [declaration] = modules.find(({ path }) => path === `${tag}.js`).declarations;
		assert.deepEqual(
			declaration.attributes.map(({ name }) => name),
			attributes,
		);
		for (const { description } of declaration.attributes) assert.ok(description);
	}
});

test("the types compile", async () => {
	writeFileSync(
		join(folder, "use.ts"),
		`import { inspect, makeSnapshot, openSnapshot } from "stowplan";
		import { StowPlan } from "stowplan/stow-plan.js";
		import { StowPlanTable } from "stowplan/stow-plan-table.js";
		import { StowPlanTags } from "stowplan/stow-plan-tags.js";
		const tags: StowPlanTags = new StowPlanTags();
		tags.limit = 100;
		const table: StowPlanTable = new StowPlanTable();
		table.atOnce = 2;
		const report = await inspect("busybox");
		const again = await openSnapshot(await makeSnapshot(report), { digest: "sha256:" });
		const plan: StowPlan = new StowPlan();
		plan.view = again.summary.pass > 0 ? "layers" : "history";
		// @ts-expect-error there is no such view
		plan.view = "nothing";`,
	);
	const words =
		"--noEmit --strict --target es2023 --module esnext --moduleResolution bundler --skipLibCheck use.ts".split(" ");
	await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "--ignoreConfig", ...words], {
		cwd: folder,
	});
});

test("Vite bundles it, worker and wasm with it", async () => {
	await node(`${MAKE} console.log("1"); process.exit(0);`);
	const snapshot = readFileSync(join(folder, "app.stowplan.json"), "utf8");
	const app = project(
		"vite",
		{
			"package.json": '{ "type": "module" }',
			"index.html": `<!doctype html><html lang="en"><title>App</title><script type="module" src="main.js"></script><stow-plan></stow-plan></html>`,
			"main.js": `import "${join(folder, "node_modules/stowplan/stow-plan-define.js")}";
				document.querySelector("stow-plan").snapshot = ${snapshot};`,
			"vite.config.js": "export default { build: { target: 'es2022' }, worker: { format: 'es' } };",
		},
		{ modules: true },
	);
	await npm("vite", ["build", "--logLevel", "error"], app);
	site = await serveSite(join(app, "dist"));
	await withPage(
		browser,
		async (page) => {
			await page.goto(site.url);
			assert.match(await page.getByRole("group", { name: "Verdict" }).innerText(), /Every digest matches/);
		},
		{ expected: /favicon|404/ },
	);
});

test("from a CDN, by one line with the hash of its version: these bytes or none", async () => {
	await node(`${MAKE} console.log("1"); process.exit(0);`);
	const text = readFileSync(join(folder, "app.stowplan.json"), "utf8");
	const installed = join(folder, "node_modules/stowplan");
	const hash = JSON.parse(readFileSync(join(installed, "integrity.json"), "utf8"))["cdn.js"];
	for (const broken of ["", "cdn.js", "stow-plan-table-define.js"]) {
		const copy = temporaryFolder("cdn");
		cpSync(installed, copy, { recursive: true });
		if (broken) appendFileSync(join(copy, broken), "\n");
		const cdn = await serveSite(copy, { "access-control-allow-origin": "*" });
		const line = `<script type="module" src="${cdn.url}cdn.js" integrity="${hash}" crossorigin="anonymous"></script>`;
		const own = await serveSite(
			project("page", {
				"index.html": `<!doctype html><html lang="en"><title>Docs</title>${line}<stow-plan src="app.stowplan.json"></stow-plan></html>`,
				"app.stowplan.json": text,
			}),
		);
		try {
			await withPage(
				browser,
				async (page) => {
					await page.goto(own.url);
					if (!broken)
						assert.match(await page.getByRole("group", { name: "Verdict" }).innerText(), /Every digest matches/);
					await page.waitForLoadState("networkidle");
					const defined = await page.evaluate(() => !!customElements.get("stow-plan-table"));
					assert.equal(defined, !broken, broken);
				},
				{ expected: /favicon|404|integrity|Failed to (fetch|load|find)/ },
			);
		} finally {
			await own.stop();
			await cdn.stop();
		}
	}
});

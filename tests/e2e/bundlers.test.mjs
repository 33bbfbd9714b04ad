// In others' bundles: Vite and webpack take of the npm package what is used, and frameworks know its elements by their types.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { NODE_MODULES, project, serveSite } from "./support/generators.mjs";
import { run, temporaryFolder } from "./support/process.mjs";
import { PACKAGE } from "./support/program.mjs";

/** The length of a bundle of nothing, in characters: the bundler's own lines. */
const NOTHING = 1500;

let folder;
let browser;
before(async () => {
	const packed = temporaryFolder("packed");
	await run("npm", ["pack", "--silent", "--pack-destination", packed, PACKAGE]);
	folder = project("bundled", { "package.json": '{ "type": "module", "private": true }' });
	const words = ["install", "--silent", "--offline", "--no-audit", "--no-fund"];
	await run("npm", [...words, join(packed, String(readdirSync(packed)[0]))], { cwd: folder });
	browser = await launch();
});
after(() => browser?.close());

const UNUSED =
	'import { inspect, makeSnapshot } from "stowplan";\nimport { StowPlan } from "stowplan/stow-plan.js";\nconsole.log("nothing");\n';
const ELEMENT = 'import "stowplan/stow-plan-define.js";\n';
const HTML =
	'<!doctype html><html lang="en"><title>x</title><script type="module" src="main.js"></script><stow-plan></stow-plan></html>';

/** Each builds an entry and gives the folder of the site. */
const BUNDLERS = {
	async vite(name) {
		const root = entry(name);
		const config = "export default { build: { target: 'es2022', modulePreload: false }, worker: { format: 'es' } };";
		writeFileSync(join(root, "vite.config.js"), config);
		await run(process.execPath, [join(NODE_MODULES, "vite/bin/vite.js"), "build", "--logLevel", "error"], {
			cwd: root,
		});
		return join(root, "dist");
	},
	async webpack(name) {
		const root = entry(name);
		const script = `import webpack from ${JSON.stringify(join(NODE_MODULES, "webpack/lib/index.js"))};
			const options = { mode: "production", context: ${JSON.stringify(root)}, entry: "./main.js", performance: { hints: false },
				output: { path: ${JSON.stringify(join(root, "dist"))}, filename: "main.js", publicPath: "auto", module: true },
				experiments: { outputModule: true } };
			webpack(options, (error, stats) => {
				if (error || stats.hasErrors()) { console.error(error ?? stats.toString("errors-only")); process.exitCode = 1; }
			});`;
		writeFileSync(join(root, "build.mjs"), script);
		await run(process.execPath, ["build.mjs"], { cwd: root });
		writeFileSync(join(root, "dist/index.html"), HTML);
		return join(root, "dist");
	},
};

/** @param {string} source */
function entry(source) {
	const root = join(folder, `app-${readdirSync(folder).length}`);
	mkdirSync(root);
	writeFileSync(join(root, "index.html"), HTML);
	writeFileSync(join(root, "main.js"), source);
	return root;
}

/** The script that a page of the site loads: bundlers write workers that nothing asks for beside it. */
function first(site) {
	const html = readFileSync(join(site, "index.html"), "utf8");
	return readFileSync(join(site, String(/src="([^"]+\.js)"/.exec(html)?.[1])), "utf8");
}

for (const [name, build] of Object.entries(BUNDLERS)) {
	test(`${name}: what is not used is not taken`, async () => {
		const text = first(await build(UNUSED));
		assert.match(text, /nothing/);
		assert.ok(text.length < NOTHING, `${text.length} characters`);
	});

	test(`${name}: the element is named`, async () => {
		const site = await serveSite(await build(ELEMENT));
		try {
			await withPage(
				browser,
				async (page) => {
					await page.goto(site.url);
					await page.evaluate(() => customElements.whenDefined("stow-plan"));
					assert.ok(await page.evaluate(() => "reload" in (document.querySelector("stow-plan") ?? {})));
				},
				{ expected: /favicon|404/ },
			);
		} finally {
			await site.stop();
		}
	});
}

test("React, Vue and Svelte know the elements and their attributes", async () => {
	for (const name of ["@types/react", "vue", "svelte"]) {
		mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
		symlinkSync(join(NODE_MODULES, name), join(folder, "node_modules", name));
	}
	writeFileSync(
		join(folder, "react.tsx"),
		`import type {} from "stowplan/react";
		export const good = <stow-plan reference="a:1" view="layers" className="x"><code>a:1</code></stow-plan>;
		// @ts-expect-error there is no such view
		export const bad = <stow-plan view="nothing" />;
		// @ts-expect-error there is no such element
		export const odd = <stow-nothing />;`,
	);
	writeFileSync(
		join(folder, "others.ts"),
		`import type { GlobalComponents } from "vue";
		import type { SvelteHTMLElements } from "svelte/elements";
		import type {} from "stowplan/vue";
		import type {} from "stowplan/svelte";
		type InVue = InstanceType<GlobalComponents["stow-plan"]>["$props"];
		export const vue: InVue = { reference: "a:1", view: "history", class: "x" };
		// @ts-expect-error there is no such view
		export const noVue: InVue = { view: "nothing" };
		export const svelte: SvelteHTMLElements["stow-plan"] = { src: "x.json", theme: "dark", class: "x" };
		// @ts-expect-error there is no such theme
		export const noSvelte: SvelteHTMLElements["stow-plan"] = { theme: "nothing" };`,
	);
	const words =
		"--noEmit --strict --jsx preserve --target es2023 --module esnext --moduleResolution bundler --skipLibCheck react.tsx others.ts".split(
			" ",
		);
	await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "--ignoreConfig", ...words], {
		cwd: folder,
	});
});

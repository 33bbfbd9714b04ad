// In others' sites: what documentation generators make of the lines in docs/embed.md, in Chromium, from another origin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { tried } from "../plugins/support.mjs";
import { DIST, ROOT } from "./support/app.mjs";
import { screenshot, withPage } from "./support/browser.mjs";
import { mdbook, project, python, serveSite } from "./support/generators.mjs";
import { startWorld } from "./support/world.mjs";

const { inspect, makeSnapshot } = await import(join(DIST, "www/api.js"));

let world;
let snapshot;
const sites = [];
before(async () => {
	world = await startWorld();
	snapshot = JSON.stringify(await makeSnapshot(await inspect(world.ref("index"), { proxy: world.app.proxy })));
});
after(async () => {
	for (const site of sites) await site.stop();
	await world?.stop();
});

const element = (name, more = "") =>
	`<stow-plan reference="${world.ref(name)}" proxy="${world.app.proxy}" ${more}>An image</stow-plan>`;

/** Opens a built site. */
async function visit(folder, use, options = {}) {
	const site = await serveSite(folder);
	sites.push(site);
	await withPage(
		world.browser,
		async (page) => {
			await page.goto(site.url);
			await use(page, site);
		},
		// Generators fetch fonts and analytics that are not there.
		{ expected: /Failed to load resource|ERR_/, ...options },
	);
}

const plans = (page) => page.locator("stow-plan");
const verdict = (page, at = 0) => plans(page).nth(at).getByRole("group", { name: "Verdict" });
const scheme = (page) => plans(page).first().locator(".plan").getAttribute("data-scheme");

/** The code blocks of the MkDocs recipe in docs/embed.md, with their languages. */
function recipe() {
	const text = readFileSync(join(ROOT, "docs/embed.md"), "utf8");
	const section = text.slice(text.indexOf("## A new site with MkDocs"), text.indexOf("### With the privacy plugin"));
	return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
}

/** The code block below a tool's heading in docs/embed.md, with this world's address in it. */
function lineOf(tool) {
	const text = readFileSync(join(ROOT, "docs/embed.md"), "utf8");
	const [, code] = /^```\w+\n([\s\S]*?)^```$/m.exec(text.slice(text.indexOf(`\n### ${tool}\n`))) ?? [];
	assert.ok(code, `docs/embed.md has a block for ${tool}`);
	return code.replaceAll("https://stowplan.example/", world.app.url);
}

test("a new MkDocs site shows an image after the lines of docs/embed.md, and nothing else", async () => {
	const [make, config, page, build] = recipe();
	assert.deepEqual(
		[make, config, page, build].map(({ language }) => language),
		["sh", "yaml", "html", "sh"],
	);
	const here = (text) =>
		text.replaceAll("https://stowplan.example/", world.app.url).replaceAll("ghcr.io/o/app:1.2", world.ref("index"));
	const [install, create, enter] = make.code.trim().split("\n");
	assert.equal(install, "pip install mkdocs-material");
	const folder = project("mkdocs", {});
	const [program, ...words] = create.split(" ");
	await python(program, words, folder);
	const site = join(folder, enter.replace("cd ", ""));
	const { writeFileSync } = await import("node:fs");
	writeFileSync(join(site, "mkdocs.yml"), here(config.code));
	writeFileSync(join(site, "docs/index.md"), here(page.code));
	const [tool, ...args] = build.code.trim().split(" ");
	await python(tool, args, site);
	await visit(join(site, "site"), async (page) => {
		assert.match(await verdict(page).innerText(), /Every digest matches/);
		assert.ok((await plans(page).getByRole("treeitem").count()) >= 5);
	});
});

test("Material's privacy plugin: the line of docs/embed.md keeps the element alive", async () => {
	const text = readFileSync(join(ROOT, "docs/embed.md"), "utf8");
	const [, line] =
		/```yaml\n(plugins:\n[\s\S]*?)```/.exec(text.slice(text.indexOf("### With the privacy plugin"))) ?? [];
	assert.ok(line, "docs/embed.md has the line");
	const config = `site_name: Docs\ntheme:\n  name: material\n  font: false\nextra_javascript:\n  - path: ${world.app.url}embed.js\n    type: module\n`;
	const folder = project("privacy", {
		"mkdocs.yml": config + line.replaceAll("stowplan.example", new URL(world.app.url).host),
		"docs/index.md": `# One\n\n${element("index")}\n`,
	});
	await python("mkdocs", ["build", "-q"], folder);
	await visit(join(folder, "site"), async (page) => {
		await verdict(page).waitFor();
		assert.ok((await plans(page).getByRole("treeitem").count()) >= 5);
	});
});

test("Material: its switch, instant navigation and several elements on a page", async () => {
	const palette = ["default", "slate"].map(
		(name) =>
			`    - scheme: ${name}\n      toggle: { icon: material/brightness-4, name: Switch to ${name === "default" ? "dark" : "light"} }`,
	);
	const folder = project("material", {
		"mkdocs.yml": `site_name: Docs\nsite_url: http://127.0.0.1/\nuse_directory_urls: false\ntheme:\n  name: material\n  font: false\n  features: [navigation.instant]\n  palette:\n${palette.join("\n")}\nextra_javascript:\n  - path: ${world.app.url}embed.js\n    type: module\n`,
		"docs/index.md": `# One\n\n${element("index")}\n\n${element("oci", 'view="history"')}\n\n<stow-plan src="app.stowplan.json" view="layers"></stow-plan>\n\n[Two](two.md)\n`,
		"docs/two.md": `# Two\n\n${element("schema2")}\n`,
		"docs/app.stowplan.json": snapshot,
	});
	await python("mkdocs", ["build", "-q"], folder);
	await visit(join(folder, "site"), async (page) => {
		await verdict(page, 0).waitFor();
		for (const at of [1, 2]) {
			await plans(page).nth(at).scrollIntoViewIfNeeded();
			assert.match(await verdict(page, at).innerText(), /passed/);
		}
		assert.equal(await scheme(page), "light");
		await screenshot(page, "material-light", { fullPage: true });
		await page.locator("label[for^=__palette]:visible").first().click();
		await page.waitForFunction(() => document.body.getAttribute("data-md-color-scheme") === "slate");
		await plans(page).first().locator(".plan[data-scheme=dark]").waitFor();
		await screenshot(page, "material-dark", { fullPage: true });
		await page.getByRole("link", { name: "Two" }).first().click();
		await page.getByRole("heading", { name: "Two", level: 1 }).waitFor();
		assert.match(await verdict(page, 0).innerText(), /passed/);
		assert.equal(await plans(page).count(), 1);
	});
});

test("VitePress: its switch, its router, and no warning of Vue's about the elements", async () => {
	const list = `<stow-plan-table proxy="${world.app.proxy}"><ul><li>${world.ref("schema2")}</li></ul></stow-plan-table>`;
	const folder = project(
		"vitepress",
		{
			"package.json": '{ "type": "module" }',
			".vitepress/config.mjs": lineOf("VitePress"),
			"index.md": `# One\n\n${element("index")}\n\n${element("oci", 'view="identity"')}\n\n[Two](./two)\n\n${list}\n`,
			"two.md": `# Two\n\n${element("schema2")}\n`,
		},
		{ modules: true },
	);
	const { said } = await tried(process.execPath, [join(folder, "node_modules/.bin/vitepress"), "build"], folder);
	assert.doesNotMatch(said, /Failed to resolve component|[Hh]ydrat|\[Vue warn\]/);
	await visit(join(folder, ".vitepress/dist"), async (page) => {
		await verdict(page).waitFor();
		await page.locator("stow-plan-table").scrollIntoViewIfNeeded();
		await page.locator("stow-plan-table").getByText("Digests match").waitFor();
		assert.equal(await scheme(page), "light");
		await screenshot(page, "vitepress-light", { fullPage: true });
		await page.getByRole("switch").first().click();
		await plans(page).first().locator(".plan[data-scheme=dark]").waitFor();
		await screenshot(page, "vitepress-dark", { fullPage: true });
		await page.getByRole("link", { name: "Two" }).first().click();
		await page.getByRole("heading", { name: "Two", level: 1 }).waitFor();
		assert.match(await verdict(page).innerText(), /passed/);
	});
});

test("Sphinx with Furo: its switch", async () => {
	const folder = project("sphinx", {
		"conf.py": `project = "Docs"\nextensions = ["myst_parser"]\nhtml_theme = "furo"\n${lineOf("Sphinx")}`,
		"index.md": `# One\n\n<div>\n${element("index")}\n</div>\n`,
	});
	await python("sphinx-build", ["-q", "-b", "html", ".", "out"], folder);
	await visit(join(folder, "out"), async (page) => {
		await verdict(page).waitFor();
		assert.equal(await scheme(page), "light");
		const toggle = page.locator("button.theme-toggle:visible").first();
		for (let press = 0; press < 3 && (await page.locator("body[data-theme=dark]").count()) === 0; press++)
			await toggle.click();
		await plans(page).first().locator(".plan[data-scheme=dark]").waitFor();
	});
});

test("mdBook: its themes, several elements on a page, a snapshot", async () => {
	const folder = project("mdbook", {
		"book.toml": '[book]\ntitle = "Docs"\n[output.html]\ndefault-theme = "light"\npreferred-dark-theme = "coal"\n',
		"theme/head.hbs": lineOf("mdBook"),
		"src/SUMMARY.md": "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n",
		"src/one.md": `# One\n\n${element("index")}\n\nText between.\n\n<stow-plan src="app.stowplan.json" view="history"></stow-plan>\n`,
		"src/two.md": `# Two\n\n${element("schema2")}\n`,
		"src/app.stowplan.json": snapshot,
	});
	await mdbook(["build"], folder);
	await visit(join(folder, "book"), async (page) => {
		await verdict(page, 0).waitFor();
		await plans(page).nth(1).scrollIntoViewIfNeeded();
		assert.match(await verdict(page, 1).innerText(), /A snapshot/);
		assert.equal(await scheme(page), "light");
		await screenshot(page, "mdbook-light", { fullPage: true });
		await page.getByRole("button", { name: "Change theme" }).click();
		for (const [theme, expected] of [
			["Ayu", "dark"],
			["Rust", "light"],
			["Coal", "dark"],
		]) {
			await page.getByRole("menuitem", { name: theme }).click();
			await plans(page).first().locator(`.plan[data-scheme=${expected}]`).waitFor();
		}
		await screenshot(page, "mdbook-dark", { fullPage: true });
		await page.getByRole("link", { name: "Two" }).first().click();
		await page.getByRole("heading", { name: "Two", level: 1 }).waitFor();
		assert.match(await verdict(page).innerText(), /passed/);
		assert.equal(await scheme(page), "dark", "the theme is remembered");
	});
});

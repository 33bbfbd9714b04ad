// Docusaurus with its plugin: a site from nothing, shown without a network; another pin fails its build.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
	close,
	LINE,
	npmInstall,
	OTHER,
	page,
	proved,
	SNAPSHOT,
	sample,
	site,
	tried,
	visit,
	write,
} from "./support.mjs";

const VERSION = "3.10.2";
const CONFIG = `import { withStowplan } from "docusaurus-stowplan";
export default withStowplan({
	title: "Docs", url: "https://docs.example", baseUrl: "/docs/",
	presets: [["classic", { docs: { routeBasePath: "/" }, blog: false }]],
});
`;

let folder;
let digest;
before(
	async () => {
		const { text, digest: own } = await sample();
		digest = own;
		folder = site("docusaurus", {
			"package.json": '{ "private": true }',
			"docusaurus.config.mjs": CONFIG,
			"docs/one.md": "---\nslug: /\n---\n\n# One\n\n[Two](sub/two.md)\n",
			"docs/sub/two.md": page(digest, "view: history\n"),
			"docs/sub/three.mdx": page(digest, "snapshot: three.json\n"),
			[`docs/sub/${SNAPSHOT}`]: text,
			"docs/sub/three.json": text,
		});
		const names = ["core", "preset-classic"].map((name) => `@docusaurus/${name}@${VERSION}`);
		await npmInstall(folder, [...names, "react@19.2.0", "react-dom@19.2.0"], ["docusaurus"]);
	},
	{ timeout: 10 * 60_000 },
);
after(close);

const build = (...words) => tried(join(folder, "node_modules/.bin/docusaurus"), ["build", ...words], folder);

test("the site shows the image without a network, at a sub-path, after a click, and out of the cache", async () => {
	for (const out of ["out/docs", "out/again/docs"]) {
		const { code, said } = await build("--out-dir", out);
		assert.equal(code, 0, said);
	}
	for (const out of ["out", "out/again"])
		await visit(join(folder, out), async (page, url) => {
			await page.goto(`${url}docs/`);
			await page.getByRole("main").getByRole("link", { name: "Two" }).click();
			await page.getByRole("heading", { name: "Image" }).waitFor();
			await proved(page);
			assert.equal(await page.locator("stow-plan").getAttribute("view"), "history");
			await page.goto(`${url}docs/sub/three/`);
			await proved(page);
		});
});

test("another pin fails the build with file and line", async () => {
	write(folder, { "docs/sub/two.md": `---\ntitle: x\n---\n${page(OTHER)}` });
	const { code, said } = await build("--out-dir", "out/other");
	write(folder, { "docs/sub/two.md": page(digest) });
	assert.notEqual(code, 0);
	assert.match(said, new RegExp(`sub/two\\.md:${LINE + 3}: .*digest-mismatch`));
});

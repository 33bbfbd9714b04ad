// Astro Starlight with its plugin: a site from nothing, shown without a network; another pin fails its build.

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

const CONFIG = `import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import stowplan from "starlight-stowplan";
export default defineConfig({
	site: "https://docs.example", base: "/docs", integrations: [starlight({ title: "Docs" }), stowplan()],
});
`;
const COLLECTION = `import { defineCollection } from "astro:content";
import { docsLoader } from "@astrojs/starlight/loaders";
import { docsSchema } from "@astrojs/starlight/schema";
export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };
`;
const FRONT = "---\ntitle: Image\n---\n\n";
const FROM = LINE + FRONT.split("\n").length - 1;

let folder;
let digest;
before(
	async () => {
		const { text, digest: own } = await sample();
		digest = own;
		folder = site("starlight", {
			"package.json": '{ "type": "module", "private": true }',
			"astro.config.mjs": CONFIG,
			"src/content.config.ts": COLLECTION,
			"src/content/docs/index.md": "---\ntitle: One\n---\n\n[Two](/docs/sub/two/)\n",
			"src/content/docs/sub/two.md": FRONT + page(digest, "view: history\n"),
			"src/content/docs/sub/three.mdx": FRONT + page(digest),
			[`src/content/docs/sub/${SNAPSHOT}`]: text,
		});
		await npmInstall(folder, ["astro@5.18.2", "@astrojs/starlight@0.37.6"], ["starlight"]);
	},
	{ timeout: 10 * 60_000 },
);
after(close);

const build = (...words) =>
	tried(join(folder, "node_modules/.bin/astro"), ["build", ...words], folder, { ASTRO_TELEMETRY_DISABLED: "1" });

test("the site shows the image without a network, at a sub-path, after a click, and out of the cache", async () => {
	for (const out of ["out/docs", "out/again/docs"]) {
		const { code, said } = await build("--outDir", out);
		assert.equal(code, 0, said);
	}
	for (const out of ["out", "out/again"])
		await visit(join(folder, out), async (page, url) => {
			await page.goto(`${url}docs/`);
			await page.getByRole("main").getByRole("link", { name: "Two" }).click();
			await proved(page);
			assert.equal(await page.locator("stow-plan").getAttribute("view"), "history");
			await page.goto(`${url}docs/sub/three/`);
			await proved(page);
		});
});

test("another pin fails the build with file and line", async () => {
	write(folder, { "src/content/docs/sub/two.md": FRONT + page(OTHER) });
	const { code, said } = await build("--outDir", "out/other");
	write(folder, { "src/content/docs/sub/two.md": FRONT + page(digest) });
	assert.notEqual(code, 0);
	assert.match(said, new RegExp(`sub/two\\.md:${FROM}: .*digest-mismatch`));
});

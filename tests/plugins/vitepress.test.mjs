// VitePress with its plugin: a site from nothing, shown without a network; another pin fails its build.

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

let folder;
let digest;
before(async () => {
	const { text, digest: own } = await sample();
	digest = own;
	folder = site("vitepress", {
		"package.json": '{ "type": "module", "private": true }',
		".vitepress/config.mjs": `import { withStowplan } from "vitepress-stowplan";\nexport default withStowplan({ title: "Docs", base: "/docs/" });\n`,
		"index.md": `# One\n\n[Two](./sub/two)\n`,
		"sub/two.md": page(digest, "view: history\n"),
		[`sub/${SNAPSHOT}`]: text,
	});
	await npmInstall(folder, ["vitepress@1.6.4"], ["vitepress"]);
});
after(close);

const build = (...words) => tried(join(folder, "node_modules/.bin/vitepress"), ["build", ...words], folder);

test("the site shows the image without a network, at a sub-path, after a click", async () => {
	const { code, said } = await build("--outDir", "out/docs");
	assert.equal(code, 0, said);
	await visit(join(folder, "out"), async (page, url) => {
		await page.goto(`${url}docs/`);
		await page.getByRole("link", { name: "Two" }).click();
		await proved(page);
		assert.equal(await page.locator("stow-plan").getAttribute("view"), "history");
		await page.reload();
		await proved(page);
	});
});

test("another pin fails the build with file and line", async () => {
	write(folder, { "sub/two.md": page(OTHER) });
	const { code, said } = await build("--outDir", "out/other");
	write(folder, { "sub/two.md": page(digest) });
	assert.notEqual(code, 0);
	assert.match(said, new RegExp(`sub/two\\.md:${LINE}: .*digest-mismatch`));
});

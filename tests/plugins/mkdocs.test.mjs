// MkDocs with its plugin: a site from nothing, shown without a network; another pin fails its build.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fixtures } from "../e2e/support/images.mjs";
import { BIN } from "../e2e/support/program.mjs";
import { startRegistry } from "../e2e/support/registry.mjs";
import {
	close,
	LINE,
	OTHER,
	page,
	pipInstall,
	proved,
	SNAPSHOT,
	sample,
	site,
	tried,
	VENV,
	visit,
	write,
} from "./support.mjs";

let env;
let snapshot;
before(async () => {
	env = await pipInstall("mkdocs");
	snapshot = await sample();
});
after(close);

const CONFIG = [
	"site_name: Docs",
	"site_url: http://127.0.0.1/docs/",
	"theme:",
	"  name: material",
	"  font: false",
	"  features: [navigation.instant]",
	"markdown_extensions: [admonition, pymdownx.superfences]",
	"",
].join("\n");
// The privacy plugin would fetch what the theme itself may load from elsewhere.
const PLUGINS = 'plugins:\n  - search\n  - privacy: { assets_exclude: ["unpkg.com/*"] }\n  - stowplan\n';

const build = (folder, ...words) => tried(join(VENV, "bin/mkdocs"), ["build", "--strict", ...words], folder, env);

test("the site shows the image without a network, after an instant navigation, in an admonition, too", async () => {
	const { text, digest } = snapshot;
	const folder = site("mkdocs", {
		"mkdocs.yml": CONFIG + PLUGINS,
		"docs/index.md": "# One\n\n[Two](sub/two.md)\n\n````md\n```stowplan\nan/example:1\n```\n````\n",
		"docs/sub/two.md": page(digest, "view: history\n"),
		"docs/sub/three.md": `# Three\n\n!!! note\n\n${page(digest, `snapshot: ${SNAPSHOT}\n`)
			.split("\n")
			.slice(4, 9)
			.map((line) => `    ${line}`)
			.join("\n")}\n`,
		[`docs/sub/${SNAPSHOT}`]: text,
	});
	const { code, said } = await build(folder, "-d", "out/docs");
	assert.equal(code, 0, said);
	await visit(join(folder, "out"), async (page, url) => {
		await page.goto(`${url}docs/`);
		assert.equal(await page.locator("stow-plan").count(), 0, "an example is none");
		await page.getByRole("link", { name: "Two" }).first().click();
		await page.getByRole("heading", { name: "Image" }).waitFor();
		await proved(page);
		await page.goto(`${url}docs/sub/three/`);
		await proved(page);
		assert.equal(await page.locator(".admonition stow-plan").count(), 1);
	});
});

test("another pin, other bytes and a missing snapshot fail the build with file and line", async () => {
	const { text, digest } = snapshot;
	const front = "---\ntitle: x\n---\n";
	const other = JSON.parse(text);
	other.descriptors[1].data = Buffer.from("{}").toString("base64");
	for (const [code, pinned, bytes] of [
		["digest-mismatch", OTHER, text],
		["failed-digest", digest, JSON.stringify(other)],
		["invalid-snapshot", digest, "[]"],
	]) {
		const folder = site("mkdocs", {
			"mkdocs.yml": CONFIG + PLUGINS,
			"docs/index.md": front + page(pinned),
			[`docs/${SNAPSHOT}`]: bytes,
		});
		const built = await build(folder);
		assert.notEqual(built.code, 0);
		assert.match(
			built.said,
			new RegExp(`index\\.md:${LINE + 3}: [\\s\\S]*\\(${code}\\)|index\\.md:${LINE + 3}: .*\\n.*\\n.*\\(${code}\\)`),
			built.said,
		);
	}
	const offline = "plugins:\n  - stowplan: { offline: true }\n";
	const missing = site("mkdocs", { "mkdocs.yml": CONFIG + offline, "docs/index.md": page(digest) });
	assert.match((await build(missing)).said, /index\.md:5: .*\(snapshot-missing\)/);
});

test("a missing snapshot is made by the program", async () => {
	const { storage, images } = await fixtures();
	const registry = await startRegistry({ storage });
	try {
		const command = `plugins:\n  - stowplan: { command: ["${process.execPath}", "${BIN}"] }\n`;
		const text = `# One\n\n\`\`\`stowplan\n${registry.host}/${images.index.path}\nsnapshot: app.json\n\`\`\`\n`;
		const folder = site("mkdocs", { "mkdocs.yml": CONFIG + command, "docs/index.md": text });
		const { code, said } = await build(folder);
		assert.equal(code, 0, said);
		assert.equal(JSON.parse(readFileSync(join(folder, "docs/app.json"), "utf8")).digest, images.index.digest);
		write(folder, { "docs/index.md": text.replace("snapshot: app.json", `digest: ${OTHER}`) });
		const other = await build(folder);
		assert.match(other.said, /index\.md:3: /);
		assert.match(other.said, /digest-mismatch/);
	} finally {
		await registry.stop();
	}
});

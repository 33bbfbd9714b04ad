// Sphinx with its directive: a site from nothing, shown without a network; another pin fails its build.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { close, OTHER, pipInstall, proved, REFERENCE, SNAPSHOT, sample, site, tried, VENV, visit } from "./support.mjs";

let env;
let snapshot;
before(async () => {
	env = await pipInstall("sphinx");
	snapshot = await sample();
});
after(close);

const build = (folder, builder = "html") =>
	tried(join(VENV, "bin/sphinx-build"), ["-q", "-b", builder, "-j", "2", ".", "out"], folder, env);

const files = (digest, text) => ({
	"conf.py": 'project = "Docs"\nextensions = ["myst_parser", "sphinx_stowplan"]\nhtml_theme = "furo"\n',
	"index.rst": "One\n===\n\n.. toctree::\n\n   sub/two\n   sub/three\n",
	"sub/two.rst": `Two\n===\n\n.. stowplan:: ${REFERENCE}\n   :digest: ${digest}\n   :view: layers\n`,
	"sub/three.md": `# Three\n\n\`\`\`{stowplan} ${REFERENCE}\n:digest: ${digest}\n\`\`\`\n`,
	[`sub/${SNAPSHOT}`]: text,
});

for (const builder of ["html", "dirhtml"]) {
	test(`${builder}: the site shows the image without a network`, async () => {
		const folder = site("sphinx", files(snapshot.digest, snapshot.text));
		const { code, said } = await build(folder, builder);
		assert.equal(code, 0, said);
		await visit(join(folder, "out"), async (page, url) => {
			for (const name of ["two", "three"]) {
				await page.goto(`${url}sub/${name}${builder === "html" ? ".html" : "/"}`);
				await proved(page);
			}
		});
	});
}

test("a builder without a browser says the name of the image", async () => {
	const folder = site("sphinx", files(snapshot.digest, snapshot.text));
	assert.equal((await build(folder, "text")).code, 0);
	assert.match(readFileSync(join(folder, "out/sub/two.txt"), "utf8"), new RegExp(REFERENCE.replaceAll(".", "\\.")));
});

test("another pin fails the build with file and line", async () => {
	const folder = site("sphinx", files(OTHER, snapshot.text));
	const { code, said } = await build(folder);
	assert.notEqual(code, 0);
	assert.match(said, /sub\/t(wo\.rst:4|hree\.md:\d+): .*/);
	assert.match(said, /digest-mismatch/);
});

// mdBook with `stowplan mdbook` as its preprocessor: a book from nothing, shown without a network; another pin fails its build.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MDBOOK } from "../e2e/support/generators.mjs";
import { BIN, stowplan } from "../e2e/support/program.mjs";
import { close, LINE, OTHER, page, proved, SNAPSHOT, sample, site, tried, visit, write } from "./support.mjs";

let snapshot;
before(async () => {
	snapshot = await sample();
});
after(close);

const book = ({ digest, text }) =>
	site("mdbook", {
		"book.toml": `[book]\ntitle = "Docs"\n[preprocessor.stowplan]\ncommand = "${process.execPath} ${BIN} mdbook"\n`,
		"src/SUMMARY.md": "# Summary\n\n- [One](one.md)\n  - [Two](sub/two.md)\n",
		"src/one.md": `# One\n\n> \`\`\`stowplan\n> registry.invalid/demo/hello:1.0\n> snapshot: sub/${SNAPSHOT}\n> \`\`\`\n`,
		"src/sub/two.md": page(digest, "view: history\n"),
		[`src/sub/${SNAPSHOT}`]: text,
	});

test("the book shows the image without a network, in a folder and in a quotation", async () => {
	const folder = book(snapshot);
	const { code, said } = await tried(MDBOOK, ["build"], folder);
	assert.equal(code, 0, said);
	await visit(join(folder, "book"), async (page, url) => {
		await page.goto(`${url}sub/two.html`);
		await proved(page);
		await page.goto(`${url}one.html`);
		await page.locator("blockquote stow-plan").getByRole("group", { name: "Verdict" }).waitFor();
	});
	const before = readdirSync(join(folder, "src/stowplan")).length;
	assert.equal((await tried(MDBOOK, ["build"], folder)).code, 0);
	assert.equal(readdirSync(join(folder, "src/stowplan")).length, before);
});

test("another pin fails the build with file and line", async () => {
	const folder = book(snapshot);
	write(folder, { "src/sub/two.md": page(OTHER) });
	const { code, said } = await tried(MDBOOK, ["build"], folder);
	assert.notEqual(code, 0);
	assert.match(said, new RegExp(`sub/two\\.md:${LINE}: .*digest-mismatch`));
});

test("the protocol: what is supported, what is no book, what has no fence", async () => {
	assert.equal((await stowplan(["mdbook", "supports", "html"])).code, 0);
	assert.notEqual((await stowplan(["mdbook", "supports", "markdown"])).code, 0);
	for (const input of ["", "[]", "{}", '[{"root":1},{}]']) {
		const { code, err } = await stowplan(["mdbook"], { input });
		assert.deepEqual([code, /\(invalid-book\)\n$/.test(err)], [3, true], input);
	}
	const chapter = { name: "x", content: "# x\n", path: "x.md", source_path: "x.md", sub_items: [], number: [1] };
	for (const name of ["items", "sections"]) {
		const given = { [name]: [{ Chapter: chapter }, "Separator", { PartTitle: "y" }], more: 1 };
		const { out } = await stowplan(["mdbook"], { input: JSON.stringify([{ root: "/nowhere", config: {} }, given]) });
		assert.deepEqual(JSON.parse(out), given, name);
	}
});

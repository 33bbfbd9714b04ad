// Documentation -> embeds: which elements and fences a page has, and on which lines.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { elementHtml } from "../../integrations/core/draw.js";
import { readFence, snapshotName } from "../../integrations/core/fence.js";
import { findEmbeds } from "../../integrations/core/find.js";
import { keepPages } from "../../integrations/core/pages.js";

/** @param {string} text @param {string} [name] */
const found = (text, name = "page.md") =>
	findEmbeds(text, name).map(({ line, form, attributes }) => [line, form, attributes.reference ?? attributes.src]);

test("elements and fences are found with their lines", () => {
	const text = [
		"---",
		"title: x",
		"---",
		"",
		'<stow-plan reference="a:1" digest="sha256:0">x</stow-plan>',
		"",
		"Text with `<stow-plan reference=no>` in it,",
		'and <stow-plan reference="b:2"></stow-plan> within a line.',
		"",
		"> - ```stowplan",
		">   c:3",
		">   view: history",
		">   ```",
		"",
		"<div>",
		"<!-- <stow-plan reference=no> -->",
		"<stow-plan",
		'  src="d.stowplan.json"></stow-plan>',
		"</div>",
	].join("\n");
	assert.deepEqual(found(text), [
		[5, "element", "a:1"],
		[8, "element", "b:2"],
		[10, "fence", "c:3"],
		[17, "element", "d.stowplan.json"],
	]);
});

test("what is shown as an example is no embed", () => {
	for (const text of [
		"```html\n<stow-plan reference=a></stow-plan>\n```",
		"````md\n```stowplan\na:1\n```\n````",
		"    <stow-plan reference=a></stow-plan>",
		"~~~text\n```stowplan\na:1\n```\n~~~",
		"```stowplanner\na:1\n```",
		"<!--\n```stowplan\na:1\n```\n-->",
	])
		assert.deepEqual(found(text), [], text);
});

test("admonitions and tabs of Python-Markdown hold embeds, too", () => {
	const text =
		'!!! note "x"\n\n    ```stowplan\n    a:1\n    ```\n\n=== "One"\n\n    ??? tip\n\n        ```stowplan\n        b:2\n        ```\n\n    after\n\n    ```stowplan\n    c:3\n    ```\n';
	assert.deepEqual(found(text), [
		[3, "fence", "a:1"],
		[11, "fence", "b:2"],
		[17, "fence", "c:3"],
	]);
});

test("HTML and reStructuredText are read as they are", () => {
	const html =
		"<!doctype html>\n<p>&lt;stow-plan&gt;\n<script>'<stow-plan reference=no>'</script>\n<STOW-PLAN\nreference='a:1'>";
	assert.deepEqual(found(html, "x.html"), [[4, "element", "a:1"]]);
	const rst =
		"Title\n=====\n\n.. stowplan:: a:1\n   :digest: sha256:0\n   :view: layers\n\n.. stowplan::\n   :snapshot: b.json\n";
	assert.deepEqual(found(rst, "x.rst"), [
		[4, "fence", "a:1"],
		[8, "fence", "b.json"],
	]);
	assert.equal(findEmbeds(rst, "x.rst")[0]?.attributes.view, "layers");
});

test("directives of MyST are fences with options", () => {
	const text =
		"# T\n\n```{stowplan} a:1\n:digest: sha256:0\n:view: layers\n```\n\n:::\n\n```{stowplan}\n---\nsnapshot: b.json\n---\n```\n\n```{note} stowplan\n```\n";
	assert.deepEqual(found(text), [
		[3, "fence", "a:1"],
		[10, "fence", "b.json"],
	]);
	const [first] = findEmbeds(text, "x.md");
	assert.deepEqual([first?.attributes.digest, first?.attributes.view, first?.problems], ["sha256:0", "layers", []]);
});

test("a page that is too large to be read is named if it may have an embed", async (context) => {
	const folder = await mkdtemp(join(tmpdir(), "pages-"));
	context.after(() => rm(folder, { recursive: true }));
	const large = "x".repeat((16 << 20) + 1);
	await writeFile(join(folder, "plain.html"), large);
	await writeFile(join(folder, "with.html"), `${large}<stow-plan reference="a:1">`);
	const { pages, embeds } = await keepPages([folder], { offline: true });
	assert.equal(pages, 2);
	assert.deepEqual(
		embeds.map(({ file, state, problems }) => [file, state, problems.map(({ code }) => code)]),
		[[join(folder, "with.html"), "incomplete", ["page-too-large"]]],
	);
});

test("a fence says what it does not know", () => {
	const codes = (/** @type {string} */ body) => readFence(body).problems.map(({ code }) => code);
	assert.deepEqual(readFence("# note\nlocalhost:5000/a:1\n\ndigest: sha256:0\nsnapshot: x.json\n"), {
		attributes: { reference: "localhost:5000/a:1", digest: "sha256:0", src: "x.json" },
		problems: [],
	});
	for (const body of ["", "view: layers", "a:1\nb:2", "a:1\ncolour: red", "a:1\nview: x\nview: y", "x".repeat(3000)])
		assert.ok(codes(body).includes("invalid-fence"), body.slice(0, 40));
});

test("time grows with the length of the page alone", () => {
	const times = [1, 4].map((factor) => {
		const text = `${"!!! x\n".repeat(2000 * factor)}${"> ".repeat(500)}stowplan <stow-plan\n${"<stow-plan ".repeat(2000 * factor)}`;
		const start = performance.now();
		findEmbeds(text, "x.md");
		return performance.now() - start;
	});
	assert.ok(Number(times[1]) < 200 + 12 * Number(times[0]), `${times}`);
});

test("names of snapshots and HTML are safe", () => {
	assert.equal(snapshotName("ghcr.io/o/app:1.2"), "ghcr.io-o-app-1.2.stowplan.json");
	assert.doesNotMatch(snapshotName("../../x\\y"), /[/\\]/);
	const html = elementHtml({ reference: `"><script>{{x}}`, onclick: "x" }, 'a"b');
	assert.doesNotMatch(html, /<script|onclick|\{\{|"b/);
});

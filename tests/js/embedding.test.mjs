// The markup that an author copies: every value escaped for its place, and only computed values stated.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shadowCss } from "../../www/build/shadow-css.mjs";
import { makeSnapshot } from "../../www/engine/snapshot.js";
import { ownScript } from "../../www/lib/trusted.js";
import { badgeMarkdown, badgeSvg, elementSnippet, frameSnippet } from "../../www/model/embedding.js";
import { isPin, withPin } from "../../www/plan/author-pin.js";
import { Shared } from "../../www/plan/shared.js";
import { listedOf } from "../../www/plan/table/listed-rows.js";
import { keyOf, oneOf, VIEWS, wishOf } from "../../www/plan/wish.js";

const HOST = "https://stowplan.example/a/";
const DIGEST = `sha256:${"ab".repeat(32)}`;

test("values cannot leave their attributes", () => {
	const evil = { host: HOST, reference: `x"><script>alert(1)</script>&` };
	for (const text of [elementSnippet(evil), frameSnippet(evil)]) {
		assert.doesNotMatch(text, /<script>alert/);
		assert.ok(text.includes("stowplan.example"));
	}
});

test("what is not chosen is not written", () => {
	assert.equal(
		elementSnippet({ host: HOST, src: "app.stowplan.json" }),
		`<script type="module" src="${HOST}embed.js"></script>\n<stow-plan\n  src="app.stowplan.json">\n  What is inside app.stowplan.json\n</stow-plan>`,
	);
});

test("one build of the script is named with its hash", () => {
	const fixed = { file: "embed-0123456789abcdef.js", integrity: "sha384-YWJj" };
	assert.match(
		elementSnippet({ host: HOST, src: "a", fixed }),
		/^<script type="module" src="https:\/\/stowplan\.example\/a\/embed-0123456789abcdef\.js" integrity="sha384-YWJj" crossorigin="anonymous"><\/script>\n/,
	);
});

test("a worker's script is one of the page's own", () => {
	const base = "https://stowplan.example/a/index.html";
	for (const own of ["www/worker.js", "https://stowplan.example/a/sw.js"]) assert.equal(ownScript(own, base), own);
	for (const other of [
		"https://evil.example/x.js",
		"https://stowplan.example/b/x.js",
		"data:text/javascript,x",
		"../x.js",
		"https://",
	])
		assert.equal(ownScript(other, base), null, other);
});

test("the badge says which digest, and links to the pinned reference", () => {
	assert.match(badgeSvg(DIGEST), />sha256:abababababab</);
	assert.doesNotMatch(badgeSvg(`sha256:"><script>`), /<script/);
	assert.equal(
		badgeMarkdown({ host: HOST, reference: "localhost:5000/o/app:1.2", digest: DIGEST }),
		`[![image ${DIGEST}](stowplan-badge.svg)](${HOST}#ref=localhost:5000/o/app@${DIGEST})`,
	);
});

test("a pin is a digest in full", () => {
	assert.ok(isPin(DIGEST));
	for (const text of ["", "sha256:ab", DIGEST.toUpperCase(), `${DIGEST} `, "blake3:00"]) assert.ok(!isPin(text), text);
});

test("a pin settles an open digest, and never a failed check", () => {
	const check = (/** @type {any} */ more) => ({
		id: "digest",
		expected: null,
		actual: DIGEST,
		source: null,
		message: "",
		...more,
	});
	const report = (/** @type {any[]} */ checks) =>
		/** @type {any} */ ({ roots: ["0"], nodes: [{ id: "0", read: true, digest: DIGEST, checks }], summary: {} });
	assert.deepEqual(withPin(report([check({ outcome: "not-checked" })]), DIGEST).summary.verdict, "verified");
	assert.deepEqual(withPin(report([check({ outcome: "fail", expected: "x" })]), DIGEST).summary.verdict, "failed");
	const other = withPin(report([]), `sha256:${"0".repeat(64)}`);
	assert.deepEqual([other.summary.verdict, other.nodes[0]?.checks[0]?.actual], ["failed", DIGEST]);
	assert.equal(withPin(report([]), `sha512:${"0".repeat(128)}`).summary.verdict, "incomplete");
});

test("work that several want is done once, and ends when no caller waits", async () => {
	let now = 0;
	/** @type {Shared<number>} */
	const shared = new Shared(() => now);
	let runs = 0;
	/** @type {AbortSignal | undefined} */
	let stop;
	const work = (/** @type {AbortSignal} */ signal) => {
		stop = signal;
		runs++;
		return new Promise((/** @type {(value: number) => void} */ resolve) => setTimeout(() => resolve(runs), 20));
	};
	const [one, two] = [new AbortController(), new AbortController()];
	const both = [shared.get("a", one.signal, work), shared.get("a", two.signal, work)];
	one.abort();
	await assert.rejects(Promise.resolve(both[0]), { code: "aborted" });
	assert.equal(stop?.aborted, false);
	assert.equal(await both[1], 1);
	assert.equal(await shared.get("a", new AbortController().signal, work), 1, "it is remembered");
	now = 61_000;
	assert.equal(await shared.get("a", new AbortController().signal, work), 2, "for a minute");
	const last = new AbortController();
	const gone = shared.get("b", last.signal, work);
	last.abort();
	await assert.rejects(gone, { code: "aborted" });
	assert.equal(stop?.aborted, true);
});

test("attributes are read as they are meant", () => {
	const attributes = { src: "a.json", proxy: "/proxy", reference: " busybox " };
	const wish = wishOf((name) => /** @type {any} */ (attributes)[name] ?? null, "https://docs.example/p/");
	assert.deepEqual(
		[wish.src, wish.proxy, wish.reference],
		["https://docs.example/p/a.json", "https://docs.example/proxy/", "busybox"],
	);
	assert.notEqual(keyOf(wish), keyOf({ ...wish, digest: DIGEST }));
	assert.deepEqual(
		[oneOf(VIEWS, " Layers "), oneOf(VIEWS, "odd"), oneOf(VIEWS, null)],
		["layers", "anatomy", "anatomy"],
	);
});

test("a row of a table names an image and the digest that it must have", () => {
	const row = (/** @type {string} */ whole, image = "", named = whole) => listedOf(named, whole, image);
	assert.deepEqual(row("ghcr.io/o/app:1.2"), { text: "ghcr.io/o/app:1.2", reference: "ghcr.io/o/app:1.2", digest: "" });
	assert.equal(row(`o/app:1 ${DIGEST}`)?.digest, DIGEST);
	assert.equal(row(`o/app@${DIGEST}`)?.digest, "", "a digest in the name is the core's to check");
	assert.deepEqual(row(DIGEST, "ghcr.io/o/app"), { text: DIGEST, reference: `ghcr.io/o/app@${DIGEST}`, digest: "" });
	assert.equal(row(`:1.2 ${DIGEST}`, "o/app")?.reference, "o/app:1.2");
	assert.equal(row(`The app: o/app ${DIGEST}`, "", "o/app")?.reference, "o/app");
	for (const text of ["", " \n\t ", "x".repeat(2000)]) assert.equal(row(text), undefined);
	const start = performance.now();
	row(`o/app ${"sha256:".repeat(200_000)}`);
	assert.ok(performance.now() - start < 200);
});

test("a sheet for a shadow tree knows neither the page's root nor its window", () => {
	const css = shadowCss("a{padding:1.5rem -.5rem}@media (max-width:40rem){b{top:2rem}}.x-1rem{c:d}");
	assert.equal(
		css,
		"a{padding:calc(1.5*var(--stow-rem,1rem)) calc(-0.5*var(--stow-rem,1rem))}@container stow-plan (max-width:40em){b{top:calc(2*var(--stow-rem,1rem))}}.x-1rem{c:d}",
	);
});

/** @param {string} id @param {string} kind @param {string | null} parent @param {string} [title] */
const node = (id, kind, parent, title) => ({ id, kind, parent, title, digest: `sha256:${id}`, read: true, checks: [] });

test("the snapshot of an archive is that of the image in it, and not of the file around it", async () => {
	const nodes = [
		node("a", "blob", null),
		node("b", "index", "a", "index.json"),
		node("c", "index", "b"),
		node("d", "manifest", "c"),
		node("e", "config", "d"),
		node("f", "layer", "d"),
	];
	const report = /** @type {any} */ ({ nodes, roots: ["a"], source: { kind: "file", name: "app.tar" } });
	const kept = await makeSnapshot(report, async () => new Uint8Array(3), new Date(0));
	assert.equal(kept.digest, "sha256:c");
	assert.deepEqual(
		kept.descriptors.map(({ digest }) => digest),
		["sha256:c", "sha256:d", "sha256:e"],
	);
	const several = { ...report, nodes: [...nodes, node("g", "manifest", "b")] };
	assert.equal((await makeSnapshot(several, async () => new Uint8Array(3), new Date(0))).digest, "sha256:b");
	const alone = { ...report, nodes: [nodes[0]] };
	await assert.rejects(
		makeSnapshot(alone, async () => undefined, new Date(0)),
		{ code: "snapshot-impossible" },
	);
});

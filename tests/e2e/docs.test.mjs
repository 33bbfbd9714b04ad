// In a build of documentation: `stowplan docs` makes snapshots, refreshes them, and names the page that pins another image.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { bigSite } from "./support/big-site.mjs";
import { fixtures } from "./support/images.mjs";
import { removeFolder, temporaryFolder } from "./support/process.mjs";
import { stowplan } from "./support/program.mjs";
import { startRegistry } from "./support/registry.mjs";

let registry;
let images;
before(async () => {
	const made = await fixtures();
	images = made.images;
	registry = await startRegistry({ storage: made.storage });
});
after(() => registry?.stop());

const ref = (name) => `${registry.host}/${images[name].path}`;

function site(files) {
	const folder = temporaryFolder("docs");
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
	return folder;
}

/** The program's output for a site. */
async function docs(folder, ...flags) {
	const { out, code } = await stowplan(["docs", "--json", ...flags, folder]);
	return { code, ...JSON.parse(out) };
}

const fence = (name, more = "") => `# Page\n\n\`\`\`stowplan\n${ref(name)}\n${more}\`\`\`\n`;

test("missing snapshots are made, and hold without a network", async () => {
	const folder = site({
		"a.md": fence("index", `digest: ${images.index.digest}\n`),
		"sub/b.html": `<p>x</p>\n<stow-plan reference="${ref("oci")}" src="oci.stowplan.json" digest="${images.oci.digest}"></stow-plan>`,
	});
	const offline = await docs(folder, "--offline");
	assert.equal(offline.code, 2);
	assert.deepEqual(
		offline.embeds.map(({ problems }) => problems.map(({ code }) => code)),
		[["snapshot-missing"], ["snapshot-missing"]],
	);
	const made = await docs(folder);
	assert.deepEqual([made.code, made.pages], [0, 2]);
	assert.deepEqual(
		made.embeds.map(({ did, digest }) => [did, digest]),
		[
			["made", images.index.digest],
			["made", images.oci.digest],
		],
	);
	assert.equal(JSON.parse(readFileSync(join(folder, "sub/oci.stowplan.json"), "utf8")).digest, images.oci.digest);
	const again = await docs(folder, "--offline");
	assert.deepEqual([again.code, again.embeds.map(({ did }) => did)], [0, ["kept", "kept"]]);
});

test("another digest fails with the file, the line and both values", async () => {
	const folder = site({ "a.md": fence("index") });
	await docs(folder);
	writeFileSync(join(folder, "a.md"), `Text.\n\n${fence("index", `digest: ${images.oci.digest}\n`)}`);
	const { out, code } = await stowplan(["docs", "--offline", folder]);
	assert.equal(code, 1);
	const [said, expected, actual] = out.split("\n");
	assert.match(said, /a\.md:5: .*\(digest-mismatch\)$/);
	assert.equal(expected?.trim(), `expected ${images.oci.digest}`);
	assert.match(String(actual), new RegExp(images.index.digest));
});

test("--refresh finds an image that has moved, and takes over one that is not pinned", async () => {
	const folder = site({
		"pinned.md": fence("index", `digest: ${images.index.digest}\nsnapshot: pinned.stowplan.json\n`),
		"free.md": fence("index", "snapshot: free.stowplan.json\n"),
	});
	await docs(folder);
	const before = readFileSync(join(folder, "pinned.stowplan.json"), "utf8");
	// The tag now names another image.
	for (const name of ["pinned.md", "free.md"]) {
		const text = readFileSync(join(folder, name), "utf8");
		writeFileSync(join(folder, name), text.replace(ref("index"), ref("oci")));
		const snapshot = JSON.parse(before);
		writeFileSync(
			join(folder, name.replace(".md", ".stowplan.json")),
			JSON.stringify({ ...snapshot, reference: ref("oci") }),
		);
	}
	assert.equal((await docs(folder)).code, 0, "nothing is asked for what is there");
	const { code, embeds } = await docs(folder, "--refresh");
	assert.equal(code, 1);
	const [free, pinned] = embeds;
	assert.deepEqual([free.did, free.digest], ["refreshed", images.oci.digest]);
	assert.deepEqual([pinned.problems[0].code, pinned.line], ["digest-mismatch", 3]);
	assert.equal(JSON.parse(readFileSync(join(folder, "pinned.stowplan.json"), "utf8")).digest, images.index.digest);
});

test("a snapshot whose bytes were changed, or that is of another image, fails", async () => {
	const folder = site({ "a.md": fence("index", "snapshot: s.json\n") });
	await docs(folder);
	const file = join(folder, "s.json");
	const snapshot = JSON.parse(readFileSync(file, "utf8"));
	const codes = async () => (await docs(folder, "--offline")).embeds[0].problems.map(({ code }) => code);
	const bytes = Buffer.from(snapshot.descriptors[0].data, "base64");
	const changed = {
		...snapshot.descriptors[0],
		data: Buffer.from(String(bytes).replace("amd64", "amd65")).toString("base64"),
	};
	writeFileSync(file, JSON.stringify({ ...snapshot, descriptors: [changed, ...snapshot.descriptors.slice(1)] }));
	assert.ok((await codes()).includes("failed-digest"));
	writeFileSync(file, JSON.stringify({ ...snapshot, reference: ref("oci") }));
	assert.deepEqual(await codes(), ["reference-mismatch"]);
	writeFileSync(file, "{");
	assert.deepEqual(await codes(), ["invalid-snapshot"]);
});

test("an identity that did not sign is a mismatch; without signatures at hand it is left open", async () => {
	const wanted = "identity: dev@example.org\nissuer: https://issuer.example\n";
	const folder = site({ "a.md": fence("index", wanted) });
	assert.deepEqual(
		(await docs(folder)).embeds[0].problems.map(({ code }) => code),
		["identity-mismatch"],
	);
	const offline = await docs(folder, "--offline");
	assert.deepEqual([offline.code, offline.embeds[0].problems[0].code], [2, "identity-not-checked"]);
});

/** Tells of each connection and each look-up that the program begins. */
const WATCHED = `--import=data:text/javascript,${encodeURIComponent(`
	import dns from "node:dns";
	import { Socket } from "node:net";
	const { connect } = Socket.prototype;
	Socket.prototype.connect = function (...words) { console.error("connects"); return connect.apply(this, words); };
	const { lookup } = dns;
	dns.lookup = (...words) => { console.error("looks up"); return lookup(...words); };`)}`;

test("a moved digest in a site of 500 pages is found without a request", async () => {
	const one = site({ "a.md": fence("index", "snapshot: s.json\n") });
	const seen = await stowplan(["docs", one], { env: { NODE_OPTIONS: WATCHED } });
	assert.match(seen.err, /^connects/, "a request would be seen");
	const { folder, moved, line } = bigSite({
		snapshot: readFileSync(join(one, "s.json"), "utf8"),
		reference: ref("index"),
		digest: images.index.digest,
		other: images.oci.digest,
	});
	const { out, err, code } = await stowplan(["docs", folder], { env: { NODE_OPTIONS: WATCHED } });
	removeFolder(folder);
	assert.deepEqual([code, err], [1, ""]);
	const [first] = out.split("\n");
	assert.ok(first?.startsWith(`${moved}:${line}: `) && first.endsWith("(digest-mismatch)"), out.slice(0, 500));
	assert.match(out, /500 pages, 500 images, 1 with problems\n$/);
});

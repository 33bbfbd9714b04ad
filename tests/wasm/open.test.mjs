// The boundary, `open` and `parseReference`: what goes in is hashed byte by byte, what comes out is plain JSON or an Error.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256, TYPES } from "../e2e/support/documents.mjs";
import { api, checks, codeOf, only } from "./support.mjs";

const CONFIG = JSON.stringify({
	architecture: "amd64",
	os: "linux",
	rootfs: { type: "layers", diff_ids: [] },
	history: [],
});
const MANIFEST = JSON.stringify({
	schemaVersion: 2,
	mediaType: TYPES.manifest,
	config: { mediaType: TYPES.config, digest: sha256(CONFIG), size: CONFIG.length },
	layers: [],
});

test("a reference is parsed with Docker's rules, and what is absent is null", async () => {
	const { familiar, ...parts } = await api.parseReference("busybox");
	assert.deepEqual(parts, {
		registry: "docker.io",
		repository: "library/busybox",
		tag: "latest",
		digest: null,
		canonical: "docker.io/library/busybox:latest",
	});
	assert.match(familiar, /^busybox(:latest)?$/);
});

test("a reference with a digest keeps it", async () => {
	const digest = sha256("x");
	const parsed = await api.parseReference(`127.0.0.1:5000/demo/app@${digest}`);
	assert.equal(parsed.registry, "127.0.0.1:5000");
	assert.equal(parsed.repository, "demo/app");
	assert.equal(parsed.digest, digest);
	assert.equal(parsed.tag, null);
});

for (const bad of ["", "Busybox", "a//b", "a:", "a@sha256:12", "-a/b", "x".repeat(5000), "a\u0000b"]) {
	test(`the reference ${JSON.stringify(bad.slice(0, 20))} is refused with a code and a sentence`, async () => {
		await assert.rejects(api.parseReference(bad), isError("invalid-reference"));
		await assert.rejects(api.inspect(bad), isError("invalid-reference"));
	});
}

for (const [name, text] of [
	["plain", MANIFEST],
	["with a byte order mark", `\ufeff${MANIFEST}`],
	["with CRLF and white space around it", `\r\n\t ${MANIFEST}\r\n`],
	["with characters of 2, 3 and 4 bytes", MANIFEST.replace('"schemaVersion"', '"x":"é中🚢","schemaVersion"')],
	["with a NUL in a string", MANIFEST.replace('"schemaVersion"', '"x":"a\\u0000b","schemaVersion"')],
]) {
	test(`a string ${name} is hashed as its UTF-8 bytes exactly`, async () => {
		const report = await api.open(text);
		const root = report.nodes[0];
		assert.equal(root.digest, sha256(text));
		assert.equal(root.size, Buffer.byteLength(text));
		assert.deepEqual(Buffer.from(await api.bytesOf(root.digest)), Buffer.from(text));
	});
}

test("bytes, a view into a larger buffer, a Blob and a File give the same digest", async () => {
	const bytes = new TextEncoder().encode(MANIFEST);
	const large = new Uint8Array(bytes.length + 20);
	large.set(bytes, 7);
	const inputs = [bytes, large.subarray(7, 7 + bytes.length), new Blob([bytes]), new File([bytes], "m.json")];
	for (const input of inputs) assert.equal((await api.open(input)).nodes[0].digest, sha256(MANIFEST));
	assert.equal(large[7], bytes[0], "the caller's buffer was not taken away");
});

test("the source says paste or file, with the file's name", async () => {
	assert.equal((await api.open(MANIFEST)).source.kind, "paste");
	const { source } = await api.open(new File([MANIFEST], "manifest.json"));
	assert.deepEqual(source, { kind: "file", name: "manifest.json" });
});

test("a manifest and its config are joined by the digest", async () => {
	const report = await api.open([MANIFEST, CONFIG]);
	const [manifest, config] = [only(report, "manifest"), only(report, "config")];
	assert.equal(config.parent, manifest.id);
	assert.equal(config.read, true);
	assert.equal(manifest.imageId, sha256(CONFIG));
	assert.equal(checks(report, "digest", "fail").length, 0);
	assert.ok(
		config.checks.some((check) => check.id === "digest" && check.outcome === "pass" && check.source === "descriptor"),
	);
});

test("an expected digest is a proof: right and wrong", async () => {
	const right = await api.open(MANIFEST, { expected: sha256(MANIFEST) });
	const passed = checks(right, "digest", "pass").find((check) => check.source === "user");
	assert.equal(passed?.expected, sha256(MANIFEST));
	const wrong = await api.open(MANIFEST, { expected: sha256("something else") });
	const [failed] = checks(wrong, "digest", "fail");
	assert.deepEqual(
		[failed.expected, failed.actual, failed.source],
		[sha256("something else"), sha256(MANIFEST), "user"],
	);
	assert.equal(wrong.summary.verdict, "failed");
});

test("an expected digest that is none is refused", async () => {
	await assert.rejects(api.open(MANIFEST, { expected: "sha256:12" }), isError("invalid-digest"));
});

test("an empty text holds no document; an empty file has a digest, but cannot be read", async () => {
	assert.deepEqual((await api.open("")).nodes, []);
	const report = await api.open(new Uint8Array());
	assert.equal(report.nodes[0].digest, sha256(""));
	assert.notEqual(report.summary.verdict, "verified");
});

test("what is no input is refused", async () => {
	for (const input of [42, null, undefined, {}, [[MANIFEST]]]) {
		await assert.rejects(api.open(input), isError("unsupported-input"), String(input));
	}
	await assert.rejects(api.open([]), isError("unsupported-input"));
});

test("a report is plain JSON of the agreed form", async () => {
	const report = await api.open([MANIFEST, CONFIG]);
	assert.deepEqual(JSON.parse(JSON.stringify(report)), report, "nothing is undefined, a Map or a BigInt");
	assert.equal(report.schema, 1);
	assert.deepEqual(report.roots, [report.nodes[0].id]);
	for (const node of report.nodes) assertNode(node);
	const counted = (outcome) =>
		report.nodes.flatMap((node) => node.checks).filter((check) => check.outcome === outcome).length;
	const { verdict, facts, ...counts } = report.summary;
	assert.match(verdict, /^(verified|failed|incomplete)$/);
	assert.deepEqual(counts, {
		pass: counted("pass"),
		fail: counted("fail"),
		warn: counted("warn"),
		notChecked: counted("not-checked"),
	});
});

for (const [name, input, id] of [
	["HTML", "<!doctype html><h1>Please log in</h1>", "parse"],
	["cut JSON", MANIFEST.slice(0, -5), "parse"],
	[
		"invalid UTF-8",
		Buffer.concat([Buffer.from('{"schemaVersion":2,"x":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
		"parse",
	],
	["a depth bomb", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, "limits"],
	["a million brackets", "[".repeat(1_000_000), "limits"],
	["a document over the cap", MANIFEST.replace("{", `{"x":"${"y".repeat(5 << 20)}",`), "limits"],
	["a size over 2^53-1", MANIFEST.replace(/"size":\d+/, '"size":9007199254740993'), "schema"],
	["a size of 400 digits", MANIFEST.replace(/"size":\d+/, `"size":${"9".repeat(400)}`), "schema"],
	["a negative size", MANIFEST.replace(/"size":\d+/, '"size":-1'), "schema"],
	["an ambiguous document", MANIFEST.replace('"layers"', '"manifests":[],"layers"'), "ambiguous"],
	["the same name twice", MANIFEST.replace('"layers"', '"schemaVersion":2,"layers"'), "duplicate-key"],
]) {
	test(`${name} ends in the check ${id} or an error with a code, and the next input works`, async () => {
		const outcome = await api.open(input, { mediaType: TYPES.manifest }).catch((error) => error);
		if (outcome instanceof Error) assert.match(codeOf(outcome), /^(limit-exceeded|invalid-json|unsupported-input)$/);
		else
			assert.notEqual(
				outcome.nodes
					.flatMap((n) => n.checks)
					.find((c) => c.id === id && (id === "limits" ? /not-checked/ : /fail|warn/).test(c.outcome)),
				undefined,
				brief(outcome),
			);
		assert.equal((await api.open(MANIFEST)).nodes[0].digest, sha256(MANIFEST));
	});
}

function assertNode(node) {
	for (const name of ["id", "kind", "mediaType", "size", "digest", "parent", "read", "checks"]) {
		assert.ok(name in node, `${node.id} has ${name}`);
	}
	assert.match(node.kind, /^(index|manifest|config|layer|artifact|schema1|attestation|signature|blob|unknown)$/);
	for (const check of node.checks) {
		for (const name of ["id", "outcome", "expected", "actual", "source", "message"])
			assert.ok(name in check, `${check.id} has ${name}`);
		assert.match(check.outcome, /^(pass|fail|warn|not-checked)$/);
		assert.match(check.id, /^[a-z]+(-[a-z]+)*$/);
		assert.ok(check.message.length > 0, `${check.id} has a sentence`);
	}
}

/** An Error with that code and a sentence for people, not Debug output. */
function isError(code) {
	return (error) => {
		assert.ok(error instanceof Error);
		assert.equal(codeOf(error), code);
		assert.match(error.message, /^[^A-Z{][^{}]{5,}/, "a lower-case sentence");
		return true;
	};
}

function brief(report) {
	return JSON.stringify(
		report.nodes.flatMap((node) => node.checks).map(({ id, outcome, message }) => [id, outcome, message]),
	).slice(0, 600);
}

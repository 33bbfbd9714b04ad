// The traps of signatures that only a signer of one's own can set, 2 to 6: what is signed, its log entry, its time and its
// log, in a world of trust made for these tests. The table of all traps is in tests/trust_traps.rs.

import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { test } from "node:test";
import { CONTENT, cause, changed, DIGEST, entryOf, own, statement, told } from "../authority/asking.mjs";
import { base64, keyPair, sha256 } from "../authority/certificates.mjs";
import { signatureLog } from "../authority/logs.mjs";
import { BUNDLE, dsse, pae, SIGNED_AT } from "../authority/world.mjs";

const HEX = DIGEST.slice(7);
const OTHER = "7".repeat(64);
const good = own.bundle(CONTENT);

const set = Object.assign;

/** `hours` after the tests sign. @param {number} hours */
const later = (hours) => new Date(SIGNED_AT.getTime() + hours * 3_600_000);

test("the unchanged bundles of the tests' own world are verified", async () => {
	assert.deepEqual(await told(good), ["verified"]);
	assert.deepEqual(await told(own.bundle(CONTENT, { stamped: true })), ["verified"]);
	assert.deepEqual(await told(own.attested(statement({ sha256: HEX }))), ["verified"]);
});

test("trap 2: any subject counts, in any case of its letters; none, or another algorithm alone, is no pass", async () => {
	const sha512 = createHash("sha512").update(CONTENT).digest("hex");
	const alone = { artifact: undefined, digest: DIGEST };
	for (const [digests, more, expected] of /** @type {[object[], object, string[]][]} */ ([
		[[{ sha256: OTHER }, { sha256: HEX }], {}, ["verified"]],
		[[{ sha256: HEX.toUpperCase() }], {}, ["verified"]],
		[[{ sha512 }], {}, ["verified"]],
		[[{ sha256: OTHER }], {}, ["failed", "signed-subject fail: subject-differs"]],
		[[], {}, ["failed", "signed-subject fail: subject-missing"]],
		[[{}], {}, ["failed", "signed-subject fail: subject-missing"]],
		[[{ sha512 }], alone, ["incomplete", "signed-subject not-checked: subject-algorithm-other"]],
	])) {
		assert.deepEqual(await cause(own.attested(statement(...digests)), more), expected, JSON.stringify(digests));
	}
});

/** A bundle over a statement that is signed by hand. @param {{ type?: string, over?: Buffer, envelope?: string }} [as] */
function signedByHand({ type = "application/vnd.in-toto+json", over, envelope = "{}" } = {}) {
	const by = own.holder();
	const payload = Buffer.from(JSON.stringify(statement({ sha256: HEX })));
	const signature = sign("sha256", over ?? pae(payload, type), by.pair.privateKey);
	return {
		mediaType: BUNDLE,
		verificationMaterial: {
			certificate: { rawBytes: base64(by.der) },
			tlogEntries: [own.log.entry(dsse(payload, envelope, signature, by.pem), SIGNED_AT)],
		},
		dsseEnvelope: { payload: base64(payload), payloadType: type, signatures: [{ sig: base64(signature) }] },
	};
}

test("trap 3: the signature is over type and payload; the hash of an envelope that is not at hand is not compared", async () => {
	assert.deepEqual(await told(signedByHand({ envelope: "bytes that are kept nowhere" })), ["verified"]);
	const payload = Buffer.from(JSON.stringify(statement({ sha256: HEX })));
	const differs = ["failed", "signature fail: signature-differs"];
	assert.deepEqual(await cause(signedByHand({ over: payload })), differs, "over the payload alone");
	assert.deepEqual(await cause(signedByHand({ over: pae(payload, "text/plain") })), differs, "over another type");
	const unknown = ["incomplete", "signed-subject not-checked: payload-type-unknown"];
	assert.deepEqual(await cause(signedByHand({ type: "text/plain" })), unknown);
});

test("trap 7: cosign signs envelopes over SHA-256, with a key on P-384 as well, with and without a log", async () => {
	const [pair, stranger] = [keyPair("P-384"), keyPair("P-384")];
	const payload = Buffer.from(JSON.stringify(statement({ sha256: HEX })));
	const pem = (/** @type {import("node:crypto").KeyObject} */ key) =>
		String(key.export({ type: "spki", format: "pem" }));
	const asked = { identity: undefined, issuer: undefined, key: pem(pair.publicKey) };
	for (const hash of ["sha256", "sha384"]) {
		const signature = sign(hash, pae(payload), pair.privateKey);
		const envelope = { payload: base64(payload), payloadType: "application/vnd.in-toto+json" };
		const bundle = (/** @type {string[]} */ ...logged) => ({
			mediaType: BUNDLE,
			verificationMaterial: {
				publicKey: { hint: "" },
				tlogEntries: logged.map((key) => own.log.entry(dsse(payload, "{}", signature, key), SIGNED_AT)),
			},
			dsseEnvelope: { ...envelope, signatures: [{ sig: base64(signature) }] },
		});
		const unlogged = bundle();
		assert.deepEqual(await told(unlogged, { ...asked, allow: { noLog: true } }), ["verified"], hash);
		assert.deepEqual(await told(unlogged, asked), ["incomplete", "log-inclusion not-checked: no-log-entry"], hash);
		assert.deepEqual(await told(bundle(asked.key), asked), ["verified"], hash);
		const moved = await told(bundle(pem(stranger.publicKey)), asked);
		assert.deepEqual(moved[0], "failed", `${hash}: ${moved}`);
		const wrong = { ...asked, key: pem(stranger.publicKey) };
		assert.deepEqual((await cause(unlogged, wrong)).slice(0, 2), ["failed", "signature fail: signature-differs"]);
	}
});

/** The good bundle with another body in its entry, which the log has signed. @param {(body: any) => void} change */
const logged = (change) =>
	changed(good, (copy) => {
		const body = JSON.parse(Buffer.from(entryOf(copy).canonicalizedBody, "base64").toString());
		change(body);
		const entry = own.log.entry(body, SIGNED_AT);
		copy.verificationMaterial.tlogEntries = [{ ...entry, kindVersion: entryOf(copy).kindVersion }];
	});

test("trap 4: the entry that the log signed is of this signature, key, digest and kind", async () => {
	const stranger = own.holder();
	const signature = base64(sign("sha256", Buffer.from(CONTENT), stranger.pair.privateKey));
	for (const change of /** @type {((body: any) => void)[]} */ ([
		(body) => set(body.spec.signature, { content: signature }),
		(body) => set(body.spec.signature.publicKey, { content: base64(Buffer.from(stranger.pem)) }),
		(body) => set(body.spec.data.hash, { value: OTHER }),
		(body) => set(body, { kind: "rfc3161" }),
		(body) => set(body, { apiVersion: "0.0.2" }),
	])) {
		assert.deepEqual(await cause(logged(change)), ["failed", "log-entry fail: entry-differs"], String(change));
	}
	const twice = changed(good, (copy) => copy.verificationMaterial.tlogEntries.push(entryOf(copy)));
	const others = changed(twice, ({ verificationMaterial: { tlogEntries } }) => {
		tlogEntries[1] = entryOf(own.bundle(CONTENT));
	});
	assert.deepEqual(await told(twice), ["verified"], "one entry that stands twice is one entry");
	assert.deepEqual(await cause(others), ["failed", "log-entry fail: entry-differs"], "each entry is compared");
});

test("trap 5: a certificate that was not valid when the log or the clock signed the time", async () => {
	const out = ["failed", "certificate fail: certificate-out-of-life"];
	assert.deepEqual(await cause(own.bundle(CONTENT, { issued: later(-1) })), out, "expired at the log's time");
	assert.deepEqual(await cause(own.bundle(CONTENT, { issued: later(1) })), out, "not yet valid then");
	assert.deepEqual(await cause(own.bundle(CONTENT, { issued: later(-1), stamped: true })), out, "both times");
	const stamped = changed(own.bundle(CONTENT, { stamped: true }), (copy) => {
		const signature = Buffer.from(copy.messageSignature.signature, "base64");
		const [stamp] = copy.verificationMaterial.timestampVerificationData.rfc3161Timestamps;
		stamp.signedTimestamp = base64(own.clock.stamp(signature, later(1)));
	});
	assert.deepEqual(await cause(stamped), out, "at the clock's time only");
});

test("trap 5: a time that has not come, and a time that only stands there", async () => {
	const future = ["failed", "signed-time fail: time-in-future"];
	assert.deepEqual(await cause(good, { at: later(-2).getTime() }), future);
	assert.deepEqual(await cause(own.bundle(CONTENT, { at: new Date("2044-01-01T00:00:00Z") })), future);
	const unsigned = (/** @type {any} */ bundle) => changed(bundle, (copy) => delete entryOf(copy).inclusionPromise);
	const none = "signed-time not-checked: no-signed-time";
	assert.ok((await told(unsigned(good))).includes(none), "integratedTime is not signed by the proof");
	assert.deepEqual(await told(unsigned(own.bundle(CONTENT, { stamped: true }))), ["verified"], "the clock says it");
});

/** The text that a checkpoint's signatures are over. */
const NOTE = `${entryOf(good).inclusionProof.checkpoint.envelope.split("\n\n")[0]}\n`;

/** A line of a log or a witness under a note. @param {string} note @param {{ id: Buffer, pair: import("../authority/certificates.mjs").Pair, name: string }} by @param {string} [name] */
const signature = (note, { id, pair, name: own }, name = own) =>
	`— ${name} ${base64(Buffer.concat([id.subarray(0, 4), sign("sha256", Buffer.from(note), pair.privateKey)]))}\n`;

/** @param {string} envelope */
const withCheckpoint = (envelope) =>
	changed(good, (copy) => set(entryOf(copy).inclusionProof.checkpoint, { envelope }));

test("trap 6: a checkpoint of another tree, size, origin, name or key; witnesses beside it change nothing", async () => {
	const witness = signatureLog("witness.example");
	const { log } = own;
	const root = `\n2\n${base64(sha256("another tree"))}\n`;
	for (const [name, note, lines, expected] of /** @type {[string, string, (note: string) => string, string[]][]} */ ([
		["as it is", NOTE, (note) => signature(note, log), ["verified"]],
		["a witness", NOTE, (note) => signature(note, log) + signature(note, witness), ["verified"]],
		["a witness before", NOTE, (note) => signature(note, witness) + signature(note, log), ["verified"]],
		[
			"a witness alone",
			NOTE,
			(note) => signature(note, witness),
			["incomplete", "log-inclusion not-checked: log-unknown"],
		],
		[
			"tree",
			NOTE.replace(/\n2\n.*\n/, root),
			(note) => signature(note, log),
			["failed", "log-inclusion fail: proof-wrong"],
		],
		[
			"size",
			NOTE.replace("\n2\n", "\n3\n"),
			(note) => signature(note, log),
			["failed", "log-inclusion fail: proof-wrong"],
		],
		[
			"origin",
			NOTE.replace(log.name, "another.example"),
			(note) => signature(note, log),
			["failed", "log-inclusion fail: checkpoint-misnamed"],
		],
		[
			"name",
			NOTE,
			(note) => signature(note, log, "another.example"),
			["failed", "log-inclusion fail: checkpoint-misnamed"],
		],
		[
			"key",
			NOTE,
			(note) => signature(note, { ...log, pair: witness.pair }),
			["failed", "log-inclusion fail: proof-wrong"],
		],
		[
			"hint",
			NOTE,
			(note) => signature(note, { ...log, id: witness.id }),
			["incomplete", "log-inclusion not-checked: log-unknown"],
		],
		["unsigned", NOTE, () => "", ["bundle-invalid"]],
	])) {
		assert.deepEqual(await cause(withCheckpoint(`${note}\n${lines(note)}`)), expected, name);
	}
	const short = changed(good, (copy) => set(entryOf(copy).inclusionProof, { hashes: [] }));
	assert.deepEqual(await cause(short), ["failed", "log-inclusion fail: proof-wrong"], "no hashes");
});

test("trap 6: a log's key that is wrong, was not in use then, or has no beginning", async () => {
	const root = own.trustedRoot();
	const used = (/** @type {object} */ validFor) => ({
		trustedRoot: changed(root, (copy) => set(copy.tlogs[0].publicKey, { validFor })),
	});
	const wrong = ["failed", "log-inclusion fail: promise-wrong", "log-inclusion fail: proof-wrong"];
	assert.deepEqual(await cause(good, { trustedRoot: own.trustedRoot({ logKey: keyPair().publicKey }) }), wrong);
	const before = await cause(good, used({ start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" }));
	assert.deepEqual(before.slice(0, 2), ["failed", "log-inclusion fail: promise-wrong"]);
	assert.deepEqual(await told(good, used({ end: "2044-01-01T00:00:00Z" })), ["trust-root-invalid"]);
	for (const list of ["tlogs", "ctlogs"]) {
		const trustedRoot = changed(root, (copy) => delete copy[list][0].publicKey.validFor);
		assert.deepEqual(await told(good, { trustedRoot }), ["trust-root-invalid"], `${list} without validFor`);
	}
	const unknown = changed(root, (copy) => set(copy.tlogs[0].logId, { keyId: base64(sha256("another log")) }));
	const not = ["incomplete", "log-inclusion not-checked: log-unknown"];
	assert.deepEqual(await cause(good, { trustedRoot: unknown }), not, "a newer root may know it");
});

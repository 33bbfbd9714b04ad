// The traps of signatures that only a signer of one's own can set, 8 to 16: certificates, their log, timestamps, JSON and
// statements, in a world of trust made for these tests. The table of all traps is in tests/trust_traps.rs.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { CONTENT, cause, changed, DIGEST, own, statement, told } from "../authority/asking.mjs";
import { authority, base64, sha256 } from "../authority/certificates.mjs";
import { context, oid, sequence, tlv, utf8 } from "../authority/der.mjs";
import { certificateLog, timestamps } from "../authority/logs.mjs";
import { BUNDLE, SIGNED_AT, VOUCHED } from "../authority/world.mjs";
import { api } from "./support.mjs";

const FULCIO = "1.3.6.1.4.1.57264.1";
const EVIL = "https://evil.example";

/** A bundle whose certificate is made as told. @param {import("../authority/world.mjs").Wish} [wish] */
const certified = (wish) => own.bundle(CONTENT, wish);
test("trap 9: a certificate of another authority, of its name, or bent", async () => {
	const broken = ["failed", "certificate fail: certificate-chain-broken"];
	const unknown = ["incomplete", "certificate not-checked: authority-unknown"];
	const at = (/** @type {Buffer} */ der, /** @type {number} */ place, /** @type {number} */ value) => {
		der[place] = value;
		return der;
	};
	const ecdsa = oid("1.2.840.10045.4.3.2");
	for (const [name, wish, expected] of /** @type {[string, import("../authority/world.mjs").Wish, string[]][]} */ ([
		["another authority", { by: authority("Another issuer") }, unknown],
		["another of the same name", { by: authority(own.issuer.name) }, broken],
		["its signature", { bent: (der) => at(der, der.length - 3, Number(der.at(-3)) ^ 1) }, broken],
		["outer algorithm", { bent: (der) => at(der, der.lastIndexOf(ecdsa) + ecdsa.length - 1, 3) }, broken],
		["for a server", { holder: { usage: "1.3.6.1.5.5.7.3.1" } }, broken],
		[
			"unknown critical extension",
			{ holder: { more: [{ oid: "1.2.3.4", value: utf8("?"), critical: true }] } },
			broken,
		],
	])) {
		const found = await cause(certified(wish));
		assert.deepEqual(found, expected, name);
	}
});

test("trap 9: who is named is read as other programs read it, and what stands twice is refused", async () => {
	const old = { oid: `${FULCIO}.1`, value: Buffer.from(VOUCHED) };
	const user = sequence(context(0, oid(`${FULCIO}.7`), context(0, utf8("user!team"))));
	assert.deepEqual(
		await told(certified({ vouched: "", holder: { more: [old] } })),
		["verified"],
		"the old extension is raw",
	);
	const both = { more: [{ ...old, value: Buffer.from(EVIL) }] };
	assert.deepEqual(await told(certified({ holder: both })), ["verified"], "the new extension counts");
	assert.deepEqual(await told(certified({ holder: { names: user } }), { identity: "user!team" }), ["verified"]);
	const raw = { more: [{ oid: `${FULCIO}.8`, value: Buffer.from(VOUCHED) }] };
	const unreadable = ["failed", "certificate fail: certificate-unreadable"];
	assert.deepEqual(await cause(certified({ vouched: "", holder: raw })), unreadable, "the new extension is DER");
	const twice = { more: [{ oid: `${FULCIO}.8`, value: utf8(EVIL) }] };
	assert.deepEqual(await cause(certified({ holder: twice })), unreadable, "two issuers");
	const names = sequence(tlv(0x86, Buffer.from(EVIL)), tlv(0x86, Buffer.from("https://github.com/owner/app")));
	assert.deepEqual(await cause(certified({ holder: { names } })), ["failed", "identity fail: identity-differs"]);
	assert.deepEqual(await cause(certified({ holder: { names: sequence() } })), [
		"failed",
		"identity fail: identity-differs",
	]);
});

/** A number of two bytes and what it counts. @param {Buffer[]} parts */
function counted(...parts) {
	const whole = Buffer.concat(parts);
	return Buffer.concat([Buffer.from([whole.length >> 8, whole.length & 0xff]), whole]);
}

test("trap 10: the certificate's log signed this certificate of this issuer, and nothing follows", async () => {
	const [{ seen }, another] = [own, certificateLog()];
	/** @param {(list: Buffer) => Buffer} change */
	const bent = (change) => ({
		seen: (/** @type {Parameters<typeof seen.seen>} */ ...args) => change(seen.seen(...args)),
	});
	const wrong = ["failed", "certificate-log fail: certificate-not-logged"];
	for (const [
		name,
		seenBy,
		expected,
	] of /** @type {[string, import("../authority/world.mjs").Wish["seenBy"], string[]][]} */ ([
		["another log", another, ["incomplete", "certificate-log not-checked: certificate-log-unknown"]],
		["for another issuer", { seen: (tbs, _by, at) => seen.seen(tbs, own.root, at) }, wrong],
		["for another certificate", { seen: (tbs, by, at) => seen.seen(tbs.subarray(1), by, at) }, wrong],
		["garbage after the list", bent((list) => Buffer.concat([list, Buffer.from([1])])), wrong],
		["garbage after the stamp", bent((list) => counted(counted(list.subarray(4), Buffer.from([1])))), wrong],
		["a list that is cut", bent((list) => list.subarray(0, -4)), wrong],
		["an empty list", bent(() => counted()), wrong],
	])) {
		assert.deepEqual(await cause(certified({ seenBy })), expected, name);
	}
});

/** A bundle with the stamps that are made for its signature. @param {(signature: Buffer) => Buffer[]} make */
const stamped = (make) =>
	changed(certified(), (copy) => {
		const stamps = make(Buffer.from(copy.messageSignature.signature, "base64"));
		const rfc3161Timestamps = stamps.map((stamp) => ({ signedTimestamp: base64(stamp) }));
		copy.verificationMaterial.timestampVerificationData = { rfc3161Timestamps };
	});

/** @param {Buffer} bytes @param {Buffer | string} before @param {number} offset @param {number} value */
function withByte(bytes, before, offset, value) {
	const copy = Buffer.from(bytes);
	copy[copy.indexOf(before) + offset] = value;
	return copy;
}

/** Its signature is at the end. @param {Buffer} stamp */
const flipped = (stamp) => Buffer.concat([stamp.subarray(0, -1), Buffer.from([Number(stamp.at(-1)) ^ 1])]);

test("trap 11: a timestamp is of this signature, by a known clock, whole and granted", async () => {
	const { clock, root } = own;
	const stamp = (/** @type {Buffer} */ signature) => clock.stamp(signature, SIGNED_AT);
	const wrong = ["failed", "signed-time fail: timestamp-wrong"];
	const other = ["failed", "signed-time fail: timestamp-of-other-bytes"];
	const unknown = ["incomplete", "signed-time not-checked: timestamp-authority-unknown"];
	for (const [name, make, expected] of /** @type {[string, (signature: Buffer) => Buffer[], string[]][]} */ ([
		["good", (one) => [stamp(one)], ["verified"]],
		["the same twice", (one) => [stamp(one), stamp(one)], ["verified"]],
		["over the content", () => [stamp(Buffer.from(CONTENT))], other],
		["not granted", (one) => [withByte(stamp(one), Buffer.from("3003020100", "hex"), 4, 2)], wrong],
		["its signature", (one) => [flipped(stamp(one))], wrong],
		["its time", (one) => [withByte(stamp(one), "20260301101407Z", 3, 0x37)], other],
		["a clock of no known authority", (one) => [timestamps(authority("Another")).stamp(one, SIGNED_AT)], unknown],
		["another clock of the same authority", (one) => [timestamps(root).stamp(one, SIGNED_AT)], unknown],
		[
			"a good one and an unknown one",
			(one) => [stamp(one), timestamps(authority("Another")).stamp(one, SIGNED_AT)],
			unknown,
		],
		["none at all", () => [Buffer.from("no timestamp")], wrong],
		["too many", (one) => Array.from({ length: 33 }, () => stamp(one)), ["limit-exceeded"]],
	])) {
		assert.deepEqual(await cause(stamped(make)), expected, name);
	}
});

test("trap 12: what programs read differently fails, in the bundle and in the statement", async () => {
	const text = JSON.stringify(certified());
	const twice = text.replace('"messageSignature":', '"messageSignature":{},"messageSignature":');
	assert.deepEqual(await told(twice), ["bundle-invalid"]);
	const kinds = text.replace('"kindVersion":', '"kindVersion":{"kind":"dsse","version":"0.0.1"},"kindVersion":');
	assert.deepEqual(await told(kinds), ["bundle-invalid"]);
	const both = { ...certified(), dsseEnvelope: own.attested(statement({ sha256: DIGEST.slice(7) })).dsseEnvelope };
	assert.deepEqual(await told(both), ["bundle-invalid"], "two contents");
	const signers = changed(certified(), (copy) => Object.assign(copy.verificationMaterial, { publicKey: { hint: "" } }));
	assert.deepEqual(await told(signers), ["bundle-invalid"], "two signers");
	assert.deepEqual(await told(text.replace('"logIndex":"1"', '"logIndex":1')), ["verified"], "a number is its text");
	for (const [from, to] of [
		['"messageSignature"', '"message_signature"'],
		['"digest":"', '"digest":"-'],
		[/(.)$/, "$1 more"],
		['"canonicalizedBody":"', '"canonicalizedBody":" '],
	])
		assert.deepEqual(await told(text.replace(from, String(to))), ["bundle-invalid"], String(from));
	const subject = (/** @type {string} */ sha256) => `"subject":[{"name":"a","digest":{"sha256":"${sha256}"}}]`;
	const [head, hex] = ['"_type":"https://in-toto.io/Statement/v1","predicateType":"p"', DIGEST.slice(7)];
	for (const subjects of [
		[subject(hex), subject("7".repeat(64))],
		[subject("7".repeat(64)), subject(hex)],
	]) {
		const found = await told(own.attested(`{${head},${subjects.join(",")},"predicate":{}}`));
		assert.equal(found[0], "failed");
		assert.ok(found.includes("statement fail: duplicate-key"), String(found));
	}
});

test("trap 16: a list of packages of another image in a statement that is rightly signed", async () => {
	const about = (/** @type {string} */ digest) => ({
		...{ ...statement({ sha256: digest.slice(7) }), predicateType: "https://spdx.dev/Document" },
		predicate: { spdxVersion: "SPDX-2.3", name: `registry.example/app@${DIGEST}`, packages: [] },
	});
	const another = `sha256:${"7".repeat(64)}`;
	const bundle = own.attested(about(another));
	assert.deepEqual(await cause(bundle), ["failed", "signed-subject fail: subject-differs"]);
	const { statement: read } = await api.open(JSON.stringify(bundle));
	assert.deepEqual(read.subjects[0].digests, [another], "the name of the list is a claim");
});

/** A bundle that a key alone has signed. @param {Buffer} signature @param {{ algorithm?: string, digest?: Buffer }} [as] */
const byKey = (signature, { algorithm = "SHA2_256", digest = sha256(CONTENT) } = {}) => ({
	mediaType: BUNDLE,
	verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] },
	messageSignature: { messageDigest: { algorithm, digest: base64(digest) }, signature: base64(signature) },
});

test("trap 8: the scheme is the key's; SHA-1, short keys and other paddings are no pass", async () => {
	const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const pem = (/** @type {import("node:crypto").KeyObject} */ key) =>
		String(key.export({ type: "spki", format: "pem" }));
	const asked = { identity: undefined, issuer: undefined, allow: { noLog: true }, key: pem(rsa.publicKey) };
	const signed = (/** @type {string} */ hash, padding = 1) =>
		byKey(sign(hash, Buffer.from(CONTENT), { key: rsa.privateKey, padding }));
	const differs = ["failed", "signature fail: signature-differs"];
	assert.deepEqual(await told(signed("sha256"), asked), ["verified"]);
	assert.deepEqual(await cause(signed("sha1"), asked), differs, "SHA-1");
	assert.deepEqual(await cause(signed("sha512"), asked), differs, "another hash than is declared");
	assert.deepEqual(await cause(signed("sha256", 6), asked), differs, "PSS");
	const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
	assert.deepEqual(await told(signed("sha256"), { ...asked, key: pem(short) }), ["key-invalid"]);
	const md5 = { algorithm: "MD5", digest: Buffer.alloc(16) };
	assert.deepEqual(await told(byKey(Buffer.alloc(256), md5), asked), ["bundle-invalid"]);
});

test("trap 14: one public key is one PEM block; a private key is refused before anything is read of it", async () => {
	const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const bundle = byKey(sign("sha256", Buffer.from(CONTENT), pair.privateKey));
	const pem = String(pair.publicKey.export({ type: "spki", format: "pem" }));
	const asked = (/** @type {string} */ key) =>
		told(bundle, { identity: undefined, issuer: undefined, allow: { noLog: true }, key });
	assert.deepEqual(await asked(pem), ["verified"]);
	assert.deepEqual(await asked(` \n${pem}\n`), ["verified"]);
	const secret = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" };
	for (const text of [
		pem + pem,
		`my key:\n${pem}`,
		`${pem}and more`,
		String(pair.privateKey.export({ type: "pkcs8", format: "pem" })),
		String(pair.privateKey.export(/** @type {any} */ (secret))),
		JSON.stringify(pair.privateKey.export({ format: "jwk" })),
	])
		assert.deepEqual(await asked(text), ["key-invalid"], text);
});

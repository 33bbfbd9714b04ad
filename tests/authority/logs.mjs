// Logs of the tests' own authority: one that sees certificates, one that keeps entries and proves them, and a clock.

import { randomBytes, sign } from "node:crypto";
import { base64, keyPair, sha256, signingCertificate, spki } from "./certificates.mjs";
import { context, generalizedTime, integer, NULL, octets, oid, sequence, setOf } from "./der.mjs";

/** @param {Buffer} bytes @param {number} size of the number before it */
function counted(bytes, size) {
	const length = Buffer.alloc(size);
	length.writeUIntBE(bytes.length, 0, size);
	return Buffer.concat([length, bytes]);
}

/** A certificate transparency log. @typedef {ReturnType<typeof certificateLog>} CertificateLog */
export function certificateLog() {
	const pair = keyPair();
	const id = sha256(spki(pair.publicKey));
	return {
		pair,
		id,
		/** The list of one timestamp, for the certificate. @param {Buffer} tbs @param {import("./certificates.mjs").Issuer} by @param {Date} at */
		seen(tbs, by, at) {
			const when = Buffer.alloc(8);
			when.writeBigUInt64BE(BigInt(at.getTime()));
			const entry = [Buffer.from([0, 1]), sha256(spki(by.pair.publicKey)), counted(tbs, 3), Buffer.from([0, 0])];
			const signature = sign("sha256", Buffer.concat([Buffer.from([0, 0]), when, ...entry]), pair.privateKey);
			const stamp = [Buffer.from([0]), id, when, Buffer.from([0, 0, 4, 3]), counted(signature, 2)];
			return counted(counted(Buffer.concat(stamp), 2), 2);
		},
	};
}

/** The hash of a leaf, and of two nodes, as RFC 6962 has it. */
const leaf = (/** @type {Buffer} */ bytes) => sha256(Buffer.concat([Buffer.from([0]), bytes]));
const node = (/** @type {Buffer} */ left, /** @type {Buffer} */ right) =>
	sha256(Buffer.concat([Buffer.from([1]), left, right]));

/** A transparency log of signatures, as Rekor's first version answers. @typedef {ReturnType<typeof signatureLog>} SignatureLog */
export function signatureLog(name = "log.example") {
	const pair = keyPair();
	const id = sha256(spki(pair.publicKey));
	const by = (/** @type {string} */ text) => sign("sha256", Buffer.from(text), pair.privateKey);
	return {
		name,
		pair,
		id,
		/** An entry as a bundle has it: promised at a time, and proved as the second of two. @param {object} body with `kind` @param {Date} at */
		entry(body, at) {
			const { kind, apiVersion } = /** @type {any} */ (body);
			const text = Buffer.from(JSON.stringify(body));
			const integratedTime = Math.floor(at.getTime() / 1000);
			const promise = { body: base64(text), integratedTime, logID: id.toString("hex"), logIndex: 1 };
			const before = leaf(Buffer.from("an entry before it"));
			const root = node(before, leaf(text));
			const note = `${name} - 1\n2\n${base64(root)}\n`;
			const envelope = `${note}\n— ${name} ${base64(Buffer.concat([id.subarray(0, 4), by(note)]))}\n`;
			return {
				logIndex: "1",
				logId: { keyId: base64(id) },
				kindVersion: { kind, version: apiVersion },
				integratedTime: String(integratedTime),
				inclusionPromise: { signedEntryTimestamp: base64(by(JSON.stringify(promise))) },
				inclusionProof: {
					logIndex: "1",
					rootHash: base64(root),
					treeSize: "2",
					hashes: [base64(before)],
					checkpoint: { envelope },
				},
				canonicalizedBody: base64(text),
			};
		},
	};
}

/** A timestamp authority (RFC 3161). @typedef {ReturnType<typeof timestamps>} Timestamps */
export function timestamps(/** @type {import("./certificates.mjs").Issuer} */ by) {
	const pair = keyPair();
	const [from, until] = [new Date("2020-01-01T00:00:00Z"), new Date("2045-01-01T00:00:00Z")];
	const usage = "1.3.6.1.5.5.7.3.8";
	const der = signingCertificate(by, pair.publicKey, { identity: "clock@example.com", usage, from, until });
	return {
		by,
		der,
		/** A whole answer over a signature. @param {Buffer} signature @param {Date} at */
		stamp(signature, at) {
			const info = sequence(
				...[integer(1), oid("1.2.3.4"), sequence(SHA256, octets(sha256(signature)))],
				...[integer(randomBytes(8)), generalizedTime(at)],
			);
			const attributes = [
				sequence(oid("1.2.840.113549.1.9.3"), setOf(oid(TST_INFO))),
				sequence(oid("1.2.840.113549.1.9.4"), setOf(octets(sha256(info)))),
				sequence(oid("1.2.840.113549.1.9.16.2.47"), setOf(sequence(sequence(sequence(octets(sha256(der))))))),
			].sort(Buffer.compare);
			const signer = sequence(
				...[integer(1), nameAndSerial(der), SHA256, context(0, ...attributes), ECDSA_SHA256],
				octets(sign("sha256", setOf(...attributes), pair.privateKey)),
			);
			const content = sequence(oid(TST_INFO), context(0, octets(info)));
			const data = sequence(integer(3), setOf(SHA256), content, context(0, der), setOf(signer));
			return sequence(sequence(integer(0)), sequence(oid("1.2.840.113549.1.7.2"), context(0, data)));
		},
	};
}

const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), NULL);
const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));

/** `IssuerAndSerialNumber` of a certificate. @param {Buffer} der */
function nameAndSerial(der) {
	const fields = children(children(der)[0] ?? der);
	const [, serial, , issuer] = fields;
	return sequence(issuer ?? Buffer.alloc(0), serial ?? Buffer.alloc(0));
}

/** The values in a value, each with its head. @param {Buffer} der */
function children(der) {
	const found = [];
	for (let at = head(der, 0); at < der.length; ) {
		const end = head(der, at) + size(der, at);
		found.push(der.subarray(at, end));
		at = end;
	}
	return found;
}

/** The start of the content of the value at that place, and its length. @param {Buffer} der @param {number} at */
const head = (der, at) => at + 2 + Math.max(0, Number(der[at + 1]) - 0x80);
/** @param {Buffer} der @param {number} at */
function size(der, at) {
	const first = Number(der[at + 1]);
	return first < 0x80 ? first : der.readUIntBE(at + 2, first - 0x80);
}

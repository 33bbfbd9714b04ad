// An own world of trust for the tests: authorities, logs, a clock, and the trusted root that names them.

import { sign } from "node:crypto";
import { authority, base64, certificatePem, keyPair, sha256, signingCertificate, spki } from "./certificates.mjs";
import { certificateLog, signatureLog, timestamps } from "./logs.mjs";

export const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const IN_TOTO = "application/vnd.in-toto+json";
const VALID = { start: "2020-01-01T00:00:00Z" };

/** When the tests sign, unless they say otherwise. */
export const SIGNED_AT = new Date("2026-03-01T10:14:07Z");
const MINUTES = 60_000;

/**
 * @typedef {object} Wish
 * @property {string} [identity] @property {string} [vouched] who vouches for it
 * @property {string} [source] the address of the repository whose source was built
 * @property {Date} [at] when the log and the clock say that it was signed
 * @property {Date} [issued] when the certificate's ten minutes begin
 * @property {boolean} [stamped] the clock stamps it, too
 * @property {string} [curve]
 * @property {Partial<import("./certificates.mjs").Holder>} [holder] more about the certificate
 * @property {import("./certificates.mjs").Issuer} [by] another authority that issues it
 * @property {Pick<import("./logs.mjs").CertificateLog, "seen">} [seenBy] another log that sees it
 * @property {(der: Buffer) => Buffer} [bent] what a forger does to it
 */

/** @typedef {ReturnType<typeof world>} World */
export function world() {
	const root = authority("Root of the tests");
	const issuer = authority("Issuer of the tests", root);
	const [seen, log, clock] = [certificateLog(), signatureLog(), timestamps(root)];

	/** A key, and the certificate that it has for ten minutes. @param {Wish} [wish] */
	function holder({ identity = IDENTITY, vouched = VOUCHED, at = SIGNED_AT, issued = at, curve, ...wish } = {}) {
		const { source = identity === IDENTITY ? SOURCE : undefined } = wish;
		const { holder: more, by = issuer, seenBy = seen, bent = (/** @type {Buffer} */ der) => der } = wish;
		const pair = keyPair(curve);
		const from = new Date(issued.getTime() - MINUTES);
		const until = new Date(issued.getTime() + 9 * MINUTES);
		const der = bent(
			signingCertificate(by, pair.publicKey, { identity, vouched, source, from, until, ...more }, seenBy),
		);
		return { pair, der, pem: certificatePem(der) };
	}

	/** @param {ReturnType<typeof holder>} by @param {object} entry @param {Buffer} signature @param {Wish} wish */
	const material = (by, entry, signature, { at = SIGNED_AT, stamped = false }) => ({
		certificate: { rawBytes: base64(by.der) },
		tlogEntries: [log.entry(entry, at)],
		timestampVerificationData: {
			rfc3161Timestamps: stamped ? [{ signedTimestamp: base64(clock.stamp(signature, at)) }] : [],
		},
	});

	return {
		...{ root, issuer, seen, log, clock, holder },

		/** A bundle over bytes. @param {Buffer | string} content @param {Wish} [wish] */
		bundle(content, wish = {}) {
			const by = holder(wish);
			const signature = sign("sha256", Buffer.from(content), by.pair.privateKey);
			return {
				mediaType: BUNDLE,
				verificationMaterial: material(by, hashedrekord(sha256(content), signature, by.pem), signature, wish),
				messageSignature: {
					messageDigest: { algorithm: "SHA2_256", digest: base64(sha256(content)) },
					signature: base64(signature),
				},
			};
		},

		/** A bundle over a statement. @param {object | string} statement @param {Wish} [wish] */
		attested(statement, wish = {}) {
			const by = holder(wish);
			const payload = Buffer.from(typeof statement === "string" ? statement : JSON.stringify(statement));
			const signature = sign("sha256", pae(payload), by.pair.privateKey);
			const dsseEnvelope = { payload: base64(payload), payloadType: IN_TOTO, signatures: [{ sig: base64(signature) }] };
			const entry = dsse(payload, JSON.stringify(dsseEnvelope), signature, by.pem);
			return { mediaType: BUNDLE, verificationMaterial: material(by, entry, signature, wish), dsseEnvelope };
		},

		/** The annotations that cosign writes beside a payload. @param {string} payload @param {Wish} [wish] @returns {Record<string, string>} */
		annotations(payload, wish = {}) {
			const by = holder(wish);
			const signature = sign("sha256", Buffer.from(payload), by.pair.privateKey);
			const entry = log.entry(hashedrekord(sha256(payload), signature, by.pem), wish.at ?? SIGNED_AT);
			const { integratedTime, logIndex, canonicalizedBody, inclusionPromise } = entry;
			const logged = { body: canonicalizedBody, integratedTime: Number(integratedTime), logIndex: Number(logIndex) };
			return {
				"dev.cosignproject.cosign/signature": base64(signature),
				"dev.sigstore.cosign/certificate": by.pem,
				"dev.sigstore.cosign/chain": certificatePem(issuer.der) + certificatePem(root.der),
				"dev.sigstore.cosign/bundle": JSON.stringify({
					SignedEntryTimestamp: inclusionPromise.signedEntryTimestamp,
					Payload: { ...logged, logID: log.id.toString("hex") },
				}),
			};
		},

		/** trusted_root.json of this world; `as` takes another log's key or none. @param {{ logKey?: import("node:crypto").KeyObject }} [as] */
		trustedRoot({ logKey = log.pair.publicKey } = {}) {
			const chain = (/** @type {Buffer[]} */ ...ders) => ({
				certificates: ders.map((der) => ({ rawBytes: base64(der) })),
			});
			const subject = { organization: "tests", commonName: "tests" };
			return {
				mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
				tlogs: [keyOf(logKey, log.id, `https://${log.name}`)],
				certificateAuthorities: [
					{ subject, uri: "https://ca.example", certChain: chain(issuer.der, root.der), validFor: VALID },
				],
				ctlogs: [keyOf(seen.pair.publicKey, seen.id, "https://seen.example")],
				timestampAuthorities: [
					{ subject, uri: "https://clock.example", certChain: chain(clock.der, root.der), validFor: VALID },
				],
			};
		},
	};
}

export const IDENTITY = "https://github.com/owner/app/.github/workflows/release.yml@refs/tags/v1.2";
export const SOURCE = "https://github.com/owner/app";
export const VOUCHED = "https://token.actions.githubusercontent.com";

/** @param {import("node:crypto").KeyObject} key @param {Buffer} id @param {string} baseUrl */
const keyOf = (key, id, baseUrl) => ({
	baseUrl,
	hashAlgorithm: "SHA2_256",
	publicKey: { rawBytes: base64(spki(key)), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor: VALID },
	logId: { keyId: base64(id) },
});

/** The bytes that DSSE signs. @param {Buffer} payload @param {string} [type] */
export const pae = (payload, type = IN_TOTO) =>
	Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);

/** Bodies of log entries, with their members in the order of the alphabet. @param {Buffer} digest @param {Buffer} signature @param {string} pem */
export const hashedrekord = (digest, signature, pem) => ({
	apiVersion: "0.0.1",
	kind: "hashedrekord",
	spec: {
		data: { hash: { algorithm: "sha256", value: digest.toString("hex") } },
		signature: { content: base64(signature), publicKey: { content: base64(Buffer.from(pem)) } },
	},
});

/** @param {Buffer} payload @param {string} envelope @param {Buffer} signature @param {string} pem */
export const dsse = (payload, envelope, signature, pem) => ({
	apiVersion: "0.0.1",
	kind: "dsse",
	spec: {
		envelopeHash: { algorithm: "sha256", value: sha256(envelope).toString("hex") },
		payloadHash: { algorithm: "sha256", value: sha256(payload).toString("hex") },
		signatures: [{ signature: base64(signature), verifier: base64(Buffer.from(pem)) }],
	},
});

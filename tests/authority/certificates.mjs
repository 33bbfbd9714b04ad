// Certificates of the tests' own authority: a root, one below it, and signing certificates with a log's timestamp in them.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { bits, context, integer, octets, oid, sequence, setOf, TRUE, tlv, utcTime, utf8 } from "./der.mjs";

/**
 * @typedef {import("node:crypto").KeyObject} KeyObject
 * @typedef {{ publicKey: KeyObject, privateKey: KeyObject }} Pair
 * @typedef {{ name: string, pair: Pair, der: Buffer }} Issuer
 * @typedef {{ oid: string, value: Buffer, critical?: boolean }} Extension
 */

/** @param {string} [namedCurve] @returns {Pair} */
export const keyPair = (namedCurve = "P-256") => generateKeyPairSync("ec", { namedCurve });

/** SubjectPublicKeyInfo. @param {KeyObject} key */
export const spki = (key) => key.export({ type: "spki", format: "der" });

/** @param {Buffer | string} bytes */
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/** @param {Buffer} bytes */
export const base64 = (bytes) => bytes.toString("base64");

/** @param {Buffer} der */
export const certificatePem = (der) =>
	`-----BEGIN CERTIFICATE-----\n${base64(der).replace(/.{64}/g, "$&\n").trimEnd()}\n-----END CERTIFICATE-----\n`;

const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const FULCIO = "1.3.6.1.4.1.57264.1";
const SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";

/** @param {string} text */
const commonName = (text) => sequence(setOf(sequence(oid("2.5.4.3"), utf8(text))));

/** @param {Extension} extension */
const extension = ({ oid: name, value, critical }) => sequence(oid(name), ...(critical ? [TRUE] : []), octets(value));

/** @typedef {{ serial: Buffer, issuer: string, subject?: string, key: KeyObject, from: Date, until: Date }} Facts */

/** The part of a certificate that the issuer signs. @param {Facts} facts @param {Extension[]} extensions */
function toBeSigned({ serial, issuer, subject, key, from, until }, extensions) {
	return sequence(
		...[context(0, integer(2)), integer(serial), ECDSA_SHA256],
		...[commonName(issuer), sequence(utcTime(from), utcTime(until)), subject ? commonName(subject) : sequence()],
		...[spki(key), context(3, sequence(...extensions.map(extension)))],
	);
}

/** @param {Buffer} tbs @param {Pair} by */
const signed = (tbs, { privateKey }) => sequence(tbs, ECDSA_SHA256, bits(sign("sha256", tbs, privateKey)));

const newSerial = () => Buffer.concat([Buffer.from([1]), randomBytes(15)]);

const USAGE = { sign: [0x03, 0x02, 0x07, 0x80], certify: [0x03, 0x02, 0x01, 0x06] };

/** An authority: its own root, or one below `by`. @param {string} name @param {Issuer} [by] @returns {Issuer} */
export function authority(name, by) {
	const pair = keyPair();
	const extensions = [
		{ oid: "2.5.29.15", value: Buffer.from(USAGE.certify), critical: true },
		{ oid: "2.5.29.19", value: sequence(TRUE), critical: true },
	];
	const [from, until] = [new Date("2020-01-01T00:00:00Z"), new Date("2045-01-01T00:00:00Z")];
	const facts = { serial: newSerial(), issuer: by?.name ?? name, subject: name, key: pair.publicKey, from, until };
	const tbs = toBeSigned(facts, extensions);
	return { name, pair, der: signed(tbs, by?.pair ?? pair) };
}

/** `emailAddress` or a URI. @param {string} identity */
const alternativeName = (identity) => sequence(tlv(identity.includes("://") ? 0x86 : 0x81, Buffer.from(identity)));

/**
 * @typedef {object} Holder
 * @property {string} [identity] an email address or a URI
 * @property {Buffer} [names] instead of it, the content of the extension
 * @property {string} [vouched] the issuer of the identity
 * @property {string} [source] the address of the repository whose source was built
 * @property {Extension[]} [more]
 * @property {string} [usage] the extended key usage
 * @property {Date} from @property {Date} until
 */

/**
 * A signing certificate; `log` signs that it has seen it.
 * @param {Issuer} by @param {KeyObject} key
 * @param {Holder} holder
 * @param {Pick<import("./logs.mjs").CertificateLog, "seen">} [log]
 */
export function signingCertificate(by, key, holder, log) {
	const { identity = "", names, vouched, source, more = [], usage = "1.3.6.1.5.5.7.3.3", from, until } = holder;
	const own = [
		{ oid: "2.5.29.15", value: Buffer.from(USAGE.sign), critical: true },
		{ oid: "2.5.29.37", value: sequence(oid(usage)), critical: usage !== "1.3.6.1.5.5.7.3.3" },
		{ oid: "2.5.29.17", value: names ?? alternativeName(identity), critical: true },
		...(vouched ? [{ oid: `${FULCIO}.8`, value: utf8(vouched) }] : []),
		...(source ? [{ oid: `${FULCIO}.12`, value: utf8(source) }] : []),
		...more,
	];
	const facts = { serial: newSerial(), issuer: by.name, key, from, until };
	const seen = log ? [{ oid: SCT_LIST, value: octets(log.seen(toBeSigned(facts, own), by, from)) }] : [];
	return signed(toBeSigned(facts, [...own, ...seen]), by.pair);
}

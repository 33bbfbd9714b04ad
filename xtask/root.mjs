// `cargo xtask root FILE`: holds a trusted_root.json against TUF's metadata, and ships it: the steps of TUF that need no network.

import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";

const SHIPPED = path.join(import.meta.dirname, "../src/trust/root");
const NAME = "trusted_root.json";

/** TUF's canonical JSON: members in order, no white space, nothing escaped but quotes and backslashes. @param {any} value @returns {string} */
export function canonical(value) {
	if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
	if (typeof value === "string") return `"${value.replace(/["\\]/g, "\\$&")}"`;
	if (value === null || typeof value !== "object") return String(value);
	const names = Object.keys(value).sort();
	return `{${names.map((name) => `${canonical(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** A key of TUF's: PEM, or 32 bytes in hex. @param {{ keytype: string, keyval: { public: string } }} key */
function keyOf({ keytype, keyval }) {
	if (keytype !== "ed25519") return createPublicKey(keyval.public);
	const x = Buffer.from(keyval.public, "hex").toString("base64url");
	return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/** The number of keys of a role that have signed; each counts once. @param {any} document @param {any} root its `signed` @param {"root" | "targets"} role */
function signers(document, root, role) {
	const bytes = Buffer.from(canonical(document.signed));
	const isGood = (/** @type {string} */ id) => {
		const key = keyOf(root.keys[id]);
		const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256";
		const own = document.signatures.filter((/** @type {any} */ one) => one.keyid === id);
		return own.some((/** @type {any} */ one) => verify(hash, bytes, key, Buffer.from(one.sig, "hex")));
	};
	return new Set(root.roles[role].keyids.filter((/** @type {string} */ id) => root.keys[id] && isGood(id))).size;
}

/**
 * The metadata's statements about a trusted root.
 * @param {{ root: any, targets: any, bytes: Buffer, now: Date }} given `root` and `targets`: root.json and targets.json
 * @returns {{ sha256: string, targets: { version: number, expires: string }, root: { version: number, expires: string } }}
 * @throws an Error if the file is not the one that the project's keys have signed
 */
export function checked({ root, targets, bytes, now }) {
	for (const [role, document] of /** @type {["root" | "targets", any][]} */ ([
		["root", root],
		["targets", targets],
	])) {
		const { threshold } = root.signed.roles[role];
		const found = signers(document, root.signed, role);
		if (threshold < 1 || found < threshold) throw new Error(`${role}.json: ${found} of its keys have signed, ${threshold} must`);
		if (document.signed._type !== role) throw new Error(`${role}.json is of the type ${document.signed._type}`);
	}
	if (now > new Date(targets.signed.expires)) throw new Error(`targets.json has expired on ${targets.signed.expires}`);
	const named = targets.signed.targets[NAME];
	const sha256 = createHash("sha256").update(bytes).digest("hex");
	if (named?.hashes.sha256 !== sha256) throw new Error(`targets.json names sha256:${named?.hashes.sha256}, the file has sha256:${sha256}`);
	if (named.length !== bytes.length) throw new Error(`targets.json names ${named.length} bytes, the file has ${bytes.length}`);
	const of = (/** @type {any} */ { signed: { version, expires } }) => ({ version, expires });
	return { sha256, targets: of(targets), root: of(root) };
}

/** A metadata file, which may be packed. @param {string} folder @param {string} name */
export function metadata(folder, name) {
	const file = path.join(folder, name);
	return JSON.parse(String(existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`))));
}

/** @param {string[]} words */
function main(words) {
	const { values, positionals } = parseArgs({
		args: words,
		allowPositionals: true,
		options: { metadata: { type: "string" }, date: { type: "string" }, commit: { type: "string" } },
	});
	const [file = ""] = positionals;
	const folder = values.metadata ?? path.join(path.dirname(file), "../metadata");
	const bytes = readFileSync(file);
	const [root, targets] = [metadata(folder, "root.json"), metadata(folder, "targets.json")];
	const found = checked({ root, targets, bytes, now: new Date() });
	const provenance = JSON.parse(readFileSync(path.join(SHIPPED, "provenance.json"), "utf8"));
	console.log(`targets.json ${found.targets.version} names it, signed by the keys of root.json ${found.root.version}`);
	if (found.sha256 === provenance.sha256) return console.log(`it is the one that ships, current on ${provenance.date}`);
	const { date, commit } = values;
	if (!/^\d{4}-\d\d-\d\d$/.test(date ?? "") || !/^[0-9a-f]{40}$/.test(commit ?? ""))
		throw new Error("it is another one than ships: say --date YYYY-MM-DD and --commit of its repository to ship it");
	if (found.targets.version < provenance.targets.version || found.root.version < provenance.root.version)
		throw new Error("its metadata is older than that of the one that ships");
	writeFileSync(path.join(SHIPPED, "production.json"), bytes);
	writeFileSync(path.join(SHIPPED, "provenance.json"), `${JSON.stringify({ ...provenance, commit, date, ...found }, null, 2)}\n`);
	console.log("it ships from the next build on");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	try {
		main(process.argv.slice(2));
	} catch (/** @type {any} */ error) {
		console.error(`error: ${error.message}`);
		process.exitCode = 1;
	}
}

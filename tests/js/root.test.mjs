// The shipped trusted root, recomputed from TUF's metadata at hand as `cargo xtask root` does; forged metadata is refused.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canonical, checked, metadata } from "../../xtask/root.mjs";
import { needsVectors, VECTORS } from "../conformance/bundles.mjs";

const ROOT = path.join(import.meta.dirname, "../..");
const NOW = new Date("2026-08-21T12:00:00Z");
const shipped = (/** @type {string} */ name) => readFileSync(path.join(ROOT, "src/trust/root", name));

/** The published root, and the file that ships. */
const given = () => ({
	root: metadata(path.join(VECTORS ?? "", "sigstore_root-signing/metadata"), "root.json"),
	targets: metadata(path.join(VECTORS ?? "", "sigstore_root-signing/metadata"), "targets.json"),
	bytes: shipped("production.json"),
	now: NOW,
});

test("the shipped root is what TUF's metadata names, as its provenance says", needsVectors, () => {
	const { sha256, targets, root, repository, date } = JSON.parse(shipped("provenance.json").toString());
	assert.deepEqual(checked(given()), { sha256, targets, root });
	assert.equal(repository, "https://github.com/sigstore/root-signing");
	assert.match(date, /^\d{4}-\d\d-\d\d$/);
});

test("another file, too few signatures, one key twice, expired or changed metadata are refused", needsVectors, () => {
	/** @type {[(all: any) => void, RegExp][]} */
	const forgeries = [
		[(all) => all.bytes.writeUInt8(0x20, all.bytes.length - 1), /the file has sha256:/],
		[(all) => all.targets.signatures.splice(2), /targets.json: 2 of its keys have signed, 3 must/],
		[(all) => all.targets.signatures.splice(1, 9, ...Array(4).fill(all.targets.signatures[0])), /: 1 of its keys/],
		[(all) => all.root.signatures.splice(1), /root.json: 1 of its keys/],
		[(all) => Object.assign(all.targets.signed, { version: 99 }), /targets.json: 0 of its keys/],
		[(all) => Object.assign(all, { now: new Date("2050-01-01") }), /has expired/],
		[(all) => Object.assign(all.root.signed.roles.targets, { threshold: 1 }), /root.json: 0 of its keys/],
	];
	for (const [forge, told] of forgeries) {
		const all = given();
		all.bytes = Buffer.from(all.bytes);
		forge(all);
		assert.throws(() => checked(all), told, String(forge));
	}
});

test("keys of Ed25519 count as well", () => {
	const { publicKey, privateKey } = generateKeyPairSync("ed25519");
	const bytes = Buffer.from("{}");
	const sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
	const role = { keyids: ["own"], threshold: 1 };
	const by = (/** @type {object} */ signed) => ({
		signed,
		signatures: [{ keyid: "own", sig: sign(null, Buffer.from(canonical(signed)), privateKey).toString("hex") }],
	});
	const hex = Buffer.from(String(publicKey.export({ format: "jwk" }).x), "base64url").toString("hex");
	const keys = { own: { keytype: "ed25519", keyval: { public: hex } } };
	const about = { version: 1, expires: "2027-01-01T00:00:00Z" };
	const root = by({ ...about, _type: "root", keys, roles: { root: role, targets: role } });
	const named = { "trusted_root.json": { length: 2, hashes: { sha256 } } };
	const targets = by({ ...about, _type: "targets", targets: named });
	assert.deepEqual(checked({ root, targets, bytes, now: NOW }), { sha256, targets: about, root: about });
});

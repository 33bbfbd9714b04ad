// Off the line, over the boundary: documents about images that are opened alone are recognised and read.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { IDENTITY, VOUCHED, world } from "../authority/world.mjs";
import { bundleOf, keys, provenance, spdx } from "../e2e/support/signing.mjs";
import { api } from "./support.mjs";

const DIGEST = `sha256:${"1".repeat(64)}`;
const BUILT = "Built from owner/app at 3f2c1ab by release.yml on a GitHub-hosted runner, run 987, for tag v1.2";

test("a bundle, an envelope, a statement, lists of packages and a VEX are read, pasted or dropped", async () => {
	const bundle = bundleOf(provenance(DIGEST), keys().privateKey);
	const vex = { "@context": "https://openvex.dev/ns/v0.2.0", author: "ann", statements: [{ status: "fixed" }] };
	const cyclonedx = { bomFormat: "CycloneDX", specVersion: "1.6", components: [{ type: "library", name: "a" }] };
	const layout = { _type: "layout", steps: [{ name: "build" }], inspect: [] };
	const own = world();
	const root = own.trustedRoot();
	const bytes = own.bundle("what was signed");
	const signed = `A signature over bytes with the digest SHA2_256 ${createHash("sha256").update("what was signed").digest("hex")}`;
	const cases = /** @type {const} */ ([
		[root, "trusted-root", "A trusted root: 2 keys of logs, 1 authorities, 1 timestamp authorities"],
		[bytes, "bundle", signed],
		[bundle, "slsa-provenance", BUILT],
		[bundle.dsseEnvelope, "slsa-provenance", BUILT],
		[provenance(DIGEST), "slsa-provenance", BUILT],
		[spdx(DIGEST).predicate, "spdx", "3 packages, SPDX 2.3"],
		[cyclonedx, "cyclonedx", "1 packages, CycloneDX 1.6"],
		[vex, "openvex", "Ann says of 1 vulnerabilities: 0 affect, 0 do not affect, 1 are fixed, 0 are looked into"],
		[layout, "layout", "An in-toto layout of 1 steps and 0 inspections"],
	]);
	for (const [document, form, sentence] of cases) {
		const text = JSON.stringify(document);
		for (const input of [text, new File([text], "document.json")]) {
			const { statement } = await api.open(input);
			assert.deepEqual([statement?.form, statement?.sentence], [form, sentence], text.slice(0, 80));
		}
	}
	const { certificate } = await api.open(own.holder().pem);
	assert.deepEqual([certificate?.identity, certificate?.issuer], [IDENTITY, VOUCHED]);
	const tags = await api.open("SPDXVersion: SPDX-2.3\nPackageName: curl\nPackageVersion: 8\n");
	assert.equal(tags.statement.packages.rows[0].name, "curl");
});

test("what is no such document has no statement", async () => {
	const other = await api.open('{"hello":"world"}');
	assert.equal(other.statement ?? other.certificate, undefined);
	const broken = await api.open("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	assert.equal(broken.certificate, undefined);
});

// The boundary, over real documents (STOWPLAN_VECTORS): valid means that no check failed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { api, needsVectors, table, VECTORS } from "./support.mjs";

const ARCHIVES = /archive|-dir$|layout-header/;
/** Valid for its source, refused here: it can be read as an index and as a manifest (CVE-2021-41190). */
const AMBIGUOUS = ["oci-index/regclient-rawOCIIndex.json"];
/** A config of size -1 fails here; a zstd layer in a Docker manifest and empty `layers` warn: tests/vectors.rs has the arguments. */
const REFUSED = ["oci-manifest/cimage-schema1-to-oci1.json"];
const DOUBTFUL = [
	"docker-schema2/cimage-schema2-invalid-media-type.json",
	"oci-manifest/imagespec-TestManifest-5.json",
];
const documents = table("index.json").filter(({ kind }) => /^(docker-|oci-|other)/.test(kind) && !ARCHIVES.test(kind));
const references = table("references.json").filter(({ parser }) =>
	/^distribution\/reference\.(ParseNormalizedNamed|ParseDockerRef)$/.test(parser),
);

test("the vectors are there", needsVectors, () => {
	assert.ok(documents.length > 150, `${documents.length} documents`);
	assert.ok(references.length > 50, `${references.length} references`);
});

for (const { file, kind, media_type, expect } of documents) {
	test(`${kind}: ${file} is ${expect.valid ? "valid" : "not valid"}`, needsVectors, async () => {
		const report = await api.open(readFileSync(join(VECTORS, file)), {
			mediaType: media_type ?? undefined,
			name: file,
		});
		const failures = report.nodes.flatMap((node) => node.checks).filter((check) => check.outcome === "fail");
		const valid = DOUBTFUL.includes(file) || (expect.valid && ![...AMBIGUOUS, ...REFUSED].includes(file));
		if (!expect.conflict_across_parsers)
			assert.equal(failures.length === 0, valid, `${expect.why}; ${sentences(failures)}`);
		if (expect.digest) assert.equal(report.nodes[0].digest, expect.digest);
	});
}

for (const { input, parser, valid, note, domain, path } of references) {
	test(
		`${parser}: ${JSON.stringify(input.slice(0, 80))} is ${valid ? "valid" : "not valid"}`,
		needsVectors,
		async () => {
			const parsed = await api.parseReference(input).catch((error) => error);
			// A 64-hex text is no name upstream; here it is a digest, as in ParseAnyReference.
			if (/^[0-9a-f]{64}$/.test(input)) return assert.equal(parsed.digest, `sha256:${input}`);
			if (note?.includes("crypto/sha512 is not linked")) return assert.match(parsed.digest, /^sha512:/);
			assert.equal(!(parsed instanceof Error), valid, parsed.message);
			if (!valid) assert.equal(parsed.code, "invalid-reference");
			if (valid && domain) assert.equal(parsed.registry, domain);
			if (valid && path) assert.equal(parsed.repository, path);
		},
	);
}

const sentences = (failures) => failures.map(({ id, path, message }) => `${id} ${path ?? ""} ${message}`).join("; ");

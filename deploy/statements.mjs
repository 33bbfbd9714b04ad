/** Statements about the image of the server: the packages that are in it (SPDX), and how it was made (SLSA). */

/** @typedef {{ version: string, image: string, program: string, roots: string, lock: string, commit: string }} Facts */

/** @param {string} digest */
const digestSet = (digest) => Object.fromEntries([digest.split(":")]);

/** @param {Facts} facts @param {string} predicateType @param {object} predicate */
const statement = ({ image }, predicateType, predicate) => ({
	_type: "https://in-toto.io/Statement/v1",
	subject: [{ name: "stowplan-server", digest: digestSet(image) }],
	predicateType,
	predicate,
});

/**
 * @param {Facts} facts
 * @param {string} packages a line each: name, version, licence, whose it is
 */
export function sbom(facts, packages) {
	const rows = packages
		.trim()
		.split("\n")
		.map((line) => line.split("\t"));
	const all = rows.map(([name = "", version = "", licence = "", whose]) => ({
		SPDXID: `SPDXRef-Package-${name}-${version}`.replace(/[^A-Za-z0-9.-]/g, "-"),
		name,
		versionInfo: version,
		downloadLocation: "NOASSERTION",
		licenseDeclared: licence.replaceAll("/", " OR ") || "NOASSERTION",
		...(whose === "crate" && {
			externalRefs: [
				{
					referenceCategory: "PACKAGE-MANAGER",
					referenceType: "purl",
					referenceLocator: `pkg:cargo/${name}@${version}`,
				},
			],
		}),
	}));
	return statement(facts, "https://spdx.dev/Document", {
		spdxVersion: "SPDX-2.3",
		dataLicense: "CC0-1.0",
		SPDXID: "SPDXRef-DOCUMENT",
		name: `stowplan-server ${facts.version}`,
		documentNamespace: `urn:stowplan:server:${facts.program}`,
		creationInfo: { created: "1970-01-01T00:00:00Z", creators: ["Tool: cargo xtask image"] },
		packages: all,
		relationships: all.map(({ SPDXID }) => ({
			spdxElementId: "SPDXRef-DOCUMENT",
			relationshipType: "DESCRIBES",
			relatedSpdxElement: SPDXID,
		})),
	});
}

/** @param {Facts} facts */
export const provenance = (facts) =>
	statement(facts, "https://slsa.dev/provenance/v1", {
		buildDefinition: {
			buildType: "urn:stowplan:xtask-image:v1",
			externalParameters: { command: "cargo xtask image", version: facts.version },
			resolvedDependencies: [
				{ name: "source", digest: { gitCommit: facts.commit } },
				{ name: "Cargo.lock", digest: digestSet(facts.lock) },
				{ name: "ca-certificates.crt", digest: digestSet(facts.roots) },
			],
		},
		runDetails: { builder: { id: "urn:stowplan:xtask" } },
	});

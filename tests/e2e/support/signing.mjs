// Off the line, under the tests: an image with everything that may lie beside one, signed with a key of this run.
import { generateKeyPairSync, sign } from "node:crypto";
import { descriptor, sha256, TYPES } from "./documents.mjs";

export const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SIMPLE = "application/vnd.dev.cosign.simplesigning.v1+json";
const IN_TOTO = "application/vnd.in-toto+json";
const COMMIT = "3f2c1ab0e8c7f1b2a3d4e5f60718293a4b5c6d7e";

/** A key pair: what signs, and the PEM that verifies. */
export function keys() {
	const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	return { privateKey, pem: String(publicKey.export({ type: "spki", format: "pem" })) };
}

/** The payload that cosign signs for an image. @param {string} digest */
export const payload = (digest, reference = "registry.example/app") =>
	JSON.stringify({
		critical: {
			identity: { "docker-reference": reference },
			image: { "docker-manifest-digest": digest },
			type: "cosign container image signature",
		},
		optional: null,
	});

/** SLSA provenance about a digest. @param {string} digest */
export const provenance = (digest) => ({
	_type: "https://in-toto.io/Statement/v1",
	predicateType: "https://slsa.dev/provenance/v1",
	subject: [{ name: "registry.example/app", digest: { sha256: digest.slice(7) } }],
	predicate: {
		buildDefinition: {
			buildType: "https://actions.github.io/buildtypes/workflow/v1",
			externalParameters: {
				workflow: {
					ref: "refs/tags/v1.2",
					repository: "https://github.com/owner/app",
					path: ".github/workflows/release.yml",
				},
			},
			internalParameters: { github: { runner_environment: "github-hosted" } },
			resolvedDependencies: [{ uri: "git+https://github.com/owner/app@refs/tags/v1.2", digest: { gitCommit: COMMIT } }],
		},
		runDetails: {
			builder: { id: "https://github.com/owner/app/.github/workflows/release.yml@refs/tags/v1.2" },
			metadata: { invocationId: "https://github.com/owner/app/actions/runs/987/attempts/1" },
		},
	},
});

/** A list of packages about a digest. @param {string} digest @param {number} [count] */
export const spdx = (digest, count = 3) => ({
	_type: "https://in-toto.io/Statement/v0.1",
	predicateType: "https://spdx.dev/Document",
	subject: [{ name: "registry.example/app", digest: { sha256: digest.slice(7) } }],
	predicate: {
		spdxVersion: "SPDX-2.3",
		name: "app",
		packages: Array.from({ length: count }, (_, at) => ({
			name: at === 0 ? "curl" : `package-${at}`,
			versionInfo: `1.${at}`,
			licenseDeclared: at % 2 ? "MIT" : "NOASSERTION",
			externalRefs: [
				{ referenceType: "purl", referenceLocator: `pkg:${at % 2 ? "npm" : "deb"}/package-${at}@1.${at}` },
			],
		})),
	},
});

/** A DSSE bundle over a statement. @param {object} statement @param {import("node:crypto").KeyObject} privateKey */
export function bundleOf(statement, privateKey) {
	const bytes = Buffer.from(JSON.stringify(statement));
	const type = "application/vnd.in-toto+json";
	const pae = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${bytes.length} `), bytes]);
	return {
		mediaType: BUNDLE,
		verificationMaterial: { publicKey: { hint: "own" }, tlogEntries: [] },
		dsseEnvelope: {
			payload: bytes.toString("base64"),
			payloadType: type,
			signatures: [{ sig: sign("sha256", pae, privateKey).toString("base64") }],
		},
	};
}

/**
 * An index of two platforms; amd64 has BuildKit's attestations.
 * @param {any} repo @param {string} [tag]
 */
export async function pushImage(repo, tag = "1.2", packages = 3) {
	const platform = async (/** @type {string} */ architecture) => {
		const rootfs = { type: "layers", diff_ids: [] };
		const config = await repo.putBlob(TYPES.config, { architecture, os: "linux", config: {}, rootfs });
		const document = { schemaVersion: 2, mediaType: TYPES.manifest, config, layers: [] };
		return repo.putManifest(`${tag}-${architecture}`, TYPES.manifest, document);
	};
	const [amd64, arm64] = [await platform("amd64"), await platform("arm64")];
	const statements = [provenance(amd64.digest), spdx(amd64.digest, packages)];
	const layers = [];
	for (const statement of statements) {
		const annotations = { "in-toto.io/predicate-type": statement.predicateType };
		layers.push(descriptor(await repo.putBlob(IN_TOTO, statement), { annotations }));
	}
	const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
	const config = await repo.putBlob(TYPES.config, { architecture: "unknown", os: "unknown", config: {}, rootfs });
	const attestation = await repo.putManifest(`${tag}-attestation`, TYPES.manifest, {
		schemaVersion: 2,
		mediaType: TYPES.manifest,
		config,
		layers,
	});
	const annotations = {
		"vnd.docker.reference.digest": amd64.digest,
		"vnd.docker.reference.type": "attestation-manifest",
	};
	const index = await repo.putManifest(tag, TYPES.index, {
		schemaVersion: 2,
		mediaType: TYPES.index,
		manifests: [
			descriptor(amd64, { platform: { os: "linux", architecture: "amd64" } }),
			descriptor(arm64, { platform: { os: "linux", architecture: "arm64" } }),
			descriptor(attestation, { annotations, platform: { os: "unknown", architecture: "unknown" } }),
		],
	});
	return { index, amd64, arm64, attestation };
}

/** A `.sig` manifest as cosign writes it. @param {any} repo @param {string} about @param {import("node:crypto").KeyObject} privateKey @param {string} [text] another payload */
export function pushSig(repo, about, privateKey, text = payload(about)) {
	const signature = sign("sha256", Buffer.from(text), privateKey).toString("base64");
	return pushSigned(repo, about, { "dev.cosignproject.cosign/signature": signature }, text);
}

/** The same with any annotations. @param {any} repo @param {string} about @param {Record<string, string>} annotations @param {string} [text] another payload */
export async function pushSigned(repo, about, annotations, text = payload(about)) {
	const layer = descriptor(await repo.putBlob(SIMPLE, text), { annotations });
	const config = await repo.putBlob(TYPES.config, {
		architecture: "",
		os: "",
		config: {},
		rootfs: { type: "layers", diff_ids: [] },
	});
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config, layers: [layer] };
	return repo.putManifest(`${about.replace(":", "-")}.sig`, TYPES.manifest, document);
}

/** A referrer with one blob; its descriptor. @param {any} repo @param {any} subject @param {object} content */
export async function pushReferrer(repo, subject, content, type = BUNDLE, artifactType = type) {
	const config = await repo.putBlob(TYPES.empty, "{}");
	const blob = await repo.putBlob(type, JSON.stringify(content));
	const document = {
		schemaVersion: 2,
		mediaType: TYPES.manifest,
		artifactType,
		config,
		layers: [blob],
		subject: descriptor(subject),
	};
	const manifest = await repo.putManifest(sha256(JSON.stringify(document, null, 2)), TYPES.manifest, document);
	return { ...descriptor(manifest), artifactType };
}

/** The media types of the Notary Project's signatures. */
export const NOTATION = { blob: "application/jose+json", artifact: "application/vnd.cncf.notary.signature" };

/** An envelope of the Notary Project about a document; the signature in it is none. @param {any} target @param {Buffer} certificate */
export function notationOf({ mediaType, digest, size }, certificate) {
	const base64 = (/** @type {object | string} */ content) =>
		Buffer.from(typeof content === "string" ? content : JSON.stringify(content)).toString("base64url");
	const header = {
		alg: "ES256",
		crit: ["io.cncf.notary.signingScheme"],
		cty: "application/vnd.cncf.notary.payload.v1+json",
		"io.cncf.notary.signingScheme": "notary.x509",
		"io.cncf.notary.signingTime": "2026-03-01T10:14:07Z",
	};
	return {
		payload: base64({ targetArtifact: { mediaType, digest, size } }),
		protected: base64(header),
		header: { x5c: [certificate.toString("base64")] },
		signature: base64("none"),
	};
}

/** The list of a fallback tag, or of the referrers API. @param {object[]} manifests */
export const listOf = (manifests) => ({ schemaVersion: 2, mediaType: TYPES.index, manifests });

// Off the line, over the boundary: signatures as users verify them, in Node, by bundles of other projects and an own layout.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { bundleCases, needsVectors, text, VECTORS, verdictOf, wrongOf } from "../conformance/bundles.mjs";
import { DIST } from "../e2e/support/app.mjs";
import { api, codeOf } from "./support.mjs";

const ROOT = path.join(import.meta.dirname, "../..");
const BUNDLES = "sigstore_sigstore-java/sigstore-java/src/test/resources/dev/sigstore/samples/bundles";
/** @param {any} proof @param {string} id */
const check = (proof, id) => proof.checks.find((/** @type {any} */ one) => one.id === id);

test(
	"every bundle of other projects gets its verdict, and is good for no other signer or artifact",
	needsVectors,
	async () => {
		const cases = bundleCases();
		const answers = [];
		for (const one of cases) answers.push(await verdictOf(api.verifyBundle, one));
		assert.deepEqual(wrongOf(cases, answers), []);
		assert.ok(
			cases.length >= 60 && answers.filter(({ verdict }) => verdict === "verified").length >= 40,
			String(cases.length),
		);
	},
);

test("the conformance client exits with 0 for a full pass only", needsVectors, async () => {
	const bundle = path.join(VECTORS ?? "", BUNDLES, "bundle.sigstore");
	const artifact = path.join(VECTORS ?? "", BUNDLES, "artifact.txt");
	const digest = `sha256:${createHash("sha256").update(readFileSync(artifact)).digest("hex")}`;
	const who = (/** @type {string} */ name) => [
		...["--certificate-identity", name, "--certificate-oidc-issuer", "https://accounts.google.com"],
	];
	assert.equal(await client(["--bundle", bundle, ...who("appu@google.com"), artifact]), 0);
	assert.equal(await client(["--bundle", bundle, ...who("appu@google.com"), digest]), 0);
	assert.equal(await client(["--bundle", bundle, ...who("eve@google.com"), digest]), 1);
	assert.equal(await client(["--staging", "--bundle", bundle, ...who("appu@google.com"), digest]), 1);
	assert.equal(await client(["--bundle", artifact, ...who("appu@google.com"), digest]), 1);
});

/** @param {string[]} words @returns {Promise<number>} */
const client = (words) =>
	new Promise((resolve) => {
		const shim = path.join(ROOT, "tests/conformance/client.mjs");
		const env = { ...process.env, STOWPLAN_DIST: DIST, STOWPLAN_TRUST_VECTORS: VECTORS };
		execFile(process.execPath, [shim, "verify-bundle", ...words], { env }, (error) =>
			resolve(Number(error?.code ?? 0)),
		);
	});

test("what is no bundle, no root or no key is said with its code", async () => {
	const digest = `sha256:${"0".repeat(64)}`;
	const code = (/** @type {any} */ bundle, /** @type {any} */ options) =>
		api.verifyBundle(bundle, options).catch(codeOf);
	assert.equal(await code("{}", { digest }), "bundle-invalid");
	assert.equal(await code({}, { digest, trustedRoot: "{}" }), "trust-root-invalid");
	assert.equal(await code({}, { digest, key: "-----BEGIN PRIVATE KEY-----" }), "key-invalid");
	assert.equal(await code({}, { digest: "sha256:0" }), "invalid-digest");
	assert.equal(await code({}, {}), "unsupported-input");
});

test("Wycheproof's cases agree in wasm", needsVectors, async () => {
	const { verifies } = await trustModule();
	const files = readdirSync(path.join(VECTORS ?? "", "C2SP_wycheproof/testvectors_v1"));
	let seen = 0;
	for (const file of files) {
		const scheme = schemeOf(file);
		if (!scheme) continue;
		for (const group of JSON.parse(text(`C2SP_wycheproof/testvectors_v1/${file}`)).testGroups) {
			for (const one of group.tests) {
				const bytes = (/** @type {string} */ hex) => Buffer.from(hex, "hex");
				const good = verifies(scheme, bytes(group.publicKeyDer), bytes(one.msg), bytes(one.sig)) === true;
				if (one.result !== "acceptable")
					assert.equal(good, one.result === "valid", `${file} ${one.tcId} ${one.comment}`);
				seen++;
			}
		}
	}
	assert.ok(seen > 4000, String(seen));
});

/** The module by itself: the primitives are no part of the API. */
async function trustModule() {
	const [name] = readdirSync(path.join(DIST, "www")).filter((one) => /^kit-stowplan_trust-.*\.js$/.test(one));
	const module = await import(pathToFileURL(path.join(DIST, "www", String(name))).href);
	await module.default({ module_or_path: readFileSync(path.join(DIST, "www/stowplan_trust_bg.wasm")) });
	return module;
}

/** @param {string} file */
function schemeOf(file) {
	const sha = /_sha(\d+)/.exec(file)?.[1];
	if (file.startsWith("ed25519")) return "ED25519";
	if (file.startsWith("rsa_pss")) return `RSA_PSS_SHA${sha}`;
	if (file.startsWith("rsa_signature")) return `RSA_PKCS1_SHA${sha}`;
	if (file.includes("secp256r1") && sha === "256") return "ECDSA_P256_SHA256";
	return file.includes("secp384r1") && sha !== "512" ? `ECDSA_P384_SHA${sha}` : undefined;
}

/** A key of this test alone. */
const KEY = createPrivateKey({
	key: {
		kty: "OKP",
		crv: "Ed25519",
		d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
		x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
	},
	format: "jwk",
});
/** The key of another signer. */
const OTHER = String(
	generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }),
);
const PUBLIC = String(createPublicKey(KEY).export({ type: "spki", format: "pem" }));

/** @param {Buffer | string} bytes */
const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A layout of an image and its `.sig` manifest, as `cosign save` writes it. @param {string} [about] another digest in the payload @param {import("node:crypto").KeyObject} [key] */
function signedLayout(about, key = KEY) {
	const blobs = new Map();
	const put = (/** @type {string | object} */ content) => {
		const bytes = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
		blobs.set(sha256(bytes), bytes);
		return { size: bytes.length, digest: sha256(bytes) };
	};
	const config = put({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
	const manifestType = "application/vnd.oci.image.manifest.v1+json";
	const configType = "application/vnd.oci.image.config.v1+json";
	const image = put({
		schemaVersion: 2,
		mediaType: manifestType,
		config: { mediaType: configType, ...config },
		layers: [],
	});
	const payload = JSON.stringify({
		critical: {
			identity: { "docker-reference": "registry.example/app" },
			image: { "docker-manifest-digest": about ?? image.digest },
			type: "cosign container image signature",
		},
		optional: null,
	});
	const annotations = {
		"dev.cosignproject.cosign/signature": sign(key === KEY ? null : "sha256", Buffer.from(payload), key).toString(
			"base64",
		),
	};
	const layer = { mediaType: "application/vnd.dev.cosign.simplesigning.v1+json", ...put(payload), annotations };
	const signature = put({
		schemaVersion: 2,
		mediaType: manifestType,
		config: { mediaType: configType, ...config },
		layers: [layer],
	});
	const entry = (/** @type {object} */ blob, /** @type {string} */ kind) => ({
		mediaType: manifestType,
		...blob,
		annotations: { kind: `dev.cosignproject.cosign/${kind}` },
	});
	const layout = { schemaVersion: 2, manifests: [entry(image, "image"), entry(signature, "sigs")] };
	const files = [...blobs].map(([digest, bytes]) => new File([bytes], `blobs/sha256/${digest.slice(7)}`));
	files.push(
		new File([JSON.stringify(layout)], "index.json"),
		new File(['{"imageLayoutVersion":"1.0.0"}'], "oci-layout"),
	);
	return { files, image: image.digest };
}

test("a signature in a layout is verified, and the image's own verdict stays apart", async () => {
	const { files, image } = signedLayout();
	const report = await api.open(files);
	const proved = await api.verifySignatures(report, { keys: [PUBLIC] });
	assert.equal(proved.trust.verdict, "signed-by-named", JSON.stringify(proved.trust));
	const node = proved.nodes.find((/** @type {any} */ one) => one.proof);
	assert.equal(node.about, image);
	assert.equal(check(node, "signature").outcome, "pass");
	assert.equal(check(node, "signed-subject").expected, image);
	assert.deepEqual(proved.summary, report.summary);
	assert.equal(report.trust, undefined, "the report that was given stays as it was");
	const unnamed = await api.verifySignatures(report);
	assert.equal(unnamed.trust.verdict, "unknown");
	assert.equal(
		check(
			unnamed.nodes.find((/** @type {any} */ one) => one.proof),
			"signature",
		).reason,
		"no-key",
	);
});

test("cosign signs by keys on P-256 and P-384, by RSA and by Ed25519, and another key of the kind fails", async () => {
	for (const make of [
		() => generateKeyPairSync("ec", { namedCurve: "P-256" }),
		() => generateKeyPairSync("ec", { namedCurve: "P-384" }),
		() => generateKeyPairSync("rsa", { modulusLength: 2048 }),
	]) {
		const [own, other] = [make(), make()];
		const report = await api.open(signedLayout(undefined, own.privateKey).files);
		const by = async (/** @type {import("node:crypto").KeyObject} */ key) => {
			const keys = [String(key.export({ type: "spki", format: "pem" }))];
			return (await api.verifySignatures(report, { keys })).trust.verdict;
		};
		assert.equal(await by(own.publicKey), "signed-by-named", own.publicKey.asymmetricKeyType);
		assert.equal(await by(other.publicKey), "failed", own.publicKey.asymmetricKeyType);
	}
});

test("a signature of another image fails, and only `require` makes that the image's", async () => {
	const { files } = signedLayout(sha256("another image"));
	const report = await api.open(files);
	const proved = await api.verifySignatures(report, { keys: [PUBLIC] });
	assert.equal(proved.trust.verdict, "failed");
	assert.deepEqual(proved.summary, report.summary);
	const required = await api.verifySignatures(report, { keys: [PUBLIC], require: 1 });
	assert.equal(required.summary.verdict, "failed");
	const policies = required.nodes.flatMap((/** @type {any} */ node) =>
		node.checks.filter((/** @type {any} */ one) => one.id === "policy"),
	);
	assert.deepEqual(
		policies.map((/** @type {any} */ one) => [one.outcome, one.reason]),
		[["fail", "too-few-signers"]],
	);
	const good = await api.verifySignatures(await api.open(signedLayout().files), { keys: [PUBLIC], require: 1 });
	assert.equal(
		good.nodes.flatMap((/** @type {any} */ node) => node.checks).find((/** @type {any} */ one) => one.id === "policy")
			.outcome,
		"pass",
	);
});

test("judging anew leaves nothing of the judgement before, neither in a node nor in the summary", async () => {
	const report = await api.open(signedLayout().files);
	const wishes = [
		...[
			{ keys: [OTHER], require: 1 },
			{ keys: [PUBLIC], require: 1 },
			{ keys: [PUBLIC, OTHER], require: 2 },
		],
		...[{ keys: [PUBLIC] }, {}, { identities: [{ repository: "owner/app" }], require: 1 }],
	];
	const fresh = [];
	for (const wish of wishes) fresh.push(await api.verifySignatures(report, wish));
	assert.deepEqual(
		fresh.map(({ summary }) => summary.fail - report.summary.fail),
		[1, 0, 1, 0, 0, 1],
	);
	for (const earlier of fresh)
		for (const [at, wish] of wishes.entries())
			assert.deepEqual(await api.verifySignatures(earlier, wish), fresh[at], JSON.stringify(wish));
});

test("layouts that cosign saved show who has signed them", needsVectors, async () => {
	const all = "slsa-framework_slsa-verifier/cli/slsa-verifier/testdata/gha_generic_container";
	for (const version of ["v1.4.0", "v1.9.0", "v2.1.0"]) {
		const folder = path.join(VECTORS ?? "", all, version, "container_workflow_dispatch");
		const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		const files = names.map((entry) => {
			const full = path.join(entry.parentPath, entry.name);
			return new File([readFileSync(full)], path.relative(folder, full));
		});
		const proved = await api.verifySignatures(await api.open(files));
		assert.equal(proved.trust.verdict, "signed", `${version} ${JSON.stringify(proved.trust)}`);
		const { signer } = proved.nodes.find((/** @type {any} */ one) => one.proof?.good).proof;
		const identities = [{ san: signer.identity, issuer: signer.issuer }];
		assert.equal((await api.verifySignatures(proved, { identities })).trust.verdict, "signed-by-named");
		const others = [{ repository: "another/repository" }];
		assert.equal((await api.verifySignatures(proved, { identities: others })).trust.verdict, "failed");
	}
});

// The bundles of other projects with the verdicts that these give, as questions for `verifyBundle`: in Node and in a browser.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(import.meta.dirname, "../..");
const places = [process.env.STOWPLAN_TRUST_VECTORS ?? "", "../shared/trust-vectors", "../../shared/trust-vectors"];

/** The folder of the vectors, if there is one. */
export const VECTORS = places
	.map((place) => path.resolve(ROOT, place))
	.find((place) => existsSync(path.join(place, "index.json")));
/** For `test`'s options. */
export const needsVectors = VECTORS ? {} : { skip: "STOWPLAN_TRUST_VECTORS names no folder" };

/** @param {string} name */
export const text = (name) => readFileSync(path.join(VECTORS ?? "", name), "utf8");

/** Of those that pass elsewhere, the judge knows no P-521 keys, and one project alone takes a chain in version 0.3. */
const OTHERWISE = ["PKIX_ECDSA_P521_SHA_512.sigstore.json", "bundle-no-digest.sigstore"];
const GOOD = /^(pass|pass-signature|pass-with-key)$/;
/** The suite does not say what should come of these. */
const OPEN = /^(parses|pass-parse|differs-by-client)$/;

const GITHUB =
	"sigstore_sigstore-java/sigstore-java/src/test/resources/dev/sigstore/samples/bundles/github-private-no-tlog/trusted_root.jsonl";
/** Bundles that were signed with a key. @type {Record<string, string>} */
const KEYS = {
	"public-key-validity.sigstore.json": "sigstore_sigstore-go/pkg/testing/data/public-keys/public-key-validity.pem",
	"bundle-publish.json": "sigstore_sigstore-go/examples/publish_key.pub",
};
/** Evidence that the projects' own tests do not ask for, either. @type {Record<string, object>} */
const ALLOWED = {
	"public-key-validity.sigstore.json": { noLog: true },
	"github_sha384_bundle.json": { noLog: true, noCertificateLog: true },
};
/** Roots that lie beside a bundle. @type {Record<string, string>} */
const BESIDE = {
	"staging_bundle.sigstore.json": "staging_trusted_root.json",
	"valid_bundle.json": "valid_trusted_root.json",
};

/** @typedef {{ name: string, bundle: string, good: boolean | undefined, options: Record<string, any> }} Case */

/** Every bundle, with what it says it is about; `good` is undefined if any verdict will do. @returns {Case[]} */
export function bundleCases() {
	const bundles = JSON.parse(text("index.json")).filter((/** @type {any} */ { kind }) => kind === "sigstore-bundle");
	return bundles.flatMap((/** @type {any} */ entry) => {
		const name = path.basename(entry.file);
		const good = OTHERWISE.includes(name) ? false : GOOD.test(entry.expected);
		return jsonLines(text(entry.file)).map((bundle) => ({
			...{ name: entry.file, bundle, good: OPEN.test(entry.expected) ? undefined : good },
			options: {
				...subjectOf(entry.file, bundle),
				...rootOf(entry),
				...(KEYS[name] && { key: text(KEYS[name]) }),
				allow: ALLOWED[name],
			},
		}));
	});
}

/** @param {string} all */
function jsonLines(all) {
	try {
		JSON.parse(all);
		return [all];
	} catch {
		return all.split("\n").filter((line) => line.trim());
	}
}

/** @param {{ file: string, trustedRoot?: string }} entry */
function rootOf({ file, trustedRoot }) {
	const name = path.basename(file);
	const beside = BESIDE[name] && path.join(path.dirname(file), BESIDE[name]);
	// The root beside it names timestamp authorities only; this one is of the same instance.
	const root = name === "github_sha384_bundle.json" ? GITHUB : (beside ?? trustedRoot?.split(" (")[0]);
	return root ? { trustedRoot: text(root) } : {};
}

/** The subject of a bundle, by itself or by the file beside it. @param {string} file @param {string} bundle */
function subjectOf(file, bundle) {
	try {
		return { digest: digestOf(JSON.parse(bundle)) };
	} catch {
		const beside = path.join(VECTORS ?? "", path.dirname(file), "artifact.txt");
		return { artifact: existsSync(beside) ? [...readFileSync(beside)] : [] };
	}
}

/** @param {any} bundle */
function digestOf(bundle) {
	if (bundle.dsseEnvelope) {
		const { subject } = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString());
		const found = subject
			.map((/** @type {any} */ one) => one.digest)
			.find((/** @type {any} */ one) => one.sha256 ?? one.sha512);
		return found.sha256 ? `sha256:${found.sha256}` : `sha512:${found.sha512}`;
	}
	const { algorithm, digest } = bundle.messageSignature.messageDigest;
	return `${algorithm.replace("SHA2_", "sha")}:${Buffer.from(digest, "base64").toString("hex")}`;
}

/**
 * The answers of `verifyBundle` to a case whose own signer is named; and to a good one, with another artifact, identity and issuer.
 * It takes nothing from around it, so that it can run in a page.
 * @param {(bundle: string, options: object) => Promise<any>} verifyBundle @param {Case} one
 * @returns {Promise<{ verdict: string, others: string[], told: string }>}
 */
export async function verdictOf(verifyBundle, { bundle, options }) {
	const { artifact } = options;
	const asked = { ...options, ...(artifact && { artifact: new Uint8Array(artifact) }) };
	const ask = (/** @type {object} */ more) =>
		verifyBundle(bundle, { ...asked, ...more }).catch((error) => ({ verdict: error.code, checks: [] }));
	const { identity, issuer } = (await ask({})).signer ?? {};
	const who = identity ? { identity, issuer } : {};
	const { verdict: whole, checks } = await ask(who);
	const open = checks.filter((/** @type {any} */ { outcome }) => outcome !== "pass");
	// A certificate without an issuer can be named by half only, and that is all that is open then.
	const half = identity && !issuer && open.length === 1 && open[0].reason === "issuer-not-given";
	const verdict = half ? "verified" : whole;
	/** @type {object[]} */
	const wrong = [{ artifact: undefined, digest: `sha256:${"0".repeat(64)}` }];
	if (identity) wrong.push({ ...who, identity: `${identity}x` }, { ...who, issuer: `${issuer}x` });
	const others = [];
	if (verdict === "verified") for (const more of wrong) others.push((await ask({ ...who, ...more })).verdict);
	return { verdict, others, told: open.map((/** @type {any} */ { id, reason }) => `${id} ${reason}`).join(", ") };
}

/**
 * The wrong answers: each bundle has its verdict, and none is good for another artifact or signer.
 * @param {Case[]} cases @param {Awaited<ReturnType<typeof verdictOf>>[]} answers
 */
export function wrongOf(cases, answers) {
	return cases.flatMap(({ name, good }, at) => {
		const { verdict, others, told } = answers[at] ?? { verdict: "none", others: [], told: "" };
		if (others.includes("verified")) return [`${name} is verified for another artifact or signer`];
		if (good === undefined || (verdict === "verified") === good) return [];
		return [`${name} should ${good ? "" : "not "}be verified: ${verdict} ${told}`];
	});
}

// The built API's answers about bundles of the tests' own world, in short; and copies that are changed in one place.

import { api, codeOf } from "../wasm/support.mjs";
import { sha256 } from "./certificates.mjs";
import { IDENTITY, VOUCHED, world } from "./world.mjs";

export const own = world();
export const CONTENT = "what was signed";
export const DIGEST = `sha256:${sha256(CONTENT).toString("hex")}`;

/** The verdict, and each check that does not pass; an error is its code alone. @param {string | object} bundle @param {object} [more] */
export async function told(bundle, more) {
	const question = {
		artifact: Buffer.from(CONTENT),
		identity: IDENTITY,
		issuer: VOUCHED,
		trustedRoot: own.trustedRoot(),
	};
	const proof = await api.verifyBundle(bundle, { ...question, ...more }).catch((/** @type {any} */ error) => ({
		...{ verdict: codeOf(error), checks: [] },
	}));
	const open = proof.checks.filter((/** @type {any} */ { outcome }) => outcome !== "pass");
	return [proof.verdict, ...open.map((/** @type {any} */ { id, outcome, reason }) => `${id} ${outcome}: ${reason}`)];
}

/** The same without what only follows from it: steps that were not reached. @param {string | object} bundle @param {object} [more] */
export async function cause(bundle, more) {
	const follows = /: (earlier-step-not-proved|signature-not-proved|certificate-not-proved|no-signed-time)$/;
	return [...new Set((await told(bundle, more)).filter((line) => !follows.test(line)))];
}

/** @template T @param {T} whole @param {(copy: any) => void} change @returns {T} */
export function changed(whole, change) {
	const copy = structuredClone(whole);
	change(copy);
	return copy;
}

/** The only log entry of a bundle. @param {any} bundle */
export const entryOf = (bundle) => bundle.verificationMaterial.tlogEntries[0];

/** A statement about digests, `{ sha256: … }` each. @param {object[]} digests */
export const statement = (...digests) => ({
	_type: "https://in-toto.io/Statement/v1",
	predicateType: "https://example.com/predicate",
	subject: digests.map((digest, at) => ({ name: `image-${at}`, digest })),
	predicate: {},
});

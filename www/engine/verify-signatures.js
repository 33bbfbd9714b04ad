// Off the line, beside the session: verifies the signatures that a report shows, into a new report.

import { placesOf, withPlaces } from "./archives/places.js";
import { verdictOf } from "./layers/merge.js";
import { BUNDLE_BYTES } from "./limits.js";
import { aborted, answered } from "./session.js";
import { question } from "./signatures-question.js";
import { bytesAt, factsOf } from "./statements.js";

/** @typedef {import("../types.js").Report} Report */

/**
 * @typedef {object} SignatureOptions
 * @property {string[]} [keys] public keys (PEM) that may have signed
 * @property {import("./signatures-question.js").Identity[]} [identities] who may have signed
 * @property {import("./signatures-question.js").TrustedRoot} [trustedRoot] replaces the one that ships
 * @property {import("./signatures-question.js").Allow} [allow]
 * @property {number} [require] how many different signers of those must have signed the image
 * @property {Date | number} [at] the reader's time, if it is not now
 * @property {string} [node] the id of the image to look at, if it is not the chosen platform
 * @property {AbortSignal} [signal]
 */

/**
 * Verifies the signatures that a report shows: each signature's node gets its checks, the report gets `trust`. The report's
 * own verdict stays what it was, but for `require`, which adds the check `policy` to the image.
 * @param {Report} report from `inspect`, `open` or `referrers`; it stays as it is
 * @param {SignatureOptions} [options]
 * @returns {Promise<Report>} a new one
 */
export async function verifySignatures(report, { signal, node: view, ...options } = {}) {
	const facts = factsOf(report);
	const wanted = await answered((remote) => remote.signaturesOf(facts, view));
	/** @type {{ id: string, bytes?: Uint8Array }[]} */
	const bytes = [];
	for (const { id, digest } of wanted) {
		if (signal?.aborted) throw aborted();
		bytes.push({ id, bytes: await bytesAt(report, { id, digest }, BUNDLE_BYTES) });
	}
	// An opened file holds all that there is; a registry has more places, which `referrers` asks.
	const places = report.source.kind !== "registry" || report.asked !== undefined;
	const asked = { ...question(options), view, name: report.source.reference, asked: places };
	const outcome = await answered((remote) => remote.judgeSignatures(facts, bytes, asked));
	return withPlaces(merged(report, outcome), placesOf(report));
}

/** @param {Report} report @param {import("../types.js").JudgedSignatures} outcome */
function merged(report, { judged, trust, policy, image }) {
	const byId = new Map(judged.map((one) => [one.id, one]));
	/** The requirements of an earlier verification. @type {import("../types.js").Check[]} */
	const before = [];
	const nodes = report.nodes.map((node) => {
		const one = byId.get(node.id);
		if (one)
			return {
				...node,
				about: one.about ?? node.about,
				checks: [...others(node, one), ...one.checks],
				proof: proofOf(one),
			};
		if (node.id !== image) return node;
		const checks = node.checks.filter(({ id }) => id !== "policy");
		before.push(...node.checks.filter(({ id }) => id === "policy"));
		return { ...node, checks: policy ? [...checks, policy] : checks };
	});
	return {
		...report,
		nodes,
		trust: { ...trust, ...(report.asked && { asked: report.asked }) },
		summary: policy || before.length > 0 ? counted(report.summary, before, policy) : report.summary,
	};
}

/** The checks that stay: not those of an earlier verification. @param {import("../types.js").Node} node @param {{ checks: import("../types.js").Check[] }} made */
function others(node, { checks }) {
	const made = new Set(checks.map(({ id }) => id));
	return node.checks.filter(({ id }) => !made.has(id));
}

/** @param {import("../types.js").JudgedSignature} judged */
const proofOf = ({ verdict, signer, times, good, named }) => ({ verdict, signer, times, good, named });

/**
 * The policy's outcome in the place of the earlier one's.
 * @param {import("../types.js").Summary} summary @param {import("../types.js").Check[]} before
 * @param {import("../types.js").Check} [policy]
 * @returns {import("../types.js").Summary}
 */
function counted(summary, before, policy) {
	const count = (/** @type {import("../types.js").Outcome} */ wanted) =>
		Number(policy?.outcome === wanted) - before.filter(({ outcome }) => outcome === wanted).length;
	const [pass, fail] = [summary.pass + count("pass"), summary.fail + count("fail")];
	const counts = { ...summary, pass, fail };
	return { ...counts, verdict: verdictOf(counts) };
}

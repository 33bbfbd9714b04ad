// embeds -> snapshots. Makes, refreshes and checks the snapshot of an embed; what contradicts its pins is a problem.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as api from "../../www/api.js";
import { snapshotName } from "./fence.js";
import { judgeSigners, signersOf } from "./signers.js";

/**
 * @typedef {import("./find.js").Embed} Embed
 * @typedef {import("./fence.js").Problem} Problem
 * @typedef {import("../../www/types.js").Report} Report
 * @typedef {import("../../www/types.js").Node} Node
 * @typedef {import("../../www/types.js").Snapshot} Snapshot
 *
 * @typedef {object} Kept
 * @property {string} file @property {number} line @property {"element" | "fence"} form
 * @property {string} [reference]
 * @property {string} [snapshot] the path of its file
 * @property {string} [digest] of the document at its root
 * @property {"verified" | "failed" | "incomplete"} state `incomplete`: something that the page asks for was not checked
 * @property {"made" | "refreshed" | "kept"} [did]
 * @property {Problem[]} problems
 *
 * @typedef {object} KeepOptions
 * @property {boolean} [offline] never ask a registry
 * @property {boolean} [refresh] ask the registries for every image again
 * @property {(embed: Embed) => boolean} [only] which embeds of a page are looked at
 * @property {string} [root] the folder that a `src` from the site's root is in
 * @property {string} [trustedRoot] signatures are judged by this trusted_root.json, not by the one that ships
 * @property {(reference: string) => Promise<object>} [access] options of `inspect` for a reference
 *
 * @typedef {import("./signers.js").Signers & { name: string }} Named
 * @typedef {{ report: Report, snapshot?: Snapshot, judged?: Report }} Found
 */

/** Codes that say that something was not checked; any other problem is a contradiction or an error. */
const OPEN = new Set(["snapshot-missing", "identity-not-checked", "remote-snapshot"]);

/** The snapshots of one build: each image is asked for once. */
export class Keeper {
	/** @type {Map<string, Promise<Found>>} */
	#asked = new Map();

	/** @param {KeepOptions} [options] */
	constructor(options = {}) {
		this.options = options;
	}

	/**
	 * @param {Embed} embed
	 * @param {string} file the page that it is in
	 * @returns {Promise<Kept>}
	 */
	async keep({ line, form, attributes, problems }, file) {
		/** @type {Kept} */
		const kept = { file, line, form, reference: attributes.reference, state: "verified", problems: [...problems] };
		try {
			if (problems.length === 0) await this.#kept(kept, attributes);
		} catch (/** @type {any} */ error) {
			kept.problems.push({ code: error?.code ?? "unexpected", message: String(error?.message ?? error) });
		}
		if (kept.problems.length > 0)
			kept.state = kept.problems.every(({ code }) => OPEN.has(code)) ? "incomplete" : "failed";
		return kept;
	}

	/** @param {Kept} kept @param {import("./fence.js").Attributes} attributes */
	async #kept(kept, attributes) {
		const { reference, src, digest } = attributes;
		const place = placeOf(attributes, kept.file, this.options.root);
		if (!place)
			return void kept.problems.push({ code: "remote-snapshot", message: `${src} is not a file of this site` });
		kept.snapshot = place;
		const before = await snapshotAt(place);
		if (!before && !reference) return void kept.problems.push(missing(place));
		const stays = before && (this.options.offline || !this.options.refresh || !reference);
		if (!stays && this.options.offline) return void kept.problems.push(missing(place));
		const named = await signersOf(attributes, (key) => placeOf({ src: key }, kept.file, this.options.root));
		const signers = named && "code" in named ? undefined : named;
		/** @type {Found} */
		let found = stays
			? { report: await api.openSnapshot(before) }
			: await this.#ask(String(reference), attributes, signers);
		kept.digest = digestOf(found, before);
		const wrong = [...failures(found.report), ...(await pinned(kept.digest, digest, reference, found))];
		kept.problems.push(...wrong);
		if (wrong.length > 0) return;
		// A snapshot that was made before a signer was named holds no signature, and a page asks for none.
		const asks = stays && signers && reference && !this.options.offline && !holdsSignature(found.report);
		if (asks) {
			const now = await this.#ask(String(reference), attributes, signers);
			if (digestOf(now) === kept.digest) found = now;
		}
		kept.did = "kept";
		if (found.snapshot && (asks || before?.digest !== found.snapshot.digest)) {
			await write(place, found.snapshot);
			kept.did = before ? "refreshed" : "made";
		}
		if (named && "code" in named) kept.problems.push(named);
		else if (named) kept.problems.push(...(await this.#signed(found, named)));
	}

	/** @param {string} reference @param {import("./fence.js").Attributes} attributes @param {Named} [signers] @returns {Promise<Found>} */
	#ask(reference, { platform }, signers) {
		const key = JSON.stringify([reference, platform, signers]);
		const known = this.#asked.get(key) ?? this.#inspect(reference, platform, signers);
		this.#asked.set(key, known);
		return known;
	}

	/** @param {string} reference @param {string} [platform] @param {Named} [signers] @returns {Promise<Found>} */
	async #inspect(reference, platform, signers) {
		const access = await this.options.access?.(reference);
		const report = await api.inspect(reference, { platform, ...access });
		if (report.summary.verdict === "failed") return { report };
		const judged = signers && (await this.#judged(report, signers, access));
		return { report, judged, snapshot: await api.makeSnapshot(judged ? withNamedOnly(judged) : report) };
	}

	/** @param {Report} report @param {Named} signers @param {object} [access] */
	#judged(report, { name: _, ...signers }, access) {
		const { trustedRoot } = this.options;
		return judgeSigners(report, { ...signers, ...(trustedRoot && { trustedRoot }) }, access);
	}

	/**
	 * Holds the actual signers against those that the page requires.
	 * @param {Found} found @param {Named} signers
	 * @returns {Promise<Problem[]>}
	 */
	async #signed({ report, judged }, signers) {
		const { name } = signers;
		if (!judged && !holdsSignature(report))
			return [{ code: "identity-not-checked", message: `${name} is not checked: the snapshot holds no signature` }];
		const { nodes, trust } = judged ?? (await this.#judged(report, signers));
		const policy = nodes.flatMap(({ checks }) => checks).find(({ id }) => id === "policy");
		if (policy?.outcome === "pass") return [];
		return [{ code: "identity-mismatch", message: `${name} did not sign it: ${trust?.verdict}`, expected: name }];
	}
}

/** @param {Report} report */
const holdsSignature = ({ nodes }) => nodes.some(({ kind }) => kind === "signature");

/** Without what others have hung beside the image: only the signatures of those who are named are kept. @param {Report} report @returns {Report} */
function withNamedOnly(report) {
	const byId = new Map(report.nodes.map((node) => [node.id, node]));
	/** @type {Set<string | null>} */
	const kept = new Set();
	for (const { id, proof } of report.nodes) {
		let up = proof?.named ? byId.get(id) : undefined;
		for (; up?.beside && up.about !== undefined; up = byId.get(up.parent ?? "")) kept.add(up.id);
	}
	// A fault in a signature's own config is no fault of the image's.
	const isWrong = (/** @type {Node} */ { checks }) => checks.some(({ outcome }) => outcome === "fail");
	const stays = (/** @type {Node} */ node) =>
		!node.beside || node.about === undefined || kept.has(node.id) || (kept.has(node.parent) && !isWrong(node));
	return { ...report, nodes: report.nodes.filter(stays) };
}

/** @param {string} place @returns {Problem} */
const missing = (place) => ({ code: "snapshot-missing", message: `there is no snapshot at ${place}` });

/** Its place on the disk; nothing for an address on another host. @param {import("./fence.js").Attributes} attributes @param {string} file @param {string} [root] */
export function placeOf({ src, reference = "" }, file, root) {
	if (src && /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(src)) return undefined;
	const [name = ""] = (src || snapshotName(reference)).split(/[?#]/);
	if (name.startsWith("/")) return path.join(root ?? path.dirname(file), name);
	return path.join(path.dirname(file), src ? decodeURI(name) : name);
}

/** @param {string} place @returns {Promise<Snapshot | undefined>} */
async function snapshotAt(place) {
	const text = await readFile(place, "utf8").catch((error) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (text === undefined) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		throw Object.assign(new Error(`${place} is not JSON`), { code: "invalid-snapshot" });
	}
}

/** @param {string} place @param {Snapshot} snapshot */
async function write(place, snapshot) {
	await mkdir(path.dirname(place), { recursive: true });
	await writeFile(place, `${JSON.stringify(snapshot)}\n`);
}

/** The computed digest of the document that stands for the image. @param {Found} found @param {Snapshot} [before] */
const digestOf = ({ report, snapshot }, before) =>
	snapshot?.digest ?? report.nodes.find(({ id, digest }) => id === report.roots[0] && digest)?.digest ?? before?.digest;

/** @param {Report} report @returns {Problem[]} */
const failures = ({ nodes }) =>
	nodes.flatMap(({ checks }) =>
		checks
			.filter(({ outcome }) => outcome === "fail")
			.map(({ id, message, expected, actual }) => ({ code: `failed-${id}`, message, ...values(expected, actual) })),
	);

/** @param {string | null | undefined} expected @param {string | null | undefined} actual */
const values = (expected, actual) => ({ ...(expected && { expected }), ...(actual && { actual }) });

/**
 * Holds the digests that the page pins and its reference names against the actual one.
 * @param {string | undefined} actual @param {string | undefined} digest @param {string | undefined} reference @param {Found} found
 * @returns {Promise<Problem[]>}
 */
async function pinned(actual, digest, reference, { report, snapshot }) {
	const named = reference ? await api.readReference(reference) : undefined;
	const pins = [digest, named?.digest ?? undefined].filter((pin) => pin && pin !== actual);
	if (pins.length > 0) {
		const message = `the page pins another digest than ${snapshot ? "the registry serves" : "the snapshot has"}`;
		return [{ code: "digest-mismatch", message, ...values(pins[0], actual) }];
	}
	const kept = snapshot ? undefined : report.snapshot?.reference;
	if (!kept || !named || named.digest) return [];
	const other = await api.readReference(kept).catch(() => undefined);
	if (!other || other.canonical === named.canonical) return [];
	const message = "the snapshot is of another image than the page names";
	return [{ code: "reference-mismatch", message, expected: named.canonical, actual: other.canonical }];
}

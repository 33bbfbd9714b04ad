// `<stow-tags .api .settings>`: the tags of a repository, what they name, and which of them name one digest.

import { inAddress } from "../../page/comparing/compare-address.js";
import { asking } from "../../page/settings.js";
import { failureOf } from "../../page/state.js";
import { tagsView } from "../../views/compare/tag-list.js";
import { Part } from "../part.js";

/**
 * @typedef {import("../../engine/compare/tags-of-repository.js").TagRow} TagRow
 * @typedef {Pick<typeof import("../../api.js"), "tags" | "resolveTags" | "findTags" | "groupTags">} Api what is called of it
 */

/** The most tags that are asked for with one press. */
export const ASKED = 500;

export class StowTags extends Part {
	static properties = {
		repository: {},
		list: { state: true },
		failure: { state: true },
		filter: { state: true },
		folded: { state: true },
		rows: { state: true },
		groups: { state: true },
		job: { state: true },
		found: { state: true },
		leftOver: { state: true },
		unlisted: { state: true },
	};

	constructor() {
		super();
		/** @type {Api | undefined} */
		this.api = undefined;
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		this.repository = "";
		/** The most tags that are listed, if not as many as the API lists. @type {number | undefined} */
		this.limit = undefined;
		/** The address to which a tag leads. @type {(reference: string) => string | undefined} */
		this.link = (reference) => `#ref=${inAddress(reference)}`;
		/** @type {import("../../engine/compare/tags-of-repository.js").TagList | undefined} */
		this.list = undefined;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.failure = undefined;
		this.filter = "";
		/** True if the tags of signatures are left out. */
		this.folded = true;
		/** The facts of tags. @type {Map<string, TagRow>} */
		this.rows = new Map();
		/** Tags of one digest, if they are shown so. @type {{ digest?: string, tags: string[] }[] | undefined} */
		this.groups = undefined;
		/** The job that is running: the number of tags that were asked about, and of all. @type {{ stop: AbortController, asked: number, of: number } | undefined} */
		this.job = undefined;
		/** The search for a digest. @type {{ digest: string, tags: string[], asked: number, of: number } | undefined} */
		this.found = undefined;
		/** The number of requests that the registry still grants, by its last answer. @type {number | undefined} */
		this.leftOver = undefined;
		/** True if no list came: nothing answered, or that was stopped. */
		this.unlisted = false;
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		// Moving in the document is leaving and coming back at once.
		queueMicrotask(() => this.isConnected || this.job?.stop.abort());
	}

	/** @param {string} repository @param {string} [filter] what the list is filtered by at first */
	async show(repository, filter = "") {
		if (this.repository === repository && this.list) return;
		this.job?.stop.abort();
		const fresh = {
			list: undefined,
			failure: undefined,
			groups: undefined,
			found: undefined,
			filter,
			folded: true,
			leftOver: undefined,
			unlisted: false,
		};
		Object.assign(this, { repository, rows: new Map(), ...fresh });
		await this.run(0, async (signal) => {
			const list = await this.api?.tags(repository, { ...this.asking(signal), limit: this.limit });
			if (!signal.aborted) this.list = list;
		});
		if (this.job === undefined) this.unlisted = this.list === undefined;
	}

	/** The tags in view: those that the filter keeps, without those of signatures unless they are wanted. */
	shown() {
		const { list, filter, folded } = this;
		if (!list) return [];
		const kept = folded ? list.tags.slice(0, list.tags.length - list.folded) : list.tags;
		const words = filter.trim().toLowerCase();
		return words ? kept.filter((tag) => tag.toLowerCase().includes(words)) : kept;
	}

	/** The tags in view that were not asked yet, as many as one press asks. */
	left() {
		return this.shown()
			.filter((tag) => !this.rows.get(tag)?.digest)
			.slice(0, ASKED);
	}

	/** Asks by HEAD what they name. */
	async resolve() {
		const tags = this.left();
		await this.run(tags.length, async (signal) => {
			await this.api?.resolveTags(this.repository, tags, {
				...this.asking(signal),
				onRow: this.heard(signal),
			});
		});
		await this.group();
	}

	/** Reads the manifest that a tag names: the button says so if that counts as a pull. @param {string} tag */
	async detail(tag) {
		await this.run(1, async (signal) => {
			const how = { details: true, countedPulls: this.list?.countsPulls };
			await this.api?.resolveTags(this.repository, [tag], {
				...this.asking(signal),
				...how,
				onRow: this.heard(signal),
			});
		});
	}

	/** @param {string} digest */
	async search(digest) {
		const known = this.shown().filter((tag) => this.rows.get(tag)?.digest === digest);
		const tags = this.left();
		const hits = new Set(known);
		const found = { digest, tags: known, asked: 0, of: tags.length };
		this.found = found;
		await this.run(tags.length, async (signal) => {
			const heard = this.heard(signal);
			const onRow = (/** @type {TagRow} */ row) => {
				heard(row);
				const { tags: known = [], asked = 0 } = this.found ?? {};
				const isHit = row.digest === digest;
				if (isHit) hits.add(row.tag);
				// Answers come in any order; the list keeps its own.
				const ordered = isHit ? (this.list?.tags ?? []).filter((tag) => hits.has(tag)) : known;
				this.found = { ...found, tags: ordered, asked: asked + 1 };
			};
			await this.api?.findTags(this.repository, digest, { ...this.asking(signal), tags, onRow });
		});
	}

	/** With what all is asked; what the registry still grants is told. @param {AbortSignal} signal */
	asking(signal) {
		const onProgress = (/** @type {import("../../types.js").ProgressEvent} */ event) => {
			if (signal.aborted || event.type !== "request") return;
			this.leftOver = event.rateLimitRemaining ?? this.leftOver;
		};
		return { ...asking(this.settings), signal, onProgress };
	}

	/** @param {AbortSignal} signal @returns {(row: TagRow) => void} */
	heard(signal) {
		return (row) => {
			if (signal.aborted) return;
			this.rows = new Map(this.rows).set(row.tag, row);
			if (this.job) this.job = { ...this.job, asked: this.job.asked + 1 };
			if (row.why !== "rate-limited") return;
			// Requests that the registry counts are not made any further.
			this.failure = { code: row.why, message: row.message ?? row.why, retryAfter: undefined };
			this.job?.stop.abort();
		};
	}

	async group() {
		const rows = [...this.rows.values()].filter(({ digest }) => digest);
		this.groups = rows.length > 0 ? await this.api?.groupTags(rows) : undefined;
	}

	/** One thing at a time. @param {number} of @param {(signal: AbortSignal) => Promise<void>} work */
	async run(of, work) {
		this.job?.stop.abort();
		const stop = new AbortController();
		Object.assign(this, { job: { stop, asked: 0, of }, failure: undefined });
		try {
			await work(stop.signal);
		} catch (error) {
			if (!stop.signal.aborted) this.failure = failureOf(error);
		} finally {
			if (this.job?.stop === stop) this.job = undefined;
		}
	}

	render() {
		return tagsView(this);
	}
}

// `<stow-tags .api .settings>`: the tags of a repository, what they name, and which of them name one digest.

import { asking } from "../../page/settings.js";
import { failureOf } from "../../page/state.js";
import { tagsView } from "../../views/compare/tag-list.js";
import { Part } from "../part.js";

/** @typedef {import("../../engine/compare/tags-of-repository.js").TagRow} TagRow */

/** How many tags are asked at most with one press. */
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
	};

	constructor() {
		super();
		/** @type {typeof import("../../api.js") | undefined} */
		this.api = undefined;
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		this.repository = "";
		/** @type {import("../../engine/compare/tags-of-repository.js").TagList | undefined} */
		this.list = undefined;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.failure = undefined;
		this.filter = "";
		/** Whether the tags of signatures are left out. */
		this.folded = true;
		/** What is known of tags. @type {Map<string, TagRow>} */
		this.rows = new Map();
		/** Tags of one digest, if they are shown so. @type {{ digest?: string, tags: string[] }[] | undefined} */
		this.groups = undefined;
		/** What is running: how many tags were asked of how many. @type {{ stop: AbortController, asked: number, of: number } | undefined} */
		this.job = undefined;
		/** The search for a digest. @type {{ digest: string, tags: string[], asked: number, of: number } | undefined} */
		this.found = undefined;
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.job?.stop.abort();
	}

	/** @param {string} repository */
	async show(repository) {
		if (this.repository === repository && this.list) return;
		this.job?.stop.abort();
		const fresh = {
			list: undefined,
			failure: undefined,
			groups: undefined,
			found: undefined,
			filter: "",
			folded: true,
		};
		Object.assign(this, { repository, rows: new Map(), ...fresh });
		await this.run(0, async (signal) => {
			const list = await this.api?.tags(repository, { ...asking(this.settings), signal });
			if (!signal.aborted) this.list = list;
		});
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
				...asking(this.settings),
				signal,
				onRow: this.heard(signal),
			});
		});
		await this.group();
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
			await this.api?.findTags(this.repository, digest, { ...asking(this.settings), tags, signal, onRow });
		});
	}

	/** @param {AbortSignal} signal @returns {(row: TagRow) => void} */
	heard(signal) {
		return (row) => {
			if (signal.aborted) return;
			this.rows = new Map(this.rows).set(row.tag, row);
			if (this.job) this.job = { ...this.job, asked: this.job.asked + 1 };
			if (row.why !== "rate-limited") return;
			// What the registry counts is not asked any further.
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

// Comparison -> www. `<stow-compare a b .comparison=…>`: two images against each other.

import { failureOf } from "../../page/state.js";
import { compareView } from "../../views/compare/compare-view.js";
import { Part } from "../part.js";
import { bothTexts } from "./both-texts.js";

export class StowCompare extends Part {
	static properties = {
		a: {},
		b: {},
		platform: {},
		platforms: {},
		local: { type: Boolean },
		comparison: {},
		busy: { type: Boolean },
		failure: {},
		fixed: { type: Boolean },
		sides: { state: true },
		changing: { state: true },
		rows: { state: true },
		total: { state: true },
		growth: { state: true },
		leftOver: { state: true },
		revealed: { state: true },
		bytes: { state: true },
		diff: { state: true },
		changes: { state: true },
		listing: { state: true },
	};

	constructor() {
		super();
		this.a = "";
		this.b = "";
		/** @type {string | undefined} */
		this.platform = undefined;
		/** @type {[string, string] | undefined} */
		this.platforms = undefined;
		/** True if the pair has no address: files, and what was opened from some. */
		this.local = false;
		/** The functions of the API that are called. @type {Pick<typeof import("../../api.js"), "readFile" | "packages" | "comparePackages"> | undefined} */
		this.api = undefined;
		/** How registries are asked. @type {{ proxy?: string, credentials?: import("../../types.js").Credential[] }} */
		this.asking = {};
		/** @type {import("../../engine/compare/compare-images.js").Comparison | undefined} */
		this.comparison = undefined;
		this.busy = false;
		/** True if the pair is set by the page around it. */
		this.fixed = false;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.failure = undefined;
		/** The platforms of each side, once its documents are here. @type {{ a: string[], b: string[] }} */
		this.sides = { a: [], b: [] };
		/** True while the fields for another pair are open. */
		this.changing = false;
		/** @type {import("../../engine/compare/compare-images.js").ComparedRow[]} */
		this.rows = [];
		/** The number of rows. */
		this.total = 0;
		/** @type {import("../../engine/compare/compare-images.js").Growth[]} */
		this.growth = [];
		/** The number of requests that the registry still grants, by its last answer. @type {number | undefined} */
		this.leftOver = undefined;
		/** The paths of secrets that the reader asked to see. @type {Set<string>} */
		this.revealed = new Set();
		/** The number of bytes that were read, by layer. @type {Map<string, number>} */
		this.bytes = new Map();
		/** The file whose text is shown on both sides. @type {{ path: string, texts?: [string, string], problem?: "binary" | "large", failure?: import("../../views/status.js").Failure } | undefined} */
		this.diff = undefined;
		/** The packages that differ. @type {import("../../engine/compare/packages-of-image.js").PackageChange[] | undefined} */
		this.changes = undefined;
		/** Bytes read so far while packages are listed. @type {number | undefined} */
		this.listing = undefined;
		/** Reads a file's text. @type {AbortController | undefined} */
		this.job = undefined;
		/** Lists packages. @type {AbortController | undefined} */
		this.listJob = undefined;
		/** The run of the comparison in view: each has an object of its own. */
		this.turn = {};
	}

	/** @param {{ id?: string, side?: string, bytes?: number, rateLimitRemaining?: number, platforms?: string[] }} event */
	heard({ id, side, bytes, rateLimitRemaining, platforms }) {
		this.leftOver = rateLimitRemaining ?? this.leftOver;
		if (side && platforms) this.sides = { ...this.sides, [side]: platforms };
		if (id === undefined || bytes === undefined) return;
		this.bytes = new Map(this.bytes).set(`${side} ${id}`, bytes);
	}

	/** @param {import("../../engine/compare/compare-images.js").Comparison} comparison */
	async show(comparison) {
		const [{ files }, { turn }] = [comparison, this];
		const query = { ignoreTimes: true };
		const [rows, total, growth] = files
			? await Promise.all([files.rows({ ...query, to: 100 }), files.count(query), files.growth(3)])
			: [[], 0, []];
		// A newer run has begun meanwhile.
		if (turn !== this.turn) return files?.close();
		this.stopReading();
		const fresh = { busy: false, bytes: new Map(), diff: undefined, changes: undefined, listing: undefined };
		Object.assign(this, { comparison, rows, total, growth, ...fresh });
	}

	stopReading() {
		for (const job of [this.job, this.listJob]) job?.abort();
		[this.job, this.listJob] = [undefined, undefined];
	}

	/** @param {import("../../engine/compare/compare-images.js").ComparedRow} row */
	async openDiff(row) {
		const { api, comparison } = this;
		if (!api || !comparison || !row.a || !row.b) return;
		this.job?.abort();
		const job = new AbortController();
		const { path } = row;
		[this.job, this.diff] = [job, { path }];
		const found = await bothTexts(this, comparison, row, job.signal);
		if (this.job === job) this.diff = { path, ...found };
	}

	/** To a path in the tree of the files that differ. @param {string} path */
	goTo(path) {
		const list = /** @type {import("./changed-files.js").StowChangedFiles | null} */ (
			this.querySelector("stow-changed-files")
		);
		void list?.goTo(path);
	}

	/** The packages that differ between both, from layers that are proved again. */
	async comparePackages() {
		const { api, comparison } = this;
		if (!api || !comparison) return;
		this.listJob?.abort();
		const job = new AbortController();
		[this.listJob, this.listing] = [job, 0];
		/** @type {Map<string, number>} */
		const counts = new Map();
		const sides = /** @type {const} */ ([
			[comparison.reports[0], comparison.a.image],
			[comparison.reports[1], comparison.b.image],
		]);
		try {
			const lists = await Promise.all(
				sides.map(([report, image], side) => {
					const onProgress = (/** @type {{ id: string, bytes?: number }} */ { id, bytes = 0 }) => {
						counts.set(`${side} ${id}`, bytes);
						if (this.listJob === job) this.listing = [...counts.values()].reduce((sum, one) => sum + one, 0);
					};
					return api.packages(report, { ...this.asking, image, signal: job.signal, onProgress });
				}),
			);
			const [one, other] = lists;
			if (this.listJob === job && one && other) this.changes = await api.comparePackages(one.packages, other.packages);
		} catch (error) {
			if (this.listJob === job && !job.signal.aborted) this.failure = failureOf(error);
		} finally {
			if (this.listJob === job) this.listing = undefined;
		}
	}

	/** @param {string} path */
	reveal(path) {
		this.revealed = new Set(this.revealed).add(path);
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		// Moving in the document is leaving and coming back at once.
		queueMicrotask(() => {
			if (this.isConnected) return;
			this.stopReading();
			this.comparison?.files?.close();
		});
	}

	render() {
		return compareView(this);
	}
}

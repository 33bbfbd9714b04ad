// FilesHandle -> www. The rows of the list that are at hand: pages come as they are wanted, old ones stay until new ones are there.

/**
 * @typedef {import("./contract.js").FileRow} FileRow
 * @typedef {import("./contract.js").FilesView} FilesView
 * @typedef {import("./contract.js").FilesHandle} FilesHandle
 */

/** The number of rows that come at a time. */
const PAGE = 100;
/** The most pages that are kept: some 4,000 rows. */
const PAGES = 40;

/**
 * @template [R=FileRow]
 * @template {{ total: number }} [V=FilesView]
 * @template {{ rows: (from: number, to: number) => Promise<any[]> }} [H=FilesHandle]
 */
export class RowStore {
	/** @param {H} handle @param {() => void} changed called when there is something new to draw */
	constructor(handle, changed) {
		this.handle = handle;
		this.changed = changed;
		this.view = /** @type {V} */ (/** @type {unknown} */ ({ total: 0, matched: 0, entries: 0 }));
		/** @type {Map<number, R[] | "coming">} */
		this.pages = new Map();
		/** Counts the views: answers for an older one are dropped. */
		this.age = 0;
		/** @type {unknown} */
		this.failure = undefined;
		/** @type {Promise<unknown>} */
		this.queue = Promise.resolve();
		this.busy = 0;
		this.closed = false;
	}

	/** With the first rows at hand. @param {V} view @param {R[]} rows */
	begin(view, rows) {
		this.view = view;
		if (rows.length > 0) this.pages.set(0, rows.slice(0, PAGE));
	}

	/** @param {number} index */
	row(index) {
		const page = this.pages.get(Math.floor(index / PAGE));
		return typeof page === "object" ? page[index % PAGE] : undefined;
	}

	/** The rows at hand around a place, for looking up. @param {number} from @param {number} to */
	known(from, to) {
		return Array.from({ length: Math.max(0, to - from) }, (_, index) => this.row(from + index));
	}

	/**
	 * Changes what is visible, one change after the other, and has the rows in view before the old ones go.
	 * @param {(handle: H) => Promise<V>} action
	 * @param {() => { first: number, last: number }} inView after the change
	 * @returns {Promise<V | undefined>} nothing if it failed: then all stays as it is
	 */
	step(action, inView) {
		this.busy++;
		const done = this.queue.then(() => this.#step(action, inView));
		this.queue = done.then(
			() => {},
			() => {},
		);
		return done.finally(() => {
			this.busy--;
			this.changed();
		});
	}

	/** @param {(handle: H) => Promise<V>} action @param {() => { first: number, last: number }} inView */
	async #step(action, inView) {
		const view = await action(this.handle);
		const { first, last } = inView();
		const from = Math.floor(Math.min(first, Math.max(0, view.total - 1)) / PAGE);
		const to = Math.ceil(Math.min(last, view.total) / PAGE);
		/** @type {Map<number, R[]>} */
		const pages = new Map();
		for (let page = from; page < to; page++) pages.set(page, await this.#rowsOf(page, view.total));
		this.age++;
		this.view = view;
		this.pages = pages;
		this.failure = undefined;
		return view;
	}

	/** Asks for the rows that are not at hand. @param {number} first @param {number} last */
	want(first, last) {
		for (let page = Math.floor(first / PAGE); page * PAGE < Math.min(last, this.view.total); page++) {
			if (!this.pages.has(page)) void this.#load(page);
		}
	}

	/** @param {number} page */
	async #load(page) {
		const { age } = this;
		this.pages.set(page, "coming");
		try {
			const rows = await this.#rowsOf(page, this.view.total);
			if (age !== this.age) return;
			this.pages.delete(page);
			this.pages.set(page, rows);
			this.#forget();
		} catch (error) {
			if (age !== this.age) return;
			// It is asked for again with the next change only: else each drawing asked once more.
			this.failure = error;
		}
		if (!this.closed) this.changed();
	}

	#forget() {
		for (const [page, rows] of this.pages) {
			if (this.pages.size <= PAGES) return;
			if (rows !== "coming") this.pages.delete(page);
		}
	}

	/** @param {number} page @param {number} total */
	#rowsOf(page, total) {
		return this.handle.rows(page * PAGE, Math.min(total, (page + 1) * PAGE));
	}
}

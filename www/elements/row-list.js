// Rows -> www. The base of elements with a long list of rows of equal height under a head: which are in view, and which one the keyboard is at.

import { topFor, windowIn } from "../views/window.js";
import { Part } from "./part.js";

/** @template {{ view: { total: number } }} S where the rows come from */
export class RowList extends Part {
	/** @type {import("lit").PropertyDeclarations} */
	static properties = { store: {}, top: { state: true }, at: { state: true } };

	constructor() {
		super();
		/** @type {S | undefined} */
		this.store = undefined;
		/** The position of the scroll bar. */
		this.top = 0;
		/** The row that the keyboard is at. */
		this.at = -1;
		this.rowHeight = 28;
		this.headHeight = 28;
		/** The list grows with its first rows and with the window: then more of them are in view. */
		this.sized = new ResizeObserver(() => this.requestUpdate());
	}

	connectedCallback() {
		super.connectedCallback();
		this.sized.observe(this);
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.sized.disconnect();
	}

	/** @param {Map<string, unknown>} _changed */
	updated(_changed) {
		const head = /** @type {HTMLElement | null} */ (this.querySelector(".head"));
		const row = /** @type {HTMLElement | null} */ (this.querySelector("[data-row]"));
		if (head?.offsetHeight) this.headHeight = head.offsetHeight;
		if (!row?.offsetHeight || row.offsetHeight === this.rowHeight) return;
		this.rowHeight = row.offsetHeight;
		this.requestUpdate();
	}

	grid() {
		return /** @type {HTMLElement | null} */ (this.querySelector("[role=treegrid]"));
	}

	/** @returns {import("../views/window.js").View} */
	place() {
		const height = Math.max(this.rowHeight, (this.grid()?.clientHeight || 480) - this.headHeight);
		return { count: this.store?.view.total ?? 0, rowHeight: this.rowHeight, top: this.top, height };
	}

	/** The number of rows that are in view at once. */
	page() {
		return Math.floor(this.place().height / this.rowHeight);
	}

	/** The rows that will be wanted when what is visible has changed. */
	inView() {
		const { first } = windowIn(this.place());
		return { first, last: first + Math.ceil(this.place().height / this.rowHeight) + 20 };
	}

	/** Back to the top, with nothing active. */
	reset() {
		this.at = -1;
		this.#scroll(0);
	}

	/** Makes a row the active one and scrolls the list, never the page, so that it is in view. @param {number} at */
	go(at) {
		this.at = at;
		this.#scroll(topFor(this.place(), at));
	}

	/** @param {number} top */
	#scroll(top) {
		this.top = top;
		const set = () => {
			const grid = this.grid();
			if (grid && Math.abs(grid.scrollTop - top) >= 1) grid.scrollTop = top;
		};
		// At once for keys that repeat; again when the list has its new height.
		set();
		void this.updateComplete.then(set);
	}

	scrolled() {
		this.top = this.grid()?.scrollTop ?? 0;
	}
}

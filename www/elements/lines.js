// `<stow-lines>`: a long list of lines of equal height, of which only those in view are drawn.

import { html } from "lit";
import { t } from "../i18n/strings.js";
import { topFor, windowIn } from "../views/window.js";
import { emit, Part, vars } from "./part.js";

export class StowLines extends Part {
	static properties = { count: {}, line: {}, label: {}, at: {}, numbered: { type: Boolean }, top: { state: true } };

	constructor() {
		super();
		this.count = 0;
		/** @type {(index: number) => unknown} */
		this.line = () => "";
		this.label = "";
		/** The line that is marked, from 1. @type {number | undefined} */
		this.at = undefined;
		/** True if each line has a number, which tells `stow-place` {line}. */
		this.numbered = false;
		this.top = 0;
		this.rowHeight = 20;
	}

	render() {
		const { count, rowHeight } = this;
		const height = this.firstElementChild?.clientHeight || 480;
		const view = windowIn({ count, rowHeight, top: this.top, height, overscan: 12 });
		const lines = Array.from({ length: view.last - view.first }, (_, index) => this.line(view.first + index));
		return html`<div class="lines-box" tabindex="0" role="group" aria-label=${this.label} @scroll=${this.scrolled}>
			<div class="space" ${vars({ "--height": `${view.before}px` })}></div>
			${lines.map((line, index) => this.drawn(line, view.first + index + 1))}
			<div class="space" ${vars({ "--height": `${view.after}px` })}></div>
		</div>`;
	}

	/** @param {unknown} line @param {number} number */
	drawn(line, number) {
		if (!this.numbered) return html`<div class="line">${line}</div>`;
		const isAt = number === this.at;
		const mark = () => emit(this, "stow-place", { line: isAt ? undefined : number });
		return html`<div class="line ${isAt ? "is-at" : ""}"><button type="button" class="line-number" tabindex="-1" aria-pressed=${isAt} aria-label=${t("bytes.line.n", { n: number })} @click=${mark}>${number}</button>${line}</div>`;
	}

	/** @param {Map<string, unknown>} changed */
	updated(changed) {
		const box = /** @type {HTMLElement | null} */ (this.querySelector(".lines-box"));
		if (box && this.at && this.at <= this.count && (changed.has("at") || changed.has("count"))) {
			const { count, rowHeight, at } = this;
			const to = topFor({ count, rowHeight, top: box.scrollTop, height: box.clientHeight }, at - 1);
			// One that is in view stays where it is; another one gets some lines above it.
			if (to !== box.scrollTop) box.scrollTop = Math.max(0, to + (to > box.scrollTop ? 1 : -1) * 4 * rowHeight);
		}
		const line = /** @type {HTMLElement | null} */ (this.querySelector(".line"));
		if (!line || line.offsetHeight === 0 || line.offsetHeight === this.rowHeight) return;
		this.rowHeight = line.offsetHeight;
		this.requestUpdate();
	}

	scrolled() {
		this.top = this.firstElementChild?.scrollTop ?? 0;
	}
}

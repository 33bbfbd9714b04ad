// Line: www, `<stow-lines>`: a long list of lines of equal height, of which only those in view are drawn.

import { html } from "lit";
import { windowIn } from "../views/window.js";
import { Part, vars } from "./part.js";

export class StowLines extends Part {
	static properties = { count: {}, line: {}, label: {}, top: { state: true } };

	constructor() {
		super();
		this.count = 0;
		/** @type {(index: number) => unknown} */
		this.line = () => "";
		this.label = "";
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
			${lines.map((line) => html`<div class="line">${line}</div>`)}
			<div class="space" ${vars({ "--height": `${view.after}px` })}></div>
		</div>`;
	}

	updated() {
		const line = /** @type {HTMLElement | null} */ (this.querySelector(".line"));
		if (!line || line.offsetHeight === 0 || line.offsetHeight === this.rowHeight) return;
		this.rowHeight = line.offsetHeight;
		this.requestUpdate();
	}

	scrolled() {
		this.top = this.firstElementChild?.scrollTop ?? 0;
	}
}

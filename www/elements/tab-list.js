// Tabs by the ARIA pattern: arrows, Home and End move, one panel is drawn.

import { html } from "lit";

/**
 * @typedef {{ key: string, label: unknown, panel: () => unknown }} Tab
 * @param {{ id: string, label: string, tabs: Tab[], selected: string, choose: (key: string, from: EventTarget) => void }} options
 */
export function tabs({ id, label, tabs: all, selected, choose }) {
	const current = all.find(({ key }) => key === selected) ?? all[0];
	/** @param {KeyboardEvent} event */
	const keydown = (event) => {
		const to = target(
			event.key,
			all.findIndex(({ key }) => key === current?.key),
			all.length,
		);
		const next = to === undefined ? undefined : all[to];
		if (!next) return;
		event.preventDefault();
		const list = /** @type {HTMLElement} */ (event.currentTarget);
		choose(next.key, list);
		/** @type {HTMLElement | null} */ (list.querySelector(`[data-key="${next.key}"]`))?.focus();
	};
	/** The one that was pressed is wholly in view, on a phone too. @param {string} key @param {Event} event */
	const press = (key, { currentTarget }) => {
		const button = /** @type {HTMLElement} */ (currentTarget);
		choose(key, button);
		button.scrollIntoView({ block: "nearest", inline: "nearest" });
	};
	return html`<div class="tabs">
		<div role="tablist" id="${id}-tabs" aria-label=${label} @keydown=${keydown}>
			${all.map(
				(tab) => html`<button type="button" role="tab" id="${id}-${tab.key}" data-key=${tab.key}
				aria-selected=${tab === current} aria-controls="${id}-panel" tabindex=${tab === current ? 0 : -1}
				@click=${(/** @type {Event} */ event) => press(tab.key, event)}>${tab.label}</button>`,
			)}
		</div>
		<div role="tabpanel" id="${id}-panel" tabindex="0" aria-labelledby="${id}-${current?.key}">${current?.panel()}</div>
	</div>`;
}

/** @param {string} key @param {number} at @param {number} count @returns {number | undefined} */
function target(key, at, count) {
	if (key === "ArrowRight") return (at + 1) % count;
	if (key === "ArrowLeft") return (at - 1 + count) % count;
	if (key === "Home") return 0;
	return key === "End" ? count - 1 : undefined;
}

// Line: Report -> www. `<stow-details>`: everything about the selected node, in four tabs.

import { html, nothing } from "lit";
import { platformKey, size, visible } from "../format.js";
import { outcomeOf, tally, titleOf } from "../model.js";
import { t } from "../strings.js";
import { facts } from "../views/facts.js";
import { digestBar, mark } from "../views/marks.js";
import { emit, Part } from "./part.js";
import { tabs } from "./tabs.js";

export class StowDetails extends Part {
	static properties = { model: {}, node: {}, bytesOf: {}, tab: { state: true } };

	constructor() {
		super();
		/** @type {import("../model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../types.js").Node | undefined} */
		this.node = undefined;
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		this.tab = "facts";
	}

	render() {
		const { node, model } = this;
		if (!node || !model) return nothing;
		const counts = tally(node);
		const label = t("details.checks", { done: counts.pass, total: node.checks.length });
		return html`
			<h3>${digestBar(node.digest)}<span class="kind">${t(`kind.${node.kind}`)}</span>
				<span class="title">${visible(titleOf(node), 120)}</span>${mark(outcomeOf(node), true)}</h3>
			${this.choose(node)}${this.verify(node)}
			${tabs({
				id: "details",
				label: t("details.title"),
				selected: this.tab,
				choose: (key) => {
					this.tab = key;
				},
				tabs: [
					{ key: "facts", label: t("details.facts"), panel: () => facts(node, model) },
					{ key: "checks", label, panel: () => html`<stow-checks .node=${node}></stow-checks>` },
					...(node.entries
						? [
								{
									key: "files",
									label: t("details.files"),
									panel: () => html`<stow-entries .node=${node}></stow-entries>`,
								},
							]
						: []),
					{ key: "bytes", label: t("details.bytes"), panel: () => this.bytes(node, model) },
					{
						key: "hand",
						label: t("details.hand"),
						panel: () => html`<stow-hand .node=${node} .model=${model}></stow-hand>`,
					},
				],
			})}`;
	}

	/** A layer is read when somebody wants it, again where that failed; it and a file with raised caps where one stopped it. @param {import("../types.js").Node} node */
	verify(node) {
		const stopped = node.checks.some(({ id, outcome }) => id === "limits" && outcome === "fail");
		const isFile = stopped && node.parent === null && this.model?.given.files;
		if (!isFile && (node.kind !== "layer" || !this.model?.reaches(node))) return nothing;
		if (node.read && !stopped && outcomeOf(node) !== "fail") return nothing;
		const label = stopped
			? "layers.raise"
			: node.read
				? "layers.again"
				: node.size
					? "layers.verify.one"
					: "layers.verify.unsized";
		const ask = () => emit(this, "stow-layers", { layers: [node.id], raised: stopped });
		return html`<p><button type="button" @click=${ask}>${t(label, { size: size(node.size), n: 1 })}</button></p>`;
	}

	/** @param {import("../types.js").Node} node @param {import("../model.js").Model} model */
	bytes(node, model) {
		if (node.kind === "layer" || !node.read || !node.digest) return html`<p class="note">${t("bytes.unread")}</p>`;
		return html`<stow-bytes .digest=${node.digest} .bytesOf=${this.bytesOf} .known=${model.digests}></stow-bytes>`;
	}

	/** @param {import("../types.js").Node} node */
	choose(node) {
		const platform = platformKey(node.platform);
		if (node.kind !== "manifest" || node.read || !platform || this.model?.report.source.kind !== "registry")
			return nothing;
		return html`<p><button type="button" @click=${() => emit(this, "stow-platform", { platform, id: node.id })}>
			${t("details.choose")}</button></p>`;
	}
}

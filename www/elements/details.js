// Report -> www. `<stow-details>`: everything about the selected node, in four tabs.

import { html, nothing } from "lit";
import { isLeaf } from "../engine/layers/leaf.js";
import { platformKey, size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { markOf, outcomeOf, titleOf } from "../model/model.js";
import { mark } from "../views/marks.js";
import { facts } from "../views/node-facts.js";
import { emit, Part } from "./part.js";
import { tabs } from "./tab-list.js";

/** Verified is a layer; of a document its digest matches. @param {import("../types.js").Node} node @param {string} shape */
const stateOf = ({ kind }, shape) => t(shape === "pass" && kind !== "layer" ? "state.document" : `state.${shape}`);

/** The words of the button for another blob and for a layer, without a size and with one. */
const VERIFY = [
	["blobs.verify.one.unsized", "blobs.verify.one"],
	["layers.verify.one.unsized", "layers.verify.one"],
];

export class StowDetails extends Part {
	static properties = { model: {}, node: {}, bytesOf: {}, tab: {} };

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../types.js").Node | undefined} */
		this.node = undefined;
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {string | undefined} */
		this.tab = "facts";
	}

	render() {
		const { node, model } = this;
		if (!node || !model) return nothing;
		const shape = markOf(node);
		const title = visible(titleOf(node), 120);
		return html`
			<h3><span class="kind">${t(`kind.${node.kind}`)}</span>
				<span class="title" title=${title}>${title}</span>${mark(shape, true, stateOf(node, shape))}</h3>
			${this.choose(node)}${this.verify(node)}
			${tabs({
				id: "details",
				label: t("details.title"),
				selected: this.tab ?? "facts",
				choose: (key) => {
					this.tab = key;
					emit(this, "stow-pane", { pane: key });
				},
				tabs: [
					{ key: "facts", label: t("details.facts"), panel: () => this.facts(node, model) },
					{
						key: "checks",
						label: html`${t("details.checks")} <span class="pill">${node.checks.length}</span>`,
						panel: () => html`<stow-checks .node=${node}></stow-checks>`,
					},
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
						panel: () => html`<stow-hand .image=${node} .model=${model}></stow-hand>`,
					},
				],
			})}`;
	}

	/** The facts, and one command that checks the digest without this page. @param {import("../types.js").Node} node @param {import("../model/model.js").Model} model */
	facts(node, model) {
		return html`${facts(node, model)}${node.digest ? html`<stow-hand class="one" .image=${node} .model=${model} .most=${1}></stow-hand>` : nothing}`;
	}

	/** A layer is read on demand, and again if that failed; it and a file with raised caps if one stopped it. @param {import("../types.js").Node} node */
	verify(node) {
		const stopped = node.checks.some(({ id, reason }) => id === "limits" && reason === "cap-reached");
		const isFile = stopped && node.parent === null && this.model?.given.files;
		if (!isFile && (!isLeaf(node) || !this.model?.reaches(node))) return nothing;
		if (node.read && !stopped && outcomeOf(node) !== "fail") return nothing;
		const label = stopped
			? "layers.raise"
			: node.read
				? "layers.again"
				: VERIFY[Number(node.kind === "layer")][Number(Boolean(node.size))];
		const ask = () => emit(this, "stow-layers", { layers: [node.id], raised: stopped });
		return html`<p><button type="button" @click=${ask}>${t(label, { size: size(node.size), n: 1 })}</button></p>`;
	}

	/** @param {import("../types.js").Node} node @param {import("../model/model.js").Model} model */
	bytes(node, model) {
		if (node.kind === "layer" || !node.read || !node.digest) return html`<p class="note">${t("bytes.unread")}</p>`;
		return html`<stow-bytes .node=${node} .digest=${node.digest} .bytesOf=${this.bytesOf} .known=${model.digests}></stow-bytes>`;
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

// Report -> www. `<stow-signatures>`: what was said about the image in view, by whom, and where it was looked for.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { nameOf, titleOf } from "../../model/model.js";
import { places } from "../../views/signatures/asked-places.js";
import { outcomeOfProof, signature } from "../../views/signatures/signature.js";
import { signerForm } from "../../views/signatures/signer-form.js";
import { statementView } from "../../views/signatures/statement.js";
import { emit, Part } from "../part.js";

/** @typedef {import("../../types.js").Node} Node */
/** @typedef {import("../../types.js").ReadStatement} ReadStatement */

/** The kinds of nodes that may be a document: each is tried, and a node that cannot be read is no statement. */
const DOCUMENTS = new Set(["statement", "sbom", "signature", "artifact-blob", "document"]);

export class StowSignatures extends Part {
	static properties = {
		model: {},
		api: {},
		named: {},
		statements: { state: true },
		commands: { state: true },
		opened: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {typeof import("../../api.js") | undefined} */
		this.api = undefined;
		/** The signers that the reader has named. @type {import("../../page/signing.js").Named | undefined} */
		this.named = undefined;
		/** @type {Map<string, ReadStatement>} */
		this.statements = new Map();
		/** @type {Map<string, string>} */
		this.commands = new Map();
		/** @type {string | undefined} */
		this.opened = undefined;
		this.addEventListener("stow-packages", (event) => {
			const { id } = /** @type {CustomEvent} */ (event).detail;
			this.opened = this.opened === id ? undefined : id;
		});
	}

	/** @override @param {import("lit").PropertyValues} changed */
	willUpdate(changed) {
		if (changed.has("model") && this.model?.report.asked) void this.read(this.model);
	}

	/** Reads the statements of a report, and the commands for its signatures. @param {import("../../model/model.js").Model} model */
	async read({ report }) {
		const { api } = this;
		if (!api) return;
		const documents = report.nodes.filter((node) => node.read && isDocument(node));
		/** @type {Map<string, ReadStatement>} */
		const found = new Map();
		/** @type {Map<string, string>} */
		const commands = new Map();
		for (const node of documents) {
			const read = await api.readStatement(report, node.id).catch(() => undefined);
			if (read) found.set(node.id, read);
			if (node.proof) commands.set(node.id, await api.cosignCommand(report, node, read).catch(() => ""));
			if (this.model?.report !== report) return;
		}
		[this.statements, this.commands] = [found, commands];
	}

	render() {
		const { model } = this;
		if (!model) return nothing;
		const { asked, trust } = model.report;
		if (!asked) return this.invitation(model);
		const signed = model.report.nodes.filter(({ proof }) => proof);
		const others = [...this.statements].filter(([id]) => !model.node(id)?.proof);
		const opened = this.opened ? this.statements.get(this.opened)?.packages : undefined;
		return html`<div class="signatures">
			<p class="lead">${t(`trust.verdict.${trust?.verdict ?? "unknown"}`)}</p>
			${this.counted(model)}
			<ul class="cards">${signed.map((node) => this.signed(node))}
			${others.map(([id, read]) => statementView(read, { outcome: "not-checked", about: this.about(model.node(id)), isOpen: this.opened === id, isSigned: false, held: model.report.held?.[id] }))}</ul>
			${signed.length + others.length === 0 ? html`<p class="note">${t("trust.nothing")}</p>` : nothing}
			${places(asked, (id) => titleOf(model.node(id) ?? /** @type {any} */ ({})))}
			${opened ? html`<stow-packages .table=${opened} .held=${model.report.held?.[this.opened ?? ""]?.packages}></stow-packages>` : nothing}
			${signerForm(this.named?.of === (model.report.nodes[0]?.digest ?? undefined) ? this.named : undefined)}
		</div>`;
	}

	/** @param {Node} node */
	signed(node) {
		const read = this.statements.get(node.id);
		const about = this.about(node);
		const shown = signature({ node, about, command: this.commands.get(node.id) });
		const says = read && read.said.reason !== "cosign-signed";
		return html`${shown}${says ? statementView(read, { outcome: outcomeOfProof(node), about, isOpen: this.opened === node.id, isSigned: true, held: this.model?.report.held?.[node.id] }) : nothing}`;
	}

	/** @param {Node | undefined} node */
	about(node) {
		const { model } = this;
		const digest = node?.about ?? model?.node(node?.parent)?.attests;
		const image = model?.own.find((one) => one.digest === digest);
		return image ? t("trust.of", { kind: t(`kind.${image.kind}`), name: visible(nameOf(image), 80) }) : "";
	}

	/** Before anything was asked: how many requests it takes. @param {import("../../model/model.js").Model} model */
	invitation(model) {
		const isHub = /^docker\.io\//.test(model.report.source.reference ?? "");
		return html`<div class="signatures"><p>${t("trust.intro")}</p>
			<p><button type="button" @click=${() => emit(this, "stow-sign", {})}>${t("trust.look")}</button></p>
			<p class="note">${t(model.report.source.kind !== "registry" ? "trust.plan.here" : isHub ? "trust.plan.counted" : "trust.plan")}</p></div>`;
	}

	/** If pulls are counted, the places are asked on demand. @param {import("../../model/model.js").Model} model */
	counted({ report }) {
		if (!report.asked?.some(({ check }) => check.reason === "place-counted")) return nothing;
		return html`<p><button type="button" @click=${() => emit(this, "stow-sign", { all: true })}>${t("trust.all.ask")}</button></p>`;
	}
}

/** @param {Node} node */
const isDocument = ({ blobKind, path, beside, about, parent, proof }) =>
	proof !== undefined ||
	(DOCUMENTS.has(blobKind ?? "") && path !== "$.config" && (beside || about !== undefined || parent !== null));

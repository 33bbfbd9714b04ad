// Report -> www. `<stow-recovered>`: the bytes that were found, the steps to them, and the difference to what was pasted.

import { html, nothing } from "lit";
import { diffLines, shortened, shown } from "../formats/diff.js";
import { exactBytes, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { save } from "../lib/download.js";
import { fileName } from "../lib/file-name.js";
import { named } from "../views/core-words.js";
import { fullDigest } from "../views/marks.js";
import { Part } from "./part.js";

/** Texts longer than this are not compared, and no more lines than these are drawn. */
const MAX_TEXT = 512 * 1024;
const LINES = 400;

export class StowRecovered extends Part {
	static properties = { model: {}, bytesOf: {}, bytes: { state: true } };

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {Uint8Array | undefined} */
		this.bytes = undefined;
		/** @type {ReturnType<typeof shortened> | undefined} */
		this.lines = undefined;
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (changed.has("model")) this.load(this.model);
	}

	/** @param {import("../model/model.js").Model | undefined} model */
	async load(model) {
		this.bytes = undefined;
		this.lines = undefined;
		const digest = model?.report.recovered?.digest;
		const bytes = digest && (await this.bytesOf?.(digest).catch(() => undefined));
		if (!bytes || model !== this.model) return;
		const [before, after] = [pastedFor(model, digest), textOf(bytes)];
		if (before && after && before.length + after.length <= MAX_TEXT) this.lines = shortened(diffLines(before, after));
		this.bytes = bytes;
	}

	render() {
		const { recovered: found, recoveryCodes: codes = [] } = this.model?.report ?? {};
		if (!found) return nothing;
		return html`<section class="card recovered" aria-labelledby="recovered-title">
			<h2 id="recovered-title">${t("recovered.title")}</h2>
			<p>${t("recovered.intro")}</p>
			<ol class="steps">${found.steps.map((step, at) => html`<li>${done(step, codes[at])}</li>`)}</ol>
			<p>${fullDigest(found.digest, t("fact.digest"))}</p>
			${this.bytes ? this.found(this.bytes, found.digest) : html`<p class="note">${t("bytes.loading")}</p>`}
		</section>`;
	}

	/** @param {Uint8Array} bytes @param {string} digest */
	found(bytes, digest) {
		const text = textOf(bytes);
		return html`<div class="actions">
				${text === undefined ? nothing : html`<stow-copy .text=${text} label=${t("recovered.copy")}></stow-copy>`}
				<button type="button" class="quiet" @click=${() => save(new Blob([/** @type {BlobPart} */ (bytes)]), fileName(digest))}>
					${t("bytes.download")}</button>
				<span class="note">${exactBytes(bytes.length)}</span></div>
			${this.lines ? difference(this.lines) : nothing}`;
	}
}

/** @param {string} step @param {{ code: string, value?: string } | undefined} code */
const done = (step, code) => named(`core.step.${code?.code}`, step, { value: code?.value ?? t("core.step.text") });

/** @param {ReturnType<typeof shortened>} lines */
const difference = (lines) => html`<h3>${t("diff.title")}</h3>
	<p class="note">${t("diff.legend")}</p>
	<div class="diff" role="region" tabindex="0" aria-label=${t("diff.title")}>${lines.slice(0, LINES).map(line)}</div>
	${lines.length > LINES ? html`<p class="note">${t("requests.more", { n: lines.length - LINES })}</p>` : nothing}`;

const SIGN = { same: " ", removed: "−", added: "+" };

/** @param {ReturnType<typeof shortened>[number]} one */
function line(one) {
	if (one.op === "skipped") return html`<div class="diff-skipped">${t("diff.skipped", { n: one.count })}</div>`;
	const { op, text } = one;
	const words = op === "same" ? nothing : html`<span class="sr">${t(`diff.${op}`)}</span>`;
	return html`<div class="diff-${op}"><span class="sign" aria-hidden="true">${SIGN[op]}</span>${words}<code>${visible(shown(text))}</code></div>`;
}

/** The text that was turned back: the one that gives the digest itself, else the first that holds a document. @param {import("../model/model.js").Model} model @param {string} digest */
function pastedFor({ report: { pasted = [] }, given: { texts } }, digest) {
	const own = pasted.findIndex(({ expected }) => expected === digest);
	const at = own >= 0 ? own : pasted.findIndex(({ documents }) => documents > 0);
	return pasted.length === texts.length ? texts[Math.max(0, at)] : texts[0];
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

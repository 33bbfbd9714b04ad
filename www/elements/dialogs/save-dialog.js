// OCI layout tar, report -> disk. `<stow-save>`: the dialog that says how large it will be, and saves it.

import { html, nothing } from "lit";
import { target } from "../../engine/saving/target.js";
import { exactBytes, platformName, size, visible } from "../../i18n/format.js";
import { first, listed, t } from "../../i18n/strings.js";
import { asking } from "../../page/settings.js";
import { errorText } from "../../views/core-words.js";
import { emit, Part } from "../part.js";

/**
 * @typedef {import("../../types.js").SavedImage} SavedImage
 * @typedef {import("../../types.js").SaveProgress} SaveProgress
 * @typedef {{ code?: string, message: string }} Problem
 */

/** The time between two drawings of the progress, in milliseconds. */
const PACE = 100;

export class StowSave extends Part {
	static properties = {
		api: {},
		model: {},
		settings: {},
		all: { state: true },
		plan: { state: true },
		problem: { state: true },
		progress: { state: true },
		done: { state: true },
	};

	constructor() {
		super();
		/** @type {typeof import("../../api.js") | undefined} */
		this.api = undefined;
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		/** @type {string | undefined} the id of the image in view */
		this.image = undefined;
		this.all = false;
		/** @type {SavedImage | undefined} */
		this.plan = undefined;
		/** @type {Problem | undefined} */
		this.problem = undefined;
		/** @type {SaveProgress | undefined} while saving */
		this.progress = undefined;
		/** In the language of the moment. @type {(() => string) | undefined} */
		this.done = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
	}

	/** @param {string} [selected] the node in view */
	async show(selected) {
		const { model } = this;
		if (!model) return;
		this.image = model.imageOf(model.node(selected))?.id;
		this.all = false;
		this.requestUpdate();
		await this.updateComplete;
		this.dialog()?.showModal();
		await this.think();
	}

	dialog() {
		return /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
	}

	options() {
		return { ...asking(this.settings), ...(this.all && { all: true }), image: this.image };
	}

	/** Works out what the archive would hold. */
	async think() {
		const { api, model, all } = this;
		if (!api || !model) return;
		[this.plan, this.problem, this.done] = [undefined, undefined, undefined];
		this.job?.abort();
		const job = new AbortController();
		this.job = job;
		try {
			const plan = await api.planSave(model.report, { ...this.options(), signal: job.signal });
			if (this.job === job) this.plan = plan;
		} catch (/** @type {any} */ error) {
			if (this.job === job && all === this.all) this.problem = error;
		}
	}

	/** @param {Event} event */
	async begin(event) {
		event.preventDefault();
		const { api, model, plan } = this;
		if (!api || !model || !plan || this.progress) return;
		const job = new AbortController();
		[this.job, this.problem, this.done] = [job, undefined, undefined];
		/** @type {import("../../engine/saving/target.js").Target | undefined} */
		let place;
		try {
			place = await target(plan.name, plan.size, t("save.kind"));
			this.tell({ type: "save", state: "writing", bytes: 0, total: plan.size });
			const onProgress = (/** @type {SaveProgress} */ event) => this.tell(event);
			await api.saveImage(model.report, { ...this.options(), to: place.to, signal: job.signal, onProgress });
			await place.done();
			this.done = () => t("save.done", { name: plan.name, size: exactBytes(plan.size) });
		} catch (/** @type {any} */ error) {
			await place?.undo();
			if (error?.code === "aborted") this.done = () => t("save.cancelled");
			else this.problem = error;
		} finally {
			this.progress = undefined;
		}
	}

	/** @param {SaveProgress} event */
	tell(event) {
		const now = performance.now();
		if (this.progress && event.state === this.progress.state && now - (this.told ?? 0) < PACE) return;
		this.told = now;
		this.progress = event;
	}

	stop() {
		this.job?.abort();
	}

	/** Escape must not end what runs, nor leave it running unseen. @param {Event} event */
	kept(event) {
		if (this.progress) event.preventDefault();
	}

	render() {
		if (!this.model) return nothing;
		return html`<dialog aria-labelledby="save-title" @cancel=${this.kept}>
			<h2 id="save-title">${t("save.title")}</h2>
			${this.image === undefined ? nothing : this.imagePart()}
			<section><h3>${t("save.report")}</h3><p class="note">${t("save.report.hint")}</p>
				<div class="actions"><button type="button" @click=${() => emit(this, "stow-export", { form: "text" })}>${t("save.text")}</button>
				<button type="button" @click=${() => emit(this, "stow-export", { form: "json" })}>${t("save.json")}</button></div></section>
			<form method="dialog" class="close"><button ?disabled=${!!this.progress}>${t("save.close")}</button></form>
		</dialog>`;
	}

	imagePart() {
		const { plan, problem, progress, done } = this;
		return html`<form @submit=${this.begin}><h3>${t("save.image")}</h3><p class="note">${t("save.image.hint")}</p>
			${this.choice()}
			<div role="status">${done ? html`<p>${done()}</p>` : progress || problem ? nothing : plan ? facts(plan, this.model) : html`<p>${t("save.planning")}</p>`}</div>
			${progress ? running(plan, progress) : nothing}
			${problem ? html`<section class="error" role="alert"><h4>${first(`error.${problem.code}`, "error.unknown")}</h4><p>${errorText(problem, 400)}</p><p>${first(`todo.${problem.code}`, "todo.unknown")}</p></section>` : nothing}
			<div class="actions"><button class="primary" ?disabled=${!plan || !!progress}>${t("save.start")}</button>
			${progress ? html`<button type="button" @click=${this.stop}>${t("save.cancel")}</button>` : nothing}</div></form>`;
	}

	/** One platform or everything, if an index is in view. */
	choice() {
		const { model } = this;
		const image = model?.node(this.image);
		const indexes = image && model ? model.ancestors(image).filter(({ kind }) => kind === "index") : [];
		if (!indexes.some((node) => (model?.children(node).length ?? 0) > 1)) return nothing;
		const platform = platformName(image?.platform) || t(`kind.${image?.kind ?? "manifest"}`);
		const choose = (/** @type {boolean} */ all) => () => {
			this.all = all;
			void this.think();
		};
		return html`<fieldset ?disabled=${!!this.progress}><legend class="sr">${t("save.which")}</legend>
			<label><input type="radio" name="which" .checked=${!this.all} @change=${choose(false)}> ${t("save.one", { platform: visible(platform, 60) })}</label>
			<label><input type="radio" name="which" .checked=${this.all} @change=${choose(true)}> ${t("save.all")}</label></fieldset>`;
	}
}

/** @param {SavedImage} plan @param {import("../../model/model.js").Model | undefined} model */
function facts(plan, model) {
	const docker = model?.withDigest(plan.digest)[0]?.mediaType?.startsWith("application/vnd.docker.");
	return html`<p><strong>${t("save.size", { n: plan.blobs, size: exactBytes(plan.size) })}</strong>.
		${plan.download > 0 ? t("save.download", { size: size(plan.download) }) : t("save.atHand")}
		${plan.platforms.length > 1 ? t("save.platforms", { list: visible(listed(plan.platforms), 400) }) : nothing}</p>
		${model?.report.summary.verdict === "failed" ? html`<p class="warned">${t("save.failed")}</p>` : nothing}
		${docker ? html`<p class="note">${t("save.docker")}</p>` : nothing}
		${plan.made ? html`<p class="note">${t("save.made")}</p>` : nothing}
		${plan.leftOut.length > 0 ? html`<p class="note">${t("save.leftOut", { n: plan.leftOut.length })}</p>` : nothing}`;
}

/** @param {SavedImage | undefined} plan @param {SaveProgress} progress */
const running = (plan, { state, bytes, total, reason }) => html`<div class="progress"><p><span class="stage">${
	state === "writing"
		? t("save.writing", { name: visible(plan?.name, 140) })
		: state === "hashing"
			? t("save.hashing")
			: t("save.resuming", { reason: visible(reason, 200) })
}</span><span class="note">${t("save.progress", { bytes: size(bytes), total: size(total) })}</span></p>
	<progress aria-label=${t("progress.label")} max=${total} .value=${bytes}></progress></div>`;

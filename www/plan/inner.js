// The controller of one element: one state, one job at a time, drawn anew after each change.

import { html, render } from "lit";
import { LANGUAGES, t, within } from "../i18n/strings.js";
import { batched } from "../lib/batched.js";
import { Model } from "../model/model.js";
import { watchInside } from "../page/later.js";
import { wordsOf } from "../page/speaking.js";
import { failureOf, inSteps, progressed, startOf } from "../page/state.js";
import { headline } from "../views/banner.js";
import { planView } from "./element-view.js";
import { answerInside, speak } from "./language.js";
import { listen } from "./listen.js";
import { bytesOf, forget, load, openHeld } from "./load.js";
import css from "./plan.css";
import { adopt } from "./styles.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 * @typedef {Pick<import("./element-view.js").Look, "view" | "scheme" | "proxy" | "link" | "retry">} Outside what the element says about its look
 * @typedef {import("./wish.js").Wish} Wish
 * @typedef {object} Host what the element is to its inside
 * @property {HTMLElement} element
 * @property {() => Outside} look
 * @property {(name: string, detail: unknown) => void} tell an event for the page
 * @property {(platform: string) => void} choose
 */

export class Inner {
	/** @param {ShadowRoot} root @param {Host} host */
	constructor(root, host) {
		this.root = root;
		this.host = host;
		/** @type {import("./element-view.js").State} */
		this.state = {
			model: undefined,
			name: "",
			selected: undefined,
			open: false,
			pane: "facts",
			history: { newest: false, all: true, text: "" },
			lookup: undefined,
			progress: undefined,
			failure: undefined,
			said: "",
		};
		/** @type {AbortController | undefined} */
		this.job = undefined;
		/** The job that brings what was wished for, as long as it has not. @type {AbortController | undefined} */
		this.loading = undefined;
		this.drawSoon = batched(() => this.draw());
		/** Its language, once there are words. @type {import("../i18n/strings.js").Language | undefined} */
		this.language = undefined;
		adopt(root, css);
		listen(this, root);
		answerInside(root);
		watchInside(root);
	}

	/** @param {Partial<import("./element-view.js").State>} change */
	update(change) {
		Object.assign(this.state, change);
		this.drawSoon();
	}

	draw() {
		const { language } = this;
		if (!language) return void render(html`<slot></slot>`, this.root);
		const close = () => this.update({ open: false });
		const look = { ...this.host.look(), lang: LANGUAGES[language], bytesOf, close };
		this.speaking(() => render(planView(this.state, look), this.root));
	}

	/**
	 * Runs `words` in the element's own language.
	 * @template T
	 * @param {() => T} words that wait for nothing
	 */
	speaking(words) {
		return within(this.language ?? "en", words);
	}

	/** The page around may have changed, or the element stands in another place of it. */
	around() {
		this.update({});
		if (this.language) void speak(this);
	}

	/** @param {Wish} wish @param {import("../types.js").Snapshot | undefined} snapshot that the page holds */
	want(wish, snapshot) {
		const name = snapshot || wish.src ? "" : wish.reference;
		this.load(name, async (signal, onProgress) => {
			if (snapshot) return openHeld(snapshot, wish, signal);
			return load(wish, signal, onProgress);
		});
	}

	/** @param {Wish} wish */
	forget(wish) {
		forget(wish);
	}

	/**
	 * The latest job wins and ends the one before; what is shown stays until there is something new.
	 * @param {string} name @param {(signal: AbortSignal, onProgress: (event: ProgressEvent) => void) => Promise<Report>} work
	 */
	async load(name, work) {
		const job = this.begin();
		this.loading = job;
		this.update({ name: this.state.model ? this.state.name : name });
		try {
			await speak(this);
			const text = () => t(name ? "plan.loading" : "plan.loading.snapshot", { reference: name });
			if (this.job === job) this.update({ progress: startOf(this.speaking(text)) });
			const report = await work(job.signal, (event) => this.job === job && this.update(this.after(event)));
			const model = new Model(report);
			await inSteps(report.nodes.length, () => this.speaking(() => headline(model)));
			if (model.firstFailure()) await wordsOf("checks");
			if (report.trust) await wordsOf("trust");
			if (this.job === job) this.show(model, name);
		} catch (error) {
			await wordsOf("errors");
			if (this.job === job) this.fail(error);
		} finally {
			if (this.loading === job) this.loading = undefined;
		}
	}

	begin() {
		this.job?.abort();
		this.job = new AbortController();
		this.update({ progress: undefined, failure: undefined });
		return this.job;
	}

	/** @param {ProgressEvent} event */
	after(event) {
		const before = /** @type {any} */ ({ progress: this.state.progress, requests: [] });
		const { progress } = this.speaking(() => progressed(before, event));
		return progress ? { progress } : {};
	}

	/** @param {Model} model @param {string} name */
	show(model, name) {
		const failed = model.firstFailure()?.node;
		const node = failed ?? model.chosen() ?? model.roots[0];
		const fresh = {
			selected: node?.id,
			open: false,
			pane: "facts",
			lookup: undefined,
			progress: undefined,
			failure: undefined,
		};
		this.update({
			model,
			name: name || (model.report.source.name ?? ""),
			...fresh,
			said: this.speaking(() => headline(model)),
		});
		queueMicrotask(() => {
			this.host.tell("stow-load", { report: model.report });
			this.tellVerdict(model);
		});
	}

	/** @param {Model} model */
	tellVerdict({ report, roots }) {
		const about = { reference: report.source.reference ?? null, digest: roots[0]?.digest ?? null };
		this.host.tell("stow-verdict", { ...report.summary, ...about });
	}

	/** @param {unknown} error */
	fail(error) {
		const failure = failureOf(error);
		if (failure.code === "aborted") return this.update({ progress: undefined });
		this.update({ progress: undefined, failure });
		this.host.tell("stow-error", failure);
	}

	/** The element has left its page. @returns {boolean} whether what it wished for was still on its way */
	stop() {
		const busy = !!this.loading;
		this.job?.abort();
		this.job = undefined;
		this.loading = undefined;
		this.update({ progress: undefined });
		return busy;
	}

	/** @param {string | undefined} id @param {string} [pane] the tab of its details */
	select(id, pane = this.state.pane) {
		if (id && this.state.model?.node(id)) this.update({ selected: id, open: true, pane });
	}

	/** @param {string} platform */
	choose(platform) {
		this.host.choose(platform);
	}

	/** @param {string} selector */
	focus(selector) {
		/** @type {HTMLElement | null} */ (this.root.querySelector(selector))?.focus();
	}
}

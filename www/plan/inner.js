// Line: www/plan. What goes on in one element: one state, one job at a time, drawn anew after each change.

import { html, render } from "lit";
import { watchInside } from "../later.js";
import { Model } from "../model.js";
import { wordsOf } from "../speaking.js";
import { failureOf, inSteps, progressed, startOf } from "../state.js";
import { t } from "../strings.js";
import { headline } from "../views/banner.js";
import { listen } from "./actions.js";
import { reading } from "./load.js";
import { adopt } from "./styles.js";
import { planView } from "./view.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 * @typedef {object} Host what the element is to its inside
 * @property {() => import("./view.js").Look} look
 * @property {(name: string, detail: unknown) => void} tell an event for the page
 * @property {() => Promise<void>} speak brings the words
 * @property {(platform: string) => void} choose
 */

export class Inner {
	/** @param {ShadowRoot} root @param {Host} host */
	constructor(root, host) {
		this.root = root;
		this.host = host;
		/** @type {import("./view.js").State} */
		this.state = {
			model: undefined,
			name: "",
			selected: undefined,
			open: false,
			newest: false,
			lookup: undefined,
			progress: undefined,
			failure: undefined,
			said: "",
		};
		/** @type {AbortController | undefined} */
		this.job = undefined;
		this.drawing = false;
		/** Whether there are words. */
		this.ready = false;
		adopt(root);
		listen(this, root);
		watchInside(root);
	}

	/** @param {Partial<import("./view.js").State>} change */
	update(change) {
		Object.assign(this.state, change);
		if (this.drawing) return;
		this.drawing = true;
		queueMicrotask(() => {
			this.drawing = false;
			this.draw();
		});
	}

	draw() {
		render(this.ready ? planView(this.state, this.host.look()) : html`<slot></slot>`, this.root);
	}

	/**
	 * The latest job wins and ends the one before; what is shown stays until there is something new.
	 * @param {string} name @param {(signal: AbortSignal, onProgress: (event: ProgressEvent) => void) => Promise<Report>} work
	 */
	async load(name, work) {
		const job = this.begin();
		this.update({ name: this.state.model ? this.state.name : name });
		try {
			await this.host.speak();
			this.ready = true;
			this.update({ progress: startOf(t(name ? "plan.loading" : "plan.loading.snapshot", { reference: name })) });
			const report = await work(job.signal, (event) => this.job === job && this.update(this.after(event)));
			const model = new Model(report);
			await inSteps(report.nodes.length, () => headline(model));
			if (model.firstFailure()) await wordsOf("checks");
			if (this.job === job) this.show(model, name);
		} catch (error) {
			await wordsOf("errors");
			if (this.job === job) this.fail(error);
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
		const { progress } = progressed(/** @type {any} */ ({ progress: this.state.progress, requests: [] }), event);
		return progress ? { progress } : {};
	}

	/** @param {Model} model @param {string} name */
	show(model, name) {
		const failed = model.firstFailure()?.node;
		const node = failed ?? model.chosen() ?? model.roots[0];
		const fresh = { selected: node?.id, open: false, lookup: undefined, progress: undefined, failure: undefined };
		this.update({ model, name: name || (model.report.source.name ?? ""), ...fresh, said: headline(model) });
		queueMicrotask(() => {
			const { report } = model;
			const root = model.roots[0];
			this.host.tell("stow-load", { report });
			this.host.tell("stow-verdict", {
				...report.summary,
				reference: report.source.reference ?? null,
				digest: root?.digest ?? null,
			});
		});
	}

	/** @param {unknown} error */
	fail(error) {
		const failure = failureOf(error);
		if (failure.code === "aborted") return this.update({ progress: undefined });
		this.update({ progress: undefined, failure });
		this.host.tell("stow-error", failure);
	}

	stop() {
		this.job?.abort();
		this.job = undefined;
		this.update({ progress: undefined });
	}

	/** @param {string | undefined} id */
	select(id) {
		if (id && this.state.model?.node(id)) this.update({ selected: id, open: true });
	}

	/** @param {string} platform */
	choose(platform) {
		this.host.choose(platform);
	}

	/** @param {string} selector */
	focus(selector) {
		/** @type {HTMLElement | null} */ (this.root.querySelector(selector))?.focus();
	}

	/** Reads layers in workers, as the page does. @param {import("../verifying.js").What} what */
	async readLayers(what) {
		const before = this.state.model;
		if (!before) return;
		const job = this.begin();
		this.update({ progress: startOf(t("progress.start")) });
		try {
			const { verify } = await import("../verifying.js");
			const settings = { proxy: this.host.look().proxy, credentials: [], theme: /** @type {const} */ ("auto") };
			const state = this.state;
			const owner = {
				api: reading,
				update: (/** @type {any} */ change) => this.update(change),
				state: within(state, settings),
			};
			const report = await verify(/** @type {any} */ (owner), before, what, job.signal);
			if (this.job !== job) return;
			const model = new Model(report);
			this.update({ model, progress: undefined, said: headline(model) });
			this.host.tell("stow-verdict", {
				...report.summary,
				reference: report.source.reference ?? null,
				digest: model.roots[0]?.digest ?? null,
			});
		} catch (error) {
			await wordsOf("errors");
			if (this.job === job) this.fail(error);
		}
	}
}

/** The live state with settings beside it. @param {object} state @param {object} settings */
const within = (state, settings) => Object.create(state, { settings: { value: settings } });

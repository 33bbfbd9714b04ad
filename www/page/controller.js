// The one controller: events of the views in, calls of the API out, one state, drawn anew after each change.

import { render } from "lit";
import { t } from "../i18n/strings.js";
import { batched } from "../lib/batched.js";
import { keepingFocus } from "../lib/focus.js";
import { isLoopback } from "../lib/loopback.js";
import { Model } from "../model/model.js";
import { titleName } from "../model/names.js";
import { headline } from "../views/banner.js";
import { pageView } from "../views/page-view.js";
import { Address } from "./address.js";
import { isComparison } from "./comparing/compare-watch.js";
import { later, sections } from "./later.js";
import { openReference } from "./opening.js";
import { openDoc } from "./pasting.js";
import { replaceShell } from "./replace-shell.js";
import { listSamples, openSample, patiently } from "./samples.js";
import { changed, loadSettings, saveSettings } from "./settings.js";
import { firstWords, wordsOf } from "./speaking.js";
import { failureOf, firstState, freshOf, inSteps, progressed, startOf, viewOf } from "./state.js";

/**
 * @typedef {typeof import("../api.js")} Api
 * @typedef {import("../lib/fragment.js").Place} Place
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 * @typedef {{ signal: AbortSignal, onProgress: (event: ProgressEvent) => void }} Job
 */

export class Controller {
	/** @param {{ api: Api, root: HTMLElement, store?: Storage }} parts */
	constructor({ api, root, store }) {
		this.api = api;
		this.root = root;
		this.store = store;
		this.defaultProxy = new URL("proxy/", document.baseURI).href;
		this.isOwn = isLoopback(location.host);
		this.sampleBase = new URL("www/samples/", document.baseURI);
		this.state = firstState(loadSettings(store, this.defaultProxy, navigator.languages));
		this.address = new Address();
		/** @type {AbortController | undefined} */
		this.job = undefined;
		this.again = () => {};
		this.drawSoon = batched(() => this.draw());
		/** True while the view of index.html still stands: nothing is drawn over it. */
		this.served = true;
		this.taken = new Promise((done) => addEventListener("stow-drawn", done, { once: true }));
	}

	async start() {
		this.samples = listSamples(this.sampleBase);
		// The view of index.html stays until all of it can be drawn, unless something else is asked for.
		const [samples] = await Promise.all([location.hash ? [] : patiently(this.samples), firstWords(this)]);
		this.state.samples = samples;
		replaceShell(this);
		// A file that was dropped meanwhile comes before the address.
		if (!this.job) this.follow();
		this.update({ samples: await this.samples });
	}

	/** @param {Partial<import("./state.js").State>} change */
	update(change) {
		Object.assign(this.state, change);
		if (!this.served) this.drawSoon();
	}

	draw() {
		document.documentElement.dataset.theme = this.state.settings.theme;
		const { model } = this.state;
		document.title = model ? t("app.title.of", { name: titleName(model.report) }) : t("app.title");
		keepingFocus(this.root, () => render(pageView(this.state, this), this.root));
	}

	/** Goes where the address says: a new image is loaded, a node of the present one selected. */
	follow() {
		if (isComparison(location.hash)) return;
		const { image, sample, home, place, doc } = this.address.change();
		if (image) openReference(this, image);
		else if (doc) openDoc(this, doc);
		else if (sample) openSample(this, sample);
		else if (home) this.home();
		else if (place) this.walk(place);
	}

	/** Back or forward within one image. @param {Place} place */
	walk(place) {
		this.address.take(place);
		this.update(viewOf(place));
		const { model, selected } = this.state;
		const node = model?.withDigest(place.node)[0];
		if (node && model?.node(selected)?.digest !== place.node) this.update({ selected: node.id });
	}

	/** @param {Place} place */
	go(place) {
		if (this.address.name(place)) this.follow();
	}

	/** For what has no address. */
	leave() {
		this.address.leave();
		this.update({ input: "" });
	}

	home() {
		this.job?.abort();
		this.root.dispatchEvent(new Event("stow-begin"));
		this.leave();
		this.update({ ...firstState(this.state.settings), samples: this.state.samples });
	}

	/**
	 * One job at a time; the latest wins and aborts the one before. The view stays until there is something new.
	 * @param {string} text
	 * @param {(job: Job) => Promise<Report>} work
	 * @param {import("../model/model.js").Given} [given]
	 * @param {{ leaves?: boolean, goesOn?: boolean }} [how] `leaves`: the report will have no address, as what is at hand;
	 *   `goesOn`: it is about the image in view, whose requests stay listed
	 */
	async run(text, work, given, { leaves, goesOn } = {}) {
		this.job?.abort();
		if (!goesOn) this.root.dispatchEvent(new Event("stow-begin"));
		const job = new AbortController();
		this.job = job;
		this.again = () => this.run(text, work, given, { leaves, goesOn });
		this.update({
			progress: startOf(text, goesOn),
			failure: undefined,
			said: text,
			...(!goesOn && { requests: [], readAs: undefined }),
		});
		const parts = sections().catch(() => {});
		/** @param {ProgressEvent} event */
		const onProgress = (event) => this.job === job && this.update(progressed(this.state, event));
		try {
			const report = await work({ signal: job.signal, onProgress });
			const model = new Model(report, given);
			await inSteps(report.nodes.length, () => headline(model));
			// A failure leads, so that it does not come after the rest.
			await (model.firstFailure() ? later().catch(() => {}) : parts);
			if (this.job !== job) return;
			if (leaves) this.leave();
			this.show(model, goesOn);
		} catch (error) {
			if (this.job === job) this.fail(error);
		}
	}

	cancel() {
		this.job?.abort();
		this.job = undefined;
		this.update({ progress: undefined, said: t("progress.cancelled") });
	}

	/** @param {unknown} error */
	async fail(error) {
		const { job } = this;
		const failure = failureOf(error, navigator.onLine);
		if (failure.code === "aborted") return this.cancel();
		await wordsOf("errors");
		if (this.job === job) this.update({ progress: undefined, failure });
	}

	/** @param {Model} model @param {boolean} [goesOn] it is the image in view, of which more is known now */
	show(model, goesOn) {
		const before = this.state;
		// Layers that were read show the same image: the address may name another one that failed.
		const isAnother = model.given !== before.model?.given && this.address.arrive();
		const named = model.withDigest(this.address.node)[0];
		const kept = goesOn ? model.node(before.selected) : undefined;
		const node = named ?? kept ?? model.firstFailure()?.node ?? model.chosen() ?? model.roots[0];
		const done = { progress: undefined, failure: undefined, lookup: undefined, linked: undefined };
		const fresh = isAnother ? freshOf(this.address.place) : {};
		this.update({ model, selected: node?.id, ...done, ...fresh, said: headline(model) });
	}

	/** @param {string} tab @param {Partial<import("./state.js").State>} [more] */
	open(tab, more = {}) {
		this.update({ tab, ...more });
		this.address.set({ tab: tab === "overview" ? undefined : tab }, true);
	}

	/** @param {string | undefined} id @param {boolean} [push] whether "back" leads to what was selected before */
	select(id, push = false) {
		const node = this.state.model?.node(id);
		if (!node) return;
		// A line is one of the document that was in view.
		this.update({ selected: node.id, line: undefined });
		this.address.set({ node: node.digest ?? undefined, line: undefined }, push);
	}

	/** @param {string} digest */
	selectDigest(digest) {
		const { model, selected } = this.state;
		if (model?.node(selected)?.digest === digest) return;
		this.select(model?.withDigest(digest)[0]?.id, true);
	}

	/** @param {Partial<import("./settings.js").Settings>} change */
	change(change) {
		const settings = changed(this.state.settings, change);
		saveSettings(this.store, settings, this.defaultProxy, navigator.languages);
		this.update({ settings });
	}
}

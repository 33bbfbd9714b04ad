// Line: www, the one controller: events of the views in, calls of the API out, one state, drawn anew after each change.

import { render } from "lit";
import { Address } from "./address.js";
import { keepingFocus } from "./focus.js";
import { later, sections } from "./later.js";
import { Model } from "./model.js";
import { listSamples, loadSample, patiently } from "./samples.js";
import { takeOver } from "./served.js";
import { loadSettings, saveSettings } from "./settings.js";
import { soon } from "./soon.js";
import { firstWords, wordsOf } from "./speaking.js";
import { failureOf, firstState, inSteps, progressed, startOf } from "./state.js";
import { first, t } from "./strings.js";
import { headline } from "./views/banner.js";
import { pageView } from "./views/page.js";

/**
 * @typedef {typeof import("./api.js")} Api
 * @typedef {import("./fragment.js").Place} Place
 * @typedef {import("./types.js").Report} Report
 * @typedef {import("./types.js").ProgressEvent} ProgressEvent
 * @typedef {{ signal: AbortSignal, onProgress: (event: ProgressEvent) => void }} Job
 */

export class Controller {
	/** @param {{ api: Api, root: HTMLElement, store?: Storage }} parts */
	constructor({ api, root, store }) {
		this.api = api;
		this.root = root;
		this.store = store;
		this.defaultProxy = new URL("proxy/", document.baseURI).href;
		this.sampleBase = new URL("www/samples/", document.baseURI);
		this.state = firstState(loadSettings(store, this.defaultProxy, navigator.languages));
		this.address = new Address();
		/** @type {AbortController | undefined} */
		this.job = undefined;
		this.again = () => {};
		this.drawSoon = soon(() => this.draw());
		/** Whether what index.html shows still stands there: nothing is drawn over it. */
		this.served = true;
		this.taken = new Promise((done) => addEventListener("stow-drawn", done, { once: true }));
	}

	async start() {
		this.samples = listSamples(this.sampleBase);
		// What index.html shows stays until all of it can be drawn, unless something else is asked for.
		const [samples] = await Promise.all([location.hash ? [] : patiently(this.samples), firstWords(this)]);
		this.state.samples = samples;
		takeOver(this);
		// What was dropped meanwhile comes before the address.
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
		keepingFocus(this.root, () => render(pageView(this.state, this), this.root));
	}

	/** Goes where the address says: a new image is loaded, a node of the present one selected. */
	follow() {
		const { image, sample, home, node } = this.address.change();
		if (image) this.inspect(image);
		else if (sample) this.sample(sample);
		else if (home) this.home();
		else if (node) this.selectDigest(node);
	}

	/** @param {Place} place */
	go(place) {
		if (this.address.name(place)) this.follow();
	}

	/** @param {Place} place */
	inspect(place) {
		const { ref = "", platform } = place;
		this.address.place = place;
		this.update({ input: ref });
		// Read at each try: settings are what people change before they try again.
		this.run(t("progress.start"), (job) => {
			const { proxy, credentials } = this.state.settings;
			return this.api.inspect(ref, { proxy: proxy || undefined, platform, credentials, ...job });
		});
	}

	/** @param {Place} place */
	sample(place) {
		this.address.place = place;
		this.update({ input: "" });
		const given = /** @type {import("./model.js").Given} */ ({ texts: [] });
		this.run(
			t("samples.load", { title: first(`sample.${place.sample}.title`, place.sample ?? "") }),
			async ({ signal }) => {
				const found = await loadSample(await this.samples, place.sample, this.sampleBase, signal);
				const { name, expected, inputs } = found;
				if (found.text) Object.assign(given, { texts: inputs, expected });
				return this.api.open(inputs, { name, expected, signal });
			},
			given,
		);
	}

	/** For what has no address. */
	leave() {
		this.address.leave();
		this.update({ input: "" });
	}

	home() {
		this.job?.abort();
		this.leave();
		this.update({ ...firstState(this.state.settings), samples: this.state.samples });
	}

	/**
	 * One job at a time; the latest wins and aborts the one before. What is shown stays until there is something new.
	 * @param {string} text
	 * @param {(job: Job) => Promise<Report>} work
	 * @param {import("./model.js").Given} [given]
	 * @param {boolean} [leaves] whether the report will have no address, as what is at hand
	 */
	async run(text, work, given, leaves) {
		this.job?.abort();
		const job = new AbortController();
		this.job = job;
		this.again = () => this.run(text, work, given, leaves);
		this.update({ progress: startOf(text), failure: undefined, requests: [], said: text });
		sections().catch(() => {});
		/** @param {ProgressEvent} event */
		const onProgress = (event) => this.job === job && this.update(progressed(this.state, event));
		try {
			const report = await work({ signal: job.signal, onProgress });
			const model = new Model(report, given);
			await inSteps(report.nodes.length, () => headline(model));
			// What failed leads, so that it does not come after the rest.
			if (model.firstFailure()) await later().catch(() => {});
			if (this.job !== job) return;
			if (leaves) this.leave();
			this.show(model);
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
		const failure = failureOf(error);
		if (failure.code === "aborted") return this.cancel();
		await wordsOf("errors");
		if (this.job === job) this.update({ progress: undefined, failure });
	}

	/** @param {Model} model */
	show(model) {
		// Layers that were read show the same image: the address may name another one that failed.
		if (model.given !== this.state.model?.given) this.address.arrive();
		const asked = model.withDigest(this.address.node)[0];
		const node = asked ?? model.firstFailure()?.node ?? model.chosen() ?? model.roots[0];
		const done = { progress: undefined, failure: undefined, lookup: undefined };
		this.update({ model, selected: node?.id, ...done, said: headline(model) });
	}

	/** @param {string | undefined} id */
	select(id) {
		const node = this.state.model?.node(id);
		if (!node) return;
		this.update({ selected: node.id });
		this.address.select(node.digest ?? undefined);
	}

	/** @param {string} digest */
	selectDigest(digest) {
		const { model, selected } = this.state;
		if (model?.node(selected)?.digest === digest) return;
		this.select(model?.withDigest(digest)[0]?.id);
	}

	/** @param {Partial<import("./settings.js").Settings>} change */
	change(change) {
		const settings = { ...this.state.settings, ...change };
		saveSettings(this.store, settings, this.defaultProxy, navigator.languages);
		this.update({ settings });
	}
}

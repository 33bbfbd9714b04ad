// www/plan. The controller of one comparison: the documents first, the files when they are asked for; drawn by the page's own view.

import { html, nothing, render } from "lit";
import { LANGUAGES, t, within } from "../../i18n/strings.js";
import { batched } from "../../lib/batched.js";
import { comparisonHash } from "../../page/comparing/compare-address.js";
import { failureOf } from "../../page/state.js";
import { speakLike } from "../language.js";
import { compare, comparePackages, packages, readFile } from "../load.js";
import { adopt } from "../styles.js";
import css from "./plan-compare.css";

/**
 * @typedef {{ a: string, b: string, platform: string | undefined, proxy: string | undefined }} Pair
 * @typedef {{ scheme: "light" | "dark", link: (hash: string) => string | undefined }} Outside what the element says about its look
 * @typedef {{ element: HTMLElement, look: () => Outside, tell: (name: string, detail: unknown) => void }} Host
 */

/** Every layer is read once a reader has asked for the files. */
const WHOLE = { layers: true, maxBytes: Number.POSITIVE_INFINITY };

export class CompareInner {
	/** @param {ShadowRoot} root @param {Host} host */
	constructor(root, host) {
		this.root = root;
		this.host = host;
		/** @type {Pair | undefined} */
		this.pair = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
		/** @type {import("../../i18n/strings.js").Language | undefined} */
		this.language = undefined;
		this.view = /** @type {import("../../elements/compare/compare.js").StowCompare} */ (
			document.createElement("stow-compare")
		);
		this.view.fixed = true;
		this.view.api = { readFile, packages, comparePackages };
		this.drawSoon = batched(() => this.draw());
		root.addEventListener("stow-compare-files", () => void this.run(true));
		adopt(root, css);
	}

	/** The page around may have changed, or the element stands in another place of it. */
	around() {
		this.drawSoon();
		void this.speak();
	}

	async speak() {
		const before = this.language;
		this.language = await speakLike(this.host.element, ["plan", "compare", "checks", "errors"]);
		this.drawSoon();
		// The view stays as long as its pair does; the tree that it stands in has to say the language first.
		if (before && before !== this.language) setTimeout(() => this.view.reword());
	}

	draw() {
		const { language, pair, view } = this;
		if (!language || !pair) return void render(html`<slot></slot>`, this.root);
		const { scheme, link } = this.host.look();
		const href = link(comparisonHash(pair.a, pair.b, pair.platform));
		const content = () => html`<div class="plan" part="comparison" data-scheme=${scheme} lang=${LANGUAGES[language]}>
			${view.comparison ? nothing : html`<slot class="fallback"></slot>`}
			<div class="plan-frame">${view}${
				href
					? html`<div class="plan-foot"><a part="link" href=${href} target="_blank" rel="noopener noreferrer">${t("plan.open")}</a></div>`
					: nothing
			}</div></div>`;
		within(language, () => render(content(), this.root));
	}

	/** @param {Pair} pair */
	want(pair) {
		this.pair = pair.a && pair.b ? pair : undefined;
		this.job?.abort();
		this.view.comparison?.files?.close();
		Object.assign(this.view, { comparison: undefined, leftOver: undefined });
		this.drawSoon();
		if (this.pair) void this.run(false);
	}

	/** @param {boolean} files */
	async run(files) {
		const { pair, view, host } = this;
		if (!pair) return;
		this.job?.abort();
		const job = new AbortController();
		this.job = job;
		const { a, b, platform, proxy } = pair;
		const [one, other] = (files && view.comparison?.reports) || [a, b];
		Object.assign(view, { a, b, platform, busy: true, turn: {}, failure: undefined, asking: { proxy } });
		const onProgress = (/** @type {any} */ event) => view.heard(event);
		try {
			await this.speak();
			const how = files ? WHOLE : { layers: false };
			const found = await compare(one, other, { platform, proxy, signal: job.signal, onProgress, ...how });
			if (this.job !== job) return found.files?.close();
			view.comparison?.files?.close();
			await view.show(found);
			const { verdict, rung, cause } = found;
			host.tell("stow-verdict", { verdict, rung, reason: cause.reason, a, b });
		} catch (error) {
			if (this.job !== job) return;
			const failure = failureOf(error);
			Object.assign(view, { busy: false, failure });
			host.tell("stow-error", failure);
		}
		this.drawSoon();
	}

	/** The element has left its page. @returns {boolean} whether a comparison was on its way */
	stop() {
		const busy = this.view.busy;
		this.job?.abort();
		this.job = undefined;
		return busy;
	}
}

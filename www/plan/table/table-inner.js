// www/plan. The controller of one table: its rows are asked for as they come into view, a few at once, drawn anew after each change.

import { html, render } from "lit";
import { LANGUAGES, t, within } from "../../i18n/strings.js";
import { batched } from "../../lib/batched.js";
import { packed } from "../../lib/doc-link.js";
import { Model } from "../../model/model.js";
import { wordsOf } from "../../page/speaking.js";
import { failureOf } from "../../page/state.js";
import { headline } from "../../views/banner.js";
import { speakLike } from "../language.js";
import { forget, load } from "../load.js";
import { adopt } from "../styles.js";
import { keyOfRow } from "./listed-rows.js";
import css from "./table.css";
import { tableView } from "./table-view.js";

/**
 * @typedef {import("./listed-rows.js").Listed} Listed
 * @typedef {Listed & { state: "idle" | "waiting" | "loading" | "done" | "failed", model?: Model,
 *   failure?: import("../../views/status.js").Failure, job?: AbortController }} Row
 * @typedef {object} Outside what the element says about its look, and what all rows are asked with
 * @property {"light" | "dark"} scheme
 * @property {string} caption
 * @property {(row: Listed) => string | undefined} link to the image in a page of Stowplan
 * @property {(code: string) => string | undefined} linkAll to all of them
 * @property {string} proxy
 * @property {string} platform
 * @property {number} atOnce how many images are asked for at once
 * @typedef {{ element: HTMLElement, look: () => Outside, tell: (name: string, detail: unknown) => void }} Host
 */

/** Rows are begun a little before they come into view. */
const MARGIN = "10% 0px";

export class TableInner {
	/** @param {ShadowRoot} root @param {Host} host */
	constructor(root, host) {
		this.root = root;
		this.host = host;
		/** @type {Row[]} */
		this.rows = [];
		this.asked = "";
		this.said = "";
		/** The list of all images, for an address. */
		this.code = "";
		/** @type {import("../../i18n/strings.js").Language | undefined} */
		this.language = undefined;
		this.drawSoon = batched(() => this.draw());
		this.observer = new IntersectionObserver((entries) => this.seen(entries), { rootMargin: MARGIN });
		adopt(root, css);
	}

	/** Keeps the facts of a row as long as the same is asked. @param {Listed[]} listed */
	async show(listed) {
		const { proxy, platform } = this.host.look();
		const asked = JSON.stringify([proxy, platform]);
		const before = new Map(this.asked === asked ? this.rows.map((row) => [keyOfRow(row), row]) : []);
		this.asked = asked;
		const rows = listed.map((one) => before.get(keyOfRow(one)) ?? /** @type {Row} */ ({ ...one, state: "idle" }));
		for (const row of this.rows) if (!rows.includes(row)) row.job?.abort();
		this.rows = rows;
		this.code = "";
		this.around();
		const names = listed.map(({ reference, digest }) => `image: ${reference}${digest ? `@${digest}` : ""}`);
		this.code = await packed(names.join("\n")).catch(() => "");
		this.drawSoon();
	}

	/** The page around may have changed, or the element stands in another place of it. */
	around() {
		// Rows that have not been asked for are watched anew where the table stands now.
		this.observer.disconnect();
		this.drawSoon();
		void speakLike(this.host.element).then((language) => {
			if (language !== this.language) this.said = "";
			this.language = language;
			this.drawSoon();
		});
	}

	draw() {
		const { language } = this;
		if (!language) return void render(html`<slot></slot>`, this.root);
		const look = { ...this.host.look(), lang: LANGUAGES[language], retry: (/** @type {Row} */ row) => this.retry(row) };
		within(language, () => render(tableView(this, look), this.root));
		for (const one of this.root.querySelectorAll("[data-row]"))
			if (this.rowOf(one)?.state === "idle") this.observer.observe(one);
	}

	/** @param {Element} drawn */
	rowOf(drawn) {
		return this.rows[Number(drawn.getAttribute("data-row"))];
	}

	/** @param {IntersectionObserverEntry[]} entries */
	seen(entries) {
		// Rows that were seen before the element left its page come late: its rows are watched anew when it is back.
		if (!this.host.element.isConnected) return;
		for (const { target, isIntersecting } of entries) {
			if (!isIntersecting) continue;
			this.observer.unobserve(target);
			const row = this.rowOf(target);
			if (row?.state === "idle") row.state = "waiting";
		}
		if (this.rows.some(({ state }) => state === "waiting")) this.next();
	}

	/** As many are under way as may be. */
	next() {
		// One that has left its page begins nothing.
		if (!this.host.element.isConnected) return;
		const { atOnce } = this.host.look();
		for (const row of this.rows) {
			if (this.rows.filter(({ state }) => state === "loading").length >= atOnce) break;
			if (row.state === "waiting") void this.ask(row);
		}
		this.drawSoon();
	}

	/** @param {Listed} row @returns {import("../wish.js").Wish} */
	wish({ reference, digest }) {
		const { proxy, platform } = this.host.look();
		return { reference, digest, proxy, platform, src: "", identity: "", issuer: "", repository: "", key: "" };
	}

	/** @param {Row} row */
	async ask(row) {
		const job = new AbortController();
		Object.assign(row, { state: "loading", job, failure: undefined });
		try {
			const report = await load(this.wish(row), job.signal, () => {});
			const model = new Model(report);
			if (model.firstFailure()) await wordsOf("checks");
			if (row.job === job) this.found(row, model);
		} catch (error) {
			await wordsOf("errors");
			if (row.job === job) this.fail(row, error);
		}
		if (this.rows.includes(row)) this.next();
	}

	/** @param {Row} row @param {Model} model */
	found(row, model) {
		Object.assign(row, { state: "done", model, job: undefined });
		const { report, roots } = model;
		if (report.summary.verdict === "failed")
			this.said = within(this.language ?? "en", () => `${row.text}${t("list.colon")}${headline(model)}`);
		this.host.tell("stow-verdict", { ...report.summary, reference: row.reference, digest: roots[0]?.digest ?? null });
	}

	/** @param {Row} row @param {unknown} error */
	fail(row, error) {
		const failure = failureOf(error);
		if (failure.code === "aborted") return void Object.assign(row, { state: "idle", job: undefined });
		// An older answer says nothing about what is there now.
		Object.assign(row, { state: "failed", failure, model: undefined, job: undefined });
		this.host.tell("stow-error", { ...failure, reference: row.reference });
	}

	/** @param {Row} row */
	retry(row) {
		forget(this.wish(row));
		row.state = "waiting";
		this.next();
	}

	/** Asks for all rows again: tags may point elsewhere by now. */
	reload() {
		for (const row of this.rows) {
			forget(this.wish(row));
			if (row.state === "done" || row.state === "failed") row.state = "waiting";
		}
		this.next();
	}

	/** The element has left its page. @returns {boolean} whether anything was on its way */
	stop() {
		const busy = this.rows.filter(({ job, state }) => job || state === "waiting");
		for (const row of busy) {
			row.job?.abort();
			Object.assign(row, { state: "idle", job: undefined });
		}
		return busy.length > 0;
	}
}

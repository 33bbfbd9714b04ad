// The controller of "How it works": edits in, digests out, one state, drawn anew after each change.

import { render } from "lit";
import { loadWords, locale, onLanguage, setLanguage, shown, t } from "../i18n/strings.js";
import { loadSettings, saveSettings } from "../page/settings.js";
import { Lesson } from "./lesson.js";
import { howView } from "./lesson-view.js";
import { mended } from "./mend.js";

/** The pause in typing after which the digests follow, in milliseconds. */
const PAUSE = 150;

export class How {
	/** @param {{ open: import("./lesson.js").Open, root: HTMLElement, store?: Storage }} parts */
	constructor({ open, root, store }) {
		this.open = open;
		this.root = root;
		this.store = store;
		this.proxy = new URL("proxy/", document.baseURI).href;
		/** @type {import("./lesson-view.js").State} */
		this.state = { settings: loadSettings(store, this.proxy, navigator.languages), mended: false };
		/** @type {Lesson | undefined} */
		this.lesson = undefined;
		this.timer = 0;
		this.turn = 0;
	}

	async start() {
		for (const [name, act] of Object.entries(this.actions())) {
			this.root.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
		}
		await loadWords("how");
		await setLanguage(this.state.settings.language).catch(() => {});
		this.state.settings.language = shown();
		onLanguage(() => this.draw());
		this.draw();
		await this.load();
	}

	/** @returns {Record<string, (detail: any) => void>} */
	actions() {
		return {
			"how-edit": (change) => this.edit(change),
			"how-try": ({ what }) => this.try(what),
			"how-mend": () => this.mend(),
			"how-reset": () => this.set({ ...this.lesson?.first }),
			"how-again": () => this.load(),
			"stow-change": (change) => this.change(change),
		};
	}

	draw() {
		document.documentElement.lang = locale();
		document.documentElement.dataset.theme = this.state.settings.theme;
		document.title = t("how.title");
		render(howView(this.state), this.root);
	}

	/** @param {Partial<import("./lesson-view.js").State>} change */
	update(change) {
		Object.assign(this.state, change);
		this.draw();
	}

	async load() {
		this.update({ failure: undefined });
		try {
			this.lesson = await Lesson.of(this.open, new URL("www/samples/", document.baseURI));
			const texts = { ...this.lesson.first };
			const first = await this.lesson.results(texts);
			this.update({ texts, first, results: first });
		} catch (error) {
			this.update({ failure: String(/** @type {any} */ (error)?.message ?? error) });
		}
	}

	/** Typed text is shown at once; the digests follow. @param {Partial<import("./lesson.js").Texts>} change */
	edit(change) {
		if (!this.state.texts) return;
		this.state.texts = { ...this.state.texts, ...change };
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => this.set({}), PAUSE);
	}

	/** @param {Partial<import("./lesson.js").Texts>} change @param {boolean} [isMended] */
	async set(change, isMended = false) {
		const { texts: before } = this.state;
		if (!this.lesson || !before) return;
		const texts = { ...before, ...change };
		this.state.texts = texts;
		const turn = ++this.turn;
		try {
			const results = await this.lesson.results(texts);
			if (turn === this.turn) this.update({ results, mended: isMended });
		} catch (error) {
			if (turn === this.turn) this.update({ failure: String(/** @type {any} */ (error)?.message ?? error) });
		}
	}

	async mend() {
		const { texts } = this.state;
		if (this.lesson && texts) await this.set(await mended(this.lesson, texts), true);
	}

	/** One small change, for those who would rather press a button. @param {"file" | "again" | "config" | "manifest"} what */
	try(what) {
		const { texts } = this.state;
		if (!texts) return;
		if (what === "again") this.set({ again: !texts.again });
		else if (what === "file") this.set({ file: nextLetter(texts.file) });
		else this.set({ [what]: texts[what].replace("{", "{ ") });
	}

	/** @param {Partial<import("../page/settings.js").Settings>} change */
	async change(change) {
		const settings = { ...this.state.settings, ...change };
		saveSettings(this.store, settings, this.proxy, navigator.languages);
		this.update({ settings });
		if (change.language) await setLanguage(change.language).catch(() => this.change({ language: shown() }));
	}
}

/** The text with its first letter put one on: `Hello` to `Iello`, from `z` back to `a`. @param {string} text */
export const nextLetter = (text) =>
	/[a-z]/i.test(text)
		? text.replace(/[a-z]/i, (letter) => {
				if (/z/i.test(letter)) return letter === "z" ? "a" : "A";
				return String.fromCharCode(letter.charCodeAt(0) + 1);
			})
		: `${text}a`;

// The one box: a reference or a digest is typed, a text is pasted. It decides nothing but which of these.

import { html } from "lit";
import { emit } from "../elements/part.js";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { filesIn } from "../intake/given.js";
import { isDigest } from "../model/digest-text.js";

/** True if a text is a document and not a reference; `[::1]:5000/app` is one. @param {string} text */
export const isDocument = (text) => /^\s*(\{|\[\s*[\]"{[])/.test(text) || /[\r\n]/.test(text.trim());

/** True if a text is a command, an address or a sentence rather than a name. @param {string} text */
const isPhrase = (text) => /\S\s+\S/.test(text) || /^\s*https?:\/\//.test(text);

/** @param {{ value: string }} state */
export function box({ value }) {
	return html`<form class="box" role="search" @submit=${submit}>
		<label for="reference" class="sr">${t("box.label")}</label>
		<textarea id="reference" name="reference" rows="1" wrap="off" .value=${value} placeholder=${t("box.placeholder")} aria-keyshortcuts="/"
			autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="go"
			@paste=${paste} @keydown=${enter} @input=${grow}></textarea>
		<kbd aria-hidden="true">/</kbd>
		<button type="submit" class="primary">${t("box.inspect")}</button>
		<button type="button" class="paste-open" @click=${panel}>${t("box.paste")}</button>
	</form>`;
}

/** Other inputs that the box takes, on the first screen. */
export const ways = () =>
	html`<p class="hint"><span>${t("box.hint")} ${way("box.files", false)} ${way("box.folder", true)}</span><span>${t("box.private")}</span></p>`;

/** The proxy that is asked, if it is not the page's own. @param {string} proxy */
export const otherProxy = (proxy) =>
	html`<p class="hint other-proxy">${proxy ? t("box.proxy", { proxy: visible(proxy, 200) }) : t("box.noProxy")}
	<button type="button" class="quiet" @click=${settings}>${t("settings.open")}</button></p>`;

/** @param {Event} event */
const settings = (event) => emit(event.currentTarget, "stow-settings");

/** An input of the browser's own: the keyboard and screen readers know it. @param {string} key @param {boolean} folder */
const way = (key, folder) =>
	html`<label class="way">${t(key)}<input type="file" class="sr" multiple ?webkitdirectory=${folder} @click=${folder ? pick : undefined} @change=${chosen}></label>`;

/** @param {Event} event */
function chosen({ currentTarget }) {
	const input = /** @type {HTMLInputElement} */ (currentTarget);
	emit(input, "stow-files", { given: [...(input.files ?? [])] });
	// The same choice again is a new one.
	input.value = "";
}

/** A picker that speaks of an upload is the second choice. @param {Event} event */
function pick(event) {
	if (!("showDirectoryPicker" in globalThis) || self !== top) return;
	event.preventDefault();
	/** @type {any} */ (globalThis).showDirectoryPicker().then(
		(/** @type {FileSystemHandle} */ folder) => emit(event.target, "stow-files", { given: [folder] }),
		() => {},
	);
}

/** @param {SubmitEvent} event */
function submit(event) {
	event.preventDefault();
	const form = /** @type {HTMLFormElement} */ (event.currentTarget);
	const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("reference")).value;
	if (isDocument(text)) emit(form, "stow-verify", { texts: [text] });
	else if (isPhrase(text)) emit(form, "stow-verify", { texts: [text], typed: true });
	else emit(form, isDigest(text.trim()) ? "stow-digest" : "stow-inspect", { text: text.trim() });
}

/** @param {Event} event */
const panel = (event) => emit(event.currentTarget, "stow-panel", {});

/** Enter inspects, with Shift it begins a line. @param {KeyboardEvent} event */
function enter(event) {
	if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
	event.preventDefault();
	/** @type {HTMLTextAreaElement} */ (event.currentTarget).form?.requestSubmit();
}

/** The most lines that the box shows, and the longest text that is pasted into it. */
const MOST = 8;
const LONGEST = 1000;

/** One line, or as many as the text has. @param {Event} event */
function grow({ currentTarget }) {
	const field = /** @type {HTMLTextAreaElement} */ (currentTarget);
	field.rows = Math.min(field.value.split("\n").length, MOST);
}

/** True if a text is opened at once: a field would change the line ends that a digest counts. @param {string} text */
const isLong = (text) => /[{[]\s*["{]|\r/.test(text) || text.length > LONGEST || text.trim().split("\n").length > MOST;

/** @param {ClipboardEvent} event */
function paste(event) {
	const given = filesIn(event.clipboardData);
	const text = event.clipboardData?.getData("text/plain") ?? "";
	if (given.length === 0 && !isLong(text)) return;
	event.preventDefault();
	if (given.length > 0) emit(event.currentTarget, "stow-files", { given });
	else emit(event.currentTarget, "stow-verify", { texts: [text] });
}

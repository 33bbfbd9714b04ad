// Line: www, the one box: a reference or a digest is typed, a text is pasted. It decides nothing but which of these.

import { html } from "lit";
import { isDigest } from "../digest-text.js";
import { emit } from "../elements/part.js";
import { filesIn } from "../intake/given.js";
import { t } from "../strings.js";

/** Whether a text is a document and not a reference; `[::1]:5000/app` is one. @param {string} text */
export const isDocument = (text) => /^\s*(\{|\[\s*[\]"{[])/.test(text) || /[\r\n]/.test(text.trim());

/** @param {{ value: string, loading: boolean }} state */
export function box({ value, loading }) {
	return html`<form class="box" role="search" @submit=${submit}>
		<label for="reference" class="sr">${t("box.label")}</label>
		<input id="reference" name="reference" type="text" .value=${value} placeholder=${t("box.placeholder")} aria-describedby="hint"
			autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="go" @paste=${paste}>
		<button type="submit" class="primary">${t("box.inspect")}</button>
		<button type="button" class="paste-open" @click=${panel}>${t("box.paste")}</button>
		${loading ? html`<button type="button" class="cancel" @click=${cancel}>${t("box.cancel")}</button>` : ""}
	</form>
	<p class="hint"><span id="hint">${t("box.hint")}</span> ${way("box.files", false)} ${way("box.folder", true)}</p>`;
}

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
	const text = String(new FormData(form).get("reference") ?? "");
	if (isDocument(text)) emit(form, "stow-verify", { texts: [text] });
	else emit(form, isDigest(text.trim()) ? "stow-digest" : "stow-inspect", { text: text.trim() });
}

/** @param {Event} event */
const panel = (event) => emit(event.currentTarget, "stow-panel", {});

/** @param {Event} event */
const cancel = (event) => emit(event.currentTarget, "stow-cancel");

/** A one-line field would lose the line ends that a digest counts, so a document never gets into it. @param {ClipboardEvent} event */
function paste(event) {
	const given = filesIn(event.clipboardData);
	const text = event.clipboardData?.getData("text/plain") ?? "";
	if (given.length === 0 && !isDocument(text)) return;
	event.preventDefault();
	if (given.length > 0) emit(event.currentTarget, "stow-files", { given });
	else emit(event.currentTarget, "stow-verify", { texts: [text] });
}

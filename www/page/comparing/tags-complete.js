// The box completes tags: `name:` lists those of the repository, if the proxy answers; `host:5000/` its repositories. It keeps
// to the public events of the element with the id `reference`, which may be any kind of field.

import { html, render } from "lit";
import { visible } from "../../i18n/format.js";
import { loadWords, t } from "../../i18n/strings.js";
import { styled } from "../later.js";
import { asking } from "../settings.js";

/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/** The pause in typing after which a registry is asked, in milliseconds. */
const REST = 250;
/** The most tags that are offered. */
const MOST = 12;
/** The most tags of a repository that are listed for it. */
const LISTED = 2000;

/** Words before a colon that are no repository: algorithms of digests, and schemes. */
const SCHEMES = /^(sha256|sha384|sha512|https?|oci|docker|docker-daemon|docker-archive|containers-storage)$/i;

/** The lists, by repository; nothing if no list came. @type {Map<string, Promise<string[]>>} */
const known = new Map();

/** A registry with a port, which no public one has, with the beginning of a repository. */
const REGISTRY = /^\s*([\w.-]+:\d+)\/([\w./-]*)$/;

/** `name`: what stands before each of `tags`. @type {{ field: Field, name: string, tags: string[], at: number, box: HTMLElement } | undefined} */
let open;
let turn = 0;

/** The field to which Tab added a colon, which is taken away again if nothing is chosen. @type {Field | undefined} */
let begun;

/** Lists the tags of the name in the box, as if a colon had been typed behind it. @param {Field} field */
export function begin(field) {
	begun = field;
	write(field, `${field.value}:`);
}

function withdraw() {
	const field = begun;
	begun = undefined;
	if (field?.value.endsWith(":")) write(field, field.value.slice(0, -1));
}

/** @param {Field} field @param {string} value */
function write(field, value) {
	field.value = value;
	field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {Controller} controller */
export async function complete(controller) {
	const field = /** @type {Field | null} */ (controller.root.querySelector("#reference"));
	const mine = ++turn;
	if (!field) return;
	listen(field);
	await new Promise((rest) => setTimeout(rest, REST));
	const [, host, begun = ""] = REGISTRY.exec(field.value) ?? [];
	const [, name = host, start = begun] = host ? [] : (/^\s*(\S+):([\w.-]*)$/.exec(field.value) ?? []);
	if (mine !== turn || !name || SCHEMES.test(name)) return mine === turn ? close() : undefined;
	const tags = await (host ? repositoriesOf : tagsOf)(controller, name);
	if (mine !== turn || document.activeElement !== field) return;
	const fits = tags.filter((tag) => tag.startsWith(start) && tag !== start).slice(0, MOST);
	if (fits.length === 0) {
		withdraw();
		return close();
	}
	await Promise.all([styled(new URL("compare.css", import.meta.url)), loadWords("compare")]);
	if (mine === turn) show(field, `${name}${host ? "/" : ":"}`, fits);
}

/** @param {Controller} controller @param {string} name */
function tagsOf({ api, state }, name) {
	const list = async () => {
		// `host:5000` is the beginning of another name, no repository with a tag.
		const { repository } = await api.parseReference(name);
		if (!repository || (!name.includes("/") && /[.]|^localhost$/.test(name))) return [];
		const { tags, folded } = await api.tags(name, { ...asking(state.settings), limit: LISTED });
		return tags.slice(0, tags.length - folded);
	};
	const key = `${state.settings.proxy} ${name}`;
	const failed = () => {
		known.delete(key);
		return [];
	};
	const found = known.get(key) ?? list().catch(failed);
	known.set(key, found);
	return found;
}

/** A registry that lists none is not asked again. @param {Controller} controller @param {string} host */
function repositoriesOf({ api, state }, host) {
	const key = `${state.settings.proxy} ${host}/`;
	const list = async () => (await api.catalog(host, { ...asking(state.settings), limit: LISTED })).repositories;
	const found = known.get(key) ?? list().catch(() => []);
	known.set(key, found);
	return found;
}

/** @type {WeakSet<Field>} */
const heard = new WeakSet();

/** @param {Field} field */
function listen(field) {
	if (heard.has(field)) return;
	heard.add(field);
	field.addEventListener("keydown", (event) => keydown(/** @type {KeyboardEvent} */ (event)), { capture: true });
	field.addEventListener("blur", () => {
		withdraw();
		close();
	});
	field.addEventListener("input", () => !/:[\w.-]*$/.test(field.value) && !REGISTRY.test(field.value) && close());
}

/** @param {KeyboardEvent} event */
function keydown(event) {
	if (!open || event.isComposing) return;
	const { tags, at } = open;
	const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
	if (step) show(open.field, open.name, tags, (at + step + tags.length + (at < 0 && step < 0 ? 1 : 0)) % tags.length);
	else if (event.key === "Escape") close();
	else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) take(/** @type {string} */ (tags[at]));
	else return;
	event.preventDefault();
	event.stopImmediatePropagation();
}

/** @param {string} tag */
function take(tag) {
	if (!open) return;
	const { field, name } = open;
	close();
	begun = undefined;
	write(field, `${name}${tag}`);
	field.focus();
}

function close() {
	turn++;
	if (!open) return;
	open.box.remove();
	for (const name of ["role", "aria-expanded", "aria-controls", "aria-activedescendant", "aria-autocomplete"])
		open.field.removeAttribute(name);
	open = undefined;
}

/** @param {Field} field @param {string} name @param {string[]} tags @param {number} [at] the one that is chosen by the keyboard */
function show(field, name, tags, at = -1) {
	const box =
		open?.box ?? document.body.appendChild(Object.assign(document.createElement("div"), { className: "tag-list" }));
	open = { field, name, tags, at, box };
	const { left, bottom, width } = field.getBoundingClientRect();
	for (const [key, value] of Object.entries({ "--left": left + scrollX, "--top": bottom + scrollY, "--width": width }))
		box.style.setProperty(key, `${value}px`);
	const states = {
		role: "combobox",
		"aria-expanded": "true",
		"aria-controls": "tag-list",
		"aria-autocomplete": "list",
	};
	for (const [key, value] of Object.entries(states)) field.setAttribute(key, value);
	if (at >= 0) field.setAttribute("aria-activedescendant", `tag-option-${at}`);
	// The field keeps the focus: a press must not take it.
	const press = (/** @type {Event} */ event, /** @type {string} */ tag) => {
		event.preventDefault();
		take(tag);
	};
	render(
		html`<ul id="tag-list" role="listbox" aria-label=${t(name.endsWith("/") ? "catalog.title" : "tags.title")}>${tags.map(
			(tag, index) =>
				html`<li id="tag-option-${index}" role="option" aria-selected=${index === at} @mousedown=${(/** @type {Event} */ event) => press(event, tag)}><code>${visible(tag, 128)}</code></li>`,
		)}</ul>`,
		box,
	);
}

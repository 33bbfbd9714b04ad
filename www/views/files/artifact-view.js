// Artifact -> www. The facts of a chart, a wasm file or a model, its blobs, and what it asks for and offers.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { count, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { checkWords, errorText } from "../core-words.js";
import { mark } from "../marks.js";

/** The most rows of a list that are drawn. */
const ROWS = 500;

/** Facts that are numbers, and such as are bytes. */
const NUMBERS = new Set([
	"parameters",
	"tensors",
	"contextLength",
	"embeddingLength",
	"layers",
	"experts",
	"vocabulary",
]);

/** @typedef {import("../../elements/files/artifact.js").StowArtifact} View @typedef {import("../../types.js").Artifact} Artifact */

/** @param {View} view @param {Artifact} found */
export function artifactView(view, found) {
	const { kind, facts, proved, wants, files, node, imports, exports, dependencies, provenance } = found;
	const own = node === undefined ? undefined : view.model?.node(node);
	return html`<h3>${t(`artifact.kind.${kind}`)}</h3>
		${
			node === undefined
				? nothing
				: html`<p class=${proved ? "note" : "note is-warn"} data-proved=${String(proved)}>${t(proved ? "artifact.proved" : "artifact.unproved")}
			${proved ? nothing : html`<button type="button" @click=${() => view.open({ whole: true })}>${t("artifact.prove", { size: size(own?.size ?? 0) })}</button>`}</p>`
		}
		${wants === undefined ? nothing : html`<p class="note is-warn">${t("artifact.wants")}</p>`}
		${facts.length > 0 ? html`<table class="facts artifact-facts"><tbody>${facts.map(fact)}</tbody></table>` : nothing}
		${provenance ? provenanceView(provenance) : nothing}
		${list("dependencies", dependencies, ({ name, version, repository }) => html`<code>${visible(name, 200)}</code> ${visible(version, 100)} <span class="note">${visible(repository, 300)}</span>`)}
		${list("imports", imports, port)}${list("exports", exports, port)}
		${parts(view, found)}
		${found.parts.length < (view.model?.leaves(view.image).length ?? 0) ? html`<p><button type="button" class="quiet" @click=${() => view.open()}>${t("artifact.all")}</button></p>` : nothing}
		${files && own ? html`<stow-explorer kind="files" .model=${view.model} .image=${view.image} .api=${view.api} .settings=${view.settings} .given=${once(view, own, files)}></stow-explorer>` : nothing}`;
}

/** The digest of a chart in its provenance, and its signature. @param {NonNullable<Artifact["provenance"]>} provenance */
function provenanceView({ checks, error }) {
	const row = (/** @type {import("../../types.js").Check} */ check) =>
		html`<li data-reason=${check.reason ?? ""}>${mark(check.outcome)} <span class="said">${checkWords(check)}</span></li>`;
	return html`<section class="artifact-provenance"><h4>${t("artifact.provenance")}</h4>
		<ul class="plain">${checks.map(row)}</ul>${error ? html`<p class="compare-failure" role="alert">${errorText(error, 600)}</p>` : nothing}</section>`;
}

/** The same object for the same files, or the explorer would begin anew. @type {WeakMap<object, object>} */
const givens = new WeakMap();
/** @param {View} _view @param {import("../../types.js").Node} node @param {any} handle */
function once(_view, node, handle) {
	const given = givens.get(handle) ?? { node, handle };
	givens.set(handle, given);
	return given;
}

/** @param {{ name: string, value: string }} fact */
function fact({ name, value }) {
	const shown = NUMBERS.has(name) && /^\d{1,15}$/.test(value) ? count(Number(value)) : visible(value, 500);
	return html`<tr><th scope="row">${t(`artifact.fact.${name}`)}</th><td>${shown}</td></tr>`;
}

/** @param {import("../../types.js").ArtifactPort} port */
const port = ({ module, name, type }) =>
	html`<code>${visible(module === undefined ? name : `${module} ${name}`, 400)}</code> <span class="note">${type}</span>`;

/** @template T @param {"dependencies" | "imports" | "exports"} name @param {T[] | undefined} rows @param {(row: T) => unknown} row */
function list(name, rows, row) {
	if (!rows?.length) return nothing;
	return html`<details class="artifact-list" ?open=${rows.length <= 20}><summary>${t(`artifact.${name}`, { n: rows.length })}</summary>
		<ul class="plain">${rows.slice(0, ROWS).map((one) => html`<li>${row(one)}</li>`)}</ul>
		${rows.length > ROWS ? html`<p class="note">+${count(rows.length - ROWS)}</p>` : nothing}</details>`;
}

/** The blobs with what can be done with each. @param {View} view @param {Artifact} found */
function parts(view, { parts: all, kind }) {
	const { model } = view;
	const row = (
		/** @type {import("../../types.js").ArtifactPart} */ { id, title, mediaType, size: bytes, unpack, outside },
	) => {
		const node = model?.node(id);
		const verify = (/** @type {Event} */ { currentTarget }) =>
			emit(/** @type {HTMLElement} */ (currentTarget), "stow-layers", { layers: [id] });
		return html`<li><code>${visible(title ?? mediaType, 300)}</code> <span class="note">${bytes === undefined ? "" : size(bytes)} ${title ? visible(mediaType, 120) : ""}</span>
			${outside ? html`<span class="note is-warn">${t("artifact.outside")}</span>` : nothing}
			${
				node && model?.reaches(node)
					? html`<button type="button" class="quiet" @click=${verify}>${t("artifact.verify")}</button>
				<button type="button" class="quiet" @click=${() => view.keep(id)}>${t("artifact.download")}</button>
				${unpack && kind === "oras" && all.length > 1 ? html`<button type="button" class="quiet" @click=${() => view.open({ id })}>${t("artifact.unpack")}</button>` : nothing}`
					: nothing
			}</li>`;
	};
	return html`<details class="artifact-list" ?open=${kind === "oras"}><summary>${t("artifact.parts", { n: all.length })}</summary>
		<ul class="plain artifact-parts">${all.slice(0, ROWS).map(row)}</ul>
		${all.length > ROWS ? html`<p class="note">+${count(all.length - ROWS)}</p>` : nothing}</details>`;
}

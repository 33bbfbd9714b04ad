// Report -> www. The config as `docker inspect` shows it.

import { html, nothing } from "lit";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { isCoveredWord } from "../model/secrets.js";
import { pairs } from "./node-facts.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../model/model.js").Model} Model
 */

/** The most lines of a list that are drawn. */
const LISTED = 500;

/** @param {Model} model @param {Node | undefined} image */
export function config(model, image) {
	const node = model.config(image);
	if (!node?.read) return html`<p class="note">${t("config.unread")}</p>`;
	const facts = node.image;
	if (!facts) return html`<p class="note">${t("config.none")}</p>`;
	return html`<table class="facts"><tbody>
		${row("entrypoint", facts.entrypoint && words(node, "Entrypoint", facts.entrypoint))}
		${row("cmd", facts.cmd && words(node, "Cmd", facts.cmd))}
		${row("workingDir", facts.workingDir && code(facts.workingDir))}
		${row("user", facts.user && code(facts.user))}
		${row("exposedPorts", list(facts.exposedPorts))}
		${row("volumes", list(facts.volumes))}
		${row("stopSignal", facts.stopSignal && code(facts.stopSignal))}
		${row("healthcheck", facts.healthcheck && health(node, facts.healthcheck))}
		${row("shell", facts.shell && words(node, "Shell", facts.shell))}
		${row("argsEscaped", facts.argsEscaped && code("true"))}
		${row("onBuild", facts.onBuild && instructions(node, facts.onBuild))}
		${row("env", list(facts.env, facts.secretEnv))}
		${row("labels", facts.labels?.length ? pairs(facts.labels, facts.secretLabels) : undefined)}
		${row("created", facts.created && visible(facts.created, 60))}
		${row("author", facts.author && visible(facts.author, 300))}
	</tbody></table>`;
}

/** Entrypoint, Cmd and User are told also if they are unset: that is an answer. */
const TOLD = new Set(["entrypoint", "cmd", "user"]);

/** @param {string} key @param {unknown} view */
function row(key, view) {
	if (!view && !TOLD.has(key)) return nothing;
	return html`<tr><th scope="row">${t(`config.${key}`)}</th><td>${view || html`<span class="note">${t("config.unset")}</span>`}</td></tr>`;
}

/** The exec form, as Docker prints it; one with a secret in it is covered. @param {Node} node @param {import("../model/secrets.js").Words} name @param {string[]} list */
const words = (node, name, list) =>
	list.some((_, index) => isCoveredWord(node, name, index))
		? html`<stow-secret .text=${JSON.stringify(list)} what=${name}></stow-secret>`
		: code(JSON.stringify(list));

/** The members of a health check that are times in nanoseconds, as Docker writes them. */
const TIMES = /** @type {const} */ (["interval", "timeout", "startPeriod", "startInterval"]);

/** @param {Node} node @param {import("../types.js").Health} health */
function health(node, { test, retries, ...times }) {
	const told = TIMES.filter((name) => times[name]).map((name) => `${capital(name)}: ${(times[name] ?? 0) / 1e9}s`);
	if (retries) told.push(`Retries: ${retries}`);
	return html`${words(node, "Healthcheck.Test", test)}${list(told)}`;
}

/** @param {string} name */
const capital = (name) => `${name[0]?.toUpperCase()}${name.slice(1)}`;

/** @param {Node} node @param {string[]} lines */
const instructions = (node, lines) =>
	list(
		lines,
		[...lines.keys()].filter((index) => isCoveredWord(node, "OnBuild", index)),
	);

/** @param {string} text */
const code = (text) => html`<code>${visible(text, 2000)}</code>`;

/** @param {string[] | undefined} items @param {number[]} [secrets] the places of those to cover */
function list(items, secrets = []) {
	if (!items?.length) return undefined;
	return html`<ul class="plain">${items
		.slice(0, LISTED)
		.map((item, index) => html`<li>${secrets.includes(index) ? covered(item) : code(item)}</li>`)}</ul>`;
}

/** The name stays, the value is covered. @param {string} item */
function covered(item) {
	const [name = ""] = item.split("=", 1);
	const value = item.slice(name.length + 1);
	if (name.length === item.length) return html`<stow-secret .text=${item} what=${t("config.env")}></stow-secret>`;
	return html`${code(`${name}=`)}<stow-secret .text=${value} what=${name}></stow-secret>`;
}

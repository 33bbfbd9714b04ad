// The page's state, and the change that each event makes to it. Pure: no DOM, no API.

import { duration } from "../i18n/format.js";
import { reasonWords } from "../i18n/reasons.js";
import { t } from "../i18n/strings.js";
import { isTab } from "../model/tabs.js";

/**
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 * @typedef {Extract<ProgressEvent, { type: "request" }>} Request
 * @typedef {object} State
 * @property {string} input the text in the box
 * @property {import("../model/model.js").Model | undefined} model
 * @property {string | undefined} selected the id of a node
 * @property {import("../views/status.js").Progress | undefined} progress while loading
 * @property {import("../views/status.js").Failure | undefined} failure
 * @property {Request[]} requests
 * @property {import("./samples.js").Sample[]} samples
 * @property {import("./settings.js").Settings} settings
 * @property {(import("../model/lookup.js").Lookup & { from: "box" | "card" }) | undefined} lookup the digest that was asked for
 * @property {import("../views/pasted/pins-card.js").Pins | undefined} pins the images of a file that was given
 * @property {string | undefined} readAs the full name that was made of what stands in the box
 * @property {import("../views/welcome.js").Changed | undefined} which the digests of the first screen after a byte was changed
 * @property {string | undefined} linked what came of a link to a text
 * @property {string} tab of the result
 * @property {string} pane the tab of the selected node
 * @property {string | undefined} path the file to go to
 * @property {string | undefined} filter what the files are filtered by
 * @property {number | undefined} line of the bytes, from 1
 * @property {string | undefined} outcome which checks are listed
 * @property {import("./signing.js").Named | undefined} named who should sign the image of a digest, as the reader said
 * @property {boolean} [printing]
 * @property {boolean} [aside] whether a comparison or a list of tags stands instead of a result
 * @property {string} said what the live region says
 */

/** The most requests that are kept; a nested index may need hundreds. */
const REQUESTS = 2000;

/** @param {import("./settings.js").Settings} settings @returns {State} */
export function firstState(settings) {
	return {
		input: "",
		model: undefined,
		selected: undefined,
		progress: undefined,
		failure: undefined,
		requests: [],
		samples: [],
		settings,
		lookup: undefined,
		pins: undefined,
		readAs: undefined,
		which: undefined,
		linked: undefined,
		tab: "overview",
		pane: "facts",
		path: undefined,
		filter: undefined,
		line: undefined,
		outcome: undefined,
		named: undefined,
		said: "",
	};
}

/** Forms that a registry cannot be asked for as they were written. */
const REWRITTEN = ["oci-scheme", "hub-page", "registry-page", "hub-name"];

/**
 * The name that is asked for, and the full name to show if it differs.
 * @param {string} text @param {import("../types.js").ParsedReference & { form: string | null }} reading
 */
export function asked(text, { registry, repository, tag, digest, familiar, form }) {
	const full = repository ? `${registry}/${repository}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}` : text;
	return { name: form && REWRITTEN.includes(form) ? familiar : text, readAs: full === text.trim() ? undefined : full };
}

/** From this number of nodes on, a report is shown in steps. */
const LARGE = 1000;

/**
 * A large report is indexed in one task, counted in the next and drawn in the last: the page answers in between.
 * @param {number} nodes @param {() => void} count
 */
export async function inSteps(nodes, count) {
	if (nodes <= LARGE) return;
	await new Promise((resume) => setTimeout(resume));
	count();
	await new Promise((resume) => setTimeout(resume));
}

/** @param {string} text @param {boolean} [goesOn] about the image in view */
export const startOf = (text, goesOn = false) => ({ text, goesOn, done: 0, total: 0, requests: 0, bytes: 0 });

/**
 * The state after an event of the API.
 * @param {State} state @param {ProgressEvent} event @returns {Partial<State>}
 */
export function progressed({ progress, requests }, event) {
	const seen = event.type === "request" ? withRequest({ requests }, event).requests : requests;
	// Events and results come over two channels: one that comes after the end is listed and starts nothing.
	if (!progress) return { requests: seen };
	switch (event.type) {
		case "request": {
			const bytes = progress.bytes + (event.bytes ?? 0);
			return { progress: { ...progress, requests: progress.requests + 1, bytes }, requests: seen };
		}
		case "waiting": {
			const reason = reasonWords({ reason: event.code, params: event.params }) ?? event.reason;
			const text = t("progress.waiting", { time: duration(event.seconds), reason });
			return { progress: { ...progress, text }, said: text };
		}
		case "plan":
			return { requests: seen };
		default:
			return { progress: { ...progress, text: event.text, done: event.done, total: event.total } };
	}
}

/** @param {Pick<State, "requests">} state @param {Request} event */
export const withRequest = ({ requests = [] }, event) => ({
	requests: requests.length < REQUESTS ? [...requests, event] : requests,
});

/** The code of the sentence and its values, if the error has them. @param {any} error */
const reasonOf = (error) => (error?.reason ? { reason: String(error.reason), params: error.params ?? {} } : {});

/** @param {any} error @param {boolean} [online] what the browser says of its network @returns {import("../views/status.js").Failure} */
export function failureOf(error, online = true) {
	const retryAfter = Number.isFinite(error?.retryAfter) ? Number(error.retryAfter) : undefined;
	return {
		code: String(error?.code ?? "unknown"),
		message: String(error?.message ?? error),
		retryAfter,
		...(!online && { offline: true }),
		...reasonOf(error),
	};
}

/** The part of a place about the view: the tab, a file, a filter, a line of the bytes. @param {import("../lib/fragment.js").Place} place */
export const viewOf = ({ tab, file, filter, line }) => ({
	tab: tab && isTab(tab) ? tab : "overview",
	path: file,
	filter,
	line: line && /^[1-9]\d*$/.test(line) ? Number(line) : undefined,
});

/** The view that another image starts with. @param {import("../lib/fragment.js").Place} place */
export const freshOf = (place) => ({ pins: undefined, pane: "facts", outcome: undefined, ...viewOf(place) });

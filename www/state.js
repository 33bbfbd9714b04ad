// Line: www, what the page knows, and how each event changes it. Pure: no DOM, no API.

import { duration } from "./format.js";
import { said } from "./said.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./types.js").ProgressEvent} ProgressEvent
 * @typedef {Extract<ProgressEvent, { type: "request" }>} Request
 * @typedef {object} State
 * @property {string} input the text in the box
 * @property {import("./model.js").Model | undefined} model
 * @property {string | undefined} selected the id of a node
 * @property {import("./views/status.js").Progress | undefined} progress while loading
 * @property {import("./views/status.js").Failure | undefined} failure
 * @property {Request[]} requests
 * @property {import("./samples.js").Sample[]} samples
 * @property {import("./settings.js").Settings} settings
 * @property {(import("./lookup.js").Lookup & { from: "box" | "card" }) | undefined} lookup the digest that was asked for
 * @property {string} said what the live region says
 */

/** How many requests are kept; a nested index may need hundreds. */
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
		said: "",
	};
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

/** @param {string} text */
export const startOf = (text) => ({ text, done: 0, total: 0, requests: 0, bytes: 0 });

/**
 * The state after an event of the API.
 * @param {State} state @param {ProgressEvent} event @returns {Partial<State>}
 */
export function progressed({ progress, requests }, event) {
	const seen = event.type === "request" && requests.length < REQUESTS ? [...requests, event] : requests;
	// Events and results come over two channels: one that comes after the end is listed and starts nothing.
	if (!progress) return { requests: seen };
	switch (event.type) {
		case "request": {
			const bytes = progress.bytes + (event.bytes ?? 0);
			return { progress: { ...progress, requests: progress.requests + 1, bytes }, requests: seen };
		}
		case "waiting": {
			const text = t("progress.waiting", { time: duration(event.seconds), reason: said(event.reason) ?? event.reason });
			return { progress: { ...progress, text }, said: text };
		}
		default:
			return { progress: { ...progress, text: event.text, done: event.done, total: event.total } };
	}
}

/** @param {any} error @returns {import("./views/status.js").Failure} */
export function failureOf(error) {
	const retryAfter = Number.isFinite(error?.retryAfter) ? Number(error.retryAfter) : undefined;
	return { code: String(error?.code ?? "unknown"), message: String(error?.message ?? error), retryAfter };
}

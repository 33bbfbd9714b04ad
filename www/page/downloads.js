// Hands out files: the report as text or JSON, and snapshots; each is named after its image.

import { save } from "../lib/download.js";
import { shareName } from "../model/names.js";
import { reportJson } from "../model/secrets.js";

/** @typedef {import("../types.js").Report} Report */

/** Values that look like secrets do not leave the page unasked. @param {Report} report */
export const saveReport = (report) => put(reportJson(report), "application/json", report, "stowplan.json");

/** @param {Report} report @param {string} text */
export const saveText = (report, text) => put(text, "text/plain;charset=utf-8", report, "stowplan.txt");

/** @param {Report} report @param {object} snapshot */
export const saveSnapshot = (report, snapshot) =>
	put(JSON.stringify(snapshot), "application/json", report, "snapshot.json");

/** @param {string} text @param {string} type @param {Report} report @param {string} end */
const put = (text, type, report, end) => save(new Blob([text], { type }), `${shareName(report)}.${end}`);

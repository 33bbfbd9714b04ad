// The program of the action: runs `stowplan docs` and `stowplan verify`; then annotations, a summary, outputs and a badge.

import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The exit codes of the program. */
const VERDICTS = ["verified", "failed", "incomplete", "error"];
/** From the worst to the best. */
const ORDER = ["error", "failed", "incomplete", "verified"];
const COLOURS = { verified: "#2a7d3f", failed: "#b3261e", incomplete: "#8a5a00", error: "#b3261e" };

/**
 * @typedef {{ what: string, verdict: string, message: string, file?: string, line?: number }} Row
 */

const { env } = process;
/** @param {string} name */
const lines = (name) =>
	(env[name] ?? "")
		.split("\n")
		.map((one) => one.trim())
		.filter(Boolean);
/** @param {string} name */
const isOn = (name) => env[name] === "true";

/** @param {string[]} folders @returns {Row[]} */
function docs(folders) {
	if (folders.length === 0) return [];
	const flags = ["refresh", "offline"].filter((name) => isOn(`STOWPLAN_${name.toUpperCase()}`));
	const { code, out, err } = run(["docs", "--json", ...flags.map((name) => `--${name}`), "--", ...folders]);
	const found = parsed(out);
	if (!found) return [{ what: folders.join(", "), verdict: VERDICTS[code] ?? "error", message: err }];
	return found.embeds.map((/** @type {any} */ { file, line, reference, snapshot, state, problems }) => ({
		what: reference ?? snapshot ?? "",
		verdict: state,
		message: problems.map((/** @type {any} */ one) => `${one.message} (${one.code})`).join("; "),
		file,
		line,
	}));
}

/** @param {string} reference @returns {Row} */
function image(reference) {
	const { code, out, err } = run(["verify", "--json", "--", reference]);
	const found = parsed(out)?.summary;
	const counts = found && `${found.pass} passed, ${found.fail} failed, ${found.notChecked} not checked`;
	return { what: reference, verdict: VERDICTS[code] ?? "error", message: counts ?? err };
}

/** @param {string[]} words */
function run(words) {
	const [program = "", ...first] = env.STOWPLAN_COMMAND
		? JSON.parse(env.STOWPLAN_COMMAND)
		: ["npx", "--yes", String(env.STOWPLAN_PROGRAM ?? "stowplan")];
	const options = /** @type {const} */ ({ encoding: "utf8", maxBuffer: 1 << 28, shell: false });
	const { status, stdout, stderr, error } = spawnSync(program, [...first, ...words], options);
	return { code: status ?? 3, out: stdout ?? "", err: String(error?.message ?? stderr).trim() };
}

/** @param {string} text @returns {any} */
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** @param {Row} row */
function annotate({ what, verdict: state, message, file, line }) {
	const level = state === "incomplete" ? "warning" : "error";
	const place = file ? ` file=${property(file)},line=${line}` : "";
	console.log(`::${level}${place}::${data(`${what}: ${message}`)}`);
}

/** Escapes a text, so that it cannot end a command of the runner. @param {string} text */
const data = (text) =>
	text.replace(/[%\r\n]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);
/** @param {string} text */
const property = (text) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

function summary() {
	const table = rows.map(({ what, verdict: state, message, file, line }) =>
		[file ? `${file}:${line}` : "", what, state, message].map(cell).join(" | "),
	);
	return [
		"## Stowplan",
		"",
		"| where | image | verdict | |",
		"| --- | --- | --- | --- |",
		...table.map((row) => `| ${row} |`),
		"",
	].join("\n");
}

/** Text of others is text in the table. @param {string} text */
const cell = (text) => text.replace(/[&<>|`[\]*_\\!@#\r\n]/g, (one) => `&#${one.charCodeAt(0)};`);

/** @param {string} name @param {string} text */
function append(name, text) {
	const file = env[name];
	if (file) appendFileSync(file, text);
}

/** Words of 11 pixels, some 6.4 each. */
function badge() {
	const width = (/** @type {string} */ text) => Math.round(text.length * 6.4 + 14);
	const [left, right] = [width("stowplan"), width(verdict)];
	const colour = COLOURS[/** @type {keyof typeof COLOURS} */ (verdict)];
	const word = (/** @type {string} */ text, /** @type {number} */ x) =>
		`<text x="${x}" y="14" text-anchor="middle" fill="#fff" font-family="Verdana,sans-serif" font-size="11">${text}</text>`;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="stowplan: ${verdict}"><title>stowplan: ${verdict}</title><rect width="${left}" height="20" fill="#3b4754"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/>${word("stowplan", left / 2)}${word(verdict, left + right / 2)}</svg>\n`;
}

const rows = [...docs(lines("STOWPLAN_DOCS")), ...lines("STOWPLAN_IMAGES").map(image)];
if (rows.length === 0) rows.push({ what: "nothing", verdict: "error", message: "give docs or images" });
const verdict = ORDER.find((one) => rows.some((row) => row.verdict === one)) ?? "verified";
const wrong = rows.filter((row) => row.verdict !== "verified");
for (const row of wrong) annotate(row);
append("GITHUB_OUTPUT", `verdict=${verdict}\nproblems=${wrong.length}\n`);
append("GITHUB_STEP_SUMMARY", summary());
if (env.STOWPLAN_BADGE) {
	mkdirSync(dirname(env.STOWPLAN_BADGE), { recursive: true });
	writeFileSync(env.STOWPLAN_BADGE, badge());
}
process.exitCode = verdict === "verified" || (verdict === "incomplete" && !isOn("STOWPLAN_STRICT")) ? 0 : 1;

// `stowplan artifact`: what is in an artifact that is no image: a chart, files, a wasm file, a model.

import * as api from "../../www/api.js";
import { accessTo } from "../access.js";
import { EXIT, worst } from "../exit.js";
import { filesOf, isPath } from "../files.js";
import { line } from "../terminal.js";

/**
 * @param {import("../terminal.js").Terminal} io @param {string} target
 * @param {import("../access.js").AccessOptions & { whole?: boolean, json?: boolean }} options
 */
export async function artifact(io, target, { whole, json, ...options }) {
	const access = isPath(target) ? { credentials: [] } : await accessTo(target, options);
	const report = isPath(target) ? await api.open(await filesOf([target], io.input)) : await api.inspect(target, access);
	const shown = io.progress("reading the artifact");
	const { files, ...found } = await api.readArtifact(report, { ...access, whole }).finally(() => shown.end());
	files?.close();
	if (json) io.json(JSON.stringify(found, null, 2));
	else
		io.out(
			rows(found)
				.map(([name, value]) => `${name.padEnd(16)} ${line(value)}\n`)
				.join(""),
		);
	const read = found.proved && found.node !== undefined ? EXIT.verified : EXIT.incomplete;
	const wrong = report.summary.fail > 0 || found.provenance?.checks.some(({ outcome }) => outcome === "fail");
	return worst([wrong ? EXIT.failed : EXIT.verified, read]);
}

/** @param {import("../../www/types.js").Artifact} found @returns {[string, string][]} */
function rows({ kind, facts, proved, wants, parts, imports = [], exports = [], dependencies = [], provenance }) {
	const port = (/** @type {import("../../www/types.js").ArtifactPort} */ { module, name, type }) =>
		`${module === undefined ? name : `${module} ${name}`} (${type})`;
	return [
		["kind", kind],
		["proved", proved ? "yes" : "no: only its head was read"],
		...facts.map(({ name, value }) => /** @type {[string, string]} */ ([name, value])),
		...(wants === undefined
			? []
			: [/** @type {[string, string]} */ (["incomplete", "the header is longer than what is read of it"])]),
		...(provenance?.checks ?? []).map(
			({ outcome, message }) => /** @type {[string, string]} */ (["provenance", `${outcome}: ${message}`]),
		),
		...(provenance?.error ? [/** @type {[string, string]} */ (["provenance", provenance.error.message])] : []),
		...dependencies.map(({ name, version }) => /** @type {[string, string]} */ (["dependency", `${name} ${version}`])),
		...imports.map((one) => /** @type {[string, string]} */ (["import", port(one)])),
		...exports.map((one) => /** @type {[string, string]} */ (["export", port(one)])),
		...parts.map(
			({ title, mediaType, size = 0 }) =>
				/** @type {[string, string]} */ (["blob", `${title ?? mediaType} (${size} bytes)`]),
		),
	];
}

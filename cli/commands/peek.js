// `stowplan peek`: one file of a layer, of which no more is downloaded than the file takes. The layer is not proved by that.

import { writeFile } from "node:fs/promises";
import * as api from "../../www/api.js";
import { accessTo } from "../access.js";
import { EXIT } from "../exit.js";
import { filesOf, isPath } from "../files.js";
import { line } from "../terminal.js";
import { layerOf } from "./export.js";

/**
 * @param {import("../terminal.js").Terminal} io @param {string} target
 * @param {import("../access.js").AccessOptions & { platform?: string, layer: string, output?: string, json?: boolean }} options
 * @param {string} path
 */
export async function peek(io, target, { layer, output, json, platform, ...options }, path) {
	const access = isPath(target) ? { credentials: [] } : await accessTo(target, options);
	const report = isPath(target)
		? await api.open(await filesOf([target], io.input))
		: await api.inspect(target, { ...access, platform });
	const shown = io.progress("reading the layer");
	const found = await api.peekFile(report, layerOf(report, layer), path, access).finally(() => shown.end());
	const { bytes, ...facts } = found;
	if (output !== undefined && facts.kind === "file") await writeFile(output, bytes);
	if (json) io.json(JSON.stringify(facts, null, 2));
	else if (facts.kind !== "file")
		io.out(`${line(path)} ${facts.link === undefined ? "is no file" : `-> ${line(facts.link)}`}\n`);
	else if (output === undefined) io.content(bytes);
	if (facts.truncated) io.err(`only the first ${bytes.length} of ${facts.size} bytes were kept\n`);
	io.err(`not proved: ${line(facts.check.message)}\n`);
	return report.summary.fail > 0 ? EXIT.failed : EXIT.incomplete;
}

// `stowplan docs`: the snapshots of a documentation's embeds, made, refreshed and held against what its pages pin.

import { readFile } from "node:fs/promises";
import { keepPages, linesOf } from "../../integrations/core/docs.js";
import { accessTo } from "../access.js";
import { EXIT, worst } from "../exit.js";
import { fault } from "../fault.js";
import { line } from "../terminal.js";

/**
 * @param {import("../terminal.js").Terminal} io
 * @param {string[]} folders
 * @param {import("../access.js").AccessOptions & { refresh?: boolean, offline?: boolean, trustedRoot?: string, json?: boolean }} options
 */
export async function docs(io, folders, { refresh, offline, trustedRoot: root, json, ...options }) {
	if (refresh && offline) throw fault("usage", "--refresh and --offline exclude each other");
	const shown = io.progress("checking the pages");
	const access = (/** @type {string} */ reference) => {
		shown.say(`asking for ${reference}`);
		return accessTo(reference, options);
	};
	const trustedRoot = root === undefined ? undefined : await readFile(root, "utf8");
	const { pages, embeds } = await keepPages(folders, { refresh, offline, trustedRoot, access }).finally(() =>
		shown.end(),
	);
	if (json) io.json(JSON.stringify({ pages, embeds }, null, 2));
	else {
		for (const one of embeds) {
			for (const text of linesOf(one)) io.out(`${line(text)}\n`);
			if (one.did === "made" || one.did === "refreshed") io.out(`${line(one.snapshot)}: ${one.did}\n`);
		}
		const wrong = embeds.filter(({ state }) => state !== "verified").length;
		io.out(`${pages} pages, ${embeds.length} images, ${wrong} with problems\n`);
	}
	return worst(embeds.map(({ state }) => EXIT[state]));
}

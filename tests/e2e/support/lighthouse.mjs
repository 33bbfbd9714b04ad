// Off the line, under the browser tests: Lighthouse over a Chromium of its own, the page as it is served.

import { createServer } from "node:net";
import lighthouse from "lighthouse";
import { launch } from "./browser.mjs";

/**
 * @param {string} url
 * @param {string[]} categories
 * @param {"mobile" | "desktop"} [form] Lighthouse slows network and processor down: much for a phone, a little for a desk
 * @returns {Promise<{ scores: Record<string, number>, missed: string[] }>} scores from 0 to 100; `missed`: the audits that cost points
 */
export async function audit(url, categories, form = "mobile") {
	const port = await freePort();
	const browser = await launch([`--remote-debugging-port=${port}`]);
	try {
		const flags = { port, onlyCategories: categories, logLevel: /** @type {const} */ ("error") };
		const result = await lighthouse(url, flags, await configFor(form));
		if (!result) throw new Error(`Lighthouse gave nothing for ${url}`);
		return summary(result.lhr);
	} finally {
		await browser.close();
	}
}

/** @param {"mobile" | "desktop"} form */
const configFor = async (form) =>
	form === "desktop" ? (await import("lighthouse/core/config/desktop-config.js")).default : undefined;

/** @param {import("lighthouse").Result} result */
function summary({ categories, audits, runtimeError }) {
	if (runtimeError) throw new Error(runtimeError.message);
	const scores = Object.fromEntries(
		Object.values(categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]),
	);
	const refs = Object.values(categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
	const missed = refs
		.map(({ id }) => audits[id])
		.filter((one) => one && one.score !== null && one.score < 1)
		.map((one) => `${one?.id}: ${one?.title}${one?.displayValue ? ` (${one.displayValue})` : ""}`);
	return { scores, missed };
}

/** Chromium does not print which port it took. @returns {Promise<number>} */
function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject).listen(0, "127.0.0.1", () => {
			const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
			server.close(() => resolve(port));
		});
	});
}

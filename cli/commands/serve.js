// `stowplan serve`: the page and its registry proxy on this machine, until a signal stops them.

import { isPublic, Proxy as Policy } from "../../edge/pkg/stowplan_edge.js";
import { settings } from "../../edge/settings.js";
import worker from "../../edge/worker.js";
import { EXIT } from "../exit.js";
import { fault } from "../fault.js";
import { listen } from "../serving/http.js";
import { networkTo } from "../serving/network.js";
import { siteIn } from "../serving/site.js";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM"]);

/**
 * @param {import("../terminal.js").Terminal} io
 * @param {{ port: number, allow?: string[], plainHttp?: string[], origin?: string[], allowAny?: boolean }} options
 */
export async function serve(io, { port, allow, plainHttp, origin, allowAny }) {
	if (!Number.isInteger(port) || port < 0 || port > 65535) throw fault("usage", "--port takes a number up to 65535");
	const env = {
		...process.env,
		...listed("STOWPLAN_ALLOW", allow),
		...listed("STOWPLAN_PLAIN_HTTP", plainHttp),
		...listed("STOWPLAN_ORIGIN", origin),
		...(allowAny && { STOWPLAN_ALLOW_ANY: "true" }),
		PUBLIC: networkTo(isPublic),
		NAMED: networkTo(() => true),
		ASSETS: siteIn(new URL("./", import.meta.url)),
	};
	checked(env);
	const context = { waitUntil: (/** @type {Promise<unknown>} */ work) => void work.catch(() => {}) };
	const served = await listen(port, (request) => worker.fetch(/** @type {any} */ (request), env, context));
	const stopped = new Promise((resolve) => {
		for (const signal of SIGNALS) process.once(signal, resolve);
	});
	io.out(`Stowplan is at ${served.url} (Ctrl-C stops it)\n`);
	await stopped;
	await served.stop();
	return EXIT.verified;
}

/** An option that was given comes before the variable. @param {string} name @param {string[]} [hosts] */
const listed = (name, hosts = []) => (hosts.length > 0 ? { [name]: hosts.join(",") } : {});

/** The settings hold for the whole process; a wrong one is said before anything listens. @param {import("../../edge/settings.js").Env} env */
function checked(env) {
	try {
		settings(env, Policy);
	} catch (error) {
		throw fault("usage", String(error));
	}
}

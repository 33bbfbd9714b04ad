// The Worker: takes a request to the policy (wasm), its questions to fetch, and the answer back as a stream.

import { bounded } from "./body.js";
import { find, hasRealm, isSmall, keep, tellRealms } from "./content.js";
import { initSync, Proxy as Policy } from "./pkg/stowplan_edge.js";
import module from "./pkg/stowplan_edge_bg.wasm";
import { enter } from "./places.js";
import { settings } from "./settings.js";

/** The path of the proxy on the Worker's origin. */
const BASE = "/proxy/";

initSync({ module });

export default {
	/**
	 * @param {Request} request
	 * @param {import("./settings.js").Env} env
	 * @param {{ waitUntil(work: Promise<unknown>): void }} context
	 */
	async fetch(request, env, context) {
		// As it came: `new URL` would resolve dots before the policy sees them.
		const path = request.url.slice(request.url.indexOf("/", request.url.indexOf("://") + 3));
		if (path.startsWith(BASE)) return answer(request, path.slice(BASE.length), env, context);
		return env.ASSETS?.fetch(request) ?? new Response("Only /proxy/ is served here.\n", { status: 404 });
	},
};

/**
 * @param {Request} request
 * @param {string} target
 * @param {import("./settings.js").Env} env
 * @param {{ waitUntil(work: Promise<unknown>): void }} context
 */
async function answer(request, target, env, context) {
	const { policy, limits } = settings(env, Policy);
	const controller = new AbortController();
	const clock = setTimeout(() => controller.abort(), limits.firstByteMs);
	let step = await begin(policy, request, target);
	/** @type {import("./places.js").Place | undefined} */
	let place;
	try {
		if (!step.asks) return own(step);
		// The platform writes this header anew; a client of plain workerd could make it up, and its limit is its own affair.
		const client = request.headers.get("cf-connecting-ip") ?? "";
		const many = policy.count(client, Date.now());
		if (many) return own(many);
		const entered = enter(policy, client);
		if (entered.refused) return own(entered.refused);
		place = entered.place;
		place.renew(limits.firstByteMs);
		while (step.asks) {
			const content = step.content;
			const kept = content ? await find(content) : undefined;
			const pause = kept ? undefined : policy.pause(step, Date.now());
			if (pause) return own(pause);
			const response = kept || (await ask(step, env, controller.signal));
			const next = policy.heard(step, response.status, pairs(response.headers), Date.now());
			if (next.realms.length > 0) context.waitUntil(tellRealms(next.realms));
			if (!next.asks && next.body === undefined)
				return await pass(step, next, response, { content, kept, limits, context, controller, place });
			await response.body?.cancel();
			step.free();
			step = next;
		}
		return own(step);
	} catch {
		const late = controller.signal.aborted;
		const why = late ? `did not answer within ${limits.firstByteMs / 1000} s` : "cannot be reached";
		return own(step.failed(late ? "late" : "unreachable", why));
	} finally {
		clearTimeout(clock);
		if (!place?.streams) place?.leave();
		step.free();
	}
}

/**
 * The policy's first step. If it refuses, the address may be a realm that a challenge named to another isolate.
 * @param {import("./pkg/stowplan_edge.js").Proxy} policy
 * @param {Request} request
 * @param {string} target
 */
async function begin(policy, request, target) {
	const ask = () => policy.request(request.method, target, pairs(request.headers), Date.now());
	const step = ask();
	const realm = step.asks || step.status === 204 ? undefined : policy.realm(target);
	if (!realm || !(await hasRealm(realm))) return step;
	step.free();
	policy.remember(realm, Date.now());
	return ask();
}

/**
 * One hop. The network behind `fetch` reaches public addresses only, unless the platform binds another; hosts that were named
 * have one of their own.
 * @param {import("./pkg/stowplan_edge.js").Step} step
 * @param {import("./settings.js").Env} env
 * @param {AbortSignal} signal
 * @returns {Promise<Response>}
 */
function ask(step, env, signal) {
	/** @type {RequestInit} */
	const init = { method: step.method, headers: entries(step.headers), redirect: "manual", cache: "no-store", signal };
	const network = step.named ? env.NAMED : env.PUBLIC;
	return network ? network.fetch(step.url, init) : fetch(step.url, init);
}

/**
 * The upstream's body under the policy's headers.
 * @param {import("./pkg/stowplan_edge.js").Step} asked
 * @param {import("./pkg/stowplan_edge.js").Step} next
 * @param {Response} response
 * @param {{ content?: string, kept?: Response, limits: import("./settings.js").Limits, context: { waitUntil(work: Promise<unknown>): void }, controller: AbortController, place: import("./places.js").Place }} how
 */
async function pass(asked, next, response, { content, kept, limits, context, controller, place }) {
	const init = { status: next.status, headers: entries(next.headers) };
	const keeps = next.keeps;
	next.free();
	const said = Number(response.headers.get("content-length") ?? 0);
	if (said > limits.body) {
		await response.body?.cancel();
		return own(asked.failed("too-large", `sends ${said} bytes, this proxy passes on ${limits.body} at most`));
	}
	if (!content || kept || !keeps || !isSmall(response))
		return new Response(bounded(response, limits, controller, context, place), init);
	return new Response(await keep(content, response, context), init);
}

/** A response of the policy's own. @param {import("./pkg/stowplan_edge.js").Step} step */
function own(step) {
	return new Response(step.status === 204 ? null : step.body, { status: step.status, headers: entries(step.headers) });
}

/** Names and values in turn, as the policy takes them. @param {Headers} headers */
const pairs = (headers) => [...headers].flat();

/** @param {string[]} flat @returns {[string, string][]} */
function entries(flat) {
	return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at], flat[2 * at + 1]]);
}

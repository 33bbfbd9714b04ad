// The network of the local proxy: what the policy decided to ask goes out here, and names are judged by their addresses.

import dns from "node:dns";
import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";

/** Statuses whose answers have no body. */
const BODILESS = new Set([204, 205, 304]);

/**
 * @typedef {{ method: string, headers: [string, string][], signal: AbortSignal }} Asking
 * @typedef {{ fetch: (url: string, init: any) => Promise<Response> }} Network as a Worker's service binding
 */

/**
 * Redirects are the policy's to follow, and bodies come as they were sent.
 * @param {(address: string) => boolean} isReachable asked for each address after DNS: a public name may lead inside
 * @returns {Network}
 */
export const networkTo = (isReachable) => ({ fetch: (url, init) => asked(new URL(url), init, lookupFor(isReachable)) });

/** @param {URL} url @param {Asking} asking @param {import("node:net").LookupFunction} lookup @returns {Promise<Response>} */
function asked(url, { method, headers, signal }, lookup) {
	return new Promise((resolve, reject) => {
		const { request } = url.protocol === "https:" ? https : http;
		const sent = request(url, { method, headers: grouped(headers), signal, lookup }, (message) => {
			message.on("error", () => {});
			try {
				resolve(responseOf(message, method));
			} catch (error) {
				// A status or a header that HTTP has and the Fetch standard has not.
				message.destroy();
				reject(error);
			}
		});
		sent.on("error", reject);
		sent.on("upgrade", (_, socket) => {
			socket.destroy();
			reject(new Error("the registry switched to another protocol"));
		});
		sent.end();
	});
}

/** @param {[string, string][]} headers */
function grouped(headers) {
	/** @type {Record<string, string[]>} */
	const found = {};
	for (const [name, value] of headers) if (name !== "host") found[name] = [...(found[name] ?? []), value];
	return found;
}

/** @param {http.IncomingMessage} message @param {string} method */
function responseOf(message, method) {
	const status = message.statusCode ?? 502;
	const hasBody = method !== "HEAD" && !BODILESS.has(status);
	if (!hasBody) message.resume();
	const body = hasBody ? /** @type {ReadableStream} */ (Readable.toWeb(message)) : null;
	return new Response(body, { status, headers: headersOf(message.rawHeaders) });
}

/** @param {string[]} raw names and values in turn */
export function headersOf(raw) {
	const headers = new Headers();
	for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? "", raw[at + 1] ?? "");
	return headers;
}

/**
 * @param {(address: string) => boolean} isReachable
 * @returns {import("node:net").LookupFunction}
 */
const lookupFor = (isReachable) => (name, options, done) => {
	dns.lookup(name, { ...options, all: true }, (error, addresses) => {
		if (error) return done(error, "", 0);
		const found = addresses.filter(({ address }) => isReachable(address));
		const [first] = found;
		if (!first) return done(Object.assign(new Error(`${name} has no public address`), { code: "ENOTFOUND" }), "", 0);
		if (options.all) done(null, found);
		else done(null, first.address, first.family);
	});
};

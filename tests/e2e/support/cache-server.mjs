// Off the line, under the Worker's tests: what stands behind the Cache API, and what stands for every public registry.

import { createServer } from "node:http";
import { listen } from "./process.mjs";

/** Keeps what the Worker puts, as workerd hands it over: a PUT of a whole answer, a GET that only wants what is kept. */
export async function startCache() {
	/** @type {Map<string, Buffer>} */
	const kept = new Map();
	const server = createServer(async (request, response) => {
		const pieces = [];
		for await (const piece of request) pieces.push(piece);
		const key = `${request.headers.host}${request.url}`;
		if (request.method === "PUT") {
			kept.set(key, Buffer.concat(pieces));
			return response.writeHead(204).end();
		}
		const found = kept.get(key);
		if (!found) return response.writeHead(504, { "cf-cache-status": "MISS" }).end();
		const at = found.indexOf("\r\n\r\n");
		const lines = found.toString("latin1", 0, at).split("\r\n").slice(1);
		const headers = lines.map((line) => /^([^:]+): *(.*)$/.exec(line)?.slice(1) ?? ["x-none", ""]);
		response.writeHead(200, [...headers, ["cf-cache-status", "HIT"]].flat());
		return response.end(found.subarray(at + 4));
	});
	return { ...(await listen(server)), kept };
}

/**
 * Answers for every public host, with what `answers` has for `host/path`, and keeps what it was asked.
 * @param {Record<string, { status?: number, headers?: Record<string, string>, body?: string | Buffer }>} answers
 */
export async function startInternet(answers) {
	/** @type {string[]} */
	const asked = [];
	const server = createServer((request, response) => {
		const key = `${request.headers.host}${request.url}`;
		asked.push(`${request.method} ${key}`);
		const { status = 200, headers = {}, body = "" } = answers[key] ?? { status: 404 };
		response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers }).end(body);
	});
	return { ...(await listen(server)), asked };
}

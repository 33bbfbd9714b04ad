// Node's HTTP server over a Worker: a request goes in as it came, the answer goes out as a stream.

import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fault } from "../fault.js";
import { headersOf } from "./network.js";
import "./platform.js";

/** Only programs of this machine reach it. */
const HOST = "127.0.0.1";
/** The time that a request's head may take, in milliseconds, and its largest size, as at `stowplan-server`. */
const HEAD_MS = 15_000;
const HEAD_BYTES = 16 << 10;

/** @typedef {(request: { method: string, url: string, headers: Headers }) => Promise<Response>} Answering */

/**
 * @param {number} port
 * @param {Answering} answer
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function listen(port, answer) {
	const server = createServer({ maxHeaderSize: HEAD_BYTES, headersTimeout: HEAD_MS }, (asked, reply) => {
		respond(asked, reply, answer).catch(() => reply.destroy());
	});
	// Nothing here takes a body, so none is asked for.
	server.on("checkContinue", (_, reply) => void reply.writeHead(400, { connection: "close" }).end());
	await new Promise((resolve, reject) => {
		server.once("error", (/** @type {any} */ error) => reject(unavailable(error, port)));
		server.listen({ host: HOST, port }, () => resolve(undefined));
	});
	const { port: own } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const stop = () => {
		server.closeAllConnections();
		return new Promise((/** @type {(value: void) => void} */ resolve) => server.close(() => resolve()));
	};
	return { url: `http://${HOST}:${own}/`, stop };
}

/** @param {any} error @param {number} port */
const unavailable = (error, port) =>
	error.code === "EADDRINUSE"
		? fault("port-in-use", `another program listens on port ${port}: give one with --port, 0 takes any free one`)
		: error;

/** @param {import("node:http").IncomingMessage} asked @param {import("node:http").ServerResponse} reply @param {Answering} answer */
async function respond(asked, reply, answer) {
	// Nothing here takes a body, and an unread one would hold the connection.
	asked.resume();
	const { method = "GET", url = "/", rawHeaders } = asked;
	const response = await answer({ method, url: `http://${HOST}${url}`, headers: headersOf(rawHeaders) });
	for (const [name, value] of response.headers) if (name !== "set-cookie") reply.setHeader(name, value);
	reply.writeHead(response.status);
	if (!response.body) return void reply.end();
	await pipeline(Readable.fromWeb(/** @type {any} */ (response.body)), reply);
}

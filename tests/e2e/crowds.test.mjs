// Crowds against both adapters of the policy: clients that hold on to unread answers, and what is left for visitors.

import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { describe, test } from "node:test";
import { startApp } from "./support/app.mjs";
import { startEdge } from "./support/edge.mjs";

/** Unread requests of one hostile client; visitors, one after the other. */
const HELD = 128;
const VISITORS = 100;

/** After this time a visitor counts as not served. Each test prints its longest visit; docs/figures.md has those of an idle machine. */
const PATIENCE_MS = 20_000;

const ADAPTERS = {
	server: (host, more = {}) => startApp({ plainHttp: [host], env: { STOWPLAN_REQUESTS_PER_MINUTE: "0", ...more } }),
	edge: (host, more = {}) =>
		startEdge({ plainHttp: [host], variables: { STOWPLAN_REQUESTS_PER_MINUTE: "0", ...more } }),
};

/** Blobs never end, everything else is answered at once. */
function registry() {
	const open = new Set();
	const sent = { bytes: 0 };
	const server = createServer((socket) => {
		open.add(socket);
		socket.on("close", () => open.delete(socket)).on("error", () => {});
		socket.once("data", (head) => {
			if (!head.includes("/blobs/"))
				return socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngood");
			socket.write("HTTP/1.1 200 OK\r\n\r\n");
			const piece = Buffer.alloc(65_536);
			const more = () => {
				let goesOn = true;
				while (goesOn && !socket.destroyed) {
					sent.bytes += piece.length;
					goesOn = socket.write(piece);
				}
			};
			socket.on("drain", more);
			return more();
		});
	});
	return new Promise((resolve) => {
		server.listen(0, "127.0.0.1", () => {
			const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
			const stop = () => {
				for (const socket of open) socket.destroy();
				return new Promise((done) => server.close(done));
			};
			resolve({ host: `127.0.0.1:${port}`, sent, stop });
		});
	});
}

/** Resolves once every unread answer is as far as it gets, within a minute. @param {{ sent: { bytes: number } }} upstream */
async function settled({ sent }) {
	for (let [tries, before] = [0, -1]; tries < 60 && sent.bytes !== before; tries++) {
		before = sent.bytes;
		await new Promise((resolve) => setTimeout(resolve, 1000));
	}
}

/** A request from a loopback address, which is a client of its own to the server. */
function ask(own, localAddress, path, lines = []) {
	const [address, port] = own.split(":");
	const socket = connect({ host: address, port: Number(port), localAddress });
	socket.on("error", () => {});
	// The edge is told the client's address by its platform, the server sees it.
	const told = lines.length > 0 ? lines : [`CF-Connecting-IP: ${localAddress}`];
	socket.write([`GET ${path} HTTP/1.1`, `Host: ${own}`, ...told, "Connection: close", "", ""].join("\r\n"));
	return socket;
}

/** The bytes that came until the connection ended, or nothing in time. */
function answer(socket) {
	return new Promise((resolve) => {
		let text = "";
		const end = () => {
			clearTimeout(timer);
			socket.destroy();
			resolve(text);
		};
		const timer = setTimeout(end, PATIENCE_MS);
		socket.on("data", (piece) => {
			text += piece.toString("latin1");
		});
		socket.on("end", end).on("close", end);
	});
}

for (const [adapter, start] of Object.entries(ADAPTERS)) {
	describe(`crowds against the ${adapter}`, () => {
		for (const clients of [1, 2, 4, 16]) {
			test(`${adapter}: ${clients} clients with ${HELD} unread requests each leave 99 % of visitors served`, async (context) => {
				const upstream = await registry();
				const app = await start(upstream.host);
				const own = new URL(app.url).host;
				const held = [];
				try {
					for (let client = 1; client <= clients; client++) {
						for (let at = 0; at < HELD; at++) {
							const socket = ask(own, `127.1.0.${client}`, `/proxy/${upstream.host}/v2/a/blobs/x`);
							socket.pause();
							held.push(socket);
						}
					}
					// The memory is measured once the connections have come, not meanwhile.
					await settled(upstream);
					/** @type {string[]} */
					const missed = [];
					let longest = 0;
					for (let visitor = 1; visitor <= VISITORS && missed.length < 2; visitor++) {
						const began = performance.now();
						const got = await answer(ask(own, `127.2.0.${visitor}`, `/proxy/${upstream.host}/v2/a/manifests/1`));
						longest = Math.max(longest, performance.now() - began);
						if (!/^HTTP\/1\.1 200 /.test(got) || !got.includes("good")) missed.push(got || "no answer");
					}
					context.diagnostic(`longest visit: ${Math.round(longest)} ms`);
					assert.ok(missed.length <= 0.01 * VISITORS, `not served: ${missed.join("\n")}`);
				} finally {
					for (const socket of held) socket.destroy();
					await Promise.all([app.stop(), upstream.stop()]);
				}
			});
		}

		test(`${adapter}: a client has its share of requests at a time, and again once it is gone`, async () => {
			const upstream = await registry();
			const app = await start(upstream.host, {
				STOWPLAN_REQUESTS: "8",
				STOWPLAN_REQUESTS_PER_CLIENT: "2",
				STOWPLAN_BODY_IDLE: "2",
			});
			const own = new URL(app.url).host;
			const visit = (address) => answer(ask(own, address, `/proxy/${upstream.host}/v2/a/manifests/1`));
			const held = [1, 2].map(() => ask(own, "127.1.0.1", `/proxy/${upstream.host}/v2/a/blobs/x`));
			try {
				await Promise.all(held.map((socket) => new Promise((resolve) => socket.once("data", resolve))));
				for (const socket of held) socket.pause();
				const refused = await visit("127.1.0.1");
				assert.match(refused, /^HTTP\/1\.1 503 /);
				assert.match(refused, /stowplan-refusal: overloaded/i);
				assert.match(await visit("127.1.0.2"), /^HTTP\/1\.1 200 /);
				for (const socket of held) socket.destroy();
				let last = "";
				for (let tries = 0; tries < 40 && !last.includes("good"); tries++) {
					await new Promise((resolve) => setTimeout(resolve, 250));
					last = await visit("127.1.0.1");
				}
				assert.match(last, /^HTTP\/1\.1 200 /);
			} finally {
				for (const socket of held) socket.destroy();
				await Promise.all([app.stop(), upstream.stop()]);
			}
		});

		test(`${adapter}: a client that asks too often is told when to come back, and no other is`, async () => {
			const upstream = await registry();
			const app = await start(upstream.host, { STOWPLAN_REQUESTS_PER_MINUTE: "3" });
			const own = new URL(app.url).host;
			const path = `/proxy/${upstream.host}/v2/a/manifests/1`;
			const visit = (address, told) => answer(ask(own, address, path, [`CF-Connecting-IP: ${told}`]));
			try {
				for (let at = 0; at < 3; at++) assert.match(await visit("127.0.0.1", "198.51.100.1"), /^HTTP\/1\.1 200 /);
				const refused = await visit("127.0.0.1", "198.51.100.1");
				assert.match(refused, /^HTTP\/1\.1 429 /);
				assert.match(refused, /stowplan-refusal: rate-limited/i);
				assert.match(refused, /retry-after: (1\d|2[01]|[1-9])\r/i);
				assert.match(await visit("127.0.0.2", "198.51.100.2"), /^HTTP\/1\.1 200 /);
			} finally {
				await Promise.all([app.stop(), upstream.stop()]);
			}
		});
	});
}

// Off the line, the attack table's runner: raw sockets to an adapter, an upstream that answers as told, and what may never be.

import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { NODE } from "./node.mjs";

/** The cap of one answer that both adapters are started with. */
export const MOST = 1 << 20;
/** The answer of the server that is not allowed. */
const SECRET = "the inner server's secret";
/** An adapter that has said nothing for this long will not: three times the longest of its clocks. */
const PATIENCE_MS = 90_000;
const GOOD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngood";

/**
 * @typedef {object} Seen what came of a case
 * @property {number} status
 * @property {(name: string) => string | undefined} header
 * @property {string} body with its chunks joined
 * @property {Buffer} raw the body as bytes
 * @property {boolean} whole whether the answer came to the end that it announced
 * @property {number} bytes
 * @property {string} text everything, as it came
 * @property {string[]} requests what the upstream was asked
 * @property {string[]} others what the second one was asked
 */

/** Starts the servers that a case may name; `use` says what the upstream answers next. */
export async function startUpstreams() {
	const state = { one: /** @type {any} */ ({}), requests: [], others: [], inside: 0, world: /** @type {any} */ ({}) };
	const upstream = await listen((socket) =>
		head(socket, (text) => {
			state.requests.push(text);
			reply(socket, state.one, state.world);
		}),
	);
	const other = await listen((socket) =>
		head(socket, (text) => {
			state.others.push(text);
			const back = `HTTP/1.1 307 x\r\nLocation: http://${upstream.host}/v2/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
			socket.end(text.includes("/v2/back") ? back : GOOD);
		}),
	);
	const inside = await listen((socket) => {
		state.inside += 1;
		socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${SECRET.length}\r\n\r\n${SECRET}`);
	});
	const hosts = { upstream: upstream.host, other: other.host, inside: inside.host };
	const use = (one, world) => Object.assign(state, { one, requests: [], others: [], world });
	return { hosts, state, use, stop: () => Promise.all([upstream, other, inside].map((one) => one.stop())) };
}

/** Runs a case against the adapter at `own`, asserts what it expects and what may never be. */
export async function attack(upstreams, adapter, own, one) {
	const world = { ...upstreams.hosts, own };
	if (one.realm) await challenge(upstreams, own, world, one.realm(world));
	upstreams.use(one, world);
	const seen = { ...parse(await talk(own, request(one, world)), one), ...upstreams.state };
	assertOutcome(one, adapter, seen);
	assertSafe(seen, upstreams.state);
	one.check?.(seen);
	await assertStillWell(upstreams, own);
}

/** Lets the upstream answer with a challenge that names this realm. */
async function challenge(upstreams, own, world, realm) {
	const answer = `HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer realm="${realm}"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
	/** @type {import("./table.mjs").Case} */
	const one = { name: "", expect: [401], answer };
	upstreams.use(one, world);
	assert.equal(parse(await talk(own, request(one, world)), one).status, 401);
}

/** @param {import("./table.mjs").Case} one @param {import("./table.mjs").World} world */
function request(one, world) {
	if (one.raw) return one.raw(world);
	const { method = "GET", path = ({ upstream }) => `${upstream}/v2/x`, headers = [] } = one;
	const target = typeof path === "string" ? path : path(world);
	return [`${method} /proxy/${target} HTTP/1.1`, `Host: ${world.own}`, ...headers, "Connection: close", "", ""].join(
		"\r\n",
	);
}

function assertOutcome(one, adapter, seen) {
	const [status, code] = expected(one, adapter);
	if (one.mayReset && seen.status === 0) return;
	assert.deepEqual([seen.status, seen.header("stowplan-refusal")], [status, code], seen.text.slice(0, 600));
	if (one.asked === false) assert.deepEqual(seen.requests, [], "the upstream was asked");
}

/** `stowplan serve` is the Worker on another platform. */
function expected({ name, expect }, adapter) {
	if (adapter === "npm" && Object.hasOwn(NODE, name)) return NODE[name];
	if (Array.isArray(expect)) return expect;
	return expect[adapter === "npm" ? "edge" : adapter];
}

/** Fails on outcomes that no case may have. */
function assertSafe(seen, state) {
	assert.ok(!seen.text.endsWith("neither answered nor hung up"), "the connection was left open");
	assert.equal(state.inside, 0, "something connected to the inner server");
	assert.ok(!seen.text.includes(SECRET), "the inner server's answer came through");
	for (const name of ["set-cookie", "injected"]) assert.equal(seen.header(name), undefined, name);
	const proxied = seen.requests.length > 0 || seen.header("stowplan-refusal") !== undefined;
	if (!proxied || seen.status === 0) return;
	assert.match(seen.header("content-security-policy") ?? "", /^sandbox; default-src 'none'/);
	assert.equal(seen.header("x-content-type-options"), "nosniff");
	assert.doesNotMatch(seen.header("content-type") ?? "", /script/i);
	if (seen.header("stowplan-refusal")) assert.match(seen.header("content-type"), /^application\/json/);
	for (const request of [...seen.requests, ...seen.others]) assert.match(request, /^(GET|HEAD) \S+ HTTP\/1\.1\r\n/);
}

/** After any request, the next visitor gets an answer of their own. */
export async function assertStillWell(upstreams, own) {
	const world = { ...upstreams.hosts, own };
	upstreams.use({}, world);
	const { status, body } = parse(await talk(own, request({ name: "", expect: [200] }, world)), {});
	assert.deepEqual([status, body], [200, "good"], "the next answer is wrong");
}

/** Sends bytes and reads to the connection's end; more than any answer may have ends it, too. @returns {Promise<Buffer>} */
function talk(host, bytes) {
	const [address, port] = host.split(":");
	return new Promise((resolve) => {
		const pieces = [];
		let size = 0;
		const socket = connect(Number(port), address);
		const end = () => {
			clearTimeout(timer);
			socket.destroy();
			resolve(Buffer.concat(pieces));
		};
		const timer = setTimeout(() => {
			pieces.push(Buffer.from("\r\n\r\nthe adapter neither answered nor hung up"));
			end();
		}, PATIENCE_MS);
		socket.on("data", (piece) => {
			pieces.push(piece);
			size += piece.length;
			if (size > 4 * MOST) end();
		});
		for (const event of ["end", "close", "error"]) socket.on(event, end);
		socket.write(bytes);
	});
}

/** @param {Buffer} bytes @param {{ method?: string }} asked */
function parse(bytes, { method }) {
	const at = bytes.indexOf("\r\n\r\n");
	const top = bytes.subarray(0, at < 0 ? bytes.length : at).toString("latin1");
	const [first, ...lines] = top.split("\r\n");
	const all = lines.map((line) => /^([^:]+):\s*(.*)$/s.exec(line)?.slice(1) ?? ["", line]);
	const header = (name) => all.find(([other]) => other.toLowerCase() === name)?.[1];
	const rest = at < 0 ? Buffer.alloc(0) : bytes.subarray(at + 4);
	const { raw, whole } = header("transfer-encoding") ? dechunk(rest) : sized(rest, header("content-length"), method);
	const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0);
	return {
		status,
		header,
		raw,
		whole,
		body: raw.toString("latin1"),
		bytes: bytes.length,
		text: bytes.toString("latin1"),
	};
}

const sized = (rest, length, method) => ({
	raw: rest,
	whole: method === "HEAD" || (length !== undefined && rest.length === Number(length)),
});

function dechunk(bytes) {
	const pieces = [];
	for (let at = 0; ; ) {
		const line = bytes.indexOf("\r\n", at);
		const size = line < 0 ? Number.NaN : Number.parseInt(bytes.toString("latin1", at, line), 16);
		if (!(size > 0)) return { raw: Buffer.concat(pieces), whole: size === 0 };
		pieces.push(bytes.subarray(line + 2, line + 2 + size));
		at = line + 2 + size + 2;
	}
}

function head(socket, then) {
	let text = "";
	socket.on("error", () => {});
	const hear = (piece) => {
		text += piece.toString("latin1");
		if (!text.includes("\r\n\r\n")) return;
		socket.off("data", hear);
		socket.resume();
		then(text);
	};
	socket.on("data", hear);
}

/** @param {import("node:net").Socket} socket @param {Partial<import("./table.mjs").Case>} one @param {any} world */
function reply(socket, { answer = GOOD, stream }, world) {
	if (stream) return stream(socket);
	return socket.end(typeof answer === "function" ? answer(world) : answer);
}

async function listen(serve) {
	const open = new Set();
	const server = createServer((socket) => {
		open.add(socket);
		socket.on("close", () => open.delete(socket));
		serve(socket);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const stop = () => {
		for (const socket of open) socket.destroy();
		return new Promise((resolve) => server.close(resolve));
	};
	return { host: `127.0.0.1:${port}`, stop };
}

// A blob over HTTP from a server that lies: where it goes on, where it stops, and what it says.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { download, SLACK } from "../../www/engine/layers/source.js";

const BLOB = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 7 + (n >> 8)) & 255));
/** @type {import("node:http").Server[]} */
const servers = [];
after(() => {
	for (const server of servers) {
		server.closeAllConnections();
		server.close();
	}
});

/**
 * @typedef {{ status?: number, headers?: Record<string, string | number>, body?: Uint8Array, cut?: boolean, stall?: boolean }} Answer
 * @typedef {(range: number | undefined, number: number, request: import("node:http").IncomingMessage) => Answer} Script
 */

/** Answers by a function of the asked-for start, the number of the request from 1 and the request. @param {Script} script */
async function serve(script) {
	/** @type {{ range?: string, authorization?: string }[]} */
	const seen = [];
	const server = createServer((request, response) => {
		const { range, authorization } = request.headers;
		seen.push({ range, authorization });
		const from = range ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : undefined;
		const { status = 200, headers = {}, body = BLOB, cut, stall } = script(from, seen.length, request);
		response.writeHead(status, headers);
		if (stall) response.write(body);
		else if (cut) response.write(body, () => setTimeout(() => response.destroy(), 20));
		else response.end(body);
	});
	servers.push(server);
	await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	return { url: `http://127.0.0.1:${port}/blob`, seen };
}

const whole = { "content-length": BLOB.length };
/** @param {number} from */
const part = (from, start = from) => ({
	status: 206,
	headers: {
		"content-range": `bytes ${start}-${BLOB.length - 1}/${BLOB.length}`,
		"content-length": BLOB.length - from,
	},
	body: BLOB.subarray(from),
});
/** @param {number} at */
const cutAt = (at) => ({ headers: whole, body: BLOB.subarray(0, at), cut: true });

/** @param {Script} script @param {Partial<import("../../www/engine/layers/source.js").Source>} [more] */
async function load(script, more) {
	const { url, seen } = await serve(script);
	/** @type {string[]} */
	const states = [];
	const pieces = [];
	const source = {
		size: BLOB.length,
		authorise: () => ({ value: { url, round: 0 } }),
		onState: (/** @type {string} */ state, /** @type {string | undefined} */ reason) =>
			states.push(reason === undefined ? state : `${state}: ${reason}`),
		wait: 1,
		...more,
	};
	try {
		for await (const piece of download(source)) pieces.push(piece);
		return { bytes: Buffer.concat(pieces), states, seen };
	} catch (/** @type {any} */ error) {
		return { bytes: Buffer.concat(pieces), states, seen, error };
	}
}

/** @param {Awaited<ReturnType<typeof load>>} found */
const isWhole = ({ bytes, error }) => {
	assert.equal(error, undefined);
	assert.ok(bytes.equals(BLOB), `${bytes.length} bytes`);
};

test("an honest answer comes whole, with one request and no words", async () => {
	const found = await load(() => ({ headers: whole }));
	isWhole(found);
	assert.deepEqual([found.states, found.seen.length], [[], 1]);
	isWhole(await load(() => ({})));
});

test("a cut connection goes on where it broke off", async () => {
	const found = await load((from) => (from === undefined ? cutAt(50_000) : part(from)));
	isWhole(found);
	assert.deepEqual(
		found.seen.map(({ range }) => range),
		[undefined, "bytes=50000-"],
	);
	assert.match(String(found.states[0]), /^resuming: the connection broke off after 50000 bytes$/);
	assert.equal(found.states[1], "reading");
});

test("a registry that knows no ranges sends all again, and nothing is taken twice", async () => {
	isWhole(await load((_, number) => (number === 1 ? cutAt(50_000) : { headers: whole })));
	isWhole(await load((from, number) => (number === 1 ? cutAt(50_000) : from ? { status: 416 } : { headers: whole })));
});

test("a part that is not the one asked for is not taken", async () => {
	const found = await load((from, number) =>
		number === 1 ? cutAt(50_000) : from ? part(from, 40_000) : { headers: whole },
	);
	isWhole(found);
	assert.equal(
		found.states[2],
		`resuming: the registry was asked for the bytes from 50000 and answered with "bytes 40000-199999/200000"`,
	);
	const silent = await load((from, number) =>
		number === 1 ? cutAt(50_000) : from ? { ...part(from), headers: {} } : { headers: whole },
	);
	isWhole(silent);
	assert.match(String(silent.states[2]), /a part that does not say where it begins/);
});

test("a connection that always breaks is taken up three times", async () => {
	const found = await load((from = 0) => ({
		...part(from),
		status: from ? 206 : 200,
		body: BLOB.subarray(from, from + 100),
		cut: true,
	}));
	assert.equal(found.seen.length, 4);
	assert.equal(found.bytes.length, 400);
	assert.deepEqual(
		[found.error.code, found.error.message],
		["truncated-body", "the connection broke off after 400 bytes"],
	);
});

test("a short blob that ends in order is what the registry has", async () => {
	const found = await load(() => ({ body: BLOB.subarray(0, 1000), headers: { "content-length": 1000 } }));
	assert.deepEqual([found.bytes.length, found.seen.length, found.error], [1000, 1, undefined]);
});

test("a long one is read a little beyond its size and no further", async () => {
	const found = await load(() => ({ body: Buffer.concat(Array(20).fill(BLOB)) }), { size: 1000 });
	assert.equal(found.error, undefined);
	assert.ok(found.bytes.length >= 1000 + SLACK && found.bytes.length < 1_500_000, `${found.bytes.length} bytes`);
});

/** Content-Encoding: the bytes on the wire are these, and fetch hands over {@link BLOB}. */
const PACKED = gzipSync(BLOB);
const packed = { "content-encoding": "gzip", "content-length": PACKED.length };

/** Runs `work` with responses of which a script sees only these headers, as the proxy exposes them. @param {string[]} names @param {() => Promise<any>} work */
async function exposing(names, work) {
	const real = globalThis.fetch;
	globalThis.fetch = async (...given) => {
		const response = await real(...given);
		const headers = new Headers([...response.headers].filter(([name]) => names.includes(name)));
		return /** @type {any} */ ({ status: response.status, headers, body: response.body });
	};
	return work().finally(() => {
		globalThis.fetch = real;
	});
}

for (const [name, exposed, told] of /** @type {[string, string[], string[]][]} */ ([
	["told", ["content-encoding", "content-length"], ["gzip"]],
	["not told", ["content-length"], ["not told"]],
])) {
	test(`what was encoded on its way is read to its end, the encoding ${name}`, async () => {
		/** @type {string[]} */
		const heard = [];
		const more = { size: 1000, onDecoded: (/** @type {string} */ encoding) => heard.push(encoding) };
		const found = await exposing(exposed, () => load(() => ({ headers: packed, body: PACKED }), more));
		isWhole(found);
		assert.deepEqual(heard, told);
	});
}

test("what was encoded on its way is never taken up by a range of it", async () => {
	const found = await load(
		(_, number) => ({ headers: packed, body: number === 1 ? PACKED.subarray(0, 2000) : PACKED, cut: number === 1 }),
		{ size: 1000 },
	);
	isWhole(found);
	assert.deepEqual(
		found.seen.map(({ range }) => range),
		[undefined, undefined],
	);
});

test("a tar in the place of a packed blob is read on, anything else is not", async () => {
	const body = Buffer.concat(Array(3).fill(BLOB));
	const bare = Buffer.concat([body.subarray(0, 257), Buffer.from("ustar"), body.subarray(262)]);
	const read = async (/** @type {Buffer} */ bytes, /** @type {boolean} */ packed) =>
		(await load(() => ({ body: bytes, headers: { "content-length": bytes.length } }), { size: 1000, packed })).bytes
			.length;
	assert.equal(await read(bare, true), bare.length);
	assert.ok((await read(bare, false)) < bare.length);
	assert.ok((await read(body, true)) < body.length);
});

test("a connection that says nothing any more is taken up again", async () => {
	const found = await load(
		(from) => (from === undefined ? { ...cutAt(50_000), cut: false, stall: true } : part(from)),
		{ stall: 200 },
	);
	isWhole(found);
	assert.equal(found.states[0], "resuming: nothing came for 0.2 seconds");
});

test("a registry that never answers is given up", async () => {
	const found = await load(() => ({ body: Buffer.alloc(0), stall: true }), { stall: 40 });
	assert.deepEqual([found.error.code, found.seen.length], ["timed-out", 4]);
});

test("a host that does not answer is named", async () => {
	const { url } = await serve(() => ({}));
	servers.at(-1)?.close();
	const found = await load(() => ({}), { authorise: () => ({ value: { url, round: 0 } }) });
	assert.equal(found.error.code, "registry-unreachable");
	assert.match(
		found.error.message,
		/^the registry or the proxy at 127\.0\.0\.1:\d+ refused this page or cannot be reached \(ECONNREFUSED\)$/,
	);
});

/** @param {(refusal: any) => any} answer */
const asked = (answer) => {
	/** @type {any[]} */
	const refusals = [];
	const authorise = (/** @type {any} */ refusal) => {
		if (refusal) refusals.push(refusal);
		return answer(refusal);
	};
	return { refusals, authorise };
};

test("a refusal is met with what it asks for", async () => {
	/** @type {string} */
	let url = "";
	const { refusals, authorise } = asked((refusal) => ({
		value: { url, ...(refusal && { authorization: "Bearer t" }), round: refusal ? 1 : 0 },
	}));
	const server = await serve((_, __, { headers }) =>
		headers.authorization
			? { headers: whole }
			: { status: 401, headers: { "www-authenticate": "Bearer x" }, body: Buffer.from("no") },
	);
	url = server.url;
	isWhole(await load(() => ({}), { authorise }));
	assert.deepEqual(
		server.seen.map(({ authorization }) => authorization),
		[undefined, "Bearer t"],
	);
	assert.equal(refusals.length, 1);
	assert.deepEqual([refusals[0].status, String(Buffer.from(refusals[0].body)), refusals[0].round], [401, "no", 0]);
	assert.ok(
		refusals[0].headers.some(
			(/** @type {[string, string]} */ [name, value]) => name === "www-authenticate" && value === "Bearer x",
		),
	);
});

test("what is refused for good is an error with its code, at once", async () => {
	const { url, seen } = await serve(() => ({ status: 404 }));
	const { authorise } = asked((refusal) =>
		refusal ? { error: { code: "not-found", message: "gone" } } : { value: { url, round: 0 } },
	);
	const { error } = await load(() => ({}), { authorise });
	assert.deepEqual([error.code, error.message, seen.length], ["not-found", "gone", 1]);
});

test("a registry that is overloaded is asked again, unless it wants a long wait", async () => {
	for (const [retryAfter, requests] of [
		[0, 4],
		[3600, 1],
	]) {
		const { url, seen } = await serve(() => ({ status: 503 }));
		const { authorise } = asked((refusal) =>
			refusal ? { error: { code: "registry-error", message: "busy", retryAfter } } : { value: { url, round: 0 } },
		);
		const { error } = await load(() => ({}), { authorise });
		assert.deepEqual([error.message, seen.length], ["busy", requests]);
	}
});

test("a registry that refuses whatever it is sent is asked a few times only", async () => {
	const { url, seen } = await serve(() => ({ status: 401 }));
	const { error } = await load(() => ({}), { authorise: () => ({ value: { url, authorization: "x", round: 1 } }) });
	assert.deepEqual([error.message, seen.length], ["the registry went on refusing (status 401)", 5]);
});

test("who aborts waits for nothing", { timeout: 20_000 }, async () => {
	const controller = new AbortController();
	setTimeout(() => controller.abort(), 100);
	// The server says nothing more, so that it would be waited for until the test's own end.
	const found = await load(() => ({ body: BLOB.subarray(0, 100), stall: true }), { signal: controller.signal });
	assert.equal(found.error.code, "aborted");
	assert.equal(found.seen.length, 1);
});

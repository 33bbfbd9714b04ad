// Off the line, between the page and the registry: a proxy that keeps the contract's form and lies about the content.
import { request as ask, createServer } from "node:http";
import { lies } from "./lies.mjs";
import { listen } from "./process.mjs";

export { lies };

const EXPOSED = [
	...["Docker-Content-Digest", "Content-Length", "Content-Range", "Accept-Ranges", "ETag", "Link", "WWW-Authenticate"],
	...["RateLimit-Limit", "RateLimit-Remaining", "Docker-RateLimit-Source", "Retry-After", "OCI-Subject"],
	...["OCI-Filters-Applied", "Warning", "Stowplan-Answered-By"],
].join(", ");

const CORS = {
	"access-control-allow-origin": "*",
	"access-control-allow-methods": "GET, HEAD, OPTIONS",
	"access-control-allow-headers": "Authorization, Accept, Range",
	"access-control-expose-headers": EXPOSED,
	"access-control-max-age": "600",
};

/**
 * Starts the liar. As a proxy it takes `/{host}/v2/…`; as a registry it takes `/v2/…` and passes on to `upstream`, so
 * that it can also stand behind the real proxy.
 * @param {string} upstream `host:port` of an honest registry
 */
export async function startLiar(upstream) {
	const state = { upstream, rules: [], requests: [], stalled: new Set() };
	const server = createServer((request, response) => serve(state, request, response));
	const { host, stop } = await listen(server);
	return {
		host,
		proxy: `http://${host}/`,
		/** The requests so far: `{ method, path, headers, closed }`; `closed` once the asker went away unanswered. */
		requests: state.requests,
		/** From now on answers to requests whose path matches are changed by `lie`, at most `times` times. */
		lie: (path, lie, times = Number.POSITIVE_INFINITY) => state.rules.unshift({ path, lie, times }),
		/** Honest again, with nothing on record. */
		reset() {
			state.rules.length = 0;
			state.requests.length = 0;
			for (const response of state.stalled) response.destroy();
			state.stalled.clear();
		},
		stop,
	};
}

async function serve(state, request, response) {
	const record = { method: request.method, path: request.url, headers: request.headers, closed: false };
	state.requests.push(record);
	response.on("close", () => (record.closed = !response.writableFinished));
	if (request.method === "OPTIONS") return response.writeHead(204, CORS).end();
	const rule = state.rules.find((rule) => rule.times > 0 && rule.path.test(request.url));
	if (rule) rule.times -= 1;
	try {
		const truth = () => fetchTruth(state, request);
		const answer = await (rule?.lie ?? lies.none)(truth, request);
		await send(state, response, answer, request.method);
	} catch (error) {
		response.writeHead(502, { ...CORS, "content-type": "application/json" });
		response.end(JSON.stringify({ errors: [{ code: "UNAVAILABLE", message: error.message }] }));
	}
}

/** The honest answer, whole. */
function fetchTruth({ upstream }, { url, method, headers }) {
	const [, host, path] = url.startsWith("/v2/") ? [null, upstream, url] : (/^\/([^/]+)(\/.*)$/.exec(url) ?? []);
	const forwarded = Object.fromEntries(
		["accept", "authorization", "range"].flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])),
	);
	return new Promise((resolve, reject) => {
		const outgoing = ask(`http://${host}${path}`, { method, headers: forwarded }, async (incoming) => {
			const chunks = [];
			for await (const chunk of incoming) chunks.push(chunk);
			const { connection, "transfer-encoding": _, ...kept } = incoming.headers;
			const by = { "stowplan-answered-by": `http://${host}${path.split("?")[0]}` };
			resolve({ status: incoming.statusCode, headers: { ...kept, ...by }, body: Buffer.concat(chunks) });
		});
		outgoing.on("error", reject).end();
	});
}

/** `cutAfter`: so many bytes, then the connection ends; `stallAfter`: then silence; `chunk`: in pieces of that size. */
async function send(state, response, { status, headers, body, cutAfter, stallAfter, chunk }, method) {
	response.writeHead(status, { ...headers, ...(method === "HEAD" ? {} : { "content-length": body.length }), ...CORS });
	// The written bytes must have arrived before the connection breaks, or none did.
	if (cutAfter !== undefined)
		return response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 250));
	if (stallAfter !== undefined) {
		state.stalled.add(response);
		return response.write(body.subarray(0, stallAfter));
	}
	for (let at = 0; chunk && at + chunk < body.length; at += chunk) {
		response.write(body.subarray(at, at + chunk));
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
	const rest = chunk ? body.length - (body.length % chunk || chunk) : 0;
	return response.end(body.subarray(rest));
}

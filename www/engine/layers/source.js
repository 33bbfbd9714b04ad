// blob bytes -> www/engine/layers. One blob over HTTP, streamed; it goes on after a connection broke off.

import { coded } from "../../lib/coded.js";
import { RETRY_MILLISECONDS, RETRY_WAIT_SECONDS } from "../limits.js";
import { again, watchdog } from "./watchdog.js";

/**
 * @typedef {{ status: number, headers: [string, string][], url: string, body: Uint8Array, authorization?: string, round: number }} Refusal
 * @typedef {import("./watchdog.js").Watchdog} Watchdog
 * @typedef {{ url: string, authorization?: string, round: number }} BlobRequest
 * @typedef {{ value: BlobRequest } | { error: { code?: string, message: string, retryAfter?: number } }} Authorised
 * @typedef {object} Source
 * @property {number | undefined} size what the descriptor says, in bytes
 * @property {boolean} [packed] whether its media type says that the blob is compressed
 * @property {(encoding: string) => void} [onDecoded] hears that what comes was encoded on its way, and is not any more
 * @property {(refusal?: Refusal) => Promise<Authorised> | Authorised} authorise
 * @property {Authorised} [first] what it would answer at first
 * @property {(state: "reading" | "resuming", reason?: string) => void} onState
 * @property {AbortSignal} [signal]
 * @property {number} [stall] milliseconds, for tests
 * @property {number} [wait] milliseconds, for tests
 */

/** The number of times that a layer is taken up again after its connection broke. */
const RESUMES = 3;

/** The bytes beyond the descriptor's size that are read: enough to see that it is wrong. */
export const SLACK = 64 * 1024;

/** The bytes of a refusal's body that are looked at: an error document of a registry. */
const REFUSAL_BYTES = 64 * 1024;

/** The most refusals that are met: an anonymous token, a new one for an old one, the user's. */
const ROUNDS = 4;

/**
 * The pieces of a blob, each byte once and in order.
 * @param {Source} source
 * @returns {AsyncGenerator<Uint8Array>} throws an Error with a `code` if it cannot be read on
 */
export async function* download(source) {
	const most = source.size === undefined ? Number.POSITIVE_INFINITY : source.size + SLACK;
	/** @type {Place} */
	const place = { at: 0, ranged: true, unpacked: false };
	for (let resumes = 0; ; resumes++) {
		try {
			for await (const piece of connection(source, place)) {
				place.unpacked ||= place.at === 0 && source.packed === true && isTar(piece);
				place.at += piece.length;
				yield piece;
				// Unpacked on its way it has another size, and is read on until its reader has enough.
				if (place.at >= most && !place.unpacked) return;
			}
			return;
		} catch (/** @type {any} */ error) {
			if (!error?.again || resumes >= RESUMES || source.signal?.aborted) throw error;
			source.onState("resuming", error.message);
			await pause(
				error.retryAfter === undefined ? (source.wait ?? RETRY_MILLISECONDS) * 3 ** resumes : error.retryAfter * 1000,
			);
			source.onState("reading");
		}
	}
}

/** @typedef {{ at: number, ranged: boolean, unpacked: boolean }} Place `unpacked`: what comes is not the blob itself, but its tar */

/** True if a blob begins as a tar does (POSIX `ustar`; GNU). @param {Uint8Array} piece */
const isTar = (piece) => String.fromCharCode(...piece.subarray(257, 262)) === "ustar";

/**
 * Yields the bytes of one connection beyond those that are here already.
 * @param {Source} source
 * @param {Place} place
 */
async function* connection(source, place) {
	const watch = watchdog(source);
	const from = place.at;
	try {
		const response = await answer(source, place, watch);
		const { skip, total, encoding } = beginning(response, place);
		if (encoding) decoded(source, place, encoding);
		let received = 0;
		for await (const piece of body(response, watch, from)) {
			const fresh = skip > received ? piece.subarray(Math.min(skip - received, piece.length)) : piece;
			received += piece.length;
			// The length is that of what was sent; more comes only if it was decoded, also without a header that says so.
			if (total !== undefined && received > total && !place.unpacked) decoded(source, place, "not told");
			if (fresh.length > 0) yield fresh;
		}
		if (total !== undefined && received < total) throw cut(from + received - skip, from + total - skip);
	} finally {
		watch.end();
	}
}

/** A decoded answer cannot be taken up after a break: ranges are of the bytes that were sent. @param {Source} source @param {Place} place @param {string} encoding */
function decoded(source, place, encoding) {
	[place.unpacked, place.ranged] = [true, false];
	source.onDecoded?.(encoding);
}

/**
 * The number of bytes of the answer that are here already, its length, and the encoding that it had on its way.
 * @param {Response} response @param {Place} place
 */
function beginning(response, place) {
	const header = response.headers.get("content-range") ?? "";
	const encoding = /^(?!identity$).+/.exec(response.headers.get("content-encoding") ?? "")?.[0];
	const length = Number(response.headers.get("content-length") ?? Number.NaN);
	const total = encoding || !Number.isSafeInteger(length) ? undefined : length;
	if (response.status === 200) return { skip: place.at, total, encoding };
	const start = /^bytes (\d+)-/.exec(header)?.[1];
	if (Number(start ?? Number.NaN) === place.at) return { skip: 0, total, encoding };
	place.ranged = false;
	const got = header ? `"${header.slice(0, 80)}"` : "a part that does not say where it begins";
	throw again("registry-error", `the registry was asked for the bytes from ${place.at} and answered with ${got}`);
}

/**
 * The answer with the blob; what is refused is asked again with what the registry wants.
 * @param {Source} source
 * @param {Place} place
 * @param {Watchdog} watch
 */
async function answer(source, place, watch) {
	/** @type {Refusal | undefined} */
	let refusal;
	for (let rounds = 0; ; rounds++) {
		const request = await authorised(source, refusal);
		const response = await watch.within(send(request, place, watch.signal), (error) => unreachable(request.url, error));
		if (response.status === 200 || (response.status === 206 && place.at > 0 && place.ranged)) return response;
		if (response.status === 416 && place.ranged) {
			place.ranged = false;
			continue;
		}
		const body = await watch.within(beginningOf(response), () => cut(place.at));
		refusal = { status: response.status, headers: [...response.headers], url: response.url, body, ...seen(request) };
		if (rounds >= ROUNDS) throw coded("registry-error", `the registry went on refusing (status ${response.status})`);
	}
}

/** @param {BlobRequest} request */
const seen = ({ authorization, round }) => ({ authorization, round });

/** @param {Source} source @param {Refusal | undefined} refusal */
async function authorised(source, refusal) {
	const outcome = (!refusal && source.first) || (await source.authorise(refusal));
	source.first = undefined;
	if ("value" in outcome) return outcome.value;
	const { code, message, retryAfter } = outcome.error;
	const passes = refusal && mayPass(refusal) && (retryAfter ?? 0) <= RETRY_WAIT_SECONDS;
	throw Object.assign(coded(code ?? "unknown", message), { retryAfter, again: passes });
}

/** As `src/registry/retry.rs` has it. @param {Refusal} refusal */
function mayPass({ status, headers }) {
	const refused = headers.find(([name]) => name === "stowplan-refusal")?.[1];
	return refused === undefined ? [429, 502, 503, 504].includes(status) : refused === "overloaded";
}

/** @param {BlobRequest} request @param {Place} place @param {AbortSignal} signal */
function send({ url, authorization }, { at, ranged }, signal) {
	const headers = new Headers({ accept: "*/*" });
	if (authorization) headers.set("authorization", authorization);
	if (at > 0 && ranged) headers.set("range", `bytes=${at}-`);
	return fetch(url, { headers, signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
}

/** @param {Response} response @param {Watchdog} watch @param {number} from */
async function* body(response, watch, from) {
	const reader = response.body?.getReader();
	let at = 0;
	try {
		for (;;) {
			const piece = reader && (await watch.within(reader.read(), () => cut(from + at)));
			if (!piece?.value) return;
			at += piece.value.length;
			yield piece.value;
		}
	} finally {
		reader?.cancel().catch(() => {});
	}
}

/** @param {Response} response */
async function beginningOf(response) {
	const reader = response.body?.getReader();
	const { value } = (await reader?.read()) ?? {};
	reader?.cancel().catch(() => {});
	return new Uint8Array(value ?? []).slice(0, REFUSAL_BYTES);
}

/** @param {number} at @param {number} [of] */
const cut = (at, of) =>
	again("truncated-body", `the connection broke off after ${at}${of === undefined ? "" : ` of ${of}`} bytes`);
/** @param {string} url @param {any} error */
const unreachable = (url, error) => {
	const known = error?.cause?.code ? ` (${error.cause.code})` : "";
	return again(
		"registry-unreachable",
		`the registry or the proxy at ${new URL(url, "http://x/").host} refused this page or cannot be reached${known}`,
	);
};
/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

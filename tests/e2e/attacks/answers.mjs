// Off the line, attacks by answer: what a registry may send to confuse the proxy, hold it, or run in its origin.

import { gunzipSync, gzipSync } from "node:zlib";
import { MOST } from "./runner.mjs";

/** @typedef {import("./table.mjs").Case} Case @typedef {import("./table.mjs").Outcome} Outcome */

const SECOND = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nInjected: yes\r\n\r\nsmuggled";
const PLAIN = "hello hello hello hello";
const ZIPPED = gzipSync(PLAIN);

/** @param {string[]} lines @param {string | Buffer} [body] */
const ok = (lines, body = "") =>
	Buffer.concat([Buffer.from(["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n")), Buffer.from(body)]);
const close = "Connection: close";
const READERS = "the server's reader says that there was too much, the platform's only that it failed";

const unsmuggled = ({ body, header }) =>
	(body.includes("smuggled") || header("injected")) && fail("the second answer came through");
const SAFE = {
	because: "it is read in one way, and what is left of it is never taken for another answer",
	check: unsmuggled,
};

/** @type {Case[]} */
export const ANSWERS = [...runnable(), ...lengths(), ...endless(), ...protocols(), ...compressed()];

/** Documents that must not run in the proxy's origin; the runner looks at every answer's guards. @returns {Case[]} */
function runnable() {
	const kinds = ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", "text/css"];
	const scripts = [
		"text/javascript",
		"application/javascript",
		"Application/X-JavaScript; charset=utf-8",
		"text/ecmascript",
	];
	const script = "<script>fetch('/').then(alert)</script>";
	return [
		...kinds.map((kind) => ({
			name: `an answer of the type ${kind} is no page of the proxy's`,
			answer: ok([`Content-Type: ${kind}`, `Content-Length: ${script.length}`, close], script),
			expect: /** @type {Outcome} */ ([200]),
			check: ({ header }) => header("content-disposition") === "attachment" || fail("it would be shown"),
		})),
		...scripts.map((kind) => ({
			name: `an answer of the type ${kind} is no script`,
			answer: ok([`Content-Type: ${kind}`, "Content-Length: 8", close], "alert(1)"),
			expect: /** @type {Outcome} */ ([200]),
			check: ({ header }) => header("content-type") === "application/octet-stream" || fail(header("content-type")),
		})),
		{
			name: "of two types the second, which browsers would take, is no script either",
			answer: ok(["Content-Type: text/html", "Content-Type: text/javascript", "Content-Length: 8", close], "alert(1)"),
			expect: /** @type {Outcome} */ ([200]),
			check: ({ header, text }) => {
				header("content-type") === "application/octet-stream" || fail(header("content-type"));
				/content-type[^\r]*javascript/i.test(text) && fail("the second came through");
			},
		},
		{
			name: "an answer's own rules and stores are dropped",
			answer: ok([
				...["Set-Cookie: a=b", "Set-Cookie2: a=b", "Content-Security-Policy: default-src *", 'Clear-Site-Data: "*"'],
				...["Service-Worker-Allowed: /", "Access-Control-Allow-Credentials: true", "Refresh: 0;url=http://evil", close],
				...[
					"Access-Control-Allow-Origin: https://evil.example",
					"Strict-Transport-Security: max-age=1",
					"Content-Length: 0",
				],
				...["Stowplan-Refusal: host-not-allowed", 'Alt-Svc: h3=":443"', "Location: http://evil.example/", "X-A: b"],
				...[
					"Cache-Control: public, max-age=999",
					"Report-To: {}",
					"NEL: {}",
					"SourceMap: /x",
					"Link: <https://x>; rel=y",
				],
			]),
			expect: [200],
			check: ({ header }) => {
				const gone =
					"set-cookie set-cookie2 clear-site-data service-worker-allowed access-control-allow-credentials refresh " +
					"strict-transport-security alt-svc location report-to nel sourcemap x-a stowplan-refusal";
				for (const name of gone.split(" ")) header(name) === undefined || fail(`${name}: ${header(name)}`);
				header("cache-control").startsWith("no-store") || fail("it may be cached");
				header("access-control-allow-origin") === "*" || fail("the upstream chose who may read");
			},
		},
	];
}

/** @returns {Case[]} */
function lengths() {
	return [
		{
			name: "a Content-Length that is too long: the end is told from a cut",
			answer: ok(["Content-Length: 100", close], "half"),
			expect: [200],
			check: ({ header, body }) =>
				(header("content-length") === "100" && body === "half") || fail("the cut cannot be told"),
		},
		{
			name: "a Content-Length that is too short: what follows is no answer",
			answer: ok(["Content-Length: 2"], `ab${SECOND}`),
			expect: [200],
			check: ({ body }) => body === "ab" || fail(body),
		},
		{
			name: "two Content-Lengths",
			answer: ok(["Content-Length: 2", "Content-Length: 9", close], "abcdefghi"),
			expect: [502, "upstream-unreachable"],
		},
		{
			name: "a Content-Length that is none",
			answer: ok(["Content-Length: x2", close], "ab"),
			expect: [502, "upstream-unreachable"],
		},
		{
			name: "a negative Content-Length",
			answer: ok(["Content-Length: -2", close], "ab"),
			expect: [502, "upstream-unreachable"],
		},
		{
			name: "Content-Length and chunks",
			answer: ok(["Content-Length: 3", "Transfer-Encoding: chunked", close], `2\r\nab\r\n0\r\n\r\n${SECOND}`),
			expect: [200],
			check: ({ status, body }) => status === 502 || body === "ab" || fail(body),
		},
		{
			name: "chunks that break off have no end",
			answer: ok(["Transfer-Encoding: chunked", close], "4\r\nhalf\r\n"),
			expect: [200],
			check: ({ whole }) => !whole || fail("an end was made up"),
		},
		{
			name: "a chunk of a wrong size has no end",
			answer: ok(["Transfer-Encoding: chunked", close], "zz\r\nab\r\n0\r\n\r\n"),
			expect: { server: [0], edge: [200], because: "the connection is cut before or after the headers went out" },
			check: ({ whole, body }) => (!whole && body === "") || fail("an end was made up"),
		},
		{
			name: "a second answer behind the first",
			answer: Buffer.concat([ok(["Content-Length: 2"], "ab"), Buffer.from(SECOND)]),
			expect: [200],
			...SAFE,
		},
		{
			name: "a body of an answer that has none",
			answer: `HTTP/1.1 304 Not Modified\r\nContent-Length: 8\r\n\r\nsmuggled`,
			expect: [304],
			...SAFE,
		},
		{
			name: "a body of an answer to HEAD",
			method: "HEAD",
			answer: ok(["Content-Length: 8"], `smuggled${SECOND}`),
			expect: [200],
			check: ({ body, header }) => (body === "" && header("content-length") === "8") || fail(body),
		},
	];
}

/** @returns {Case[]} */
function endless() {
	const forEver = (head, piece) => (socket) => {
		socket.write(head);
		const more = () => {
			while (!socket.destroyed && socket.write(piece));
		};
		socket.on("drain", more);
		more();
	};
	const standing = (lines) => (socket) =>
		socket.write(`HTTP/1.1 200 OK\r\n${lines}\r\n\r\n${lines.includes("chunked") ? "4\r\nhalf\r\n" : "half"}`);
	const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
	const bounded = ({ bytes, whole }) =>
		(bytes < 2 * MOST && !whole) || fail(`${bytes} bytes came, ${whole ? "whole" : "cut"}`);
	return [
		{
			name: "a body without an end, in chunks",
			stream: forEver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk),
			expect: [200],
			check: bounded,
		},
		{
			name: "a body without an end, until the connection's",
			stream: forEver("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(0x4000)),
			expect: [200],
			check: bounded,
		},
		{
			name: "a body that says it is larger than the cap",
			stream: forEver(`HTTP/1.1 200 OK\r\nContent-Length: ${MOST + 1}\r\n\r\n`, "x".repeat(0x4000)),
			expect: [502, "body-too-large"],
		},
		{
			name: "headers without an end",
			stream: forEver("HTTP/1.1 200 OK\r\n", `X-Header: ${"x".repeat(1000)}\r\n`),
			expect: { server: [502, "upstream-invalid"], edge: [502, "upstream-unreachable"], because: READERS },
		},
		{
			name: "one header without an end",
			stream: forEver("HTTP/1.1 200 OK\r\nX-Header: ", "x".repeat(0x4000)),
			expect: { server: [502, "upstream-invalid"], edge: [502, "upstream-unreachable"], because: READERS },
		},
		{
			name: "a status line without an end",
			stream: forEver("HTTP/1.1 200 ", "x".repeat(0x4000)),
			expect: { server: [502, "upstream-invalid"], edge: [502, "upstream-unreachable"], because: READERS },
		},
		{
			name: "100 KiB of headers",
			answer: ok([`Link: ${"x".repeat(100_000)}`, "Content-Length: 2", close], "ab"),
			expect: [502, "upstream-invalid"],
		},
		{
			name: "interim answers without an end",
			stream: forEver("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
			expect: [504, "upstream-timeout"],
			slow: true,
		},
		...["Content-Length: 100", "Transfer-Encoding: chunked"].map((length) => ({
			name: `a body that stops before its end: ${length}`,
			stream: standing(length),
			expect: /** @type {Outcome} */ ([200]),
			check: ({ body, whole }) => (body === "half" && !whole) || fail(`"${body}" came, ${whole ? "whole" : "cut"}`),
			slow: true,
		})),
		{
			name: "an encoded body that stops before its end",
			stream: standing("Content-Length: 100\r\nContent-Encoding: x-none"),
			expect: [200],
			check: ({ whole }) => !whole || fail("an end was made up"),
			slow: true,
		},
		{
			name: "an encoded body in chunks that stops before its end",
			stream: standing("Transfer-Encoding: chunked\r\nContent-Encoding: x-none"),
			expect: [200],
			check: ({ body, whole }) => (body === "half" && !whole) || fail(`"${body}" came, ${whole ? "whole" : "cut"}`),
			slow: true,
		},
		{
			name: "no answer at all",
			stream: () => {},
			expect: [504, "upstream-timeout"],
			slow: true,
		},
	];
}

/** @returns {Case[]} */
function protocols() {
	return [
		{
			name: "a switch of protocols without a request",
			answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nsmuggled",
			expect: [502, "upstream-invalid"],
			...SAFE,
		},
		{
			name: "an interim answer before the answer",
			answer: `HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=b\r\n\r\n${SECOND.replace("smuggled", "good-end")}`,
			expect: [200],
			check: ({ header }) => header("injected") === undefined || fail("injected"),
		},
		{ name: "no HTTP", answer: "SSH-2.0-OpenSSH_9.9\r\n", expect: [502, "upstream-unreachable"] },
		{
			name: "nothing but the connection's end",
			stream: (socket) => socket.end(),
			expect: [502, "upstream-unreachable"],
		},
		{
			name: "a header folded over two lines",
			answer: ok(["Link: a", " Injected: yes", "Content-Length: 2", close], "ab"),
			expect: [502, "upstream-unreachable"],
			check: ({ header }) => header("injected") === undefined || fail("injected"),
		},
		{
			name: "a carriage return in a header",
			answer: ok(["ETag: a\rInjected: yes", "Content-Length: 2", close], "ab"),
			expect: [502, "upstream-unreachable"],
		},
		{
			name: "a NUL in a header",
			answer: ok(["ETag: a\0b", "Content-Length: 2", close], "ab"),
			expect: [502, "upstream-unreachable"],
		},
		{
			name: "a status out of range",
			answer: "HTTP/1.1 999 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
			expect: [502, "upstream-invalid"],
		},
		{
			name: "trailers are dropped",
			answer: ok(
				["Transfer-Encoding: chunked", "Trailer: Injected", close],
				"2\r\nab\r\n0\r\nInjected: yes\r\nSet-Cookie: a=b\r\n\r\n",
			),
			expect: [200],
			check: ({ body, text }) => (body === "ab" && !/injected/i.test(text)) || fail(text),
		},
	];
}

/** Identity is asked for; what comes compressed all the same keeps its label, so that the page can say so. @returns {Case[]} */
function compressed() {
	return [
		{
			name: "a compressed answer that was not asked for",
			headers: ["Accept-Encoding: gzip, br, zstd"],
			answer: ok(["Content-Encoding: gzip", `Content-Length: ${ZIPPED.length}`, close], ZIPPED),
			expect: [200],
			check: ({ header, raw, requests }) => {
				/accept-encoding: identity\r\n/i.test(requests[0]) || fail("identity was not asked for");
				header("content-encoding") === "gzip" || fail("the label is gone");
				raw.equals(ZIPPED) || fail("the bytes are others");
			},
		},
		{
			name: "a compressed answer in chunks",
			answer: ok(
				["Content-Encoding: gzip", "Transfer-Encoding: chunked", close],
				Buffer.concat([Buffer.from(`${ZIPPED.length.toString(16)}\r\n`), ZIPPED, Buffer.from("\r\n0\r\n\r\n")]),
			),
			expect: [200],
			check: ({ header, raw, whole }) => {
				header("content-encoding") === "gzip" || fail("the label is gone");
				(whole && gunzipSync(raw).toString() === PLAIN) || fail("what is in it is something else");
			},
		},
		{
			name: "a label of a compression that is none",
			answer: ok(["Content-Encoding: gzip", "Content-Length: 5", close], "hello"),
			expect: [200],
			check: ({ body }) => body === "hello" || fail(body),
		},
	];
}

/** @param {string} why @returns {never} */
function fail(why) {
	throw new Error(why);
}

// Off the line, attacks by request: shapes that two readers may read in two ways, and what is no request for a proxy.

/** @typedef {import("./table.mjs").Case} Case @typedef {import("./table.mjs").World} World @typedef {import("./table.mjs").Outcome} Outcome */

/** @param {World} world @param {string[]} lines @param {string} [body] */
const get = ({ upstream, own }, lines, body = "") =>
	[`GET /proxy/${upstream}/v2/x HTTP/1.1`, `Host: ${own}`, ...lines, "Connection: close", "", body].join("\r\n");

/** A whole second request, to hide behind the first. */
const HIDDEN = ({ upstream, own }) =>
	`GET /proxy/${upstream}/v2/hidden HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`;

const unseen = ({ requests }) =>
	requests.some((request) => request.includes("/v2/hidden")) && fail("the hidden request ran");
const uninjected = ({ requests }) =>
	requests.some((request) => /^injected/im.test(request)) && fail("a header was injected");

/** @type {[name: string, path: string][]} */
const PATHS = [
	["dot segments", "/v2/../admin"],
	["dot segments, encoded", "/v2/%2e%2e/admin"],
	["dot segments, half encoded", "/v2/.%2E/admin"],
	["dot segments, encoded twice", "/v2/%252e%252e/%2e%2e/admin"],
	["a single dot", "/v2/./x"],
	["an encoded slash", "/v2/..%2fadmin"],
	["a backslash", "/v2/..\\admin"],
	["an encoded backslash", "/v2/%5cadmin"],
	["empty segments", "/v2//x"],
	["empty segments first", "//v2/x"],
	["an encoded line end", "/v2/x%0d%0aInjected:%20yes"],
	["an encoded NUL", "/v2/x%00"],
	["a path parameter that looks like a token service", "/manager/html;auth"],
	["a path parameter after a secret", "/secret;token"],
	["a path parameter after dots", "/v2/..;/x"],
	["an encoded semicolon", "/v2/x%3by"],
	["an encoded question mark", "/admin%3ftoken"],
	["an encoded question mark, capital", "/admin%3Ftoken"],
	["an encoded number sign", "/admin%23token"],
	["an encoded percent sign", "/v2/x%25y"],
	["dots, encoded twice", "/v2/%252e%252e/"],
];

/** @type {Case[]} */
export const REQUESTS = [
	...PATHS.map(([kind, path]) => ({
		name: `a path with ${kind}: ${path}`,
		path: (/** @type {World} */ { upstream }) => upstream + path,
		asked: false,
		expect: /** @type {Outcome} */ ([400, "invalid-target"]),
	})),
	...[
		"/",
		"/admin",
		"/v2",
		"/v1/x",
		"/debug/vars",
		"/V2/x",
		"/token",
		"/auth",
		"/api/users/reset-token",
		"/regions/nl-ams/tokens",
		"/service/token/",
	].map((path) => ({
		name: `a path outside of the registry's: ${path}`,
		path: (/** @type {World} */ { upstream }) => upstream + path,
		asked: false,
		expect: /** @type {Outcome} */ ([403, "path-not-allowed"]),
	})),
	...["/v2/_catalog?n=100", "/v2/%5fcatalog", "/v2/_c%61talog/", "/v2/_Catalog"].flatMap((path) =>
		["ghcr.io", "registry.example"].map((host) => ({
			name: `the list of all repositories of ${host}, which was not named: ${path}`,
			path: host + path,
			any: true,
			asked: false,
			expect: /** @type {Outcome} */ ([403, "path-not-allowed"]),
		})),
	),
	{
		name: "the list of all repositories of a host that is named",
		path: ({ upstream }) => `${upstream}/v2/_catalog`,
		expect: [200],
	},
	{
		name: "an encoded line end in the query stays encoded",
		path: ({ upstream }) => `${upstream}/v2/x?a=%0d%0aInjected:%20yes`,
		expect: [200],
		check: ({ requests }) =>
			requests[0].startsWith("GET /v2/x?a=%0d%0aInjected:%20yes HTTP/1.1\r\n") || fail(requests[0]),
	},
	{
		name: "an address of 9 KiB",
		path: ({ upstream }) => `${upstream}/v2/${"x".repeat(9000)}`,
		asked: false,
		expect: [400, "invalid-target"],
	},
	{
		name: "userinfo before an allowed host",
		path: ({ upstream, inside }) => `${upstream}@${inside}/v2/x`,
		asked: false,
		expect: [400, "invalid-target"],
	},
	{
		name: "a whole address after the proxy's",
		path: ({ inside }) => `http://${inside}/v2/x`,
		asked: false,
		expect: [400, "invalid-target"],
	},
	...injections(),
	...smuggling(),
	...forms(),
	...methods(),
	...upgrades(),
	...volumes(),
];

/** @returns {Case[]} */
function injections() {
	return [
		{
			name: "a carriage return in the address",
			raw: (world) =>
				`GET /proxy/${world.upstream}/v2/x\rInjected: yes HTTP/1.1\r\nHost: ${world.own}\r\nConnection: close\r\n\r\n`,
			asked: false,
			expect: [400],
		},
		{
			name: "a space in the address",
			raw: (world) => `GET /proxy/${world.upstream}/v2/x y HTTP/1.1\r\nHost: ${world.own}\r\nConnection: close\r\n\r\n`,
			asked: false,
			expect: [400],
		},
		{
			name: "a NUL in a header",
			raw: (world) => get(world, ["Accept: a\0b"]),
			check: uninjected,
			expect: [400],
			asked: false,
		},
		{
			name: "a carriage return in a header that is sent on",
			raw: (world) => get(world, ["Accept: a/b\rInjected: yes"]),
			check: uninjected,
			expect: [400],
		},
		{
			name: "a line feed alone between headers",
			raw: (world) => get(world, ["Accept: a/b\nCookie: injected=yes"]),
			check: ({ requests }) => requests.some((one) => /cookie|injected/i.test(one)) && fail("a cookie went along"),
			expect: [200],
		},
		{
			name: "a header's name with a space",
			raw: (world) => get(world, ["Content-Length : 5"], "hello"),
			asked: false,
			expect: [400],
		},
		{
			name: "a header folded over two lines",
			raw: (world) => get(world, ["Accept: a/b", " Injected: yes"]),
			check: uninjected,
			asked: false,
			expect: [400],
		},
		{
			name: "names that a next hop might heed",
			headers: [
				"X-Forwarded-Host: evil",
				"X-Original-URL: /admin",
				"X-HTTP-Method-Override: DELETE",
				"Forwarded: for=1",
			],
			expect: [200],
			check: ({ requests }) => /x-forwarded|original|override|forwarded/i.test(requests[0]) && fail(requests[0]),
		},
		{
			name: "a header named hop-by-hop by Connection",
			raw: (world) => get(world, ["Authorization: Bearer t", "Connection: authorization, keep-alive"]),
			expect: [200],
			check: ({ requests }) =>
				/keep-alive, *authorization|connection: authorization/i.test(requests[0]) && fail(requests[0]),
		},
	];
}

/** @returns {Case[]} */
function smuggling() {
	const shape = (name, lines, body, expect) => ({
		name: `smuggling: ${name}`,
		raw: (/** @type {World} */ world) => get(world, lines, body(world)),
		check: unseen,
		asked: false,
		expect,
	});
	const both = /** @type {const} */ ([400, "body-not-allowed"]);
	return [
		shape(
			"Content-Length and Transfer-Encoding",
			["Content-Length: 4", "Transfer-Encoding: chunked"],
			(w) => `0\r\n\r\n${HIDDEN(w)}`,
			[...both],
		),
		shape(
			"Transfer-Encoding and Content-Length",
			["Transfer-Encoding: chunked", "Content-Length: 4"],
			(w) => `0\r\n\r\n${HIDDEN(w)}`,
			[...both],
		),
		shape("two Content-Lengths", ["Content-Length: 0", "Content-Length: 44"], HIDDEN, [400]),
		shape("a list of Content-Lengths", ["Content-Length: 0, 44"], HIDDEN, [400]),
		shape("a signed Content-Length", ["Content-Length: +0"], HIDDEN, [400]),
		shape("a negative Content-Length", ["Content-Length: -1"], HIDDEN, [400]),
		shape("a hexadecimal Content-Length", ["Content-Length: 0x10"], HIDDEN, [400]),
		shape("a huge Content-Length", ["Content-Length: 99999999999999999999"], HIDDEN, [400]),
		shape("a body", ["Content-Length: 5"], () => "hello", [...both]),
		shape("a body that is the next request", ["Content-Length: 9"], (w) => `GET /x HT${HIDDEN(w)}`, [...both]),
		shape("chunks", ["Transfer-Encoding: chunked"], () => "5\r\nhello\r\n0\r\n\r\n", [...both]),
		shape("chunk extensions", ["Transfer-Encoding: chunked"], (w) => `0;a="\r\n\r\n${HIDDEN(w)}`, [...both]),
		shape("a chunk of a huge size", ["Transfer-Encoding: chunked"], () => "fffffffffffffffff\r\nx\r\n0\r\n\r\n", [
			...both,
		]),
		shape("chunks with bare line feeds", ["Transfer-Encoding: chunked"], (w) => `0\n\n${HIDDEN(w)}`, [...both]),
		shape("trailers", ["Transfer-Encoding: chunked"], () => "0\r\nInjected: yes\r\n\r\n", [...both]),
		shape("Transfer-Encoding that is none", ["Transfer-Encoding: xchunked"], HIDDEN, [400]),
		shape(
			"Transfer-Encoding twice",
			["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
			(w) => `0\r\n\r\n${HIDDEN(w)}`,
			[400],
		),
		shape("Transfer-Encoding behind a tab", ["Transfer-Encoding:\tchunked"], (w) => `0\r\n\r\n${HIDDEN(w)}`, [...both]),
		shape(
			"Transfer-Encoding in a folded line",
			["X: y", " Transfer-Encoding: chunked"],
			(w) => `0\r\n\r\n${HIDDEN(w)}`,
			[400],
		),
	];
}

/** @returns {Case[]} */
function forms() {
	const line = (target, host) => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
	const because = "the platform drops the authority of an absolute form, so that only the Worker's own paths are left";
	return [
		{
			name: "an absolute form for another host",
			raw: ({ inside, own }) => line(`http://${inside}/v2/x`, own),
			asked: false,
			expect: { server: [400], edge: [404], because },
		},
		{
			name: "an absolute form for another host, with the proxy's path",
			raw: ({ inside, upstream, own }) => line(`http://${inside}/proxy/${upstream}/v2/x`, own),
			expect: { server: [400], edge: [200], because },
		},
		{
			name: "an absolute form with TLS",
			raw: ({ own }) => line("https://ghcr.io/v2/", own),
			asked: false,
			expect: { server: [400], edge: [404], because },
		},
		{
			name: "an authority form",
			raw: ({ inside, own }) => `CONNECT ${inside} HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`,
			asked: false,
			expect: { server: [400], edge: [500], because: "the Worker exports no connect(), so the platform ends it" },
		},
		{
			name: "an asterisk form",
			raw: ({ own }) => `OPTIONS * HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`,
			asked: false,
			expect: { server: [405], edge: [404], because: "it is for the site, which answers GET and HEAD, or for none" },
		},
		{
			name: "an address that starts with two slashes",
			raw: ({ inside, own }) => line(`//${inside}/v2/x`, own),
			asked: false,
			expect: [404],
		},
		{
			name: "two slashes before the proxy's path",
			raw: ({ upstream, own }) => line(`//proxy/${upstream}/v2/x`, own),
			asked: false,
			expect: [404],
		},
		{
			name: "dot segments that lead to the proxy",
			raw: ({ upstream, own }) => line(`/www/../proxy/${upstream}/v2/x`, own),
			asked: false,
			expect: [404],
		},
		{
			name: "HTTP/0.9",
			raw: ({ upstream }) => `GET /proxy/${upstream}/v2/x\r\n\r\n`,
			asked: false,
			expect: [400],
		},
		{
			name: "HTTP/2's preface",
			raw: () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
			asked: false,
			expect: [0],
		},
		{
			name: "no Host",
			raw: ({ upstream }) => `GET /proxy/${upstream}/v2/x HTTP/1.1\r\nConnection: close\r\n\r\n`,
			asked: false,
			expect: {
				server: [403, "origin-not-allowed"],
				edge: [400],
				because: "the platform refuses it before the Worker",
			},
		},
		{
			name: "two Hosts",
			raw: (world) => get(world, ["Host: evil.example"]),
			asked: false,
			expect: [400, "invalid-target"],
		},
		{
			name: "a Host with userinfo",
			raw: (world) => get({ ...world, own: `${world.own}@evil.example` }, []),
			asked: false,
			expect: [400, "invalid-target"],
		},
	];
}

/** @returns {Case[]} */
function methods() {
	const refused = ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "PURGE"].map((method) => ({
		name: `the method ${method}`,
		method,
		asked: false,
		expect: /** @type {Outcome} */ ([405, "method-not-allowed"]),
	}));
	const because = "the platform knows no such method";
	return [
		...refused,
		{ name: "the method TRACE", method: "TRACE", asked: false, expect: [405, "method-not-allowed"] },
		{
			name: "a method that is none",
			method: "FOO",
			asked: false,
			expect: { server: [405, "method-not-allowed"], edge: [501], because },
		},
		{
			name: "a method in lower case",
			method: "get",
			asked: false,
			expect: { server: [405, "method-not-allowed"], edge: [501], because },
		},
		{
			name: "a preflight asks no upstream",
			method: "OPTIONS",
			headers: ["Origin: http://localhost:1", "Access-Control-Request-Method: GET"],
			asked: false,
			expect: [204],
		},
		{
			name: "a preflight for a method that is not forwarded allows none",
			method: "OPTIONS",
			path: "ghcr.io/v2/",
			headers: ["Origin: https://evil.example", "Access-Control-Request-Method: DELETE"],
			asked: false,
			expect: [204],
			check: ({ header }) =>
				header("access-control-allow-methods") === "GET, HEAD, OPTIONS" || fail("others are allowed"),
		},
	];
}

/** @returns {Case[]} */
function upgrades() {
	const plain = ({ requests }) => /upgrade|websocket|settings/i.test(requests.join()) && fail("the upgrade went along");
	return [
		{
			name: "an upgrade to a web socket is not sent on",
			raw: (world) =>
				get(world, [
					"Upgrade: websocket",
					"Connection: Upgrade",
					"Sec-WebSocket-Version: 13",
					"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
				]),
			expect: [200],
			check: plain,
		},
		{
			name: "an upgrade to HTTP/2 is not sent on",
			raw: (world) =>
				get(world, ["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAAP__"]),
			expect: [200],
			check: plain,
		},
		{
			name: "Expect: 100-continue gets no body through",
			raw: (world) => get(world, ["Expect: 100-continue", "Content-Length: 5"]),
			asked: false,
			expect: [400, "body-not-allowed"],
		},
	];
}

/** @returns {Case[]} */
function volumes() {
	return [
		{
			name: "17 KiB of headers",
			headers: [`Accept: ${"x".repeat(17_000)}`],
			asked: false,
			expect: [431, "headers-too-large"],
		},
		{
			name: "a thousand headers",
			headers: Array.from({ length: 1000 }, (_, at) => `X-${at}: ${"y".repeat(20)}`),
			asked: false,
			expect: {
				server: [431],
				edge: [431, "headers-too-large"],
				because: "hyper counts headers, the policy their bytes",
			},
		},
		{
			name: "headers without an end",
			raw: ({ own }) => `GET / HTTP/1.1\r\nHost: ${own}\r\n${`X: ${"y".repeat(1000)}\r\n`.repeat(2000)}`,
			asked: false,
			expect: [431],
			mayReset: true,
		},
	];
}

/** @param {string} why @returns {never} */
function fail(why) {
	throw new Error(why);
}

// Off the line, attacks by other pages: a website that asks through the proxy of its visitor, or under a name of its own.

/** @typedef {import("./table.mjs").Case} Case @typedef {import("./table.mjs").Outcome} Outcome */

const FOREIGN = [
	"https://evil.example",
	"http://evil.example:8080",
	"null",
	"http://127.0.0.1.evil.example",
	"http://localhost.evil.example",
	"https://listed.example.evil.example",
	"http://listed.example",
	"file://",
];
const REBOUND = [
	"evil.example",
	"evil.example:8080",
	"127.0.0.1.evil.example",
	"localhost.evil.example",
	"10.0.0.5:8080",
	"0.0.0.0",
];

const asUnder =
	(host, lines) =>
	({ upstream }) =>
		[`GET /proxy/${upstream}/v2/x HTTP/1.1`, `Host: ${host}`, ...lines, "Connection: close", "", ""].join("\r\n");

/** @type {Case[]} */
export const ASKERS = [
	...FOREIGN.flatMap((origin) =>
		["GET", "HEAD", "OPTIONS"].map((method) => ({
			name: `${method} of a foreign page: ${origin}`,
			method,
			headers: [`Origin: ${origin}`, "Sec-Fetch-Site: cross-site"],
			asked: false,
			expect: /** @type {Outcome} */ ([403, "origin-not-allowed"]),
		})),
	),
	// A foreign page must not learn which private hosts were allowed: the answers are those of the host above.
	...["10.0.0.5:5000", "127.0.0.1:1", "registry.lan", "[fd00::1]", "r.example:8443"].flatMap((host) =>
		["GET", "HEAD", "OPTIONS"].map((method) => ({
			name: `${method} of a foreign page for a host that was not allowed: ${host}`,
			method,
			path: `${host}/v2/x`,
			headers: ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"],
			asked: false,
			expect: /** @type {Outcome} */ ([403, "origin-not-allowed"]),
		})),
	),
	...["cross-site", "same-site"].map((site) => ({
		name: `a request that its page cannot read: Sec-Fetch-Site: ${site}`,
		headers: [`Sec-Fetch-Site: ${site}`],
		asked: false,
		expect: /** @type {Outcome} */ ([403, "origin-not-allowed"]),
	})),
	...REBOUND.flatMap((host) => [
		{
			name: `under a name bound to this machine: ${host}`,
			raw: asUnder(host, []),
			asked: false,
			expect: /** @type {Outcome} */ ([403, "origin-not-allowed"]),
		},
		{
			name: `under a name bound to this machine, as its own page: ${host}`,
			raw: asUnder(host, [`Origin: http://${host}`, "Sec-Fetch-Site: same-origin"]),
			asked: false,
			expect: /** @type {Outcome} */ ([403, "origin-not-allowed"]),
		},
	]),
	{
		name: "the proxy's own page may read",
		headers: ["Sec-Fetch-Site: same-origin"],
		expect: [200],
		check: ({ header }) => header("vary") === "Origin" || fail("Vary"),
	},
	...["https://listed.example", "http://localhost:3000", "http://127.0.0.1:1"].map((origin) => ({
		name: `a page that may read is named: ${origin}`,
		headers: [`Origin: ${origin}`, "Sec-Fetch-Site: cross-site"],
		expect: /** @type {Outcome} */ ([200]),
		check: ({ header }) => {
			header("access-control-allow-origin") === origin || fail(header("access-control-allow-origin"));
			header("access-control-allow-credentials") === undefined || fail("credentials");
			header("vary") === "Origin" || fail("Vary");
		},
	})),
	{
		name: "a public registry's preflight is for every page",
		method: "OPTIONS",
		path: "ghcr.io/v2/",
		headers: ["Origin: https://evil.example"],
		asked: false,
		expect: [204],
		check: ({ header }) => header("access-control-allow-origin") === "*" || fail("not for every page"),
	},
	...["document", "iframe", "script", "worker", "style", "object", "image"].map((dest) => ({
		name: `a browser's ${dest}`,
		headers: [`Sec-Fetch-Dest: ${dest}`, "Sec-Fetch-Site: same-origin"],
		asked: false,
		expect: /** @type {Outcome} */ ([403, "not-a-fetch"]),
	})),
	{
		name: "a service worker's script",
		headers: ["Service-Worker: script"],
		asked: false,
		expect: [403, "not-a-fetch"],
	},
	{
		name: "cookies are not sent on",
		headers: ["Cookie: session=secret", "Cookie2: a=b"],
		expect: [200],
		check: ({ requests }) => /cookie/i.test(requests.join()) && fail("a cookie was sent on"),
	},
	{
		name: "what a browser tells of its page is not sent on",
		headers: [
			"Referer: http://localhost/secret",
			"Origin: http://localhost:3",
			"User-Agent: Browser",
			"DNT: 1",
			"Sec-CH-UA: x",
		],
		expect: [200],
		check: ({ requests }) => /referer|origin|browser|dnt|sec-ch/i.test(requests.join()) && fail(requests.join()),
	},
];

/** @param {string} why @returns {never} */
function fail(why) {
	throw new Error(why);
}

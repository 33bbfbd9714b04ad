// Off the line, attacks by redirect: a registry that sends the proxy to where it must not go.

/** @typedef {import("./table.mjs").Case} Case @typedef {import("./table.mjs").World} World */

/** @param {string} location @param {string[]} [more] */
const to = (location, more = []) =>
	[
		"HTTP/1.1 307 Temporary Redirect",
		`Location: ${location}`,
		...more,
		"Content-Length: 0",
		"Connection: close",
		"",
		"",
	].join("\r\n");

/** @type {[kind: string, location: string | ((world: World) => string), code: string, status?: number][]} */
const REFUSED = [
	["private", "https://10.0.0.1/", "address-refused"],
	["private", "http://192.168.0.1/", "address-refused"],
	["loopback", "https://127.0.0.1/", "address-refused"],
	["loopback, at a port where something listens", ({ inside }) => `http://${inside}/v2/x`, "address-refused"],
	["loopback, with TLS to a plain host's port", ({ upstream }) => `https://${upstream}/v2/x`, "address-refused"],
	["link-local", "https://[fe80::1]/", "address-refused"],
	["metadata", "http://169.254.169.254/latest/meta-data/", "address-refused"],
	["metadata", "https://[fd00:ec2::254]/latest/meta-data/", "address-refused"],
	["IPv4-mapped", "https://[::ffff:127.0.0.1]/", "address-refused"],
	["NAT64", "https://[64:ff9b::7f00:1]/", "address-refused"],
	["decimal", "https://2130706433/", "redirect-refused"],
	["hexadecimal", "https://0x7f000001/", "redirect-refused"],
	["octal", "https://0177.0.0.1/", "redirect-refused"],
	["short", "https://127.1/", "redirect-refused"],
	["without TLS", "http://cdn.example/x", "redirect-refused"],
	["without TLS, relative to the scheme", "//cdn.example/x", "redirect-refused"],
	["FTP", "ftp://cdn.example/x", "redirect-refused"],
	["a file", "file:///etc/passwd", "redirect-refused"],
	["a script", "javascript:alert(1)", "redirect-refused"],
	["data", "data:text/html,x", "redirect-refused"],
	["gopher", "gopher://127.0.0.1:6379/_INFO", "redirect-refused"],
	["userinfo", "https://user:pw@cdn.example/", "redirect-refused"],
	["userinfo before an inner address", "https://cdn.example@127.0.0.1/", "redirect-refused"],
	["a backslash", "https://cdn.example\\@127.0.0.1/", "redirect-refused"],
	["two slashes and a backslash", "/\\127.0.0.1/", "redirect-refused"],
	["no host", "https:///x", "redirect-refused"],
	["one slash", "https:/127.0.0.1/", "redirect-refused"],
	["a tab in the address", "https://127.0.\t0.1/", "redirect-refused"],
	["too long an address", `https://cdn.example/${"x".repeat(9000)}`, "redirect-refused"],
];

/** @type {Case[]} */
export const REDIRECTS = [
	...REFUSED.map(([kind, location, code]) => ({
		name: `a redirect, ${kind}${typeof location === "string" && location.length < 60 ? `: ${location}` : ""}`,
		answer: (/** @type {World} */ world) => to(typeof location === "string" ? location : location(world)),
		expect: /** @type {import("./table.mjs").Outcome} */ ([code === "address-refused" ? 403 : 502, code]),
	})),
	{
		name: "a redirect to a name that leads inside after DNS",
		answer: ({ inside }) => to(`https://localhost:${inside.split(":")[1]}/v2/x`),
		expect: {
			server: [403, "address-refused"],
			edge: [502, "upstream-unreachable"],
			because: "workerd's network looks at the address after DNS and says no more than that it did not connect",
		},
	},
	{
		name: "a redirect loop",
		answer: to("/v2/x"),
		expect: [502, "too-many-redirects"],
		check: ({ requests }) => requests.length <= 6 || fail(`${requests.length} requests`),
	},
	{
		name: "a redirect loop between two hosts",
		answer: ({ other }) => to(`http://${other}/v2/back`),
		expect: [502, "too-many-redirects"],
	},
	{
		name: "a redirect of many kinds of status, without a Location",
		answer: "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		expect: [302],
	},
	{
		name: "Authorization does not go along to another host",
		headers: ["Authorization: Bearer secret-token"],
		answer: ({ other }) => to(`http://${other}/v2/end`),
		expect: [200],
		check: ({ requests, others }) => {
			/authorization: bearer secret-token/i.test(requests[0]) || fail("its own host did not get it");
			others.some((request) => /secret-token/.test(request)) && fail("another host got it");
			others.length === 1 || fail("the other host was not asked");
		},
	},
	{
		name: "Authorization does not go along to another port of its host",
		headers: ["Authorization: Basic c2VjcmV0LXRva2Vu"],
		answer: ({ other }) => to(`//${other}/v2/end`),
		expect: [200],
		check: ({ others }) => others.some((request) => /c2VjcmV0/.test(request)) && fail("another port got it"),
	},
	{
		name: "a cookie that a redirect sets is not sent on",
		answer: ({ other }) => to(`http://${other}/v2/end`, ["Set-Cookie: session=1; Domain=127.0.0.1"]),
		expect: [200],
		check: ({ others }) => others.some((request) => /cookie/i.test(request)) && fail("a cookie was sent"),
	},
	{
		name: "two Locations",
		answer: ({ inside, other }) => to(`http://${other}/v2/end`, [`Location: http://${inside}/v2/x`]),
		expect: {
			server: [200],
			edge: [502, "redirect-refused"],
			because: "the server takes the first, the platform joins both, and neither follows the inner one",
		},
	},
	{
		name: "a redirect with a body of its own",
		answer: ({ other }) =>
			`HTTP/1.1 307 x\r\nLocation: http://${other}/v2/end\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret`,
		expect: [200],
		check: ({ body }) => body.includes("secret") && fail("the redirect's own body came through"),
	},
];

/** @param {string} why @returns {never} */
function fail(why) {
	throw new Error(why);
}

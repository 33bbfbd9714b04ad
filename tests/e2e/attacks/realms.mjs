// Attacks by realm: what a registry's challenge names for tokens, and what it must not open.

/** @typedef {import("./table.mjs").Case} Case @typedef {import("./table.mjs").World} World */

/** @param {string} path @returns {(world: World) => string} */
const at =
	(path) =>
	({ upstream }) =>
		`http://${upstream}${path}`;
/** @param {string} path @returns {(world: World) => string} */
const ask =
	(path) =>
	({ upstream }) =>
		upstream + path;

/** @type {Case[]} */
export const REALMS = [
	...["/v2//service/token", "/regions/fr-par/tokens", "/any/where"].map((path) => ({
		name: `a realm that a challenge named is asked as it was written: ${path}`,
		realm: at(path),
		path: ask(`${path}?service=x&scope=repository:a/b:pull`),
		expect: /** @type {[number]} */ ([200]),
		check: ({ requests }) =>
			requests[0].startsWith(`GET ${path}?service=x&scope=repository:a/b:pull HTTP/1.1\r\n`) || fail(requests[0]),
	})),
	{
		name: "a path below a realm is none",
		realm: at("/named"),
		path: ask("/named/below"),
		asked: false,
		expect: [403, "path-not-allowed"],
	},
	{
		name: "a realm of one host is none of another",
		realm: at("/named-here"),
		path: ({ other }) => `${other}/named-here`,
		asked: false,
		expect: [403, "path-not-allowed"],
	},
	...["/a;token", "/a%3ftoken", "/%2e%2e/token", "/%252e/token", "/a/../token", "/a\\\\b"].map((path) => ({
		name: `a realm that two programs read in two ways is not remembered: ${path}`,
		realm: at(path),
		path: ask(path.replaceAll("\\\\", "\\")),
		asked: false,
		expect: /** @type {[number, string]} */ ([400, "invalid-target"]),
	})),
	{
		name: "a realm at an inner address that was not allowed",
		realm: ({ inside }) => `http://${inside}/token`,
		path: ({ inside }) => `${inside}/token`,
		asked: false,
		expect: [403, "address-refused"],
	},
	{
		name: "a realm at an inner address, with TLS",
		realm: () => "https://169.254.169.254/latest/meta-data",
		path: "169.254.169.254/latest/meta-data",
		asked: false,
		expect: [403, "address-refused"],
	},
];

/** @param {string} why @returns {never} */
function fail(why) {
	throw new Error(why);
}

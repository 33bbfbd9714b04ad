// Off the line, attacks by address: where the proxy must not connect to, however it is written.

import { lookup } from "node:dns/promises";
import { hostname } from "node:os";

/** Each is refused for what it is. */
const PRIVATE = {
	private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "[fd00::1]"],
	loopback: ["127.0.0.1", "127.255.255.254", "0.0.0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]"],
	"link-local": ["169.254.0.1", "[fe80::1]"],
	metadata: ["169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "[fd00:ec2::254]"],
	"IPv4-mapped": ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[::ffff:0:7f00:1]"],
	NAT64: ["[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]"],
	multicast: ["224.0.0.1", "255.255.255.255", "[ff02::1]"],
};

/** Each is no host at all: only resolvers would take it for an address. */
const DISGUISED = [
	...[
		"2130706433",
		"0x7f000001",
		"0x7f.0.0.1",
		"0x7f.1",
		"017700000001",
		"0177.0.0.1",
		"127.1",
		"127.0.1",
		"127.0.0.01",
	],
	...["127.0.0.1.", "127.0.0.0x1", "[127.0.0.1]", "[::1%25lo]", "[fe80::1%eth0]", "::1", "1.2.3.4.5", "256.1.1.1"],
	...["user@10.0.0.1", "user:pw@10.0.0.1", "ghcr.io@127.0.0.1", "127.0.0.1%2f", "127.0.0.1%00.ghcr.io", "gh%63r.io"],
	...["localhost.", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:+80", "ghcr.io:443:1", "[::1", "ghcr..io", "gh_cr.io"],
];

/** Other names of this machine, if its resolver knows them: which there are differs. */
const INNER = (await Promise.all([hostname(), "ip6-localhost", "ip6-loopback"].map(leadsInside))).flat();

/** @type {import("./table.mjs").Case[]} */
export const ADDRESSES = [
	...Object.entries(PRIVATE).flatMap(([kind, hosts]) =>
		hosts.flatMap((host) => [
			literal(`${kind}: ${host}`, host, false),
			literal(`${kind}, and any host is allowed: ${host}`, host, true),
		]),
	),
	literal("a port of this machine that was not named", ({ inside }) => inside, true),
	...DISGUISED.map((host) => ({
		name: `an address in disguise: ${host}`,
		path: `${host}/v2/x`,
		any: true,
		asked: false,
		expect: /** @type {import("./table.mjs").Outcome} */ ([400, "invalid-target"]),
	})),
	rebound("localhost"),
	...INNER.map(rebound),
	{
		name: "a host that was not allowed",
		path: "registry.example/v2/",
		asked: false,
		expect: [403, "host-not-allowed"],
	},
	{
		name: "an allowed host's other port",
		path: "ghcr.io:22/v2/",
		asked: false,
		expect: [403, "host-not-allowed"],
	},
];

/** @param {string} name @param {string | ((world: import("./table.mjs").World) => string)} host @param {boolean} any */
function literal(name, host, any) {
	return {
		name,
		path: (/** @type {import("./table.mjs").World} */ world) => `${typeof host === "string" ? host : host(world)}/v2/x`,
		any,
		asked: false,
		expect: /** @type {import("./table.mjs").Outcome} */ ([403, "address-refused"]),
	};
}

/**
 * A name that leads inside by this machine's own resolver, asked for at the port where something listens: what a name
 * server does that binds its name anew. The server's resolver is also tested with one of the test's own (limits.rs).
 * @param {string} name
 * @returns {import("./table.mjs").Case}
 */
function rebound(name) {
	return {
		name: `a name that leads inside after DNS: ${name === hostname() ? "this machine's" : name}`,
		path: ({ inside }) => `${name}:${inside.split(":")[1]}/v2/x`,
		any: true,
		asked: false,
		expect: {
			server: [403, "address-refused"],
			edge: [502, "upstream-unreachable"],
			because: "workerd's network looks at the address after DNS and says no more than that it did not connect",
		},
	};
}

/** @param {string} name */
async function leadsInside(name) {
	const found = await lookup(name, { all: true }).catch(() => []);
	const inner = found.every(({ address }) => /^(10|127|172|192\.168|::1$|f[de])/.test(address));
	return found.length > 0 && inner ? [name] : [];
}

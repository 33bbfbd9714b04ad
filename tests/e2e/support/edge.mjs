// Off the line, under the browser tests: the built Worker in the real workerd, with the network that a test gives it.

import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "./app.mjs";
import { removeFolder, startServer, temporaryFolder } from "./process.mjs";

/** The built Worker; `cargo xtask test` names it. */
export const EDGE = process.env.STOWPLAN_EDGE ?? join(ROOT, "dist-edge");

/**
 * Starts the Worker on a free port, as `workerd.capnp` has it but for what is asked for here.
 * @param {object} [options]
 * @param {string[]} [options.plainHttp] hosts as `host:port`, reached through a network of their own
 * @param {string[]} [options.origins]
 * @param {string} [options.internet] `host:port` of a server that stands for every public host
 * @param {string} [options.cache] `host:port` of a server that stands for the Cache API
 * @param {Record<string, string>} [options.variables]
 */
export async function startEdge({ plainHttp = [], origins = [], internet, cache, variables = {} } = {}) {
	const folder = temporaryFolder("edge");
	const config = join(folder, "workerd.capnp");
	for (const name of ["worker.js", "stowplan_edge_bg.wasm"]) copyFileSync(join(EDGE, name), join(folder, name));
	writeFileSync(config, configuration({ internet, cache }));
	const env = {
		STOWPLAN_PLAIN_HTTP: plainHttp.join(","),
		STOWPLAN_ORIGIN: origins.join(","),
		...variables,
	};
	const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	// The port is told on standard output, as a line of JSON.
	const command = ["env", ...words, workerd(), "serve", "--control-fd=1", config];
	const { match, output, stop } = await startServer(command, /"socket":"http","port":(\d+)/);
	const url = `http://127.0.0.1:${match[1]}/`;
	return {
		url,
		proxy: `${url}proxy/`,
		host: `127.0.0.1:${match[1]}`,
		output,
		stop: () => stop().then(() => removeFolder(folder)),
	};
}

/** The configuration that is shipped, with the test's servers in it: what a test changes has to be there. */
function configuration({ internet, cache }) {
	let text = readFileSync(join(EDGE, "workerd.capnp"), "utf8");
	const change = (from, to) => {
		if (!text.includes(from)) throw new Error(`workerd.capnp has no ${from}`);
		text = text.replace(from, to);
	};
	const services = [
		...(internet ? [`(name = "other", external = (address = "${internet}", http = ()))`] : []),
		...(cache ? [`(name = "cache", external = (address = "${cache}", http = ()))`] : []),
		`(name = "private", network = (allow = ["public", "private"]))`,
	];
	change('(name = "internet", network = .public)', `(name = "internet", network = .public), ${services.join(", ")}`);
	change("  bindings = [", '  bindings = [ (name = "NAMED", service = "private"),');
	if (internet) change('globalOutbound = "internet"', 'globalOutbound = "other"');
	if (cache) change("  globalOutbound", '  cacheApiOutbound = "cache",\n  globalOutbound');
	change("127.0.0.1:8787", "127.0.0.1:0");
	return text;
}

/** The program lies in the npm package of this machine's kind; its wrapper needs a script that is not run here. */
function workerd() {
	const kinds = { "linux x64": "linux-64", "linux arm64": "linux-arm64", "darwin x64": "darwin-64" };
	const kind = kinds[`${process.platform} ${process.arch}`] ?? `${process.platform}-${process.arch}`;
	const program = createRequire(import.meta.url).resolve(`@cloudflare/workerd-${kind}/bin/workerd`);
	if (!existsSync(program)) throw new Error(`no workerd at ${program}`);
	return program;
}

/** Starts what `wrangler deploy` would take, as it is: the page and the proxy, with the network that workerd has by itself. */
export async function startDeployed() {
	// workerd bundles the Worker as wrangler does, with the esbuild that it finds.
	const path = `${join(ROOT, "node_modules/.bin")}:${process.env.PATH}`;
	const words = ["serve", "--experimental", "--control-fd=1", "--socket-addr=http=127.0.0.1:0", "wrangler.jsonc"];
	const ready = /"socket":"http","port":(\d+)/;
	const { match, output, stop } = await startServer(["env", `PATH=${path}`, workerd(), ...words], ready, { cwd: EDGE });
	return { url: `http://127.0.0.1:${match[1]}/`, output, stop };
}

/** A Worker that asks what it is told to, through the network that is shipped and through one that reaches this machine. */
export async function startProbe() {
	const folder = temporaryFolder("probe");
	const shipped = readFileSync(join(EDGE, "workerd.capnp"), "utf8");
	const network = /\(\s*allow = \["public"\],[\s\S]*?tlsOptions = \(trustBrowserCas = true\),\s*\)/.exec(shipped)?.[0];
	if (!network) throw new Error("workerd.capnp has no network of the kind that is tested");
	// The same list, but for this machine's own network.
	const inner = network.replace('["public"]', '["public", "private"]').replace('"127.0.0.0/8", ', "");
	writeFileSync(join(folder, "probe.js"), PROBE);
	const config = join(folder, "workerd.capnp");
	writeFileSync(
		config,
		`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "probe", worker = .probe), (name = "public", network = ${network}), (name = "private", network = ${inner}) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "probe") ],
);
const probe :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [ (name = "probe.js", esModule = embed "probe.js") ],
  bindings = [ (name = "public", service = "public"), (name = "private", service = "private") ],
);
`,
	);
	const { match, stop } = await startServer(
		[workerd(), "serve", "--control-fd=1", config],
		/"socket":"http","port":(\d+)/,
	);
	return { url: `http://127.0.0.1:${match[1]}/`, stop: () => stop().then(() => removeFolder(folder)) };
}

const PROBE = `export default {
	async fetch(request, env) {
		const { pathname, search } = new URL(request.url);
		try {
			return await env[pathname.slice(1)].fetch(decodeURIComponent(search.slice(1)));
		} catch {
			return new Response("not connected");
		}
	},
};
`;

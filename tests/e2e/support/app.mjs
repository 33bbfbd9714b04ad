// Off the line, under the browser tests: the built server with the built page, and the same page on a plain static server.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { listen, startServer } from "./process.mjs";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** The built site; `cargo xtask test` names it. */
export const DIST = process.env.STOWPLAN_DIST ?? join(ROOT, "dist");

const TYPES = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript",
	".css": "text/css",
	".wasm": "application/wasm",
	".json": "application/json",
	".svg": "image/svg+xml",
};

/**
 * Starts Stowplan's own server on a free port.
 * @param {{ plainHttp?: string[], allow?: string[], dist?: string, more?: string[], env?: Record<string, string> }} [options] hosts as
 *   `host:port`; `more`: further options of the server; `env`: its variables
 * @returns {Promise<{ url: string, proxy: string, output: () => string, pid: number, stop: () => Promise<void> }>} `url` ends in a slash
 */
export async function startApp({ plainHttp = [], allow = [], dist = DIST, more = [], env } = {}) {
	const hosts = [...plainHttp.flatMap((host) => ["--plain-http", host]), ...allow.flatMap((host) => ["--allow", host])];
	const program = process.env.STOWPLAN_SERVER ? [process.env.STOWPLAN_SERVER] : cargoRun();
	const command = [...program, "--dist", dist, "--port", "0", ...hosts, ...more];
	const { match, output, pid, stop } = await startServer(command, /(http:\/\/127\.0\.0\.1:\d+)/, {
		within: 120_000,
		cwd: ROOT,
		env: env && { ...process.env, ...env },
	});
	return { url: `${match[1]}/`, proxy: `${match[1]}/proxy/`, output, pid, stop };
}

const cargoRun = () => ["cargo", "run", "--quiet", "--package", "stowplan-server", "--"];

/**
 * Serves the built page from a sub-path, as any static host would: no proxy, no headers of ours.
 * @param {string} prefix such as `/a/b/`
 */
export async function startStatic(prefix, dist = DIST) {
	const server = createServer(async (request, response) => {
		const path = normalize(decodeURIComponent(new URL(request.url, "http://static.invalid").pathname));
		const file = join(dist, path.slice(prefix.length) || "index.html");
		if (!path.startsWith(prefix) || !existsSync(file)) return response.writeHead(404).end("no such file");
		response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
		return response.end(await readFile(file));
	});
	const { host, stop } = await listen(server);
	return { url: `http://${host}${prefix}`, stop };
}

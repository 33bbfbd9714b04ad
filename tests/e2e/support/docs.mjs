// Off the line, under the browser tests: somebody else's site of documentation, on an origin of its own, with the policy that the README states.

import { request as ask, createServer } from "node:http";
import { listen } from "./process.mjs";

/**
 * The policy of the README for a site that takes embed.js from `host` and asks registries through `proxy`.
 * @param {string} host an origin @param {string} [proxy] an origin
 */
export const strictPolicy = (host, proxy = "") =>
	[
		"default-src 'none'",
		`script-src ${host} 'wasm-unsafe-eval'`,
		`worker-src blob: ${host}`,
		`connect-src 'self' ${host} ${proxy}`.trim(),
		"style-src 'none'",
	].join("; ");

/**
 * @param {Record<string, string | Uint8Array>} files by path; those without a dot are HTML bodies
 * @param {{ csp?: string }} [options]
 */
export async function startDocs(files, { csp } = {}) {
	/** @type {Record<string, string | Uint8Array>} */
	const pages = { ...files };
	const server = createServer((request, response) => {
		const { pathname } = new URL(String(request.url), "http://docs.invalid");
		if (pathname === "/favicon.ico") return response.writeHead(204).end();
		const file = pages[pathname];
		if (file === undefined) return response.writeHead(404).end("no such page");
		const html = !pathname.includes(".");
		const type = html ? "text/html; charset=utf-8" : "application/json";
		const open = !html && { "access-control-allow-origin": "*" };
		response.writeHead(200, { "content-type": type, ...open, ...(csp && html && { "content-security-policy": csp }) });
		return response.end(html ? `<!doctype html><html lang="en"><title>Docs</title><body>${file}</body></html>` : file);
	});
	const { host, stop } = await listen(server);
	return { url: `http://${host}`, pages, stop };
}

/** The one line of the README. @param {{ url: string }} app */
export const line = ({ url }) => `<script type="module" src="${url}embed.js"></script>`;

/** Stands before a server and keeps what it is asked, in order. @param {{ url: string }} app */
export async function startWitness({ url }) {
	/** @type {string[]} */
	const asked = [];
	const server = createServer((request, response) => {
		asked.push(String(request.url));
		const headers = { ...request.headers, host: new URL(url).host };
		const asking = ask(new URL(String(request.url), url), { method: request.method, headers }, (answer) => {
			response.writeHead(Number(answer.statusCode), answer.headers);
			answer.pipe(response);
		});
		asking.on("error", () => response.destroy());
		request.pipe(asking);
	});
	const { host, stop } = await listen(server);
	return { url: `http://${host}/`, proxy: `http://${host}/proxy/`, asked, stop };
}

// For the browser tests: a site of documentation that is not ours, on an origin of its own, with the policy that docs/embed.md states.

import { request as ask, createServer } from "node:http";
import { withPage } from "./browser.mjs";
import { listen } from "./process.mjs";

/**
 * The policy of docs/embed.md for a site that takes embed.js from `host` and asks registries through `proxy`.
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

/** The one line of docs/embed.md. @param {{ url: string }} app */
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

/**
 * A page of documentation that shows this body with the elements, and hears their verdicts and errors (`globalThis.heard`).
 * @param {{ world: any, docs: Awaited<ReturnType<typeof startDocs>> }} around
 * @param {string} body @param {(page: import("playwright-core").Page) => Promise<void>} use @param {{ script?: () => void, [more: string]: unknown }} [options] those of
 *   `withPage`; `script`: runs first in the page
 */
export const showIn = ({ world, docs }, body, use, { script, ...options } = {}) =>
	withPage(
		world.browser,
		async (page) => {
			docs.pages["/page"] =
				`<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">${line(world.app)}${body}`;
			await page.addInitScript(() => {
				globalThis.heard = [];
				for (const name of ["stow-verdict", "stow-error"])
					addEventListener(name, (/** @type {any} */ { type, detail }) => globalThis.heard.push({ type, detail }));
			});
			if (script) await page.addInitScript(script);
			await page.goto(`${docs.url}/page`);
			await use(page);
		},
		options,
	);

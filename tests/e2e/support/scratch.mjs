// Off the line, under the browser tests: elements on a page of their own, bundled from the sources, under the page's own policy.

import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import * as esbuild from "esbuild";
import { ROOT } from "./app.mjs";
import { listen, removeFolder, temporaryFolder } from "./process.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Elements</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="page.css"><script type="module" src="scratch.js"></script></head>
<body><div id="app"><main><h1>Elements</h1><section class="sections" aria-label="Elements"><h2>Here</h2><div id="here"></div></section></main></div></body></html>`;

/** @param {string} entry a script of this folder @returns {Promise<{ url: string, stop: () => Promise<void> }>} */
export async function startScratch(entry) {
	const folder = temporaryFolder("scratch");
	const www = join(ROOT, "www");
	await esbuild.build({
		entryPoints: [
			{ in: join(ROOT, "tests/e2e/support", entry), out: "scratch" },
			{ in: join(www, "styles/page.css"), out: "page" },
			{ in: join(www, "styles/later.css"), out: "later" },
			{ in: join(www, "styles/files.css"), out: "files" },
		],
		outdir: folder,
		bundle: true,
		splitting: true,
		format: "esm",
		target: ["es2022", "chrome123"],
		logLevel: "warning",
		external: ["*.svg"],
	});
	await writeFile(join(folder, "index.html"), PAGE);
	const policy = await pagePolicy();
	const server = createServer(async (request, response) => {
		const { pathname } = new URL(request.url, "http://scratch.invalid");
		const file = join(folder, normalize(pathname === "/" ? "/index.html" : pathname));
		const body = await readFile(file).catch(() => undefined);
		response.writeHead(body ? 200 : 404, {
			"content-type": TYPES[extname(file)] ?? "text/plain",
			"content-security-policy": policy,
		});
		response.end(body);
	});
	const { host, stop } = await listen(server);
	return {
		url: `http://${host}/`,
		stop: async () => {
			await stop();
			removeFolder(folder);
		},
	};
}

/** The policy that the server sends with the page. */
async function pagePolicy() {
	const source = await readFile(join(ROOT, "server/src/site.rs"), "utf8");
	const [, text] = /PAGE_CSP: &str = "([^"]+)"/.exec(source);
	return text.replace(/\\\n\s*/g, "");
}

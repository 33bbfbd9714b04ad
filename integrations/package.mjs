/** Writes the Python packages: their sources, what they share, and the element's files from the npm package. */

import { cp, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const [npm = "", to = ""] = process.argv.slice(2);

const element = /** @type {string[]} */ (JSON.parse(await readFile(path.join(npm, "element-files.json"), "utf8")));
for (const [name, module] of [
	["mkdocs", "mkdocs_stowplan"],
	["sphinx", "sphinx_stowplan"],
]) {
	const folder = path.join(to, name);
	await rm(folder, { recursive: true, force: true });
	await cp(path.join(HERE, name), folder, { recursive: true, filter: (file) => !file.includes("__pycache__") });
	await cp(path.join(HERE, "python/shared.py"), path.join(folder, module, "shared.py"));
	const files = path.join(folder, module, "element/stowplan");
	await mkdir(files, { recursive: true });
	for (const file of element) await cp(path.join(npm, file), path.join(files, file));
}

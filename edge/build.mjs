/** Bundles the Worker: edge/ and the policy's wasm in edge/pkg/ -> dist-edge/, with the page of dist/ in dist-edge/site/. */

import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const EDGE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(EDGE);
const OUT = path.join(ROOT, "dist-edge");
const WASM = "stowplan_edge_bg.wasm";

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT);
await esbuild.build({
	absWorkingDir: ROOT,
	entryPoints: [path.join(EDGE, "worker.js")],
	outfile: path.join(OUT, "worker.js"),
	bundle: true,
	format: "esm",
	target: "es2022",
	charset: "utf8",
	legalComments: "none",
	logLevel: "warning",
	// The platform compiles the module; it lies beside the script.
	plugins: [{ name: "wasm", setup: (build) => build.onResolve({ filter: /\.wasm$/ }, beside) }],
});
await Promise.all([
	cp(path.join(EDGE, "pkg", WASM), path.join(OUT, WASM)),
	cp(path.join(EDGE, "wrangler.jsonc"), path.join(OUT, "wrangler.jsonc")),
	cp(path.join(EDGE, "workerd.capnp"), path.join(OUT, "workerd.capnp")),
	cp(path.join(ROOT, "dist"), path.join(OUT, "site"), { recursive: true, filter: (from) => !from.endsWith(".br") }),
]);
await cp(path.join(EDGE, "_headers"), path.join(OUT, "site", "_headers"));

/** @param {{ path: string }} module */
function beside(module) {
	return { path: `./${path.basename(module.path)}`, external: true };
}

// Off the line: `cargo xtask bench`. Every figure of the printed table comes from this one run, on this machine.

import { fixtures } from "../e2e/support/images.mjs";
import { startWorld } from "../e2e/support/world.mjs";
import { archive } from "./archive.mjs";
import { assets } from "./assets.mjs";
import { classify } from "./classify.mjs";
import { compare } from "./compare.mjs";
import { docs } from "./docs.mjs";
import { layers } from "./layers/layers.mjs";
import { lighthouse } from "./lighthouse.mjs";
import { machine } from "./machine.mjs";
import { largeIndex, structure } from "./page.mjs";
import { shell } from "./shell.mjs";

/** Each benchmark gives rows `{ what, result, goal }`. */
const BENCHMARKS = {
	structure,
	"large index": largeIndex,
	classify,
	assets,
	shell,
	layers,
	archive,
	compare,
	docs,
	lighthouse,
};

const filter = process.argv.includes("--filter") ? process.argv[process.argv.indexOf("--filter") + 1] : "";
await fixtures();
const world = await startWorld();
try {
	const rows = [];
	for (const [name, benchmark] of Object.entries(BENCHMARKS))
		if (name.includes(filter)) rows.push(...(await benchmark(world)));
	console.log(`\n${table(rows)}\n\n${await machine(world.browser)}`);
} finally {
	await world.stop();
}

function table(rows) {
	const lines = rows.map(({ what, result, goal = "" }) => `| ${what} | ${result} | ${goal} |`);
	return ["| what | result | goal |", "| --- | --- | --- |", ...lines].join("\n");
}

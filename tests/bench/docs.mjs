// The bench's row for `stowplan docs`: a moved digest in a site of 500 pages, without a network.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bigSite } from "../e2e/support/big-site.mjs";
import { removeFolder, temporaryFolder } from "../e2e/support/process.mjs";
import { stowplan } from "../e2e/support/program.mjs";

const RUNS = 3;

/** @param {{ ref: (name: string) => string, images: Record<string, { digest: string }> }} world */
export async function docs({ ref, images }) {
	const file = join(temporaryFolder("snapshot"), "s.json");
	await stowplan(["snapshot", ref("index"), "-o", file]);
	const [digest, other] = [images.index?.digest ?? "", images.oci?.digest ?? ""];
	const { folder } = bigSite({ snapshot: readFileSync(file, "utf8"), reference: ref("index"), digest, other });
	const times = [];
	for (let run = 0; run < RUNS; run++) {
		const started = performance.now();
		const { code } = await stowplan(["docs", "--offline", folder]);
		times.push(performance.now() - started);
		if (code !== 1) throw new Error(`stowplan docs ended with ${code}`);
	}
	removeFolder(folder);
	const result = `${Math.round(Math.min(...times))} ms`;
	return [
		{
			what: "stowplan docs, 500 pages, one moved, no network (program started anew, best of 3)",
			result,
			goal: "under 5000 ms",
		},
	];
}

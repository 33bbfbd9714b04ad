// Runs the case runners of STOWPLAN_CASES on dist/ and the server: registries, layers and pastes; printed documents run natively.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./support/app.mjs";

const CASES = process.env.STOWPLAN_CASES ?? "";
/** A runner ends by itself long before this. */
const LONGEST = 20 * 60_000;

/**
 * The exit code and the output of one runner, run from the repository's root as its README says.
 * @param {string} name
 * @returns {Promise<{ code: number, output: string }>}
 */
const run = (name) =>
	new Promise((resolve) => {
		const options = { cwd: ROOT, timeout: LONGEST, maxBuffer: 64 * 2 ** 20 };
		execFile(process.execPath, [join(CASES, name, "run.mjs")], options, (error, stdout, stderr) => {
			const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
			resolve({ code, output: `${stdout}\n${stderr}` });
		});
	});

/** The faults of a runner, or the end of its output if it names none. @param {string} output */
const faults = (output) => {
	const lines = output.split("\n").filter((line) => /^(FAULT|FAIL|FALSE)/.test(line));
	return (lines.length ? lines : output.trim().split("\n").slice(-5)).join("\n");
};

for (const name of ["registry", "layers", "paste"]) {
	const there = CASES !== "" && existsSync(join(CASES, name, "run.mjs"));
	const why = CASES === "" ? "STOWPLAN_CASES is not set" : "STOWPLAN_CASES is set, and these cases are not there";
	test(`the cases in ${name} have no fault`, { skip: !there && why }, async () => {
		const { code, output } = await run(name);
		assert.equal(code, 0, faults(output));
	});
}

// Off the line, under the end-to-end tests: the program `stowplan` of the npm package.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./app.mjs";
import { temporaryFolder } from "./process.mjs";

/** The npm package; `cargo xtask test` names it. */
export const PACKAGE = process.env.STOWPLAN_PACKAGE ?? join(ROOT, "target/npm/stowplan");
export const BIN = join(PACKAGE, "bin.js");

/** No credentials unless a test gives some. */
const home = temporaryFolder("docker-config");

/**
 * Runs the program.
 * @param {string[]} words
 * @param {{ env?: Record<string, string | undefined>, input?: string, program?: string[], cwd?: string }} [how]
 * @returns {Promise<{ code: number, out: string, err: string }>}
 */
export function stowplan(words, { env = {}, input, cwd, program = [process.execPath, BIN] } = {}) {
	return new Promise((resolve, reject) => {
		const all = { ...process.env, DOCKER_CONFIG: home, ...env };
		const child = spawn(program[0], [...program.slice(1), ...words], { env: all, cwd });
		const said = { out: "", err: "" };
		child.stdout.setEncoding("utf8").on("data", (text) => {
			said.out += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text) => {
			said.err += text;
		});
		child.on("error", reject);
		child.on("close", (code) => resolve({ code: Number(code), ...said }));
		child.stdin.end(input);
	});
}

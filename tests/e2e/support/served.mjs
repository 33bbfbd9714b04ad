// Under the browser tests: `stowplan serve` on a free port.

import { startServer } from "./process.mjs";
import { BIN } from "./program.mjs";

/**
 * @param {string[]} words options of `stowplan serve`
 * @param {{ program?: string[], cwd?: string, env?: Record<string, string> }} [how]
 */
export async function startPageServer(words, { program = [process.execPath, BIN], cwd, env } = {}) {
	const command = [...program, "serve", "--port", "0", ...words];
	const ready = /(http:\/\/127\.0\.0\.1:\d+\/)/;
	const { match, output, stop, ended, pid } = await startServer(command, ready, {
		cwd,
		env: { ...process.env, ...env },
	});
	/** Sends a signal; resolves with the exit code. @param {NodeJS.Signals} signal */
	const end = (signal) => {
		process.kill(pid, signal);
		return ended;
	};
	return { url: match[1], proxy: `${match[1]}proxy/`, output, stop, end };
}

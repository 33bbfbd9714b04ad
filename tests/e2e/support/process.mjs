// Off the line, under every test server: start a program, wait until it says it is ready, stop it by its own id.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const READY_WITHIN_MS = 90_000;
const running = new Set();
const folders = new Set();

process.on("exit", () => {
	for (const child of running) child.kill("SIGKILL");
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Runs a program to its end; resolves with what it printed, rejects with what it complained about. */
export async function run(program, args, options = {}) {
	const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 1 << 26, ...options });
	return stdout;
}

/**
 * Lets a server of ours listen on a free port of 127.0.0.1.
 * @param {import("node:http").Server} server
 * @returns {Promise<{ host: string, stop: () => Promise<unknown> }>}
 */
export async function listen(server) {
	await new Promise((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, () => resolve(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const stop = () => {
		server.closeAllConnections();
		return new Promise((resolve) => server.close(resolve));
	};
	return { host: `127.0.0.1:${port}`, stop };
}

/** A new folder that is gone when the process is. */
export function temporaryFolder(name) {
	const folder = mkdtempSync(join(tmpdir(), `stowplan-${name}-`));
	folders.add(folder);
	return folder;
}

/** Removes such a folder now. */
export function removeFolder(folder) {
	folders.delete(folder);
	rmSync(folder, { recursive: true, force: true });
}

/**
 * Starts a server that prints where it listens.
 * @param {string[]} command the program and its arguments
 * @param {RegExp} ready matched against its output; its first group comes back as `match[1]`
 * @param {{ within?: number, cwd?: string, env?: NodeJS.ProcessEnv }} [options] `within`: milliseconds
 * @returns {Promise<{ match: RegExpExecArray, output: () => string, pid: number, ended: Promise<number | null>, stop: () => Promise<void> }>} `ended`: with its exit code
 */
export function startServer(command, ready, { within = READY_WITHIN_MS, cwd, env } = {}) {
	const [program, ...args] = command;
	const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], cwd, env });
	running.add(child);
	let output = "";
	const stop = () => stopChild(child);
	const ended = new Promise((resolve) => child.once("exit", resolve));
	return new Promise((resolve, reject) => {
		const fail = (why) => stop().then(() => reject(new Error(`${program} ${why}; it said: ${output.slice(-2000)}`)));
		const timer = setTimeout(() => fail(`was not ready within ${within} ms`), within);
		child.once("error", (error) => fail(`did not start: ${error.message}`));
		child.once("exit", (code) => {
			running.delete(child);
			clearTimeout(timer);
			fail(`ended with ${code} before it was ready`);
		});
		const hear = (chunk) => {
			output += chunk;
			const match = ready.exec(output);
			if (match) {
				clearTimeout(timer);
				resolve({ match, output: () => output, pid: child.pid ?? 0, ended, stop });
			}
		};
		child.stdout.on("data", hear);
		child.stderr.on("data", hear);
	});
}

function stopChild(child) {
	if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
		running.delete(child);
		return Promise.resolve();
	}
	return new Promise((resolve) => {
		const hard = setTimeout(() => child.kill("SIGKILL"), 2000);
		child.once("exit", () => {
			clearTimeout(hard);
			running.delete(child);
			resolve(undefined);
		});
		child.kill("SIGTERM");
	});
}

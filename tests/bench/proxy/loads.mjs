// Off the line, benchmarks of the proxy: what is asked of it, and how much memory it holds meanwhile.

import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { run, temporaryFolder } from "../../e2e/support/process.mjs";

/**
 * Asks for the same small thing on that many connections; resolves with requests a second.
 * @param {{ host: string, path: string, connections: number, seconds: number, pause?: number }} load `pause`: milliseconds
 *   that each connection waits between two requests
 */
export async function small({ host, path, connections, seconds, pause }) {
	const script = pause ? ["-s", pausing(pause)] : [];
	const words = ["-t2", `-c${connections}`, `-d${seconds}s`, ...script, `http://${host}${path}`];
	const said = await run("wrk", words);
	const bad = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(said);
	if (bad) throw new Error(`not every request was answered: ${bad[0]}`);
	return Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1]);
}

function pausing(pause) {
	const file = join(temporaryFolder("bench-wrk"), "pause.lua");
	writeFileSync(file, `function delay() return ${pause} end\n`);
	return file;
}

/** Fetches one thing to nowhere; resolves with bytes a second. */
export async function large({ host, path, bytes, limit = "" }) {
	const words = ["-sf", "-o", "/dev/null", "-w", "%{size_download} %{speed_download}"];
	const said = await run("curl", [...words, ...(limit ? ["--limit-rate", limit] : []), `http://${host}${path}`]);
	const [size, speed] = said.split(" ").map(Number);
	if (size !== bytes) throw new Error(`${size} bytes came instead of ${bytes}`);
	return speed;
}

/** Resident memory of a process in bytes. */
export function resident(pid) {
	const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
	return Number(kib) * 1024;
}

const SLOW = {
	/** They have asked once and keep the connection. */
	idle: (socket, host, path) => {
		socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
		socket.resume();
	},
	/** They send a request a byte at a time. */
	heads: (socket, host, path) => {
		const text = `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nx-slow: ${"x".repeat(200)}`;
		let sent = 0;
		const timer = setInterval(() => socket.write(text[sent++ % text.length]), 500);
		socket.on("close", () => clearInterval(timer));
		socket.resume();
	},
	/** They ask for something large and read next to nothing of it. */
	readers: (socket, host, path) => {
		socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
		socket.once("readable", () => socket.read(512));
	},
};

/**
 * Holds that many slow clients, each from a loopback address of its own, for some seconds.
 * @param {{ host: string, path: string, clients: number, kind: keyof typeof SLOW, pid: number, seconds: number }} load
 * @returns {Promise<{ most: number, open: number }>} the most memory seen, and how many were still connected at the end
 */
export async function slow({ host, path, clients, kind, pid, seconds }) {
	const [address, port] = host.split(":");
	const sockets = [];
	let closed = 0;
	for (let at = 0; at < clients; at++) {
		const localAddress = `127.${1 + (at >> 14)}.${(at >> 7) & 127}.${1 + (at & 127)}`;
		const socket = connect({ host: address, port: Number(port), localAddress });
		socket.on("error", () => {}).on("close", () => closed++);
		socket.once("connect", () => SLOW[kind](socket, host, path));
		sockets.push(socket);
		if (at % 50 === 49) await pause(10);
	}
	let most = 0;
	for (let passed = 0; passed < seconds * 4; passed++) {
		await pause(250);
		most = Math.max(most, resident(pid));
	}
	const open = clients - closed;
	for (const socket of sockets) socket.destroy();
	return { most, open };
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Off the line: `cargo xtask bench --proxy`. Every figure of the printed table comes from this one run, on this machine.

import { readdirSync, statSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { DIST } from "../../e2e/support/app.mjs";
import { median } from "../statistics.mjs";
import { BLOB, GIBIBYTE, MANIFEST, startOurs, startPeer, startUpstream } from "./contenders.mjs";
import { large, pause, resident, slow, small } from "./loads.mjs";

const ROUNDS = 5;
const CONNECTIONS = 64;
const SLOW_CLIENTS = 2000;
/** Readers of the page's largest file. */
const SLOW_READERS = 4000;
const MIB = 2 ** 20;

/** @type {[Parameters<typeof slow>[0]["kind"], string, string, string[]][]} */
const KINDS = [
	["idle", "asked once and stay", MANIFEST, []],
	["heads", "send a request a byte at a time", MANIFEST, []],
	["readers", "ask for a blob and do not read it (512 requests at a time, the others are refused)", BLOB, []],
	["readers", "the same where all 2000 may ask", BLOB, ["--requests", "4096", "--requests-per-host", "4096"]],
];

const soak = process.argv.indexOf("--soak");
const started = [];
try {
	const upstream = await start(startUpstream());
	const [peer, ours] = [await start(startPeer(upstream)), await start(startOurs(upstream))];
	if (soak > 0) await soaking(ours, Number(process.argv[soak + 1]));
	else {
		const speed = [...(await manifests(peer, ours)), ...(await blobs(peer, ours))];
		print([...speed, ...(await slowClients(upstream)), await slowReaders(upstream)]);
	}
} finally {
	for (const part of started.reverse()) await part.stop();
}

async function start(starting) {
	const part = await starting;
	started.push(part);
	return part;
}

/** Both in turn, so that other load on the machine meets both. */
async function inTurn(peer, ours, measure) {
	const [theirs, own] = [[], []];
	for (let round = 0; round < ROUNDS; round++) {
		theirs.push(await measure(peer));
		own.push(await measure(ours));
	}
	return { theirs, own, ratio: median(own.map((value, round) => value / theirs[round])) };
}

async function manifests(peer, ours) {
	const load = ({ host, base }) => small({ host, path: base + MANIFEST, connections: CONNECTIONS, seconds: 5 });
	const { theirs, own, ratio } = await inTurn(peer, ours, load);
	const what = `manifests of 1.5 KB at ${CONNECTIONS} connections`;
	return [
		{ what: `${what}: nginx`, result: `${range(theirs)} a second` },
		{ what: `${what}: the server`, result: `${range(own)} a second` },
		{ what: `${what}: the server to nginx, median of the rounds`, result: ratio.toFixed(2), goal: "0.75" },
	];
}

async function blobs(peer, ours) {
	const load = async ({ host, base }) => (await large({ host, path: base + BLOB, bytes: GIBIBYTE })) / 1e6;
	const { theirs, own, ratio } = await inTurn(peer, ours, load);
	return [
		{ what: "a blob of 1 GiB: nginx", result: `${range(theirs)} MB/s` },
		{ what: "a blob of 1 GiB: the server", result: `${range(own)} MB/s` },
		{ what: "a blob of 1 GiB: the server to nginx, median of the rounds", result: ratio.toFixed(2), goal: "1.2" },
	];
}

/** Each kind of slow client before a server that has done nothing else. */
async function slowClients(upstream) {
	const rows = [];
	for (const [kind, what, path, more] of KINDS) {
		const ours = await startOurs(upstream, more);
		const load = { host: ours.host, path: ours.base + path, clients: SLOW_CLIENTS, kind, pid: ours.pid, seconds: 8 };
		const before = resident(ours.pid);
		const { most, open } = await slow(load);
		await ours.stop();
		const result = `${(most / MIB).toFixed(1)} MiB (${(before / MIB).toFixed(1)} before; ${open} open at the end)`;
		rows.push({
			what: `${SLOW_CLIENTS} clients, each with an address of its own: ${what}`,
			result,
			...(more.length === 0 && { goal: "under 64 MiB" }),
		});
	}
	return rows;
}

/** A file of the page for clients that do not read it, and the memory when they have gone. */
async function slowReaders(upstream) {
	const ours = await startOurs(upstream);
	const [{ file, size }] = largest(DIST);
	const load = { host: ours.host, path: `/${file}`, clients: SLOW_READERS, kind: /** @type {const} */ ("readers") };
	const { most } = await slow({ ...load, pid: ours.pid, seconds: 8 });
	await pause(5000);
	const after = resident(ours.pid);
	await ours.stop();
	return {
		what: `${SLOW_READERS} clients ask for a file of the page (${(size / 1e6).toFixed(1)} MB) and do not read it`,
		result: `${(most / MIB).toFixed(1)} MiB (${(after / MIB).toFixed(1)} after they left)`,
		goal: "under 150 MiB",
	};
}

/** The files of a folder, the largest first. */
function largest(folder) {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
	const sized = files.map((file) => ({ file, size: statSync(join(folder, file)).size }));
	return sized.filter(({ file }) => file.endsWith(".wasm")).sort((one, other) => other.size - one.size);
}

/** Half of what it can do, small requests and one large one after the other, and its memory every half minute. */
async function soaking(ours, minutes) {
	const path = ours.base + MANIFEST;
	const most = await small({ host: ours.host, path, connections: CONNECTIONS, seconds: 5 });
	// Each connection answers within some 2 ms at half load, and then waits for the rest of its time.
	const wait = Math.max(1, Math.round((CONNECTIONS / (most / 2)) * 1000 - 2));
	const seconds = minutes * 60;
	const end = performance.now() + seconds * 1000;
	console.log(`half load: ${Math.round(most / 2)} of ${Math.round(most)} requests a second, and a blob at 50 MB/s`);
	const small_ = small({ host: ours.host, path, connections: CONNECTIONS, seconds, pause: wait });
	const blobs_ = (async () => {
		let count = 0;
		for (; performance.now() < end; count++)
			await large({ host: ours.host, path: ours.base + BLOB, bytes: GIBIBYTE, limit: "50M" });
		return count;
	})();
	for (let passed = 0; performance.now() < end; passed += 30) {
		console.log(`${String(passed).padStart(5)} s  ${(resident(ours.pid) / MIB).toFixed(1)} MiB resident`);
		await pause(Math.min(30_000, Math.max(0, end - performance.now())));
	}
	const [rate, count] = await Promise.all([small_, blobs_]);
	console.log(`${Math.round(rate)} requests a second on average, ${count} blobs of 1 GiB`);
	await pause(2000);
	console.log(`after it: ${(resident(ours.pid) / MIB).toFixed(1)} MiB resident`);
}

function range(values) {
	return `${Math.round(median(values))} (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))}, ${values.length} runs)`;
}

function print(rows) {
	const lines = rows.map(({ what, result, goal = "" }) => `| ${what} | ${result} | ${goal} |`);
	const memory = Math.round(totalmem() / 2 ** 30);
	console.log(["", "| what | result | goal |", "| --- | --- | --- |", ...lines].join("\n"));
	console.log(
		`\n${cpus()[0].model.trim()}, ${cpus().length} cores, ${memory} GiB; wrk, curl, nginx of Debian on loopback`,
	);
}

// Off the line, benchmarks of the proxy: one upstream (nginx with files), and in front of it the server or nginx itself.

import { truncateSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startApp } from "../../e2e/support/app.mjs";
import { freePort } from "../../e2e/support/fronts.mjs";
import { removeFolder, startServer, temporaryFolder } from "../../e2e/support/process.mjs";

export const GIBIBYTE = 2 ** 30;
/** The length of a manifest of some five layers. */
const MANIFEST_BYTES = 1500;

export const MANIFEST = "/v2/bench/app/manifests/v1";
export const BLOB = "/v2/bench/app/blobs/large";

/** A registry that costs as little as can be: nginx, which sends files out of the system's memory. */
export async function startUpstream() {
	const folder = temporaryFolder("bench-upstream");
	await mkdir(join(folder, "v2/bench/app/manifests"), { recursive: true });
	await mkdir(join(folder, "v2/bench/app/blobs"), { recursive: true });
	writeFileSync(join(folder, MANIFEST), "{}".padEnd(MANIFEST_BYTES));
	writeFileSync(join(folder, BLOB), "");
	truncateSync(join(folder, BLOB), GIBIBYTE);
	return startNginx(
		folder,
		(port) => `server { listen 127.0.0.1:${port}; root ${folder}; keepalive_requests 1000000; }`,
	);
}

/** nginx as people put it in front of something: kept connections, no files of its own. */
export function startPeer(upstream) {
	const folder = temporaryFolder("bench-peer");
	const forward = `proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_max_temp_file_size 0;`;
	return startNginx(
		folder,
		(port) => `upstream up { server ${upstream.host}; keepalive 64; keepalive_requests 1000000; }
server { listen 127.0.0.1:${port}; keepalive_requests 1000000; location / { ${forward} } }`,
	);
}

/** The server, with limits that a loader from one address does not meet. */
export async function startOurs(upstream, more = []) {
	const limits = ["--requests-per-client", "512", "--requests-per-minute", "0", "--log", "error"];
	const app = await startApp({ plainHttp: [upstream.host], more: [...limits, ...more] });
	const { host } = new URL(app.url);
	return { host, base: `/proxy/${upstream.host}`, pid: app.pid, stop: app.stop };
}

async function startNginx(folder, servers) {
	const port = await freePort();
	const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
		(path) => `${path}_temp_path ${join(folder, path)};`,
	);
	const user = process.getuid?.() === 0 ? "user root;" : "";
	const http = `access_log off; sendfile on; tcp_nopush on; ${paths.join(" ")}\n${servers(port)}`;
	const file = join(folder, "nginx.conf");
	writeFileSync(
		file,
		`${user} worker_processes auto; worker_rlimit_nofile 16384; pid ${join(folder, "pid")}; error_log stderr notice;
events { worker_connections 8192; }\nhttp { ${http} }\n`,
	);
	const command = ["nginx", "-e", "stderr", "-c", file, "-g", "daemon off;"];
	const server = await startServer(command, /(start worker process) /);
	const stop = async () => {
		await server.stop();
		removeFolder(folder);
	};
	return { host: `127.0.0.1:${port}`, base: "", pid: server.pid, stop };
}

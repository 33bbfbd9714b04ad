// Off the line, under the deployment tests: nginx and Caddy from Debian, with the configurations that deploy/ gives to people.

import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { ROOT } from "./app.mjs";
import { removeFolder, run, startServer, temporaryFolder } from "./process.mjs";

/** The name that the configurations have; every program of the test finds it on this machine. */
export const NAME = "stowplan.example";

/**
 * nginx with deploy/nginx.conf in front of a server on `backend`.
 * @param {string} backend `host:port`
 */
export function startNginx(backend, port) {
	return start("nginx", port, (folder, certificate) => {
		const plain = (text) => text.replaceAll("listen 80;", "listen unix:plain.sock;");
		const given = plain(readFileSync(join(ROOT, "deploy/nginx.conf"), "utf8"))
			.replaceAll("unix:plain.sock", `unix:${join(folder, "plain.sock")}`)
			.replaceAll("listen 443 ", `listen 127.0.0.1:${port} `)
			.replaceAll("/etc/ssl/certs/stowplan.pem", certificate.file)
			.replaceAll("/etc/ssl/private/stowplan.key", certificate.key)
			.replaceAll("127.0.0.1:8080", backend);
		const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
		const temporary = paths.map((path) => `${path}_temp_path ${join(folder, path)};`).join("\n");
		const user = process.getuid?.() === 0 ? "user root;" : "";
		const file = join(folder, "nginx.conf");
		writeFileSync(
			file,
			`${user}\npid ${join(folder, "nginx.pid")};\nerror_log stderr notice;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${given}\n}\n`,
		);
		return { command: ["nginx", "-e", "stderr", "-c", file, "-g", "daemon off;"], ready: /(start worker process) / };
	});
}

/**
 * Caddy with deploy/Caddyfile, but with the test's own certificate.
 * @param {string} backend `host:port`
 */
export function startCaddy(backend, port) {
	return start("caddy", port, (folder, certificate) => {
		const options = `{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system ${folder}\n}\n`;
		const given = readFileSync(join(ROOT, "deploy/Caddyfile"), "utf8")
			.replaceAll(
				`${NAME} {`,
				`https://${NAME}:${port} {\n\tbind 127.0.0.1\n\ttls ${certificate.file} ${certificate.key}`,
			)
			.replaceAll("127.0.0.1:8080", backend);
		const file = join(folder, "Caddyfile");
		writeFileSync(file, options + given);
		const command = ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
		return { command, ready: /(serving initial configuration)/ };
	});
}

async function start(program, port, prepare) {
	const folder = temporaryFolder(program);
	const certificate = await makeCertificate(folder);
	const { command, ready } = prepare(folder, certificate);
	const server = await startServer(command, ready, { env: { ...process.env, HOME: folder } });
	return {
		url: `https://${NAME}:${port}/`,
		ask: (path, options) => ask(port, certificate.file, path, options),
		stop: async () => {
			await server.stop();
			removeFolder(folder);
		},
	};
}

/** A port that was free a moment ago: the server behind has to know its front's address before that one starts. */
export async function freePort() {
	const server = createServer();
	await new Promise((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, () => resolve(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function makeCertificate(folder) {
	const [key, file] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
	const names = ["-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME}`, "-days", "2", "-nodes"];
	await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...names, "-keyout", key, "-out", file]);
	return { key, file };
}

/**
 * One request with TLS that trusts the test's certificate only.
 * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, body: Buffer }>}
 */
function ask(port, certificate, path, { headers = {}, method = "GET" } = {}) {
	const options = {
		host: "127.0.0.1",
		port,
		path,
		method,
		servername: NAME,
		ca: readFileSync(certificate),
		headers: { host: `${NAME}:${port}`, ...headers },
	};
	return new Promise((resolve, reject) => {
		const asking = request(options, (answer) => {
			const pieces = [];
			answer.on("data", (piece) => pieces.push(piece));
			answer.on("error", reject);
			answer.on("end", () =>
				resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }),
			);
		});
		asking.on("error", reject).end();
	});
}

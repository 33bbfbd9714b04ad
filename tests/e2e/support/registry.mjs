// Off the line, under the end-to-end tests: a real docker-registry on loopback, anonymous, with basic or with token auth.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, run, startServer, temporaryFolder } from "./process.mjs";
import { startTokenServer } from "./token-server.mjs";

/** The one user that the basic and the token variants know. */
export const USER = { username: "captain", password: "h4rbour pilot:é" };

/**
 * Starts a registry on a free port of 127.0.0.1.
 * @param {{ auth?: 'anonymous'|'basic'|'token', storage?: string }} [options] `storage` is a folder with content from
 *   an earlier run; without it an empty one is made, and removed by `stop`
 * @returns {Promise<{ host: string, url: string, authHost?: string, stop: () => Promise<void> }>}
 */
export async function startRegistry({ auth = "anonymous", storage } = {}) {
	const folder = temporaryFolder("registry");
	const access = await ACCESS[auth](folder);
	const file = join(folder, "config.yml");
	writeFileSync(file, JSON.stringify({ ...config(storage ?? join(folder, "storage")), ...access.config }, null, 1));
	const server = await startServer(["docker-registry", "serve", file], /listening on (127\.0\.0\.1:\d+)/);
	const host = server.match[1];
	return {
		host,
		url: `http://${host}`,
		authHost: access.host,
		async stop() {
			await server.stop();
			await access.stop?.();
			removeFolder(folder);
		},
	};
}

/** The `Authorization` header of {@link USER}. */
export function basicHeader({ username, password } = USER) {
	return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** JSON is YAML, so the configuration needs no writer of its own; port 0 leaves the choice to the system. */
function config(rootdirectory) {
	return {
		version: 0.1,
		log: { level: "info", accesslog: { disabled: true } },
		storage: {
			filesystem: { rootdirectory },
			delete: { enabled: true },
			maintenance: { uploadpurging: { enabled: false } },
		},
		http: { addr: "127.0.0.1:0" },
		compatibility: { schema1: { enabled: true } },
		validation: { disabled: true },
	};
}

const ACCESS = {
	async anonymous() {
		return { config: {} };
	},
	async basic(folder) {
		const path = join(folder, "htpasswd");
		writeFileSync(path, await run("htpasswd", ["-Bbn", USER.username, USER.password]));
		return { config: { auth: { htpasswd: { realm: "stowplan test", path } } } };
	},
	async token(folder) {
		const tokens = await startTokenServer(folder, USER);
		const { realm, service, issuer, rootcertbundle, host, stop } = tokens;
		return { config: { auth: { token: { realm, service, issuer, rootcertbundle } } }, host, stop };
	},
};

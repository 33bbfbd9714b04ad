// Access to registries: directly, with the caller's credentials, without TLS only if an option says so.

import * as api from "../www/api.js";
import { dockerCredentials } from "./docker-config.js";
import { fault } from "./fault.js";

/**
 * @typedef {{ username?: string, password?: string, dockerConfig?: boolean, plainHttp?: string[] }} AccessOptions
 */

/**
 * @param {string} reference the credentials for its registry
 * @param {AccessOptions} options
 * @returns {Promise<{ credentials: import("../www/types.js").Credential[] }>}
 */
export async function accessTo(reference, { username, password, dockerConfig, plainHttp = [] }) {
	withoutTls(plainHttp);
	const { registry } = await api.readReference(reference);
	if (!registry) return { credentials: [] };
	if (username !== undefined || password !== undefined) {
		if (!username || !password) throw fault("usage", "--username and --password go together");
		return { credentials: [{ registry, username, password }] };
	}
	return { credentials: dockerConfig === false ? [] : await dockerCredentials(registry) };
}

/** The hosts that are spoken to without TLS. @type {Set<string>} */
const plain = new Set();
const secure = globalThis.fetch;

/**
 * The core asks every registry but those on this machine over https. Requests to these hosts go out as http; the
 * answer's address says so, and the core then sends a password to that host alone.
 * @param {string[]} hosts
 */
function withoutTls(hosts) {
	for (const host of hosts) plain.add(host);
	if (plain.size > 0) globalThis.fetch = plainly;
}

/** @type {typeof fetch} */
const plainly = (input, init) => {
	const url = new URL(input instanceof Request ? input.url : input);
	if (url.protocol !== "https:" || !plain.has(url.host)) return secure(input, init);
	url.protocol = "http:";
	return secure(input instanceof Request ? new Request(url, input) : url, init);
};

// How a blob of a report is to be fetched: the session is asked, which knows the registry's token.

import { ask, listener } from "./session.js";

/** @param {import("../types.js").Report} report @param {{ proxy?: string, credentials?: import("../types.js").Credential[], onRequest?: (event: any) => void }} options */
export function asker({ source }, { proxy, credentials, onRequest }) {
	const tell = (/** @type {any} */ event) => event.type === "request" && onRequest?.(event);
	return (/** @type {string} */ digest, /** @type {any} */ refusal) =>
		ask(
			/** @returns {Promise<any>} */ (remote) =>
				remote.blobRequest(source.reference ?? "", digest, { proxy, credentials }, refusal, listener(remote, tell)),
		);
}

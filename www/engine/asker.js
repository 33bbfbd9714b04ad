// Asks the session how a blob of a report is to be fetched: it knows the registry's token.

import { ask, listener } from "./session.js";

/** @param {import("../types.js").Report} report @param {{ proxy?: string, credentials?: import("../types.js").Credential[], onRequest?: (event: any) => void }} options */
export function asker({ source }, { proxy, credentials, onRequest }) {
	const { reference } = source;
	// No registry has what came as a file or a text.
	if (!reference) return async () => ({ error: { code: "not-found", message: "its bytes are not at hand" } });
	const tell = (/** @type {any} */ event) => event.type === "request" && onRequest?.(event);
	return (/** @type {string} */ digest, /** @type {any} */ refusal) =>
		ask(
			/** @returns {Promise<any>} */ (remote) =>
				remote.blobRequest(reference, digest, { proxy, credentials }, refusal, listener(remote, tell)),
		);
}

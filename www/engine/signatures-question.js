// Off the line, beside the session: asks the worker to verify signatures; what is given crosses as text.

import { answered } from "./session.js";

/**
 * @typedef {{ issuer?: string, san?: string, exact?: boolean, repository?: string }} Identity who should have signed: an
 *   identity and who vouches for it (`exact: false` takes `san` for its start), or any workflow that builds a GitHub repository
 * @typedef {{ noLog?: boolean, noCertificateLog?: boolean }} Allow evidence that may be absent
 * @typedef {string | object | (string | object)[]} TrustedRoot the text or the content of trusted_root.json, or several;
 *   `"+shipped"` among them adds the one that ships
 */

/**
 * @typedef {object} BundleOptions
 * @property {Uint8Array | ArrayBuffer} [artifact] what was signed, or
 * @property {string} [digest] its digest, `sha256:…`
 * @property {string} [key] the public key (PEM) that should have signed, or
 * @property {string} [identity] the identity that should have, and
 * @property {string} [issuer] who vouches for it
 * @property {Identity[]} [identities] several of these
 * @property {string[]} [keys] several keys
 * @property {TrustedRoot} [trustedRoot] replaces the one that ships
 * @property {Allow} [allow]
 * @property {Date | number} [at] the reader's time, if it is not now
 */

/**
 * @typedef {Omit<BundleOptions, "artifact" | "trustedRoot" | "at"> & { artifact?: Uint8Array, trustedRoot?: string[], at?: number }} Asked
 */

/** @param {string | object} json @returns {string} */
const asText = (json) => (typeof json === "string" ? json : JSON.stringify(json));

/**
 * @param {BundleOptions} options
 * @returns {Asked}
 */
export function question({ artifact, trustedRoot, at, ...rest }) {
	const roots = trustedRoot === undefined ? undefined : [trustedRoot].flat().map(asText);
	return {
		...rest,
		...(rest.keys && { keys: rest.keys.map(asText) }),
		...(rest.key && { key: asText(rest.key) }),
		...(artifact && { artifact: artifact instanceof Uint8Array ? artifact : new Uint8Array(artifact) }),
		...(roots && { trustedRoot: roots }),
		...(at !== undefined && { at: Number(at) }),
	};
}

/**
 * Verifies a signature bundle of Sigstore: what was signed, by whom, when, and who vouches for it. Rejects with one of the
 * codes `bundle-invalid`, `trust-root-invalid`, `key-invalid`, `invalid-digest`, `unsupported-input`, `limit-exceeded`.
 * @param {string | object} bundle its JSON as text, or parsed
 * @param {BundleOptions} options what it should be about, and who should have signed
 * @returns {Promise<import("../types.js").BundleProof>} the verdict is `"verified"` for a full pass only
 */
export async function verifyBundle(bundle, options) {
	const asked = question(options);
	return answered((remote) => remote.verifyBundle(asText(bundle), asked));
}

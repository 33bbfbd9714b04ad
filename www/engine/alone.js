// paste / drop -> Report. Reads an input that is no image but a document about one: a bundle, an envelope, a list of
// packages, a certificate. Its reader is loaded then, and what it says is put beside the report.

import { placesOf, withPlaces } from "./archives/places.js";
import { STATEMENT_BYTES } from "./limits.js";
import { ask } from "./session.js";

/** The kinds of pasted JSON that are documents about images. */
const STATEMENTS = new Set([
	"sigstore-bundle",
	"trusted-root",
	"dsse-envelope",
	"in-toto-statement",
	"in-toto-layout",
	"spdx-sbom",
	"cyclonedx-sbom",
	"openvex",
]);

/**
 * @param {import("../types.js").Report} report
 * @param {string | Uint8Array | ArrayBuffer | Blob | undefined} input the only one
 * @returns {Promise<import("../types.js").Report>} with `statement`, `certificate` or neither
 */
export async function readAlone(report, input) {
	const text = await textOf(input);
	if (text === undefined) return report;
	if (text.includes("-----BEGIN CERTIFICATE-----") && !text.trimStart().startsWith("{")) {
		const outcome = await ask(/** @returns {Promise<any>} */ (remote) => remote.readCertificate(text));
		const read = "error" in outcome ? undefined : outcome.value;
		return read ? withPlaces({ ...report, certificate: read }, placesOf(report)) : report;
	}
	const isStatement =
		report.pasted?.some(({ kind }) => STATEMENTS.has(kind)) || text.trimStart().startsWith("SPDXVersion:");
	if (!isStatement) return report;
	const { readDocument } = await import("./statements.js");
	const statement = await readDocument(new TextEncoder().encode(text)).catch(() => undefined);
	return statement ? withPlaces({ ...report, statement }, placesOf(report)) : report;
}

/** @param {string | Uint8Array | ArrayBuffer | Blob | undefined} input */
async function textOf(input) {
	if (input === undefined) return undefined;
	if (typeof input === "string") return input;
	if (input instanceof Blob) return input.size <= STATEMENT_BYTES ? input.text() : undefined;
	return input.byteLength <= STATEMENT_BYTES ? new TextDecoder().decode(input) : undefined;
}

// Report -> Report. Adds the signers of an image, from the signatures that its registry has beside it.

import { readFile } from "node:fs/promises";
import * as api from "../../www/api.js";

/** @typedef {{ keys?: string[], identities?: { san?: string, issuer?: string, repository?: string }[], trustedRoot?: string }} Signers */

/**
 * A registry has more places for signatures than the image's own documents name.
 * @param {import("../../www/types.js").Report} report
 * @param {Signers} wanted one of them must have signed
 * @param {object} [access] options of `inspect`, if the report is of a registry
 */
export async function judgeSigners(report, wanted, access) {
	// An embed that names a signer is checked for it, also if the registry counts pulls.
	const whole = report.source.kind === "registry" ? await api.referrers(report, { ...access, all: true }) : report;
	return api.verifySignatures(whole, { ...wanted, require: 1 });
}

/**
 * The required signers, by the attributes of an embed: an identity with its issuer, a repository of GitHub, or a key.
 * @param {import("./fence.js").Attributes} attributes
 * @param {(key: string) => string | undefined} placeOf the path of a key's file; nothing for an address on another host
 * @returns {Promise<(Signers & { name: string }) | import("./fence.js").Problem | undefined>} nothing if they do not say
 */
export async function signersOf({ identity, issuer, repository, key }, placeOf) {
	if (!identity && !repository && !key) return undefined;
	if (identity && !issuer && !repository)
		return { code: "issuer-missing", message: "identity= needs issuer=: who vouches for that identity" };
	const name = repository || identity || key || "";
	const identities = repository || identity ? [{ repository, san: identity, issuer }] : undefined;
	if (!key) return { name, identities };
	const place = placeOf(key);
	if (!place) return { code: "identity-not-checked", message: `${key} is not a file of this site` };
	const pem = await readFile(place, "utf8").catch(() => undefined);
	if (pem === undefined) return { code: "key-missing", message: `there is no key at ${place}` };
	return { name, identities, keys: [pem] };
}

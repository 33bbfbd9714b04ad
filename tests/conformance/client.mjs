// A client of the sigstore-conformance suite over `verifyBundle`: exit status 0 for a full pass only.
// verify-bundle [--staging] --bundle F (--certificate-identity S --certificate-oidc-issuer U | --key F) [--trusted-root F] FILE_OR_DIGEST

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const ROOT = path.join(import.meta.dirname, "../..");
const DIST = process.env.STOWPLAN_DIST ?? path.join(ROOT, "dist");
const STAGING = "sigstore_root-signing-staging/targets/trusted_root.json";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		staging: { type: "boolean" },
		bundle: { type: "string" },
		"certificate-identity": { type: "string" },
		"certificate-oidc-issuer": { type: "string" },
		key: { type: "string" },
		"trusted-root": { type: "string" },
	},
});
const [command, subject] = positionals;
if (command !== "verify-bundle" || !values.bundle || !subject)
	throw new Error("verify-bundle --bundle F … FILE_OR_DIGEST");

const text = (/** @type {string | undefined} */ file) => (file ? readFileSync(file, "utf8") : undefined);
const { verifyBundle } = await import(pathToFileURL(path.join(DIST, "www/api.js")).href);
const proof = await verifyBundle(text(values.bundle), {
	...(/^sha256:[0-9a-f]{64}$/.test(subject) && !existsSync(subject)
		? { digest: subject }
		: { artifact: readFileSync(subject) }),
	key: text(values.key),
	identity: values["certificate-identity"],
	issuer: values["certificate-oidc-issuer"],
	trustedRoot: text(values["trusted-root"] ?? (values.staging ? staging() : undefined)),
});
for (const { id, outcome, reason, message } of proof.checks) console.error(`${outcome} ${id}: ${message} (${reason})`);
process.exitCode = proof.verdict === "verified" ? 0 : 1;

/** The staging root is no part of this program: it lies with the vectors. */
function staging() {
	const near = ["../shared/trust-vectors", "../../shared/trust-vectors"].map((folder) => path.join(ROOT, folder));
	const found = [process.env.STOWPLAN_TRUST_VECTORS ?? "", ...near]
		.map((folder) => path.join(folder, STAGING))
		.find(existsSync);
	if (!found) throw new Error("no staging root: give one with --trusted-root, or set STOWPLAN_TRUST_VECTORS");
	return found;
}

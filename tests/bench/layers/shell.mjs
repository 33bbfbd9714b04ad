// Off the line, under the benchmarks of layers: the same job from the command line.

import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../e2e/support/app.mjs";

const execute = promisify(execFile);

/** The hashes go to stderr: a caller that waits for its end waits for both. */
const PIPE = 'set -o pipefail; curl -sf "$1" | tee >(sha256sum >&2) | $2 -dc | tee >(sha256sum >&2) | tar -t | wc -l';

/** `curl | tee >(sha256sum) | gzip -dc | tee >(sha256sum) | tar -t` */
export async function pipeline(url, { digest, diffId, entries }, program) {
	const { stdout, stderr } = await execute("bash", ["-c", PIPE, "bash", url, program]);
	const found = [stdout.trim(), ...stderr.matchAll(/[0-9a-f]{64}/g)].map(String);
	for (const wanted of [String(entries), digest.slice(7), diffId.slice(7)])
		if (!found.includes(wanted)) throw new Error(`the shell found ${found}, not ${wanted}`);
}

/** Fetches and hashes the blobs; it neither unpacks nor lists them. */
export async function skopeo(host, path, folder) {
	const to = join(folder, "skopeo");
	await execute("skopeo", ["copy", "-q", "--src-tls-verify=false", `docker://${host}/${path}`, `dir:${to}`]);
	rmSync(to, { recursive: true });
}

/** The built `examples/layer.rs`, if there is one. */
export const NATIVE = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "release/examples/layer");
export const hasNative = () => existsSync(NATIVE);

/** Reads the blob from its standard input and prints both digests. */
export async function native(url, { digest, diffId }) {
	const { stdout } = await execute("bash", ["-c", 'set -o pipefail; curl -sf "$1" | "$2"', "bash", url, NATIVE]);
	for (const wanted of [digest, diffId]) if (!stdout.includes(wanted)) throw new Error(`not ${wanted}: ${stdout}`);
}

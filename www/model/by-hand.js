// Line: Report -> www. The commands that check the same without this page; every value is quoted for the shell.

import { isLoopback } from "../lib/loopback.js";
import { referenceParts } from "./model.js";

export { isLoopback };

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("./model.js").Model} Model
 * @typedef {{ tool: string, lines: string[], note?: string, expect?: string }} Recipe `tool` is a key of the strings' `hand.*`;
 *   `expect`: the hex digits that its last line prints
 */

/** The `Accept` of a request for a manifest; without it a registry may convert, and the digest is another. */
const ACCEPT = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const MANIFESTS = new Set(["index", "manifest", "artifact", "attestation", "schema1", "signature"]);
const DOCKER_HUB = "docker.io";

/**
 * The commands for one node, best known tool first.
 * @param {Node} node
 * @param {Model} model
 * @returns {Recipe[]}
 */
export function recipes(node, model) {
	return commands(node, model).map((recipe) => {
		const expect = recipe.tool === "layer" ? node.diffId : node.digest;
		return { ...recipe, expect: expect?.slice(expect.indexOf(":") + 1) };
	});
}

/** @param {Node} node @param {Model} model @returns {Recipe[]} */
function commands(node, model) {
	if (!node.digest || !sumOf(node.digest)) return [];
	const parts = referenceParts(model.report.source.reference);
	const sum = sumOf(node.digest);
	if (!parts) return file(node, node.digest, sum);
	const pinned = `${parts.name}@${node.digest}`;
	return MANIFESTS.has(node.kind) ? manifest(pinned, node.digest, parts) : blob(node, pinned, parts, model);
}

/** For a pasted or dropped document: its bytes are downloaded from the page first. @param {Node} node @param {string} digest @param {string} sum @returns {Recipe[]} */
function file(node, digest, sum) {
	const name = quote(fileName(digest));
	/** @type {Recipe[]} */
	const found = [{ tool: "file", lines: [`${sum} ${name}`], note: "file.note" }];
	const unpack = unpackerOf(node);
	if (unpack && node.diffId && sumOf(node.diffId))
		found.push({ tool: "layer", lines: [`${unpack} ${name} | ${sumOf(node.diffId)}`] });
	return found;
}

/** @param {Node} node */
const unpackerOf = (node) =>
	node.kind === "layer"
		? { gzip: "gzip -dc", zstd: "zstd -dc", xz: "xz -dc", none: "cat" }[node.compression ?? "none"]
		: undefined;

/** The command that makes a ChainID from the one below and a DiffID. @param {string} below @param {string} diffId */
export const chainCommand = (below, diffId) => `printf %s ${quote(`${below} ${diffId}`)} | ${sumOf(below)}`;

/** @typedef {{ name: string, registry: string, repository: string }} Parts */

/** @param {string} pinned @param {string} digest @param {Parts} parts @returns {Recipe[]} */
function manifest(pinned, digest, parts) {
	const sum = sumOf(digest);
	const insecure = isLoopback(parts.registry);
	return [
		curl(parts, `manifests/${digest}`, [`-H ${quote(`Accept: ${ACCEPT}`)}`], sum),
		{ tool: "docker", lines: [`docker buildx imagetools inspect --raw ${quote(pinned)} | ${sum}`] },
		{
			tool: "skopeo",
			lines: [`skopeo inspect --raw ${insecure ? "--tls-verify=false " : ""}${quote(`docker://${pinned}`)} | ${sum}`],
		},
		{ tool: "crane", lines: [`crane manifest ${insecure ? "--insecure " : ""}${quote(pinned)} | ${sum}`] },
	];
}

/** @param {Node} node @param {string} pinned @param {Parts} parts @param {Model} model @returns {Recipe[]} */
function blob(node, pinned, parts, model) {
	const digest = node.digest ?? "";
	const sum = sumOf(digest);
	const insecure = isLoopback(parts.registry) ? "--insecure " : "";
	const found = [curl(parts, `blobs/${digest}`, ["-L"], sum)];
	const above = model.node(node.parent)?.digest;
	if (node.kind === "config" && above) {
		const of = quote(`${parts.name}@${above}`);
		found.push({ tool: "crane", lines: [`crane config ${insecure}${of} | ${sum}`] });
		found.push({
			tool: "skopeo",
			lines: [
				`skopeo inspect --config --raw ${insecure ? "--tls-verify=false " : ""}${quote(`docker://${parts.name}@${above}`)} | ${sum}`,
			],
		});
		return found;
	}
	found.push({ tool: "crane", lines: [`crane blob ${insecure}${quote(pinned)} | ${sum}`] });
	const unpack = unpackerOf(node);
	if (unpack && node.diffId && sumOf(node.diffId))
		found.push({
			tool: "layer",
			lines: [`crane blob ${insecure}${quote(pinned)} | ${unpack} | ${sumOf(node.diffId)}`],
		});
	return found;
}

/** @param {Parts} parts @param {string} path @param {string[]} options @param {string} sum @returns {Recipe} */
function curl({ registry, repository }, path, options, sum) {
	const hub = registry === DOCKER_HUB;
	const host = hub ? "registry-1.docker.io" : registry;
	const url = quote(`${isLoopback(registry) ? "http" : "https"}://${host}/v2/${repository}/${path}`);
	if (!hub) return { tool: "curl", lines: [["curl -fsS", ...options, url, "|", sum].join(" ")] };
	const token = quote(`https://auth.docker.io/token?service=registry.docker.io&scope=repository:${repository}:pull`);
	return {
		tool: "curl.token",
		lines: [
			`TOKEN=$(curl -fsS ${token} | jq -r .token)`,
			['curl -fsS -H "Authorization: Bearer $TOKEN"', ...options, url, "|", sum].join(" "),
		],
	};
}

/** The command for the digest's own algorithm. */
const SUMS = { sha256: "sha256sum", sha384: "sha384sum", sha512: "sha512sum" };

/** @param {string} digest @returns {string} nothing for an algorithm that no common command computes */
const sumOf = (digest) => SUMS[/** @type {keyof typeof SUMS} */ (digest.slice(0, digest.indexOf(":")))] ?? "";

/** The name under which the bytes of a node are saved. @param {string} digest */
export const fileName = (digest) => `${digest.replace(/[^a-z0-9]+/gi, "-").slice(0, 140)}.bin`;

/**
 * A word for a POSIX shell. Control characters (a newline among them) are dropped: pasted into a terminal they could run.
 * @param {string} text
 */
export function quote(text) {
	const safe = text.replace(/\p{Cc}/gu, "");
	return /^[A-Za-z0-9_@%+=:,./-]+$/.test(safe) && !safe.startsWith("-") ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

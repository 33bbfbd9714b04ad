// The Worker's memory: public content by digest, kept in the Cache API after its bytes were hashed.
//
// Small documents only (manifests, configs): they are hashed before they are stored, so they have to fit in memory. A layer
// would have to be stored while it streams, before it is known to be right, and registries serve layers from edges of
// their own. Tags are never kept, nor what was asked for with Authorization: the policy names what may be (`content`).

/** The page reads no larger document. */
const MOST = 4 * 1024 * 1024;
/** Content never changes under its digest; a year is what caches take for ever. */
const FOR_EVER = "public, max-age=31536000, immutable";
/** The headers of the answer that are kept with its bytes. */
const KEPT = ["content-type", "docker-content-digest", "docker-distribution-api-version"];

/**
 * The kept answer for this content; nothing if the platform has no cache.
 * @param {string} content its sha256 and its address
 * @returns {Promise<Response | undefined>}
 */
export async function find(content) {
	try {
		return await (await open()).match(key(content));
	} catch {
		return undefined;
	}
}

const REALMS = "https://realm.stowplan.invalid/";
/** As long as the policy remembers a realm (`policy/src/realms.rs`). */
const REALM_SECONDS = 600;

/** Tells other isolates which realms a challenge named. @param {string[]} realms */
export async function tellRealms(realms) {
	try {
		const memory = await open();
		const headers = { "cache-control": `max-age=${REALM_SECONDS}` };
		for (const realm of realms)
			await memory.put(REALMS + encodeURIComponent(realm), new Response("named", { headers }));
	} catch {
		// Without a cache only this isolate knows them.
	}
}

/** True if a challenge told another isolate of that realm. @param {string} realm */
export async function hasRealm(realm) {
	try {
		return Boolean(await (await open()).match(REALMS + encodeURIComponent(realm)));
	} catch {
		return false;
	}
}

/** True if the response says that it is small enough to be read at once. @param {Response} response */
export const isSmall = ({ headers }) => Number(headers.get("content-length") ?? Number.NaN) <= MOST;

/**
 * Reads a small answer, and keeps it, if it is what its address says.
 * @param {string} content
 * @param {Response} response
 * @param {{ waitUntil(work: Promise<unknown>): void }} context
 * @returns {Promise<BodyInit>} its body
 */
export async function keep(content, response, context) {
	const bytes = await response.arrayBuffer();
	if ((await sha256(bytes)) === content.split(" ")[0]) context.waitUntil(store(content, bytes, response.headers));
	return bytes;
}

/** @param {string} content @param {ArrayBuffer} bytes @param {Headers} headers */
async function store(content, bytes, headers) {
	const kept = KEPT.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])).filter(
		// A wrong one is a fault of this one answer, and no other reader is told it.
		([name, value]) => name !== "docker-content-digest" || value === `sha256:${content.split(" ")[0]}`,
	);
	const all = [...kept, ["cache-control", FOR_EVER], ["content-length", String(bytes.byteLength)]];
	try {
		await (await open()).put(key(content), new Response(bytes, { headers: Object.fromEntries(all) }));
	} catch {
		// Without a cache each visitor asks the registry.
	}
}

const open = () => caches.open("stowplan-content");

/** @param {string} content */
const key = (content) => `https://content.stowplan.invalid/${content.slice(content.indexOf("//") + 2)}`;

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
	const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Off the line, what the lying proxy can be told: each lie takes the way to the honest answer and gives another one.
import { sha256, TYPES } from "./documents.mjs";

const MIB = 1024 * 1024;
const JSON_TYPE = { "content-type": "application/json" };

/** An honest answer changed by `change`. */
const changed = (change) => async (truth) => {
	const answer = await truth();
	return { ...answer, ...change(answer) };
};

const status =
	(code, headers = {}, body = { errors: [{ code: "TEST", message: `a made-up ${code}` }] }) =>
	() => ({
		status: code,
		headers: { ...JSON_TYPE, ...headers },
		body: Buffer.from(JSON.stringify(body)),
	});

/**
 * A document out of thin air, with an honest digest header unless another is given.
 * @param {string | Buffer} content
 * @param {{ mediaType?: string, digest?: string }} [as]
 */
const document =
	(content, { mediaType = TYPES.manifest, digest } = {}) =>
	() => {
		const body = Buffer.isBuffer(content) ? content : Buffer.from(content);
		return {
			status: 200,
			headers: { "content-type": mediaType, "docker-content-digest": digest ?? sha256(body) },
			body,
		};
	};

const descriptor = (more = {}) => ({ mediaType: TYPES.config, digest: sha256("x"), size: 1, ...more });
const manifest = (more) =>
	JSON.stringify({ schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(), layers: [], ...more });
const index = (manifests) => JSON.stringify({ schemaVersion: 2, mediaType: TYPES.index, manifests });

export const lies = {
	none: (truth) => truth(),
	status,
	document,

	/** One bit of the byte at that place, from the end if it is negative. */
	flipByte: (at) =>
		changed(({ body }) => {
			const copy = Buffer.from(body);
			copy[at < 0 ? copy.length + at : at] ^= 1;
			return { body: copy };
		}),
	/** One text for another of the same length, as an attacker would. */
	replace: (from, to) =>
		changed(({ body }) => ({ body: Buffer.from(body.toString("latin1").replace(from, to), "latin1") })),
	header: (name, value) => changed(({ headers }) => ({ headers: { ...headers, [name]: value } })),
	withoutHeader: (name) =>
		changed(({ headers }) => ({
			headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
		})),
	cut: (cutAfter) => changed(() => ({ cutAfter })),
	stall: (stallAfter) => changed(() => ({ stallAfter })),
	trickle: (chunk) => changed(() => ({ chunk })),

	unauthorized: () => status(401, { "www-authenticate": 'Basic realm="made up"' }),
	rateLimited: (seconds) =>
		status(
			429,
			{ "retry-after": String(seconds) },
			{ errors: [{ code: "TOOMANYREQUESTS", message: "pull rate limit" }] },
		),
	html:
		(code = 200) =>
		() => ({
			status: code,
			headers: { "content-type": "text/html" },
			body: Buffer.from(
				'<!doctype html><title>login</title><script>document.title="owned"</script><h1>Please log in</h1>',
			),
		}),

	overCap: () => document(manifest({ annotations: { padding: "x".repeat(5 * MIB) } })),
	depthBomb: (depth = 100_000) => document(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`),
	arrayBomb: (depth = 1_000_000) => document("[".repeat(depth)),
	unsafeNumber: () => document(manifest().replace('"size":1', '"size":9007199254740993')),
	negativeSize: () => document(manifest({ config: descriptor({ size: -1 }) })),
	invalidUtf8: () =>
		document(
			Buffer.concat([
				Buffer.from('{"schemaVersion":2,"annotations":{"a":"'),
				Buffer.from([0xc3, 0x28]),
				Buffer.from('"}}'),
			]),
		),
	ambiguous: () => document(manifest({ manifests: [descriptor()] })),
	empty: () => document(""),

	/** An index whose only entry is the digest under which it is served itself: no honest hash can do that. */
	cycle: (first, second) =>
		[first, second].map((_, i, all) =>
			document(index([descriptor({ mediaType: TYPES.index, digest: all[1 - i] })]), {
				mediaType: TYPES.index,
				digest: all[i],
			}),
		),
};

/**
 * Documents that must end in a failed check or an error with a code, in the page and in Node: name and lie.
 * @type {[name: string, lie: () => { status: number, headers: Record<string, string>, body: Buffer }][]}
 */
export const BAD_DOCUMENTS = [
	["a document over the cap", lies.overCap()],
	["a depth bomb", lies.depthBomb()],
	["a million brackets", lies.arrayBomb()],
	["a number over 2^53-1", lies.unsafeNumber()],
	["a negative size", lies.negativeSize()],
	["invalid UTF-8", lies.invalidUtf8()],
	["an ambiguous document", lies.ambiguous()],
	["an empty body", lies.empty()],
];

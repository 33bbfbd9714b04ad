// The Worker's settings: the platform's variables become a policy and limits, once for each isolate.

/**
 * @typedef {{ fetch(input: Request | string, init?: RequestInit): Promise<Response> }} Service
 * @typedef {object} Env what the configuration binds; the variables are those of the server
 * @property {string} [STOWPLAN_ALLOW] hosts besides the public ones, with commas between them
 * @property {string} [STOWPLAN_PLAIN_HTTP] the same, without TLS
 * @property {string} [STOWPLAN_ORIGIN] origins of pages that may read those hosts
 * @property {string} [STOWPLAN_ALLOW_ANY] `true` forwards to every public host
 * @property {string} [STOWPLAN_MAX_BODY] the most bytes of one answer
 * @property {string} [STOWPLAN_FIRST_BYTE] the seconds that an answer's headers may take, redirects included
 * @property {string} [STOWPLAN_BODY_IDLE] the seconds that a registry may send nothing within a body
 * @property {string} [STOWPLAN_MAX_SECONDS] the seconds that one answer may take as a whole
 * @property {Service} [ASSETS] the page's files
 * @property {Service} [NAMED] a network for hosts that were allowed by name, where those are not public
 *
 * @typedef {{ firstByteMs: number, idleMs: number, wholeMs: number, body: number }} Limits
 * @typedef {import("./pkg/stowplan_edge.js").Proxy} Policy
 */

const FIRST_BYTE_SECONDS = 30;
const BODY_IDLE_SECONDS = 30;
const WHOLE_SECONDS = 60 * 60;
/** As the server's: the page reads no larger layer unasked. */
const MAX_BODY = 16 * 1024 ** 3;

/** @type {{ policy: Policy, limits: Limits } | undefined} */
let made;

/**
 * @param {Env} env
 * @param {typeof import("./pkg/stowplan_edge.js").Proxy} Made
 * @throws {string} a sentence about a host or an origin that is none
 */
export function settings(env, Made) {
	made ??= {
		policy: new Made(
			list(env.STOWPLAN_ALLOW),
			list(env.STOWPLAN_PLAIN_HTTP),
			list(env.STOWPLAN_ORIGIN),
			env.STOWPLAN_ALLOW_ANY === "true",
		),
		limits: {
			firstByteMs: 1000 * positive(env.STOWPLAN_FIRST_BYTE, FIRST_BYTE_SECONDS),
			idleMs: 1000 * positive(env.STOWPLAN_BODY_IDLE, BODY_IDLE_SECONDS),
			wholeMs: 1000 * positive(env.STOWPLAN_MAX_SECONDS, WHOLE_SECONDS),
			body: positive(env.STOWPLAN_MAX_BODY, MAX_BODY),
		},
	};
	return made;
}

/** @param {string | undefined} text */
const list = (text) => (text ?? "").split(",").flatMap((part) => part.trim() || []);

/** @param {string | undefined} text @param {number} otherwise */
function positive(text, otherwise) {
	const number = Number(text);
	return number > 0 ? number : otherwise;
}

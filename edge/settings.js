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
 * @property {string} [STOWPLAN_REQUESTS] the most requests at a time in one isolate
 * @property {string} [STOWPLAN_REQUESTS_PER_CLIENT] the most of them for one client
 * @property {string} [STOWPLAN_REQUESTS_PER_MINUTE] the most requests a minute of one client; 0 is any number
 * @property {string} [STOWPLAN_CLIENT_FLOOR] the fewest bytes a second that a reader must take; 0 is any number
 * @property {Service} [ASSETS] the page's files
 * @property {Service} [PUBLIC] a network for public hosts, if the platform's own reaches more than those
 * @property {Service} [NAMED] a network for hosts that were allowed by name, if those are not public
 *
 * @typedef {{ firstByteMs: number, idleMs: number, wholeMs: number, body: number, floor: number }} Limits
 * @typedef {import("./pkg/stowplan_edge.js").Proxy} Policy
 */

const FIRST_BYTE_SECONDS = 30;
const BODY_IDLE_SECONDS = 30;
const WHOLE_SECONDS = 60 * 60;
/** As the server's. */
const [REQUESTS, REQUESTS_PER_CLIENT] = [512, 128];
const REQUESTS_PER_MINUTE = 3000;
const CLIENT_FLOOR = 2048;
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
	if (made) return made;
	made = {
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
			floor: count(env.STOWPLAN_CLIENT_FLOOR, CLIENT_FLOOR),
		},
	};
	made.policy.limitRequests(count(env.STOWPLAN_REQUESTS_PER_MINUTE, REQUESTS_PER_MINUTE));
	made.policy.limitAtATime(
		count(env.STOWPLAN_REQUESTS, REQUESTS) || REQUESTS,
		count(env.STOWPLAN_REQUESTS_PER_CLIENT, REQUESTS_PER_CLIENT) || REQUESTS_PER_CLIENT,
	);
	return made;
}

/** @param {string | undefined} text */
const list = (text) => (text ?? "").split(",").flatMap((part) => part.trim() || []);

/** @param {string | undefined} text @param {number} otherwise */
const count = (text, otherwise) => (/^\d{1,9}$/.test(text ?? "") ? Number(text) : otherwise);

/** @param {string | undefined} text @param {number} otherwise */
function positive(text, otherwise) {
	const number = Number(text);
	return number > 0 ? number : otherwise;
}

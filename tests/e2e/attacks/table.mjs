// Off the line, the attack table: what is sent or answered, and what both adapters of the policy must make of it.

import { ADDRESSES } from "./addresses.mjs";
import { ANSWERS } from "./answers.mjs";
import { ASKERS } from "./askers.mjs";
import { REALMS } from "./realms.mjs";
import { REDIRECTS } from "./redirects.mjs";
import { REQUESTS } from "./requests.mjs";

/**
 * @typedef {object} World what a case may name
 * @property {string} upstream `host:port` of the registry that was allowed by name; it answers as the case says
 * @property {string} other `host:port` of a second one, which keeps what it is asked
 * @property {string} inside `host:port` of a loopback server that is not allowed: each request that reaches it is a failure
 * @property {string} own `host:port` of the adapter under test
 *
 * @typedef {[status: number, code?: string]} Outcome the status, and the proxy's code if the answer is its own
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {string} [method]
 * @property {string | ((world: World) => string)} [path] after `/proxy/`; the upstream's `/v2/x` unless told otherwise
 * @property {string[]} [headers] lines besides `Host` and `Connection`
 * @property {(world: World) => string | Buffer} [raw] every byte of the request, instead of the three above
 * @property {string | Buffer | ((world: World) => string)} [answer] every byte of the upstream's answer
 * @property {(socket: import("node:net").Socket) => void} [stream] what the upstream does with the connection instead
 * @property {(world: World) => string} [realm] what the upstream's challenge names as its realm, before the case
 * @property {boolean} [slow] it ends with a time-out
 * @property {boolean} [any] ask the adapter that was started with --allow-any
 * @property {Outcome | { server: Outcome, edge: Outcome, because: string }} expect the outcome; if the platform decides, what each
 *   says, and why that is safe
 * @property {boolean} [asked] whether the upstream is asked; it may be unless this is false
 * @property {boolean} [mayReset] the client still sends while the adapter hangs up, so a reset may reach it before the
 *   answer that stands in `expect`
 * @property {(seen: import("./runner.mjs").Seen) => void} [check] what else must be so
 */

/** @type {Case[]} */
export const CASES = [...ADDRESSES, ...REALMS, ...REDIRECTS, ...REQUESTS, ...ASKERS, ...ANSWERS];

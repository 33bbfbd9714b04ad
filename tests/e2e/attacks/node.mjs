// The attack table, what Node's HTTP decides before or after the policy: another status, never another outcome.

/** @typedef {import("./table.mjs").Outcome} Outcome */

/** Node's parser refuses the request before the policy sees it. @type {Outcome} */
const REFUSED = [400];
/** Node's client refuses the answer, so that the policy hears of none. @type {Outcome} */
const NO_ANSWER = [502, "upstream-unreachable"];

/** The answers of `stowplan serve` that differ from the Worker's, by the names of the cases. @type {Record<string, Outcome>} */
export const NODE = {
	"a line feed alone between headers": REFUSED,
	"smuggling: Content-Length and Transfer-Encoding": REFUSED,
	"smuggling: Transfer-Encoding and Content-Length": REFUSED,
	"smuggling: chunk extensions": REFUSED,
	"smuggling: a chunk of a huge size": REFUSED,
	"smuggling: chunks with bare line feeds": REFUSED,
	"smuggling: Transfer-Encoding behind a tab": REFUSED,
	"an absolute form for another host, with the proxy's path": [404],
	"an authority form": [0],
	"an asterisk form": [405],
	"HTTP/0.9": [403, "origin-not-allowed"],
	"HTTP/2's preface": REFUSED,
	"a method that is none": REFUSED,
	"a method in lower case": REFUSED,
	"Expect: 100-continue gets no body through": REFUSED,
	"17 KiB of headers": [431],
	"a thousand headers": [431],
	"Content-Length and chunks": NO_ANSWER,
	"a chunk of a wrong size has no end": [0],
	"100 KiB of headers": NO_ANSWER,
	"a switch of protocols without a request": NO_ANSWER,
	"a status out of range": NO_ANSWER,
};

// www/engine/layers -> www. The requests that bring a layer, as they are seen from here: asked, refused, ended.

import { harmless } from "./progress.js";

/**
 * A worker asks how a blob is to be fetched each time it opens a connection, and says what refused it: that tells of
 * every request without asking the worker more.
 * @param {import("../../types.js").VerifyOptions["onRequest"]} [onRequest]
 */
export function requestLog(onRequest = () => {}) {
	/** @type {{ url: string, since: number } | undefined} */
	let open;
	const close = (/** @type {{ status?: number, bytes?: number, error?: string }} */ end) => {
		if (!open) return;
		const { url, since } = open;
		open = undefined;
		const milliseconds = performance.now() - since;
		harmless(() => onRequest({ type: "request", method: "GET", url, bytes: 0, milliseconds, ...end }));
	};
	const log = {
		/** @param {import("./source.js").Authorised} [answer] */
		begin(answer) {
			if (answer && "value" in answer) open = { url: answer.value.url, since: performance.now() };
		},
		/** @param {import("./verify.js").LayerVerdict} verdict */
		end({ read, size, checks }) {
			close(read ? { status: 200, bytes: size } : { error: checks[0]?.message });
		},
		/** @param {(refusal?: import("./source.js").Refusal) => any} authorise */
		asking: (authorise) => async (/** @type {import("./source.js").Refusal | undefined} */ refusal) => {
			close(refusal ? { status: refusal.status, bytes: refusal.body.length } : { error: "the connection broke off" });
			const answer = await authorise(refusal);
			log.begin(answer);
			return answer;
		},
	};
	return log;
}

// www/engine/layers -> www. The events that tell how far the reading of a layer is.

/** Tells of each layer with these bytes what happens to them. @param {import("./verify.js").Task} task @param {import("../../types.js").VerifyOptions["onProgress"]} onProgress */
export function teller({ nodes, spec: { size, length } }, onProgress = () => {}) {
	const total = size ?? length;
	const started = performance.now();
	let [state, counts] = ["reading", { bytes: 0, unpacked: 0 }];
	// Counts and results come over two channels: what comes after the end says nothing.
	let over = false;
	const tell = (more = {}) => {
		const seconds = (performance.now() - started) / 1000;
		const event = { type: "layer", state, ...counts, ...(total !== undefined && { total }), seconds, ...more };
		for (const { id } of nodes) harmless(() => onProgress(/** @type {any} */ ({ ...event, id })));
	};
	return {
		/** @param {string} next @param {string} [reason] */
		state(next, reason) {
			if (over) return;
			over = next === "cancelled";
			state = next;
			tell(reason === undefined ? {} : { reason });
		},
		/** @param {{ bytes: number, unpacked: number }} next */
		count(next) {
			if (over) return;
			counts = next;
			tell();
		},
		/** @param {string} reason */
		again(reason) {
			counts = { bytes: 0, unpacked: 0 };
			this.state("resuming", reason);
		},
		/** @param {import("../../types.js").LayerVerdict} verdict */
		end({ checks, read, size, unpacked, entryCount }) {
			over = true;
			if (read) counts = { bytes: size, unpacked };
			const bad = checks.find(({ outcome }) => outcome === "fail") ?? (read ? undefined : checks[0]);
			state = bad ? "failed" : "done";
			tell({ ...(read && { entries: entryCount }), ...(bad && { reason: bad.message }) });
		},
	};
}

/** An exception of the caller's callback is not our failure. @param {() => void} call */
export function harmless(call) {
	try {
		call();
	} catch (error) {
		console.error(error);
	}
}

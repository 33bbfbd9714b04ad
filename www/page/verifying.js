// Reads and verifies the layers of the image in view on demand: progress in words, results as they come.

import { duration, size } from "../i18n/format.js";
import { loadWords, t } from "../i18n/strings.js";
import { Model } from "../model/model.js";
import { readingView } from "../views/layer-progress.js";
import { asking } from "./settings.js";
import { withRequest } from "./state.js";

/**
 * @typedef {import("../types.js").LayerProgress} LayerProgress
 * @typedef {import("../types.js").Node} Node
 * @typedef {{ layers?: string[], raised?: boolean }} What ids of nodes, all layers if none are given; with raised caps
 */

/** The raised caps for a reader who wants a layer all the same. */
const RAISED = { unpackedBytes: 1024 ** 4, ratio: 1e6, entries: 5e6, windowBytes: 512 * 1024 ** 2 };

/** The most entries of a layer that the page lists. */
const ENTRIES = 2000;

/** The time between two drawings while layers are read, in milliseconds. */
const PACE = 250;

/**
 * Reads layers, and shows each as soon as it has been judged; what was judged stays when the rest fails or is cancelled.
 * @param {import("./controller.js").Controller} controller
 * @param {import("../model/model.js").Model} before
 * @param {What} what
 * @param {{ signal: AbortSignal, onProgress?: import("./controller.js").Job["onProgress"] }} job
 */
export async function verify(controller, before, { layers, raised }, job) {
	await loadWords("checks");
	const { api, state } = controller;
	const { signal } = job;
	const { files } = before.given;
	// If the reading stopped at the file itself, it is opened anew: its other contents are unknown.
	if (raised && files && before.report.roots.some((id) => layers?.includes(id)))
		return api.open(files.input, { name: files.name, limits: RAISED, signal, onProgress: job.onProgress });
	/** @type {Node[]} */
	const found = [];
	let shown = before;
	const show = later(async () => {
		// Another image may have been asked for.
		if (found.length === 0 || state.model !== shown) return;
		const report = await api.withLayers(before.report, found);
		if (state.model !== shown) return;
		shown = new Model(report, before.given);
		controller.update({ model: shown });
	});
	const meter = new Meter();
	/** @param {LayerProgress} event */
	const onProgress = (event) => {
		meter.take(event);
		if (signal.aborted || !state.progress) return;
		const more = readingView(meter.lines(before.report.nodes), meter.layers.size);
		controller.update({ progress: { ...state.progress, ...meter.words(), more, reading: meter.shares() } });
	};
	/** @param {import("./state.js").Request} event */
	const onRequest = (event) => controller.update(withRequest(state, event));
	/** @param {Node} node */
	const onLayer = (node) => {
		found.push(node);
		show.soon();
	};
	try {
		const asked = { ...asking(state.settings), layers, limits: raised ? RAISED : undefined };
		return await api.verifyLayers(before.report, {
			...asked,
			entries: ENTRIES,
			signal,
			onLayer,
			onProgress,
			onRequest,
		});
	} catch (error) {
		await show.now();
		throw error;
	} finally {
		show.stop();
	}
}

/** Sums up the progress of all layers. */
export class Meter {
	/** @param {() => number} [now] milliseconds */
	constructor(now = () => performance.now()) {
		this.now = now;
		this.start = now();
		/** @type {Map<string, LayerProgress>} */
		this.layers = new Map();
	}

	/** @param {LayerProgress} event */
	take(event) {
		this.layers.set(event.id, event);
	}

	/** Bytes so far and of all, how many layers are done, bytes a second, seconds left. */
	sums() {
		const all = [...this.layers.values()];
		const isOver = (/** @type {LayerProgress} */ { state }) => state !== "waiting" && !isRead(state);
		const total = all.reduce((sum, one) => sum + (one.total ?? one.bytes), 0);
		const bytes = all.reduce((sum, one) => sum + (isOver(one) ? (one.total ?? one.bytes) : one.bytes), 0);
		const seconds = (this.now() - this.start) / 1000;
		const rate = seconds > 0 ? bytes / seconds : 0;
		const left = rate > 0 ? (total - bytes) / rate : undefined;
		return { bytes, total, rate, left, done: all.filter(isOver).length, layers: all.length };
	}

	/** The numbers of the progress bar. */
	words() {
		const { bytes, total, rate, left, done, layers } = this.sums();
		const resuming = [...this.layers.values()].find(({ state }) => state === "resuming");
		const text = resuming
			? t("layers.resuming", { reason: resuming.reason ?? "" })
			: t("layers.reading", { done, n: layers });
		return { text, note: pace({ bytes, total, rate, left }), done: bytes, total };
	}

	/** The share of each layer in work that has been read, by its node. @returns {Map<string, number>} */
	shares() {
		const read = [...this.layers.values()].filter(({ state }) => isRead(state));
		return new Map(read.map(({ id, bytes, total }) => [id, total ? Math.min(1, bytes / total) : 0]));
	}

	/** The layers that are read now, in the order of the image. @param {Node[]} nodes */
	lines(nodes) {
		/** @type {Map<string | null, number>} */
		const counts = new Map();
		/** @type {import("../views/layer-progress.js").Line[]} */
		const found = [];
		for (const { id, kind, parent, digest } of nodes) {
			if (kind !== "layer") continue;
			const n = (counts.get(parent) ?? 0) + 1;
			counts.set(parent, n);
			const event = this.layers.get(id);
			if (!event || !isRead(event.state)) continue;
			const { bytes, total, seconds, reason } = event;
			const rate = seconds > 0 ? bytes / seconds : 0;
			const left = rate > 0 && total !== undefined ? (total - bytes) / rate : undefined;
			const note = event.state === "resuming" ? (reason ?? "") : pace({ bytes, total, rate, left });
			found.push({ n, digest, done: bytes, total, note });
		}
		return found;
	}
}

/** @param {LayerProgress["state"]} state */
const isRead = (state) => state === "reading" || state === "resuming";

/** Bytes so far, of how many, how fast, and how long still. @param {{ bytes: number, total?: number, rate: number, left?: number }} sums */
function pace({ bytes, total, rate, left }) {
	const facts = { bytes: size(bytes), total: size(total), rate: size(Math.round(rate)) };
	const note = t(total === undefined ? "layers.rate.open" : "layers.rate", facts);
	return left === undefined || left < 1 ? note : `${note} · ${t("layers.left", { time: duration(Math.ceil(left)) })}`;
}

/** Work that is done at most so often. @param {() => Promise<void>} work */
function later(work) {
	let timer = 0;
	const stop = () => {
		clearTimeout(timer);
		timer = 0;
	};
	const now = () => {
		stop();
		return work();
	};
	const soon = () => {
		timer ||= window.setTimeout(now, PACE);
	};
	return { stop, now, soon };
}

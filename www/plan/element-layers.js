// Layers of an element's image, read and proved in workers as the page does it.

import { t } from "../i18n/strings.js";
import { Model } from "../model/model.js";
import { startOf } from "../page/state.js";
import { headline } from "../views/banner.js";
import { reading } from "./load.js";

/** @param {import("./inner.js").Inner} inner @param {import("../page/verifying.js").What} what */
export async function readLayers(inner, what) {
	const before = inner.state.model;
	// Another image is about to be shown: reading the old one's layers would end its way here.
	if (!before || inner.loading) return;
	const job = inner.begin();
	inner.update({ progress: startOf(inner.speaking(() => t("progress.start"))) });
	try {
		const { verify } = await import("../page/verifying.js");
		const settings = { proxy: inner.host.look().proxy, credentials: [] };
		const state = Object.create(inner.state, { settings: { value: settings } });
		const owner = { api: speaking(inner), update: (/** @type {any} */ change) => inner.update(change), state };
		const model = new Model(await verify(/** @type {any} */ (owner), before, what, job));
		if (inner.job !== job) return;
		inner.update({ model, progress: undefined, said: inner.speaking(() => headline(model)) });
		inner.tellVerdict(model);
	} catch (error) {
		if (inner.job === job) inner.fail(error);
	}
}

/** Tells the progress in the element's own language, not in the last one that was set. @param {import("./inner.js").Inner} inner */
const speaking = (inner) => ({
	...reading,
	verifyLayers: (/** @type {any} */ report, /** @type {any} */ options) =>
		reading.verifyLayers(report, {
			...options,
			onProgress: (/** @type {any} */ event) => inner.speaking(() => options.onProgress(event)),
		}),
});

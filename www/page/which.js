// The controller's part for one changed byte of the first example: writes every link anew and has the core hash.

/** @typedef {import("./controller.js").Controller} Controller */

/** Changes a byte, or takes the change back. @param {Controller} controller */
export async function changeByte(controller) {
	if (controller.state.which?.digests.index) return controller.update({ which: undefined });
	controller.update({ which: { digests: {}, busy: true } });
	try {
		controller.update({ which: { digests: await changed(controller) } });
	} catch {
		controller.update({ which: { digests: {}, failed: true } });
	}
}

/** @param {Controller} controller */
async function changed({ api, sampleBase }) {
	const [{ Lesson }, { mended }] = await Promise.all([import("../how/lesson.js"), import("../how/mend.js")]);
	const lesson = await Lesson.of(api.open, sampleBase);
	const { file } = lesson.first;
	const first = file.codePointAt(0) ?? 0;
	const texts = await mended(lesson, { ...lesson.first, file: String.fromCodePoint(first ^ 1) + file.slice(1) });
	const { digests } = await lesson.results(texts);
	const { index, manifest, config, layer, diffId } = digests;
	return { index, manifest, config, layer, diffId };
}

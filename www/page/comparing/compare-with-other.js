// The other image of a comparison: a dialog asks for it; two files at hand are compared at once.

import { t } from "../../i18n/strings.js";
import { titleName } from "../../model/names.js";
import { asking } from "../settings.js";
import { comparisonHash } from "./compare-address.js";
import { prepared, showComparison } from "./comparing.js";

/** @typedef {import("../controller.js").Controller} Controller */

/** @param {Controller} controller @param {{ files?: File[] }} [given] two files to compare without a question */
export async function compareWith(controller, { files } = {}) {
	const { model } = controller.state;
	const [a, b] = files ?? [];
	if (a && b) return showComparison(controller, { a: a.name, b: b.name, subjects: [a, b] });
	if (!model) return;
	await prepared();
	const dialog = /** @type {import("../../elements/dialogs/compare-with.js").StowCompareWith} */ (
		document.createElement("stow-compare-with")
	);
	Object.assign(dialog, { model, api: controller.api, image: model.imageOf(model.node(controller.state.selected)) });
	dialog.addEventListener("stow-compare-chosen", (event) => {
		const { text, file, platforms } = /** @type {CustomEvent} */ (event).detail;
		choose(controller, { text, file, platforms });
	});
	controller.root.append(dialog);
	await dialog.show();
}

/** @param {Controller} controller @param {{ text?: string, file?: File, platforms?: [string, string] }} chosen */
function choose(controller, { text, file, platforms }) {
	const { model } = controller.state;
	if (!model) return;
	const { report } = model;
	const { reference } = report.source;
	const { platform } = controller.address.place;
	if (reference && platforms) location.hash = comparisonHash(reference, reference, undefined, platforms);
	else if (reference && text) location.hash = comparisonHash(reference, text, platform);
	else {
		const other = file ?? text ?? report;
		const b = file?.name ?? text ?? titleName(report);
		void showComparison(controller, { a: titleName(report), b, subjects: [report, other], platforms });
	}
}

/** Every platform of the index in view. @param {Controller} controller */
export function readAll(controller) {
	const { model, settings } = controller.state;
	const { reference } = model?.report.source ?? {};
	if (!model || !reference) return;
	const { platform } = controller.address.place;
	const asked = { ...asking(settings), platform, all: true };
	void controller.run(
		t("progress.start"),
		(job) => controller.api.inspect(reference, { ...asked, ...job }),
		model.given,
		{ goesOn: true },
	);
}

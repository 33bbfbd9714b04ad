// Finds and judges the signatures of the image in view on demand, with the signers that the user has named.

import { loadWords, t } from "../i18n/strings.js";
import { asking } from "./settings.js";

/**
 * @typedef {import("../engine/signatures-question.js").Identity} Identity
 * @typedef {object} Wish
 * @property {boolean} [all] also ask if pulls are counted
 * @property {Identity[]} [identities] who should have signed
 * @property {string[]} [keys] public keys (PEM) that should have
 * @property {string} [trustedRoot] a root of the user's
 * @property {boolean} [again] judge by the keys and the root of the last time
 * @typedef {{ of?: string } & Pick<Wish, "identities" | "keys" | "trustedRoot">} Named
 *   what the reader gave for the image of that digest; keys and roots stay in this tab
 */

/**
 * Holds the files of a list of packages against the layers, which are read for it.
 * @param {import("./controller.js").Controller} controller
 * @param {{ id: string, files: [string, string, string][], packages: import("../types.js").Package[] }} list
 */
export function hold(controller, { id, files, packages }) {
	const { model } = controller.state;
	if (!model) return;
	controller.run(
		t("progress.start"),
		async ({ signal }) => {
			const asked = { ...asking(controller.state.settings), packages, signal };
			const { held, report } = await controller.api.holdFiles(model.report, files, asked);
			return { ...report, held: { ...model.report.held, [id]: held } };
		},
		model.given,
		{ goesOn: true },
	);
}

/**
 * Looks for signatures if that was not done yet, and judges them.
 * @param {import("./controller.js").Controller} controller
 * @param {Wish} wish
 */
export function sign(controller, wish) {
	const { model } = controller.state;
	if (!model) return;
	controller.run(
		t("progress.start"),
		async (job) => {
			await Promise.all([loadWords("checks"), loadWords("trust")]);
			const { api, state } = controller;
			const { report } = controller.state.model ?? model;
			const asked = { ...asking(state.settings), all: wish.all, ...job };
			const found = report.asked && !wish.all ? report : await api.referrers(report, asked);
			const { identities } = wish;
			const of = report.nodes[0]?.digest ?? undefined;
			const before = of !== undefined && state.named?.of === of ? state.named : {};
			const { keys, trustedRoot } = wish.again ? before : wish;
			controller.update({ named: { of, identities, keys, trustedRoot } });
			const judged = await api.verifySignatures(found, { identities, keys, trustedRoot, signal: job.signal });
			return { ...judged, signers: identities };
		},
		model.given,
		{ goesOn: true },
	);
}

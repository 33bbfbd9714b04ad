// Line: www, what the views ask for and what the controller does about it: the table of the page's events.

import { filesIn } from "./intake/given.js";
import { embedding, later, saving } from "./later.js";
import { ask, digestTyped, openFiles, openTexts, pastedAnywhere, showPanel } from "./pasting.js";
import { switchTo } from "./speaking.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./controller.js").Controller} Controller
 * @param {Controller} controller
 * @returns {Record<string, (detail: any) => void>}
 */
export const actions = (controller) => ({
	"stow-inspect": ({ text }) => (text ? controller.go({ ref: text }) : controller.update({ said: t("box.empty") })),
	"stow-verify": ({ texts, expected }) => openTexts(controller, texts, expected),
	"stow-digest": ({ text }) => digestTyped(controller, text),
	"stow-lookup": ({ text, from }) => ask(controller, text, from),
	"stow-lookup-close": () => controller.update({ lookup: undefined }),
	"stow-panel": (how) => showPanel(controller, how),
	"stow-files": ({ given }) => openFiles(controller, given),
	"stow-sample": ({ id }) => controller.go({ sample: id }),
	"stow-platform": ({ platform }) =>
		controller.go({ ref: controller.state.model?.report.source.reference ?? controller.address.place.ref, platform }),
	"stow-select": ({ id, focus }) => {
		controller.select(id);
		if (focus) focusTree(controller.root);
	},
	"stow-select-digest": ({ digest }) => controller.selectDigest(digest),
	"stow-enter": () => focusOn(controller.root, ".details [role=tab][tabindex='0']"),
	"stow-cancel": () => controller.cancel(),
	"stow-retry": () => controller.again(),
	"stow-dismiss": () => controller.update({ failure: undefined }),
	"stow-home": () => controller.home(),
	"stow-change": (change) => {
		controller.change(change);
		if (change.language) switchTo(controller, change.language);
	},
	"stow-settings": async () => {
		await later();
		/** @type {any} */ (controller.root.querySelector("stow-settings"))?.show();
	},
	"stow-layers": (what) => verify(controller, what),
	"stow-say": ({ text }) => controller.update({ said: text }),
	"stow-export": async () => {
		const { model } = controller.state;
		if (model) (await saving()).saveReport(model.report);
	},
	"stow-embed": async () => {
		await embedding();
		/** @type {any} */ (controller.root.querySelector("stow-embed"))?.show();
	},
	"stow-save": async () => {
		await saving();
		/** @type {any} */ (controller.root.querySelector("stow-save"))?.show(controller.state.selected);
	},
});

/** @param {Controller} controller @param {import("./verifying.js").What} what */
function verify(controller, what) {
	const { model } = controller.state;
	if (!model) return;
	const reading = () => import("./verifying.js");
	controller.run(
		t("progress.start"),
		async (job) => (await reading()).verify(controller, controller.state.model ?? model, what, job),
		model.given,
	);
}

/**
 * Listens on the page's root; files may be dropped anywhere.
 * @param {Controller} controller
 */
export function listen(controller) {
	for (const [name, act] of Object.entries(actions(controller))) {
		controller.root.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
	}
	for (const name of ["beforeprint", "afterprint"]) {
		addEventListener(name, () =>
			Object.assign(controller.root.querySelector("stow-anatomy") ?? {}, { printing: name === "beforeprint" }),
		);
	}
	addEventListener("hashchange", () => controller.follow());
	dropsOn(controller);
	addEventListener("paste", (event) => pastedAnywhere(controller, event));
}

/** A text that is dragged goes where the browser takes it: into fields. @param {Controller} controller */
function dropsOn(controller) {
	const { dataset } = document.documentElement;
	const holdsFiles = (/** @type {DragEvent} */ { dataTransfer }) => dataTransfer?.types.includes("Files");
	addEventListener("dragover", (event) => {
		if (!holdsFiles(event)) return;
		event.preventDefault();
		dataset.drop = t("box.drop");
	});
	addEventListener("dragleave", (event) => {
		if (!event.relatedTarget) delete dataset.drop;
	});
	addEventListener("drop", (event) => {
		delete dataset.drop;
		if (!holdsFiles(event)) return;
		event.preventDefault();
		openFiles(controller, filesIn(event.dataTransfer));
	});
}

/** @param {HTMLElement} root */
const focusTree = (root) => focusOn(root, "[role=tree]");

/** @param {HTMLElement} root @param {string} selector */
const focusOn = (root, selector) => /** @type {HTMLElement | null} */ (root.querySelector(selector))?.focus();

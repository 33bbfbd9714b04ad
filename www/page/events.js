// The table of the page's events: each request of a view and the controller's function for it.

import { t } from "../i18n/strings.js";
import { filesIn } from "../intake/given.js";
import { formatFragment } from "../lib/fragment.js";
import { pinLine } from "../model/model.js";
import { embedding, later, saving } from "./later.js";
import { ask, digestTyped, linkDoc, openFiles, openTexts, pastedAnywhere, showPanel } from "./pasting.js";
import { switchTo } from "./speaking.js";

/**
 * @typedef {import("./controller.js").Controller} Controller
 * @param {Controller} controller
 * @returns {Record<string, (detail: any) => void>}
 */
export const actions = (controller) => ({
	"stow-inspect": ({ text }) => (text ? controller.go({ ref: text }) : controller.update({ said: t("box.empty") })),
	"stow-verify": ({ texts, expected, typed }) => openTexts(controller, texts, expected, typed),
	"stow-digest": ({ text }) => digestTyped(controller, text),
	"stow-lookup": ({ text, from }) => ask(controller, text, from),
	"stow-lookup-close": () => controller.update({ lookup: undefined }),
	"stow-panel": (how) => showPanel(controller, how),
	"stow-byte": async () => (await import("./which.js")).changeByte(controller),
	"stow-doc-link": () => linkDoc(controller),
	"stow-pins": async (how) => (await import("./pins-actions.js")).actOnPins(controller, how),
	"stow-files": ({ given }) => openFiles(controller, given),
	"stow-sample": ({ id }) => controller.go({ sample: id }),
	"stow-platform": ({ platform }) =>
		controller.go({ ref: controller.state.model?.report.source.reference ?? controller.address.place.ref, platform }),
	"stow-select": ({ id, focus, keys }) => {
		controller.select(id, !keys);
		if (focus) showTree(controller);
	},
	"stow-tab": ({ tab }) => controller.open(tab),
	"stow-pane": ({ pane }) => controller.update({ pane }),
	"stow-goto": (to) => goTo(controller, to),
	"stow-place": ({ keys, ...change }) => {
		const { filter } = controller.state;
		controller.update({
			...("file" in change && { path: change.file }),
			...("filter" in change && { filter: change.filter }),
			...("line" in change && { line: change.line }),
		});
		// While a filter is typed there is one step back, to what was there before it.
		const starts = "filter" in change && !filter !== !change.filter;
		controller.address.set(
			{ ...change, ...("line" in change && { line: change.line && String(change.line) }) },
			!keys && (starts || !("filter" in change)),
		);
	},
	"stow-files-path": ({ path }) => controller.open("files", { path }),
	"stow-share": ({ pinned }) => share(controller, pinned),
	"stow-select-digest": ({ digest }) => {
		controller.selectDigest(digest);
		if (controller.state.tab !== "overview") controller.open("overview");
	},
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
	"stow-hold": async (list) => (await import("./signing.js")).hold(controller, list),
	"stow-sign": async (wish) => (await import("./signing.js")).sign(controller, wish),
	"stow-say": ({ text }) => controller.update({ said: text }),
	"stow-export": ({ form = "json" } = {}) => hand(controller, form),
	"stow-embed": async () => {
		const { buildOf } = await embedding();
		/** @type {any} */ (controller.root.querySelector("stow-embed"))?.show(await buildOf(document.baseURI));
	},
	"stow-save": async () => {
		await saving();
		/** @type {any} */ (controller.root.querySelector("stow-save"))?.show(controller.state.selected);
	},
});

/** To a node and one of its tabs, or to a tab of the result. @param {Controller} controller @param {{ id?: string, pane?: string, tab?: string, outcome?: string }} to */
function goTo(controller, { id, pane, tab, outcome }) {
	if (id !== undefined) controller.select(id, true);
	controller.open(tab ?? "overview", { ...(pane && { pane }), outcome });
	if (id === undefined) return;
	controller.drawSoon();
	const before = document.activeElement;
	setTimeout(() => {
		// A reader who has moved on, into the box for example, keeps the focus.
		if (![before, document.body].includes(document.activeElement)) return;
		const details = /** @type {HTMLElement | null} */ (controller.root.querySelector(".details"));
		details?.focus({ preventScroll: true });
		details?.scrollIntoView({ block: "nearest" });
	}, 50);
}

/** @param {Controller} controller */
function showTree(controller) {
	if (controller.state.tab !== "overview") controller.open("overview");
	setTimeout(() => focusTree(controller.root), 50);
}

/** The address of what is in view; pinned it names the digest that the tag gives now. @param {Controller} controller @param {boolean} [pinned] */
async function share(controller, pinned) {
	const { address, state } = controller;
	const { model } = state;
	const line = pinned && model ? pinLine(model) : undefined;
	const place = line ? { ...address.place, ref: line } : address.place;
	const { origin, pathname } = location;
	const done = await navigator.clipboard.writeText(`${origin}${pathname}${formatFragment(place)}`).then(
		() => true,
		() => false,
	);
	controller.update({ said: t(done ? "share.copied" : "copy.failed") });
}

/** @param {Controller} controller @param {"text" | "json" | "snapshot"} form */
async function hand({ api, state: { model } }, form) {
	if (!model) return;
	const downloads = await import("./downloads.js");
	if (form === "json") downloads.saveReport(model.report);
	else if (form === "text") downloads.saveText(model.report, await api.reportText(model.report));
	else downloads.saveSnapshot(model.report, await api.makeSnapshot(model.report));
}

/** @param {Controller} controller @param {import("./verifying.js").What} what */
function verify(controller, what) {
	const { model } = controller.state;
	if (!model) return;
	const reading = () => import("./verifying.js");
	controller.run(
		t("progress.start"),
		async (job) => (await reading()).verify(controller, controller.state.model ?? model, what, job),
		model.given,
		{ goesOn: true },
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
		addEventListener(name, () => print(controller, name === "beforeprint"));
	}
	addEventListener("keydown", (event) => toBox(controller, event));
	addEventListener("hashchange", () => controller.follow());
	dropsOn(controller);
	addEventListener("paste", (event) => pastedAnywhere(controller, event));
}

/** Paper shows the whole structure and every check, not only what is in view. @param {Controller} controller @param {boolean} printing */
function print(controller, printing) {
	controller.state.printing = printing;
	controller.draw();
	Object.assign(controller.root.querySelector("stow-anatomy") ?? {}, { printing });
	/** @type {any} */ (controller.root.querySelector(".paper stow-all-checks"))?.onPaper?.();
}

/** A slash outside of fields goes to the box, as in many places. @param {Controller} controller @param {KeyboardEvent} event */
function toBox({ root }, event) {
	const target = /** @type {Element | null} */ (event.composedPath()[0] ?? null);
	if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
	if (target?.closest?.("input, textarea, select, dialog, [role=tree], [role=treegrid]")) return;
	event.preventDefault();
	/** @type {HTMLInputElement | null} */ (root.querySelector("#reference"))?.select();
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

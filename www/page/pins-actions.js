// files -> www. The controller's part for the images of a file: reads them, asks the registries, pins, hands the file out.

import { t } from "../i18n/strings.js";
import { save } from "../lib/download.js";
import { later } from "./later.js";
import { asking } from "./settings.js";
import { failureOf } from "./state.js";

/** @typedef {import("./controller.js").Controller} Controller */

/** @param {Controller} controller @param {string} text @param {string} [name] */
export async function readPins(controller, text, name) {
	const { model } = controller.state;
	const { kind, images } = await controller.api.readImages(text, { name });
	if (!kind || images.length === 0 || controller.state.model !== model) return;
	await later();
	const names = [...new Set(images.map(({ reference }) => reference))];
	const read = await Promise.all(
		names.slice(0, 100).map((one) => controller.api.parseReference(one).catch(() => null)),
	);
	const hub = read.some((one) => one?.registry === "docker.io");
	const pins = { text, name: name ?? NAMES[kind] ?? kind, rows: images, requests: names.length, hub, busy: false };
	controller.update({ pins });
}

/** Names for files that were pasted. @type {Record<string, string>} */
const NAMES = {
	dockerfile: "Dockerfile",
	compose: "compose.yaml",
	kubernetes: "manifest.yaml",
	"helm-values": "values.yaml",
	"github-workflow": "workflow.yml",
	"gitlab-ci": ".gitlab-ci.yml",
	devcontainer: "devcontainer.json",
	nix: "images.nix",
	bazel: "MODULE.bazel",
	renovate: "renovate.json",
	circleci: "config.yml",
	"cloud-build": "cloudbuild.yaml",
	"azure-pipelines": "azure-pipelines.yml",
	"bitbucket-pipelines": "bitbucket-pipelines.yml",
	hcl: "main.tf",
	quadlet: "web.container",
	yaml: "images.yaml",
};

/**
 * @param {Controller} controller
 * @param {{ act: "check" | "consent" | "pin" | "all" | "copy" | "patch" | "save", at?: number, details?: boolean, countedPulls?: boolean }} how
 *   `at`: the one row to pin
 */
export async function actOnPins(controller, { act, at, ...consent }) {
	const { pins } = controller.state;
	if (!pins) return;
	if (act === "check") await check(controller, pins);
	if (act === "consent") controller.update({ pins: { ...pins, ...consent } });
	if (act === "pin" || act === "all") await pin(controller, pins, at);
	if (act === "patch") {
		await navigator.clipboard.writeText(pins.patch ?? "");
		controller.update({ said: t("pins.patch.copied") });
	}
	if (act === "copy") {
		await navigator.clipboard.writeText(pins.pinned ?? pins.text);
		controller.update({ said: t("pins.copied") });
	}
	if (act === "save" || act === "all") {
		const { pinned, text, name } = controller.state.pins ?? pins;
		save(new Blob([pinned ?? text], { type: "text/plain" }), name.replace(/^.*\//, ""));
	}
}

/** All rows that can be, or one beside those that are pinned already. @param {Controller} controller @param {import("../views/pasted/pins-card.js").Pins} pins @param {number} [at] */
async function pin(controller, pins, at) {
	const all = /** @type {import("../types.js").CheckedRow[]} */ (pins.rows);
	const rows = at === undefined ? all : [...chosen(pins), ...all.slice(at, at + 1)];
	const [{ patchOf }, pinned] = await Promise.all([
		import("../lib/patch.js"),
		controller.api.pinImages(pins.text, rows),
	]);
	const patch = patchOf(pins.text, pinned, pins.name);
	controller.update({ pins: { ...pins, pinned, patch, pinnedRows: rows } });
}

/** The rows that were pinned one by one. @param {import("../views/pasted/pins-card.js").Pins} pins */
const chosen = ({ pinnedRows = [], rows }) => (pinnedRows.length < rows.length ? pinnedRows : []);

/** @param {Controller} controller @param {import("../views/pasted/pins-card.js").Pins} pins */
async function check(controller, pins) {
	const { details, countedPulls } = pins;
	controller.update({ pins: { ...pins, busy: true } });
	try {
		const rows = await controller.api.checkPins(pins.rows, {
			...asking(controller.state.settings),
			details,
			countedPulls,
		});
		const moved = rows.filter(({ state }) => state === "moved").length;
		const done = {
			pins: { ...pins, rows, busy: false, pinned: undefined, patch: undefined, pinnedRows: undefined },
			said: t("pins.checked", { n: moved }),
		};
		if (controller.state.pins?.text !== pins.text) return;
		controller.update(done);
		// The change is shown before it is asked for.
		if (rows.some(({ edit, now, digest }) => edit && now && now !== digest)) await pin(controller, done.pins);
	} catch (error) {
		controller.update({ pins: { ...pins, busy: false }, failure: failureOf(error) });
	}
}

// Off the line, under the pictures and the tests of all states: the states of the dialogs, and of what was dropped.

import { join } from "node:path";
import { dragFiles } from "./dropping.mjs";
import { lies } from "./lies.mjs";
import { alert, ask, fromMenu, openSection, openTab, rows, shown, verdict } from "./page.mjs";

/** @typedef {import("./states.mjs").State} State */

const loaded = async (page, reference) => {
	await ask(page, reference);
	await shown(page, reference);
};

const drop = async (page, { folder }, name) => {
	const drag = await dragFiles(page, [join(folder, name)]);
	await drag.over();
	await drag.drop();
};

/** An archive or a folder, opened. */
const dropped = (name) => async (page, world) => {
	await drop(page, world, name);
	await shown(page, name);
};

const button = (scope, name) => scope.getByRole("button", { name });
const copying = (page) => page.getByRole("dialog", { name: "Keep a copy" });
const embedded = (page) => page.getByRole("dialog", { name: "Embed" });

/** With the dialog for saving open, its plan made. */
const saving = async (page, reference) => {
	await loaded(page, reference);
	await fromMenu(page, "Download", "Download image…");
	await copying(page)
		.getByText(/[\d,]+ bytes with \d+ blobs/)
		.waitFor();
	// A browser without a dialog for files.
	await page.evaluate(() => Reflect.deleteProperty(globalThis, "showSaveFilePicker"));
	return copying(page);
};

const LAYER = /\/blobs\//;
const lying = ({ harbour, liar }) => harbour.replace(/^[^/]+/, liar.host);

/** With the dialog for embedding open, its preview drawn, and one of its tabs in view. */
const embedding = (tab, open) => async (page, world) => {
	await open(page, world);
	await button(verdict(page), "Embed").click();
	await embedded(page).getByRole("group", { name: "Verdict" }).waitFor();
	await embedded(page).getByRole("tab", { name: tab }).click();
};
const harbour = (page, world) => loaded(page, world.harbour);

/** @type {State[]} */
export const MORE = [
	{ name: "save", show: (page, world) => saving(page, world.harbour) },
	{
		name: "save-all",
		async show(page, world) {
			const box = await saving(page, world.harbour);
			await box.getByLabel("Everything that the index names").check();
			await box.getByText(/Platforms: /).waitFor();
		},
	},
	{
		name: "save-writing",
		async show(page, world) {
			const box = await saving(page, lying(world));
			world.liar.lie(LAYER, () => new Promise(() => {}));
			await button(box, "Save the image").click();
			await box.getByRole("progressbar").waitFor();
		},
	},
	{
		name: "save-done",
		async show(page, world) {
			const box = await saving(page, world.harbour);
			await button(box, "Save the image").click();
			await box.getByText(/^Saved /).waitFor();
		},
	},
	{
		name: "save-failed",
		async show(page, world) {
			const box = await saving(page, lying(world));
			world.liar.lie(LAYER, lies.flipByte(40));
			await button(box, "Save the image").click();
			await box.getByRole("alert").waitFor();
		},
	},
	{ name: "embed", show: embedding("Element", harbour) },
	{ name: "embed-snapshot", show: embedding("Snapshot", harbour) },
	{ name: "embed-frame", show: embedding("Frame", harbour) },
	{ name: "embed-badge", show: embedding("Badge", harbour) },
	{ name: "embed-archive", show: embedding("Snapshot", dropped("harbour.tar")) },
	{ name: "archive", show: dropped("harbour.tar") },
	{ name: "archive-docker", show: dropped("save.tar") },
	{
		name: "archive-checks",
		async show(page, world) {
			await dropped("save.tar")(page, world);
			await rows(page, "").first().click();
			await page
				.getByRole("region", { name: "Details" })
				.getByRole("tab", { name: /^Checks/ })
				.click();
		},
	},
	{ name: "archive-damaged", show: dropped("damaged.tar") },
	{ name: "archive-diffid", show: dropped("wrong-diffid.tar") },
	{
		name: "archive-diffid-layer",
		async show(page, world) {
			await dropped("wrong-diffid.tar")(page, world);
			await openTab(page, "layer", /^Checks/, 1);
		},
	},
	{ name: "archive-missing", show: dropped("missing.tar") },
	{
		name: "archive-missing-files",
		async show(page, world) {
			await dropped("missing.tar")(page, world);
			await openSection(page, "Files");
			await page.getByRole("treegrid", { name: "Files" }).getByRole("row").first().waitFor();
		},
	},
	{ name: "folder", show: dropped("harbour") },
	{
		name: "dropped-notes",
		async show(page, world) {
			await drop(page, world, "notes.txt");
			await alert(page).or(verdict(page)).first().waitFor();
		},
	},
];

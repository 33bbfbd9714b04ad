// Off the line, under the pictures and the tests of all states: the states of "How it works", of the element and of the frame.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST } from "./app.mjs";
import { line } from "./docs.mjs";
import { sha256 } from "./documents.mjs";

/**
 * @typedef {import("./states.mjs").State} State
 * @typedef {import("./stage.mjs").Stage} Stage
 */

const OTHER = sha256("another index");
const field = (page, name) => page.locator(`[data-edit=${name}]`);
const how = ({ app }) => `${app.url}how.html`;
const opened = (page) => page.locator(".how-step").first().waitFor();
/** With its file changed, which breaks the links to it. */
const edited = async (page, text) => {
	await opened(page);
	await field(page, "file").fill(text);
	await page
		.getByText(/no longer fit/)
		.first()
		.waitFor();
};
const verdict = (page) => page.locator("stow-plan").getByRole("group", { name: "Verdict" });

/** @type {State[]} */
const HOW = [
	{ name: "how", at: how, show: opened },
	{
		name: "how-edited",
		at: how,
		async show(page) {
			await edited(page, "Jello from a container image for linux/amd64.\n");
		},
	},
	{
		name: "how-mended",
		at: how,
		async show(page) {
			await edited(page, "Another file.\n");
			await page.getByRole("button", { name: "Update the references" }).click();
			await page
				.getByRole("status")
				.getByText(/References updated/)
				.waitFor();
		},
	},
	{
		name: "how-no-json",
		at: how,
		async show(page) {
			await opened(page);
			await field(page, "config").fill('{"rootfs": ');
			await page.getByText(/cannot be read as JSON/).waitFor();
		},
	},
	{
		name: "how-failed",
		at: async ({ app }, page) => {
			await page.route(/samples\/hello\/index\.json/, (route) => route.abort());
			return how({ app });
		},
		show: (page) => page.getByRole("alert").waitFor(),
	},
];

/** A page of documentation, as its author writes it, with an element in it. */
const article = ({ app, docs }, element) => {
	docs.pages["/article"] =
		`<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
		<style>html { background: light-dark(#fff, #15181c); color: light-dark(#222, #ddd) } body { margin: 0 auto; padding: 1rem; max-width: 56rem; font: 100%/1.6 Georgia, serif }</style>
		<main><h1>Harbour in production</h1><p>The image that we ship is built in two stages. This is what is in it.</p>
		${line(app)}${element}<p>Run it with a volume for its data.</p></main>`;
	return `${docs.url}/article`;
};

/** @param {string} attributes @param {(world: Stage) => string} [reference] */
const plan = (attributes = "", reference = ({ harbour }) => harbour) => ({
	at: (/** @type {Stage} */ world) =>
		article(
			world,
			`<stow-plan reference="${reference(world)}" proxy="${world.app.proxy}" ${attributes}>The image harbour/app:1.4</stow-plan>`,
		),
});
const snapshot = (attributes = "") => ({
	at: async (/** @type {Stage} */ world) => {
		const { inspect, makeSnapshot } = await import(pathToFileURL(join(DIST, "www/api.js")).href);
		const report = await inspect(world.harbour, { proxy: world.app.proxy });
		world.docs.pages["/app.stowplan.json"] = JSON.stringify(await makeSnapshot(report));
		return article(world, `<stow-plan src="app.stowplan.json" ${attributes}></stow-plan>`);
	},
});
const proved = (page) => verdict(page).waitFor();
const view = (name) => async (page) => {
	await proved(page);
	await page.locator(`stow-plan [part=${name}]`).getByRole("table").first().waitFor();
};

/** @type {State[]} */
const PLAN = [
	{ name: "plan", ...plan(), show: proved },
	{
		name: "plan-details",
		...plan(),
		async show(page) {
			await proved(page);
			await page
				.getByRole("treeitem", { name: /^config/ })
				.first()
				.click();
			await page.locator("stow-plan").getByRole("tab").first().waitFor();
		},
	},
	{ name: "plan-layers", ...plan('view="layers"'), show: view("layers") },
	{ name: "plan-identity", ...plan('view="identity"'), show: view("identity") },
	{
		name: "plan-history",
		...plan('view="history"'),
		show: (page) => proved(page).then(() => page.locator("stow-plan [part=history]").waitFor()),
	},
	{
		name: "plan-loading",
		...plan("", ({ harbour, liar }) => {
			liar.lie(/\/v2\//, () => new Promise(() => {}));
			return harbour.replace(/^[^/]+/, liar.host);
		}),
		show: (page) => page.locator("stow-plan").getByRole("progressbar").waitFor(),
	},
	{
		name: "plan-pinned",
		at: (world) => plan(`digest="${world.digest}"`).at(world),
		show: (page) => page.locator("stow-plan .fact").getByText("Pinned", { exact: true }).waitFor(),
	},
	{ name: "plan-pin-failed", ...plan(`digest="${OTHER}"`), show: (page) => page.getByText(OTHER).first().waitFor() },
	{ name: "plan-failed", ...plan("", (world) => world.ref("wrongSize")), show: proved },
	{
		name: "plan-error",
		...plan("", ({ registry }) => `${registry.host}/harbour/nothing:here`),
		show: (page) => page.locator("stow-plan").getByRole("alert").waitFor(),
	},
	{ name: "plan-snapshot", ...snapshot(), show: proved },
	{
		name: "plan-proved",
		...plan('view="layers"'),
		async show(page) {
			const verify = page.locator("stow-plan").getByRole("button", { name: /^Verify layers/ });
			await verify.click();
			await verify.waitFor({ state: "detached" });
		},
	},
	{
		name: "plan-table",
		at: (world) => {
			const names = [world.harbour, world.ref("wrongSize"), `${world.registry.host}/harbour/nothing:here`];
			const rows = [...names.map((name) => `<li>${name}</li>`), `<li>${world.harbour} ${OTHER}</li>`];
			return article(world, `<stow-plan-table proxy="${world.app.proxy}"><ul>${rows.join("")}</ul></stow-plan-table>`);
		},
		async show(page) {
			await page.getByText(OTHER).first().waitFor();
			await page.locator("stow-plan-table .plan-foot").getByText("4 images").waitFor();
			await page.locator("stow-plan-table .why").nth(2).waitFor();
		},
	},
	{
		name: "plan-compare",
		at: (world) =>
			article(
				world,
				`<stow-plan-compare a="${world.harbour}" b="${world.ref("oci")}" proxy="${world.app.proxy}"></stow-plan-compare>`,
			),
		show: (page) => page.locator("stow-plan-compare .compare-answer").waitFor(),
	},
	{
		name: "plan-tags",
		at: (world) => {
			const repository = world.harbour.replace(/:[^:/]*$/, "");
			return article(world, `<stow-plan-tags repository="${repository}" proxy="${world.app.proxy}"></stow-plan-tags>`);
		},
		async show(page) {
			await page.getByRole("button", { name: /^Group by digest · / }).click();
			await page.locator("stow-plan-tags .tag-lines .digest").first().waitFor();
		},
	},
	{
		name: "frame",
		at: ({ app, harbour }) => `${app.url}embed.html#${new URLSearchParams({ reference: harbour, proxy: app.proxy })}`,
		show: proved,
	},
	{
		name: "frame-empty",
		at: ({ app }) => `${app.url}embed.html`,
		show: (page) => page.locator("stow-plan").getByRole("alert").waitFor(),
	},
];

export const AROUND = [...HOW, ...PLAN];

// Docusaurus: fences become elements in every content plugin; their snapshots are kept before the pages are compiled.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { remarkStowplan, Site } from "stowplan/docs.js";

/** The folder from which the site takes the element's files: Docusaurus itself makes it and does not commit it. */
const STATIC = ".docusaurus/stowplan";
/** The parts of a site that have pages. */
const CONTENT = ["docs", "blog", "pages"];
const FOLDERS = ["docs", "blog", "src/pages", "versioned_docs"];

/**
 * Adds Stowplan to a Docusaurus configuration.
 * @param {import("@docusaurus/types").Config} config
 * @param {import("stowplan/docs.js").KeepOptions & { folders?: string[] }} [options] `offline`, `refresh`; `folders` with pages
 * @returns {import("@docusaurus/types").Config}
 */
export function withStowplan(config, { folders = FOLDERS, ...options } = {}) {
	const { baseUrl: base, presets = [], plugins = [], staticDirectories = ["static"] } = config;
	const site = new Site({ ...options, base });
	const remark = [remarkStowplan, { site, mdx: true }];
	return {
		...config,
		staticDirectories: [...staticDirectories, STATIC],
		presets: presets.map((preset) => inPreset(preset, remark)),
		plugins: [...plugins.map((plugin) => inPlugin(plugin, remark)), (context) => keeping(context, site, folders)],
	};
}

/** @param {any} preset @param {any} remark */
function inPreset(preset, remark) {
	const [name, options = {}] = Array.isArray(preset) ? preset : [preset];
	if (!name) return preset;
	const parts = CONTENT.filter((part) => options[part] !== false).map((part) => [part, before(options[part], remark)]);
	return [name, { ...options, ...Object.fromEntries(parts) }];
}

/** @param {any} plugin @param {any} remark */
function inPlugin(plugin, remark) {
	const [name, options] = Array.isArray(plugin) ? plugin : [plugin];
	return /(^|plugin-)content-(docs|blog|pages)$/.test(String(name)) ? [name, before(options, remark)] : plugin;
}

/** Ahead of Docusaurus's own, which know code blocks only. @param {any} options @param {any} remark */
const before = (options = {}, remark) => ({
	...options,
	beforeDefaultRemarkPlugins: [remark, ...(options.beforeDefaultRemarkPlugins ?? [])],
});

/** @param {{ siteDir: string }} context @param {Site} site @param {string[]} folders */
const keeping = ({ siteDir }, site, folders) => ({
	name: "stowplan",
	async loadContent() {
		for (const folder of folders.map((one) => join(siteDir, one)).filter(existsSync)) await site.keepAll(folder);
		await site.copyTo(join(siteDir, STATIC));
	},
	injectHtmlTags: () => ({
		headTags: [{ tagName: "script", attributes: { type: "module", src: site.script } }],
	}),
});

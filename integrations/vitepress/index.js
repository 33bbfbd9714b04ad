// VitePress: fences become elements, their snapshots are kept when a build begins, and the site serves what they need.

import { markdownItStowplan, Site } from "stowplan/docs.js";

/**
 * Adds Stowplan to a VitePress configuration.
 * @param {import("vitepress").UserConfig} config
 * @param {import("stowplan/docs.js").KeepOptions} [options] `offline`, `refresh`
 * @returns {import("vitepress").UserConfig}
 */
export function withStowplan(config = {}, options = {}) {
	const { base = "/", head = [], markdown, vue, vite, buildEnd } = config;
	const site = new Site({ ...options, base });
	const { compilerOptions } = vue?.template ?? {};
	const isCustomElement = (tag) => /^stow-plan(-|$)/.test(tag) || compilerOptions?.isCustomElement?.(tag);
	return {
		...config,
		head: [...head, ["script", { type: "module", src: site.script }]],
		markdown: {
			...markdown,
			config(md) {
				markdown?.config?.(md);
				markdownItStowplan(md, { site: () => site, fileOf: (env) => env.realPath ?? env.path });
			},
		},
		vue: { ...vue, template: { ...vue?.template, compilerOptions: { ...compilerOptions, isCustomElement } } },
		vite: { ...vite, plugins: [...(vite?.plugins ?? []), keeping(site)] },
		async buildEnd(built) {
			await buildEnd?.(built);
			await site.copyTo(built.outDir);
		},
	};
}

/** The pages are rendered after this; VitePress builds twice, and the pages are checked once. */
function keeping(site) {
	let folder;
	let kept;
	return {
		name: "stowplan",
		configResolved(config) {
			folder = config.vitepress?.srcDir ?? config.root;
		},
		buildStart() {
			kept ??= site.keepAll(folder);
			return kept;
		},
		configureServer({ middlewares }) {
			middlewares.use(site.middleware);
		},
	};
}

// Astro and Starlight: fences become elements, their snapshots are kept before a page is rendered, the site gets the files.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { remarkStowplan, Site } from "stowplan/docs.js";

/**
 * An integration of Astro.
 * @param {import("stowplan/docs.js").KeepOptions} [options] `offline`, `refresh`
 * @returns {import("astro").AstroIntegration}
 */
export default function stowplan(options = {}) {
	/** @type {Site} */
	let site;
	return {
		name: "starlight-stowplan",
		hooks: {
			"astro:config:setup": async ({ command, config, injectScript, updateConfig }) => {
				site = new Site({ root: fileURLToPath(config.publicDir), ...options, base: config.base });
				const pages = fileURLToPath(config.srcDir);
				if (command !== "preview" && existsSync(pages)) await site.keepAll(pages);
				updateConfig({ markdown: { remarkPlugins: [[remarkStowplan, { site }]] } });
				injectScript("head-inline", `import(${JSON.stringify(site.script)});`);
			},
			"astro:server:setup": ({ server }) => void server.middlewares.use(site.middleware),
			"astro:build:done": ({ dir }) => site.copyTo(fileURLToPath(dir)),
		},
	};
}

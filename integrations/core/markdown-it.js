// embeds -> HTML. A plugin of markdown-it: fences become elements. Their snapshots are kept before (`Site.keepAll`).

import { isOurs } from "./find.js";

/**
 * @param {import("markdown-it").default} md
 * @param {{ site: () => import("./site.js").Site, fileOf: (env: any) => string }} options the page that is rendered
 */
export function markdownItStowplan(md, { site, fileOf }) {
	const others = md.renderer.rules.fence;
	md.renderer.rules.fence = (tokens, at, options, env, self) => {
		const token = tokens[at];
		if (token && isOurs(token.info)) return `${site().draw(token.content, fileOf(env))}\n`;
		return others ? others(tokens, at, options, env, self) : self.renderToken(tokens, at, options);
	};
}

/** Makes the page's style sheet one for a shadow tree: sizes by the element's font size, conditions by its width. */

import * as esbuild from "esbuild";

/** Other pages set their root's font size as they like, so `rem` means nothing there. */
const REM = /(?<![\w.-])(-?\d*\.?\d+)rem\b/g;
const WIDTH_CONDITION = /@media\s*\((max|min)-width:\s*([\d.]+)rem\)/g;

/**
 * @param {string} css bundled and minified
 * @returns {string}
 */
export function shadowCss(css) {
	return css
		.replace(WIDTH_CONDITION, "@container stow-plan ($1-width:$2em)")
		.replace(REM, (_, number) => `calc(${Number(number)}*var(--stow-rem,1rem))`);
}

/**
 * A style sheet that a script imports is for a shadow tree: bundled as the page's are, then its text.
 * @param {esbuild.BuildOptions} options of the page's style sheets
 * @returns {esbuild.Plugin}
 */
export const shadowSheets = (options) => ({
	name: "shadow-sheets",
	setup(build) {
		build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
			const { outputFiles } = await esbuild.build({ ...options, entryPoints: [path], write: false });
			return { contents: shadowCss(String(outputFiles?.[0]?.text).trim()), loader: "text" };
		});
	},
});

/** Types of the elements for React, Vue and Svelte, from their manifest (custom-elements.json). */

/**
 * @typedef {{ tagName: string, name: string, attributes: { name: string, description?: string, type: { text: string } }[] }} Declaration
 * @typedef {{ modules: { declarations?: Declaration[] }[] }} Manifest
 */

/** The declaration that each takes for its elements: the module, and an entry of its table of elements. */
const FRAMEWORKS = {
	react: {
		head: 'import type { DetailedHTMLProps, HTMLAttributes } from "react";',
		open: 'declare module "react" {\n\tnamespace JSX {\n\t\tinterface IntrinsicElements',
		entry: (/** @type {string} */ own) => `DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & ${own}`,
		close: "\t}\n}",
	},
	vue: {
		head: 'import type { HTMLAttributes } from "vue";',
		open: 'declare module "vue" {\n\tinterface GlobalComponents',
		entry: (/** @type {string} */ own) => `new () => { $props: HTMLAttributes & ${own} }`,
		close: "}",
	},
	svelte: {
		head: 'import type { HTMLAttributes } from "svelte/elements";',
		open: 'declare module "svelte/elements" {\n\tinterface SvelteHTMLElements',
		entry: (/** @type {string} */ own) => `HTMLAttributes<HTMLElement> & ${own}`,
		close: "}",
	},
};

/**
 * @param {Manifest} manifest
 * @returns {Record<string, string>} files by their names
 */
export function frameworkTypes({ modules }) {
	const elements = modules.flatMap(({ declarations = [] }) => declarations.filter(({ tagName }) => tagName));
	const attributes = elements.map(
		({ name, attributes: all }) => `export interface ${name}Attributes {\n${all.map(attribute).join("")}}\n`,
	);
	const names = elements.map(({ name }) => `${name}Attributes`).join(", ");
	const files = Object.entries(FRAMEWORKS).map(([framework, { head, open, entry, close }]) => {
		const table = elements.map(({ tagName, name }) => `\t"${tagName}": ${entry(`${name}Attributes`)};\n`).join("");
		return [
			`${framework}.d.ts`,
			`${head}\nimport type { ${names} } from "./attributes.js";\n\n${open} {\n${table}\t}\n${close}\n`,
		];
	});
	return { "attributes.d.ts": attributes.join("\n"), ...Object.fromEntries(files) };
}

/** @param {Declaration["attributes"][number]} attribute */
const attribute = ({ name, description = "", type: { text } }) => `\t/** ${description} */\n\t"${name}"?: ${text};\n`;

// Report -> others' pages. The texts that an author copies: the element, the frame, the badge. Pure; everything is escaped.

/**
 * @typedef {object} Chosen
 * @property {string} host the address of this page's folder, with its slash
 * @property {string} [reference]
 * @property {string} [src] of a snapshot, in the place of a reference
 * @property {string} [proxy]
 * @property {string} [platform]
 * @property {string} [digest] pinned
 * @property {string} [view]
 * @property {string} [theme]
 * @property {{ file: string, integrity: string }} [fixed] the script of one build, by its address and its bytes
 */

/** In the order in which they are written. */
export const NAMES = /** @type {const} */ (["reference", "src", "proxy", "platform", "digest", "view", "theme"]);

/**
 * Scripts, and links that open beside the frame. It keeps the origin of its host: browsers run no module worker without
 * one. A page of another origin is as safe from it as without.
 */
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** @param {Chosen} chosen */
export function elementSnippet(chosen) {
	const attributes = said(chosen).map(([name, value]) => `\n  ${name}="${escaped(value)}"`);
	return `${script(chosen)}\n<stow-plan${attributes.join("")}>\n  ${escaped(nameOf(chosen))}\n</stow-plan>`;
}

/** @param {Chosen} chosen */
function script({ host, fixed }) {
	const integrity = fixed ? ` integrity="${escaped(fixed.integrity)}" crossorigin="anonymous"` : "";
	return `<script type="module" src="${escaped(host)}${escaped(fixed?.file ?? "embed.js")}"${integrity}></script>`;
}

/** @param {Chosen} chosen */
export function frameSnippet(chosen) {
	const fields = said(chosen).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
	return `<iframe src="${escaped(`${chosen.host}embed.html#${fields.join("&")}`)}"\n  title="${escaped(nameOf(chosen))}" width="100%" height="480" loading="lazy"\n  sandbox="${SANDBOX}"></iframe>`;
}

/**
 * A picture that says which bytes are meant, and nothing about them: no check was made for its reader.
 * @param {string} digest
 */
export function badgeSvg(digest) {
	const words = escaped(shortened(digest));
	const [left, right] = [46, 14 + words.length * 6.7];
	const width = Math.round(left + right);
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="image ${words}"><title>image ${words}</title><clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="20" fill="#39424a"/><rect x="${left}" width="${width - left}" height="20" fill="#0f5c82"/></g><g fill="#fff" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="11"><text x="6" y="14">image</text><text x="${left + 7}" y="14">${words}</text></g></svg>\n`;
}

/** The text of the badge for readers who do not see it. @param {string} digest */
export const badgeAlt = (digest) => `image ${digest}`;

/** The picture beside the README, and the page that computes the verdict for a reader who follows it. @param {{ host: string, reference: string, digest: string }} about */
export function badgeMarkdown({ host, reference, digest }) {
	const pinned = `${reference.split("@")[0]?.replace(/:[^:/]*$/, "")}@${digest}`;
	const alt = badgeAlt(digest).replace(/[[\]\\]/g, "\\$&");
	return `[![${alt}](stowplan-badge.svg)](${host}#ref=${encodeURIComponent(pinned).replace(/%(2F|3A|40)/g, decodeURIComponent)})`;
}

/** @param {Chosen} chosen @returns {[string, string][]} */
const said = (chosen) =>
	NAMES.flatMap((name) => (chosen[name] ? [/** @type {[string, string]} */ ([name, chosen[name]])] : []));

/** @param {Chosen} chosen */
const nameOf = ({ reference, src }) => `What is inside ${reference ?? src ?? "the image"}`;

/** @param {string} digest */
const shortened = (digest) => digest.slice(0, digest.indexOf(":") + 13);

/** @param {string} text */
const escaped = (text) =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll("&#38;", "&amp;");

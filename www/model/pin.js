// Report -> www. The parts of a reference, and the line that pins what a tag gave.

/** @typedef {import("./model.js").Model} Model */

/**
 * The parts of a canonical reference; `pinned` where it names a digest.
 * @param {string | undefined} reference
 */
export function referenceParts(reference) {
	if (!reference) return undefined;
	const [named = "", digest] = reference.split("@");
	const slash = named.lastIndexOf("/");
	const colon = named.indexOf(":", slash + 1);
	const name = colon < 0 ? named : named.slice(0, colon);
	const tag = colon < 0 ? undefined : named.slice(colon + 1);
	const first = name.indexOf("/");
	return { name, tag, digest, registry: name.slice(0, first), repository: name.slice(first + 1) };
}

/**
 * The line that pins what a tag gave: `name@sha256:…`; nothing where the reference was pinned or nothing was read.
 * @param {Model} model
 */
export function pinLine(model) {
	const parts = referenceParts(model.report.source.reference);
	const root = model.roots[0];
	if (!parts || parts.digest || !root?.read || !root.digest) return undefined;
	return `${parts.name}@${root.digest}`;
}

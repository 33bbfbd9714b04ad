// Report -> www. Names an image outside of the page: in a file's name, in the document's title.

import { visible } from "../i18n/format.js";
import { referenceParts } from "./model.js";

/** @typedef {import("../types.js").Report} Report */

/** The name of the image in a file's name: `team-app-1.2`. @param {Report} report */
export function shareName({ source }) {
	const parts = referenceParts(source.reference);
	const name = parts
		? [parts.repository, parts.tag ?? parts.digest?.replace(/^sha256:/, "").slice(0, 12)].filter(Boolean).join("-")
		: (source.name ?? "report").replace(/\.(tar|tgz|json|txt)(\.\w+)?$/i, "");
	return (
		name
			.replace(/[^A-Za-z0-9._-]+/g, "-")
			.replace(/^[-.]+|[-.]+$/g, "")
			.slice(0, 100) || "report"
	);
}

/** The image as people call it: `team/app:1.2`. @param {Report} report */
export function titleName({ source }) {
	const parts = referenceParts(source.reference);
	if (!parts) return visible(source.name ?? "", 100);
	const digest = parts.digest ? `@${parts.digest.slice(0, 19)}…` : "";
	return visible(`${parts.repository}${parts.tag ? `:${parts.tag}` : ""}${digest}`, 140);
}

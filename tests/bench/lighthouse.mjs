// Off the line, under the benchmarks: Lighthouse's scores for the served page, as a phone and as a desk would have it.

import { audit } from "../e2e/support/lighthouse.mjs";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

/** @param {{ app: { url: string } }} world */
export async function lighthouse({ app }) {
	const rows = [];
	for (const form of /** @type {const} */ (["mobile", "desktop"])) {
		const { scores, missed } = await audit(app.url, CATEGORIES, form);
		const result = CATEGORIES.map((id) => `${id} ${scores[id]}`).join(", ");
		const why = missed.length > 0 ? `; missed: ${missed.join(", ")}` : "";
		rows.push({ what: `Lighthouse, first visit, ${form}`, result: result + why, goal: "100 each" });
	}
	return rows;
}

// Off the line, under the end-to-end tests: what the element says of the signer that its page names.

import { withPage } from "./browser.mjs";

/**
 * The class of the signer's line, the two values that differ, and the verdict of all.
 * @param {import("playwright-core").Browser} browser
 * @param {{ url: string, proxy: string }} app
 * @param {Record<string, string>} attributes of the element
 * @param {string} [snapshot] what lies at its `src`
 * @returns {Promise<{ verdict: string, mark?: string, marks: string[], values: string[] }>}
 */
export async function signerElement(browser, app, attributes, snapshot) {
	/** @type {any} */
	let said;
	await withPage(
		browser,
		async (page) => {
			await page.goto(app.url);
			const body = snapshot ?? "";
			if (snapshot)
				await page.route("**/kept.json", (route) => route.fulfill({ body, contentType: "application/json" }));
			said = await page.evaluate(
				async ([proxy, attributes]) => {
					await import(new URL("www/stow-plan-define.js", document.baseURI).href);
					const plan = document.createElement("stow-plan");
					for (const [name, value] of Object.entries({ proxy, ...attributes })) plan.setAttribute(name, value);
					const verdict = new Promise((resolve) =>
						plan.addEventListener("stow-verdict", (event) =>
							resolve(/** @type {CustomEvent} */ (event).detail.verdict),
						),
					);
					document.body.prepend(plan);
					const found = await verdict;
					await new Promise((resolve) => setTimeout(resolve, 300));
					const line = plan.shadowRoot.querySelector(".signer");
					const values = [...plan.shadowRoot.querySelectorAll(".signer ~ dl dd")].map((one) => one.textContent);
					const marks = [...plan.shadowRoot.querySelectorAll(".signer")].map((one) => one.className);
					return { verdict: found, mark: line?.className, marks, values };
				},
				/** @type {[string, Record<string, string>]} */ ([app.proxy, attributes]),
			);
		},
		{ expected: /404|Failed to load resource/ },
	);
	return said;
}

// Off the line, under the browser tests: everything that one test file needs, started once and stopped together.

import { startApp } from "./app.mjs";
import { launch, withPage } from "./browser.mjs";
import { fixtures } from "./images.mjs";
import { startLiar } from "./lying-proxy.mjs";
import { startRegistry } from "./registry.mjs";

/** Chromium's own log line for an answer that is an error; tests that provoke one allow it. */
export const FAILED_LOAD = /Failed to load resource/;

/**
 * The honest registry, a liar in front of it that looks like a registry too, Stowplan's server that may reach both, and
 * a browser.
 * @param {{ auth?: ("basic" | "token")[], browser?: () => Promise<any> }} [options] registries with the same images behind
 *   credentials; how the browser is started
 */
export async function startWorld({ auth = [], browser = launch } = {}) {
	const started = [];
	const stop = () => Promise.all(started.reverse().map((part) => (part.stop ?? part.close).call(part)));
	const start = async (part) => {
		const running = await part;
		started.push(running);
		return running;
	};
	try {
		return { ...(await build({ auth, launchBrowser: browser }, start)), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Present once the page's scripts have replaced the view of index.html. */
export const DRAWN = "html[data-shell=drawn]";
/** Waits until then. @param {import("playwright-core").Page} page */
export const drawn = (page) => page.locator(DRAWN).waitFor({ state: "attached" });

async function build({ auth, launchBrowser }, start) {
	const { storage, images } = await fixtures();
	const registry = await start(startRegistry({ storage }));
	const guarded = [];
	for (const kind of auth) guarded.push(await start(startRegistry({ auth: kind, storage })));
	const liar = await start(startLiar(registry.host));
	const plainHttp = [registry, liar, ...guarded].map(({ host }) => host);
	plainHttp.push(...guarded.flatMap(({ authHost }) => authHost ?? []));
	const app = await start(startApp({ plainHttp }));
	const browser = await start(launchBrowser());
	return {
		images,
		registry,
		liar,
		app,
		browser,
		guarded: Object.fromEntries(auth.map((kind, index) => [kind, guarded[index]])),
		/** The reference of an image on the honest registry, or on another host. */
		ref: (name, host = registry.host) => `${host}/${images[name].path}`,
		/** A test body with a page that shows Stowplan. */
		onPage: (body, { hash = "", ...options } = {}) =>
			withPage(
				browser,
				async (page) => {
					await page.goto(`${app.url}${hash}`);
					await drawn(page);
					await body(page);
				},
				options,
			),
	};
}

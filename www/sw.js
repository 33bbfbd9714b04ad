// Line: www, the service worker: one version of the page's own files, kept whole, so that the page loads without a network.

/**
 * Written by www/offline/precache.mjs: the files of this build by their addresses below this one, each with its hash.
 * @type {{ version: string, files: Record<string, string> }}
 */
const { version, files } = /** @type {any} */ (globalThis).BUILT;

const worker = /** @type {any} */ (globalThis);
const scope = new URL("./", location.href);

/** Caches are shared by everything on the origin: another copy of the page, under another path, has its own. */
const own = `stowplan ${scope.pathname} `;
const present = own + version;

/** What is asked of the browser: this file and no other, whatever lies on the server by then. @param {string} path */
const requestFor = (path) =>
	new Request(new URL(path, scope), { integrity: files[path], cache: "no-cache", credentials: "same-origin" });

/** A build whose files are not all there, or not of one version, is never taken into use. */
async function install() {
	const cache = await caches.open(present);
	await cache.addAll(Object.keys(files).map(requestFor));
}

/** Nobody uses the versions of before any more. */
async function activate() {
	const names = await caches.keys();
	await Promise.all(names.filter((one) => one.startsWith(own) && one !== present).map((one) => caches.delete(one)));
}

/** The file that an address asks for; nothing for what is not ours to answer, such as the proxy's. @param {Request} request */
function fileFor({ method, url }) {
	const { origin, pathname } = new URL(url);
	if (method !== "GET" || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return undefined;
	const path = `./${pathname.slice(scope.pathname.length).replace(/^index\.html$/, "")}`;
	return Object.hasOwn(files, path) ? path : undefined;
}

/** Loads again what is asked for, as soon as the newer version is the one that answers. */
const AGAIN = `<!doctype html><script>
const again = () => location.reload();
navigator.serviceWorker.addEventListener("controllerchange", again);
setTimeout(again, 1000);
</script>`;

/**
 * A newer version waits until no page runs the old one: scripts of one build never meet the wasm of another. Where the
 * only page there is gets reloaded, the newer takes over first.
 * @param {any} event @param {string} path
 */
async function answer({ request, clientId }, path) {
	const { waiting } = worker.registration;
	if (waiting && request.mode === "navigate" && request.cache === "no-cache" && (await isAlone(clientId))) {
		waiting.postMessage("take over");
		return new Response(AGAIN, { headers: { "content-type": "text/html" } });
	}
	const kept = await (await caches.open(present)).match(new URL(path, scope));
	// What the browser has thrown away is fetched again, but only as it was.
	if (!kept) return fetch(requestFor(path));
	// A host that leaves out .html sends away who asks for it, and a page may not come by such a way.
	return kept.redirected ? new Response(kept.body, { headers: kept.headers }) : kept;
}

/** Whether no other page or frame of ours is open. @param {string} id */
async function isAlone(id) {
	const pages = await worker.clients.matchAll({ includeUncontrolled: true });
	return pages.every((/** @type {any} */ page) => page.id === id);
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("message", (/** @type {MessageEvent} */ { data }) => {
	if (data === "take over") worker.skipWaiting();
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
	const path = fileFor(event.request);
	if (path !== undefined) event.respondWith(answer(event, path));
});

export {};

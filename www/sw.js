// The service worker: one version of the page's own files, kept whole, so that the page loads without a network.

/**
 * Written by www/build/precache.mjs: the files of this build by their addresses below this one, each with its hash.
 * @type {{ version: string, files: Record<string, string> }}
 */
const { version, files } = /** @type {any} */ (globalThis).BUILT;

const worker = /** @type {any} */ (globalThis);
const scope = new URL("./", location.href);

/** Caches are shared by everything on the origin: another copy of the page, under another path, has its own. */
const own = `stowplan ${scope.pathname} `;
const present = own + version;

/** Asks the browser for this file and no other, even if the server has a newer one by then. @param {string} path */
const requestFor = (path) =>
	new Request(new URL(path, scope), { integrity: files[path], cache: "no-cache", credentials: "same-origin" });

/** A build whose files are not all there, or not of one version, is never taken into use. */
async function install() {
	const cache = await caches.open(present);
	await cache.addAll(Object.keys(files).map(requestFor));
}

/** No page uses the earlier versions any more. */
async function activate() {
	const names = await caches.keys();
	await Promise.all(names.filter((one) => one.startsWith(own) && one !== present).map((one) => caches.delete(one)));
}

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

/** The first words of this file as it is served. If its address serves others, the page is no longer there. */
const MARK = "/* Stowplan's service worker */";

/**
 * Another program may answer on this port or path by now. One answer that is not this file, and the worker goes, with all
 * that it kept; the page that it has just shown is loaded again, from the cache or the network. No answer is no proof.
 * @param {string} id of that page
 */
async function leaveIfGone(id) {
	const said = await fetch(location.href, { cache: "no-store" }).catch(() => undefined);
	const gone = said && said.status < 500 && !(said.ok && (await said.text()).startsWith(MARK));
	if (!gone) return;
	// The look may be over before the page is there.
	for (let tries = 0; tries < 50 && !(await worker.clients.get(id)); tries++) await pause(100);
	await worker.registration.unregister();
	for (const name of await caches.keys()) if (name.startsWith(own)) await caches.delete(name);
	const pages = await worker.clients.matchAll({ type: "window" });
	await Promise.all(pages.map((/** @type {any} */ page) => page.navigate(page.url).catch(() => {})));
}

/**
 * True if a page of ours asks: another program's page below this folder has files of the same names. A request without
 * a page, which is a navigation or a preload, is judged by its address alone.
 * @param {string} id
 */
async function isOurs(id) {
	const page = id && (await worker.clients.get(id));
	return !page || fileFor({ method: "GET", url: page.url }) !== undefined;
}

/** The file that an address asks for; nothing for what is not ours to answer, such as the proxy's. @param {{ method: string, url: string }} request */
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
 * A newer version waits until no page runs the old one: scripts of one build never meet the wasm of another. If the
 * only page there is gets reloaded, the newer takes over first.
 * @param {any} event @param {string} path
 */
async function answer({ request, clientId }, path) {
	if (request.mode !== "navigate" && !(await isOurs(clientId))) return fetch(request);
	const { waiting } = worker.registration;
	if (waiting && request.mode === "navigate" && request.cache === "no-cache" && (await isAlone(clientId))) {
		waiting.postMessage("take over");
		return new Response(AGAIN, { headers: { "content-type": "text/html" } });
	}
	const kept = await (await caches.open(present)).match(new URL(path, scope));
	// A file that the browser has thrown away is fetched again, but only as it was.
	if (!kept) return fetch(requestFor(path));
	// A host that leaves out .html sends away who asks for it, and a page may not come by such a way.
	return kept.redirected ? new Response(kept.body, { headers: kept.headers }) : kept;
}

/** True if no other page or frame of ours is open. @param {string} id */
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
	if (path === undefined) return;
	event.respondWith(answer(event, path));
	if (event.request.mode === "navigate") event.waitUntil(leaveIfGone(event.resultingClientId));
});

export {};

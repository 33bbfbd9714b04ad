// Off the line, under the benchmarks of layers: contenders in one page of the site, through its own server and proxy.

/** Starts what is to be warm; what stands here runs in the page. */
export async function prepare(page, { app, registry }) {
	await page.goto(app.url);
	await page.evaluate(async (proxy) => {
		const api = await import(new URL("www/api.js", location.href).href);
		const workers = new Map();
		const peer = async (how, url) => {
			if (!workers.has(how)) workers.set(how, new Worker("bench/peer.js", { type: "module" }));
			const worker = workers.get(how);
			return new Promise((resolve, reject) => {
				worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
				worker.onerror = ({ message }) => reject(new Error(message || "the peer's worker failed"));
				worker.postMessage({ how, url });
			});
		};
		const reports = new Map();
		const ours = async (reference, workers) => {
			if (!reports.has(reference)) reports.set(reference, await api.inspect(reference, { proxy }));
			const start = performance.now();
			const report = await api.verifyLayers(reports.get(reference), { proxy, workers, cache: false });
			const seconds = (performance.now() - start) / 1000;
			const layers = report.nodes.filter(({ kind }) => kind === "layer");
			return { seconds, layers: layers.map(({ read, entryCount, checks }) => ({ read, entryCount, checks })) };
		};
		const alone = async (url, spec) => {
			const worker = new Worker("bench/alone.js", { type: "module" });
			return new Promise((resolve, reject) => {
				worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
				worker.onerror = ({ message }) => reject(new Error(message || "the worker failed"));
				worker.postMessage({ url, spec });
			}).finally(() => worker.terminate());
		};
		globalThis.bench = { peer, ours, alone, cores: navigator.hardwareConcurrency };
	}, app.proxy);
	const base = `${app.proxy}${registry.host}`;
	return {
		ours: ours.bind(null, page, registry.host),
		peer: peer.bind(null, page, base),
		alone: alone.bind(null, page, base),
	};
}

/** Seconds; fails if a layer's verdict is not the whole one. */
async function ours(page, host, { path, layers }, workers) {
	const call = ([reference, workers]) => /** @type {any} */ (globalThis).bench.ours(reference, workers);
	const found = await page.evaluate(call, [`${host}/${path}`, workers]);
	for (const [place, { entries }] of layers.entries()) {
		const { read, entryCount, checks } = found.layers[place] ?? {};
		const passed = ["digest", "diff-id", "tar"].filter((id) =>
			checks?.some((one) => one.id === id && one.outcome === "pass"),
		);
		if (!read || passed.length < 3 || entryCount !== entries)
			throw new Error(`layer ${place} was not read whole: ${JSON.stringify({ read, entryCount, entries, checks })}`);
	}
	return found.seconds;
}

/** Seconds that fetching, unpacking (with the blob's hash) and listing (with the tar's) take one by one, and the cores. */
async function alone(page, base, { name, layers: [{ digest, diffId }] }) {
	const call = async ([url, spec]) => {
		const { bench } = /** @type {any} */ (globalThis);
		return { ...(await bench.alone(url, spec)), cores: bench.cores };
	};
	return page.evaluate(call, [`${base}/v2/${name}/blobs/${digest}`, { digest, diffId }]);
}

async function peer(page, base, { name, layers: [layer] }, how) {
	const found = await page.evaluate(
		async ([how, url]) => {
			const start = performance.now();
			const answer = await /** @type {any} */ (globalThis).bench.peer(how, url);
			return { ...answer, seconds: (performance.now() - start) / 1000 };
		},
		[how, `${base}/v2/${name}/blobs/${layer.digest}`],
	);
	for (const key of ["digest", "diffId", "entries"])
		if (found[key] !== layer[key]) throw new Error(`${how} found ${key} ${found[key]}, not ${layer[key]}`);
	return found.seconds;
}

/** Runs `work` while the page scrolls; what its main thread did meanwhile, in milliseconds. */
export async function watched(page, work) {
	await page.evaluate(() => {
		const watch = { longest: 0, gap: 0, scrolls: 0, running: true };
		const observer = new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) watch.longest = Math.max(watch.longest, duration);
		});
		observer.observe({ type: "longtask" });
		document.body.style.minHeight = "10000px";
		let last = performance.now();
		const frame = () => {
			const now = performance.now();
			watch.gap = Math.max(watch.gap, now - last);
			last = now;
			const before = scrollY;
			scrollTo(0, before > 5000 ? 0 : before + 40);
			watch.scrolls += Number(scrollY !== before);
			if (watch.running) requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
		/** @type {any} */ (globalThis).watch = watch;
	});
	await work();
	return page.evaluate(async () => {
		// Long tasks are told late.
		await new Promise((resume) => setTimeout(resume, 500));
		const { watch } = /** @type {any} */ (globalThis);
		watch.running = false;
		return watch;
	});
}

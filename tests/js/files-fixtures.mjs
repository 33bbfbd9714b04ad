// Off the line, under the tests of the files' elements: a handle over entries in memory that answers as the real one does.

/**
 * @typedef {import("../../www/views/files/contract.js").FileRow} FileRow
 * @typedef {import("../../www/views/files/contract.js").FilesHandle} FilesHandle
 * @typedef {import("../../www/views/files/contract.js").FilesQuery} FilesQuery
 * @typedef {Partial<FileRow> & { path: string }} Given
 * @typedef {FileRow & { below: Built[] }} Built
 */

/** @param {Given} given @param {number} id @returns {Built} */
function built(given, id) {
	const parts = given.path.split("/");
	return {
		id,
		depth: parts.length - 1,
		name: parts.at(-1) ?? "",
		kind: "file",
		mode: given.kind === "dir" ? "drwxr-xr-x" : "-rw-r--r--",
		octal: given.kind === "dir" ? "0755" : "0644",
		uid: 0,
		gid: 0,
		size: 0,
		mtime: 1_700_000_000,
		layer: 0,
		at: id,
		change: "added",
		children: 0,
		open: false,
		below: [],
		...given,
	};
}

/**
 * @param {Given[]} entries parents before what is in them
 * @param {{ layers?: number, asked?: unknown[] }} [options] `asked`: gets every query
 * @returns {FilesHandle}
 */
export function fakeHandle(entries, { layers = 1, asked = [] } = {}) {
	const all = entries.map(built);
	/** @type {Map<string, Built>} */
	const byPath = new Map(all.map((row) => [row.path, row]));
	const roots = all.filter((row) => !row.path.includes("/"));
	for (const row of all) byPath.get(row.path.slice(0, Math.max(0, row.path.lastIndexOf("/"))))?.below.push(row);
	for (const row of all) row.children = row.below.length;
	/** @type {FilesQuery} */
	let query = { view: "image" };
	/** @type {Built[]} */
	let visible = [];
	let matched = all.length;
	const view = () => ({ total: visible.length, matched, entries: all.length });
	const fits = (/** @type {Built} */ row) =>
		(!query.path || row.path.includes(query.path.text)) &&
		(!query.changes || query.changes.includes(row.change)) &&
		(!query.finding || !!row.findings?.includes(query.finding));
	const narrowed = () => !!(query.path || query.changes || query.finding);
	const lay = () => {
		const kept = narrowed() ? all.filter(fits) : all;
		matched = kept.length;
		visible = [];
		const walk = (/** @type {Built[]} */ rows) => {
			for (const row of rows) {
				visible.push(row);
				if (row.open) walk(row.below);
			}
		};
		if (narrowed()) visible = kept;
		else walk(roots);
		return view();
	};
	lay();
	return {
		layers: Array.from({ length: layers }, (_, position) => ({ id: String(position), position })),
		query: async (next) => {
			asked.push(next);
			if (next.path?.text === "(slow)") throw Object.assign(new Error("slow"), { code: "pattern-too-slow" });
			query = next;
			return lay();
		},
		rows: async (from, to) => visible.slice(from, to).map(({ below, ...row }) => row),
		toggle: async (id, open) => {
			const row = all[id];
			if (row) row.open = open;
			return lay();
		},
		openAll: async (open) => {
			for (const row of all) row.open = open && row.children > 0;
			return lay();
		},
		find: async (path) => {
			const row = byPath.get(path);
			if (!row) return -1;
			for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
				const up = byPath.get(path.slice(0, at));
				if (up) up.open = true;
			}
			lay();
			return visible.indexOf(row);
		},
		detail: async (id) => {
			const { below, ...row } = /** @type {Built} */ (all[id]);
			const { kind, mode, size, mtime, layer, at, change } = row;
			const first = { layer, at, kind, change, mode, size, mtime };
			const history = row.later
				? [first, { ...first, layer: row.later.layer, change: row.later.how === "removed" ? "removed" : "changed" }]
				: [first];
			return /** @type {any} */ ({
				row,
				history,
				findings: (row.findings ?? []).map((one) => ({ id: one, path: row.path, layer, at, why: "a test said so" })),
			});
		},
		findings: async () =>
			all.flatMap(({ path, layer, at, findings = [] }) => findings.map((id) => ({ id, path, layer, at, why: "" }))),
		sizes: async () => ({
			layers: Array.from({ length: layers }, (_, position) => {
				const own = all.filter((row) => row.layer === position);
				const fileBytes = own.reduce((sum, { size }) => sum + size, 0);
				const wasted = own.reduce((sum, { size, later }) => sum + (later ? size : 0), 0);
				return {
					position,
					entries: own.length,
					files: own.filter(({ kind }) => kind === "file").length,
					fileBytes,
					wasted,
				};
			}),
			efficiency: 0.943,
			wastedBytes: 123_456,
			userBytes: 2_000_000,
			neededBytes: 2_042_544,
			allBytes: 2_166_000,
			worst: all.filter(({ later }) => later).map(({ path, size }) => ({ path, bytes: size, times: 2 })),
			waste: all
				.filter(({ later, size }) => later && size > 0)
				.map(({ path, size, layer, later }) => ({
					...{ path, bytes: size, files: 1, layer, by: later?.layer ?? 0, how: later?.how ?? "removed" },
					advice: { code: "cache-mount", path: `/${path}` },
				})),
		}),
		content: async () => undefined,
		brought: async () => ({ paths: [], total: 0 }),
		choose: async () => ({ layers: [], bytes: 0, missing: [], linked: 0 }),
		changes: async () => ({ changes: [] }),
		treemap: async (path, wasted = false) =>
			(wasted ? [] : path === "" ? roots : (byPath.get(path)?.below ?? [])).map((row) => ({
				name: row.name,
				path: row.path,
				size: row.kind === "dir" ? weight(row) : row.size,
				kind: row.kind,
				children: row.children,
				layer: row.layer,
			})),
	};
}

/** @param {Built} row @returns {number} */
const weight = ({ size, below }) => size + below.reduce((sum, row) => sum + weight(row), 0);

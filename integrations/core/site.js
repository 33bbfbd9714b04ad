// embeds -> a built site. The steps that all plugins take: keep the snapshot of a fence, draw the element, publish the files.

import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { elementFiles, elementHtml } from "./draw.js";
import { readFence } from "./fence.js";
import { Keeper, placeOf } from "./keep.js";
import { keepPages, linesOf } from "./pages.js";

/** The folder of a site that has the element and the snapshots. */
const FOLDER = "stowplan";
/** The script that a page loads. */
const SCRIPT = "stow-plan-define.js";

/** @type {Record<string, string>} */
const TYPES = { js: "text/javascript", json: "application/json", wasm: "application/wasm", css: "text/css" };

/**
 * @typedef {import("./keep.js").KeepOptions} KeepOptions
 * @typedef {import("./find.js").Embed} Embed
 */

/** The embeds of one site while it is built. */
export class Site {
	/** Paths of snapshots by their names on the site. @type {Map<string, string>} */
	#published = new Map();

	/** @param {KeepOptions & { base?: string }} [options] `base`: the path of the site on its host */
	constructor({ base = "/", ...options } = {}) {
		this.base = base.endsWith("/") ? base : `${base}/`;
		this.keeper = new Keeper(options);
		this.options = options;
	}

	/** The address of the script that makes the element known. */
	get script() {
		return `${this.base}${FOLDER}/${SCRIPT}`;
	}

	/**
	 * Keeps the snapshots of all pages in a folder.
	 * @param {string} folder
	 * @throws an Error with a line for each problem: `file:line: …`
	 */
	async keepAll(folder) {
		const { embeds } = await keepPages([folder], { ...this.options, only: isOfBuild });
		const problems = embeds.flatMap(linesOf);
		if (problems.length > 0) throw failure(problems);
		// A tool that has a page in its cache does not render it again.
		for (const { form, snapshot } of embeds) if (form === "fence" && snapshot) this.#publish(snapshot);
	}

	/**
	 * Keeps one fence.
	 * @param {string} body @param {string} file @param {number} line
	 * @returns {Promise<string>} the HTML of its element
	 */
	async keep(body, file, line) {
		const kept = await this.keeper.keep({ line, form: "fence", ...readFence(body) }, file);
		if (kept.problems.length > 0) throw failure(linesOf(kept));
		return this.draw(body, file);
	}

	/**
	 * The element of a fence whose snapshot is kept.
	 * @param {string} body @param {string} file
	 */
	draw(body, file) {
		const { attributes } = readFence(body);
		const place = placeOf(attributes, file, this.options.root);
		return elementHtml(attributes, place && this.#publish(place));
	}

	/** Takes a snapshot in; its address changes with its content. @param {string} file */
	#publish(file) {
		const hash = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
		const [stem = ""] = path.basename(file).split(/(\.stowplan)?\.json$/);
		const name = `${stem.replace(/[^A-Za-z0-9._-]/g, "-")}-${hash}.stowplan.json`;
		this.#published.set(name, file);
		return `${this.base}${FOLDER}/${name}`;
	}

	/** Every file that the site needs, by its path below the site's root. @returns {{ name: string, file: string }[]} */
	files() {
		const own = elementFiles().map(({ name, url }) => ({ name: `${FOLDER}/${name}`, file: fileURLToPath(url) }));
		return [...own, ...[...this.#published].map(([name, file]) => ({ name: `${FOLDER}/${name}`, file }))];
	}

	/** Serves them from a development server, as a middleware of connect. */
	get middleware() {
		/** @type {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse, next: () => void) => void} */
		return ({ url }, response, next) => {
			const path = url?.split(/[?#]/)[0];
			const found = this.files().find(({ name }) => path === this.base + name);
			if (!found) return next();
			response.setHeader("content-type", TYPES[found.name.split(".").at(-1) ?? ""] ?? "application/octet-stream");
			createReadStream(found.file).pipe(response);
		};
	}

	/**
	 * Copies them into the folder of a built site.
	 * @param {string} folder
	 * @param {{ changed?: boolean }} [options] `changed`: a file that is there with the same bytes stays
	 */
	async copyTo(folder, { changed = false } = {}) {
		for (const { name, file } of this.files()) {
			const target = path.join(folder, name);
			if (changed && isSame(file, target)) continue;
			await mkdir(path.dirname(target), { recursive: true });
			await copyFile(file, target);
		}
	}
}

/** Fences, and elements that show a file of the site; what asks a registry in the reader's browser is not the build's. @param {Embed} embed */
const isOfBuild = ({ form, attributes }) => form === "fence" || Boolean(attributes.src);

/** @param {string} file @param {string} target */
const isSame = (file, target) => existsSync(target) && readFileSync(file).equals(readFileSync(target));

/** @param {string[]} lines */
const failure = (lines) => Object.assign(new Error(lines.join("\n")), { code: "documentation-contradicted" });

// Off the line, under the pictures and the tests of all states: the world with an image, its archives and a page of documentation.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startDocs } from "./docs.mjs";
import { layoutOf, sha256 } from "./documents.mjs";
import { fillHarbour, putHarbour } from "./harbour.mjs";
import { removeFolder, run, temporaryFolder } from "./process.mjs";
import { startWorld } from "./world.mjs";

/**
 * @typedef {Omit<Awaited<ReturnType<typeof startWorld>>, "stop"> & {
 *   harbour: string, folder: string, digest: string, stop: () => Promise<void>, docs: Awaited<ReturnType<typeof startDocs>> }} Stage
 *   `harbour`: the image's reference; `digest`: of its index; `folder`: where its archives are
 */

/** @returns {Promise<Stage>} `stop` ends it */
export async function startStage() {
	const world = await startWorld();
	const folder = temporaryFolder("stage");
	const docs = await startDocs({});
	const [{ path, digest }] = await Promise.all([putHarbour(world.registry.url), makeArchives(folder)]);
	const stop = async () => {
		removeFolder(folder);
		await Promise.all([docs.stop(), world.stop()]);
	};
	return { ...world, harbour: `${world.registry.host}/${path}`, folder, digest, docs, stop };
}

/** The image as a layout, as tars of it, and each with a fault of its own. @param {string} folder */
async function makeArchives(folder) {
	const at = (/** @type {string[]} */ ...names) => join(folder, ...names);
	const pack = (/** @type {string} */ name) => run("tar", ["-cf", at(`${name}.tar`), "-C", at(name), "."]);
	await fillHarbour(layoutOf(at("harbour")));
	await pack("harbour");
	await run("skopeo", ["copy", "-q", `oci:${at("harbour")}:1.4`, `docker-archive:${at("save.tar")}:harbour/app:1.4`]);

	await fillHarbour(layoutOf(at("wrong-diffid")), ({ rootfs }) => {
		rootfs.diff_ids[1] = sha256("another tar");
	});
	await pack("wrong-diffid");

	const blob = (/** @type {string} */ name, /** @type {number} */ layer) => {
		const read = (/** @type {string} */ digest) => JSON.parse(readFileSync(pathOf(digest), "utf8"));
		const pathOf = (/** @type {string} */ digest) => at(name, "blobs", digest.replace(":", "/"));
		const { manifests } = JSON.parse(readFileSync(at(name, "index.json"), "utf8"));
		return pathOf(read(read(manifests[0].digest).manifests[0].digest).layers[layer].digest);
	};
	await fillHarbour(layoutOf(at("damaged")));
	const bytes = readFileSync(blob("damaged", 2));
	bytes[bytes.length - 5] ^= 1;
	writeFileSync(blob("damaged", 2), bytes);
	await pack("damaged");

	await fillHarbour(layoutOf(at("missing")));
	rmSync(blob("missing", 1));
	rmSync(blob("missing", 3));
	await pack("missing");
	writeFileSync(at("notes.txt"), "These are notes and no image.\n");
}

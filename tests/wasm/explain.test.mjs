// The boundary, `explain`: what the page asks of an image, from its reports to the core and back.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Model } from "../../www/model/model.js";
import { DIST } from "../e2e/support/app.mjs";
import {
	artifact,
	bigIndex,
	check,
	digestOf,
	flippedConfig,
	nested,
	node,
	report,
	schema1,
	twoPlatforms,
} from "../js/fixtures.mjs";

/** The calls as elements make them. They are no part of the public API, so they are bundled here, to lie beside the modules of the site. */
const { explainImage, inputOf, lookUp, recipes } = await bundled("www/engine/explain.js");

/** @param {string} entry @returns {Promise<typeof import("../../www/engine/explain.js")>} */
async function bundled(entry) {
	const here = JSON.stringify(pathToFileURL(join(DIST, "www/beside.js")).href);
	const { outputFiles } = await build({
		entryPoints: [fileURLToPath(new URL(`../../${entry}`, import.meta.url))],
		bundle: true,
		format: "esm",
		platform: "node",
		write: false,
		define: { "import.meta.url": here },
	});
	return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const AMD64 = "0/manifests[0]";
const two = () => new Model(twoPlatforms());

/** @param {{ what: string, known: string }[]} all */
const known = (all) => all.map(({ what, known }) => `${what} ${known}`);

test("identities come back with the ids of their nodes", async () => {
	const model = two();
	const { own, layers, ofLayers, layerCount } = await explainImage(model, model.chosen());
	assert.deepEqual(known(own), ["index proved", "manifest proved", "manifest proved", "imageId proved"]);
	assert.deepEqual(
		own.map(({ id }) => id),
		["0", AMD64, "0/manifests[1]", `${AMD64}/config`],
	);
	assert.deepEqual(known(layers).slice(0, 3), ["layer claimed", "diffId claimed", "chainId derived"]);
	assert.deepEqual([layers.length, ofLayers, layerCount], [9, 9, 3]);
	const [, , , , , second] = layers;
	assert.deepEqual(second, {
		what: "chainId",
		formula: "chainId",
		prints: "chainId",
		value: model.layers(model.chosen())[1]?.chainId,
		known: "derived",
		id: `${AMD64}/layers[1]`,
		layer: 2,
		below: model.layers(model.chosen())[0]?.chainId,
	});
});

test("each tool prints what it prints", async () => {
	const model = two();
	const { printed } = await explainImage(model, model.chosen());
	assert.deepEqual(
		printed.map(({ tool }) => tool),
		[
			...["pull", "classic", "containerd", "repoDigests", "rootfs", "podman", "crane", "cranePlatform", "skopeo"],
			...["crictl", "kubelet"],
		],
	);
	const of = (/** @type {string} */ tool) => printed.find((line) => line.tool === tool)?.values;
	assert.deepEqual(of("pull"), [digestOf("index")]);
	assert.deepEqual(of("kubelet"), [`ghcr.io/demo/app@${digestOf("index")}`]);
	assert.equal(of("rootfs")?.length, 3);
	const inner = new Model(nested());
	const [pull] = (await explainImage(inner, inner.chosen())).printed;
	assert.deepEqual(pull?.values, [digestOf("outer")]);
});

test("other reports have other identities", async () => {
	/** @param {any} whole */
	const of = async (whole) => {
		const model = new Model(whole);
		const { own, layers, printed } = await explainImage(model, model.chosen());
		return [known(own), known(layers), printed.length];
	};
	assert.deepEqual(await of(schema1()), [["payload proved"], ["layer claimed"], 0]);
	assert.deepEqual(await of(artifact()), [["manifest proved"], [], 0]);
	assert.equal((await of(flippedConfig()))[0]?.[3], "imageId failed");
	const config = node({ kind: "config", diffIds: [digestOf("d0")], checks: [check("digest", "pass")] });
	assert.deepEqual(await of(report([config], { kind: "paste" })), [
		["manifest unknown", "imageId proved"],
		["diffId claimed"],
		11,
	]);
	assert.deepEqual(await of(report([])), [[], [], 0]);
});

test("the commands name the registry, or the file that the page saves", async () => {
	const model = two();
	const digest = digestOf("manifest linux/amd64");
	const all = await recipes(model, /** @type {any} */ (model.node(AMD64)));
	assert.deepEqual(
		all.map(({ tool }) => tool),
		["curl", "docker", "skopeo", "crane"],
	);
	assert.equal(all[3]?.lines[0], `crane manifest ghcr.io/demo/app@${digest} | sha256sum`);
	assert.equal(`sha256:${all[3]?.expect}`, digest);
	const config = await recipes(model, /** @type {any} */ (model.node(`${AMD64}/config`)));
	assert.equal(config[1]?.lines[0], `crane config ghcr.io/demo/app@${digest} | sha256sum`);
	const pasted = new Model(report([node({ digest })], { kind: "paste" }));
	assert.deepEqual(await recipes(pasted, /** @type {any} */ (pasted.roots[0])), [
		{ tool: "file", lines: [`sha256sum ${digest.replace(":", "-")}.bin`], note: "file.note", expect: digest.slice(7) },
	]);
	assert.deepEqual(await recipes(pasted, node({ digest: null })), []);
});

test("a formula opens to what goes in", async () => {
	const model = two();
	const { own, layers } = await explainImage(model, model.chosen());
	const opened = (/** @type {any} */ identity) => inputOf(model, identity);
	assert.equal((await opened(own[3])).digest, digestOf("config linux/amd64"));
	assert.deepEqual(await opened(layers[2]), { kind: "none", why: "first", recipes: [] });
	assert.equal((await opened(layers[1])).why, "unpacked");
	const chain = await opened(layers[5]);
	assert.equal(chain.text, `${layers[2]?.value} ${layers[4]?.value}`);
	assert.equal(chain.recipes[0]?.tool, "chain");
	const unknown = { what: "imageId", formula: "config", prints: "imageId", value: "", known: "unknown" };
	assert.equal((await opened(unknown)).why, "unknown");
});

test("a digest is found in nodes and in texts", async () => {
	const model = two();
	const { hits, ...rest } = await lookUp(model, digestOf("layer 0 base"));
	assert.deepEqual(
		hits.map(({ as, node, above }) => [as, node?.id, above?.id]),
		[
			["layer", `${AMD64}/layers[0]`, AMD64],
			["layer", "0/manifests[1]/layers[0]", "0/manifests[1]"],
		],
	);
	assert.deepEqual(rest, { query: digestOf("layer 0 base"), digests: 1, could: [] });
	const miss = await lookUp(model, "0123456789ab");
	assert.deepEqual([miss.hits, miss.could], [[], ["other", "layer"]]);
	assert.equal((await lookUp(model, "busybox")).query, "");
	const digests = [{ digest: "8ddc19f16526", what: "a layer", code: "layer" }];
	const pasted = [{ expected: digestOf("told"), expectedFrom: "a header", digests }];
	const forms = [{ name: "compact", digest: digestOf("compact"), size: 3, code: "compact" }];
	const texts = new Model({ ...report([node({})], { kind: "paste" }), forms, pasted });
	assert.deepEqual((await lookUp(texts, "8ddc19")).hits, [
		{ as: "mention", digest: "8ddc19f16526", name: "a layer", code: "layer", node: undefined, above: undefined },
	]);
	assert.equal((await lookUp(texts, digestOf("told"))).hits[0]?.name, "a header");
	assert.equal((await lookUp(texts, digestOf("compact"))).hits[0]?.as, "form");
});

test("a report of 10,000 nodes is looked through at once, and its image explained", async () => {
	const model = new Model(bigIndex());
	await lookUp(model, digestOf("entry 1"));
	const start = performance.now();
	const { hits } = await lookUp(model, digestOf("entry 9999"));
	const took = performance.now() - start;
	assert.deepEqual(
		hits.map(({ node }) => node?.id),
		["0/manifests[9999]"],
	);
	assert.ok(took < 2000, `${took} ms`);
	const { own } = await explainImage(model, model.chosen());
	assert.equal(own.length, 1 + 1 + 100 + 1);
});

test("what is no report is refused with a code, and the next question is answered", async () => {
	const odd = new Model(report([node({ digest: 5 })]));
	const refused = (/** @type {any} */ error) => error.code === "unsupported-input";
	await assert.rejects(lookUp(odd, "0123456789ab"), refused);
	await assert.rejects(inputOf(two(), /** @type {any} */ ({ what: "odd", formula: "odd", value: "" })), refused);
	assert.equal((await lookUp(two(), digestOf("index"))).hits.length, 1);
});

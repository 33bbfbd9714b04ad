// The first view's picture of one image: each digest in it is that of the sample's own bytes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { CHAIN } from "../../www/views/welcome.js";

/** @param {string} name */
const read = (name) => readFileSync(new URL(`../../www/samples/hello/${name}`, import.meta.url));

/** @param {Uint8Array} bytes */
const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

test("the chain of the first view is the first sample's", () => {
	const layer = read("layer-2-amd64.tar.gz");
	const files = [read("index.json"), read("manifest-amd64.json"), read("config-amd64.json"), layer, gunzipSync(layer)];
	assert.deepEqual(
		CHAIN.map(([, digest]) => digest),
		files.map(sha256),
	);
});

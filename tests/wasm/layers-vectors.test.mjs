// The boundary, over real layers and archives (STOWPLAN_VECTORS): each lists the entries that its index asserts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../e2e/support/app.mjs";
import { api, table, VECTORS } from "./support.mjs";

const listed = table("index.json").filter(({ expect }) => expect.computed?.entries);
/** Until the data module reads layers there is nothing to list. */
const ready = readFileSync(join(ROOT, "src/wasm/data.rs"), "utf8").includes("LayerReader");
const skip = !VECTORS ? "STOWPLAN_VECTORS is not set" : !ready && "the data module reads no layers yet";

test("the vectors are there", { skip }, () => assert.ok(listed.length > 10, `${listed.length} files`));

for (const { file, media_type, expect } of listed) {
	test(`${file} lists its entries`, { skip }, async () => {
		const report = await api.open(readFileSync(join(VECTORS, file)), {
			mediaType: media_type ?? undefined,
			name: file,
		});
		const [node] = report.nodes;
		assert.deepEqual(
			(node.entries ?? []).map(({ name, type, size }) => ({ name: name.replace(/\/$/, ""), type, size })),
			expect.computed.entries.map(({ name, type, size }) => ({ name: name.replace(/\/$/, ""), type, size })),
		);
		assert.equal(node.entryCount, expect.computed.entries.length);
		assert.equal(node.digest, expect.digest);
	});
}

// The boundary, over real layers and archives (STOWPLAN_VECTORS): each lists the entries that its index asserts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { api, needsVectors, table, VECTORS } from "./support.mjs";

const listed = table("index.json").filter(({ expect }) => expect.computed?.entries);

test("the vectors are there", needsVectors, () => assert.ok(listed.length > 10, `${listed.length} files`));

for (const { file, media_type, expect } of listed) {
	test(`${file} lists its entries`, needsVectors, async () => {
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

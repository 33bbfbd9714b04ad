// The buffers between the two halves of a reading: the one in hand stays in hand while others come back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tarBuffers } from "../../www/engine/layers/tar-buffers.js";

/** @returns {any} what a port needs to have here */
const port = () => ({ onmessage: undefined });

test("the buffer that is looked at is the one that is taken, whatever comes back meanwhile", async () => {
	const there = port();
	const buffers = tarBuffers(there);
	const sent = await buffers.take();
	const filling = await buffers.look();
	there.onmessage({ data: sent });
	assert.equal(await buffers.look(), filling);
	assert.equal(await buffers.take(), filling);
});

test("who finds none waits for the next that comes back", async () => {
	const there = port();
	const buffers = tarBuffers(there);
	const all = [];
	for (let n = 0; n < 6; n++) all.push(await buffers.take());
	assert.equal(new Set(all).size, 6);
	const next = buffers.take();
	there.onmessage({ data: all[3] });
	assert.equal(await next, all[3]);
});

// The boundary, small layers: the host hashes them, and whatever it answers, the verdict is that of the module's own hashes.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { starter } from "../e2e/support/starter.mjs";
import { cut, cutAt, flipped, layer, longer, noise, startImage } from "./layer-registry.mjs";
import { api } from "./support.mjs";

const start = starter();
const { subtle } = webcrypto;
const own = subtle.digest.bind(subtle);

const SMALL = layer([["etc/"], ["etc/passwd", "root:x:0:0::/:\n"], ["bin/sh", noise(300_000)]]);
const PLAIN = layer([["notes.txt", "hello"]], { plain: true });
const LONG_TAR = layer([["zeros", new Uint8Array(13 * 1024 * 1024)]]);
const LARGE = layer([["noise", noise(5 * 1024 * 1024, 3)]]);

/** The numbers of bytes that the host was asked to hash while `work` ran; `answer` takes its place. */
async function watching(work, answer = own) {
	const asked = [];
	subtle.digest = (name, bytes) => {
		asked.push(bytes.byteLength);
		return answer(name, bytes);
	};
	try {
		return { asked, found: await work() };
	} finally {
		subtle.digest = own;
	}
}

async function verdicts(layers, answer, lie) {
	const { reference, lies } = await start(startImage(layers));
	if (lie) lies.set(0, lie);
	const before = await api.inspect(reference);
	const { asked, found } = await watching(() => api.verifyLayers(before, { cache: false }), answer);
	const nodes = found.nodes.filter(({ kind }) => kind === "layer");
	return {
		asked,
		nodes: nodes.map(({ checks, diffId, entries, read, size }) => ({ checks, diffId, entries, read, size })),
		outcomes: nodes.map(({ checks }) => checks.filter(({ outcome }) => outcome === "fail").map(({ id }) => id)),
	};
}

/** Without a host that hashes. */
const refused = () => Promise.reject(new Error("not here"));

test("the host hashes a small blob and its tar, and no other layer", async () => {
	const { asked, outcomes } = await verdicts([SMALL, PLAIN, LARGE]);
	assert.deepEqual(outcomes, [[], [], []]);
	const sizes = [SMALL, PLAIN].flatMap(({ blob, tar }) => [blob.length, tar.length]);
	const beside = asked.filter((size) => size !== 1000);
	assert.deepEqual(beside.toSorted(), sizes.toSorted(), `of ${asked}`);
});

const LIES = {
	refuses: refused,
	"answers with zeros": async () => new ArrayBuffer(32),
	"answers with too few bytes": async () => new ArrayBuffer(31),
	"answers with no bytes": async () => undefined,
	"is right with short texts only": (name, bytes) =>
		bytes.byteLength <= 1000 ? own(name, bytes) : own(name, new Uint8Array(1)),
	"throws at once": () => {
		throw new TypeError("no");
	},
};

for (const [what, answer] of Object.entries(LIES))
	test(`a host that ${what} changes no verdict`, async () => {
		const honest = await verdicts([SMALL, PLAIN], refused);
		const lied = await verdicts([SMALL, PLAIN], answer);
		assert.deepEqual(lied.nodes, honest.nodes);
		assert.deepEqual(lied.outcomes, [[], []]);
	});

const REGISTRIES = {
	"changes a byte": flipped(2000),
	"cuts the blob": cut(150_000),
	"adds to it": longer(9),
	"breaks off": cutAt(9000),
};

for (const [what, lie] of Object.entries(REGISTRIES))
	test(`a registry that ${what} is told the same with the host's hashes and without`, async () => {
		const without = await verdicts([SMALL, PLAIN], refused, lie);
		const beside = await verdicts([SMALL, PLAIN], own, lie);
		assert.deepEqual(beside.nodes, without.nodes);
		assert.equal(without.outcomes[0].length > 0, what !== "breaks off", `${without.outcomes}`);
	});

test("a tar over the bound is read with the module's own hashes", async () => {
	assert.ok(LONG_TAR.blob.length < 100_000, "its blob is small");
	const { asked, outcomes, nodes } = await verdicts([LONG_TAR]);
	assert.deepEqual(outcomes, [[]]);
	assert.ok(nodes[0].read);
	assert.ok(!asked.includes(LONG_TAR.tar.length), `${asked}`);
});

// The page's address: both ways, readable, and bounded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFragment, parseFragment } from "../../www/lib/fragment.js";
import { digestOf } from "./fixtures.mjs";

test("a place comes back from its fragment", () => {
	const places = [
		{ ref: "ghcr.io/o/app:1.2", platform: "linux/arm64/v8", node: digestOf("a") },
		{ ref: `busybox@${digestOf("b")}` },
		{ ref: "127.0.0.1:5000/demo/app:v1" },
		{ ref: "[::1]:5000/demo/app:1.0+build&x=1#y" },
		{ sample: "broken" },
	];
	for (const place of places) assert.deepEqual(parseFragment(formatFragment(place)), place);
});

test("fragments are written for people", () => {
	const place = { ref: "127.0.0.1:5000/demo/app:v1", platform: "linux/amd64", node: "sha256:ab" };
	assert.equal(formatFragment(place), "#ref=127.0.0.1:5000/demo/app:v1&platform=linux/amd64&node=sha256:ab");
	assert.equal(formatFragment({}), "");
});

test("a plus is a plus and an escape is read", () => {
	assert.deepEqual(parseFragment("#ref=a:1+2"), { ref: "a:1+2" });
	assert.deepEqual(parseFragment("#ref=a%3A1"), { ref: "a:1" });
});

test("what is unknown, empty, broken or too long is dropped", () => {
	assert.deepEqual(parseFragment(""), {});
	assert.deepEqual(parseFragment("#anchor"), {});
	assert.deepEqual(parseFragment("#ref=&evil=1&__proto__=x"), {});
	assert.deepEqual(parseFragment(`#ref=${"a".repeat(1025)}`), {});
	assert.deepEqual(Object.keys(parseFragment("#ref=%zz")), ["ref"]);
});

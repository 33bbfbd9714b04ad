// The parts of checking by hand that stay in JavaScript: the name of a saved file, and the hosts that are this machine.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName } from "../../www/lib/file-name.js";
import { isLoopback } from "../../www/lib/loopback.js";

test("a file that holds the bytes of a digest has a harmless name", () => {
	assert.equal(fileName(`sha256:${"ab".repeat(32)}`), `sha256-${"ab".repeat(32)}.bin`);
	assert.equal(fileName("sha256:../../x"), "sha256-x.bin");
	assert.equal(fileName("a".repeat(500)).length, 144);
});

test("this machine is known by its names, and no other host by one of them", () => {
	for (const host of ["localhost:5000", "127.0.0.1:5000", "[::1]:5000", "localhost"]) assert.ok(isLoopback(host), host);
	for (const host of ["127.0.0.1.example.org", "ghcr.io", "localhost.example.org"]) assert.ok(!isLoopback(host), host);
});

// The patch of a file with pinned images: as git applies it, byte for byte.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { patchOf } from "../../www/lib/patch.js";

const PIN = `@sha256:${"a1".repeat(32)}`;

/** @param {string} before @param {string} after */
function applies(before, after) {
	const folder = mkdtempSync(join(tmpdir(), "stowplan-patch-"));
	try {
		writeFileSync(join(folder, "compose.yaml"), before);
		writeFileSync(join(folder, "p.patch"), patchOf(before, after, "compose.yaml"));
		execFileSync("git", ["apply", "--whitespace=nowarn", "p.patch"], { cwd: folder, stdio: "pipe" });
		assert.equal(readFileSync(join(folder, "compose.yaml"), "utf8"), after);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

test("a patch is what git applies, whatever the line ends and the end of the file", () => {
	const lines = Array.from({ length: 40 }, (_, at) =>
		at % 9 === 4 ? `    image: r.example/a:${at}` : `  line${at}: "x"`,
	);
	const pinned = lines.map((line) => (line.includes("image:") ? line + PIN : line));
	for (const end of ["\n", "\r\n"])
		for (const last of ["", end]) applies(lines.join(end) + last, pinned.join(end) + last);
	applies("FROM a:1", `FROM a:1${PIN}`);
	applies("FROM a:1 AS x\nFROM b:2\n", `FROM a:1${PIN} AS x\nFROM b:2${PIN}\n`);
});

test("nothing changed is no patch", () => assert.equal(patchOf("a\nb\n", "a\nb\n", "x"), ""));

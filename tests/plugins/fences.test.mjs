// Fences: one table of cases, which the reader in JavaScript and the one in Python are both held against.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { readFence, snapshotName } from "../../integrations/core/fence.js";
import { ROOT } from "../e2e/support/app.mjs";
import { stowplan } from "../e2e/support/program.mjs";
import { VENV } from "./support.mjs";

const LONG = 2048;

/** The body of a fence, and what is read; nothing if it is refused. @type {[string, Record<string, string>?][]} */
const CASES = [
	["a:1", { reference: "a:1" }],
	["  a:1  \r\n", { reference: "a:1" }],
	["# note\nlocalhost:5000/a:1\n\ndigest: sha256:0\n", { reference: "localhost:5000/a:1", digest: "sha256:0" }],
	["snapshot: x.json", { snapshot: "x.json" }],
	["reference: a:1\nview:   layers", { reference: "a:1", view: "layers" }],
	[
		"a:1\nidentity: me@example.org\nissuer: https://x",
		{ reference: "a:1", identity: "me@example.org", issuer: "https://x" },
	],
	[
		"a:1\nplatform: linux/arm64\ntheme: dark\nlang: zh\npage: /p\nproxy: /q/",
		{
			reference: "a:1",
			platform: "linux/arm64",
			theme: "dark",
			lang: "zh",
			page: "/p",
			proxy: "/q/",
		},
	],
	["digest:sha256:0", { reference: "digest:sha256:0" }],
	["Digest: x", { reference: "Digest: x" }],
	["a:1\nview:\tlayers", { reference: "a:1", view: "layers" }],
	["a:1\nview: :", { reference: "a:1", view: ":" }],
	["é:1", { reference: "é:1" }],
	["x".repeat(LONG), { reference: "x".repeat(LONG) }],
	["😀".repeat(LONG / 2), { reference: "😀".repeat(LONG / 2) }],
	["😀".repeat(LONG / 2 + 1)],
	["x".repeat(LONG + 1)],
	[""],
	["# a:1"],
	["digest: sha256:0"],
	["a:1\nb:2"],
	["a:1\ncolour: red"],
	["a:1\nconstructor: x"],
	["a:1\nview: a\nview: b"],
	["a:1\nreference: b:2"],
	["a:1\nsrc: x.json"],
];

const REFERENCES = ["a", "ghcr.io/o/app:1.2", "localhost:5000/A_b@sha256:00", "é/ü", "😀:x", "a//b..c", ""];

const PROGRAM = `
import json, sys
sys.path.insert(0, sys.argv[1])
import shared
given = json.load(sys.stdin)
def read(body):
    try:
        return shared.read_fence(body)
    except shared.Contradiction as error:
        return error.code
json.dump({"fences": [read(one) for one in given["bodies"]], "names": [shared.snapshot_name(one) for one in given["references"]]}, sys.stdout)
`;

let python;
before(async () => {
	const words = ["-c", PROGRAM, join(ROOT, "integrations/python")];
	const input = JSON.stringify({ bodies: CASES.map(([body]) => body), references: REFERENCES });
	const env = { PYTHONDONTWRITEBYTECODE: "1" };
	const { out, err } = await stowplan(words, { program: [join(VENV, "bin/python")], input, env });
	assert.equal(err, "");
	python = JSON.parse(out);
});

/** @param {string} body */
function inJavaScript(body) {
	const { attributes, problems } = readFence(body);
	if (problems.length > 0) return problems[0]?.code;
	const { src, ...rest } = attributes;
	return src === undefined ? rest : { ...rest, snapshot: src };
}

for (const [at, [body, expected = "invalid-fence"]] of CASES.entries())
	test(`the fence ${JSON.stringify(body.slice(0, 60))}`, () => {
		assert.deepEqual(inJavaScript(body), expected, "JavaScript");
		assert.deepEqual(python.fences[at], expected, "Python");
	});

test("a snapshot has one name in both", () => {
	assert.deepEqual(python.names, REFERENCES.map(snapshotName));
});

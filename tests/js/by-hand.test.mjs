// The commands: right for each kind, and harmless for any text that a registry wrote. A real shell reads the quoting.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileName, isLoopback, quote, recipes } from "../../www/model/by-hand.js";
import { Model } from "../../www/model/model.js";
import { digestOf, node, report, twoPlatforms } from "./fixtures.mjs";

/** @param {string} text */
const echoed = (text) => execFileSync("sh", ["-c", `printf %s ${quote(text)}`], { encoding: "utf8" });

test("a shell reads back what was quoted", () => {
	for (const text of [
		"plain",
		"two words",
		"it's",
		'$(touch x) `id` \\ " ; & | > * ?',
		"--flag",
		"",
		"é 镜像",
		"a=b,c@d:e/f",
	]) {
		assert.equal(echoed(text), text);
	}
});

test("control characters cannot reach a terminal", () => {
	assert.equal(quote("a\nrm -rf x\r\u001b[2J"), "'arm -rf x[2J'");
});

test("a manifest is checked with curl, docker, skopeo and crane", () => {
	const model = new Model(twoPlatforms());
	const digest = digestOf("manifest linux/amd64");
	const all = recipes(/** @type {any} */ (model.node("0/manifests[0]")), model);
	assert.deepEqual(
		all.map(({ tool }) => tool),
		["curl", "docker", "skopeo", "crane"],
	);
	assert.match(
		String(all[0]?.lines[0]),
		/^curl -fsS -H 'Accept: application\/vnd\.oci\.image\.index\.v1\+json, .*' https:\/\/ghcr\.io\/v2\/demo\/app\/manifests\/sha256:/,
	);
	assert.equal(all[1]?.lines[0], `docker buildx imagetools inspect --raw ghcr.io/demo/app@${digest} | sha256sum`);
	assert.equal(all[2]?.lines[0], `skopeo inspect --raw docker://ghcr.io/demo/app@${digest} | sha256sum`);
	assert.equal(all[3]?.lines[0], `crane manifest ghcr.io/demo/app@${digest} | sha256sum`);
});

test("a config is asked for through its manifest, a layer also unpacked", () => {
	const model = new Model(twoPlatforms());
	const config = recipes(/** @type {any} */ (model.node("0/manifests[0]/config")), model);
	assert.ok(
		config.some(
			({ lines }) => lines[0] === `crane config ghcr.io/demo/app@${digestOf("manifest linux/amd64")} | sha256sum`,
		),
	);
	const layer = recipes(/** @type {any} */ (model.node("0/manifests[0]/layers[1]")), model);
	assert.match(String(layer.at(-1)?.lines[0]), /\| gzip -dc \| sha256sum$/);
});

test("Docker Hub needs a token and has another host", () => {
	const hub = new Model(report([node({})], { kind: "registry", reference: "docker.io/library/busybox:latest" }));
	const [curl] = recipes(/** @type {any} */ (hub.roots[0]), hub);
	assert.equal(curl?.tool, "curl.token");
	assert.match(String(curl?.lines[0]), /scope=repository:library\/busybox:pull'/);
	assert.match(String(curl?.lines[1]), /https:\/\/registry-1\.docker\.io\/v2\/library\/busybox\/manifests\//);
});

test("a loopback registry speaks plain http", () => {
	for (const host of ["localhost:5000", "127.0.0.1:5000", "[::1]:5000", "localhost"]) assert.ok(isLoopback(host), host);
	for (const host of ["127.0.0.1.example.org", "ghcr.io", "localhost.example.org"]) assert.ok(!isLoopback(host), host);
	const local = new Model(report([node({})], { kind: "registry", reference: "127.0.0.1:5000/demo/app:v1" }));
	const lines = recipes(/** @type {any} */ (local.roots[0]), local).map((one) => one.lines.join());
	assert.match(String(lines[0]), /http:\/\/127/);
	assert.match(String(lines[2]), /--tls-verify=false/);
	assert.match(String(lines[3]), /--insecure/);
});

test("sha512 is summed with sha512sum, and pasted bytes from a file", () => {
	const digest = `sha512:${"a".repeat(128)}`;
	const pasted = new Model(report([node({ digest })], { kind: "paste" }));
	const [file] = recipes(/** @type {any} */ (pasted.roots[0]), pasted);
	assert.deepEqual(file?.lines, [`sha512sum ${fileName(digest)}`]);
	assert.deepEqual(recipes(node({ digest: null }), pasted), []);
	assert.equal(fileName("sha256:../../x"), "sha256-x.bin");
});

test("a hostile digest or reference stays one word", () => {
	const evil = new Model(
		report([node({ digest: "sha256:x'; touch pwned; '" })], { kind: "registry", reference: "ghcr.io/a$(id)/b:v1" }),
	);
	for (const { lines } of recipes(/** @type {any} */ (evil.roots[0]), evil)) {
		for (const line of lines) {
			const words = execFileSync(
				"sh",
				["-c", `set -f; for w in ${line.split(" | ")[0]}; do printf '%s\\n' "$w"; done`],
				{ encoding: "utf8" },
			);
			assert.match(words, /sha256:x'; touch pwned; '$/m);
		}
	}
});

test("each digest is checked with the command of its own algorithm, and with none where there is none", () => {
	const sums = (/** @type {string} */ algorithm) => {
		const one = node({ kind: "manifest", digest: `${algorithm}:${"ab".repeat(32)}` });
		const model = new Model(report([one]));
		return recipes(/** @type {any} */ (model.roots[0]), model).map(({ lines }) => lines.at(-1)?.split("| ").at(-1));
	};
	for (const algorithm of ["sha256", "sha384", "sha512"]) {
		assert.ok(
			sums(algorithm).length > 0 && sums(algorithm).every((sum) => sum?.startsWith(`${algorithm}sum`)),
			algorithm,
		);
	}
	assert.deepEqual(sums("blake3"), []);
});

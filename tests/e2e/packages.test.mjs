// The packages of an image from its proved layers, held against dpkg-query, rpm and apk; layers that bring them, differences, CycloneDX.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { noise } from "../wasm/layer-registry.mjs";
import { api } from "../wasm/support.mjs";
import { startLiar } from "./support/lying-proxy.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { removeFolder, temporaryFolder } from "./support/process.mjs";
import { startRegistry } from "./support/registry.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
let registry;
const folder = temporaryFolder("packages");
after(() => removeFolder(folder));

/** The reason to skip a test if this machine lacks the program, else false. @param {string} name */
function lacks(name) {
	try {
		execFileSync("which", [name]);
		return false;
	} catch {
		return `no ${name}`;
	}
}

before(async () => {
	registry = await start(startRegistry());
});

const deb = (...packages) =>
	packages
		.map(
			([name, version]) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
		)
		.join("\n");
/** @type {[string, string]} */
const RELEASE = ["etc/os-release", 'ID=debian\nVERSION_ID="12"\n'];
const BASE = { tar: tarOf([["etc/"], RELEASE, ["var/lib/dpkg/status", deb(["bash", "5.2"], ["libc6", "2.36"])]]) };
const UPGRADE = {
	tar: tarOf([
		["var/lib/dpkg/status", deb(["bash", "5.3"], ["libc6", "2.36"], ["curl", "8.0"])],
		["usr/share/doc/curl/copyright", "Format: https://www.debian.org/\n\nFiles: *\nLicense: curl\n"],
	]),
};
const MODULES = {
	tar: tarOf([
		[
			"app/node_modules/left-pad/package.json",
			JSON.stringify({ name: "left-pad", version: "1.3.0", license: "WTFPL" }),
		],
		[
			"usr/lib/python3/site-packages/flask-3.0.dist-info/METADATA",
			"Name: Flask\nVersion: 3.0\nLicense: BSD-3-Clause\n\ntext",
		],
		["usr/lib/sysimage/rpm/Packages.db", "RpmP"],
	]),
};

let images = 0;
async function report(...layers) {
	const name = `packages/p${++images}`;
	await pushImage(registry.url, name, "1", { layers });
	return api.inspect(`${registry.host}/${name}:1`);
}

test("packages are listed with the layer that brought their version", async () => {
	const list = await api.packages(await report(BASE, UPGRADE, MODULES));
	assert.deepEqual(
		list.packages.map(({ kind, name, version, layer, licence }) => [kind, name, version, layer, licence]),
		[
			["deb", "bash", "5.3", 1, undefined],
			["deb", "curl", "8.0", 1, "curl"],
			["deb", "libc6", "2.36", 0, undefined],
			["npm", "left-pad", "1.3.0", 2, "WTFPL"],
			["pypi", "Flask", "3.0", 2, "BSD-3-Clause"],
		],
	);
	assert.equal(list.packages[0].purl, "pkg:deb/debian/bash@5.3?arch=amd64&distro=debian-12");
	assert.deepEqual(list.problems, [{ path: "usr/lib/sysimage/rpm/Packages.db", code: "rpm-ndb" }]);
	const bom = JSON.parse(await api.cyclonedx(list));
	assert.deepEqual([bom.bomFormat, bom.specVersion, bom.components.length], ["CycloneDX", "1.6", 5]);
	assert.equal(bom.metadata.component.version, list.digest);
});

const STATUS = "/var/lib/dpkg/status";

test("this machine's own database reads as dpkg-query reads it", {
	skip: existsSync(STATUS) ? false : "no dpkg",
}, async () => {
	const list = await api.packages(await report({ tar: tarOf([["var/lib/dpkg/status", readFileSync(STATUS)]]) }));
	const own = list.packages.map(({ name, version, arch }) => `${name} ${version} ${arch}`).toSorted();
	const format = "$" + "{db:Status-Status} $" + "{Package} $" + "{Version} $" + "{Architecture}\n";
	const told = execFileSync("dpkg-query", ["-W", "-f", format], { encoding: "utf8", maxBuffer: 1e8 });
	const theirs = told.split("\n").flatMap((line) => (line.startsWith("installed ") ? line.slice(10) : []));
	assert.deepEqual(own, theirs.toSorted());
});

test("an rpm database reads as rpm reads it", { skip: lacks("rpmbuild") }, async () => {
	const root = join(folder, "rpm");
	mkdirSync(root);
	const database = join(root, "db");
	const rpm = (/** @type {string[]} */ words, /** @type {string} */ program = "rpm") =>
		execFileSync(
			program,
			["--define", `_topdir ${root}`, "--define", "_db_backend sqlite", "--dbpath", database, ...words],
			{
				encoding: "utf8",
			},
		);
	rpm(["--initdb"]);
	for (const [name, epoch] of [
		["alpha", 0],
		["beta", 3],
	]) {
		const spec = join(root, `${name}.spec`);
		writeFileSync(
			spec,
			`Name: ${name}\nVersion: 1.${epoch}\nRelease: 2\n${epoch ? `Epoch: ${epoch}\n` : ""}Summary: s\nLicense: MIT\nBuildArch: noarch\n%description\n${"long ".repeat(3000)}\n%files\n`,
		);
		execFileSync("rpmbuild", ["-bb", "--quiet", "--define", `_topdir ${root}`, spec], { stdio: "ignore" });
		rpm(["-i", "--justdb", "--nodeps", "--ignorearch", join(root, "RPMS/noarch", `${name}-1.${epoch}-2.noarch.rpm`)]);
	}
	const format = "%{NAME} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE} %{ARCH} %{LICENSE} %{SIZE}\n";
	const theirs = rpm(["-qa", "--qf", format]).trim().split("\n").toSorted();
	// Changes that are not in the database yet are taken in when it is closed for good.
	execFileSync("sqlite3", [join(database, "rpmdb.sqlite"), "PRAGMA wal_checkpoint(TRUNCATE);"]);
	const bytes = readFileSync(join(database, "rpmdb.sqlite"));
	const list = await api.packages(await report({ tar: tarOf([["var/lib/rpm/rpmdb.sqlite", bytes]]) }));
	const own = list.packages.map(({ name, version, arch, licence, size }) =>
		[name, version, arch, licence, size].join(" "),
	);
	assert.deepEqual(own.toSorted(), theirs);
	assert.deepEqual(list.problems, []);
});

test("an apk database reads as apk reads it", { skip: lacks("apk") }, async () => {
	const root = join(folder, "apk");
	const files = join(root, "files");
	mkdirSync(join(files, "usr/bin"), { recursive: true });
	writeFileSync(join(files, "usr/bin/alpha"), "alpha\n");
	const apk = (/** @type {string[]} */ ...words) => execFileSync("apk", words, { encoding: "utf8", cwd: root });
	const made = (/** @type {Record<string, string>} */ info, /** @type {string[]} */ ...more) =>
		apk("mkpkg", ...Object.entries(info).flatMap(([name, value]) => ["--info", `${name}:${value}`]), ...more);
	const more = { description: "one", url: "https://example.org" };
	made(
		{ name: "alpha", version: "1.2.3-r0", arch: "x86_64", license: "MIT", ...more },
		"--files",
		files,
		"-o",
		"a.apk",
	);
	const links = { depends: "alpha", provides: "cmd:beta=2.0" };
	made(
		{ name: "beta", version: "2.0_rc1-r4", arch: "noarch", license: "GPL-2.0-only AND MIT", ...links },
		"-o",
		"b.apk",
	);
	const image = ["--root", join(root, "image"), "--no-network"];
	const how = ["--initdb", "--arch", "x86_64", "--allow-untrusted", "--no-scripts"];
	apk("add", ...image, ...how, "a.apk", "b.apk");
	const fields = "name,version,arch,license,installed-size";
	const told = JSON.parse(apk("query", ...image, "--format", "json", "--fields", fields, "--installed", "*"));
	// A size of nothing is left out by apk.
	const theirs = told.map((/** @type {any} */ one) => [
		one.name,
		one.version,
		one.arch,
		one.license,
		one["installed-size"] ?? 0,
	]);
	assert.equal(theirs.length, 2);
	const database = readFileSync(join(root, "image/lib/apk/db/installed"));
	const list = await api.packages(await report({ tar: tarOf([["lib/apk/db/installed", database]]) }));
	const own = list.packages.map(({ name, version, arch, licence, size }) => [name, version, arch, licence, size]);
	assert.deepEqual(own, theirs);
	assert.deepEqual(list.problems, []);
});

test("a Go program says the modules that go version -m says", { skip: lacks("go") }, async () => {
	const root = join(folder, "go");
	mkdirSync(join(root, "dep"), { recursive: true });
	const put = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(root, name), text);
	put("dep/go.mod", "module example.org/dep\n");
	put("dep/dep.go", "package dep\nfunc Two() int { return 2 }\n");
	put("go.mod", "module example.org/app\nrequire example.org/dep v1.2.3\nreplace example.org/dep v1.2.3 => ./dep\n");
	put("main.go", 'package main\nimport "example.org/dep"\nfunc main() { println(dep.Two()) }\n');
	const env = { ...process.env, GOFLAGS: "-mod=mod", GOPROXY: "off", GOCACHE: join(root, "cache") };
	execFileSync("go", ["build", "-o", "app", "."], { cwd: root, env });
	const told = execFileSync("go", ["version", "-m", join(root, "app")], { encoding: "utf8" });
	const version = /: go(\S+)/.exec(told)?.[1];
	const theirs = [...told.matchAll(/^\t(mod|=>)\t(\S+)\t(\S+)/gm)].map(([, , name, number]) => `${name} ${number}`);
	const list = await api.packages(
		await report({ tar: tarOf([["app", readFileSync(join(root, "app")), { mode: 0o755 }]]) }),
	);
	const own = list.packages.map(({ kind, name, version: number }) => `${kind} ${name} ${number}`);
	assert.ok(theirs.length > 0, told);
	assert.deepEqual(own.toSorted(), [`golang stdlib ${version}`, ...theirs.map((one) => `golang ${one}`)].toSorted());
	assert.deepEqual([list.packages[0]?.layer, list.packages[0]?.path], [0, "app"]);
});

test("a program with cargo auditable's list says its crates", { skip: lacks("objcopy") }, async () => {
	const crates = [
		{ name: "serde", version: "1.0.200", source: "crates.io" },
		{ name: "cc", version: "1.0.0", source: "crates.io", kind: "build" },
		{ name: "app", version: "0.1.0", source: "local", root: true },
	];
	const [packed, program] = ["packed", "program"].map((name) => join(folder, name));
	writeFileSync(packed, deflateSync(JSON.stringify({ packages: crates })));
	execFileSync("objcopy", ["--add-section", `.dep-v0=${packed}`, "/bin/ls", program]);
	const files = tarOf([["usr/bin/app", readFileSync(program), { mode: 0o755 }]]);
	const list = await api.packages(await report({ tar: files }));
	assert.deepEqual(
		list.packages.map(({ purl }) => purl),
		["pkg:cargo/app@0.1.0", "pkg:cargo/serde@1.0.200"],
	);
});

test("packages of two images are held against each other", async () => {
	const [a, b] = await Promise.all([api.packages(await report(BASE)), api.packages(await report(BASE, UPGRADE))]);
	assert.deepEqual(await api.comparePackages(a.packages, b.packages), [
		{ state: "changed", kind: "deb", name: "bash", a: "5.2", b: "5.3" },
		{ state: "added", kind: "deb", name: "curl", b: "8.0" },
	]);
});

test("nothing is taken from a layer that is not proved", async () => {
	const name = "packages/lie";
	const pushed = await pushImage(registry.url, name, "1", {
		layers: [
			{
				tar: tarOf([
					["var/lib/dpkg/status", deb(["a", "1"])],
					["x", noise(900, 5)],
				]),
			},
		],
	});
	const liar = await start(startLiar(registry.host));
	const { layers } = JSON.parse(pushed.text);
	liar.lie(new RegExp(layers[0].digest), async (truth) => ({
		...(await truth()),
		body: gzipSync(tarOf([["var/lib/dpkg/status", deb(["evil", "1"])]])),
	}));
	const found = await api.packages(await api.inspect(`${registry.host}/${name}:1`, { proxy: liar.proxy }), {
		proxy: liar.proxy,
	});
	assert.deepEqual(found.packages, []);
	assert.deepEqual(found.problems, [{ path: "var/lib/dpkg/status", code: "not-proved" }]);
});

test("broken databases are problems with their paths, and an abort ends it", async () => {
	const broken = await report({
		tar: tarOf([
			["var/lib/dpkg/status", noise(5000, 3)],
			["lib/apk/db/installed", "\0\0\0"],
			["app/node_modules/a/package.json", "{".repeat(5000)],
		]),
	});
	const { packages, problems } = await api.packages(broken);
	assert.deepEqual(packages, []);
	assert.deepEqual(
		problems.map(({ code }) => code),
		["broken", "broken", "broken"],
	);
	const stop = new AbortController();
	stop.abort();
	await assert.rejects(api.packages(broken, { signal: stop.signal }), { code: "aborted" });
});

test("a layer is read once for its packages and for its proof", async () => {
	const program = Buffer.alloc(100_000);
	program.write("\xff Go buildinf:\x08\x00", 4096, "latin1");
	const told = [];
	const list = await api.packages(await report(BASE, { tar: tarOf([["bin/old", program, { mode: 0o755 }]]) }), {
		onProgress: ({ type }) => told.push(type),
	});
	assert.deepEqual([...new Set(told)], ["layer"], "nothing is read again");
	assert.equal(list.packages.length, 2);
	assert.deepEqual(list.problems, [{ path: "bin/old", code: "program-go-old" }]);
});

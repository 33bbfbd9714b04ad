// The boundary, archives at random, honest and not: the same is said of one as a tar, as a folder, and packed in any way.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { digestOf, noise, tar } from "./layer-registry.mjs";
import { api, codeOf } from "./support.mjs";

/** The range of archives: more of them by hand, `SEEDS=from-to`. */
const [FROM = 0, TO = 90] = (process.env.SEEDS ?? "").split("-").filter(Boolean).map(Number);

const MIB = 1024 * 1024;
const pack = (/** @type {string} */ program) => (/** @type {Buffer} */ bytes) =>
	execFileSync(program, ["-c", "-q", "-1"], { input: bytes, maxBuffer: 64 * MIB });
const zstd = pack("zstd");
const packers = Object.entries({ gzip: (/** @type {Buffer} */ bytes) => gzipSync(bytes), zstd, xz: pack("xz") });

/** Everything that is chosen, by a seed. @param {number} seed */
function chooser(seed) {
	let state = (seed + 1) * 0x9e3779b1;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (/** @type {number} */ most) => Math.floor(next() * most);
	return {
		below,
		chance: (/** @type {number} */ of) => next() < of,
		one: (/** @type {any[]} */ all) => all[below(all.length)],
		shuffled: (/** @type {any[]} */ all) =>
			all
				.map((one) => /** @type {const} */ ([next(), one]))
				.sort(([one], [other]) => one - other)
				.map(([, one]) => one),
	};
}

/** @typedef {ReturnType<typeof chooser>} Choose */

/** @param {Choose} choose @param {number} at @returns {Buffer} */
function someTar({ below, one, chance }, at) {
	const files = Array.from({ length: below(6) }, (_, n) => {
		const name = one([`etc/file-${at}-${n}`, `f${n}`, `d/.wh.f${n}`, "etc/", "d/.wh..wh..opq", "0f".repeat(32)]);
		const as = one([{}, {}, {}, { type: "2", link: "f0" }, { type: "1", link: "f0" }, { mode: 0o4755 }]);
		return [name, as.type || name.endsWith("/") ? "" : noise(one([0, 1, 511, 512, 513, 3000]), below(99) + 1), as];
	});
	const long = chance(0.2)
		? [
				["././@LongLink", `${"long/".repeat(40)}name\0`, { type: "L" }],
				["short", "long"],
			]
		: [];
	const pax = chance(0.2)
		? [
				["PaxHeaders/x", "20 path=pax/of-name\n", { type: "x" }],
				["short", "pax"],
			]
		: [];
	return tar(/** @type {any} */ ([...files, ...long, ...pax]));
}

/** A tar as it lies in the archive, and its name there. @param {Choose} choose @param {Buffer} bytes @returns {[Buffer, string]} */
function stored({ one, chance }, bytes) {
	const half = bytes.length >> 1;
	const ways = [
		() => bytes,
		() => bytes,
		() => gzipSync(bytes),
		() => zstd(bytes),
		() => Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))]),
	];
	const packed = one(ways)();
	const type = packed[0] === 0x1f ? ".tar+gzip" : packed[0] === 0x28 ? ".tar+zstd" : ".tar";
	return [packed, chance(0.1) ? one([".tar", ".tar+gzip", ".tar+zstd"]) : type];
}

/** Bytes that are not what was meant. @param {Choose} choose @param {Buffer} bytes @returns {Buffer} */
function damaged({ one, below }, bytes) {
	const flipped = () => {
		const other = Buffer.from(bytes);
		if (other.length > 0) other[below(other.length)] ^= 1 << below(8);
		return other;
	};
	return one([
		flipped,
		flipped,
		() => bytes.subarray(0, below(bytes.length)),
		() => Buffer.concat([bytes, noise(below(600))]),
		() => Buffer.concat([bytes, Buffer.alloc(below(2000))]),
		() => gzipSync(bytes),
		() => noise(below(2000), 7),
		() => Buffer.alloc(0),
		() => bytes.subarray(0, below(12)),
		() => Buffer.from("  {} "),
		() => Buffer.from('{"schemaVersion":2}'),
		() => tar([["else", "1"]]),
	])();
}

/** The entries of an archive. @param {Choose} choose @returns {{ files: any[], isPlain: boolean }} */
function archive(choose) {
	const { below, one, chance, shuffled } = choose;
	const oci = (/** @type {string} */ name) => `application/vnd.oci.image.${name}`;
	const pathOf = (/** @type {string} */ digest) => `blobs/${digest.replace(":", "/")}`;
	const lies = one([0, 0.1, 0.3]);
	const tars = Array.from({ length: 1 + below(4) }, (_, at) => someTar(choose, at));
	const blobs = tars.map((bytes) => stored(choose, bytes));
	/** @type {Map<string, any[]>} */
	const files = new Map();
	const add = (/** @type {string} */ path, /** @type {any} */ content, as = {}) =>
		files.set(path, [path, chance(lies) ? damaged(choose, Buffer.from(content)) : content, as]);
	const sha512 = (/** @type {any} */ bytes) => `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
	const descriptor = (/** @type {string} */ type, /** @type {Buffer} */ bytes, isLayer = false) => ({
		mediaType: oci(type),
		digest: chance(lies / 4) ? digestOf("another") : isLayer && chance(0.05) ? sha512(bytes) : digestOf(bytes),
		size: bytes.length + (chance(lies / 4) ? 1 + below(3) : 0),
	});
	const image = () => {
		const used = Array.from({ length: 1 + below(tars.length) }, () => below(tars.length));
		const ids = used.map((at) => (chance(lies / 4) ? digestOf("else") : digestOf(tars[at] ?? "")));
		const diff_ids = chance(lies / 4) ? ids.slice(1) : ids;
		const history = diff_ids.map(() => ({ created_by: `RUN make ${below(99)}` }));
		const config = Buffer.from(
			JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids }, history }),
		);
		return { used, config };
	};
	const manifests = Array.from({ length: one([0, 1, 1, 2]) }, () => {
		const { used, config } = image();
		const layers = used.map((at) => {
			const [bytes, type] = /** @type {[Buffer, string]} */ (blobs[at]);
			const made = descriptor(`layer.v1${type}`, bytes, true);
			add(pathOf(made.digest), bytes);
			return {
				...made,
				...(chance(0.05) && { mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" }),
			};
		});
		const document = {
			schemaVersion: 2,
			mediaType: oci("manifest.v1+json"),
			config: descriptor("config.v1+json", config),
		};
		const bytes = Buffer.from(JSON.stringify({ ...document, layers }));
		add(pathOf(digestOf(config)), config);
		add(pathOf(digestOf(bytes)), bytes);
		return descriptor("manifest.v1+json", bytes);
	});
	if (manifests.length > 0) {
		files.set("oci-layout", ["oci-layout", '{"imageLayoutVersion":"1.0.0"}']);
		files.set("index.json", ["index.json", JSON.stringify({ schemaVersion: 2, manifests })]);
	}
	let isPlain = true;
	if (manifests.length === 0 || chance(0.4)) {
		const images = Array.from({ length: 1 + below(2) }, () => {
			const { used, config } = image();
			const Layers = used.map((at) => {
				const [bytes] = /** @type {[Buffer, string]} */ (blobs[at]);
				const path = one([`${at}/layer.tar`, `${digestOf(tars[at] ?? "").slice(7)}.tar`, pathOf(digestOf(bytes))]);
				add(path, bytes);
				return chance(lies / 4) ? "gone/layer.tar" : path;
			});
			const name = one([`${digestOf(config).slice(7)}.json`, pathOf(digestOf(config))]);
			add(name, config);
			return { Config: name, RepoTags: ["a:1"], Layers };
		});
		files.set("manifest.json", ["manifest.json", JSON.stringify(images)]);
	}
	let all = [...files.values()];
	if (chance(0.6)) all = shuffled(all);
	if (chance(0.2)) add(pathOf(digestOf("spare")), one(["spare", "else", noise(700)]));
	all.push(...[...files.values()].filter((file) => !all.includes(file)));
	const link = (/** @type {any[]} */ file) => {
		isPlain = false;
		const type = one(["1", "2"]);
		all = all.map((one) =>
			one === file
				? [
						file[0],
						"",
						{
							type,
							link: type === "1" ? `data/${file[0]}` : `${"../".repeat(file[0].split("/").length - 1)}data/${file[0]}`,
						},
					]
				: one,
		);
		all.splice(type === "1" ? 0 : below(all.length), 0, [`data/${file[0]}`, file[1]]);
	};
	if (chance(0.15)) link(one(all));
	if (chance(0.15)) {
		const [name, content] = one(all);
		isPlain = false;
		all.splice(below(all.length + 1), 0, [name, damaged(choose, Buffer.from(content))]);
	}
	if (chance(0.1)) all.splice(below(all.length + 1), 0, [one(["blobs/", "blobs/sha256/", "readme", "x/"]), ""]);
	return { files: all, isPlain };
}

/** An entry, behind a header of its own if its name is too long for one. @param {any} file @returns {any[]} */
function named(file) {
	const [name, content, as] = file;
	if (name.length < 100) return [file];
	const record = ` path=${name}\n`;
	return [
		["PaxHeaders/x", `${record.length + 3}${record}`, { type: "x" }],
		["long", content, as],
	];
}

/** The true digests of an archive's bytes, each as it lies and as it unpacks: nothing else may be proved. @param {any[]} files */
function truth(files) {
	return new Set(files.map(([, content = ""]) => digestOf(content)));
}

/**
 * The facts about all nodes, but for those that are known only of a file that was read whole, or of an entry. Behind
 * a fault one form knows more than the other: there only the passing checks are the same.
 * @param {any} report
 */
function said({ nodes, roots, summary }, isBroken = false) {
	if (isBroken) return nodes.slice(1).map(({ id, checks }) => [id, checks.filter(({ outcome }) => outcome === "pass")]);
	const told = nodes.map(({ held, ...node }, at) => {
		if (at > 0) return node;
		const { digest, size, compression, unpacked, read, ...root } = node;
		return { ...root, checks: root.checks.filter(({ id }) => id !== "digest") };
	});
	return { told, roots, verdict: summary.verdict };
}

/** The same of a folder, whose order and whose own oddities are others. @param {any[]} nodes */
const saidOfFolder = (nodes) =>
	nodes
		.map(({ kind, digest, diffId, read, checks, entryCount, chainId }) => ({
			...{ kind, digest, diffId, read, entryCount, chainId },
			checks: checks
				.filter(({ id }) => id !== "archive")
				.map((check) => JSON.parse(JSON.stringify(check).replaceAll("in this folder", "in this archive"))),
		}))
		.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

/** @param {any} input @param {any} [options] */
async function opened(input, options) {
	try {
		const report = await api.open(input, options);
		return { report, verified: await api.verifyLayers(report, { cache: false }) };
	} catch (/** @type {any} */ error) {
		assert.ok(codeOf(error), error.stack);
		return { code: codeOf(error) };
	}
}

/** All rows of the files of an image. @param {any} report */
async function filesOf(report) {
	const explored = await api.exploreFiles(report);
	try {
		const { layers } = explored;
		await explored.query({ view: "image" });
		await explored.openAll();
		return [layers.map(({ id, position }) => [id, position]), await explored.rows(0, 1000)];
	} finally {
		explored.close();
	}
}

/** Compares the ways to open one archive. @param {number} seed @param {Record<string, number>} seen */
async function compare(seed, seen) {
	const choose = chooser(seed);
	const { files, isPlain } = archive(choose);
	const isBroken = choose.chance(0.15);
	const whole = tar(files.flatMap(named));
	const bytes = isBroken ? damaged(choose, whole) : whole;
	// Packed once more it is no archive.
	if (bytes[0] === 0x1f) return;
	const plain = await opened(bytes, { name: "a" });
	seen[plain.report ? plain.verified.summary.verdict : "refused"] += 1;
	const known = truth(files);
	for (const { checks } of isBroken ? [] : (plain.verified?.nodes.slice(1) ?? []))
		for (const { id, outcome, expected } of checks)
			if (id === "digest" && outcome === "pass" && expected.startsWith("sha256:"))
				assert.ok(known.has(expected), `${expected} is proved and not there`);
	for (const [form, packed] of packers) {
		const other = await opened(packed(bytes), { name: "a" });
		assert.equal(other.code, plain.code, form);
		if (!plain.report) continue;
		for (const which of ["report", "verified"])
			assert.deepEqual(said(other[which], isBroken), said(plain[which], isBroken), `${form} ${which}`);
		if (form === "gzip" && !isBroken) assert.deepEqual(await filesOf(other.verified), await filesOf(plain.verified));
	}
	if (!isPlain || isBroken || !plain.report) return;
	const given = files
		.filter(([name]) => !name.endsWith("/"))
		.map(([name, content = ""]) => new File([content], `a/${name}`));
	if (given.length < 2) return;
	const folder = await opened(given, { name: "a" });
	seen.folders += 1;
	assert.ok(folder.report, `folder ${folder.code}`);
	for (const which of ["report", "verified"])
		assert.deepEqual(saidOfFolder(folder[which].nodes), saidOfFolder(plain[which].nodes.slice(1)), `folder ${which}`);
}

test(`archives ${FROM} to ${TO} at random are the same as a tar, in a folder, and packed`, async () => {
	const seen = { verified: 0, failed: 0, incomplete: 0, refused: 0, folders: 0 };
	const wrong = [];
	for (let seed = FROM; seed < TO; seed++)
		await compare(seed, seen).catch((error) => wrong.push(`SEEDS=${seed}-${seed + 1} ${error.message.slice(0, 3000)}`));
	console.log(seen);
	assert.deepEqual(wrong, []);
});

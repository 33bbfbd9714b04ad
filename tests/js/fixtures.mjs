// Reports for tests, in the form of DESIGN's section 4; the digests are made up but look real.

import { createHash } from "node:crypto";

const OCI = "application/vnd.oci.image";

/** @param {string} seed */
export const digestOf = (seed) => `sha256:${createHash("sha256").update(seed).digest("hex")}`;

/** @param {string} id @param {"pass" | "fail" | "warn" | "not-checked"} outcome @param {object} [more] */
export const check = (id, outcome, more = {}) => ({
	id,
	outcome,
	expected: null,
	actual: null,
	source: null,
	message: `the ${id} check: ${outcome}`,
	...more,
});

/** @param {string} digest @param {number} size */
const proved = (digest, size) => [
	check("digest", "pass", {
		expected: digest,
		actual: digest,
		source: "descriptor",
		message: "the digest is the one that the descriptor names",
	}),
	check("size", "pass", {
		expected: String(size),
		actual: String(size),
		source: "descriptor",
		message: "the size is the descriptor's",
	}),
	check("schema", "pass", { message: "the document follows its schema" }),
];

/** @param {object} fields @returns {any} */
export const node = (fields) => ({
	id: "0",
	kind: "manifest",
	mediaType: `${OCI}.manifest.v1+json`,
	size: 1024,
	digest: digestOf("manifest"),
	parent: null,
	read: true,
	checks: [],
	...fields,
});

/** @param {any[]} nodes @param {object} [source] @returns {any} */
export function report(nodes, source = { kind: "registry", reference: "ghcr.io/demo/app:v1" }) {
	const outcomes = nodes.flatMap(({ checks }) =>
		checks.map((/** @type {{ outcome: string }} */ { outcome }) => outcome),
	);
	const of = (/** @type {string} */ outcome) => outcomes.filter((one) => one === outcome).length;
	const summary = { pass: of("pass"), fail: of("fail"), warn: of("warn"), notChecked: of("not-checked") };
	const verdict =
		summary.fail > 0 ? "failed" : summary.notChecked === 0 && summary.pass > 0 ? "verified" : "incomplete";
	return {
		schema: 1,
		source,
		nodes,
		roots: nodes.filter(({ parent }) => parent === null).map(({ id }) => id),
		summary: { verdict, ...summary },
	};
}

const LAYERS = [
	{ size: 29_126_484, by: "/bin/sh -c #(nop) ADD file:6b2ae0ed5d6d8c9f1a in / " },
	{
		size: 4_812_345,
		by: "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata # buildkit",
	},
	{ size: 18_220, by: "COPY app /usr/local/bin/app # buildkit" },
];

/** The nodes of one image. @param {string} id @param {string | null} parent @param {object} platform @param {object} [fields] */
export function image(id, parent, platform, fields = {}) {
	const name = Object.values(platform).join("/");
	const digest = digestOf(`manifest ${name}`);
	const config = digestOf(`config ${name}`);
	const layers = LAYERS.map(({ size }, index) => ({
		size,
		digest: digestOf(`layer ${index} ${index === 0 ? "base" : name}`),
		diffId: digestOf(`diff ${index} ${name}`),
	}));
	const at = (/** @type {number} */ index) => ({ layer: `${id}/layers[${index}]` });
	return [
		node({
			id,
			parent,
			platform,
			digest,
			size: 1207,
			imageId: config,
			path: parent === null ? undefined : "$.manifests[0]",
			title: name,
			checks: proved(digest, 1207),
			annotations: [["org.opencontainers.image.source", "https://example.org/demo/app"]],
			...fields,
		}),
		node({
			id: `${id}/config`,
			kind: "config",
			title: "config",
			parent: id,
			path: "$.config",
			mediaType: `${OCI}.config.v1+json`,
			size: 2310,
			digest: config,
			platform,
			checks: [
				...proved(config, 2310),
				check("platform", "pass", { expected: name, actual: name, source: "descriptor" }),
				check("layer-count", "pass", { expected: "3", actual: "3", source: "config" }),
			],
			diffIds: layers.map(({ diffId }) => diffId),
			history: [
				{ created: "2026-02-03T01:02:03.5Z", createdBy: LAYERS[0]?.by, emptyLayer: false, ...at(0) },
				{ created: "2026-02-03T01:02:04Z", createdBy: '/bin/sh -c #(nop)  CMD ["bash"]', emptyLayer: true },
				{
					created: "2026-03-01T10:00:00Z",
					createdBy: LAYERS[1]?.by,
					comment: "buildkit.dockerfile.v0",
					emptyLayer: false,
					...at(1),
				},
				{
					created: "2026-03-01T10:00:09Z",
					createdBy: LAYERS[2]?.by,
					comment: "buildkit.dockerfile.v0",
					emptyLayer: false,
					...at(2),
				},
				{
					created: "2026-03-01T10:00:09Z",
					createdBy: 'ENTRYPOINT ["/usr/local/bin/app"]',
					comment: "buildkit.dockerfile.v0",
					emptyLayer: true,
				},
			],
			image: {
				created: "2026-03-01T10:00:09Z",
				author: "Demo",
				user: "1000:1000",
				workingDir: "/srv",
				stopSignal: "SIGTERM",
				entrypoint: ["/usr/local/bin/app"],
				cmd: ["--listen", ":8080"],
				env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TZ=UTC"],
				exposedPorts: ["8080/tcp"],
				volumes: ["/data"],
				labels: [
					["org.opencontainers.image.version", "1.2.3"],
					["evil", "\u202Egnp.exe <img src=x onerror=alert(1)>"],
				],
			},
		}),
		...layers.map(({ size, digest: blob, diffId }, index) =>
			node({
				id: `${id}/layers[${index}]`,
				kind: "layer",
				parent: id,
				path: `$.layers[${index}]`,
				mediaType: `${OCI}.layer.v1.tar+gzip`,
				size,
				digest: blob,
				read: false,
				title: `layer ${index + 1}`,
				checks: [
					check("digest", "not-checked", {
						expected: blob,
						source: "descriptor",
						reason: "not-downloaded",
						message: "not downloaded",
					}),
					check("diff-id", "not-checked", {
						expected: diffId,
						source: "config",
						reason: "not-downloaded",
						message: "not downloaded",
					}),
				],
				compression: "gzip",
				diffId,
				chainId: index === 0 ? diffId : digestOf(`chain ${index} ${name}`),
				historyIndex: [0, 2, 3][index],
			}),
		),
	];
}

/** @param {string} digest */
const index = (digest) =>
	node({
		id: "0",
		kind: "index",
		mediaType: `${OCI}.index.v1+json`,
		size: 1609,
		digest,
		checks: [
			check("digest", "not-checked", { actual: digest, message: "a tag names no digest: computed now" }),
			check("header-digest", "pass", { expected: digest, actual: digest, source: "header" }),
			check("schema", "pass"),
			check("ambiguous", "pass"),
		],
	});

const attestation = () =>
	node({
		id: "0/manifests[2]",
		kind: "attestation",
		parent: "0",
		path: "$.manifests[2]",
		platform: { os: "unknown", architecture: "unknown" },
		title: "attestation for linux/amd64",
		size: 840,
		digest: digestOf("attestation"),
		attests: digestOf("manifest linux/amd64"),
		checks: proved(digestOf("attestation"), 840),
	});

/** Two platforms and an attestation, all documents read. @returns {any} */
export const twoPlatforms = () =>
	report([
		index(digestOf("index")),
		...image("0/manifests[0]", "0", { os: "linux", architecture: "amd64" }, { chosen: true }),
		...image("0/manifests[1]", "0", { os: "linux", architecture: "arm64", variant: "v8" }, { path: "$.manifests[1]" }),
		attestation(),
	]);

/** The second platform was not read. */
export const unreadPlatform = () => {
	const whole = twoPlatforms();
	const nodes = whole.nodes
		.filter((/** @type {any} */ { id }) => !id.startsWith("0/manifests[1]/"))
		.map((/** @type {any} */ one) =>
			one.id === "0/manifests[1]"
				? {
						...one,
						read: false,
						imageId: undefined,
						checks: [check("digest", "not-checked", { reason: "not-downloaded", message: "not downloaded" })],
					}
				: one,
		);
	return report(nodes);
};

/** The config's bytes are not those that the manifest names. */
export const flippedConfig = () => {
	const nodes = twoPlatforms().nodes.map((/** @type {any} */ one) => {
		if (one.id !== "0/manifests[0]/config") return one;
		const actual = digestOf("flipped");
		return {
			...one,
			digest: actual,
			checks: [
				check("digest", "fail", {
					expected: digestOf("config linux/amd64"),
					actual,
					source: "descriptor",
					message: "the bytes hash to another digest than the manifest names",
				}),
				...one.checks.slice(1),
			],
		};
	});
	return report(nodes);
};

/** @param {number} [count] */
export function bigIndex(count = 10_000) {
	const root = { ...index(digestOf("big")), size: 3_900_000 };
	const nodes = Array.from({ length: count }, (_, at) =>
		node({
			id: `0/manifests[${at}]`,
			parent: "0",
			path: `$.manifests[${at}]`,
			read: false,
			size: 1000 + (at % 500),
			digest: digestOf(`entry ${at}`),
			platform: { os: "linux", architecture: ["amd64", "arm64", "s390x", "riscv64"][at % 4], variant: `v${at}` },
			title: `linux/${at}`,
			checks: [check("digest", "not-checked", { reason: "not-downloaded", message: "not downloaded" })],
		}),
	);
	return report([root, ...nodes], { kind: "registry", reference: "127.0.0.1:5000/demo/big:v1" });
}

export const artifact = () =>
	report([
		node({
			kind: "artifact",
			artifactType: "application/vnd.example.sbom",
			subject: digestOf("manifest linux/amd64"),
			checks: proved(digestOf("manifest"), 1024),
		}),
		node({
			id: "0/config",
			kind: "config",
			parent: "0",
			mediaType: "application/vnd.oci.empty.v1+json",
			size: 2,
			digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
			checks: [check("digest", "pass")],
		}),
		node({
			id: "0/layers[0]",
			kind: "blob",
			parent: "0",
			mediaType: "application/spdx+json",
			size: 5120,
			digest: digestOf("sbom"),
			read: false,
			title: "sbom.spdx.json",
		}),
	]);

export const schema1 = () =>
	report([
		node({
			kind: "schema1",
			mediaType: "application/vnd.docker.distribution.manifest.v1+prettyjws",
			name: "library/old:1",
			size: 4096,
			checks: [check("signature", "pass"), check("parse", "pass")],
			history: [
				{ created: "2014-01-01T00:00:00Z", createdBy: "/bin/sh -c echo", emptyLayer: false, layer: "0/fsLayers[0]" },
			],
		}),
		node({
			id: "0/fsLayers[0]",
			kind: "layer",
			parent: "0",
			mediaType: null,
			size: null,
			digest: digestOf("old layer"),
			read: false,
			title: "layer 1",
			historyIndex: 0,
		}),
	]);

/** An index in an index. */
export const nested = () => {
	const inner = { ...index(digestOf("inner")), id: "0/manifests[0]", parent: "0" };
	return report([
		index(digestOf("outer")),
		inner,
		...image("0/manifests[0]/manifests[0]", "0/manifests[0]", { os: "linux", architecture: "amd64" }),
	]);
};

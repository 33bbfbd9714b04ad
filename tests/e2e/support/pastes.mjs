// Off the line, under the paste tests: what people paste, each form once, and what must be made of it in Node and in the page.

import { createSign, generateKeyPairSync } from "node:crypto";
import { sha256, TYPES } from "./documents.mjs";

const DIFF_ID = sha256("an uncompressed layer");
const ID = "application/vnd.docker.container.image.v1+json";
const LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
/** As `docker build` writes it. */
export const CONFIG = JSON.stringify({
	architecture: "amd64",
	config: { Env: ["PATH=/bin"], Cmd: ["/bin/sh"] },
	created: "2024-05-06T07:08:09Z",
	history: [{ created: "2024-05-06T07:08:09Z", created_by: "COPY <app> / # é" }],
	os: "linux",
	rootfs: { type: "layers", diff_ids: [DIFF_ID] },
});
const manifest = {
	schemaVersion: 2,
	mediaType: TYPES.dockerManifest,
	config: { mediaType: ID, size: Buffer.byteLength(CONFIG), digest: sha256(CONFIG) },
	layers: [{ mediaType: LAYER, size: 667590, digest: sha256("a layer") }],
};
/** As Docker pushed it: three spaces, no final newline. */
export const MANIFEST = JSON.stringify(manifest, null, 3);
export const INDEX = JSON.stringify(
	{
		schemaVersion: 2,
		mediaType: TYPES.dockerList,
		manifests: [
			{
				mediaType: TYPES.dockerManifest,
				size: MANIFEST.length,
				digest: sha256(MANIFEST),
				platform: { architecture: "amd64", os: "linux" },
			},
		],
	},
	null,
	3,
);
/** A signed schema 1 manifest, and the payload that its digest is over. */
export const { text: SCHEMA1, payload: PAYLOAD } = signedSchema1();

export const [M, C, I] = [MANIFEST, CONFIG, INDEX].map(sha256);
const TABBED = JSON.stringify(manifest, null, "\t");
const LAYER_DIGEST = manifest.layers[0].digest;
const OF_COMMAND = (name) => ({ expected: M, from: `the ${name} command` });
const IN_TABS = ["indented with 3 spaces", "no final newline"];

/** The issue's example: the document as the article prints it, and the digest beside it. */
export const ARTICLE = {
	text: '{"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"sha256:8ddc19f16526912237dd8af81971d5e4dd0587907234be2b83e249518d5b673f","size":667590}],"schemaVersion":2,"config":{"mediaType":"application/octet-stream","digest":"sha256:2b8fd9751c4c0f5dd266fcae00707e67a2545ef34f9a29354585f93dac906749","size":1459},"mediaType":"application/vnd.docker.distribution.manifest.v2+json"}',
	digest: "sha256:a59906e33509d14c036c8678d687bd4eec81ed7c4b8ce907b888c607f6a1e0e6",
	steps: ["keys put in Docker's order", "indented with 3 spaces", "no final newline"],
};

/**
 * Each form: the code of the report, the digest that the paste itself gives and where, the topmost node, the steps of a
 * recovery, what is mentioned (a digest and what it is said to be).
 * @typedef {{ name: string, text: string, form: string, exact?: boolean, expected?: string, from?: string,
 *   given?: string, root?: [kind: string, digest: string], verdict?: string, steps?: string[],
 *   mentions?: [string, RegExp][] }} Paste
 *   `given`: the expected digest of the box; the `verdict` is `incomplete` if layers are missing, which is the default
 * @type {Paste[]}
 */
export const PASTES = [
	{ name: "a bare manifest", text: MANIFEST, form: "document", root: ["manifest", M] },
	{ name: "a bare manifest, its digest in the box", text: MANIFEST, given: M, form: "document", root: ["manifest", M] },
	{ name: "a bare index", text: INDEX, form: "document", root: ["index", I] },
	{ name: "a bare config", text: CONFIG, form: "document", root: ["config", C] },
	{
		name: "a bare config, its digest in the box",
		text: CONFIG,
		given: C,
		form: "document",
		root: ["config", C],
		verdict: "verified",
	},
	{ name: "a signed schema 1 manifest", text: SCHEMA1, form: "document", root: ["schema1", sha256(PAYLOAD)] },
	{
		name: "a signed schema 1 manifest, its digest in the box",
		text: SCHEMA1,
		given: sha256(PAYLOAD),
		form: "document",
		root: ["schema1", sha256(PAYLOAD)],
	},
	{
		name: "curl -i",
		text: `$ curl -i https://registry.example/v2/a/b/manifests/v1\nHTTP/1.1 200 OK\r\nContent-Type: ${TYPES.dockerManifest}\r\nDocker-Content-Digest: ${M}\r\nContent-Length: ${MANIFEST.length}\r\n\r\n${MANIFEST}user@host:~$ `,
		form: "http-response",
		expected: M,
		from: "the Docker-Content-Digest header",
		root: ["manifest", M],
	},
	{
		name: "docker manifest inspect",
		text: `$ docker manifest inspect a/b@${M}\n${TABBED}\n`,
		form: "manifest-inspect",
		exact: false,
		...OF_COMMAND("docker manifest inspect"),
		root: ["manifest", M],
		steps: IN_TABS,
	},
	{
		name: "docker manifest inspect -v",
		text: verbose([`"Raw": ${JSON.stringify(Buffer.from(MANIFEST).toString("base64"))}`]),
		form: "manifest-inspect-verbose",
		expected: M,
		from: "the Descriptor",
		root: ["manifest", M],
	},
	{
		name: "docker manifest inspect -v without Raw",
		text: verbose([]),
		form: "manifest-inspect-verbose",
		exact: false,
		expected: M,
		from: "the Descriptor",
		root: ["manifest", M],
		steps: IN_TABS,
	},
	...[
		["docker buildx imagetools inspect", "docker buildx imagetools inspect --raw a/b@"],
		["crane manifest", "crane manifest a/b@"],
		["skopeo inspect", "skopeo inspect --raw docker://a/b@"],
	].map(([name, command]) => ({
		name: command.replace(/ \S*@$/, ""),
		text: `user@host:~$ ${command}${M}\n${MANIFEST}user@host:~$ `,
		form: "document",
		...OF_COMMAND(name),
		root: /** @type {[string, string]} */ (["manifest", M]),
	})),
	{
		name: "docker inspect",
		text: `$ docker image inspect a/b:v1\n${JSON.stringify([{ Id: C, RepoTags: ["a/b:v1"], RepoDigests: [`a/b@${M}`], Parent: "", Config: {}, Architecture: "amd64", Os: "linux", RootFS: { Type: "layers", Layers: [DIFF_ID] } }], null, 4)}\n`,
		form: "docker-inspect",
		mentions: [
			[C, /Id: the image ID/],
			[M, /RepoDigests/],
			[DIFF_ID, /RootFS\.Layers: a DiffID/],
		],
	},
	{
		name: "docker pull",
		text: `$ docker pull a/b:v1\nv1: Pulling from a/b\n${LAYER_DIGEST.slice(7, 19)}: Pull complete\nDigest: ${M}\nStatus: Downloaded newer image for a/b:v1\ndocker.io/a/b:v1\n`,
		form: "pull-output",
		expected: M,
		from: "the line Digest: …",
		mentions: [
			[LAYER_DIGEST.slice(7, 19), /the beginning of the digest of a layer blob/],
			[M, /the digest of the manifest, or of the index/],
		],
	},
	{
		name: "docker images --digests",
		text: `REPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\na/b   v1   ${M}   ${C.slice(7, 19)}   2 weeks ago   4.26MB\n`,
		form: "images-table",
		mentions: [
			[M, /DIGEST: the digest of the manifest/],
			[C.slice(7, 19), /IMAGE ID: the beginning of the image ID/],
		],
	},
	{ name: "a bare digest", text: `${M}\n`, form: "digest", mentions: [[M, /a digest/]] },
	{ name: "a prefix", text: `${C.slice(7, 19)}\n`, form: "digest-prefix", mentions: [[C.slice(7, 19), /beginning/]] },
	{
		name: "a Markdown fence, the digest above it",
		text: `The manifest\nDigest: ${M}\n\n\`\`\`json\n${MANIFEST}\n\`\`\`\n`,
		form: "document",
		expected: M,
		from: "the line Digest: …",
		root: ["manifest", M],
	},
	{
		name: "line numbers, the digest in the box",
		text: MANIFEST.split("\n")
			.map((line, at) => `${String(at + 1).padStart(6)}\t${line}`)
			.join("\n"),
		given: M,
		form: "document",
		exact: false,
		root: ["manifest", M],
	},
	{
		name: "a prompt and a quoted fence, indented anew",
		text: `> ~~~\n> root@host:/# crane manifest a/b@${M}\n${JSON.stringify(manifest, null, 2).replace(/^/gm, "> ")}\n> ~~~\n`,
		form: "document",
		...OF_COMMAND("crane manifest"),
		root: ["manifest", M],
		steps: IN_TABS,
	},
	{
		name: "the article's manifest, the digest in the box",
		text: ARTICLE.text,
		given: ARTICLE.digest,
		form: "document",
		root: ["manifest", ARTICLE.digest],
		steps: ARTICLE.steps,
	},
];

/** The output of `docker manifest inspect -v`. @param {string[]} members */
function verbose(members) {
	const entry = {
		Ref: `docker.io/a/b:v1@${M}`,
		Descriptor: { mediaType: TYPES.dockerManifest, digest: M, size: MANIFEST.length },
	};
	const head = JSON.stringify(entry, null, "\t").slice(0, -2);
	const more = [...members, `"SchemaV2Manifest": ${TABBED.replaceAll("\n", "\n\t")}`];
	return `$ docker manifest inspect -v a/b:v1\n${[head, ...more].join(",\n\t")}\n}\n`;
}

/** Signed as Docker 1.6 did: the signature is over the payload, which the signatures are then put into. */
function signedSchema1() {
	const layer = { blobSum: sha256("a layer") };
	const v1 = JSON.stringify({
		id: "1".repeat(64),
		architecture: "amd64",
		os: "linux",
		created: "2015-01-02T03:04:05Z",
	});
	const body = { schemaVersion: 1, name: "a/b", tag: "v1", architecture: "amd64", fsLayers: [layer] };
	const payload = JSON.stringify({ ...body, history: [{ v1Compatibility: v1 }] }, null, 3);
	const coded = (text) => Buffer.from(text).toString("base64url");
	const formatLength = payload.length - 2;
	const about = { formatLength, formatTail: coded("\n}"), time: "2015-01-02T03:04:05Z" };
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const signer = createSign("sha256").update(`${coded(JSON.stringify(about))}.${coded(payload)}`);
	const signature = {
		header: { jwk: publicKey.export({ format: "jwk" }), alg: "ES256" },
		signature: signer.sign({ key: privateKey, dsaEncoding: "ieee-p1363" }, "base64url"),
		protected: coded(JSON.stringify(about)),
	};
	const signatures = JSON.stringify([signature], null, 3).replaceAll("\n", "\n   ");
	return { payload, text: `${payload.slice(0, formatLength)},\n   "signatures": ${signatures}\n}` };
}

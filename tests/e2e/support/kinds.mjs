// Off the line, under the browser tests of pastes: thirty things that people copy, each with its kind and what the answer names.

const A = `sha256:${"a1".repeat(32)}`;
const B = `sha256:${"b2".repeat(32)}`;
const P = A.slice(7, 19);
const IMAGE = "registry.example/team/app:1.2";

const json = (/** @type {unknown} */ value) => JSON.stringify(value, null, 2);

/** @type {{ kind: string, text: string, names?: string[] }[]} `names` stand in the answer */
export const KINDS = [
	{
		kind: "kubernetes-pod",
		text: json({
			apiVersion: "v1",
			kind: "Pod",
			spec: { containers: [{ image: IMAGE }] },
			status: { containerStatuses: [{ image: IMAGE, imageID: `registry.example/team/app@${A}` }] },
		}),
		names: [P, IMAGE],
	},
	{
		kind: "kubernetes-list",
		text: json({ apiVersion: "v1", kind: "List", items: [{ spec: { image: IMAGE } }] }),
		names: [IMAGE],
	},
	{
		kind: "crictl-inspecti",
		text: json({ status: { id: B, repoTags: [IMAGE], repoDigests: [`registry.example/team/app@${A}`] } }),
		names: [P],
	},
	{
		kind: "docker-inspect",
		text: json([{ Id: A, RepoTags: [IMAGE], RepoDigests: [`registry.example/team/app@${B}`] }]),
		names: [P],
	},
	{
		kind: "docker-images-json",
		text: `{"Repository":"team/app","Tag":"1.2","ID":"${P}","Digest":"${B}"}\n`,
		names: [P],
	},
	{
		kind: "build-metadata",
		text: json({ "containerimage.digest": A, "containerimage.config.digest": B, "image.name": IMAGE }),
		names: [P, IMAGE],
	},
	{
		kind: "cosign-verify",
		text: json([
			{
				critical: {
					identity: { "docker-reference": "registry.example/team/app" },
					image: { "docker-manifest-digest": A },
				},
			},
		]),
		names: [P],
	},
	{
		kind: "in-toto-statement",
		text: json({
			_type: "https://in-toto.io/Statement/v1",
			predicateType: "x",
			subject: [{ name: "app", digest: { sha256: A.slice(7) } }],
		}),
		names: [P],
	},
	{
		kind: "oras-discover",
		text: json({
			reference: IMAGE,
			digest: A,
			mediaType: "application/vnd.oci.image.manifest.v1+json",
			referrers: [{ digest: B, artifactType: "sbom/x" }],
		}),
		names: [P],
	},
	{
		kind: "cyclonedx-sbom",
		text: json({
			bomFormat: "CycloneDX",
			components: [{ name: "x", hashes: [{ alg: "SHA-256", content: A.slice(7) }] }],
		}),
	},
	{
		kind: "ecr-describe-images",
		text: json({ imageDetails: [{ repositoryName: "team/app", imageDigest: A, imageTags: ["1.2"] }] }),
		names: [P],
	},
	{
		kind: "quay-tags",
		text: json({ tags: [{ name: "1.2", manifest_digest: A, is_manifest_list: true }] }),
		names: [P],
	},
	{
		kind: "hub-tags",
		text: json({ count: 1, results: [{ name: "1.2", images: [{ architecture: "amd64", digest: A }] }] }),
		names: [P],
	},
	{
		kind: "harbor-artifacts",
		text: json([{ digest: A, push_time: "2024-01-01", extra_attrs: {}, tags: [{ name: "1.2" }] }]),
		names: [P],
	},
	{
		kind: "gitlab-tag",
		text: json({ name: "1.2", location: IMAGE, revision: B.slice(7), short_revision: "b2b2b2b2b", digest: A }),
		names: [P],
	},
	{ kind: "github-packages", text: json([{ id: 1, name: A, metadata: { package_type: "container" } }]), names: [P] },
	{ kind: "acr-manifests", text: json([{ digest: A, tags: ["1.2"], timestamp: "2024-01-01" }]), names: [P] },
	{ kind: "registry-error", text: json({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }) },
	{ kind: "registry-tags", text: json({ name: "team/app", tags: ["1.1", "1.2"] }) },
	{
		kind: "error-unexpected-commit-digest",
		text: `Failed to pull image "${IMAGE}": unexpected commit digest ${A}, expected ${B}: failed precondition`,
		names: [P, IMAGE, "Wanted"],
	},
	{ kind: "error-content-not-found", text: `failed to unpack image: content digest ${A}: not found\n`, names: [P] },
	{
		kind: "error-rate-limit",
		text: "toomanyrequests: You have reached your pull rate limit.\nsee the documentation\n",
	},
	{
		kind: "error-platform",
		text: `no match for platform in manifest: not found\nwhile pulling ${IMAGE}\n`,
		names: [IMAGE],
	},
	{
		kind: "pull-output",
		text: `The push refers to repository [registry.example/team/app]\n${P}: Pushed\n1.2: digest: ${B} size: 528\n`,
		names: [P],
	},
	{
		kind: "images-table",
		text: `REPOSITORY   TAG   IMAGE ID   CREATED   SIZE\nteam/app   1.2   ${P}   2 weeks ago   4MB\n`,
		names: [P],
	},
	{
		kind: "dockerfile",
		text: "FROM golang:1.22 AS build\nRUN go build\nFROM registry.example/team/base:3\nCOPY --from=build /a /a\n",
		names: ["golang:1.22"],
	},
	{
		kind: "compose",
		text: `services:\n  web:\n    image: ${IMAGE}@${A}\n  db:\n    image: postgres:16\n`,
		names: [P, "postgres:16"],
	},
	{
		kind: "github-workflow",
		text: "on: push\njobs:\n  t:\n    runs-on: x\n    container: node:20\n    steps:\n      - uses: docker://alpine:3\n",
		names: ["node:20"],
	},
	{ kind: "digest-prefix", text: `sha256:${P}…\n`, names: [P] },
	{ kind: "mentions", text: `We run ${IMAGE} since ${A} in production.\n`, names: [P, IMAGE] },
];

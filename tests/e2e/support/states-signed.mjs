// Off the line, under the pictures and the tests of all states: the states of what is signed, by an own world of trust.

import { createHash } from "node:crypto";
import { IDENTITY, world as trustWorld, VOUCHED } from "../../authority/world.mjs";
import { descriptor, repository, TYPES } from "./documents.mjs";
import { ask, openSection, shown } from "./page.mjs";
import { pushImage, tarOf } from "./pairs.mjs";
import { listOf, payload, provenance, pushReferrer, pushSigned } from "./signing.mjs";

/** @typedef {import("./states.mjs").State} State */
/** @typedef {import("playwright-core").Page} Page */

const IN_TOTO = "application/vnd.in-toto+json";

/** Packages as lists have them: type, version, licence, and their files in the image. @type {Record<string, [string, string, string, string[]]>} */
const PACKAGES = {
	"ca-certificates": ["deb", "20230311", "MPL-2.0", ["etc/ssl/certs/ca-certificates.crt", "usr/sbin/update-ca"]],
	curl: ["deb", "7.88.1-10", "curl", ["usr/bin/curl"]],
	fastify: ["npm", "5.1.0", "MIT", ["app/fastify/index.js", "app/fastify/lib.js", "app/fastify/package.json"]],
	libpq5: ["deb", "15.8-0", "PostgreSQL", ["usr/lib/libpq.so.5"]],
	"not-in-it": ["npm", "0.1.0", "", ["app/not-in-it/index.js"]],
	openssl: ["deb", "3.0.15-1", "Apache-2.0", ["usr/bin/openssl", "usr/lib/libssl.so.3"]],
	pg: ["npm", "8.13.1", "MIT", ["app/pg/index.js", "app/pg/package.json"]],
	zlib1g: ["deb", "1:1.2.13", "Zlib", ["usr/lib/libz.so.1"]],
};
const DIFFERS = "app/pg/index.js";
const paths = Object.values(PACKAGES).flatMap(([, , , files]) => files);
/** @param {string} path @param {(string | undefined)[]} starts */
const isBelow = (path, starts) => starts.some((start) => path.startsWith(`${start}`));
const layer = (/** @type {string[]} */ ...starts) => ({
	tar: tarOf(
		paths
			.filter((path) => isBelow(path, starts) && !path.includes("not-in-it"))
			.map((path) => /** @type {[string, string]} */ ([path, path === DIFFERS ? "patched" : path])),
	),
});

/** @param {string} digest */
const sbom = (digest) => ({
	_type: "https://in-toto.io/Statement/v0.1",
	predicateType: "https://spdx.dev/Document",
	subject: [{ name: "team/app", digest: { sha256: digest.slice(7) } }],
	predicate: {
		spdxVersion: "SPDX-2.3",
		name: "team/app",
		packages: Object.entries(PACKAGES).map(([name, [type, versionInfo, licenseDeclared, hasFiles]]) => ({
			...{ SPDXID: name, name, versionInfo, licenseDeclared: licenseDeclared || "NOASSERTION", hasFiles },
			supplier: `Organization: ${type === "deb" ? "Debian" : "OpenJS"}`,
			externalRefs: [{ referenceType: "purl", referenceLocator: `pkg:${type}/${name}@${versionInfo}` }],
		})),
		files: paths.map((path) => ({
			...{ SPDXID: path, fileName: `/${path}` },
			checksums: [{ algorithm: "SHA256", checksumValue: createHash("sha256").update(path).digest("hex") }],
		})),
	},
});

/** An image of two platforms: its index is signed, one platform's provenance too, and BuildKit's list of packages is not. @param {string} url */
async function pushSignedImage(url) {
	const own = trustWorld();
	const repo = repository(url, "team/app");
	const layers = [
		layer("usr/lib/libssl", "usr/bin/openssl", "usr/lib/libz"),
		layer("etc/", "usr/bin/curl", "usr/sbin/", "usr/lib/libpq"),
		layer("app/"),
	];
	const [amd64, arm64] = await Promise.all(
		["amd64", "arm64"].map((architecture) =>
			pushImage(url, "team/app", `1.2-${architecture}`, { layers, architecture, created: "2026-03-01T09:00:00Z" }),
		),
	);
	const annotations = { "in-toto.io/predicate-type": "https://spdx.dev/Document" };
	const list = descriptor(await repo.putBlob(IN_TOTO, sbom(amd64.digest)), { annotations });
	const rootfs = { type: "layers", diff_ids: [list.digest] };
	const config = await repo.putBlob(TYPES.config, { architecture: "unknown", os: "unknown", config: {}, rootfs });
	const attestation = await repo.putManifest("1.2-attestation", TYPES.manifest, {
		...{ schemaVersion: 2, mediaType: TYPES.manifest, config, layers: [list] },
	});
	const about = {
		"vnd.docker.reference.digest": amd64.digest,
		"vnd.docker.reference.type": "attestation-manifest",
	};
	const platform = (/** @type {string} */ architecture, os = "linux") => ({ platform: { os, architecture } });
	const index = await repo.putManifest("1.2", TYPES.index, {
		...{ schemaVersion: 2, mediaType: TYPES.index },
		manifests: [
			...[descriptor(amd64, platform("amd64")), descriptor(arm64, platform("arm64"))],
			descriptor(attestation, { annotations: about, ...platform("unknown", "unknown") }),
		],
	});
	const text = payload(index.digest, `${new URL(url).host}/team/app`);
	await pushSigned(repo, index.digest, own.annotations(text), text);
	const entry = await pushReferrer(repo, amd64, own.attested(provenance(amd64.digest)));
	await repo.putManifest(amd64.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	return JSON.stringify(own.trustedRoot());
}

/** The image is pushed once a registry. @type {Map<string, Promise<string>>} */
const pushed = new Map();

/** With the section open and the places asked. */
async function looked(page, { registry, app }) {
	const root = pushed.get(registry.url) ?? pushSignedImage(registry.url);
	pushed.set(registry.url, root);
	const trustedRoot = await root;
	await ask(page, `${registry.host}/team/app:1.2`);
	await shown(page, `${registry.host}/team/app:1.2`);
	await openSection(page, "Signatures");
	await page.locator("stow-signatures button").first().click();
	await page.locator(".signatures .sentence").first().waitFor();
	return { trustedRoot, app };
}

/** Judged by the root of our own, and by what else the reader says. @param {Page} page @param {string} root @param {Record<string, string>} [said] */
async function judge(page, root, said = {}) {
	await page.locator(".signer-form summary").click();
	for (const [name, value] of Object.entries({ ...said, root })) await page.fill(`.signer-form [name=${name}]`, value);
	await page.locator(".signer-form [type=submit]").click();
	await page
		.locator(said.identity ? ".signature.is-fail, .named" : ".signature.is-pass")
		.first()
		.waitFor();
	await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
}

const signed = async (page, world) => judge(page, (await looked(page, world)).trustedRoot);
const named = (/** @type {string} */ identity) => async (page, world) =>
	judge(page, (await looked(page, world)).trustedRoot, { identity, issuer: VOUCHED });

/** With the list of packages open. */
const listed = async (page, world) => {
	await signed(page, world);
	await page.locator(".statement [aria-expanded=false]").click();
	await page.locator(".package:not(.head)").first().waitFor();
};

/** @type {State[]} */
export const SIGNED = [
	{
		name: "signatures-before",
		async show(page, { registry, harbour }) {
			await ask(page, harbour);
			await shown(page, harbour);
			await openSection(page, "Signatures");
			return registry;
		},
	},
	{ name: "signatures-unknown", show: looked },
	{ name: "signatures", show: signed },
	{
		name: "signatures-checks",
		async show(page, world) {
			await signed(page, world);
			await page.locator(".signatures details").evaluateAll((all) => {
				for (const one of all) /** @type {HTMLDetailsElement} */ (one).open = true;
			});
		},
	},
	{ name: "signatures-named", show: named(IDENTITY) },
	{ name: "signatures-wrong", show: named(IDENTITY.replace("release", "other")) },
	{ name: "sbom", show: listed },
	{
		name: "sbom-held",
		async show(page, world) {
			await listed(page, world);
			await page.locator(".statement p > button").click();
			await page.locator(".statement .held").waitFor();
			await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
		},
	},
];

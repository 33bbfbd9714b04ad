// Off the line, under the browser tests in Chinese: the words by their keys, and what is left in Latin letters in the page.

import { readdirSync } from "node:fs";
import { ROOT } from "./app.mjs";

const folder = new URL("www/i18n/words/zh/", `file://${ROOT}`);
/** @type {Record<string, string>} */
const table = {};
for (const name of readdirSync(folder).filter((one) => one.endsWith(".zh.js"))) {
	Object.assign(table, (await import(new URL(name, folder).href)).words);
}

/** The words of a key in Chinese. @param {string} key @param {Record<string, string | number>} [params] */
export const zh = (key, params = {}) => String(table[key]).replace(/\{(\w+)\}/g, (_, name) => String(params[name]));

/**
 * Switches what is in view: the page by what its switch says (a dialog keeps it from being pressed), an element by the
 * language of the page around.
 * @param {import("playwright-core").Page} page
 */
export async function turnChinese(page) {
	await page.evaluate(() => {
		const app = document.querySelector("#app");
		const detail = { language: "zh" };
		if (app) app.dispatchEvent(new CustomEvent("stow-change", { detail }));
		else document.documentElement.lang = "zh-CN";
	});
	await page.waitForFunction(() => {
		const plans = [...document.querySelectorAll("stow-plan, stow-plan-table, stow-plan-compare, stow-plan-tags")];
		const [header] = document.querySelectorAll(".tagline");
		const said = plans.every((one) => one.shadowRoot?.querySelector(".plan")?.matches("[lang=zh-CN]"));
		return (
			said && document.documentElement.lang === "zh-CN" && (!header || /[\u4e00-\u9fff]/.test(header.textContent ?? ""))
		);
	});
}

/** Words that are the same in Chinese: names of tools and formats, and words that a tool prints or a document uses. */
const TERMS = [
	..."Stowplan sha256 sha512 DiffID ChainID JSON JWS UTF-8 tar gzip zstd blob subject whiteout setuid setgid".split(
		" ",
	),
	..."docker pull images inspect crane digest skopeo podman crictl kubelet containerd Docker Engine Digest IMAGE".split(
		" ",
	),
	..."ID RepoDigests RootFS Layers status containerStatuses imageID platform manifest Markdown Ctrl Enter Esc".split(
		" ",
	),
	..."URL OS ABI Content-Type Docker-Content-Digest schema CVE ELF Entrypoint Cmd User WorkingDir StopSignal Env".split(
		" ",
	),
	..."ExposedPorts Volumes Labels curl sha256sum bytes Raw base64 gzip BOM UTC Backspace dive protected SBOM".split(
		" ",
	),
	..."cargo xtask serve allow HOST http https MiB KiB GiB MB en English hex oci-layout index blobs images OCI".split(
		" ",
	),
	..."Dockerfile dpkg apk npm rpm Python Go Rust CycloneDX zlib base32 gron CircleCI Google Cloud Azure DevOps".split(
		" ",
	),
	..."Bitbucket HCL Terraform Nomad quadlet HTTP HTTPS insecure registry hosts toml registries conf regctl get buildx".split(
		" ",
	),
	..."BuildKit buildah umoci go-containerregistry ko kaniko apko Go CRLF LF Python PHP Raw latest busybox name app".split(
		" ",
	),
	..."HEAD API PGP Helm chart verify Hub cosign referrers in-toto SPDX PEM".split(" "),
	"mediaType",
	"os",
	"version",
	"etc",
	"passwd",
	"Build",
	"x86-64",
	"image",
	"png",
	"arm64",
	"amd64",
	"linux",
	"github",
	"ghcr",
	"io",
	"owner",
	"L0",
	"proxy",
	"reference",
	"src",
	"SRI",
	"Latin-1",
];

/**
 * Every run of Latin words in the page's own chrome that no list allows: text and the words that are read out in its place. Quoted
 * text (code, the content of a field, the core's own sentence below the page's) is not the page's.
 * @param {import("playwright-core").Page} page
 * @param {string[]} [data] names in what is shown: of files, platforms, images
 * @returns {Promise<string[]>}
 */
export const leftInEnglish = (page, data = []) =>
	page.evaluate(
		({ terms, data }) => {
			const known = new Set(terms.map((one) => one.toLowerCase()));
			const quoted =
				"code, pre, textarea, script, style, time, .own, .subject, .title, .by, .time, .name, .owner, .mode, .layer, .hex, .json, .diff, .mtime, .lines-box, .pairs, .credentials, .cell, .map-table td, .of, .elf, stow-table[kind=config] td, .compare-config :is(del, ins)";
			/** @type {Set<string>} */
			const found = new Set();
			const judge = (/** @type {string} */ text) => {
				const bare = data.reduce((rest, one) => rest.replaceAll(one, " "), text);
				const words = bare.match(/[A-Za-z][A-Za-z0-9-]+/g) ?? [];
				if (words.some((word) => !known.has(word.toLowerCase()) && !/^[0-9a-f]+$/.test(word))) found.add(text.trim());
			};
			const walk = (/** @type {Element | ShadowRoot} */ root) => {
				const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
				for (let node = walker.nextNode(); node; node = walker.nextNode()) {
					const element = node.parentElement;
					if (element && !element.closest(quoted)) judge(node.nodeValue ?? "");
				}
				for (const element of root.querySelectorAll("[aria-label], [placeholder], [alt]")) {
					if (element.closest(".own, [role=treeitem], .cell")) continue;
					for (const name of ["aria-label", "placeholder", "alt"]) judge(element.getAttribute(name) ?? "");
				}
			};
			// Around an element stand its author's words.
			const app = document.querySelector("#app");
			if (app) {
				walk(app);
				judge(document.title);
			}
			for (const { shadowRoot } of document.querySelectorAll(
				"stow-plan, stow-plan-table, stow-plan-compare, stow-plan-tags",
			))
				if (shadowRoot) walk(shadowRoot);
			return [...found];
		},
		// The longest first: a name may be a part of another.
		{ terms: TERMS, data: data.toSorted((a, b) => b.length - a.length) },
	);

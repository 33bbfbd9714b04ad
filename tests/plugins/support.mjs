// Under the tests of plugins: a site from nothing with the real tool, the packed packages, and a browser without a network.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../e2e/support/app.mjs";
import { launch, withPage } from "../e2e/support/browser.mjs";
import { serveSite } from "../e2e/support/generators.mjs";
import { run, temporaryFolder } from "../e2e/support/process.mjs";
import { PACKAGE } from "../e2e/support/program.mjs";

const SAMPLE = join(ROOT, "www/samples/hello");

/** An image that no registry serves: a page that shows it has it from its snapshot. */
export const REFERENCE = "registry.invalid/demo/hello:1.0";
export const SNAPSHOT = "registry.invalid-demo-hello-1.0.stowplan.json";
export const OTHER = `sha256:${"0".repeat(64)}`;

let made;
/** The sample's snapshot and its digest. @returns {Promise<{ text: string, digest: string }>} */
export async function sample() {
	made ??= make();
	return made;
}

async function make() {
	const { makeSnapshot, open } = await import(join(PACKAGE, "api.js"));
	const names = ["index.json", "manifest-amd64.json", "manifest-arm64.json", "config-amd64.json", "config-arm64.json"];
	const report = await open(names.map((name) => new Uint8Array(readFileSync(join(SAMPLE, name)))));
	const snapshot = { ...(await makeSnapshot(report, { taken: new Date(0) })), reference: REFERENCE };
	return { text: JSON.stringify(snapshot), digest: snapshot.digest };
}

/** A page with text before its fence, which begins on line {@link LINE}. @param {string} digest */
export const page = (digest, more = "") =>
	`# Image\n\nText.\n\n\`\`\`stowplan\n${REFERENCE}\ndigest: ${digest}\n${more}\`\`\`\n\nMore text.\n`;
export const LINE = 5;

/** @param {string} name @param {Record<string, string>} files */
export function site(name, files) {
	const folder = temporaryFolder(name);
	write(folder, files);
	return folder;
}

/** @param {string} folder @param {Record<string, string>} files */
export function write(folder, files) {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
}

/**
 * Installs packages of the registry, and ours as `npm pack` makes them.
 * @param {string} folder @param {string[]} names @param {string[]} own folders of integrations/
 */
export async function npmInstall(folder, names, own) {
	const packed = temporaryFolder("packed");
	for (const place of [PACKAGE, ...own.map((name) => join(ROOT, "integrations", name))])
		await run("npm", ["pack", "--silent", "--pack-destination", packed, place]);
	const ours = readdirSync(packed).map((name) => join(packed, name));
	const words = ["install", "--silent", "--no-audit", "--no-fund", "--no-progress", "--prefer-offline"];
	await run("npm", [...words, ...names, ...ours], { cwd: folder });
}

/** Runs a tool; resolves with its exit code and all that it said. @returns {Promise<{ code: number, said: string }>} */
export const tried = (program, words, cwd, env = {}) =>
	new Promise((resolve) => {
		const options = { cwd, env: { ...process.env, NO_COLOR: "1", ...env }, maxBuffer: 1 << 26 };
		execFile(program, words, options, (error, stdout, stderr) => {
			const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
			resolve({ code, said: `${stdout}\n${stderr}` });
		});
	});

let browser;
/** Ends the browser that {@link visit} started. */
export const close = async () => (await browser)?.close();

/**
 * Opens a built site in a browser that reaches that site alone.
 * @param {string} folder
 * @param {(page: import("playwright-core").Page, url: string) => Promise<void>} use
 */
export async function visit(folder, use) {
	browser ??= launch();
	const served = await serveSite(folder);
	try {
		await withPage(
			await browser,
			async (page) => {
				await page.route(
					({ href }) => !href.startsWith(served.url),
					(route) => route.abort(),
				);
				await use(page, served.url);
			},
			{ expected: /Failed to load resource|ERR_|favicon/ },
		);
	} finally {
		await served.stop();
	}
}

/** The state of an element's image: proved, and the digest that the page pins. @param {import("playwright-core").Page} page */
export async function proved(page) {
	const plan = page.locator("stow-plan").first();
	await plan.scrollIntoViewIfNeeded();
	const words = await plan.getByRole("group", { name: "Verdict" }).innerText();
	assert.match(words, /Every digest matches/);
	assert.doesNotMatch(words, /failed/);
	assert.match(words, /A snapshot/);
	assert.equal(await plan.getAttribute("digest"), (await sample()).digest);
}

export const VENV = process.env.STOWPLAN_VENV ?? join(ROOT, "target/generators/venv");

/**
 * Our Python packages, built and installed into a folder of their own; the tools are in the environment of the generators.
 * @param {string} name of the folder in integrations/
 * @returns {Promise<Record<string, string>>} the variables that a tool needs to find them
 */
export async function pipInstall(name) {
	const [made, target] = [temporaryFolder("python"), temporaryFolder("python")];
	await run(process.execPath, [join(ROOT, "integrations/package.mjs"), PACKAGE, made]);
	const words = [
		"install",
		"--quiet",
		"--no-deps",
		"--disable-pip-version-check",
		"--target",
		target,
		join(made, name),
	];
	await run(join(VENV, "bin/pip"), words);
	return { PYTHONPATH: target };
}

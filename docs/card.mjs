// Off the line: makes what stands for the page elsewhere: www/assets/card.png for links, www/assets/favicon.ico and www/assets/touch-icon.png.
// `node docs/card.mjs`; the results are committed.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch } from "../tests/e2e/support/browser.mjs";
import { stripesOf } from "../www/anatomy/digest-colours.js";

const PICTURES = new URL("../www/assets/", import.meta.url);
const SAMPLES = new URL("../www/samples/", import.meta.url);
const COLOURS = ["#0b3c5d", "#d55e00", "#009e73", "#7d3c98", "#c79a00", "#56a5d8", "#8c1c13", "#5f6b73"];
/** The digests are those of the shipped sample. */
const ROWS = [
	[0, "index", "91baa03b68e3"],
	[1, "manifest", await digestOf("manifest-amd64.json")],
	[2, "config", await digestOf("config-amd64.json")],
	[2, "layer", await digestOf("layer-1-amd64.tar.gz")],
	[2, "layer", await digestOf("layer-2-amd64.tar.gz")],
];

const icon = await readFile(new URL("favicon.svg", PICTURES), "utf8");
const browser = await launch();
await writeFile(new URL("card.png", PICTURES), await picture(card(), 1200, 630));
await writeFile(new URL("touch-icon.png", PICTURES), await picture(whole(icon, 180), 180, 180));
await writeFile(new URL("favicon.ico", PICTURES), ico(await picture(whole(icon, 32), 32, 32)));
await browser.close();

/** @param {string} name */
async function digestOf(name) {
	const { createHash } = await import("node:crypto");
	const bytes = await readFile(fileURLToPath(new URL(`hello/${name}`, SAMPLES)));
	return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
}

/** @param {string} html @param {number} width @param {number} height */
async function picture(html, width, height) {
	const page = await browser.newPage({ viewport: { width, height } });
	await page.setContent(html);
	const png = await page.screenshot({ omitBackground: true });
	await page.close();
	return png;
}

/** @param {string} svg @param {number} size */
function whole(svg, size) {
	return `<body style="margin:0">${svg.replace("<svg ", `<svg width="${size}" height="${size}" style="display:block" `)}`;
}

/** A picture file in the frame that old browsers look for. @param {Buffer} png */
function ico(png) {
	const head = Buffer.alloc(22);
	head.writeUInt16LE(1, 2);
	head.writeUInt16LE(1, 4);
	head.set([32, 32], 6);
	head.writeUInt16LE(1, 10);
	head.writeUInt16LE(32, 12);
	head.writeUInt32LE(png.length, 14);
	head.writeUInt32LE(22, 18);
	return Buffer.concat([head, png]);
}

/** @param {string} digest */
function bar(digest) {
	const rects = stripesOf(digest).map(({ colour, level }, index) => {
		const height = 6 + (10 * (level - 1)) / 3;
		return `<rect fill="${COLOURS[colour]}" x="${index * 6}" y="${16 - height}" width="5" height="${height}"/>`;
	});
	return `<svg width="46" height="32" viewBox="0 0 23 16">${rects.join("")}</svg>`;
}

function card() {
	const rows = ROWS.map(
		([depth, kind, digest]) =>
			`<p style="margin-left:${Number(depth) * 48}px">${bar(String(digest))}<b>${kind}</b><code>${digest}</code><i>✓</i></p>`,
	);
	return `<style>
		body { margin: 0; padding: 64px 72px; box-sizing: border-box; height: 630px; background: #fafaf7; color: #1a2127; font: 30px system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
		h1 { display: flex; align-items: center; gap: 22px; margin: 0; font-size: 68px; letter-spacing: -2px; }
		h1 svg { width: 74px; height: 74px; }
		h2 { margin: 18px 0 30px; font-size: 33px; font-weight: 400; color: #56616a; }
		p { display: flex; align-items: center; gap: 18px; width: 960px; height: 54px; margin: 0 0 8px; padding: 0 18px; box-sizing: border-box; border: 2px solid #dcdfdb; border-radius: 8px; background: #fff; font-size: 25px; }
		code { margin-left: auto; font: 24px "DejaVu Sans Mono", monospace; color: #56616a; }
		i { display: grid; place-items: center; width: 32px; height: 32px; border-radius: 50%; background: #18703f; color: #fff; font: bold 20px "DejaVu Sans", sans-serif; }
	</style><h1>${icon}Stowplan</h1><h2>See what is inside a container image, and prove it.</h2>${rows.join("")}`;
}

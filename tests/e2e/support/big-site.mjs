// Under the tests and the benchmarks of `stowplan docs`: a site of 500 pages, one of which pins another image.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./process.mjs";

const PAGES = 500;
const FOLDERS = 20;
const MOVED = 467;
const TEXT = "Some text of a page.\n".repeat(100);

/**
 * @param {{ snapshot: string, reference: string, digest: string, other: string }} given `other`: what the moved page pins
 * @returns {{ folder: string, moved: string, line: number }} the page and the line of its fence
 */
export function bigSite({ snapshot, reference, digest, other }) {
	const folder = temporaryFolder("big-site");
	for (let at = 0; at < FOLDERS; at++) mkdirSync(join(folder, `p${at}`));
	for (let at = 0; at < PAGES; at++) {
		const place = join(folder, `p${at % FOLDERS}`);
		const pin = at === MOVED ? other : digest;
		const fence = `\`\`\`stowplan\n${reference}\ndigest: ${pin}\nsnapshot: s${at}.json\n\`\`\`\n`;
		writeFileSync(join(place, `page-${at}.md`), `# Page ${at}\n\n${TEXT}\n${fence}`);
		writeFileSync(join(place, `s${at}.json`), snapshot);
	}
	return { folder, moved: join(folder, `p${MOVED % FOLDERS}`, `page-${MOVED}.md`), line: TEXT.split("\n").length + 3 };
}

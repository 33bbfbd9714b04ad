// Off the line, under the browser tests: files and folders of the disk, dragged into the page by the browser's own protocol.

import { drawn } from "./world.mjs";

/**
 * A drag of these paths over the middle of the page.
 * @param {import("playwright-core").Page} page
 * @param {string[]} files absolute paths of files and folders
 */
export async function dragFiles(page, files) {
	await drawn(page);
	const session = await page.context().newCDPSession(page);
	const { width, height } = page.viewportSize();
	const data = { items: [], files, dragOperationsMask: 1 };
	const send = (type) => session.send("Input.dispatchDragEvent", { type, x: width / 2, y: height / 2, data });
	return {
		over: async () => {
			await send("dragEnter");
			await send("dragOver");
			await page.locator("html[data-drop]").waitFor();
		},
		// The protocol's own end of a drag is one that the page is not told of.
		leave: () => page.evaluate(() => void dispatchEvent(new DragEvent("dragleave"))),
		drop: () => send("drop"),
	};
}

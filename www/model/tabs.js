// Report -> www. The tabs of a result, in their order: each has words `tab.NAME`, and a panel in `stow-sections`.

export const TABS = /** @type {const} */ ([
	"overview",
	"files",
	"size",
	"ids",
	"config",
	"checks",
	"signatures",
	"raw",
]);

/** @param {string | undefined} tab */
export const isTab = (tab) => TABS.some((one) => one === tab);

/**
 * The number of signatures, statements and lists of packages, once they were looked for.
 * @param {import("../types.js").Report} report
 */
export const foundAbout = ({ asked, nodes }) =>
	asked &&
	nodes.filter(
		({ proof, read, blobKind = "" }) => proof !== undefined || (read && ["statement", "sbom"].includes(blobKind)),
	).length;

// Line: Report -> www. The tabs of a result, in their order: each has words `tab.NAME`, and a panel in `stow-sections`.

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

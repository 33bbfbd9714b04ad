// The addresses of comparisons and of lists of tags. The first view knows only that there are some (compare-watch.js).

/** A name in an address, as short as it may be. @param {string} text */
export const inAddress = (text) => encodeURIComponent(text).replace(/%(2F|3A|40)/g, decodeURIComponent);

/** @param {string} a @param {string} b @param {string} [platform] of both @param {string[]} [platforms] of each */
export function comparisonHash(a, b, platform, platforms) {
	const more = platforms
		? `&platforms=${platforms.map(inAddress)}`
		: platform
			? `&platform=${inAddress(platform)}`
			: "";
	return `#compare=${inAddress(a)},${inAddress(b)}${more}`;
}

/** True if the address is one of these. @param {"compare" | "tags"} kind */
export const isShown = (kind) => new RegExp(`[#&]${kind}=`).test(location.hash);

// The words of the first view, in Chinese.

import { words as page } from "./page.zh.js";
import { words as report } from "./report.zh.js";

/** @type {import("../../strings.js").Words} */
export const words = { ...page, ...report };

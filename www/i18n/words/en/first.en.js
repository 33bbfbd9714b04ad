// The words of the first view, in English: bundled with the page, and shown if another language lacks a word.

import { words as page } from "./page.en.js";
import { words as report } from "./report.en.js";

/** @type {import("../../strings.js").Words} */
export const words = { ...page, ...report };

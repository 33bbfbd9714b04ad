// Line: www, the words of reading layers; they join the table with the first layer.

/** @type {import("../strings.js").Words} */
export const words = {
	"layers.reading": "Verifying layers: {done} of {n} done",
	"layers.resuming": "Going on after an interruption: {reason}",
	"layers.one": "Layer {n}",
	"layers.rate": "{bytes} of {total}, {rate} a second",
	"layers.rate.open": "{bytes}, {rate} a second",
	"layers.left": "{time} left",
};

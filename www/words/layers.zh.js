// Line: www, the words of reading layers, in Chinese.

/** @type {import("../strings.js").Words} */
export const words = {
	"layers.reading": "正在校验层：已完成 {done} / {n}",
	"layers.resuming": "中断后继续：{reason}",
	"layers.one": "第 {n} 层",
	"layers.rate": "{bytes} / {total}，每秒 {rate}",
	"layers.rate.open": "{bytes}，每秒 {rate}",
	"layers.left": "剩余 {time}",
};

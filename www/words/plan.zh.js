// Line: www, the words of `<stow-plan>` that the page has not; in Chinese.

/** @type {import("../strings.js").Words} */
export const words = {
	"plan.label": "{reference} 里有什么，摘要是否相符",
	"plan.loading": "正在读取 {reference}",
	"plan.loading.snapshot": "正在读取快照",
	"plan.open": "在 Stowplan 中打开",
	"plan.close": "关闭详情",
	"plan.snapshot": "这是 {when} 的快照：字节的摘要刚刚在此处算出；它们来自 {reference} 这一点，只是快照作者的说法。",
	"plan.snapshot.plain": "这是一份快照：字节的摘要刚刚在此处算出；它们来自哪里，只是快照作者的说法。",
	"plan.pinned": "本页固定了这个摘要，字节与它相符。",
	"plan.failed.load": "无法读取这个镜像",

	"error.invalid-snapshot": "这不是快照",
	"error.unsupported-snapshot": "这份快照的版本太新",
	"error.snapshot-unavailable": "无法取得快照",
	"error.snapshot-impossible": "无法由此制作快照",
	"error.no-source": "没有指定任何内容",
	"todo.invalid-snapshot": "请用“嵌入”对话框或 makeSnapshot() 重新制作。",
	"todo.unsupported-snapshot": "请使用更新的 Stowplan，或重新制作快照。",
	"todo.snapshot-unavailable": "请检查它的地址，以及其主机是否允许本页读取（CORS）。",
	"todo.snapshot-impossible": "请先重新检查镜像，再制作快照。",
	"todo.no-source": "请给元素一个镜像引用，或快照的 src。",
};

// The words of the dialog for embedding; in Chinese.

/** @type {import("../../strings.js").Words} */
export const words = {
	"embed.title": "嵌入",
	"embed.view": "显示",
	"embed.view.anatomy": "结构",
	"embed.view.layers": "层",
	"embed.view.identity": "各种标识",
	"embed.view.history": "历史",
	"embed.pin": "固定摘要：字节不同即为未通过",
	"embed.fixed": "只运行这一构建的脚本（SRI）：其他构建不会运行",
	"embed.element": "元素",
	"embed.element.hint": "用于文档页面。读者经由代理访问镜像仓库，并自行计算所得字节的摘要。",
	"embed.snapshot": "快照",
	"embed.snapshot.hint": "把文件放在页面旁边：读者对其中的字节计算摘要，既不需要镜像仓库，也不需要代理。",
	"embed.snapshot.save": "保存 {name}",
	"embed.frame": "框架",
	"embed.frame.hint": "用于不能加载外部脚本的页面。框架无法触及外层页面的任何内容。",
	"embed.badge": "徽章",
	"embed.badge.hint": "用于 README。图片只说明所指的摘要，不给出结论；链接指向本页，在这里计算结论。",
	"embed.badge.save": "保存 stowplan-badge.svg",
	"embed.badge.copy": "复制图片代码",
	"embed.preview": "预览",
	"embed.close": "关闭",
};

// Line: www, the words of a report: verdict, anatomy, details, history; in Chinese.

/** @type {import("../strings.js").Words} */
export const words = {
	"outcome.pass": "已通过",
	"outcome.fail": "未通过",
	"outcome.warn": "存疑",
	"outcome.not-checked": "未检查",

	"secret.covered": "••••••••",

	"verdict.label": "结论",
	"verdict.passed": "{n} 项检查已通过",
	"verdict.passed.here": "{n} 项检查已通过，字节均在此处计算摘要",
	"verdict.failed": "{n} 项检查未通过",
	"verdict.warned": "{n} 项存疑",
	"verdict.unread": "未下载 {what}，因此未检查",
	"verdict.absent": "未提供 {what}，因此未检查",
	"verdict.unchecked": "{n} 项检查无法进行",
	"verdict.nothing": "没有检查任何内容",
	"verdict.show": "查看",
	"verdict.recovered": "已恢复：这就是原来的字节",
	"verdict.nodocument": "没有可计算摘要的内容：粘贴的文本里没有文档",
	"verdict.export": "导出报告",
	"verdict.save": "保存副本…",
	"verdict.embed": "嵌入…",
	"verdict.platform": "平台",

	"pin.text": "标签指向什么，由镜像仓库说了算（如果代理不是你自己的，也由代理说了算）。请用摘要固定：",
	"pin.copy": "带摘要的引用",

	"kind.index": "索引",
	"kind.manifest": "清单",
	"kind.config": "配置",
	"kind.layer": "层",
	"kind.artifact": "构件",
	"kind.schema1": "schema 1 清单",
	"kind.attestation": "证明",
	"kind.signature": "签名",
	"kind.blob": "blob",
	"kind.unknown": "未知",

	"kinds.index": "{n} 个索引",
	"kinds.manifest": "{n} 份清单",
	"kinds.config": "{n} 份配置",
	"kinds.layer": "{n} 个层",
	"kinds.artifact": "{n} 个构件",
	"kinds.schema1": "{n} 份 schema 1 清单",
	"kinds.attestation": "{n} 份证明",
	"kinds.signature": "{n} 个签名",
	"kinds.blob": "{n} 个 blob",
	"kinds.unknown": "{n} 个未知项",

	"title.for": "（关于 {title}）",

	"anatomy.title": "结构",
	"anatomy.filter": "按平台、类型或摘要筛选",
	"anatomy.count": "{n} 个节点",
	"anatomy.matches": "{n} 行匹配",
	"anatomy.none": "没有匹配项。",
	"anatomy.chosen": "已选",
	"anatomy.imageId": "= 镜像 ID",
	"anatomy.legend": "层的方框按比例绘制。相同的摘要总有相同的四条色带。",

	"details.title": "详情",

	"sections.label": "关于镜像",

	"layers.verify": "校验 {n} 个层，{size}",
	"layers.verify.unsized": "校验 {n} 个层",
	"layers.verify.one": "校验这一层，{size}",
	"layers.raise": "仍然读取",
	"layers.again": "重新读取",
	"requests.more": "还有 {n} 项",

	"core.said.docker save archive": "docker save 归档",
	"core.said.OCI layout archive": "OCI 布局归档",
	"core.said.docker save archive and OCI layout": "docker save 归档，也是 OCI 布局",
	"core.said.unreferenced blob": "未被引用的 blob",

	"copy.label": "复制{what}",
	"copy.text": "复制",
	"copy.done": "已复制",
	"copy.failed": "未能复制",
};

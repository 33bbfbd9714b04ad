// The words of files and folders that are opened, in Chinese.

/** @type {import("../../strings.js").Words} */
export const words = {
	"intake.walking": "正在查看文件夹：已找到 {n} 个文件",
	"intake.opening": "正在打开 {n} 个文件",

	"error.too-many-files": "一次打开的文件太多",
	"error.unreadable-file": "有一个文件无法读取",
	"error.nothing-to-open": "没有可以打开的内容",
	"todo.too-many-files": "请提供归档，或布局本身的文件夹：其中有 oci-layout、index.json 和 blobs。",
	"todo.unreadable-file": "它可能在此期间被移动或修改，或者你无权读取。请重新选择；之前显示的内容还在。",
	"todo.nothing-to-open": "请提供含有文档、层或归档的文件，或者含有 OCI 布局的文件夹。",
};

// The words of the dialog for embedding.

/** @type {import("../../strings.js").Words} */
export const words = {
	"embed.title": "Embed",
	"embed.view": "Show",
	"embed.view.anatomy": "Anatomy",
	"embed.view.layers": "Layers",
	"embed.view.identity": "Identities",
	"embed.view.history": "History",
	"embed.pin": "Pin the digest: other bytes fail",
	"embed.fixed": "Only this build of the script (SRI): another one does not run",
	"embed.element": "Element",
	"embed.element.hint":
		"In a page of documentation. Its readers ask the registry through the proxy, and hash what comes.",
	"embed.snapshot": "Snapshot",
	"embed.snapshot.hint":
		"Put the file beside the page: its readers hash the bytes in it, and need neither a registry nor a proxy.",
	"embed.snapshot.save": "Save {name}",
	"embed.frame": "Frame",
	"embed.frame.hint": "Where a page may load no scripts of others. The frame can reach nothing of the page around.",
	"embed.badge": "Badge",
	"embed.badge.hint":
		"For a README. The picture says which digest is meant and gives no verdict; the link leads here, where it is computed.",
	"embed.badge.save": "Save stowplan-badge.svg",
	"embed.badge.copy": "Copy SVG",
	"embed.preview": "Preview",
	"embed.close": "Close",
};

// Line: www, the words of the page itself: box, samples, progress, header.

/** @type {import("../strings.js").Words} */
export const words = {
	"app.title": "Stowplan: see what is inside a container image, and prove it",
	"app.tagline": "See what is inside a container image, and prove it.",
	"app.intro":
		"Type an image reference. Every digest is recomputed here, in your browser, from the bytes, before anything is believed.",
	"app.how": "How it works",
	"app.how.more": "Which sha256 is which? Change a byte and see.",
	"chain.tar": "layer, unpacked",
	"app.private": "Nothing is uploaded anywhere: what you paste or drop stays in this tab.",
	"app.source.registry": "From the registry",
	"app.source.paste": "From pasted text",
	"app.source.file": "From a file",

	"box.label": "Image reference",
	"box.placeholder": "ghcr.io/o/app:1.2, busybox, name@sha256:…",
	"box.hint": "An image reference or a digest; or paste a manifest or what a tool printed; or drop files or a folder.",
	"box.files": "Choose files",
	"box.folder": "Choose a folder",
	"box.drop": "Drop files, archives or folders anywhere: they are read here and uploaded nowhere",
	"box.inspect": "Inspect",
	"box.paste": "Paste",
	"box.cancel": "Cancel",
	"box.empty": "Type an image reference first.",

	"samples.title": "Try it, without a network",
	"samples.load": "Opening the sample “{title}”",
	"sample.hello.title": "A small image",
	"sample.hello.description": "Two platforms and an attestation: every digest in it fits.",
	"sample.broken.title": "A broken image",
	"sample.broken.description":
		"One digit of its manifest, a layer’s size, was changed after its digest was written down. See where it shows.",
	"sample.article.title": "An article’s manifest",
	"sample.article.description":
		"Copied from a web page, it no longer hashes to the digest beside it. The original bytes are found again.",
	"samples.none": "The samples could not be loaded.",

	"progress.start": "Starting",
	"progress.reading": "Reading what was given",
	"progress.waiting": "Waiting {time}: {reason}",
	"progress.requests": { one: "{n} request, {size}", other: "{n} requests, {size}" },
	"progress.steps": "{done} of {total}",
	"progress.label": "Progress",
	"progress.cancelled": "Cancelled.",

	"settings.open": "Settings",
	"language.label": "Language",
	"language.en": "en",
	"language.zh": "中文",
	"language.now": "This page is in English now.",
	"language.failed": "The words of that language could not be loaded.",

	"list.colon": ": ",
	"list.comma": ", ",
	"list.semicolon": "; ",
	"list.sentence": ". ",
	"unit.bytes": { one: "{n} byte", other: "{n} bytes" },
	"unit.ms": "{value} ms",
	"unit.s": "{value} s",
	"unit.min": "{value} min",
	"unit.h": "{value} h",
	"text.more": "{text}… ({n} more)",

	"theme.label": "Theme",
	"theme.auto": "Auto",
	"theme.light": "Light",
	"theme.dark": "Dark",

	"error.close": "Dismiss",
	"error.retry": "Try again",
	"error.retryAfter": "Try again in {time}.",
	"error.code": "code: {code}",
	"error.settings": "Open settings",
	"error.unknown": "Something went wrong",
	"todo.unknown": "Try again. If it stays, the message below belongs in a bug report.",
};

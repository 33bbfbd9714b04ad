// Line: www, the words of checks: outcomes, ids, causes, sources.

/** @type {import("../strings.js").Words} */
export const words = {
	"layers.reading": "Verifying layers: {done} of {n} done",
	"layers.resuming": "Going on after an interruption: {reason}",
	"layers.one": "Layer {n}",
	"layers.rate": "{bytes} of {total}, {rate} a second",
	"layers.rate.open": "{bytes}, {rate} a second",
	"layers.left": "{time} left",

	"verdict.in": "{check} of {kind} {name}",
	"verdict.expected": "expected",
	"verdict.actual": "found",
	"verdict.cause": "Likely cause",
	"details.nochecks": "No check was made here.",

	"check.digest": "Digest",
	"check.size": "Size",
	"check.media-type": "Media type",
	"check.content-type": "Content-Type header",
	"check.header-digest": "Docker-Content-Digest header",
	"check.parse": "Can be read",
	"check.schema": "Follows its specification",
	"check.ambiguous": "Is one kind of document",
	"check.platform": "Platform",
	"check.layer-count": "Number of layers",
	"check.history-count": "Number of history lines",
	"check.diff-id": "DiffID",
	"check.archive": "Archive and layout",
	"check.diff-id-smell": "DiffIDs look right",
	"check.signature": "Signature",
	"check.annotations": "Annotations",
	"check.duplicate-key": "No key twice",
	"check.limits": "Within the limits",
	"check.tar": "Well-formed tar",
	"check.toc": "Table of contents",
	"check.subject": "Subject",
	"check.secret": "No secrets in the open",
	"check.execution": "How a container starts",
	"check.layers": "Layers",
	"check.created": "Time of creation",
	"check.attestation": "Attestations",
	"check.deprecated": "Current format",

	"cause.digest":
		"The bytes were changed on their way here (a proxy, a cache, a mirror, an editor), or the document above names other bytes.",
	"cause.size": "The body was cut or changed, or whoever wrote the descriptor counted other bytes.",
	"cause.media-type":
		"The document says that it is something else than its descriptor promised; one of the two was rewritten.",
	"cause.header-digest":
		"The registry’s header names other bytes than it sent: a stale cache or a bug. A header is a claim, not a proof.",
	"cause.parse": "This is not the document that was asked for: a damaged body, or a web page in place of JSON.",
	"cause.schema": "The tool that wrote this document broke a rule of its specification; others may refuse it.",
	"cause.ambiguous":
		"The document can be read as two kinds at once, so two tools may run two different images (CVE-2021-41190).",
	"cause.platform":
		"The index promises another platform than the image was built for: a mistake in a build script, mostly.",
	"cause.layer-count": "Manifest and config do not belong together.",
	"cause.limits": "The document is larger or deeper than anything a registry should serve.",
	"cause.signature": "The signed document was changed after it was signed.",

	"source.reference": "the reference that you typed",
	"source.descriptor": "the descriptor in the document above",
	"source.header": "a header of the answer (a claim, not a proof)",
	"source.config": "the image config",
	"source.user": "the digest that you gave",
	"source.document": "the specification or the document itself",

	"checks.from": "from {source}",
	"checks.at": "at {path}",
};

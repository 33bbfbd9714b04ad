// Line: www, the words of a report: verdict, anatomy, details, history.

/** @type {import("../strings.js").Words} */
export const words = {
	"outcome.pass": "passed",
	"outcome.fail": "failed",
	"outcome.warn": "doubtful",
	"outcome.not-checked": "not checked",

	"secret.covered": "••••••••",

	"verdict.label": "Verdict",
	"verdict.passed": { one: "{n} check passed", other: "{n} checks passed" },
	"verdict.passed.here": {
		one: "{n} check passed on bytes hashed here",
		other: "{n} checks passed on bytes hashed here",
	},
	"verdict.failed": { one: "{n} check failed", other: "{n} checks failed" },
	"verdict.warned": { one: "{n} doubtful", other: "{n} doubtful" },
	"verdict.unread": "{what} not downloaded, so not checked",
	"verdict.absent": "{what} not given, so not checked",
	"verdict.unchecked": { one: "{n} check could not be made", other: "{n} checks could not be made" },
	"verdict.nothing": "Nothing was checked",
	"verdict.show": "Show it",
	"verdict.recovered": "Recovered: these are the original bytes",
	"verdict.nodocument": "Nothing to hash: there is no document in what was pasted",
	"verdict.export": "Export report",
	"verdict.save": "Keep a copy…",
	"verdict.embed": "Embed…",
	"verdict.platform": "Platform",

	"pin.text": "The tag is the registry’s word (and the proxy’s, if you do not run it). Pin it:",
	"pin.copy": "the pinned reference",

	"kind.index": "index",
	"kind.manifest": "manifest",
	"kind.config": "config",
	"kind.layer": "layer",
	"kind.artifact": "artifact",
	"kind.schema1": "schema 1 manifest",
	"kind.attestation": "attestation",
	"kind.signature": "signature",
	"kind.blob": "blob",
	"kind.unknown": "unknown",

	"kinds.index": { one: "{n} index", other: "{n} indexes" },
	"kinds.manifest": { one: "{n} manifest", other: "{n} manifests" },
	"kinds.config": { one: "{n} config", other: "{n} configs" },
	"kinds.layer": { one: "{n} layer", other: "{n} layers" },
	"kinds.artifact": { one: "{n} artifact", other: "{n} artifacts" },
	"kinds.schema1": { one: "{n} schema 1 manifest", other: "{n} schema 1 manifests" },
	"kinds.attestation": { one: "{n} attestation", other: "{n} attestations" },
	"kinds.signature": { one: "{n} signature", other: "{n} signatures" },
	"kinds.blob": { one: "{n} blob", other: "{n} blobs" },
	"kinds.unknown": { one: "{n} unknown", other: "{n} unknown" },

	"title.for": "for {title}",

	"anatomy.title": "Anatomy",
	"anatomy.filter": "Filter by platform, kind or digest",
	"anatomy.count": { one: "{n} node", other: "{n} nodes" },
	"anatomy.matches": { one: "{n} row matches", other: "{n} rows match" },
	"anatomy.none": "Nothing matches.",
	"anatomy.chosen": "chosen",
	"anatomy.imageId": "= image ID",
	"anatomy.legend": "Layer boxes are to scale. The same digest always has the same four stripes.",

	"details.title": "Details",

	"sections.label": "About the image",

	"layers.verify": { one: "Verify {n} layer, {size}", other: "Verify {n} layers, {size}" },
	"layers.verify.unsized": { one: "Verify {n} layer", other: "Verify {n} layers" },
	"layers.verify.one": "Verify this layer, {size}",
	"layers.raise": "Read it all the same",
	"layers.again": "Read it again",
	"requests.more": { one: "and {n} more", other: "and {n} more" },

	"copy.label": "Copy {what}",
	"copy.text": "Copy",
	"copy.done": "Copied",
	"copy.failed": "Not copied",
};

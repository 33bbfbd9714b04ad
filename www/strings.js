// Line: www, every word of the page. One table a language, keyed by place, check id and error code.

/** @typedef {string | { one: string, other: string }} Message forms by the count `n` */

/** @type {Record<string, Message>} */
export const en = {
	"app.tagline": "See what is inside a container image, and prove it.",
	"app.intro":
		"Type an image reference. Every digest is recomputed here, in your browser, from the bytes, before anything is believed.",
	"app.private": "Nothing is uploaded anywhere: what you paste or drop stays in this tab.",
	"app.source.registry": "From the registry",
	"app.source.paste": "From pasted text",
	"app.source.file": "From a file",

	"box.label": "Image reference",
	"box.placeholder": "ghcr.io/o/app:1.2, busybox, name@sha256:…",
	"box.hint": "An image reference or a digest; or paste a manifest or what a tool printed, or drop a file.",
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

	"secret.covered": "••••••••",
	"secret.show": "Show",
	"secret.hide": "Hide",
	"secret.show.what": "Show the secret: {what}",
	"secret.hide.what": "Hide the secret: {what}",

	"progress.start": "Starting",
	"progress.reading": "Reading what was given",
	"progress.waiting": "Waiting {time}: {reason}",
	"progress.requests": { one: "{n} request, {size}", other: "{n} requests, {size}" },
	"progress.steps": "{done} of {total}",
	"progress.label": "Progress",
	"progress.cancelled": "Cancelled.",

	"outcome.pass": "passed",
	"outcome.fail": "failed",
	"outcome.warn": "doubtful",
	"outcome.not-checked": "not checked",

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
	"verdict.expected": "expected",
	"verdict.actual": "found",
	"verdict.show": "Show it",
	"verdict.cause": "Likely cause",
	"verdict.in": "{check} of {kind} {name}",
	"verdict.recovered": "Recovered: these are the original bytes",
	"verdict.nodocument": "Nothing to hash: there is no document in what was pasted",
	"verdict.export": "Export report",
	"verdict.platform": "Platform",

	"pin.text": "The tag is the registry’s word (and the proxy’s, if you do not run it). Pin it:",
	"pin.copy": "Copy the pinned reference",

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
	"list.and": "{list} and {last}",

	"what.index": "A list of manifests, one for each platform; its digest is what a multi-platform tag points at.",
	"what.manifest": "One image for one platform: it names the config and the layers by their digests.",
	"what.config": "How the image is run and what its layers unpack to; the sha256 of these bytes is the image ID.",
	"what.layer": "A tar archive of file changes, usually compressed; stacked in order, the layers make the file system.",
	"what.artifact": "A manifest that carries something other than an image.",
	"what.schema1": "Docker’s first manifest form, deprecated: layers and history in one signed document.",
	"what.attestation": "What the builder states about an image of this index (provenance, SBOM); not a platform to run.",
	"what.signature": "A signature over an image’s digest.",
	"what.blob": "Content that a manifest names by its digest.",
	"what.unknown": "Something that this page does not know; its bytes and digest are shown as they are.",

	"anatomy.title": "Anatomy",
	"anatomy.filter": "Filter by platform, kind or digest",
	"anatomy.count": { one: "{n} node", other: "{n} nodes" },
	"anatomy.matches": { one: "{n} row matches", other: "{n} rows match" },
	"anatomy.none": "Nothing matches.",
	"anatomy.chosen": "chosen",
	"anatomy.imageId": "= image ID",
	"anatomy.legend": "Layer boxes are to scale. The same digest always has the same four stripes.",

	"details.title": "Details",
	"details.facts": "Facts",
	"details.checks": "Checks {done}/{total}",
	"details.files": "Files",
	"details.bytes": "Bytes",
	"details.hand": "By hand",
	"details.choose": "Inspect this platform",
	"details.unread": "Not downloaded: its digest and size are what the document above it claims.",
	"details.nochecks": "No check was made here.",

	"fact.digest": "Digest",
	"fact.size": "Size",
	"fact.mediaType": "Media type",
	"fact.platform": "Platform",
	"fact.osFeatures": "OS features",
	"fact.title": "Title",
	"fact.imageId": "Image ID",
	"fact.artifactType": "Artifact type",
	"fact.subject": "Subject",
	"fact.attests": "Is about",
	"fact.compression": "Compression",
	"fact.diffId": "DiffID",
	"fact.chainId": "ChainID",
	"fact.name": "Name",
	"fact.urls": "URLs",
	"fact.path": "Named at",
	"fact.annotations": "Annotations",
	"fact.computed": "computed here from the bytes",
	"fact.claimed": "claimed, not computed",
	"compression.none": "none",
	"compression.gzip": "gzip",
	"compression.zstd": "zstd",

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

	"bytes.unread": "These bytes were not downloaded.",
	"sections.label": "About the image",
	"section.history": "History",
	"section.config": "Config",
	"section.layers": "Layers",
	"section.files": "Files",
	"section.sizes": "Sizes",
	"section.identities": "Identities",
	"section.requests": "Requests",
	"section.of": "of {kind} {name}",
	"section.noImage": "There is no image in view.",

	"history.created": "Created",
	"history.by": "Created by",
	"history.layer": "Layer",
	"history.size": "Size",
	"history.empty": "no layer",
	"history.none": "The config has no history.",
	"history.unread": "The config was not downloaded, so its history is not known.",
	"history.newest": "Newest first",
	"history.comment": "Comment: {text}",

	"layers.verify": { one: "Verify {n} layer, {size}", other: "Verify {n} layers, {size}" },
	"layers.verify.one": "Verify this layer, {size}",
	"layers.raise": "Read it all the same",
	"layers.again": "Read it again",
	"requests.more": { one: "and {n} more", other: "and {n} more" },

	"copy.label": "Copy {what}",
	"copy.text": "Copy",
	"copy.done": "Copied",
	"copy.failed": "Not copied",

	"settings.open": "Settings",
	"theme.label": "Theme",
	"theme.auto": "Auto",
	"theme.light": "Light",
	"theme.dark": "Dark",

	"error.close": "Dismiss",
	"error.retry": "Try again",
	"error.retryAfter": "Try again in {time}.",
	"error.code": "code: {code}",
	"error.settings": "Open settings",
	"error.invalid-reference": "This is not an image reference",
	"error.invalid-digest": "This is not a digest",
	"error.unsupported-algorithm": "This digest algorithm cannot be computed here",
	"error.invalid-platform": "This is not a platform",
	"error.invalid-json": "This is not JSON",
	"error.limit-exceeded": "This is larger than a limit allows",
	"error.registry-unreachable": "The registry or the proxy refused this page, or could not be reached",
	"error.not-found": "The registry does not have this",
	"error.unauthorized": "The registry wants credentials",
	"error.forbidden": "These credentials do not allow it",
	"error.rate-limited": "The registry’s pull limit is used up",
	"error.proxy-refused": "The proxy does not forward to this registry",
	"error.registry-error": "The registry answered with an error",
	"error.truncated-body": "The answer ended too early",
	"error.html-instead-of-json": "A web page came in place of a document",
	"error.timed-out": "No answer came in time",
	"error.aborted": "Cancelled",
	"error.unsupported-input": "This cannot be opened",
	"error.sample-unavailable": "The sample could not be loaded",
	"error.broken-down": "The checker broke down and was started again",
	"error.unknown": "Something went wrong",

	"todo.invalid-reference": "Write it like busybox, ghcr.io/owner/app:1.2 or name@sha256:… with 64 hex digits.",
	"todo.invalid-digest": "A digest is sha256: and 64 lower-case hex digits.",
	"todo.unsupported-algorithm": "sha256 and sha512 can be computed here.",
	"todo.invalid-platform": "Write it like linux/amd64 or linux/arm64/v8.",
	"todo.invalid-json": "Paste the whole document, from its first { to its last }.",
	"todo.limit-exceeded": "Registries accept manifests up to 4 MiB; something else was served here.",
	"todo.registry-unreachable":
		"No public registry can be asked by a web page directly. If this page is on a static host, run a proxy (cargo xtask serve starts one with the page) and set its address in the settings. Otherwise check the registry’s name and your network.",
	"todo.not-found":
		"Check the name and the tag. Private repositories also answer this way: add credentials in the settings.",
	"todo.unauthorized":
		"Add a user name and a password or token for this registry in the settings. They stay in this tab’s memory.",
	"todo.forbidden": "Use credentials that may pull this repository.",
	"todo.rate-limited": "Wait, or add credentials in the settings: signed-in users have a limit of their own.",
	"todo.proxy-refused":
		"Run your own proxy that allows this registry (cargo xtask serve --allow HOST), and set its address in the settings.",
	"todo.registry-error": "Try again in a while; the list of requests below shows what it answered.",
	"todo.truncated-body": "The connection was cut. Try again.",
	"todo.html-instead-of-json":
		"The address is a web site, a login page or a captive portal, not a registry. Check the name and the proxy.",
	"todo.broken-down": "Try again; if it breaks down again, this document is too much for it: please report it.",
	"todo.timed-out": "Check your network, or try again in a while.",
	"todo.aborted": "",
	"todo.unsupported-input": "Give a manifest, an index or a config, as text or as a file.",
	"todo.sample-unavailable": "The page’s files are incomplete, or the network is gone.",
	"todo.unknown": "Try again. If it stays, the message below belongs in a bug report.",
};

/** The languages that there are, by their tag. */
export const languages = { en };

/** @type {Record<string, Message>} */
let table = en;
let plural = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");

/** @param {keyof typeof languages} language */
export function setLanguage(language) {
	table = languages[language];
	plural = new Intl.PluralRules(language);
	numbers = new Intl.NumberFormat(language);
}

/**
 * Adds the words of what is loaded on demand.
 * @param {Record<string, Message>} words
 */
export function addWords(words) {
	Object.assign(en, words);
}

/** @param {string} key */
export const has = (key) => Object.hasOwn(table, key);

/**
 * The words of a key. `{name}` stands for a parameter; the form follows `n` where there are several.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string} the key itself where the table lacks it
 */
export function t(key, params = {}) {
	const message = has(key) ? /** @type {Message} */ (table[key]) : key;
	const form =
		typeof message === "string" ? message : message[plural.select(Number(params.n)) === "one" ? "one" : "other"];
	return form.replace(/\{(\w+)\}/g, (hole, name) => {
		const value = params[name];
		if (value === undefined) return hole;
		return typeof value === "number" ? numbers.format(value) : value;
	});
}

/**
 * The words of the first key that the table has: `first("error.odd", "error.unknown")`.
 * @param {...string} keys
 */
export const first = (...keys) => t(keys.find(has) ?? keys[keys.length - 1] ?? "");

/**
 * `a, b and c`
 * @param {string[]} parts
 */
export function listed(parts) {
	if (parts.length < 2) return parts.join("");
	return t("list.and", { list: parts.slice(0, -1).join(", "), last: parts[parts.length - 1] ?? "" });
}

// The words of the page "How it works".

/** @type {import("../../strings.js").Words} */
export const words = {
	"how.title": "How a container image is put together · Stowplan",
	"how.heading": "Which sha256 is which?",
	"how.back": "Inspect an image",
	"how.loading": "Loading the sample image",
	"how.failed": "The sample image could not be loaded: {why}",
	"how.again": "Try again",

	"how.pause": " ",
	"how.summary": "What has changed",
	"how.changed": "{n} {n|digest has|digests have} changed: {list}.",
	"how.broken": "{n} {n|link|links} no longer {n|fits|fit}: {list}.",
	"how.reset": "Reset",
	"how.try": "Try it:",
	"how.try.file": "change one letter of the file",
	"how.try.again": "compress the layer differently",
	"how.try.config": "put a space into the config",
	"how.try.manifest": "put a space into the manifest",
	"how.tag.changed": "changed",
	"how.before": "before: {digest}",
	"how.none": "none: this is no document any more",

	"how.id.diffId": "DiffID of layer 2",
	"how.id.layer": "digest of layer 2",
	"how.id.chainId": "ChainID of layer 2",
	"how.id.config": "image ID (config digest)",
	"how.id.manifest": "manifest digest",
	"how.id.index": "index digest",
	"how.id.baseDiffId": "DiffID of layer 1",
	"how.id.base": "digest of layer 1",

	"how.link.config.base": "the config names the DiffID of layer 1",
	"how.link.config.app": "the config names the DiffID of layer 2",
	"how.link.manifest.config": "the manifest names the config",
	"how.link.manifest.base": "the manifest names layer 1",
	"how.link.manifest.app": "the manifest names layer 2",
	"how.link.index.manifest": "the index names the manifest",
	"how.names": "it names {digest}",
	"how.names.size": "it names {digest}, {size}",
	"how.nothing": "it names nothing",
	"how.is": "there is {digest}",
	"how.is.size": "there is {digest}, {size}",
	"how.outcomes": "Digests of this step",
	"how.links": "What it names",

	"how.step.file": "1. A file in a layer",
	"how.edit.file": "Content of {name}, in layer 2",
	"how.again.label": "Compress it differently: another gzip, the same files",
	"how.step.config": "2. The config",
	"how.edit.config": "The config, as JSON",
	"how.about.config": "How the image is run, and the DiffIDs of its layers. {size}.",
	"how.step.manifest": "3. The manifest",
	"how.edit.manifest": "The manifest, as JSON",
	"how.about.manifest": "Names the config and the layers by digest and size. {size}.",
	"how.step.index": "4. The index",
	"how.edit.index": "The index, as JSON",
	"how.about.index": "Names one manifest for each platform; the tag points at it. {size}.",
	"how.notJson": "This cannot be read as JSON now, so it names nothing. The digest is over the bytes all the same.",
	"how.notDocument": "This no longer begins like a document, so it is not hashed as one. Reset it, or put the { back.",

	"how.q.layer": "What is the id before “Pull complete”?",
	"how.a.layer":
		"The first 12 digits of the layer’s digest: the sha256 of the compressed bytes as they are transferred. The manifest names it.",
	"how.q.diffId": "What is a DiffID?",
	"how.a.diffId":
		"The sha256 of the layer’s tar, uncompressed. Compressed differently, the layer has another digest and the same DiffID. docker inspect lists the DiffIDs under RootFS.Layers.",
	"how.q.imageId": "What is the IMAGE ID of docker images?",
	"how.a.imageId":
		"In Docker’s classic store, the sha256 of the config’s bytes. In the containerd store, the default of new installations since Docker Engine 29, the digest of what the tag points at: here the index.",
	"how.q.chainId": "What is a ChainID?",
	"how.a.chainId":
		"The local name of a stack of layers. The first is the first DiffID itself; each further one is the sha256 of the ChainID below, a space and the next DiffID. It comes from the config’s DiffIDs; registries do not know it.",
	"how.q.manifest": "What does name@sha256:… pin for one platform?",
	"how.a.manifest":
		"The manifest’s bytes, and through the digests in it the config and every layer: no change to one of them on the way goes unnoticed.",
	"how.q.digest": "What is the Digest that docker pull prints?",
	"how.a.digest":
		"The sha256 of the bytes that the tag points at: of the index where it serves several platforms, as here; of the manifest where there is only one.",
	"how.q.byte": "What changes when one byte changes?",
	"how.a.byte":
		"The digest of those bytes, completely, and by itself nothing above. References to the old digest still name it: that is how a change is found. To make the image whole again, each document above has to be written anew, up to the digest that docker pull prints.",

	"how.console": "What Docker prints for it",
	"how.console.pull": "A pull",
	"how.console.classic": "The classic store",
	"how.console.containerd": "The containerd store (Docker Engine 29 and later)",
	"how.console.inspect": "The DiffIDs",

	"how.intro":
		"Follow one image from a file to the digest that docker pull prints. Change any character: every digest is computed again in your browser.",
	"how.same": "No changes yet; all digests match.",
	"how.fit": "All digests match.",
	"how.mend": "Update the references",
	"how.mended": "References updated: each document names what is there now.",
	"how.about.file":
		"The file is in a tar of {tar}. The tar’s sha256 is the DiffID. The registry holds it compressed to {layer}; the sha256 of those bytes is the layer’s digest.",
	"how.console.broken": "A pull would stop here: a digest does not match. Update the references first.",
	"how.short.layer": "The compressed layer’s digest, first 12 digits.",
	"how.short.diffId": "The sha256 of the same layer, uncompressed.",
	"how.short.imageId": "The config’s digest in the classic store; the index’s in the containerd store.",
	"how.short.digest": "The index’s digest, or the manifest’s if there is one platform.",
};

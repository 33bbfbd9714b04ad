// The words of errors: what went wrong, and what to do, by error code.

/** @type {import("../../strings.js").Words} */
export const words = {
	"error.invalid-reference": "This is not an image reference",
	"error.invalid-digest": "This is not a digest",
	"error.unsupported-algorithm": "This digest algorithm cannot be computed here",
	"error.invalid-platform": "This is not a platform",
	"error.invalid-json": "This is not JSON",
	"error.limit-exceeded": "This is larger than a limit allows",
	"error.forbidden": "These credentials do not allow it",
	"error.rate-limited": "The registry’s pull limit is used up",
	"error.registry-error": "The registry answered with an error",
	"error.truncated-body": "The answer ended too early",
	"error.html-instead-of-json": "A web page came in place of a document",
	"error.timed-out": "No answer came in time",
	"error.aborted": "Cancelled",
	"error.unsupported-input": "This cannot be opened",
	"error.bundle-invalid": "This is no signature bundle",
	"error.trust-root-invalid": "The trusted root cannot be used",
	"error.key-invalid": "This is no public key that can be used",
	"error.sample-unknown": "There is no sample of this name",
	"error.sample-unavailable": "The sample could not be loaded",
	"error.broken-down": "The checker broke down and was started again",

	"todo.invalid-reference": "Write it like busybox, ghcr.io/owner/app:1.2 or name@sha256:… with 64 hex digits.",
	"todo.invalid-digest": "A digest is sha256: and 64 lower-case hex digits.",
	"todo.unsupported-algorithm": "sha256 and sha512 can be computed here.",
	"todo.invalid-platform": "Write it like linux/amd64 or linux/arm64/v8.",
	"todo.invalid-json": "Paste the whole document, from its first { to its last }.",
	"todo.limit-exceeded": "Registries accept manifests up to 4 MiB; something else was served here.",
	"todo.not-found":
		"Check the name and the tag. Private repositories also answer this way: add credentials in the settings.",
	"todo.unauthorized":
		"Add a user name and a password or token for this registry in the settings. They stay in this tab’s memory.",
	"todo.forbidden": "Use credentials that may pull this repository.",
	"todo.rate-limited": "Wait, or add credentials in the settings: signed-in users have a limit of their own.",
	"todo.registry-error": "Try again in a while; the list of requests below shows what it answered.",
	"todo.truncated-body": "The connection was cut. Try again.",
	"todo.html-instead-of-json":
		"The address is a web site, a login page or a captive portal, not a registry. Check the name and the proxy.",
	"todo.broken-down": "Try again; if it breaks down again, this document is too much for it: please report it.",
	"todo.timed-out": "Check your network, or try again in a while.",
	"todo.aborted": "",
	"todo.unsupported-input": "Give a manifest, an index or a config, as text or as a file.",
	"todo.bundle-invalid": "Give a Sigstore bundle (.sigstore.json) as it was published.",
	"todo.trust-root-invalid": "Give a trusted_root.json, or what gh attestation trusted-root prints.",
	"todo.key-invalid": "Give one public key as PEM, as in cosign.pub. Keep private keys to yourself.",
	"todo.sample-unknown": "The start page lists the samples that there are.",
	"todo.sample-unavailable": "The page’s files are incomplete, or the network is gone.",

	"error.offline": "You are offline",
	"todo.offline": "Connect to a network and try again. The examples, pasted text and files work without one.",
	"error.registry-unreachable": "The registry or the proxy could not be reached",
	"error.not-found": "Not found in the registry",
	"error.unauthorized": "Sign-in required",
	"error.proxy-refused": "This proxy doesn’t allow that registry",
	"todo.registry-unreachable":
		"Browsers can’t call public registries directly. Check the name and your network, or set another proxy in the settings.",
	"todo.registry-unreachable.own":
		"Browsers can’t call public registries directly. Run a proxy (cargo xtask serve starts one with the page) and set its address in the settings.",
	"todo.proxy-refused":
		"Ask the operator of this page to allow the registry, or set a proxy of your own in the settings.",
	"todo.proxy-refused.own":
		"Allow the registry (cargo xtask serve --allow HOST), or set another proxy in the settings.",
};

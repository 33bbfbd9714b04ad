// Line: www, the words of `<stow-plan>` that the page has not.

/** @type {import("../strings.js").Words} */
export const words = {
	"plan.label": "What is inside {reference}, and whether it fits",
	"plan.loading": "Reading {reference}",
	"plan.loading.snapshot": "Reading a snapshot",
	"plan.open": "Open in Stowplan",
	"plan.close": "Close the details",
	"plan.snapshot":
		"A snapshot, taken {when}: its bytes were hashed here, now; that they came from {reference} is its author’s word.",
	"plan.snapshot.plain": "A snapshot: its bytes were hashed here, now; where they came from is its author’s word.",
	"plan.pinned": "The page pins this digest, and the bytes have it.",
	"plan.failed.load": "This image could not be read",

	"error.invalid-snapshot": "This is not a snapshot",
	"error.unsupported-snapshot": "This snapshot is of a later version",
	"error.snapshot-unavailable": "The snapshot could not be fetched",
	"error.snapshot-impossible": "No snapshot can be made of this",
	"error.no-source": "Nothing was named",
	"todo.invalid-snapshot": "Make it again with the Embed dialog or makeSnapshot().",
	"todo.unsupported-snapshot": "Use a newer Stowplan, or make the snapshot again.",
	"todo.snapshot-unavailable": "Check its address, and that its host allows this page to read it (CORS).",
	"todo.snapshot-impossible": "Inspect the image again, then take the snapshot.",
	"todo.no-source": "Give the element a reference or the src of a snapshot.",
};

// The words of files and folders that are opened, in English; they come with the first of them.

/** @type {import("../../strings.js").Words} */
export const words = {
	"intake.walking": "Looking through the folder: {n} {n|file|files} so far",
	"intake.opening": "Opening {n} {n|file|files}",

	"error.too-many-files": "These are more files than can be opened at once",
	"error.unreadable-file": "A file could not be read",
	"error.nothing-to-open": "There is nothing to open",
	"todo.too-many-files":
		"Give the archive, or the folder of the layout itself: the one that holds oci-layout, index.json and blobs.",
	"todo.unreadable-file":
		"It may have been moved or changed since, or you may not read it. Choose it again; what was in view is still here.",
	"todo.nothing-to-open": "Give a file with a document, a layer or an archive, or a folder with an OCI layout.",
};

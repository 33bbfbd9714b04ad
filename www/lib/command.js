// The command of a history line, without what Docker's builders put around it.

/** @param {string} createdBy */
export const commandOf = (createdBy) =>
	createdBy
		.slice(0, 400)
		.replace(/^(RUN )?(\|\d+ .*?)?\/bin\/sh -c (#\(nop\)\s+)?/, "")
		.replace(/ # buildkit$/, "")
		.trim();

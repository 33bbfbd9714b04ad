// a terminal -> the API. The program `stowplan`: runs one command and ends with its exit code.

import { main } from "./cli.js";

// A reader that stops reading (`| head`) is no error of ours.
process.stdout.on("error", (error) => {
	if (/** @type {any} */ (error).code === "EPIPE") process.exit(0);
	throw error;
});
process.exitCode = await main(process.argv.slice(2));

// Asks the core which reference a text means.

import { answered } from "./session.js";

/**
 * Reads `docker pull x`, `docker://x`, `oci://x`, `https://…`, a page about an image and another name of Docker Hub, too.
 * @param {string} text
 * @returns {Promise<import("../types.js").ParsedReference & { form: string | null }>} `form` says as what it was read
 *   (docs/contracts.md), or nothing for a plain reference; rejects with an Error whose `code` is `invalid-reference`
 */
export const readReference = (text) => answered((remote) => remote.parseReference(String(text), true));

/**
 * Reads an image reference with Docker's rules (`busybox` is `docker.io/library/busybox:latest`).
 * @param {string} text
 * @returns {Promise<import("../types.js").ParsedReference>} rejects with an Error whose `code` is `invalid-reference`
 */
export const parseReference = (text) => answered((remote) => remote.parseReference(String(text)));

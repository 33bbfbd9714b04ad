// www -> core. The tags of a repository, loaded when some are listed.

const loading = () => import("./compare/tags-of-repository.js");

/**
 * The tags of a repository, in natural version order, the newest first.
 * @param {string} repository `ghcr.io/o/app`; a tag or digest behind it is left out of account
 * @param {import("./compare/tags-of-repository.js").TagsOptions} [options]
 * @returns {Promise<import("./compare/tags-of-repository.js").TagList>} rejects with the code `not-found` if there is no such repository
 */
export const tags = async (repository, options = {}) => (await loading()).tags(repository, options);

/**
 * The repositories of a registry, by its `/v2/_catalog`. A proxy asks only registries that it was told by name.
 * @param {string} host `registry.example:5000`
 * @param {import("./compare/tags-of-repository.js").TagsOptions} [options]
 * @returns {Promise<{ host: string, repositories: string[], complete: boolean }>} rejects with `proxy-refused` or `not-found`
 */
export const catalog = async (host, options = {}) => (await loading()).catalog(host, options);

/**
 * Resolves tags by `HEAD`; with `details` also their manifests, which Docker Hub counts as pulls: there only with `counted`.
 * @param {string} repository @param {string[]} wanted
 * @param {import("./compare/tags-of-repository.js").ResolveOptions} [options]
 * @returns {Promise<import("./compare/tags-of-repository.js").TagRow[]>} in the order of the tags; those that were not asked have `why`
 */
export const resolveTags = async (repository, wanted, options = {}) =>
	(await loading()).resolveTags(repository, wanted, options);

/**
 * Finds the tags that name this digest: one `HEAD` a tag, the newest first, at most `maxRequests`.
 * @param {string} repository @param {string} digest
 * @param {import("./compare/tags-of-repository.js").FindOptions} [options] `tags`: those to look at, else all are listed first
 * @returns {Promise<{ tags: string[], asked: number, of: number, complete: boolean }>}
 */
export const findTags = async (repository, digest, options = {}) =>
	(await loading()).findTags(repository, digest, options);

/**
 * Tags by the digests that they name, in the order of each group's newest tag.
 * @param {{ tag: string, digest?: string }[]} rows
 * @returns {Promise<{ digest?: string, tags: string[] }[]>}
 */
export const groupTags = async (rows) => (await loading()).groupTags(rows);

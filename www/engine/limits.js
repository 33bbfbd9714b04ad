// Caps that the core has, too: by the name and with the value that src/limits.rs gives them (a rule test compares them).

/** The largest manifest, index or list of names that is read, in bytes. */
export const DOCUMENT_BYTES = 4 * 1024 * 1024;

/** The largest config. */
export const CONFIG_BYTES = 8 * 1024 * 1024;

/** The largest signature bundle. */
export const BUNDLE_BYTES = DOCUMENT_BYTES;

/** The largest statement or list of packages. */
export const STATEMENT_BYTES = 40 * 1024 * 1024;

/** The first wait before a connection is taken up again, in milliseconds; each next one is three times as long. */
export const RETRY_MILLISECONDS = 500;

/** The longest `Retry-After` that is waited for, in seconds; a longer one is told to the user. */
export const RETRY_WAIT_SECONDS = 10;

/** The largest wasm file whose imports and exports are read. */
export const ARTIFACT_WASM_BYTES = 128 * 1024 * 1024;

/** The bytes of a model's beginning that are read. */
export const ARTIFACT_HEAD_BYTES = 16 * 1024 * 1024;

/** The shortest beginning of a digest that is looked up, in hex digits. */
export const LOOKUP_DIGITS = 6;

//! The boundary, wasm32 only: one call into the core a function; values and errors cross here and nowhere else.
//!
//! The page loads four modules, built from this one crate: `inspect` with the first reference, `open` with the first
//! paste or file, `data` with the first layer, `files` when somebody looks at files. Each holds only what its calls
//! reach.

#[cfg(feature = "open")]
mod archive;
#[cfg(feature = "data")]
mod archived;
#[cfg(feature = "data")]
mod chain;
#[cfg(feature = "data")]
mod data;
#[cfg(feature = "files")]
mod files;
#[cfg(feature = "data")]
mod hash;
#[cfg(feature = "inspect")]
mod inspect;
#[cfg(feature = "open")]
mod open;
mod session;
#[cfg(feature = "inspect")]
mod transport;
mod values;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// `bytesOf(digest)`: the exact bytes of a node that this session has read.
#[wasm_bindgen(js_name = bytesOf)]
#[must_use]
pub fn bytes_of(digest: &str) -> Option<Uint8Array> {
    session::bytes(digest).map(|bytes| Uint8Array::from(&*bytes))
}

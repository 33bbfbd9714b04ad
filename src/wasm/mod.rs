//! The boundary, wasm32 only: one call into the core a function; values and errors cross here and nowhere else.
//!
//! The page loads nine modules, built from this one crate: `inspect` with the first reference, `open` with the first
//! paste or file, `data` with the first layer, `files` with the first list of files, `found` when signatures and
//! statements are looked for, `trust` when signatures are verified, `compare` when two images are held against each
//! other, `artifact` when a chart, a wasm file or a model is opened, `explain` when identities, commands or the places of a
//! digest are shown. Each holds only what its calls reach.

#[cfg(feature = "open")]
mod archive;
#[cfg(feature = "data")]
mod archived;
#[cfg(feature = "artifact")]
mod artifact;
#[cfg(feature = "data")]
mod chain;
#[cfg(feature = "compare")]
mod compare;
#[cfg(feature = "data")]
mod data;
#[cfg(feature = "explain")]
mod explain;
#[cfg(feature = "data")]
mod export;
#[cfg(feature = "files")]
mod files;
#[cfg(feature = "found")]
mod found;
#[cfg(feature = "data")]
mod hash;
#[cfg(feature = "inspect")]
mod inspect;
#[cfg(feature = "compare")]
mod lineage;
#[cfg(feature = "open")]
mod open;
#[cfg(any(feature = "inspect", feature = "open", feature = "found", feature = "trust", feature = "compare"))]
mod options;
#[cfg(feature = "compare")]
mod packages;
#[cfg(feature = "data")]
mod peek;
#[cfg(feature = "data")]
mod pick;
#[cfg(any(feature = "inspect", feature = "found", feature = "compare"))]
mod registry;
#[cfg(any(feature = "inspect", feature = "open", feature = "found"))]
mod session;
#[cfg(feature = "compare")]
mod tags;
#[cfg(feature = "open")]
mod trade;
#[cfg(any(feature = "inspect", feature = "found", feature = "compare"))]
mod transport;
#[cfg(feature = "trust")]
mod trust;
mod values;

#[cfg(any(feature = "inspect", feature = "open", feature = "found"))]
use js_sys::Uint8Array;
#[cfg(any(feature = "inspect", feature = "open", feature = "found"))]
use wasm_bindgen::prelude::*;

#[cfg(any(feature = "inspect", feature = "open", feature = "found"))]
/// `bytesOf(digest)`: the exact bytes of a node that this session has read.
#[wasm_bindgen(js_name = bytesOf)]
#[must_use]
pub fn bytes_of(digest: &str) -> Option<Uint8Array> {
    session::bytes(digest).map(|bytes| Uint8Array::from(&*bytes))
}

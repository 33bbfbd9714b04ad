//! Stowplan's core: from an image reference, a paste or a file to a report in which every digest is recomputed.
//!
//! The straight line, each step a module:
//!
//! ```text
//! "ghcr.io/o/app:1.2"                                                          DOM
//!         |                                                                     ^
//!   Reference -> registry::Client<T: Transport> -> bytes -> Verified -> Document -> Image -> Report -> www/render
//!                                 paste / drop ----^
//! ```
//!
//! Nothing here knows a browser; `wasm` is the boundary and is compiled for wasm32 only.

pub mod archive;
#[cfg(feature = "artifact")]
pub mod artifact;
mod carriers;
pub mod check;
pub mod checks;
pub mod compare;
#[cfg(any(feature = "found", feature = "trust"))]
pub mod covers;
mod descriptor;
mod digest;
mod document;
mod error;
pub mod explain;
pub mod holding;
mod identity;
pub mod image;
pub mod json;
pub mod layer;
pub mod limits;
pub mod media_type;
pub mod paste;
mod platform;
mod recover;
mod reference;
pub mod registry;
pub mod report;
#[cfg(any(test, target_family = "wasm"))]
mod rounding;
mod say;
mod secrets;
#[cfg(feature = "found")]
pub mod statement;
pub mod tags;
#[cfg(feature = "trust")]
pub mod trust;
mod visible;
#[cfg(target_family = "wasm")]
mod wasm;

pub use check::{Check, CheckId, Outcome, Param, Params, Said, Source, Word};
pub use descriptor::Descriptor;
pub use digest::{Algorithm, Digest, Hasher, Reported, Verified};
pub use document::{Artifact, Body, Config, Document, Hints, HistoryLine, ImageFacts, Index, Manifest, Schema1};
pub use error::{Error, ErrorKind};
pub use identity::chain_ids;
pub use json::{Json, Member, Object, Parsed, Value};
pub use media_type::{BlobKind, Compression, DocumentKind, MediaType};
pub use platform::Platform;
pub use recover::{Form, Found, Search, recover, recover_from, well_known_forms};
pub use reference::{Reading, Reference, Written};
pub use visible::{is_hidden, visible};

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

mod checks;
mod digest;
mod error;
pub mod json;
pub mod limits;
pub mod media_type;
mod reference;
pub mod report;

pub use checks::{Check, CheckId, Outcome, Source};
pub use digest::{Algorithm, Digest, Hasher, Verified};
pub use error::{Error, ErrorKind};
pub use json::{Json, Member, Object, Parsed, Value};
pub use media_type::{Compression, DocumentKind, MediaType};
pub use reference::Reference;

//! Judges signatures: a signature and a trusted root -> checks.
//!
//! The judge is the Sigstore project's own library (`sigstore-verify`) over RustCrypto's primitives; this module asks it,
//! and says what came of each step. It is built under the feature `trust` only, into a wasm module of its own.

mod candidates;
mod cbor;
mod cosign;
mod entry;
mod identity;
mod jwk;
mod key;
mod material;
mod notation;
mod probe;
mod prove;
mod provider;
mod root;
mod say;
mod signatures;
mod signed;
mod signer;
mod text;
mod times;

pub use candidates::candidates;
pub use cosign::{Layer, is_legacy};
pub use identity::{Identity, Name};
pub use key::Key;
pub use material::Material;
pub use prove::{Allow, Proof, Question, prove};
pub use provider::verifies;
pub use root::{Origin, Provenance, Root, Roots, STALE_DAYS, provenance, shipped};
pub use signatures::{Found, Judged, Signatures, Trust, TrustVerdict, judge};
pub use signed::Artifact;
pub use signer::{Signer, read_certificate};
pub use times::SignedTime;

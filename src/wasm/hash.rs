//! The boundary: a blob hashed on its way past, if nothing else is to be found out about it; see `www/engine/saving/`.

use wasm_bindgen::prelude::*;

use super::values::failure;
use crate::digest::{Digest, Hasher};
use crate::error::{Error, ErrorKind};

/// The digest of a blob, in the algorithm of the one that it should have.
#[wasm_bindgen]
pub struct BlobHasher(Hasher);

#[wasm_bindgen]
impl BlobHasher {
    /// `new BlobHasher(digest)`.
    ///
    /// # Errors
    /// `invalid-digest`, or `unsupported-algorithm` if it cannot be computed here.
    #[wasm_bindgen(constructor)]
    pub fn new(digest: &str) -> Result<Self, JsValue> {
        let expected = Digest::parse(digest).map_err(failure)?;
        let algorithm = expected.algorithm().ok_or_else(|| failure(unsupported(&expected)))?;
        Ok(Self(Hasher::new(algorithm)))
    }

    /// The next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces so far.
    #[must_use]
    pub fn digest(&self) -> String {
        self.0.clone().finish().to_string()
    }
}

fn unsupported(digest: &Digest) -> Error {
    Error::new(
        ErrorKind::UnsupportedAlgorithm,
        crate::say::say!(
            "algorithm-not-computed-here",
            "{digest} cannot be computed here: only sha256, sha384 and sha512",
            digest = digest.to_string()
        ),
    )
}

//! The boundary: a layer by its table of contents, before it is downloaded; see `www/engine/artifacts/peek-layer.js`.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::values::{failure, from_js};
use crate::layer::{self, Spec};

/// Lists a layer by parts of its blob.
#[wasm_bindgen]
pub struct Peek(layer::Peek);

#[wasm_bindgen]
impl Peek {
    /// `Peek.of(spec)`: none if no table of contents is promised.
    ///
    /// # Errors
    /// If the description is none.
    pub fn of(spec: JsValue) -> Result<Option<Self>, JsValue> {
        Ok(layer::Peek::new(&from_js::<Spec>(spec)?).map(Self))
    }

    /// `estargz` or `zstd:chunked`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn kind(&self) -> String {
        self.0.kind().to_owned()
    }

    /// The part that is needed next: its first byte and the one after its last; empty if all is there.
    #[must_use]
    pub fn wants(&self) -> Vec<f64> {
        self.0.wants().map(pair).unwrap_or_default()
    }

    /// Takes that part.
    ///
    /// # Errors
    /// `unsupported-input`, `limit-exceeded`.
    pub fn give(&mut self, part: &[u8]) -> Result<(), JsValue> {
        self.0.give(part).map_err(failure)
    }

    /// The list of entries.
    #[must_use]
    pub fn index(&self) -> Uint8Array {
        Uint8Array::from(self.0.index().to_bytes().as_slice())
    }

    /// The part that has the content of an entry.
    ///
    /// # Errors
    /// `not-found`, `limit-exceeded`.
    pub fn part(&self, entry: u32) -> Result<Vec<f64>, JsValue> {
        self.0.part(entry).map(pair).map_err(failure)
    }

    /// The content of an entry in that part.
    ///
    /// # Errors
    /// `unsupported-input` if it is not what the table promises.
    pub fn content(&self, entry: u32, part: &[u8]) -> Result<Uint8Array, JsValue> {
        self.0.content(entry, part).map(|content| Uint8Array::from(content.as_slice())).map_err(failure)
    }
}

#[expect(clippy::cast_precision_loss, reason = "places in a blob are far below 2^53")]
fn pair((from, to): (u64, u64)) -> Vec<f64> {
    vec![from as f64, to as f64]
}

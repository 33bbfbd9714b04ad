//! The boundary: a layer's tar, or some entries of it, given out; see `www/engine/saving/pack-tar.js`.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::data::once;
use super::values::{from_js, to_js};
use crate::layer;

/// Reads a layer and gives out its tar.
#[wasm_bindgen]
pub struct Exporter(layer::Exporter);

#[wasm_bindgen]
impl Exporter {
    /// `new Exporter(spec, numbers)`: the numbers of the entries to give out; none for the whole tar.
    ///
    /// # Errors
    /// If the description is none.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue, numbers: Option<Vec<u32>>) -> Result<Self, JsValue> {
        Ok(Self(layer::Exporter::new(from_js(spec)?, numbers.map(|all| all.into_iter().collect()))))
    }

    /// The next piece of the blob.
    pub fn push(&mut self, piece: &[u8]) {
        self.0.push(piece);
    }

    /// Unpacks some more; false once all that was pushed is used up.
    pub fn advance(&mut self) -> bool {
        self.0.advance()
    }

    /// The output of that step.
    #[must_use]
    pub fn output(&self) -> Uint8Array {
        Uint8Array::from(self.0.output())
    }

    /// The number of entries that were not met.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn missing(&self) -> u32 {
        u32::try_from(self.0.missing()).unwrap_or(u32::MAX)
    }

    /// The bytes that come were encoded so on their way, and have been decoded.
    pub fn decoded(&mut self, encoding: &str) {
        self.0.decoded(encoding);
    }

    /// True if there are more bytes than are read of any blob.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn unending(&self) -> bool {
        self.0.is_unending()
    }

    /// The verdict over the whole layer.
    ///
    /// # Errors
    /// If it was given before.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        to_js(&once(self.0.finish())?)
    }
}

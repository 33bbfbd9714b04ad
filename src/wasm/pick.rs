//! The boundary: several files of a layer, read in one pass; see `www/engine/compare/pick.js`.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::data::once;
use super::values::{from_js, to_js};
use crate::layer::packages;

/// Reads a layer for the contents of some of its entries.
#[wasm_bindgen]
pub struct Picker {
    picker: packages::Picker,
    content: Vec<u8>,
}

#[wasm_bindgen]
impl Picker {
    /// `new Picker(spec, numbers, programs, most)`: numbers of entries, those of programs, and the longest content that is
    /// kept.
    ///
    /// # Errors
    /// If the description is none.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue, numbers: &[u32], programs: &[u32], most: u32) -> Result<Self, JsValue> {
        let (numbers, programs) = (numbers.iter().copied(), programs.iter().copied());
        let picker = packages::Picker::new(from_js(spec)?, numbers, programs, most);
        Ok(Self { picker, content: Vec::new() })
    }

    /// `Picker.guessing(spec, most)`: picks all files that may list packages, by their paths.
    ///
    /// # Errors
    /// If the description is none.
    pub fn guessing(spec: JsValue, most: u32) -> Result<Self, JsValue> {
        Ok(Self { picker: packages::Picker::guessing(from_js(spec)?, most), content: Vec::new() })
    }

    /// The list of entries.
    #[must_use]
    pub fn index(&self) -> Uint8Array {
        Uint8Array::from(self.picker.index().to_bytes().as_slice())
    }

    /// The first entries.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn entries(&self, most: u32) -> Result<JsValue, JsValue> {
        super::data::entries(Some(self.picker.index()), most)
    }

    /// The next piece of the blob.
    pub fn push(&mut self, piece: &[u8]) {
        self.picker.push(piece);
    }

    /// The bytes that come were encoded so on their way, and have been decoded.
    pub fn decoded(&mut self, encoding: &str) {
        self.picker.decoded(encoding);
    }

    /// True if there are more bytes than are read of any blob.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn unending(&self) -> bool {
        self.picker.is_unending()
    }

    /// The number of the next entry whose content is complete, or -1.
    pub fn next(&mut self) -> f64 {
        let Some((number, content)) = self.picker.next_content() else { return -1.0 };
        self.content = content;
        f64::from(number)
    }

    /// The content of that entry.
    #[must_use]
    pub fn content(&self) -> Uint8Array {
        Uint8Array::from(self.content.as_slice())
    }

    /// The verdict over the whole layer.
    ///
    /// # Errors
    /// If it was given before.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        to_js(&once(self.picker.finish())?)
    }
}

//! The boundary: the files of an image, explored; see `www/layers/explorer.js`. Types: `www/views/files/contract.d.ts`.

use js_sys::{Error as JsError, JSON};
use wasm_bindgen::prelude::*;

use super::values::{failure, value};
use crate::layer::FileIndex;
use crate::layer::files::{self, Query};

/// The files of an image, over its layers.
#[wasm_bindgen]
pub struct Files(files::Files);

#[wasm_bindgen]
impl Files {
    /// `new Files()`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self(files::Files::new())
    }

    /// `add(position, index)`: a layer's list of entries as its reader gave it.
    ///
    /// # Errors
    /// Where the bytes are no such list.
    pub fn add(&mut self, position: u32, index: &[u8]) -> Result<(), JsValue> {
        self.0.add(position, FileIndex::from_bytes(index).map_err(failure)?);
        Ok(())
    }

    /// `query(query)`: what it found.
    ///
    /// # Errors
    /// Where it is no query; where there are too many paths.
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn query(&mut self, query: JsValue) -> Result<JsValue, JsValue> {
        let text = JSON::stringify(&query)?.as_string().unwrap_or_default();
        let query: Query =
            serde_json::from_str(&text).map_err(|error| JsError::new(&format!("the query of files: {error}")))?;
        value(&self.0.query(&query).map_err(failure)?)
    }

    /// `rows(from, to)`.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn rows(&self, from: u32, to: u32) -> Result<JsValue, JsValue> {
        value(&self.0.rows(from, to))
    }

    /// `toggle(id, open)`.
    ///
    /// # Errors
    /// Where the outcome cannot be written.
    pub fn toggle(&mut self, id: u32, open: bool) -> Result<JsValue, JsValue> {
        value(&self.0.toggle(id, open))
    }

    /// `openAll(open)`.
    ///
    /// # Errors
    /// Where the outcome cannot be written.
    #[wasm_bindgen(js_name = openAll)]
    pub fn open_all(&mut self, open: bool) -> Result<JsValue, JsValue> {
        value(&self.0.open_all(open))
    }

    /// `paths(from, count)`: those that wait for a regular expression.
    #[must_use]
    pub fn paths(&self, from: u32, count: u32) -> Vec<String> {
        self.0.paths(from, count)
    }

    /// `keep(bits)`: a byte for each of them.
    ///
    /// # Errors
    /// Where the outcome cannot be written.
    pub fn keep(&mut self, bits: &[u8]) -> Result<JsValue, JsValue> {
        value(&self.0.keep(bits))
    }

    /// `find(path)`: the number of its line, or -1.
    pub fn find(&mut self, path: &str) -> f64 {
        self.0.find(path).map_or(-1.0, f64::from)
    }

    /// `detail(id)`.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn detail(&self, id: u32) -> Result<JsValue, JsValue> {
        value(&self.0.detail(id))
    }

    /// `findings()`.
    ///
    /// # Errors
    /// Where there are too many paths.
    pub fn findings(&mut self) -> Result<JsValue, JsValue> {
        value(&self.0.findings().map_err(failure)?)
    }

    /// `sizes()`.
    ///
    /// # Errors
    /// Where there are too many paths.
    pub fn sizes(&mut self) -> Result<JsValue, JsValue> {
        value(&self.0.sizes().map_err(failure)?)
    }

    /// `treemap(path)`: what lies in a directory of the image, with its weight.
    ///
    /// # Errors
    /// Where there are too many paths.
    pub fn treemap(&mut self, path: &str) -> Result<JsValue, JsValue> {
        value(&self.0.treemap(path).map_err(failure)?)
    }
}

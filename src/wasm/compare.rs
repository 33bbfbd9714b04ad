//! The boundary: images compared, by their documents and by their files; see `www/engine/compare/`.

use js_sys::Uint8Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::values::{failure, from_js, to_js};
use crate::compare::{self, FileFacts, Given, RowQuery};
use crate::layer::FileIndex;

/// `compareImages(a, b, facts)`: a comparison; `facts` are those of [`Files::build`], or nothing.
///
/// # Errors
/// `not-found` if a report has no such image.
#[wasm_bindgen(js_name = compareImages)]
pub fn compare_images(a: JsValue, b: JsValue, facts: JsValue) -> Result<JsValue, JsValue> {
    let facts: Option<FileFacts> = from_js(facts)?;
    let outcome = compare::compare(&from_js::<Given>(a)?, &from_js::<Given>(b)?, facts.as_ref());
    to_js(&outcome.map_err(failure)?)
}

/// The files of two images, compared.
#[wasm_bindgen]
#[derive(Default)]
pub struct ComparedFiles(compare::FilesComparison);

/// A layer that both images have.
#[derive(Deserialize)]
struct Shared {
    a: u32,
    b: u32,
}

#[wasm_bindgen]
impl ComparedFiles {
    /// `new ComparedFiles()`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `add(side, position, index)`: a layer of the first image (0) or the second (1).
    ///
    /// # Errors
    /// If the bytes are no such list.
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn add(&mut self, side: u32, position: u32, index: Uint8Array) -> Result<(), JsValue> {
        let index = FileIndex::from_bytes(&index.to_vec()).map_err(failure)?;
        self.0.add(side as usize, position, index);
        Ok(())
    }

    /// `setSystem(side, os)`.
    #[wasm_bindgen(js_name = setSystem)]
    pub fn set_system(&mut self, side: u32, system: &str) {
        self.0.set_system(side as usize, Some(system));
    }

    /// `share([{ a, b }])`: positions of layers that are the same tar.
    ///
    /// # Errors
    /// If it is no such list.
    pub fn share(&mut self, layers: JsValue) -> Result<(), JsValue> {
        from_js::<Vec<Shared>>(layers)?.iter().for_each(|layer| self.0.share(layer.a, layer.b));
        Ok(())
    }

    /// `build()`: how much differs.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn build(&mut self) -> Result<JsValue, JsValue> {
        to_js(self.0.build().map_err(failure)?)
    }

    /// `rows(query)`.
    ///
    /// # Errors
    /// If it is no query.
    pub fn rows(&self, query: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.0.rows(&from_js::<Option<RowQuery>>(query)?.unwrap_or_default()))
    }

    /// `count(query)`: how many rows it has.
    ///
    /// # Errors
    /// If it is no query.
    pub fn count(&self, query: JsValue) -> Result<u32, JsValue> {
        let query = from_js::<Option<RowQuery>>(query)?.unwrap_or_default();
        Ok(u32::try_from(self.0.count(&query)).unwrap_or(u32::MAX))
    }

    /// `tree(path)`: what lies in a directory.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn tree(&self, path: &str, most: Option<u32>) -> Result<JsValue, JsValue> {
        to_js(&most.map_or_else(|| self.0.tree(path), |most| self.0.changed_tree(path, most as usize)))
    }

    /// `growth(most)`: why it grew.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn growth(&self, most: u32) -> Result<JsValue, JsValue> {
        to_js(&self.0.growth(most as usize))
    }
}

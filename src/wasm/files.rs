//! The boundary: the files of an image, explored; see `www/engine/layers/files-handle.js`. Types: `www/views/files/contract.d.ts`.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::values::{failure, from_js, to_js};
use crate::holding::{Listed, hold};
use crate::layer::files::{self, Choice, Query};
use crate::layer::{Elf, FileIndex};

/// `elf(bytes)`: what the headers of an ELF file say. Nothing if it is none.
///
/// # Errors
/// If it cannot be written.
#[wasm_bindgen]
pub fn elf(bytes: &[u8]) -> Result<JsValue, JsValue> {
    to_js(&Elf::of(bytes))
}

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
    /// If the bytes are no such list.
    pub fn add(&mut self, position: u32, index: &[u8]) -> Result<(), JsValue> {
        self.0.add(position, FileIndex::from_bytes(index).map_err(failure)?);
        Ok(())
    }

    /// `setSystem(os)`: the operating system that the image is for.
    #[wasm_bindgen(js_name = setSystem)]
    pub fn set_system(&mut self, os: &str) {
        self.0.set_system(Some(os));
    }

    /// `content(layer, at)`: layer and number of the entry that has the content of a hard link.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn content(&mut self, layer: u32, at: u32) -> Result<JsValue, JsValue> {
        to_js(&self.0.content(layer, at).map_err(failure)?)
    }

    /// `query(query)`: what it found.
    ///
    /// # Errors
    /// If it is no query; if there are too many paths.
    pub fn query(&mut self, query: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.0.query(&from_js::<Query>(query)?).map_err(failure)?)
    }

    /// `rows(from, to)`.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn rows(&self, from: u32, to: u32) -> Result<JsValue, JsValue> {
        to_js(&self.0.rows(from, to))
    }

    /// `toggle(id, open)`.
    ///
    /// # Errors
    /// If the outcome cannot be written.
    pub fn toggle(&mut self, id: u32, open: bool) -> Result<JsValue, JsValue> {
        to_js(&self.0.toggle(id, open))
    }

    /// `openAll(open)`.
    ///
    /// # Errors
    /// If the outcome cannot be written.
    #[wasm_bindgen(js_name = openAll)]
    pub fn open_all(&mut self, open: bool) -> Result<JsValue, JsValue> {
        to_js(&self.0.open_all(open))
    }

    /// `paths(from, count)`: those that wait for a regular expression.
    #[must_use]
    pub fn paths(&self, from: u32, count: u32) -> Vec<String> {
        self.0.paths(from, count)
    }

    /// `keep(bits)`: a byte for each of them.
    ///
    /// # Errors
    /// If the outcome cannot be written.
    pub fn keep(&mut self, bits: &[u8]) -> Result<JsValue, JsValue> {
        to_js(&self.0.keep(bits))
    }

    /// `find(path)`: the number of its line, or -1.
    pub fn find(&mut self, path: &str) -> f64 {
        self.0.find(path).map_or(-1.0, f64::from)
    }

    /// `detail(id)`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn detail(&self, id: u32) -> Result<JsValue, JsValue> {
        to_js(&self.0.detail(id))
    }

    /// `findings()`.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn findings(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.0.findings().map_err(failure)?)
    }

    /// `sizes()`.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn sizes(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.0.sizes().map_err(failure)?)
    }

    /// `hold(indexes, os, files, owned)`: the files of a list, `[[path, algorithm, hex]]`, held against those of layers, the
    /// lowest first, whose contents were hashed; `owned` has for each package the number of its hashes and their places in
    /// the list. It takes nothing of what was added.
    ///
    /// # Errors
    /// If an index is invalid; if there are too many paths.
    #[expect(clippy::unused_self, reason = "every question to the files of an image goes through this handle")]
    pub fn hold(
        &self,
        indexes: Vec<Uint8Array>,
        os: &str,
        files: JsValue,
        owned: Option<Vec<u32>>,
    ) -> Result<JsValue, JsValue> {
        let layers = indexes.iter().map(|index| FileIndex::from_bytes(&index.to_vec()));
        let layers = layers.collect::<Result<Vec<_>, _>>().map_err(failure)?;
        let listed = from_js::<Vec<Listed>>(files)?;
        let system = Some(os).filter(|os| !os.is_empty());
        to_js(&hold(layers, system, &listed, &owned.unwrap_or_default()).map_err(failure)?)
    }

    /// `choose(choice)`: the entries that make up some paths.
    ///
    /// # Errors
    /// If it is no choice; if there are too many paths.
    pub fn choose(&mut self, choice: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.0.choose(&from_js::<Choice>(choice)?).map_err(failure)?)
    }

    /// `changes(position, from, most)`: what a layer changes.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn changes(&mut self, position: u32, from: u32, most: u32) -> Result<JsValue, JsValue> {
        to_js(&self.0.changes(position, from, most).map_err(failure)?)
    }

    /// `brought(position, most)`: how many files a layer brought, and some of their paths.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn brought(&mut self, position: u32, most: u32) -> Result<JsValue, JsValue> {
        to_js(&self.0.brought(position, most).map_err(failure)?)
    }

    /// `treemap(path, wasted)`: what lies in a directory of the image, or what is wasted there, with its weight.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn treemap(&mut self, path: &str, wasted: Option<bool>) -> Result<JsValue, JsValue> {
        to_js(&self.0.treemap(path, wasted.unwrap_or(false)).map_err(failure)?)
    }
}

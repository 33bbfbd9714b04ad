//! The boundary: the packages of an image; see `www/engine/compare/packages-of-image.js`.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::values::{failure, from_js, to_js};
use crate::layer::FileIndex;
use crate::layer::packages::{self, Package};

/// Collects the packages of one image.
#[wasm_bindgen]
#[derive(Default)]
pub struct Packages(packages::Packages);

#[wasm_bindgen]
impl Packages {
    /// `new Packages()`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `add(position, index)`: a layer's list of entries.
    ///
    /// # Errors
    /// If the bytes are no such list.
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn add(&mut self, position: u32, index: Uint8Array) -> Result<(), JsValue> {
        self.0.add(position, FileIndex::from_bytes(&index.to_vec()).map_err(failure)?);
        Ok(())
    }

    /// `setSystem(os)`.
    #[wasm_bindgen(js_name = setSystem)]
    pub fn set_system(&mut self, system: &str) {
        self.0.set_system(system);
    }

    /// `wanted()`: the files to read.
    ///
    /// # Errors
    /// If there are too many paths.
    pub fn wanted(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.0.wanted().map_err(failure)?)
    }

    /// `take(number, content)`: the content of one of them.
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn take(&mut self, number: u32, content: Uint8Array) {
        self.0.take(number as usize, content.to_vec());
    }

    /// `list()`: the packages, and what is not in the list.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn list(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.0.list())
    }
}

/// `comparePackages(a, b)`: what differs.
///
/// # Errors
/// If these are no packages.
#[wasm_bindgen(js_name = comparePackages)]
pub fn compare_packages(a: JsValue, b: JsValue) -> Result<JsValue, JsValue> {
    to_js(&packages::differences(&from_js::<Vec<Package>>(a)?, &from_js::<Vec<Package>>(b)?))
}

/// `cyclonedx(name, digest, layers, packages)`: the list as CycloneDX 1.6.
///
/// # Errors
/// If these are no packages.
#[wasm_bindgen]
pub fn cyclonedx(name: &str, digest: &str, layers: JsValue, list: JsValue) -> Result<String, JsValue> {
    let layers: Vec<String> = from_js(layers)?;
    Ok(packages::cyclonedx(name, digest, &layers, &from_js::<Vec<Package>>(list)?))
}

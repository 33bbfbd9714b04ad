//! The boundary: what stands around an image: its platforms, what an update costs, its base, its lines; see `www/engine/compare/lineage-facts.js`.

use wasm_bindgen::prelude::*;

use super::values::{failure, from_js, to_js};
use crate::compare::{self, Given, Held, Side};

/// `imageOf(given)`: the id of the image that is meant.
///
/// # Errors
/// `not-found` if a report has no such image.
#[wasm_bindgen(js_name = imageOf)]
pub fn image_of(given: JsValue) -> Result<String, JsValue> {
    compare::image_of(&from_js::<Given>(given)?).map_err(failure)
}

/// `platforms(given)`: a row for each platform of an index.
///
/// # Errors
/// If it is no such object.
#[wasm_bindgen]
pub fn platforms(given: JsValue) -> Result<JsValue, JsValue> {
    to_js(&compare::platforms(&from_js::<Given>(given)?))
}

/// `pullCost(held, given)`: `held` is an image, or what `docker inspect` printed.
///
/// # Errors
/// `unsupported-input` if a text has no list of layers, `not-found` if a report has no image.
#[wasm_bindgen(js_name = pullCost)]
pub fn pull_cost(held: JsValue, given: JsValue) -> Result<JsValue, JsValue> {
    let given: Given = from_js(given)?;
    let image = Side::of(&given).map_err(failure)?;
    let held = match held.as_string() {
        Some(text) => Held::inspected(&text).map_err(failure)?,
        None => Held::of(&Side::of(&from_js::<Given>(held)?).map_err(failure)?),
    };
    to_js(&compare::cost(&held, &image))
}

/// `bases(given, materials, candidate)`: what it is built on.
///
/// # Errors
/// `not-found` if a report has no image.
#[wasm_bindgen]
pub fn bases(given: JsValue, materials: JsValue, candidate: JsValue) -> Result<JsValue, JsValue> {
    let candidate: Option<Given> = from_js(candidate)?;
    let found = compare::bases(&from_js::<Given>(given)?, &from_js::<Vec<String>>(materials)?, candidate.as_ref());
    to_js(&found.map_err(failure)?)
}

/// `dockerfile(given)`: the lines of the image's history.
///
/// # Errors
/// `not-found` if a report has no image.
#[wasm_bindgen]
pub fn dockerfile(given: JsValue) -> Result<JsValue, JsValue> {
    to_js(&compare::dockerfile(&from_js::<Given>(given)?).map_err(failure)?)
}

//! The boundary: identities, commands and places of digests; see `www/engine/explain.js`.

use wasm_bindgen::prelude::*;

use super::values::{from_js, to_js};
use crate::explain::{self, Asked, Given};

/// `explainImage(given)`: the identities of an image and what each tool prints.
///
/// # Errors
/// `unsupported-input` if it is no report.
#[wasm_bindgen(js_name = explainImage)]
pub fn explain_image(given: JsValue) -> Result<JsValue, JsValue> {
    to_js(&explain::image(&from_js::<Given>(given)?))
}

/// `recipes(given)`: the commands for one node.
///
/// # Errors
/// `unsupported-input` if it is no report.
#[wasm_bindgen]
pub fn recipes(given: JsValue) -> Result<JsValue, JsValue> {
    to_js(&explain::recipes(&from_js::<Given>(given)?))
}

/// `inputOf(given, identity)`: what goes into the hash of an identity.
///
/// # Errors
/// `unsupported-input` if it is no report or no identity.
#[wasm_bindgen(js_name = inputOf)]
pub fn input_of(given: JsValue, identity: JsValue) -> Result<JsValue, JsValue> {
    to_js(&explain::input(&from_js::<Given>(given)?, &from_js::<Asked>(identity)?))
}

/// `lookUp(given, text)`: where the digest in that text occurs.
///
/// # Errors
/// `unsupported-input` if it is no report.
#[wasm_bindgen(js_name = lookUp)]
pub fn look_up(given: JsValue, text: &str) -> Result<JsValue, JsValue> {
    to_js(&explain::lookup(&from_js::<Given>(given)?, text))
}

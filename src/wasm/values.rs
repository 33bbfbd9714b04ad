//! The boundary: JavaScript values to Rust's and back, each in one place.

use js_sys::{Error as JsError, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::rounding::Rounded;

/// Any of the core's plain data as plain JavaScript: what JSON would hold, with integers rounded to numbers.
pub(super) fn to_js(data: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(Rounded(data).serialize(&Serializer::json_compatible())?)
}

#[cfg(feature = "data")]
/// Data that only comes back to us, from another worker: 64-bit integers are `BigInt`s, so that none is rounded.
pub(super) fn to_js_exact(data: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(data.serialize(&Serializer::json_compatible().serialize_large_number_types_as_bigints(true))?)
}

/// Reads a JavaScript value; an `Error` with the code `unsupported-input` if it is not of that shape.
#[cfg(any(
    feature = "open",
    feature = "data",
    feature = "files",
    feature = "found",
    feature = "compare",
    feature = "artifact",
    feature = "explain"
))]
pub(super) fn from_js<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    let misshapen = |error: serde_wasm_bindgen::Error| {
        failure(Error::new(crate::error::ErrorKind::UnsupportedInput, error.to_string()))
    };
    serde_wasm_bindgen::from_value(value).map_err(misshapen)
}

/// An `Error` with `code` and, if they are known, `retryAfter` in seconds and `reason` with `params`.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn failure(error: Error) -> JsValue {
    let thrown = JsError::new(&error.to_string());
    let set = |name: &str, value: JsValue| Reflect::set(&thrown, &name.into(), &value);
    let _always_ok = set("code", error.code().into());
    let said = error.said();
    if !said.reason.is_empty() {
        let _always_ok = set("reason", said.reason.into());
        let _always_ok = set("params", to_js(&said.params).unwrap_or_default());
    }
    if let Some(seconds) = error.seconds_to_retry() {
        #[expect(clippy::cast_precision_loss, reason = "seconds of a wait are far below 2^53")]
        let _always_ok = set("retryAfter", (seconds as f64).into());
    }
    thrown.into()
}

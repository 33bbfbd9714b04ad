//! The boundary: JavaScript values to Rust's and back, each in one place.

use js_sys::{Date, Error as JsError, JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::Error;

/// Any of the core's plain data as plain JavaScript. As one text: crossing value by value takes several times as long
/// for a report of 10,000 nodes, and more code.
pub(super) fn value(data: &impl Serialize) -> Result<JsValue, JsValue> {
    // Plain data always serialises; showing why it did not would bring every message of serde_json along.
    let text = serde_json::to_string(data).map_err(|_| JsError::new("the result could not be written as JSON"))?;
    JSON::parse(&text)
}

/// An `Error` with `code` and, where known, `retryAfter` in seconds.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn failure(error: Error) -> JsValue {
    let thrown = JsError::new(&error.to_string());
    let set = |name: &str, value: JsValue| Reflect::set(&thrown, &name.into(), &value);
    let _always_ok = set("code", error.code().into());
    if let Some(seconds) = error.seconds_to_retry() {
        #[expect(clippy::cast_precision_loss, reason = "seconds of a wait are far below 2^53")]
        let _always_ok = set("retryAfter", (seconds as f64).into());
    }
    thrown.into()
}

/// The reader's time in seconds since 1970; none where the clock is set to nonsense.
pub(super) fn now() -> Option<i64> {
    let seconds = Date::now() / 1000.0;
    #[expect(clippy::cast_possible_truncation, reason = "finite, and the fraction is not wanted")]
    seconds.is_finite().then_some(seconds as i64)
}

/// A member that is a text and not empty.
pub(super) fn text(from: &JsValue, name: &str) -> Option<String> {
    member(from, name)?.as_string().filter(|text| !text.is_empty())
}

/// A member that is true.
pub(super) fn truth(from: &JsValue, name: &str) -> bool {
    member(from, name).is_some_and(|value| value.is_truthy())
}

/// A member that is there.
pub(super) fn member(from: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(from, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

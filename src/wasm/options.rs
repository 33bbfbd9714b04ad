//! The boundary: what callers of `inspect`, `open` and `verifyBundle` say.

#[cfg(any(feature = "inspect", feature = "found", feature = "compare"))]
use js_sys::Array;
#[cfg(any(feature = "inspect", feature = "open", feature = "found", feature = "trust"))]
use js_sys::Date;
use js_sys::Reflect;
#[cfg(feature = "open")]
use serde::Deserialize;
use wasm_bindgen::JsValue;

#[cfg(any(feature = "inspect", feature = "open", feature = "found", feature = "trust"))]
/// The reader's time in seconds since 1970; none if the clock is set to nonsense.
pub(super) fn now() -> Option<i64> {
    let seconds = Date::now() / 1000.0;
    #[expect(clippy::cast_possible_truncation, reason = "finite, and the fraction is not wanted")]
    seconds.is_finite().then_some(seconds as i64)
}

/// A text that is not empty.
#[cfg(feature = "open")]
pub(super) fn given<T: AsRef<str>>(text: Option<T>) -> Option<T> {
    text.filter(|text| !text.as_ref().is_empty())
}

/// A member that is a `Uint8Array`.
#[cfg(feature = "open")]
#[derive(Deserialize)]
pub(super) struct Bytes(#[serde(with = "serde_wasm_bindgen::preserve")] js_sys::Uint8Array);

#[cfg(feature = "open")]
impl Bytes {
    /// They are copied out of JavaScript's memory.
    pub(super) fn into_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// A member that is a text and not empty.
pub(super) fn text(from: &JsValue, name: &str) -> Option<String> {
    member(from, name)?.as_string().filter(|text| !text.is_empty())
}

/// A member that is there.
pub(super) fn member(from: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(from, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// A member that is a number.
#[cfg(any(feature = "inspect", feature = "compare"))]
pub(super) fn number(from: &JsValue, name: &str) -> Option<f64> {
    member(from, name)?.as_f64()
}

/// The elements of a member that is an array, else none.
#[cfg(any(feature = "inspect", feature = "found", feature = "compare"))]
pub(super) fn items(from: &JsValue, name: &str) -> impl Iterator<Item = JsValue> + use<> {
    let list = member(from, name).filter(Array::is_array).map(|list| Array::from(&list)).unwrap_or_default();
    list.into_iter()
}

/// A member that is true.
#[cfg(any(feature = "inspect", feature = "found", feature = "trust", feature = "compare"))]
pub(super) fn truth(from: &JsValue, name: &str) -> bool {
    member(from, name).is_some_and(|value| value.is_truthy())
}

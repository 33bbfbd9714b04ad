//! The boundary: JavaScript values to Rust's and back, each in one place.

use js_sys::{Array, Error as JsError, Function, Reflect, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::image::{InspectOptions, parse_platform};
use crate::reference::Reference;
use crate::registry::{Credential, Options};

/// A reference as `parseReference` gives it.
#[derive(Serialize)]
pub(super) struct ParsedReference {
    registry: Option<String>,
    repository: Option<String>,
    tag: Option<String>,
    digest: Option<String>,
    familiar: String,
    canonical: String,
}

impl From<&Reference> for ParsedReference {
    fn from(reference: &Reference) -> Self {
        Self {
            registry: reference.registry().map(str::to_owned),
            repository: reference.repository().map(str::to_owned),
            tag: reference.tag().map(str::to_owned),
            digest: reference.digest().map(ToString::to_string),
            familiar: reference.familiar(),
            canonical: reference.canonical(),
        }
    }
}

/// Any of the core's plain data as plain JSON-like JavaScript: absent is `null`, maps are objects.
pub(super) fn value(data: &impl Serialize) -> Result<JsValue, JsValue> {
    data.serialize(&Serializer::json_compatible()).map_err(JsValue::from)
}

/// Tells the caller what happens; what the callback throws is not our failure.
pub(super) fn emit(on_progress: &Function, event: &impl Serialize) {
    if let Ok(event) = value(event) {
        let _thrown = on_progress.call1(&JsValue::NULL, &event);
    }
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

/// A member that is a text and not empty.
pub(super) fn text(from: &JsValue, name: &str) -> Option<String> {
    member(from, name)?.as_string().filter(|text| !text.is_empty())
}

/// A member that is true.
pub(super) fn truth(from: &JsValue, name: &str) -> bool {
    member(from, name).is_some_and(|value| value.is_truthy())
}

/// The elements of a list.
pub(super) fn list(array: &Array) -> impl Iterator<Item = JsValue> + '_ {
    array.iter()
}

/// The member `bytes`, copied out of JavaScript's memory.
pub(super) fn bytes(from: &JsValue) -> Vec<u8> {
    member(from, "bytes").map(|bytes| Uint8Array::new(&bytes).to_vec()).unwrap_or_default()
}

/// `{ proxy, credentials }`
pub(super) fn client_options(options: &JsValue) -> Options {
    let credentials = member(options, "credentials").filter(Array::is_array).map(|value| Array::from(&value));
    Options {
        proxy: text(options, "proxy").unwrap_or_default(),
        credentials: credentials.iter().flat_map(Array::iter).filter_map(|one| credential(&one)).collect(),
    }
}

/// `{ platform, all }`
pub(super) fn inspect_options(options: &JsValue) -> Result<InspectOptions, Error> {
    let platform = text(options, "platform").map(|text| parse_platform(&text)).transpose()?;
    Ok(InspectOptions { platform, all: truth(options, "all") })
}

fn credential(from: &JsValue) -> Option<Credential> {
    Some(Credential {
        registry: text(from, "registry")?,
        username: text(from, "username")?,
        password: text(from, "password").unwrap_or_default(),
    })
}

fn member(from: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(from, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

//! The boundary, wasm32 only: one call into the core a function; values and errors cross here and nowhere else.

mod session;
mod transport;
mod values;

use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::image::{self, OpenOptions};
use crate::reference::Reference;
use transport::Fetch;
use values::{failure, list, text, truth, value};

/// `parseReference(text)`: the parts of an image reference.
///
/// # Errors
/// An `Error` whose `code` is `invalid-reference`.
#[wasm_bindgen(js_name = parseReference)]
pub fn parse_reference(text: &str) -> Result<JsValue, JsValue> {
    let reference = Reference::parse(text).map_err(failure)?;
    value(&values::ParsedReference::from(&reference))
}

/// `inspect(reference, { proxy, platform, credentials, all }, onProgress, signal)`: a report.
///
/// # Errors
/// An `Error` with one of the codes of `ErrorKind`.
#[wasm_bindgen]
pub async fn inspect(
    reference: String,
    options: JsValue,
    on_progress: Function,
    signal: web_sys::AbortSignal,
) -> Result<JsValue, JsValue> {
    let reference = Reference::parse(&reference).map_err(failure)?;
    let wanted = values::inspect_options(&options).map_err(failure)?;
    let client = session::client(Fetch::new(signal), values::client_options(&options), on_progress.clone());
    let on_stage = |stage| values::emit(&on_progress, &stage);
    let outcome = image::inspect(&client, &reference, &wanted, &on_stage).await.map_err(failure)?;
    session::keep(outcome.bytes);
    value(&outcome.report)
}

/// `open([{ bytes, name, text }], { expected, mediaType, name })`: a report.
///
/// # Errors
/// An `Error` whose `code` is `unsupported-input` or `invalid-digest`.
#[wasm_bindgen]
pub fn open(inputs: Array, options: JsValue) -> Result<JsValue, JsValue> {
    let inputs = list(&inputs)
        .map(|input| image::Input {
            bytes: values::bytes(&input).into(),
            name: text(&input, "name"),
            text: truth(&input, "text"),
        })
        .collect();
    let options = OpenOptions {
        expected: text(&options, "expected")
            .map(|text| crate::Digest::parse(text.trim()))
            .transpose()
            .map_err(failure)?,
        media_type: text(&options, "mediaType").map(crate::MediaType::new),
        name: text(&options, "name"),
    };
    let outcome = image::open(inputs, &options).map_err(failure)?;
    session::keep(outcome.bytes);
    value(&outcome.report)
}

/// `bytesOf(digest)`: the exact bytes of a node that this session has read.
#[wasm_bindgen(js_name = bytesOf)]
#[must_use]
pub fn bytes_of(digest: &str) -> Option<Uint8Array> {
    session::bytes(digest).map(|bytes| Uint8Array::from(&*bytes))
}

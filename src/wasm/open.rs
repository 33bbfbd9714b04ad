//! The boundary: `open`, with what it takes and gives.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::session;
use super::values::{failure, member, now, text, truth, value};
use crate::image::{self, Input, OpenOptions};
use crate::{Digest, Error, MediaType};

/// `open([{ bytes, name, text, stated }], { expected, mediaType, name })`: a report.
///
/// # Errors
/// An `Error` whose `code` is `unsupported-input` or `invalid-digest`.
#[wasm_bindgen]
pub fn open(inputs: Array, options: JsValue) -> Result<JsValue, JsValue> {
    let options = open_options(&options).map_err(failure)?;
    let inputs = inputs.iter().map(|one| input(&one)).collect::<Result<_, _>>().map_err(failure)?;
    let outcome = image::open(inputs, &options).map_err(failure)?;
    session::keep(outcome.bytes);
    value(&outcome.report)
}

fn input(from: &JsValue) -> Result<Input, Error> {
    let stated = text(from, "stated").map(|text| Digest::parse(&text)).transpose()?;
    Ok(Input { bytes: bytes(from).into(), name: text(from, "name"), text: truth(from, "text"), stated })
}

pub(super) fn open_options(from: &JsValue) -> Result<OpenOptions, Error> {
    let expected = text(from, "expected").map(|text| Digest::parse(text.trim())).transpose()?;
    let media_type = text(from, "mediaType").map(MediaType::new);
    Ok(OpenOptions { expected, media_type, name: text(from, "name"), now: now() })
}

/// The member `bytes`, copied out of JavaScript's memory.
fn bytes(from: &JsValue) -> Vec<u8> {
    member(from, "bytes").map(|bytes| Uint8Array::new(&bytes).to_vec()).unwrap_or_default()
}

//! The boundary: `open`, with what it takes and gives.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::options::{Bytes, given, now};
use super::session;
use super::values::{failure, from_js, to_js};
use crate::image::{self, Input, OpenOptions};
use crate::paste::typed_digest;
use crate::{Digest, Error, MediaType, Reference};

/// `open([{ bytes, name, text, stated }], { expected, reference, mediaType, name })`: a report.
///
/// # Errors
/// An `Error` whose `code` is `unsupported-input` or `invalid-digest`.
#[wasm_bindgen]
pub fn open(inputs: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let options = from_js::<Asked>(options)?.try_into().map_err(failure)?;
    let inputs = from_js::<Vec<Given>>(inputs)?.into_iter().map(Input::try_from).collect::<Result<_, _>>();
    let inputs = inputs.map_err(failure)?;
    let outcome = image::open(inputs, &options).map_err(failure)?;
    session::keep(outcome.bytes);
    to_js(&outcome.report)
}

/// One of the inputs.
#[derive(Deserialize)]
struct Given {
    bytes: Bytes,
    name: Option<String>,
    text: Option<bool>,
    stated: Option<String>,
}

impl TryFrom<Given> for Input {
    type Error = Error;

    fn try_from(input: Given) -> Result<Self, Error> {
        let stated = given(input.stated).map(|text| Digest::parse(&text)).transpose()?;
        let (name, text) = (given(input.name), input.text == Some(true));
        Ok(Self { bytes: input.bytes.into_vec().into(), name, text, stated })
    }
}

/// The caller's statements about all of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    expected: Option<String>,
    reference: Option<String>,
    media_type: Option<String>,
    name: Option<String>,
}

impl TryFrom<Asked> for OpenOptions {
    type Error = Error;

    fn try_from(asked: Asked) -> Result<Self, Error> {
        let expected = given(asked.expected).map(|text| typed_digest(&text)).transpose()?;
        // A text that is no reference pins nothing.
        let pinned = given(asked.reference).and_then(|text| Reference::parse(&text).ok()?.digest().cloned());
        let media_type = given(asked.media_type).map(MediaType::new);
        Ok(Self { expected, pinned, media_type, name: given(asked.name), now: now() })
    }
}

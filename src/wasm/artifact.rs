//! The boundary: what an artifact is that is no image; see `www/engine/artifacts/read-artifact.js`.

use wasm_bindgen::prelude::*;

use super::values::{failure, from_js, to_js};
use crate::artifact::{self, Part};
use crate::error::{Error, ErrorKind};

/// `planArtifact(parts)`: which of these blobs is read, and as what.
///
/// # Errors
/// If these are no parts.
#[wasm_bindgen(js_name = planArtifact)]
pub fn plan_artifact(parts: JsValue) -> Result<JsValue, JsValue> {
    to_js(&artifact::plan(&from_js::<Vec<Part>>(parts)?))
}

/// `openArtifact(kind, bytes, size)`: the facts in a chart's `Chart.yaml`, in a wasm file, or in the beginning of a model of
/// `size` bytes.
///
/// # Errors
/// `unsupported-input`, `limit-exceeded`.
#[wasm_bindgen(js_name = openArtifact)]
pub fn open_artifact(kind: &str, bytes: &[u8], size: Option<f64>) -> Result<JsValue, JsValue> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the nearest integer from 0 up")]
    let size = size.map(|size| size as u64);
    let opened = match kind {
        "helm" => artifact::chart(bytes),
        "wasm" => artifact::wasm(bytes),
        "gguf" => artifact::gguf(bytes),
        "safetensors" => artifact::safetensors(bytes, size),
        _ => Err(Error::new(ErrorKind::UnsupportedInput, "no such kind of artifact")),
    };
    to_js(&opened.map_err(failure)?)
}

/// `heldProvenance(text, digest, name)`: the checks of a chart's provenance; the digest is that of the chart's bytes, the name
/// that of its file.
///
/// # Errors
/// If they cannot be written.
#[wasm_bindgen(js_name = heldProvenance)]
pub fn held_provenance(text: &[u8], digest: &str, name: &str) -> Result<JsValue, JsValue> {
    to_js(&artifact::provenance(text, digest, name))
}

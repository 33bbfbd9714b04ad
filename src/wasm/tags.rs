//! The boundary: the tags of a repository, what they name, and which are one image.

use js_sys::Function;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::options::{number, truth};
use super::registry::client;
use super::transport::Fetch;
use super::values::{failure, from_js, to_js};
use crate::error::{Error, ErrorKind};
use crate::image::{self, TagWish};
use crate::reference::Reference;
use crate::registry::Name;
use crate::{limits, tags};

/// The tags of a repository, as JavaScript gets them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    repository: String,
    /// Docker Hub counts pulls.
    counts_pulls: bool,
    tags: Vec<String>,
    /// The number of last ones that stand for signatures and other manifests.
    folded: usize,
    complete: bool,
    pages: usize,
}

/// `listTags(repository, { proxy, credentials, limit }, onProgress, signal)`.
///
/// # Errors
/// An `Error` with one of the codes of `ErrorKind`.
#[wasm_bindgen(js_name = listTags)]
pub async fn list_tags(
    repository: String,
    options: JsValue,
    on_progress: Function,
    signal: web_sys::AbortSignal,
) -> Result<JsValue, JsValue> {
    let name = name(&repository)?;
    let client = client(Fetch::new(signal), &options, on_progress);
    let list = client.tags(&name, limit(&options)).await.map_err(failure)?;
    let sorted = tags::sorted(list.tags);
    to_js(&Listed {
        repository: format!("{}/{}", name.registry, name.repository),
        counts_pulls: name.counts_pulls(),
        folded: tags::folded(&sorted),
        tags: sorted,
        complete: list.complete,
        pages: list.pages,
    })
}

/// The repositories of a registry, as JavaScript gets them.
#[derive(Serialize)]
struct Catalog {
    host: String,
    repositories: Vec<String>,
    complete: bool,
}

/// `listCatalog(host, { proxy, credentials, limit }, onProgress, signal)`.
///
/// # Errors
/// `invalid-reference` if it is no host; else one of the codes of `ErrorKind`.
#[wasm_bindgen(js_name = listCatalog)]
pub async fn list_catalog(
    host: String,
    options: JsValue,
    on_progress: Function,
    signal: web_sys::AbortSignal,
) -> Result<JsValue, JsValue> {
    let name = name(&format!("{host}/x/x"))?;
    if name.registry != host.to_ascii_lowercase() {
        return Err(failure(Error::new(ErrorKind::InvalidReference, "the text names no registry")));
    }
    let client = client(Fetch::new(signal), &options, on_progress);
    let list = client.catalog(&name, limit(&options)).await.map_err(failure)?;
    to_js(&Catalog { host: name.registry, repositories: list.tags, complete: list.complete })
}

/// `resolveTag(repository, tag, { proxy, credentials, details, counted, head }, onProgress, signal)`: a row.
///
/// # Errors
/// `invalid-reference`, `aborted`; any other failure is in the row.
#[wasm_bindgen(js_name = resolveTag)]
pub async fn resolve_tag(
    repository: String,
    tag: String,
    options: JsValue,
    on_progress: Function,
    signal: web_sys::AbortSignal,
) -> Result<JsValue, JsValue> {
    let name = name(&repository)?;
    let is_wished = |name: &str| truth(&options, name);
    let wish = TagWish { details: is_wished("details"), counted: is_wished("counted"), head: is_wished("head") };
    let client = client(Fetch::new(signal), &options, on_progress);
    to_js(&image::resolve_tag(&client, &name, &tag, wish).await.map_err(failure)?)
}

#[derive(Deserialize)]
struct Row {
    tag: String,
    digest: Option<String>,
}

/// `groupTags([{ tag, digest }])`: `[{ digest, tags }]`.
///
/// # Errors
/// If it is no such list.
#[wasm_bindgen(js_name = groupTags)]
pub fn group_tags(rows: JsValue) -> Result<JsValue, JsValue> {
    let rows: Vec<Row> = from_js(rows)?;
    to_js(&tags::grouped(rows.into_iter().map(|row| (row.tag, row.digest)).collect()))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the nearest integer from 0 up")]
fn limit(options: &JsValue) -> usize {
    number(options, "limit").map_or(limits::TAGS, |limit| limit as usize).min(limits::TAGS)
}

fn name(repository: &str) -> Result<Name, JsValue> {
    let reference = Reference::parse(repository).map_err(failure)?;
    let nowhere = || failure(Error::new(ErrorKind::InvalidReference, "the reference names no repository"));
    Name::of(&reference).ok_or_else(nowhere)
}

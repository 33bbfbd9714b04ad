//! The boundary: `parseReference` and `inspect`, with what they take and give.

use js_sys::{Array, Function};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::session;
use super::transport::Fetch;
use super::values::{failure, member, now, text, truth, value};
use crate::error::Error;
use crate::image::{self, InspectOptions, parse_platform};
use crate::reference::Reference;
use crate::registry::{Cache, Client, Credential, Options};

thread_local! {
    /// What was fetched by digest, and tokens: as long as the worker lives.
    static CACHE: Cache = Cache::default();
}

/// `parseReference(text)`: the parts of an image reference.
///
/// # Errors
/// An `Error` whose `code` is `invalid-reference`.
#[wasm_bindgen(js_name = parseReference)]
pub fn parse_reference(text: &str) -> Result<JsValue, JsValue> {
    let reference = Reference::parse(text).map_err(failure)?;
    value(&ParsedReference::from(&reference))
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
    let wanted = inspect_options(&options).map_err(failure)?;
    let client = client(Fetch::new(signal), client_options(&options), on_progress.clone());
    let on_stage = |stage| emit(&on_progress, &stage);
    let outcome = image::inspect(&client, &reference, &wanted, &on_stage).await.map_err(failure)?;
    session::keep(outcome.bytes);
    value(&outcome.report)
}

/// A reference as `parseReference` gives it.
#[derive(Serialize)]
struct ParsedReference {
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

/// A client over this session's cache, whose events go to `on_progress`.
fn client(fetch: Fetch, options: Options, on_progress: Function) -> Client<Fetch> {
    let cache = CACHE.with(Clone::clone);
    Client::new(fetch, options, cache, move |event| emit(&on_progress, &event))
}

/// Tells the caller what happens; what the callback throws is not our failure.
fn emit(on_progress: &Function, event: &impl Serialize) {
    if let Ok(event) = value(event) {
        let _thrown = on_progress.call1(&JsValue::NULL, &event);
    }
}

/// `{ proxy, credentials }`
fn client_options(options: &JsValue) -> Options {
    let credentials = member(options, "credentials").filter(Array::is_array).map(|value| Array::from(&value));
    Options {
        proxy: text(options, "proxy").unwrap_or_default(),
        credentials: credentials.iter().flat_map(Array::iter).filter_map(|one| credential(&one)).collect(),
    }
}

/// `{ platform, all }`
fn inspect_options(options: &JsValue) -> Result<InspectOptions, Error> {
    let platform = text(options, "platform").map(|text| parse_platform(&text)).transpose()?;
    Ok(InspectOptions { platform, all: truth(options, "all"), now: now() })
}

fn credential(from: &JsValue) -> Option<Credential> {
    Some(Credential {
        registry: text(from, "registry")?,
        username: text(from, "username")?,
        password: text(from, "password").unwrap_or_default(),
    })
}

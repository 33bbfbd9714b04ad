//! The boundary: `parseReference` and `inspect`, with what they take and give.

use js_sys::{Array, Function, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::session;
use super::transport::Fetch;
use super::values::{failure, member, now, text, truth, value};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::image::{self, InspectOptions, parse_platform};
use crate::reference::Reference;
use crate::registry::{BlobRequest, Cache, Client, Credential, Name, Options, Refusal, Response};

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

/// `blobRequest(reference, digest, { proxy, credentials }, refusal, onProgress, signal)`: how to fetch a blob, as
/// `{ url, authorization, round }`. `refusal` is what the last such request got, `{ status, headers: [[name, value]],
/// body, authorization, round }`, or nothing.
///
/// # Errors
/// An `Error` with one of the codes of `ErrorKind`, where the refusal is final.
#[wasm_bindgen(js_name = blobRequest)]
pub async fn blob_request(
    reference: String,
    digest: String,
    options: JsValue,
    refused: JsValue,
    on_progress: Function,
    signal: web_sys::AbortSignal,
) -> Result<JsValue, JsValue> {
    let reference = Reference::parse(&reference).map_err(failure)?;
    let digest = Digest::parse(&digest).map_err(failure)?;
    let nowhere = || failure(Error::new(ErrorKind::InvalidReference, "the reference names no repository"));
    let name = Name::of(&reference).ok_or_else(nowhere)?;
    let client = client(Fetch::new(signal), client_options(&options), on_progress);
    let refused = (!refused.is_undefined()).then(|| refusal(&refused));
    let request = client.blob_request(&name, &digest, refused.as_ref()).await.map_err(failure)?;
    value(&BlobRequestForm::from(request))
}

/// A request as `blobRequest` gives it.
#[derive(Serialize)]
struct BlobRequestForm {
    url: String,
    authorization: Option<String>,
    round: usize,
}

impl From<BlobRequest> for BlobRequestForm {
    fn from(BlobRequest { url, authorization, round }: BlobRequest) -> Self {
        Self { url, authorization, round }
    }
}

fn refusal(from: &JsValue) -> Refusal {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status and a count, by our own JS")]
    let number = |name: &str| member(from, name).and_then(|value| value.as_f64()).unwrap_or_default() as u16;
    let headers = member(from, "headers").map(|pairs| Array::from(&pairs));
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    let response = Response {
        status: number("status"),
        headers: headers.iter().flat_map(Array::iter).filter_map(pair).collect(),
        body: member(from, "body").map(|body| Uint8Array::new(&body).to_vec()).unwrap_or_default(),
    };
    Refusal { response, authorization: text(from, "authorization"), round: usize::from(number("round")) }
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

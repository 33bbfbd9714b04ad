//! The boundary: `parseReference` and `inspect`, with what they take and give.

use js_sys::{Function, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{items, member, now, number, text, truth};
use super::registry::{client, emit};
use super::session;
use super::transport::Fetch;
use super::values::{failure, to_js};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::image::{self, InspectOptions};
use crate::platform::Platform;
use crate::reference::{Reading, Reference, Written};
use crate::registry::{BlobRequest, Name, Refusal, Response};
use crate::report::Node;

/// `parseReference(text)`: the parts of an image reference.
///
/// # Errors
/// An `Error` whose `code` is `invalid-reference`.
#[wasm_bindgen(js_name = parseReference)]
pub fn parse_reference(text: &str) -> Result<JsValue, JsValue> {
    let reference = Reference::parse(text).map_err(failure)?;
    to_js(&ParsedReference::from(&reference))
}

/// `readReference(text)`: the same for what people write instead (a command, an address, a page), with `form`, which says
/// as what it was read.
///
/// # Errors
/// An `Error` whose `code` is `invalid-reference`.
#[wasm_bindgen(js_name = readReference)]
pub fn read_reference(text: &str) -> Result<JsValue, JsValue> {
    let Reading { reference, form } = Reference::read(text).map_err(failure)?;
    to_js(&ReadReference { parts: ParsedReference::from(&reference), form: form.map(Written::code) })
}

/// A reference as `readReference` gives it.
#[derive(Serialize)]
struct ReadReference {
    #[serde(flatten)]
    parts: ParsedReference,
    form: Option<&'static str>,
}

/// The nodes of a report, which are handed over in pieces: the first of ten thousand need not wait for the last.
#[wasm_bindgen]
pub struct Nodes(std::vec::IntoIter<Node>);

#[wasm_bindgen]
impl Nodes {
    /// `next(most)`: so many more nodes; none at the end.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn next(&mut self, most: usize) -> Result<JsValue, JsValue> {
        to_js(&self.0.by_ref().take(most).collect::<Vec<_>>())
    }
}

/// `inspect(reference, { proxy, platform, credentials, all }, onProgress, signal)`: a report, whose `nodes` are [`Nodes`].
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
    let Reading { reference, form } = Reference::asked(&reference).map_err(failure)?;
    let platform = text(&options, "platform").as_deref().map(Platform::parse).transpose().map_err(failure)?;
    let wanted = InspectOptions { platform, all: truth(&options, "all"), now: now(), form };
    let client = client(Fetch::new(signal), &options, on_progress.clone());
    let on_stage = |stage| emit(&on_progress, &stage);
    let outcome = image::inspect(&client, &reference, &wanted, &on_stage).await.map_err(failure)?;
    session::keep(outcome.bytes);
    let mut report = outcome.report;
    let nodes = Nodes(std::mem::take(&mut report.nodes).into_iter());
    let head = to_js(&report)?;
    Reflect::set(&head, &"nodes".into(), &nodes.into())?;
    Ok(head)
}

/// `blobRequest(reference, digest, { proxy, credentials }, refusal, onProgress, signal)`: how to fetch a blob, as
/// `{ url, authorization, round }`. `refusal` is what the last such request got, `{ status, headers: [[name, value]],
/// url, body, authorization, round }`, or nothing.
///
/// # Errors
/// An `Error` with one of the codes of `ErrorKind`, if the refusal is final.
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
    let client = client(Fetch::new(signal), &options, on_progress);
    let refused = refusal(&refused);
    let request = client.blob_request(&name, &digest, refused.as_ref()).await.map_err(failure)?;
    to_js(&BlobRequestForm::from(request))
}

/// `checkPin(reference, { proxy, credentials }, onProgress, signal)`: `{ state, now, why, message }`, by `HEAD` alone.
///
/// # Errors
/// `invalid-reference`, `aborted`; any other failure is a state.
#[wasm_bindgen(js_name = checkPin)]
pub async fn check_pin(
    reference: String,
    options: JsValue,
    on_progress: Function,
    signal: web_sys::AbortSignal,
) -> Result<JsValue, JsValue> {
    let reference = Reference::parse(&reference).map_err(failure)?;
    let client = client(Fetch::new(signal), &options, on_progress);
    to_js(&image::check_pin(&client, &reference).await.map_err(failure)?)
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

/// The result of a request, as `blobRequest` takes it.
fn refusal(refused: &JsValue) -> Option<Refusal> {
    let pair = |pair: JsValue| {
        Some((Reflect::get_u32(&pair, 0).ok()?.as_string()?, Reflect::get_u32(&pair, 1).ok()?.as_string()?))
    };
    // As the transport has it: the address that answered.
    let address = text(refused, "url").map(|url| (":url".to_owned(), url));
    let body = member(refused, "body").map(|body| Uint8Array::new(&body).to_vec()).unwrap_or_default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a status has three digits, a round one"
    )]
    let (status, round) = (number(refused, "status")? as u16, number(refused, "round")? as usize);
    let headers = items(refused, "headers").filter_map(pair).chain(address).collect();
    Some(Refusal { response: Response { status, headers, body }, authorization: text(refused, "authorization"), round })
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

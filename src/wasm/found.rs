//! The boundary: `referrers` and `readStatement`, with what they take and give.

use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

use super::options::{now, text, truth};
use super::registry::{client, emit};
use super::session;
use super::transport::Fetch;
use super::values::{failure, from_js, to_js};
use crate::covers::{self, Covers};
use crate::image::referrers::{self, NodeFacts, Options};
use crate::reference::Reference;
use crate::statement::{self, About, Signed};

/// `referrers(reference, nodes, { node, all, proxy, credentials }, onProgress, signal)`: `{ nodes, places, about }`.
///
/// # Errors
/// `invalid-reference`, `aborted`; any other failure is what its place says.
#[wasm_bindgen(js_name = referrers)]
pub async fn find(
    reference: String,
    nodes: JsValue,
    options: JsValue,
    on_progress: Function,
    signal: web_sys::AbortSignal,
) -> Result<JsValue, JsValue> {
    let reference = Reference::parse(&reference).map_err(failure)?;
    let nodes = from_js::<Vec<NodeFacts>>(nodes)?;
    let wanted = Options { node: text(&options, "node"), counted: truth(&options, "all"), now: now() };
    let client = client(Fetch::new(signal), &options, on_progress.clone());
    let on_plan = |plan| emit(&on_progress, &plan);
    let on_stage = |stage| emit(&on_progress, &stage);
    let mut found =
        referrers::referrers(&client, &reference, &nodes, &wanted, &on_plan, &on_stage).await.map_err(failure)?;
    session::keep(std::mem::take(&mut found.bytes));
    to_js(&found)
}

/// `referrersHere(nodes, { node })`: the same of an opened file, which holds all that there is.
///
/// # Errors
/// An `Error` if the nodes are not those of a report.
#[wasm_bindgen(js_name = referrersHere)]
pub fn find_here(nodes: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let nodes = from_js::<Vec<NodeFacts>>(nodes)?;
    to_js(&referrers::here(&nodes, text(&options, "node").as_deref()))
}

/// `evidenceOf(nodes)`: the documents whose bytes tell what the attestations of an image are about, `[{ id, digest }]`.
///
/// # Errors
/// An `Error` if the nodes are not those of a report.
#[wasm_bindgen(js_name = evidenceOf)]
pub fn evidence_of(nodes: &str) -> Result<JsValue, JsValue> {
    to_js(&Covers::evidence(&covers::NodeFacts::read(nodes).map_err(failure)?, None))
}

/// `aboutOf(nodes, [[digest, bytes]])`: the digests that a statement about the image in view names, with the bytes of
/// `evidenceOf`.
///
/// # Errors
/// An `Error` if the nodes are not those of a report.
#[wasm_bindgen(js_name = aboutOf)]
pub fn about_of(nodes: &str, evidence: Array) -> Result<JsValue, JsValue> {
    let pair = |one: JsValue| {
        let pair = Array::from(&one);
        Some((pair.get(0).as_string()?, Uint8Array::new(&pair.get(1)).to_vec()))
    };
    let evidence: Vec<_> = evidence.iter().filter_map(pair).collect();
    to_js(&About::from(&Covers::of(&covers::NodeFacts::read(nodes).map_err(failure)?, None, &evidence)))
}

/// `readStatement(bytes, about, claimed, claims)`: what a statement or a list of packages says; `about` is that of `aboutOf`,
/// `claimed` the predicate type that its place names, and `claims` are those of the certificate that signed it.
///
/// # Errors
/// `unsupported-input` if it is none that is known here, `limit-exceeded`.
#[wasm_bindgen(js_name = readStatement)]
pub fn read_statement(
    bytes: &[u8],
    about: JsValue,
    claimed: Option<String>,
    claims: JsValue,
) -> Result<JsValue, JsValue> {
    let about = from_js::<About>(about)?;
    let claimed = claimed.as_deref().filter(|claimed| !claimed.is_empty());
    let mut read = statement::read(bytes, &about, claimed).map_err(failure)?;
    read.compare(&from_js::<Vec<(String, String)>>(claims)?);
    to_js(&read)
}

/// `cosignCommand({ name, about, identity, issuer, predicate })`: the command that proves the same by hand.
///
/// # Errors
/// An `Error` if the value is not of that shape.
#[wasm_bindgen(js_name = cosignCommand)]
pub fn cosign_command(signed: JsValue) -> Result<String, JsValue> {
    Ok(statement::cosign(&from_js::<Signed>(signed)?))
}

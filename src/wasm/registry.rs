//! The boundary: registries, as `inspect` and `referrers` ask them.

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{items, text};
use super::transport::Fetch;
use super::values::to_js;
use crate::registry::{Cache, Client, Credential, Options};

thread_local! {
    /// Documents that were fetched by digest, and tokens: as long as the worker lives.
    static CACHE: Cache = Cache::default();
}

/// A client over this session's cache, whose events go to `on_progress`.
pub(super) fn client(fetch: Fetch, options: &JsValue, on_progress: Function) -> Client<Fetch> {
    let cache = CACHE.with(Clone::clone);
    let credentials = items(options, "credentials").filter_map(|account| credential(&account)).collect();
    let options = Options { proxy: text(options, "proxy").unwrap_or_default(), credentials };
    Client::new(fetch, options, cache, move |event| emit(&on_progress, &event))
}

/// None if it does not say where, or who.
fn credential(account: &JsValue) -> Option<Credential> {
    let (registry, username) = (text(account, "registry")?, text(account, "username")?);
    Some(Credential { registry, username, password: text(account, "password").unwrap_or_default() })
}

/// Tells the caller what happens; what the callback throws is not our failure.
pub(super) fn emit(on_progress: &Function, event: &impl Serialize) {
    if let Ok(event) = to_js(event) {
        let _thrown = on_progress.call1(&JsValue::NULL, &event);
    }
}

//! The boundary: the registry client's transport over the global `fetch`, in a page, a worker or Node 20.
//!
//! Not `gloo-net`: it panics where `fetch` rejects with something that is no `Error`, reads bodies whole, and brings
//! the `http` crate; what is needed of `fetch` is this file.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Date, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers as JsHeaders, ReadableStreamDefaultReader, ReferrerPolicy,
    Request as JsRequest, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response as JsResponse,
};

use crate::registry::{Headers, Request, Response, Transport, TransportError};

// Globals rather than methods of Window or WorkerGlobalScope: Node has neither.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn fetch(request: &JsRequest) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// The global `fetch`, until `signal` aborts.
pub(super) struct Fetch {
    signal: AbortSignal,
}

impl Fetch {
    pub(super) fn new(signal: AbortSignal) -> Self {
        Self { signal }
    }
}

impl Transport for Fetch {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let guard = Guard::new(&self.signal, request.timeout_ms)?;
        let result = exchange(&request, &guard.controller.signal()).await;
        // What the abort of our own controller broke is named by who aborted it.
        match result {
            Err(TransportError::TooLarge { .. }) | Ok(_) => result,
            Err(_) if self.signal.aborted() => Err(TransportError::Aborted),
            Err(_) if guard.timed_out.get() => Err(TransportError::TimedOut),
            Err(error) => Err(error),
        }
    }

    async fn sleep(&self, milliseconds: u64) {
        if self.signal.aborted() {
            return;
        }
        let mut timer = JsValue::UNDEFINED;
        let mut wake = None;
        #[allow(clippy::cast_precision_loss, reason = "at most some seconds")]
        let promise = Promise::new(&mut |resolve, _| {
            timer = set_timeout(&resolve, milliseconds as f64);
            let _listening = self.signal.add_event_listener_with_callback("abort", &resolve);
            wake = Some(resolve);
        });
        let _woken = JsFuture::from(promise).await;
        clear_timeout(&timer);
        if let Some(wake) = wake {
            let _removed = self.signal.remove_event_listener_with_callback("abort", &wake);
        }
    }

    fn now(&self) -> f64 {
        Date::now()
    }

    fn aborted(&self) -> bool {
        self.signal.aborted()
    }
}

/// Aborts one request when the caller does or time is up, and when it is dropped half-way.
struct Guard {
    controller: AbortController,
    timed_out: Rc<Cell<bool>>,
    timer: JsValue,
    signal: AbortSignal,
    on_abort: Closure<dyn FnMut()>,
    _on_time: Closure<dyn FnMut()>,
}

impl Guard {
    fn new(signal: &AbortSignal, timeout_ms: u64) -> Result<Self, TransportError> {
        let controller = AbortController::new().map_err(|error| unreachable(&error))?;
        let timed_out = Rc::new(Cell::new(false));
        // `abort()` without a reason rejects with a DOMException, which every environment knows.
        let own = controller.clone();
        let on_abort = Closure::<dyn FnMut()>::new(move || own.abort());
        let (own, flag) = (controller.clone(), timed_out.clone());
        let on_time = Closure::<dyn FnMut()>::new(move || {
            flag.set(true);
            own.abort();
        });
        let _listening = signal.add_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref());
        if signal.aborted() {
            controller.abort();
        }
        #[allow(clippy::cast_precision_loss, reason = "at most some minutes")]
        let timer = set_timeout(on_time.as_ref().unchecked_ref(), timeout_ms as f64);
        Ok(Self { controller, timed_out, timer, signal: signal.clone(), on_abort, _on_time: on_time })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        let listener = self.on_abort.as_ref().unchecked_ref();
        let _removed = self.signal.remove_event_listener_with_callback("abort", listener);
        self.controller.abort();
    }
}

async fn exchange(request: &Request, signal: &AbortSignal) -> Result<Response, TransportError> {
    let request_js = build(request, signal).map_err(|error| unreachable(&error))?;
    let promise = fetch(&request_js).map_err(|error| unreachable(&error))?;
    let response: JsResponse = JsFuture::from(promise).await.map_err(|error| unreachable(&error))?.unchecked_into();
    let headers = headers(&response.headers());
    let announced = headers.get("content-length").and_then(|length| length.parse().ok());
    let body = body(&response, request.max_bytes, announced).await?;
    Ok(Response { status: response.status(), headers, body })
}

/// Nothing of the browser's own goes along: no cookies, no referrer; and no HTTP cache, since what the registry says
/// now is the question, and bytes with a digest are kept by the session.
fn build(request: &Request, signal: &AbortSignal) -> Result<JsRequest, JsValue> {
    let headers = JsHeaders::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers(&headers);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Follow);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(signal));
    JsRequest::new_with_str_and_init(&request.url, &init)
}

fn headers(headers: &JsHeaders) -> Headers {
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    Array::from(headers).iter().filter_map(pair).collect()
}

/// Reads the body piece by piece, so that one over the limit is never held whole.
async fn body(response: &JsResponse, limit: usize, expected: Option<u64>) -> Result<Vec<u8>, TransportError> {
    let Some(stream) = response.body() else { return Ok(Vec::new()) };
    let reader = ReadableStreamDefaultReader::new(&stream).map_err(|error| unreachable(&error))?;
    let mut bytes = Vec::new();
    loop {
        let cut = |_| TransportError::Truncated { expected, received: bytes.len() as u64 };
        let piece = JsFuture::from(reader.read()).await.map_err(cut)?;
        if Reflect::get(&piece, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(bytes);
        }
        let value = Reflect::get(&piece, &"value".into()).map_err(|error| unreachable(&error))?;
        let chunk = Uint8Array::new(&value);
        let start = bytes.len();
        if start + chunk.length() as usize > limit {
            return Err(TransportError::TooLarge { limit });
        }
        bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes[start..]);
    }
}

/// What is known of a rejection; it may be anything at all.
fn unreachable(thrown: &JsValue) -> TransportError {
    let message = thrown.is_object().then(|| Reflect::get(thrown, &"message".into()).ok()).flatten();
    let text = message.as_ref().unwrap_or(thrown).as_string().unwrap_or_default();
    TransportError::Unreachable(text)
}

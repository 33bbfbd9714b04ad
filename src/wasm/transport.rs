//! The registry client's transport over `gloo-net`, in a page, a worker or Node 20.
//!
//! `gloo-net` makes the request and reads the response's status, URL, headers and body stream. The call of `fetch` itself
//! is made here: `gloo_net::http::Request::send` panics if `fetch` throws, or rejects with a value that is no `Error`.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Headers as JsHeaders, Method as HttpMethod, RequestBuilder, Response as JsResponse};
use js_sys::{Date, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, Request as RawRequest, RequestCache,
    RequestCredentials, RequestRedirect, Response as RawResponse,
};

use crate::registry::{Headers, Method, Request, Response, Transport, TransportError};

// Globals rather than methods of Window or WorkerGlobalScope: Node has neither.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn fetch(request: &RawRequest) -> Result<Promise, JsValue>;
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
        // A failure from the abort of our own controller is named after its cause.
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
    let promise = fetch(&build(request, signal)?).map_err(|error| unreachable(&error))?;
    let answer = JsFuture::from(promise).await.map_err(|error| unreachable(&error))?;
    // A `fetch` that the page has replaced may resolve with any value.
    let answer: RawResponse = answer.dyn_into().map_err(|other| unreachable(&other))?;
    let response = JsResponse::from(answer);
    let mut headers: Headers = response.headers().entries().collect();
    headers.add(":url", &response.url());
    let announced = headers.get("content-length").and_then(|length| length.parse().ok());
    let body = body(&response, request.max_bytes, announced).await?;
    Ok(Response { status: response.status(), headers, body })
}

/// Sends no cookies and no referrer, and does not ask the HTTP cache: the question is what the registry says now, and
/// the session keeps bytes that have a digest.
fn build(request: &Request, signal: &AbortSignal) -> Result<RawRequest, TransportError> {
    let headers = web_sys::Headers::new().map_err(|error| unreachable(&error))?;
    for (name, value) in &request.headers {
        // `gloo_net::http::Headers::set` panics if a value cannot stand in a header.
        headers.set(name, value).map_err(|error| unreachable(&error))?;
    }
    let method = match request.method {
        Method::Get => HttpMethod::GET,
        Method::Head => HttpMethod::HEAD,
    };
    let request = RequestBuilder::new(&request.url)
        .method(method)
        .headers(JsHeaders::from_raw(headers))
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Follow)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(signal))
        .build();
    match request {
        Ok(request) => Ok(request.into()),
        Err(error) => Err(TransportError::Unreachable(error.to_string())),
    }
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

/// The facts about a rejection; it may be anything at all.
fn unreachable(thrown: &JsValue) -> TransportError {
    let message = thrown.is_object().then(|| Reflect::get(thrown, &"message".into()).ok()).flatten();
    let text = message.as_ref().unwrap_or(thrown).as_string().unwrap_or_default();
    TransportError::Unreachable(text)
}

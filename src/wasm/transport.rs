//! The boundary: registry's `Transport` over fetch, in a worker or in Node.

use gloo_net::http::{Request as FetchRequest, RequestBuilder, Response as FetchResponse};
use js_sys::{Date, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
};

use crate::registry::{Headers, Method, Request, Response, Transport, TransportError};

#[wasm_bindgen]
extern "C" {
    /// A global in windows, workers and Node alike; what it returns is a number here and an object there.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Sends requests until the caller aborts.
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
        if self.signal.aborted() {
            return Err(TransportError::Aborted);
        }
        let deadline = Deadline::new(&self.signal, request.timeout_ms)?;
        let answer = exchange(&request, &deadline.controller.signal()).await;
        match answer {
            Err(_) if self.signal.aborted() => Err(TransportError::Aborted),
            Err(_) if deadline.controller.signal().aborted() => Err(TransportError::TimedOut),
            other => other,
        }
    }

    async fn sleep(&self, milliseconds: u64) {
        let mut wait = |resolve: Function, _reject: Function| {
            set_timeout(&resolve, float(milliseconds));
            let _only_early = self.signal.add_event_listener_with_callback("abort", &resolve);
        };
        let _never_rejects = JsFuture::from(Promise::new(&mut wait)).await;
    }

    fn now(&self) -> f64 {
        Date::now()
    }

    fn aborted(&self) -> bool {
        self.signal.aborted()
    }
}

/// Ends one exchange when its time is over or when the caller aborts; clears up after itself.
struct Deadline<'a> {
    controller: AbortController,
    caller: &'a AbortSignal,
    abort: Closure<dyn FnMut()>,
    timer: JsValue,
}

impl<'a> Deadline<'a> {
    fn new(caller: &'a AbortSignal, milliseconds: u64) -> Result<Self, TransportError> {
        let controller = AbortController::new().map_err(|error| unreachable(&error))?;
        // Without a reason: fetch then rejects with a DOMException, and gloo-net panics on anything but an Error.
        let own = controller.clone();
        let abort = Closure::<dyn FnMut()>::new(move || own.abort());
        let callback: &Function = abort.as_ref().unchecked_ref();
        let timer = set_timeout(callback, float(milliseconds));
        caller.add_event_listener_with_callback("abort", callback).map_err(|error| unreachable(&error))?;
        Ok(Self { controller, caller, abort, timer })
    }
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        let _was_added = self.caller.remove_event_listener_with_callback("abort", self.abort.as_ref().unchecked_ref());
    }
}

async fn exchange(request: &Request, signal: &AbortSignal) -> Result<Response, TransportError> {
    let builder = RequestBuilder::new(&request.url)
        .method(match request.method {
            Method::Get => http::Method::GET,
            Method::Head => http::Method::HEAD,
        })
        // The session has its own cache, by digest; a browser's would answer for tags that have moved.
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(signal));
    let builder = request.headers.iter().fold(builder, |builder, (name, value)| builder.header(name, value));
    let request_built: FetchRequest = builder.build().map_err(|error| failed(&error))?;
    let response = request_built.send().await.map_err(|error| failed(&error))?;
    let headers: Headers = response.headers().entries().collect();
    let body = body(&response, &headers, request).await?;
    Ok(Response { status: response.status(), headers, body })
}

async fn body(response: &FetchResponse, headers: &Headers, request: &Request) -> Result<Vec<u8>, TransportError> {
    let Some(stream) = response.body() else { return Ok(Vec::new()) };
    let limit = request.max_bytes;
    let announced = announced(headers);
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let truncated = |received: usize| TransportError::Truncated { expected: announced, received: received as u64 };
        let piece = JsFuture::from(reader.read()).await.map_err(|_| truncated(bytes.len()))?;
        let Some(piece) = chunk(&piece) else { break };
        if bytes.len() + piece.length() as usize > limit {
            let _cancelled = JsFuture::from(reader.cancel()).await;
            return Err(TransportError::TooLarge { limit });
        }
        bytes.extend(piece.to_vec());
    }
    match announced {
        Some(expected) if request.method == Method::Get && expected != bytes.len() as u64 => {
            Err(TransportError::Truncated { expected: announced, received: bytes.len() as u64 })
        }
        _ => Ok(bytes),
    }
}

/// The next piece of a stream's `{ done, value }`; none at the end.
fn chunk(result: &JsValue) -> Option<Uint8Array> {
    let done = Reflect::get(result, &"done".into()).is_ok_and(|done| done.is_truthy());
    let value = Reflect::get(result, &"value".into()).ok()?;
    if done { None } else { value.dyn_into().ok() }
}

/// `Content-Length`, unless a hop re-coded the body: then it counts other bytes than fetch hands over.
fn announced(headers: &Headers) -> Option<u64> {
    let coded = headers.get("Content-Encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case("identity"));
    headers.get("Content-Length").filter(|_| !coded)?.trim().parse().ok()
}

fn failed(error: &gloo_net::Error) -> TransportError {
    TransportError::Unreachable(error.to_string())
}

fn unreachable(error: &JsValue) -> TransportError {
    TransportError::Unreachable(format!("{error:?}"))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a wait are far below 2^53")]
fn float(milliseconds: u64) -> f64 {
    milliseconds as f64
}

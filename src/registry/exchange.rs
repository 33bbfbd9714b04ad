//! registry::Client -> Transport. One request and its retries, told to the page as events.

use super::retry::{self, Next};
use super::transport::{Method, Request, Response, Transport, TransportError};
use super::url::Address;
use super::{Event, failure};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::say::{Said, say};

/// A transport, the proxy before it and the ear for events.
pub(super) struct Exchange<T> {
    pub transport: T,
    pub proxy: String,
    pub on_event: Box<dyn Fn(Event)>,
}

impl<T: Transport> Exchange<T> {
    /// The answer to a request with any status, after as many tries as make sense.
    pub async fn ask(
        &self,
        method: Method,
        address: &Address,
        headers: &[(String, String)],
        max_bytes: usize,
    ) -> Result<Response, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let result = self.once(method, address, headers, max_bytes).await;
            match retry::next(&result, tries, self.transport.now()) {
                Next::Wait(milliseconds) => self.wait(milliseconds, address, &result).await,
                Next::Done => return result.map_err(|error| self.failure(&error, address)),
            }
        }
    }

    async fn once(
        &self,
        method: Method,
        address: &Address,
        headers: &[(String, String)],
        max_bytes: usize,
    ) -> Result<Response, TransportError> {
        if self.transport.aborted() {
            return Err(TransportError::Aborted);
        }
        let request = Request {
            method,
            url: address.through(&self.proxy),
            headers: headers.to_vec(),
            max_bytes,
            timeout_ms: limits::REQUEST_MILLISECONDS,
        };
        let started = self.transport.now();
        let sent = self.transport.send(request).await;
        let result = if method == Method::Head { sent } else { sent.and_then(|response| whole(response, max_bytes)) };
        self.tell(method, address, &result, self.transport.now() - started);
        result
    }

    /// Waits; whether the caller has aborted meanwhile is asked before the next try.
    async fn wait(&self, milliseconds: u64, address: &Address, result: &Result<Response, TransportError>) {
        let host = address.host.as_str();
        let said = match result {
            Ok(response) if response.status == 429 => {
                say!("wait-too-many-requests", "{host} has counted too many requests", host)
            }
            Ok(response) => {
                let status = u64::from(response.status);
                say!("wait-status", "{host} answered with status {status}", host, status)
            }
            Err(TransportError::Truncated { .. }) => say!("wait-cut", "the answer of {host} broke off", host),
            Err(_) => say!("wait-unreachable", "{host} could not be reached", host),
        };
        let Said { reason: code, params, message: reason } = said;
        (self.on_event)(Event::Waiting { seconds: milliseconds.div_ceil(1000), reason, code, params });
        self.transport.sleep(milliseconds).await;
    }

    fn failure(&self, error: &TransportError, address: &Address) -> Error {
        failure::of_transport(error, address, &self.proxy)
    }

    fn tell(&self, method: Method, address: &Address, result: &Result<Response, TransportError>, milliseconds: f64) {
        let response = result.as_ref().ok();
        (self.on_event)(Event::Request {
            method: method.as_str(),
            // Without the query: only token requests have one, and a realm's own may be anything.
            url: address.direct().split('?').next().unwrap_or_default().to_owned(),
            status: response.map(|response| response.status),
            bytes: response.map_or_else(|| received(result), |response| response.body.len() as u64),
            milliseconds: rounded(milliseconds),
            rate_limit_remaining: response.and_then(|response| retry::remaining(&response.headers)),
            error: result.as_ref().err().map(|error| self.failure(error, address).code()),
        });
    }
}

fn received(result: &Result<Response, TransportError>) -> u64 {
    match result {
        Err(TransportError::Truncated { received, .. }) => *received,
        _ => 0,
    }
}

/// Holds a body against its `Content-Length`, which counts encoded bytes if a hop has compressed it.
fn whole(response: Response, max_bytes: usize) -> Result<Response, TransportError> {
    let received = response.body.len() as u64;
    if response.body.len() > max_bytes {
        return Err(TransportError::TooLarge { limit: max_bytes });
    }
    let announced = response.headers.get("content-length").and_then(|length| length.trim().parse().ok());
    let encoded = response.headers.get("content-encoding").is_some_and(|encoding| encoding != "identity");
    match announced {
        Some(expected) if received < expected && !encoded => {
            Err(TransportError::Truncated { expected: Some(expected), received })
        }
        _ => Ok(response),
    }
}

/// The error of a caller who aborted while we waited for another's request.
pub(super) fn aborted() -> Error {
    Error::new(ErrorKind::Aborted, say!("request-aborted", "the request was aborted"))
}

/// Whole milliseconds: a float in what is serialised would cost 10 KB of tables in the wasm module.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and some minutes at most")]
fn rounded(milliseconds: f64) -> u64 {
    milliseconds.max(0.0).round() as u64
}

//! Proxy, the account of one request: what the log and the metrics say of it once its last byte is gone.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use http::{Method, StatusCode};
use tracing::{info, warn};

use crate::metrics::Metrics;
use crate::policy::Refusal;
use crate::stall::TooSlow;

/// The facts about a request so far; dropping it closes the account.
pub(crate) struct Account {
    metrics: Arc<Metrics>,
    started: Instant,
    client: IpAddr,
    method: Method,
    /// Host and path once the policy has read them, never a query: signed addresses carry their secrets there.
    asked: String,
    outcome: &'static str,
    code: &'static str,
    status: StatusCode,
    bytes: u64,
    cut: Option<&'static str>,
    slow: TooSlow,
}

impl Account {
    pub(crate) fn open(metrics: &Arc<Metrics>, client: IpAddr, method: &Method, slow: TooSlow) -> Self {
        metrics.in_flight.fetch_add(1, Relaxed);
        Self {
            metrics: Arc::clone(metrics),
            started: Instant::now(),
            client,
            method: method.clone(),
            asked: String::new(),
            outcome: "gone", // the client left before there was an answer
            code: "",
            status: StatusCode::OK,
            bytes: 0,
            cut: None,
            slow,
        }
    }

    pub(crate) fn client(&self) -> IpAddr {
        self.client
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The policy has read whom the request is for.
    pub(crate) fn asks(&mut self, host: &str, path_and_query: &str) {
        let path = path_and_query.split('?').next().unwrap_or_default();
        self.asked = format!("{host}{path}");
    }

    /// The headers of the final answer are there.
    pub(crate) fn answered(&mut self, outcome: &'static str, status: StatusCode) {
        (self.outcome, self.status) = (outcome, status);
        if outcome == "forwarded" {
            self.metrics.upstream.observe(self.started.elapsed());
            self.metrics.answers.add(class(status));
        }
    }

    pub(crate) fn refused(&mut self, refusal: &Refusal) {
        (self.outcome, self.status, self.code) = ("refused", refusal.status(), refusal.code());
        self.metrics.refusals.add(refusal.code());
    }

    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        self.metrics.body_bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// The body ends here, too early, and why.
    pub(crate) fn cut(&mut self, reason: &'static str) {
        self.cut = Some(reason);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.metrics.in_flight.fetch_sub(1, Relaxed);
        self.metrics.requests.add(self.outcome);
        // A client that seems to have left may be one that this server let go.
        if self.cut == Some("client-left") && self.slow.was() {
            self.cut = Some("client-too-slow");
        }
        if let Some(reason) = self.cut {
            self.metrics.cut.add(reason);
        }
        let Self { client, method, asked, outcome, code, bytes, .. } = &*self;
        // As 64 bits, which the log writes as a number.
        let (status, ms) =
            (self.status.as_u16(), u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX));
        match (self.cut, *code) {
            (Some(cut), _) => warn!(%client, %method, %asked, outcome, status, bytes, ms, cut, "request"),
            (None, "") => info!(%client, %method, %asked, outcome, status, bytes, ms, "request"),
            (None, code) => info!(%client, %method, %asked, outcome, status, code, ms, "request"),
        }
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

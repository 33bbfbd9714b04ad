//! Operation, the metrics: counters by hand in Prometheus' text format, and the listener of their own that shows them.
//!
//! A label's value is a word of this program, never of a request, so that no client can make rows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::header::{self, HeaderValue};

/// The server's counters.
#[derive(Default)]
pub(crate) struct Metrics {
    /// By outcome: forwarded, cache, preflight, refused.
    pub(crate) requests: Labelled,
    /// Forwarded answers by the class of their status.
    pub(crate) answers: Labelled,
    /// By the refusal's code.
    pub(crate) refusals: Labelled,
    /// Bodies that did not reach their end, by the reason.
    pub(crate) cut: Labelled,
    /// By the limit that was hit.
    pub(crate) limits: Labelled,
    /// Lookups in the cache, by what came of them.
    pub(crate) cache: Labelled,
    /// From the request to the headers of the final answer.
    pub(crate) upstream: Histogram,
    pub(crate) body_bytes: AtomicU64,
    pub(crate) cache_bytes: AtomicU64,
    pub(crate) in_flight: AtomicI64,
    pub(crate) connections: AtomicI64,
}

/// A counter with one label.
#[derive(Default)]
pub(crate) struct Labelled(Mutex<BTreeMap<&'static str, u64>>);

impl Labelled {
    pub(crate) fn add(&self, value: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(value).or_default() += 1;
    }

    pub(crate) fn write(&self, out: &mut String, name: &str, label: &str, help: &str) {
        family(out, name, "counter", help);
        for (value, count) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(out, "{name}{{{label}=\"{value}\"}} {count}");
        }
    }
}

/// Seconds, in buckets from a loopback's to the time-out's.
#[derive(Default)]
pub(crate) struct Histogram {
    buckets: [AtomicU64; BOUNDS.len()],
    count: AtomicU64,
    microseconds: AtomicU64,
}

const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

impl Histogram {
    pub(crate) fn observe(&self, took: Duration) {
        for (_, bucket) in BOUNDS.iter().zip(&self.buckets).filter(|(bound, _)| took.as_secs_f64() <= **bound) {
            bucket.fetch_add(1, Relaxed);
        }
        self.count.fetch_add(1, Relaxed);
        self.microseconds.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, help: &str) {
        family(out, name, "histogram", help);
        let count = self.count.load(Relaxed);
        for (bound, bucket) in BOUNDS.iter().zip(&self.buckets) {
            let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {}", bucket.load(Relaxed).min(count));
        }
        let seconds = Duration::from_micros(self.microseconds.load(Relaxed)).as_secs_f64();
        let _ = writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum {seconds}\n{name}_count {count}");
    }
}

fn family(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

impl Metrics {
    /// Everything, in the text exposition format 0.0.4.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        family(&mut out, "stowplan_build_info", "gauge", "The server's version.");
        let _ = writeln!(out, "stowplan_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
        self.requests.write(
            &mut out,
            "stowplan_requests_total",
            "outcome",
            "Requests to the proxy by what came of them.",
        );
        self.answers.write(
            &mut out,
            "stowplan_upstream_answers_total",
            "class",
            "Answers of registries by their status.",
        );
        self.refusals.write(&mut out, "stowplan_refusals_total", "code", "Refusals by their code.");
        self.cut.write(&mut out, "stowplan_bodies_cut_total", "reason", "Answers that did not reach their end.");
        self.limits.write(&mut out, "stowplan_limits_hit_total", "limit", "Times that a limit was hit.");
        self.cache.write(&mut out, "stowplan_cache_total", "event", "What the cache did.");
        self.upstream.write(
            &mut out,
            "stowplan_upstream_seconds",
            "From a request to the headers of the registry's final answer.",
        );
        let sent = self.body_bytes.load(Relaxed);
        family(&mut out, "stowplan_body_bytes_total", "counter", "Bytes of bodies handed to clients by the proxy.");
        let _ = writeln!(out, "stowplan_body_bytes_total {sent}");
        for (name, value, help) in [
            ("stowplan_requests_in_flight", self.in_flight.load(Relaxed), "Proxied requests under way."),
            ("stowplan_connections", self.connections.load(Relaxed), "Open connections from clients."),
        ] {
            family(&mut out, name, "gauge", help);
            let _ = writeln!(out, "{name} {value}");
        }
        family(&mut out, "stowplan_cache_bytes", "gauge", "Bytes in the cache, as of its last count.");
        let _ = writeln!(out, "stowplan_cache_bytes {}", self.cache_bytes.load(Relaxed));
        out
    }
}

/// The routes for scrapers.
pub(crate) fn routes(metrics: &Arc<Metrics>) -> Router {
    let metrics = Arc::clone(metrics);
    let show = move || async move {
        let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
        ([(header::CONTENT_TYPE, kind)], metrics.text())
    };
    Router::new().route("/metrics", get(show)).route("/healthz", get(|| async { "ok\n" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_cumulative() {
        let histogram = Histogram::default();
        for milliseconds in [1, 30, 30, 60_000] {
            histogram.observe(Duration::from_millis(milliseconds));
        }
        let mut out = String::new();
        histogram.write(&mut out, "x", "Help.");
        assert!(
            out.starts_with("# HELP x Help.\n# TYPE x histogram\nx_bucket{le=\"0.005\"} 1\nx_bucket{le=\"0.01\"} 1\n")
        );
        assert!(out.contains("x_bucket{le=\"0.05\"} 3\n") && out.contains("x_bucket{le=\"30\"} 3\n"), "{out}");
        assert!(out.ends_with("x_bucket{le=\"+Inf\"} 4\nx_sum 60.061\nx_count 4\n"), "{out}");
    }
}

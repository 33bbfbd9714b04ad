//! Answers that are no document, and no answers, as errors that say what to do.

use super::transport::{Response, TransportError};
use super::url::Address;
use super::{Name, TagOrDigest, retry};
use crate::error::{Error, ErrorKind};
use crate::json;
use crate::limits;
use crate::say::{Said, Word, say};

/// The requested thing, as the sentences name it.
pub(super) struct Wanted<'a> {
    pub name: &'a Name,
    /// The registry that was asked, if its redirect led to another one.
    pub from: Option<&'a str>,
    pub reference: &'a TagOrDigest,
    pub blob: bool,
    /// The account that was tried.
    pub account: Option<&'a str>,
}

impl Wanted<'_> {
    fn what(&self) -> Said {
        let (repository, reference) = (self.name.repository.as_str(), self.reference.to_string());
        match (self.blob, self.reference) {
            (true, _) => {
                say!("wanted-blob", "blob \"{reference}\" in repository \"{repository}\"", reference, repository)
            }
            (false, TagOrDigest::Tag(_)) => {
                say!("wanted-tag", "tag \"{reference}\" in repository \"{repository}\"", reference, repository)
            }
            (false, TagOrDigest::Digest(_)) => {
                say!(
                    "wanted-manifest",
                    "manifest \"{reference}\" in repository \"{repository}\"",
                    reference,
                    repository
                )
            }
        }
    }

    /// The registry that answered, and which one led there.
    fn registry(&self) -> Said {
        let registry = self.name.registry.as_str();
        match self.from {
            Some(from) => say!("redirected", "{registry}, to which {from} redirects,", registry, from),
            None => registry.into(),
        }
    }

    fn is_hub(&self) -> bool {
        self.name.counts_pulls()
    }
}

/// The error of an answer whose status is not 200.
pub(super) fn of_status(response: &Response, wanted: &Wanted<'_>, now: f64) -> Error {
    if let Some(refusal) = response.headers.get("stowplan-refusal") {
        return of_refusal(refusal, response, &wanted.name.endpoint, now);
    }
    let answer = said(&response.body);
    let registry = wanted.registry();
    match response.status {
        401 => Error::new(ErrorKind::Unauthorized, unauthorized(registry, wanted, answer)),
        403 => Error::new(ErrorKind::Forbidden, forbidden(registry, wanted, answer)),
        404 => Error::new(ErrorKind::NotFound, not_found(registry, wanted, answer)),
        429 => rate_limited(response, registry, answer, now),
        502..=504 => {
            let status = u64::from(response.status);
            let why = say!(
                "registry-out-of-order",
                "{registry} is out of order (status {status}){answer}: try again later",
                registry,
                status,
                answer
            );
            with_wait(Error::new(ErrorKind::RegistryError, why), response, now)
        }
        status => {
            let why = say!(
                "registry-answered-status",
                "{registry} answered with status {status} to the request for {wanted}{answer}",
                registry,
                status = u64::from(status),
                wanted = wanted.what(),
                answer
            );
            Error::new(ErrorKind::RegistryError, why)
        }
    }
}

/// The error of a token endpoint that neither gives a token nor refuses one.
pub(super) fn of_token(response: &Response, name: &Name, host: &str, now: f64) -> Error {
    if let Some(refusal) = response.headers.get("stowplan-refusal") {
        return of_refusal(refusal, response, host, now);
    }
    let answer = said(&response.body);
    if response.status == 429 {
        return rate_limited(response, host.into(), answer, now);
    }
    let why = say!(
        "token-status",
        "{host}, which gives out tokens for {registry}, answered with status {status}{answer}",
        host,
        registry = name.registry.as_str(),
        status = u64::from(response.status),
        answer
    );
    with_wait(Error::new(ErrorKind::RegistryError, why), response, now)
}

/// The error of no answer, directly or through a proxy.
pub(super) fn of_transport(error: &TransportError, address: &Address, proxy: &str) -> Error {
    let host = address.host.as_str();
    match error {
        TransportError::Aborted => super::exchange::aborted(),
        TransportError::TimedOut => {
            let why = say!("no-answer-in-time", "{host} did not answer in time: try again later", host);
            Error::new(ErrorKind::TimedOut, why)
        }
        TransportError::TooLarge { limit } => {
            let why = say!(
                "answer-too-large",
                "{host} answered with more than {most} bytes, the most that is read of such a document",
                host,
                most = *limit
            );
            Error::new(ErrorKind::LimitExceeded, why)
        }
        TransportError::Truncated { expected, received } => truncated(host, *expected, *received),
        TransportError::Unreachable(known) => {
            Error::new(ErrorKind::RegistryUnreachable, unreachable(host, known, proxy))
        }
    }
}

fn unreachable(host: &str, known: &str, proxy: &str) -> Said {
    let answer = if known.is_empty() { String::new() } else { format!(" ({})", clip(known)) };
    if proxy.is_empty() {
        return say!(
            "unreachable-without-proxy",
            "{host} refused this page or cannot be reached{answer}: most registries answer a web page only through a \
             proxy, which \"cargo xtask serve\" starts",
            host,
            answer
        );
    }
    say!(
        "unreachable-with-proxy",
        "the registry {host} or the proxy {proxy} refused this page{answer}: check that the proxy is running",
        host,
        proxy = clip(proxy),
        answer
    )
}

/// The error of a body that is shorter than its `Content-Length`.
pub(super) fn truncated(host: &str, expected: Option<u64>, received: u64) -> Error {
    let why = match expected {
        Some(expected) => say!(
            "answer-cut-of",
            "the answer of {host} ended after {received} of {expected} bytes: try again",
            host,
            received,
            expected
        ),
        None => say!("answer-cut", "the answer of {host} ended after {received} bytes: try again", host, received),
    };
    Error::new(ErrorKind::TruncatedBody, why)
}

/// The error of a body that came with status 200 and is no document: a page, nothing, or the registry's own error. A
/// page of the network's own making would otherwise be shown as an image with a digest to pin.
pub(super) fn of_body(body: &[u8], wanted: &Wanted<'_>) -> Option<Error> {
    let start = without_mark(body).trim_ascii_start();
    if start.is_empty() {
        let why = say!(
            "no-bytes",
            "{host} answered with no bytes to the request for {wanted}: a proxy or a mirror on the way may be broken",
            host = wanted.name.endpoint.as_str(),
            wanted = wanted.what()
        );
        return Some(Error::new(ErrorKind::RegistryError, why));
    }
    if start.starts_with(b"<") {
        return Some(html(wanted));
    }
    if body.len() > limits::ERROR_BYTES {
        return None;
    }
    of_errors(start, wanted)
}

/// The error that a registry's error document names although its status is 200.
fn of_errors(body: &[u8], wanted: &Wanted<'_>) -> Option<Error> {
    let root = json::parse(body).ok()?.root;
    let errors = root.get("errors")?.as_array()?;
    let document = ["schemaVersion", "mediaType", "config", "layers", "manifests", "blobs", "rootfs"];
    if errors.is_empty() || document.iter().any(|member| root.get(member).is_some()) {
        return None;
    }
    let code = errors.first().and_then(|first| first.get("code")?.as_str()).unwrap_or_default();
    let kind = match code {
        "UNAUTHORIZED" => ErrorKind::Unauthorized,
        "DENIED" => ErrorKind::Forbidden,
        "MANIFEST_UNKNOWN" | "NAME_UNKNOWN" | "BLOB_UNKNOWN" | "MANIFEST_BLOB_UNKNOWN" => ErrorKind::NotFound,
        "TOOMANYREQUESTS" => ErrorKind::RateLimited,
        _ => ErrorKind::RegistryError,
    };
    let why = say!(
        "error-with-status-200",
        "{registry} answered with an error, though with status 200, to the request for {wanted}{answer}",
        registry = wanted.name.registry.as_str(),
        wanted = wanted.what(),
        answer = said(body)
    );
    Some(Error::new(kind, why))
}

/// The same error, with what the digest is that no manifest has: that of a blob of this repository, whose bytes are here if
/// it is small.
pub(super) fn of_blob_digest(error: Error, bytes: Option<&[u8]>) -> Error {
    let config = |bytes: &[u8]| json::parse(bytes).is_ok_and(|found| found.root.get("rootfs").is_some());
    let what = match bytes {
        Some(bytes) if config(bytes) => {
            Word("config-blob", "it is the digest of an image's config, which is its image ID")
        }
        Some(bytes) if bytes.trim_ascii_start().starts_with(b"{") => {
            Word("document-blob", "it is the digest of a blob, such as a config")
        }
        _ => Word("layer-blob", "it is the digest of a blob, such as a layer"),
    };
    let why = say!(
        "digest-of-blob",
        "{error}; {what}: after the @ stands the digest of a manifest or an index",
        error = error.said().clone(),
        what
    );
    let seconds = error.seconds_to_retry();
    let told = Error::new(error.kind(), why);
    seconds.map_or(told.clone(), |seconds| told.retry_after(seconds))
}

fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// The error of a web page where a document was asked for.
fn html(wanted: &Wanted<'_>) -> Error {
    let why = say!(
        "web-page",
        "{host} answered with a web page, not with the {wanted}: check that it is a registry and that no login page of \
         the network stands between",
        host = wanted.name.endpoint.as_str(),
        wanted = wanted.what()
    );
    Error::new(ErrorKind::HtmlInsteadOfJson, why)
}

fn of_refusal(refusal: &str, response: &Response, host: &str, now: f64) -> Error {
    let answer = said(&response.body);
    match refusal {
        "upstream-unreachable" => {
            let why = say!(
                "proxy-cannot-reach",
                "the proxy cannot reach {host}{answer}: check the name of the registry and the connection",
                host,
                answer
            );
            Error::new(ErrorKind::RegistryUnreachable, why)
        }
        "upstream-timeout" => {
            let why = say!(
                "proxy-got-no-answer",
                "{host} did not answer the proxy in time{answer}: try again later",
                host,
                answer
            );
            Error::new(ErrorKind::TimedOut, why)
        }
        // The proxy keeps the time that the registry asked for.
        "upstream-busy" => rate_limited(response, host.into(), answer, now),
        refusal => {
            let why = say!(
                "proxy-refused",
                "the proxy refused the request to {host} ({refusal}){answer}{advice}",
                host,
                refusal = clip(refusal),
                answer,
                advice = advice(refusal, host)
            );
            with_wait(Error::new(ErrorKind::ProxyRefused, why), response, now)
        }
    }
}

/// The advice about a refusal of the proxy; nothing if there is none.
fn advice(refusal: &str, host: &str) -> Said {
    match refusal {
        "host-not-allowed" | "address-refused" => say!(
            "allow-host",
            "; to allow it, start the proxy with \"cargo xtask serve --allow {host}\", or with \
             \"--plain-http {host}\" if it has no TLS",
            host
        ),
        "overloaded" | "rate-limited" => say!("proxy-overloaded", "; try again in a moment"),
        _ => Said::default(),
    }
}

fn unauthorized(registry: Said, wanted: &Wanted<'_>, answer: String) -> Said {
    let repository = wanted.name.repository.as_str();
    if let Some(account) = wanted.account {
        return say!(
            "credentials-not-accepted",
            "{registry} does not accept the credentials of \"{account}\" for \"{repository}\"{answer}",
            registry,
            account = clip(account),
            repository,
            answer
        );
    }
    let hub = if wanted.is_hub() {
        say!("hub-hides", " (Docker Hub answers the same where a repository does not exist)")
    } else {
        Said::default()
    };
    say!(
        "credentials-wanted",
        "{registry} wants credentials for \"{repository}\"{answer}: check the name; if it is private, give a user name \
         and a password or token{hub}",
        registry,
        repository,
        answer,
        hub
    )
}

fn forbidden(registry: Said, wanted: &Wanted<'_>, answer: String) -> Said {
    let repository = wanted.name.repository.as_str();
    match wanted.account {
        Some(account) => say!(
            "account-may-not-read",
            "{registry} does not let \"{account}\" read \"{repository}\"{answer}",
            registry,
            account = clip(account),
            repository,
            answer
        ),
        None => say!(
            "none-may-read",
            "{registry} does not serve \"{repository}\" without credentials{answer}: check the name, or give \
             a user name and a password or token",
            registry,
            repository,
            answer
        ),
    }
}

/// A registry says in its own form that it has not; a web server on which no proxy runs has just no such page.
fn not_found(registry: Said, wanted: &Wanted<'_>, answer: String) -> Said {
    let wanted = wanted.what();
    if answer.is_empty() {
        return say!(
            "no-registry-answered",
            "{registry} has no {wanted} (nothing shows that a registry answered: is there a registry proxy where the \
             settings say?)",
            registry,
            wanted
        );
    }
    say!("not-at-registry", "{registry} has no {wanted}{answer}", registry, wanted, answer)
}

fn rate_limited(response: &Response, registry: Said, answer: String, now: f64) -> Error {
    let limit = retry::limit(&response.headers)
        .map(|(count, window)| {
            let window = duration(window);
            say!("rate-limit", " (the limit is {count} requests in {window})", count, window)
        })
        .unwrap_or_default();
    let when = match retry::retry_after(&response.headers, now) {
        Some(seconds) => say!("again-in", "try again in {time}", time = duration(seconds)),
        None => say!("again-later", "try again later, or give credentials, which often have a higher limit"),
    };
    let why = say!(
        "too-many-requests",
        "{registry} has counted too many requests{limit}{answer}: {when}",
        registry,
        limit,
        answer,
        when
    );
    with_wait(Error::new(ErrorKind::RateLimited, why), response, now)
}

fn with_wait(error: Error, response: &Response, now: f64) -> Error {
    match retry::retry_after(&response.headers, now) {
        Some(seconds) => error.retry_after(seconds),
        None => error,
    }
}

fn duration(seconds: u64) -> Said {
    match seconds {
        1 => say!("one-second", "1 second"),
        0..=119 => say!("seconds", "{count} seconds", count = seconds),
        120..=7199 => say!("minutes", "{count} minutes", count = seconds.div_ceil(60)),
        _ => say!("hours", "{count} hours", count = seconds.div_ceil(3600)),
    }
}

/// The first error that the body names (distribution spec, "Error Codes"), as `: CODE, "message"`; else nothing.
fn said(body: &[u8]) -> String {
    let Ok(parsed) = json::parse(body) else { return String::new() };
    let text = |field: &str| {
        let first = parsed.root.get("errors")?.as_array()?.first()?;
        Some(clip(first.get(field)?.as_str()?)).filter(|text| !text.is_empty())
    };
    match (text("code"), text("message")) {
        (Some(code), Some(message)) => format!(" ({code}: \"{message}\")"),
        (Some(only), None) | (None, Some(only)) => format!(" ({only})"),
        (None, None) => String::new(),
    }
}

/// A stranger's text, escaped and short.
fn clip(text: &str) -> String {
    let shown: String = text.chars().take(200).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{more}", shown.escape_debug())
}

#[cfg(test)]
mod tests;

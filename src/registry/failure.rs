//! Line: registry::Client. Answers that are no document, and no answers, as errors that say what to do.

use super::transport::{Response, TransportError};
use super::url::Address;
use super::{Name, TagOrDigest, retry};
use crate::error::{Error, ErrorKind};
use crate::json;

/// A registry says in its own form that it has not; a web server on which no proxy runs has just no such page.
const NOBODY: &str = " (nothing shows that a registry answered: is there a registry proxy where the settings say?)";

/// What was asked for, as the sentences name it.
pub(super) struct Wanted<'a> {
    pub name: &'a Name,
    pub reference: &'a TagOrDigest,
    pub blob: bool,
    /// The account that was tried.
    pub account: Option<&'a str>,
}

impl Wanted<'_> {
    fn what(&self) -> String {
        let (Name { repository, .. }, reference) = (self.name, self.reference);
        match (self.blob, reference) {
            (true, _) => format!("blob \"{reference}\" in repository \"{repository}\""),
            (false, TagOrDigest::Tag(tag)) => format!("tag \"{tag}\" in repository \"{repository}\""),
            (false, TagOrDigest::Digest(_)) => format!("manifest \"{reference}\" in repository \"{repository}\""),
        }
    }

    fn is_hub(&self) -> bool {
        self.name.registry == "docker.io"
    }
}

/// The error of an answer whose status is not 200.
pub(super) fn of_status(response: &Response, wanted: &Wanted<'_>, now: f64) -> Error {
    if let Some(refusal) = response.headers.get("stowplan-refusal") {
        return of_refusal(refusal, response, &wanted.name.endpoint, now);
    }
    let said = said(&response.body);
    let registry = &wanted.name.registry;
    match response.status {
        401 => Error::new(ErrorKind::Unauthorized, unauthorized(wanted, &said)),
        403 => Error::new(ErrorKind::Forbidden, forbidden(wanted, &said)),
        404 => {
            let said = if said.is_empty() { NOBODY } else { &said };
            Error::new(ErrorKind::NotFound, format!("{registry} has no {}{said}", wanted.what()))
        }
        429 => rate_limited(response, registry, &said, now),
        502..=504 => {
            let why = format!("{registry} is out of order (status {}){said}: try again later", response.status);
            with_wait(Error::new(ErrorKind::RegistryError, why), response, now)
        }
        status => {
            let why = format!("{registry} answered with status {status} to the request for {}{said}", wanted.what());
            Error::new(ErrorKind::RegistryError, why)
        }
    }
}

/// The error of a token endpoint that neither gives a token nor refuses one.
pub(super) fn of_token(response: &Response, name: &Name, host: &str, now: f64) -> Error {
    if let Some(refusal) = response.headers.get("stowplan-refusal") {
        return of_refusal(refusal, response, host, now);
    }
    let said = said(&response.body);
    if response.status == 429 {
        return rate_limited(response, host, &said, now);
    }
    let why =
        format!("{host}, which gives out tokens for {}, answered with status {}{said}", name.registry, response.status);
    with_wait(Error::new(ErrorKind::RegistryError, why), response, now)
}

/// The error of no answer, directly or through a proxy.
pub(super) fn of_transport(error: &TransportError, address: &Address, proxy: &str) -> Error {
    let host = &address.host;
    match error {
        TransportError::Aborted => Error::new(ErrorKind::Aborted, "the request was aborted"),
        TransportError::TimedOut => {
            Error::new(ErrorKind::TimedOut, format!("{host} did not answer in time: try again later"))
        }
        TransportError::TooLarge { limit } => {
            let why = format!("{host} answered with more than {limit} bytes, the most that is read of such a document");
            Error::new(ErrorKind::LimitExceeded, why)
        }
        TransportError::Truncated { expected, received } => truncated(host, *expected, *received),
        TransportError::Unreachable(known) => {
            let known = if known.is_empty() { String::new() } else { format!(" ({})", clip(known)) };
            let why = if proxy.is_empty() {
                format!(
                    "{host} refused this page or cannot be reached{known}: most registries answer a web page only \
                     through a proxy, which \"cargo xtask serve\" starts"
                )
            } else {
                format!(
                    "the registry {host} or the proxy {} refused this page{known}: check that the proxy is running",
                    clip(proxy)
                )
            };
            Error::new(ErrorKind::RegistryUnreachable, why)
        }
    }
}

/// The error of a body that is shorter than its `Content-Length`.
pub(super) fn truncated(host: &str, expected: Option<u64>, received: u64) -> Error {
    let of = expected.map(|expected| format!(" of {expected}")).unwrap_or_default();
    let why = format!("the answer of {host} ended after {received}{of} bytes: try again");
    Error::new(ErrorKind::TruncatedBody, why)
}

/// The error of a web page where a document was asked for.
pub(super) fn html(wanted: &Wanted<'_>) -> Error {
    let why = format!(
        "{} answered with a web page, not with the {}: check that it is a registry and that no login page of the \
         network stands between",
        wanted.name.endpoint,
        wanted.what()
    );
    Error::new(ErrorKind::HtmlInsteadOfJson, why)
}

/// Whether a body is a web page, whatever its `Content-Type` says.
pub(super) fn is_html(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    ["<!doctype html", "<html"]
        .iter()
        .any(|tag| start.get(..tag.len()).is_some_and(|own| own.eq_ignore_ascii_case(tag.as_bytes())))
}

fn of_refusal(refusal: &str, response: &Response, host: &str, now: f64) -> Error {
    let said = said(&response.body);
    match refusal {
        "upstream-unreachable" => {
            let why = format!("the proxy cannot reach {host}{said}: check the name of the registry and the connection");
            Error::new(ErrorKind::RegistryUnreachable, why)
        }
        "upstream-timeout" => {
            Error::new(ErrorKind::TimedOut, format!("{host} did not answer the proxy in time{said}: try again later"))
        }
        // The proxy keeps the time that the registry asked for.
        "upstream-busy" => rate_limited(response, host, &said, now),
        refusal => {
            let advice = match refusal {
                "host-not-allowed" | "address-refused" => format!(
                    "; to allow it, start the proxy with \"cargo xtask serve --allow {host}\", or with \
                     \"--plain-http {host}\" if it has no TLS"
                ),
                "overloaded" => "; try again in a moment".to_owned(),
                _ => String::new(),
            };
            let why = format!("the proxy refused the request to {host} ({}){said}{advice}", clip(refusal));
            with_wait(Error::new(ErrorKind::ProxyRefused, why), response, now)
        }
    }
}

fn unauthorized(wanted: &Wanted<'_>, said: &str) -> String {
    let Name { registry, repository, .. } = wanted.name;
    if let Some(account) = wanted.account {
        let account = clip(account);
        return format!("{registry} does not accept the credentials of \"{account}\" for \"{repository}\"{said}");
    }
    let hub = if wanted.is_hub() { " (Docker Hub answers the same where a repository does not exist)" } else { "" };
    format!(
        "{registry} wants credentials for \"{repository}\"{said}: check the name; if it is private, give a user name \
         and a password or token{hub}"
    )
}

fn forbidden(wanted: &Wanted<'_>, said: &str) -> String {
    let Name { registry, repository, .. } = wanted.name;
    match wanted.account {
        Some(account) => format!("{registry} does not let \"{}\" read \"{repository}\"{said}", clip(account)),
        None => format!(
            "{registry} does not let anybody read \"{repository}\" without credentials{said}: check the name, or give \
             a user name and a password or token"
        ),
    }
}

fn rate_limited(response: &Response, registry: &str, said: &str, now: f64) -> Error {
    let limit = retry::limit(&response.headers)
        .map(|(limit, window)| format!(" (the limit is {limit} requests in {})", duration(window)))
        .unwrap_or_default();
    let when = match retry::retry_after(&response.headers, now) {
        Some(seconds) => format!("try again in {}", duration(seconds)),
        None => "try again later, or give credentials, which often have a higher limit".to_owned(),
    };
    let why = format!("{registry} has counted too many requests{limit}{said}: {when}");
    with_wait(Error::new(ErrorKind::RateLimited, why), response, now)
}

fn with_wait(error: Error, response: &Response, now: f64) -> Error {
    match retry::retry_after(&response.headers, now) {
        Some(seconds) => error.retry_after(seconds),
        None => error,
    }
}

fn duration(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7199 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3600), "hour"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
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

//! The trusted root: the keys of logs and authorities, shipped with this program or given by the user.

use jiff::Timestamp;
use sigstore_verify::Verifier;
use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::{DerCertificate, TsaAuthority};
use x509_cert::der::{Decode, Encode};

use super::provider;
use crate::error::{Error, ErrorKind};
use crate::say::say;
use crate::{Json, json, limits};

/// The root that ships with this program, as the Sigstore project published it.
const SHIPPED: &str = include_str!("root/production.json");

/// The provenance of [`SHIPPED`].
const PROVENANCE: &str = include_str!("root/provenance.json");

/// From this age on the shipped root is doubtful.
pub const STALE_DAYS: i64 = 180;

/// One trusted root, ready to judge by.
pub struct Root {
    pub(super) judge: Verifier,
    pub(super) parsed: TrustedRoot,
    pub(super) origin: Origin,
}

/// The giver of a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It came with this program and was current on that day (`2026-08-21`).
    Shipped {
        /// The day.
        date: String,
    },
    /// The user gave it.
    User,
}

/// The provenance of the shipped root, as its `provenance.json` says.
#[derive(Debug)]
pub struct Provenance {
    /// The day on which it was current.
    pub date: String,
    /// The hash of its bytes.
    pub sha256: String,
}

/// The roots to judge by; one that knows the log and the authority is enough.
pub struct Roots(pub(super) Vec<Root>);

impl Roots {
    /// The root that came with this program.
    ///
    /// # Errors
    /// `trust-root-invalid`, which a test rules out.
    pub fn shipped() -> Result<Self, Error> {
        let provenance = provenance()?;
        Ok(Self(vec![Root::parse(SHIPPED, Origin::Shipped { date: provenance.date })?]))
    }

    /// The roots in a text: a `trusted_root.json`, several as JSON lines (`gh attestation trusted-root`), or an array.
    ///
    /// # Errors
    /// `trust-root-invalid` if one of them cannot be used, or there is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let texts = texts(text)?;
        if texts.is_empty() || texts.len() > limits::TRUST_ROOTS {
            return Err(invalid(format!("the text holds {} trusted roots", texts.len())));
        }
        texts.into_iter().map(Own::root).collect::<Result<_, _>>().map(Self)
    }

    /// The roots of several such texts.
    ///
    /// # Errors
    /// As [`Roots::parse`].
    pub fn parse_all(texts: &[String]) -> Result<Self, Error> {
        let mut all = Vec::new();
        for text in texts {
            all.extend(Self::parse(text)?.0);
        }
        if all.len() > limits::TRUST_ROOTS {
            return Err(invalid("more than 8 trusted roots were given"));
        }
        Ok(Self(all))
    }

    /// The same roots, and the shipped one after them.
    ///
    /// # Errors
    /// As [`Roots::shipped`].
    pub fn and_shipped(mut self) -> Result<Self, Error> {
        self.0.extend(Self::shipped()?.0);
        Ok(self)
    }
}

impl Root {
    fn parse(text: &str, origin: Origin) -> Result<Self, Error> {
        provider::install();
        if text.len() > limits::TRUST_ROOT_BYTES {
            return Err(invalid("the trusted root is larger than 1 MiB"));
        }
        let read = json::parse(text.as_bytes()).map_err(|error| invalid(error.to_string()))?;
        if let Some(path) = read.duplicates.first() {
            return Err(invalid(format!("the trusted root has two members {path}")));
        }
        if let Some(list) = without_beginning(&read.root) {
            return Err(invalid(format!("a log of its {list} does not say since when its key is in use")));
        }
        let parsed = TrustedRoot::from_json(text).map_err(|error| invalid(error.to_string()))?;
        let judge = Verifier::new(&parsed).map_err(|error| invalid(error.to_string()))?;
        Ok(Self { judge, parsed, origin })
    }

    /// True if a certificate of one of its authorities has that name, in DER.
    pub(super) fn knows_issuer(&self, name: &[u8]) -> bool {
        let authorities = self.parsed.certificate_authorities.iter().flat_map(|one| &one.cert_chain.certificates);
        authorities.filter_map(|one| subject(&one.raw_bytes)).any(|known| known == name)
    }

    /// The address of the log of that id.
    pub(super) fn log(&self, id: &[u8]) -> Option<&str> {
        let found = self.parsed.tlogs.iter().find(|log| log.log_id.key_id.as_bytes() == id);
        found.map(|log| log.base_url.as_str())
    }

    /// True if a log's id starts with the hint of a checkpoint's signature.
    pub(super) fn knows_hint(&self, hint: [u8; 4]) -> bool {
        self.parsed.tlogs.iter().any(|log| log.log_id.key_id.as_bytes().starts_with(&hint))
    }

    /// True if it names the certificate transparency log of that id.
    pub(super) fn knows_certificate_log(&self, id: &[u8]) -> bool {
        self.parsed.ctlogs.iter().any(|log| log.log_id.key_id.as_bytes() == id)
    }

    /// Its timestamp authorities, each with its address.
    pub(super) fn timestamp_authorities(&self) -> Vec<(TsaAuthority, Option<String>)> {
        let all = self.parsed.timestamp_authorities.iter().filter_map(|one| {
            let chain: Vec<_> = one.cert_chain.certificates.iter().map(|cert| cert.raw_bytes.clone()).collect();
            let (leaf, rest) = chain.split_first()?;
            let (root, between) = rest.split_last().unwrap_or((leaf, &[]));
            let authority = TsaAuthority::new(leaf.clone(), between.to_vec(), root.clone(), one.valid_for);
            Some((authority, one.uri.clone()))
        });
        all.collect()
    }

    /// The days since the shipped root was current.
    pub(super) fn age_days(&self, now: Timestamp) -> Option<i64> {
        let Origin::Shipped { date } = &self.origin else { return None };
        let then: Timestamp = format!("{date}T00:00:00Z").parse().ok()?;
        Some((now.as_second() - then.as_second()).div_euclid(24 * 60 * 60))
    }
}

/// The list that has a log whose key has no beginning: the judge would take such a key for every time.
fn without_beginning(root: &Json) -> Option<&'static str> {
    let begins = |log: &Json| {
        let start = log.get("publicKey").and_then(|key| key.get("validFor")?.get("start")?.as_str());
        start.is_some_and(|start| !start.is_empty())
    };
    let has_one_without =
        |list: &&str| root.get(list).and_then(Json::as_array).unwrap_or_default().iter().any(|log| !begins(log));
    ["tlogs", "ctlogs"].into_iter().find(has_one_without)
}

/// Reads the shipped root's provenance.
///
/// # Errors
/// `trust-root-invalid`, which a test rules out.
pub fn provenance() -> Result<Provenance, Error> {
    let parsed = json::parse(PROVENANCE.as_bytes()).map_err(|error| invalid(error.to_string()))?;
    let text = |name: &str| parsed.root.key(name).and_then(Json::as_str).map(str::to_owned);
    let missing = || invalid("the shipped root's provenance has no date or no hash");
    Ok(Provenance { date: text("date").ok_or_else(missing)?, sha256: text("sha256").ok_or_else(missing)? })
}

/// The bytes of the shipped root.
#[must_use]
pub fn shipped() -> &'static str {
    SHIPPED
}

fn subject(certificate: &DerCertificate) -> Option<Vec<u8>> {
    x509_cert::Certificate::from_der(certificate.as_bytes()).ok()?.tbs_certificate.subject.to_der().ok()
}

/// A root's own text, and the line that it is if it is one of several.
struct Own<'a> {
    line: Option<usize>,
    text: &'a str,
}

impl Own<'_> {
    /// Reads it; what is wrong with one of several lines says with which.
    fn root(self) -> Result<Root, Error> {
        let read = Root::parse(self.text, Origin::User);
        let Some(line) = self.line else { return read };
        read.map_err(|error| {
            let why = error.to_string();
            Error::new(error.kind(), say!("trust-root-line", "line {line} of the trusted roots: {why}", line, why))
        })
    }
}

/// Each root's own text: the whole, the lines, or the items of an array. A text is lines if one of them is JSON by itself.
fn texts(text: &str) -> Result<Vec<Own<'_>>, Error> {
    let whole = |text| Own { line: None, text };
    let broken = match json::parse(text.trim().as_bytes()) {
        Ok(parsed) => {
            let text = text.trim();
            let items = parsed.root.as_array().map(|items| items.iter().filter_map(|item| text.get(item.span.clone())));
            return Ok(items.map_or_else(|| vec![whole(text)], |items| items.map(whole).collect()));
        }
        Err(error) => error,
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let lines: Vec<_> = lines.map(|(at, text)| Own { line: Some(at + 1), text }).collect();
    let is_root =
        |one: &Own<'_>| json::parse(one.text.as_bytes()).is_ok_and(|parsed| parsed.root.as_object().is_some());
    if lines.iter().any(is_root) { Ok(lines) } else { Err(invalid(broken.to_string())) }
}

fn invalid(message: impl Into<crate::check::Said>) -> Error {
    Error::new(ErrorKind::TrustRootInvalid, message)
}

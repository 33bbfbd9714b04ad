//! Statements about an image, in words: provenance, lists of packages, vulnerabilities.
//!
//! Nothing here is proved: who signed it is another question (`trust`), and what a document says of itself is its author's
//! word. Only its subject is held against the image in view.

mod bom_rules;
mod certified;
mod command;
mod cyclonedx;
mod facts;
mod owned;
mod packages;
mod predicates;
mod provenance;
mod sigstore;
mod spdx;
mod spdx3;
mod subject;
mod unwrap;
mod vex;

use serde::Serialize;
use serde_json::Value;

use crate::check::{Check, CheckId, Outcome};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::say::{Said, say};
pub use command::{Signed, cosign};
pub use facts::Fact;
pub use packages::{Package, Packages};
pub use subject::{About, Fit, Subject};
pub use unwrap::Wrap;

/// A document about an image, read.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// Its kind: the `predicateType` of a statement, else the address of the format.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stable name of the reader that read it: `slsa-provenance`, `spdx`, `cyclonedx`, `openvex`, `vulnerabilities`,
    /// `layout`, `link`, `trusted-root`, `bundle`, `other`.
    pub form: &'static str,
    /// Its envelopes, from the outside in.
    pub wrapped: Vec<Wrap>,
    /// Its subjects.
    pub subjects: Vec<Subject>,
    /// Its content, in one sentence.
    pub sentence: String,
    /// The same with its stable reason and values.
    pub said: Said,
    /// More of what it says, by name.
    pub facts: Vec<Fact>,
    /// Its packages, if it is a list of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packages: Option<Packages>,
    /// `statement` and `signed-subject`, and what of its form is wrong.
    pub checks: Vec<Check>,
}

/// The part of a document or a predicate that a reader takes out.
#[derive(Default)]
struct Content {
    form: &'static str,
    said: Said,
    facts: Vec<Fact>,
    packages: Option<Packages>,
    wrong: Vec<Said>,
}

/// Reads a statement, bare or in an envelope or a bundle; `claimed` is the predicate type that its place names.
///
/// # Errors
/// `limit-exceeded` if it is too large, `unsupported-input` if it is none of the documents that are known.
pub fn read(bytes: &[u8], about: &About, claimed: Option<&str>) -> Result<Statement, Error> {
    if bytes.len() > limits::STATEMENT_BYTES {
        let most = limits::STATEMENT_BYTES;
        return Err(Error::new(
            ErrorKind::LimitExceeded,
            say!("statement-too-large", "it is larger than {most} bytes", most),
        ));
    }
    let unwrap::Unwrapped { bytes, wraps } = unwrap::unwrap(bytes)?;
    if let Some(content) = spdx::tag_value(&bytes) {
        return Ok(bare("https://spdx.dev/Document", content, wraps));
    }
    let head: Head = serde_json::from_slice(&bytes).map_err(|error| unread(&error))?;
    let mut statement = match (&head.statement, &head.predicate_type) {
        (Some(_), Some(kind)) => in_toto(kind, &head, &bytes, about, claimed)?,
        _ => bare_document(&head, &bytes)?,
    };
    statement.wrapped = wraps;
    statement.checks.extend(duplicates(&bytes));
    Ok(statement)
}

/// The members by which documents are told apart.
#[derive(serde::Deserialize)]
struct Head {
    #[serde(rename = "_type", default)]
    statement: Option<Value>,
    #[serde(rename = "predicateType", default)]
    predicate_type: Option<String>,
    #[serde(default)]
    subject: Option<Value>,
    #[serde(rename = "spdxVersion", default)]
    spdx: Option<Value>,
    #[serde(rename = "bomFormat", default)]
    bom: Option<Value>,
    #[serde(rename = "specVersion", default)]
    bom_version: Option<Value>,
    #[serde(rename = "@context", default)]
    context: Option<Value>,
    #[serde(default)]
    scanner: Option<serde::de::IgnoredAny>,
    #[serde(rename = "mediaType", default)]
    media_type: Option<Value>,
}

/// The predicate alone, typed by its reader.
#[derive(serde::Deserialize)]
struct Holder<T> {
    predicate: T,
}

fn in_toto(kind: &str, head: &Head, bytes: &[u8], about: &About, claimed: Option<&str>) -> Result<Statement, Error> {
    let content = predicate(kind, bytes)?;
    let subjects = subject::read(head.subject.as_ref(), about);
    let mut statement = bare(kind, content, Vec::new());
    statement.checks.insert(0, typed(head, kind, claimed));
    statement.checks.insert(1, subject::check(&subjects, about));
    statement.subjects = subjects;
    Ok(statement)
}

fn predicate(kind: &str, bytes: &[u8]) -> Result<Content, Error> {
    let is = |start: &str| kind.starts_with(start);
    if is("https://slsa.dev/provenance/v0") {
        return Ok(provenance::old(&held(bytes)?));
    }
    if is("https://slsa.dev/provenance/") {
        return Ok(provenance::new(&held(bytes)?));
    }
    if is("https://spdx.dev/Document") || is("https://spdx.org/") {
        return spdx::predicate(bytes);
    }
    if is("https://cyclonedx.org/") {
        return cyclonedx::read(cosign_data(bytes)?.as_deref().unwrap_or(bytes), true);
    }
    if is("https://openvex.dev/ns") {
        return Ok(vex::read(&held(bytes)?));
    }
    if is("https://cosign.sigstore.dev/attestation/vuln") || is("https://in-toto.io/attestation/vulns") {
        return Ok(predicates::vulnerabilities(&held(bytes)?));
    }
    if is("https://in-toto.io/attestation/link") {
        return Ok(predicates::link(&held(bytes)?));
    }
    Ok(predicates::other(kind, &held(bytes).unwrap_or_default()))
}

fn bare_document(head: &Head, bytes: &[u8]) -> Result<Statement, Error> {
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    let context = text(&head.context);
    let whole = || serde_json::from_slice::<Value>(bytes).map_err(|error| unread(&error));
    let (kind, content) = if head.spdx.is_some() {
        ("https://spdx.dev/Document", spdx::read(bytes)?)
    } else if context.contains("spdx.org/rdf") {
        ("https://spdx.dev/Document", spdx3::read(bytes)?)
    } else if head.bom.is_some() || head.bom_version.is_some() {
        ("https://cyclonedx.org/bom", cyclonedx::read(bytes, false)?)
    } else if context.contains("openvex.dev/ns") {
        ("https://openvex.dev/ns", vex::read(&whole()?))
    } else if text(&head.media_type).contains("vnd.dev.sigstore.trustedroot") {
        ("https://sigstore.dev/trustedroot", sigstore::root(&whole()?))
    } else if text(&head.media_type).contains("vnd.dev.sigstore.bundle") {
        ("https://sigstore.dev/bundle", sigstore::bundle(&whole()?))
    } else if head.scanner.is_some() {
        ("https://cosign.sigstore.dev/attestation/vuln/v1", predicates::vulnerabilities(&whole()?))
    } else {
        match head.statement.as_ref().and_then(Value::as_str) {
            Some("layout") => ("https://in-toto.io/Layout", predicates::layout(&whole()?)),
            Some("link") => ("https://in-toto.io/Link", predicates::link(&whole()?)),
            _ => {
                return Err(Error::new(
                    ErrorKind::UnsupportedInput,
                    say!("statement-unknown", "it is no statement, list of packages or envelope that is known here"),
                ));
            }
        }
    };
    Ok(bare(kind, content, Vec::new()))
}

fn bare(kind: &str, content: Content, wrapped: Vec<Wrap>) -> Statement {
    let Content { form, said, facts, packages, wrong } = content;
    let wrong = wrong.into_iter().take(limits::FINDINGS);
    Statement {
        kind: kind.to_owned(),
        form,
        wrapped,
        subjects: Vec::new(),
        sentence: sentence(&said),
        said,
        facts,
        packages,
        checks: wrong.map(|said| Check::new(CheckId::Schema, Outcome::Fail, said)).collect(),
    }
}

/// `statement`: an in-toto statement of the type that its place claims.
fn typed(head: &Head, kind: &str, claimed: Option<&str>) -> Check {
    let version = head.statement.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    let (outcome, said) = if !version.starts_with("https://in-toto.io/Statement/") {
        (Outcome::Fail, say!("statement-type-unknown", "\"{version}\" is no type of statement", version))
    } else if let Some(claimed) = claimed.filter(|claimed| *claimed != kind) {
        let kind = kind.to_owned();
        (
            Outcome::Warn,
            say!("statement-type-differs", "it is called {claimed} where it lies, and is {kind}", claimed, kind),
        )
    } else {
        (Outcome::Pass, say!("statement-read", "an in-toto statement"))
    };
    Check::new(CheckId::Statement, outcome, said)
}

/// Members that stand twice: programs differ in which they read.
fn duplicates(bytes: &[u8]) -> Option<Check> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return None;
    }
    let parsed = crate::json::parse(bytes).ok()?;
    let path = parsed.duplicates.first()?.clone();
    let said = say!(
        "statement-duplicate",
        "it has two members {path}, and programs differ in which they read",
        path = path.clone()
    );
    Some(Check::new(CheckId::DuplicateKey, Outcome::Fail, said).at(path))
}

fn held(bytes: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice::<Holder<Value>>(bytes).map(|held| held.predicate).map_err(|error| unread(&error))
}

/// cosign of old wraps documents once more, as `{ "Data": … }`, a text or an object.
fn cosign_data(bytes: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    #[derive(serde::Deserialize)]
    struct Data {
        #[serde(rename = "Data", default)]
        data: Option<Value>,
    }
    let held: Holder<Data> = serde_json::from_slice(bytes).map_err(|error| unread(&error))?;
    Ok(match held.predicate.data {
        Some(Value::String(text)) => Some(format!("{{\"predicate\":{text}}}").into_bytes()),
        Some(object @ Value::Object(_)) => Some(format!("{{\"predicate\":{object}}}").into_bytes()),
        _ => None,
    })
}

fn unread(error: &serde_json::Error) -> Error {
    let why = error.to_string();
    Error::new(ErrorKind::UnsupportedInput, say!("statement-malformed", "it cannot be read: {why}", why))
}

/// A sentence of the core begins in lower case; alone it is a sentence for people.
fn sentence(said: &Said) -> String {
    let message = crate::visible::visible(&said.message);
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

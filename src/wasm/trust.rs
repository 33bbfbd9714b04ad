//! The boundary: `verifyBundle` and `judgeSignatures`, with what they take and give.

use js_sys::{Array, JsString, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{member, now, text, truth};
use super::values::{failure, to_js};
use crate::covers::{Covers, Evidence, NodeFacts};
use crate::error::{Error, ErrorKind};
use crate::trust::{Allow, Artifact, Found, Identity, Key, Material, Name, Question, Roots, candidates, judge, prove};
use crate::{Digest, limits};

/// `verifyBundle(bundle, { artifact | digest, key, keys, identity, issuer, identities, trustedRoot, allow, at })`:
/// `{ verdict, checks, signer, times }`.
///
/// # Errors
/// An `Error` whose `code` is `bundle-invalid`, `trust-root-invalid`, `key-invalid`, `invalid-digest`, `unsupported-input`
/// or `limit-exceeded`.
#[wasm_bindgen(js_name = verifyBundle)]
pub fn verify_bundle(bundle: &str, options: &JsValue) -> Result<JsValue, JsValue> {
    let proof = || -> Result<_, Error> {
        let roots = roots(options)?;
        let question = question(options)?;
        Ok(prove(&Material::parse(bundle)?, &question, &roots))
    };
    to_js(&proof().map_err(failure)?)
}

/// `signaturesOf(nodes, view)`: which nodes of a report are signatures, `[{ id, digest }]`, and after them what tells which
/// image its attestations are about; their bytes are still to be had.
///
/// # Errors
/// An `Error` if the nodes are not those of a report.
#[wasm_bindgen(js_name = signaturesOf)]
pub fn signatures_of(nodes: &str, view: Option<String>) -> Result<JsValue, JsValue> {
    let facts = NodeFacts::read(nodes).map_err(failure)?;
    let found = candidates(&facts);
    let evidence = if found.is_empty() { Vec::new() } else { Covers::evidence(&facts, view.as_deref()) };
    let wanted =
        found.iter().map(|(found, digest)| Wanted { id: &found.id, digest: digest.as_ref().map(Digest::as_str) });
    let evidence = evidence.iter().map(|Evidence { id, digest }| Wanted { id, digest: Some(digest) });
    to_js(&wanted.take(limits::SIGNATURES).chain(evidence).collect::<Vec<_>>())
}

/// `judgeSignatures(nodes, [{ id, bytes }], { keys, identities, trustedRoot, allow, require, view, asked, at })`: what each
/// signature among the nodes proves, and all together: `{ judged, trust, policy, image }`.
///
/// # Errors
/// As `verifyBundle`.
#[wasm_bindgen(js_name = judgeSignatures)]
pub fn judge_signatures(nodes: &str, bytes: Array, options: &JsValue) -> Result<JsValue, JsValue> {
    let outcome = || -> Result<_, Error> {
        let (facts, view) = (NodeFacts::read(nodes)?, text(options, "view"));
        let found: Vec<_> =
            candidates(&facts).into_iter().take(limits::SIGNATURES).map(|one| with_bytes(one, &bytes)).collect();
        let evidence = Covers::evidence(&facts, view.as_deref()).into_iter();
        let evidence: Vec<_> = evidence.filter_map(|one| Some((one.digest, bytes_of(&one.id, &bytes)?))).collect();
        let covers = Covers::of(&facts, view.as_deref(), &evidence);
        // The artifact is each signature's own.
        let question = about_signers(options)?;
        Ok(judge(&found, &question, &roots(options)?, &covers, require(options)).given(truth(options, "asked")))
    };
    to_js(&outcome().map_err(failure)?)
}

/// `readCertificate(pem)`: what the first certificate of a text says of its holder.
///
/// # Errors
/// An `Error` whose `code` is `key-invalid`.
#[wasm_bindgen(js_name = readCertificate)]
pub fn read_certificate(pem: &str) -> Result<JsValue, JsValue> {
    to_js(&crate::trust::read_certificate(pem).map_err(failure)?)
}

/// `verifies(scheme, spki, data, signature)`: the primitive alone; nothing if the scheme or the key is not known.
#[wasm_bindgen]
#[must_use]
pub fn verifies(scheme: &str, spki: &[u8], data: &[u8], signature: &[u8]) -> Option<bool> {
    crate::trust::verifies(scheme, spki, data, signature)
}

#[derive(Serialize)]
struct Wanted<'a> {
    id: &'a str,
    digest: Option<&'a str>,
}

/// The bytes that came for it, if they are those that its digest names.
fn with_bytes((found, digest): (Found, Option<Digest>), all: &Array) -> Found {
    let named = |bytes: &Vec<u8>| {
        digest.as_ref().is_some_and(|digest| digest.algorithm().is_some_and(|one| one.digest(bytes) == *digest))
    };
    Found { bytes: bytes_of(&found.id, all).filter(named), ..found }
}

fn bytes_of(id: &str, all: &Array) -> Option<Vec<u8>> {
    let own = all.iter().find(|one| text(one, "id").as_deref() == Some(id))?;
    Some(Uint8Array::new(&member(&own, "bytes")?).to_vec())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
fn require(options: &JsValue) -> Option<u64> {
    member(options, "require").and_then(|count| count.as_f64()).filter(|count| *count >= 1.0).map(|count| count as u64)
}

fn question(options: &JsValue) -> Result<Question, Error> {
    Ok(Question { artifact: artifact(options)?, ..about_signers(options)? })
}

fn about_signers(options: &JsValue) -> Result<Question, Error> {
    let allow = member(options, "allow").unwrap_or(JsValue::UNDEFINED);
    Ok(Question {
        artifact: Artifact::Bytes(Vec::new()),
        keys: keys(options)?,
        identities: identities(options)?,
        allow: Allow { no_log: truth(&allow, "noLog"), no_certificate_log: truth(&allow, "noCertificateLog") },
        now: at(options).unwrap_or_default(),
        beside: Vec::new(),
        name: text(options, "name"),
    })
}

/// The reader's time, or the one that it gives as `at`, in milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "seconds of a date, the fraction is not wanted")]
fn at(options: &JsValue) -> Option<i64> {
    let given = member(options, "at").and_then(|at| at.as_f64()).filter(|at| at.is_finite());
    given.map_or_else(now, |at| Some((at / 1000.0) as i64))
}

fn artifact(options: &JsValue) -> Result<Artifact, Error> {
    let bytes = member(options, "artifact").map(|bytes| Uint8Array::new(&bytes).to_vec());
    let digest = text(options, "digest").map(|digest| Digest::parse(digest.trim())).transpose()?;
    match (bytes, digest) {
        (Some(bytes), _) => Ok(Artifact::Bytes(bytes)),
        (None, Some(digest)) if digest.algorithm().is_some() => Ok(Artifact::Digest(digest)),
        (None, Some(_)) => {
            Err(Error::new(ErrorKind::UnsupportedAlgorithm, "the digest's algorithm is not computed here"))
        }
        (None, None) => Err(Error::new(ErrorKind::UnsupportedInput, "neither an artifact nor its digest was given")),
    }
}

fn keys(options: &JsValue) -> Result<Vec<Key>, Error> {
    let texts = text(options, "key").into_iter().chain(texts(options, "keys"));
    let keys: Vec<_> = texts.map(|text| Key::parse(&text)).collect::<Result<_, _>>()?;
    if keys.len() > limits::VERIFICATION_KEYS {
        return Err(Error::new(ErrorKind::LimitExceeded, "more than 32 keys were given"));
    }
    Ok(keys)
}

/// `identity` and `issuer`, or `identities: [{ san, issuer, exact } | { repository }]`.
fn identities(options: &JsValue) -> Result<Vec<Identity>, Error> {
    let mut named = Vec::new();
    let (name, issuer) = (text(options, "identity"), text(options, "issuer"));
    if name.is_some() || issuer.is_some() {
        named.push(Identity { issuer, name: name.map(Name::Exactly), repository: None });
    }
    for one in items(options, "identities") {
        named.push(identity(&one)?);
    }
    Ok(named)
}

/// `{ san, issuer, exact }` or `{ repository }`, or all that is given of both.
fn identity(from: &JsValue) -> Result<Identity, Error> {
    let prefix = member(from, "exact").is_some_and(|exact| exact.is_falsy());
    let name = text(from, "san").map(|san| if prefix { Name::StartsWith(san) } else { Name::Exactly(san) });
    let issuer = text(from, "issuer");
    let Some(repository) = text(from, "repository") else { return Ok(Identity { issuer, name, repository: None }) };
    let form = || Error::new(ErrorKind::UnsupportedInput, "a repository is given as owner/name");
    let of_source = Identity::repository(&repository).ok_or_else(form)?;
    Ok(Identity { issuer: issuer.or(of_source.issuer), name, ..of_source })
}

/// The given roots instead of the shipped one, or beside it if `"+shipped"` is among them.
fn roots(options: &JsValue) -> Result<Roots, Error> {
    let given: Vec<_> = text(options, "trustedRoot").into_iter().chain(texts(options, "trustedRoot")).collect();
    let (shipped, texts): (Vec<_>, Vec<_>) = given.into_iter().partition(|text| text == "+shipped");
    if texts.is_empty() {
        return Roots::shipped();
    }
    let roots = Roots::parse_all(&texts)?;
    if shipped.is_empty() { Ok(roots) } else { roots.and_shipped() }
}

fn items(options: &JsValue, name: &str) -> Vec<JsValue> {
    let array = member(options, name).filter(Array::is_array).map(|value| Array::from(&value));
    array.iter().flat_map(Array::iter).collect()
}

fn texts(options: &JsValue, name: &str) -> Vec<String> {
    items(options, name).iter().filter_map(|one| one.dyn_ref::<JsString>().map(String::from)).collect()
}

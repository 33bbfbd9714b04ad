//! Log entries whose bodies the judge does not read: `intoto` 0.0.1, which cosign made until 2022, and `hashedrekord`
//! 0.0.1 over SHA-384 or SHA-512. Their bodies are held against the bundle here; all the rest of it is the judge's.
//! Bodies are read untyped: a reader for each kind would weigh more than what is done with it.

use base64ct::{Base64, Encoding};
use sigstore_verify::types::bundle::{MessageSignature, TransparencyLogEntry};
use sigstore_verify::types::{Bundle, DerCertificate, DsseEnvelope, KindVersion, SignatureContent};

use super::key::Key;
use super::material::Material;
use super::signed;
use super::text::{at, text_at as text};
use crate::digest::Algorithm;
use crate::{Json, json};

/// The only entry, if its body is one that the judge does not read.
pub(super) fn ours(material: &Material) -> Option<&TransparencyLogEntry> {
    let [entry] = material.bundle.verification_material.tlog_entries.as_slice() else { return None };
    // The judge would call a log id of another length malformed, too.
    let sound = entry.log_id.key_id.as_bytes().len() == 32;
    let old = material.old_intoto == [0];
    let other_hash = || {
        let is_kind = entry.kind_version == KindVersion::HashedRekordV001;
        is_kind && body(entry, "hashedrekord").is_some_and(|body| text(&body, "/spec/data/hash/algorithm") != "sha256")
    };
    (sound && (old || other_hash())).then_some(entry)
}

/// True if the body of each entry, which the log has signed, is of the kind and version that the bundle says beside it: the
/// judge reads the body as that kind without asking it.
pub(super) fn are_of_their_kind(material: &Material) -> bool {
    let entries = material.bundle.verification_material.tlog_entries.iter().enumerate();
    entries.into_iter().all(|(at, entry)| {
        let version = if material.old_intoto.contains(&at) { "0.0.1" } else { entry.kind_version.version() };
        is_of(entry, entry.kind_version.kind(), version).is_some()
    })
}

/// Compares that entry's body with the bundle.
pub(super) fn compare(material: &Material, entry: &TransparencyLogEntry) -> Result<(), String> {
    let bundle = &material.bundle;
    let fits = match &bundle.content {
        SignatureContent::DsseEnvelope(envelope) => is_old_intoto(entry, envelope.payload.as_bytes(), bundle),
        SignatureContent::MessageSignature(message) => is_hashedrekord(entry, message, bundle),
        _ => false,
    };
    if fits { Ok(()) } else { Err("the log entry is of another signature, certificate or content".into()) }
}

/// True if a `dsse` entry is of this envelope: the payload, and the one signature with the key that made it.
pub(super) fn is_of_envelope(entry: &TransparencyLogEntry, envelope: &DsseEnvelope, key: &Key) -> bool {
    let Some(body) = body(entry, "dsse") else { return false };
    let alone = at(&body, "/spec/signatures").and_then(Json::as_array).is_some_and(|all| all.len() == 1);
    let logged = pem(text(&body, "/spec/signatures/0/verifier")).and_then(|pem| Key::parse(&pem).ok());
    alone
        && is_payload(&body, "/spec/payloadHash", envelope.payload.as_bytes())
        && is_base64(text(&body, "/spec/signatures/0/signature"), envelope.signature.sig.as_bytes())
        && logged.is_some_and(|logged| logged.der == key.der)
}

/// The same payload, signed by the same certificate. The entry holds the hash of the envelope too, but of its bytes as they
/// were sent to the log, which are kept nowhere.
fn is_old_intoto(entry: &TransparencyLogEntry, payload: &[u8], bundle: &Bundle) -> bool {
    let Some(body) = body(entry, "intoto") else { return false };
    is_payload(&body, "/spec/content/payloadHash", payload) && is_certificate(text(&body, "/spec/publicKey"), bundle)
}

/// The same digest and signature, made by the same certificate.
fn is_hashedrekord(entry: &TransparencyLogEntry, message: &MessageSignature, bundle: &Bundle) -> bool {
    let (Some(body), Some(declared)) = (body(entry, "hashedrekord"), &message.message_digest) else { return false };
    let named = Algorithm::from_name(text(&body, "/spec/data/hash/algorithm")).map(signed::hash_algorithm);
    named == Some(declared.algorithm)
        && text(&body, "/spec/data/hash/value") == signed::to_hex(declared.digest.as_bytes())
        && is_base64(text(&body, "/spec/signature/content"), message.signature.as_bytes())
        && is_certificate(text(&body, "/spec/signature/publicKey/content"), bundle)
}

/// The body of an entry of that kind, in its first version.
fn body(entry: &TransparencyLogEntry, kind: &str) -> Option<Json> {
    is_of(entry, kind, "0.0.1")
}

/// A body with a member twice is none: programs differ in which they read.
fn is_of(entry: &TransparencyLogEntry, kind: &str, version: &str) -> Option<Json> {
    let bytes = entry.canonicalized_body.as_bytes();
    let body = json::parse(bytes).ok().filter(|parsed| parsed.duplicates.is_empty())?.root;
    ((text(&body, "/kind"), text(&body, "/apiVersion")) == (kind, version)).then_some(body)
}

fn is_payload(body: &Json, path: &str, payload: &[u8]) -> bool {
    let hash = Algorithm::Sha256.digest(payload);
    at(body, path).is_some_and(|said| (text(said, "/algorithm"), text(said, "/value")) == ("sha256", hash.encoded()))
}

fn is_base64(logged: &str, bytes: &[u8]) -> bool {
    Base64::decode_vec(logged).ok().as_deref() == Some(bytes)
}

fn pem(logged: &str) -> Option<String> {
    String::from_utf8(Base64::decode_vec(logged).ok()?).ok()
}

fn is_certificate(logged: &str, bundle: &Bundle) -> bool {
    let logged = pem(logged).and_then(|pem| DerCertificate::from_pem(&pem).ok());
    match (logged, bundle.signing_certificate()) {
        (Some(logged), Some(certificate)) => logged.as_bytes() == certificate.as_bytes(),
        _ => false,
    }
}

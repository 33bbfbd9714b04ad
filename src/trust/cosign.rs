//! cosign's signatures of old: a blob with annotations -> the same material as a bundle.
//!
//! A `.sig` manifest's layers are "simple signing" payloads, a `.att` manifest's are DSSE envelopes; certificate, chain,
//! log entry and timestamp stand beside them as `dev.sigstore.cosign/…`. They are written as a bundle of version 0.1 and
//! read by the one reader.

use base64ct::{Base64, Encoding};

use super::key;
use super::material::Material;
use super::signed::{self, Artifact};
use super::text::{Text, quoted, text_at};
use crate::digest::{Algorithm, Source};
use crate::error::{Error, ErrorKind};
use crate::reference;
use crate::say::say;
use crate::{Check, CheckId, Json, Outcome, Param, json as lossless, limits};

/// The media type of a payload that names an image.
const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

/// The media type of an attestation.
const DSSE: &str = "application/vnd.dsse.envelope.v1+json";

/// A layer of a `.sig` or `.att` manifest.
pub struct Layer<'a> {
    /// Its media type.
    pub media_type: &'a str,
    /// Its descriptor's annotations.
    pub annotations: &'a [(String, String)],
    /// Its bytes, hashed before.
    pub bytes: &'a [u8],
}

/// True if a layer of that type is a signature or an attestation of cosign's.
#[must_use]
pub fn is_legacy(media_type: &str) -> bool {
    matches!(media_type, SIMPLE_SIGNING | DSSE)
}

impl Layer<'_> {
    /// Reads it.
    ///
    /// # Errors
    /// `bundle-invalid` if a part that is there cannot be read, `limit-exceeded` if one is too large.
    pub fn read(&self) -> Result<Material, Error> {
        if self.bytes.len() > limits::BUNDLE_BYTES {
            return Err(Error::new(ErrorKind::LimitExceeded, "the signed payload is larger than 4 MiB"));
        }
        let entry = self.annotation("dev.sigstore.cosign/bundle").map(log_entry).transpose()?;
        let stamp = self.annotation("dev.sigstore.cosign/rfc3161timestamp").map(timestamp).transpose()?;
        // Version 0.1 asks for the log's promise, and 0.2 is the one after it.
        let version = if entry.is_some() { "0.1" } else { "0.2" };
        let signer = match self.certificates()? {
            certificates if certificates.is_empty() => r#""publicKey":{"hint":""}"#.to_owned(),
            certificates => format!(r#""x509CertificateChain":{{"certificates":[{}]}}"#, certificates.join(",")),
        };
        let content = if self.media_type == DSSE {
            format!(r#""dsseEnvelope":{}"#, envelope(self.bytes)?)
        } else {
            let digest = signed::hex(Algorithm::Sha256.digest(self.bytes).encoded()).unwrap_or_default();
            // Go's base64 takes line breaks, and some signers write them.
            let signature =
                self.annotation("dev.cosignproject.cosign/signature").unwrap_or_default().replace(['\r', '\n'], "");
            format!(
                r#""messageSignature":{{"messageDigest":{{"algorithm":"SHA2_256","digest":"{}"}},"signature":{}}}"#,
                Base64::encode_string(&digest),
                quoted(&signature)
            )
        };
        let (entries, stamps) = (entry.unwrap_or_default(), stamp.unwrap_or_default());
        let mut material = Material::parse(&format!(
            r#"{{"mediaType":"application/vnd.dev.sigstore.bundle+json;version={version}","verificationMaterial":{{"tlogEntries":[{entries}],"timestampVerificationData":{{"rfc3161Timestamps":[{stamps}]}},{signer}}},{content}}}"#
        ))?;
        material.payload = (self.media_type != DSSE).then(|| self.bytes.to_vec());
        Ok(material)
    }

    fn annotation(&self, name: &str) -> Option<&str> {
        let found = self.annotations.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The signing certificate and those that stand between it and its authority.
    fn certificates(&self) -> Result<Vec<String>, Error> {
        let Some(leaf) = self.annotation("dev.sigstore.cosign/certificate") else { return Ok(Vec::new()) };
        let chain = self.annotation("dev.sigstore.cosign/chain").unwrap_or_default();
        let blocks = pem_blocks(leaf).chain(pem_blocks(chain)).take(limits::CERTIFICATE_CHAIN + 1);
        let certificates = blocks.map(|pem| {
            let (_, der) = key::block(&pem).ok_or_else(|| invalid("a certificate is no PEM"))?;
            Ok(format!(r#"{{"rawBytes":"{}"}}"#, Base64::encode_string(&der)))
        });
        certificates.collect()
    }
}

fn pem_blocks(text: &str) -> impl Iterator<Item = String> {
    let blocks = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    blocks.map(|block| {
        let body = block.split("-----END CERTIFICATE-----").next().unwrap_or_default();
        format!("-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----")
    })
}

/// cosign's `{ SignedEntryTimestamp, Payload: { body, integratedTime, logIndex, logID } }` as a bundle's entry.
fn log_entry(annotation: &str) -> Result<String, Error> {
    let from = Text::parse(annotation, "it")?;
    let payload = |name: &str| from.root.key("Payload").and_then(|payload| payload.key(name));
    let number = |name: &str| {
        let whole = payload(name).and_then(Json::as_i64).and_then(|number| u64::try_from(number).ok());
        whole.unwrap_or_default()
    };
    let body = payload("body").and_then(Json::as_str).unwrap_or_default();
    let read = Base64::decode_vec(body).map_err(|_| invalid("the log entry's body is not base64"))?;
    let read = String::from_utf8(read).map_err(|_| invalid("the log entry's body is not UTF-8"))?;
    let kind = Text::parse(&read, "the log entry's body")?;
    let id = payload("logID").and_then(Json::as_str).and_then(signed::hex);
    let id = id.ok_or_else(|| invalid("the log's id is not in hex"))?;
    Ok(format!(
        r#"{{"logIndex":"{}","logId":{{"keyId":"{}"}},"kindVersion":{{"kind":{},"version":{}}},"integratedTime":"{}","inclusionPromise":{{"signedEntryTimestamp":{}}},"canonicalizedBody":{}}}"#,
        number("logIndex"),
        Base64::encode_string(&id),
        kind.raw(kind.root.key("kind")),
        kind.raw(kind.root.key("apiVersion")),
        number("integratedTime"),
        quoted(text_at(&from.root, "/SignedEntryTimestamp")),
        quoted(body)
    ))
}

fn timestamp(annotation: &str) -> Result<String, Error> {
    let from = Text::parse(annotation, "it")?;
    Ok(format!(r#"{{"signedTimestamp":{}}}"#, from.raw(from.root.key("SignedRFC3161Timestamp"))))
}

/// A DSSE envelope as a bundle holds it: `keyid` may be null there, and nothing else is taken over.
fn envelope(bytes: &[u8]) -> Result<String, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| invalid("the envelope is not UTF-8"))?;
    let from = Text::parse(text, "it")?;
    let signatures = from.root.key("signatures").and_then(Json::as_array).unwrap_or_default();
    let signatures: Vec<_> =
        signatures.iter().map(|one| format!(r#"{{"sig":{},"keyid":""}}"#, from.raw(one.key("sig")))).collect();
    Ok(format!(
        r#"{{"payloadType":{},"payload":{},"signatures":[{}]}}"#,
        from.raw(from.root.key("payloadType")),
        from.raw(from.root.key("payload")),
        signatures.join(",")
    ))
}

/// `signed-subject` of a simple-signing payload: the digest that it names is the image's.
pub(super) fn subject_check(payload: &[u8], about: &Artifact) -> Check {
    let about = about.digest(Algorithm::Sha256).map(|digest| digest.to_string()).unwrap_or_default();
    let fail = |reason, message: &str| Check::new(CheckId::SignedSubject, Outcome::Fail, message).because(reason);
    let Ok(parsed) = lossless::parse(payload) else {
        return fail("payload-not-json", "what was signed is not JSON, so it names no image");
    };
    if let Some(path) = parsed.duplicates.first() {
        return fail("duplicate-key", "what was signed has a member twice, and programs differ in which they read")
            .at(path);
    }
    let ways: [&[&str]; 3] = [
        &["critical", "type"],
        &["critical", "image", "docker-manifest-digest"],
        &["critical", "identity", "docker-reference"],
    ];
    let Some([kind, named, reference]) = unambiguous(&parsed.root, ways) else {
        return fail(
            "names-by-case",
            "what was signed has names in another case than those that are meant, and programs differ in which they read",
        );
    };
    if kind != "cosign container image signature" {
        return fail("payload-type-unknown", "what was signed is not an image's signature of cosign's")
            .with("type", kind);
    }
    let fits = !named.is_empty() && named == about;
    let check = match fits {
        true => Check::new(CheckId::SignedSubject, Outcome::Pass, "what was signed names this digest")
            .because("subject-fits"),
        false => Check::new(CheckId::SignedSubject, Outcome::Fail, signed::another_image()),
    };
    check.values(about, named, Source::User).with("reference", reference)
}

/// The texts at these ways; none if a program that reads names of any case, as Go's do, would read another one than a strict
/// program does.
fn unambiguous<'a, const N: usize>(root: &'a Json, ways: [&[&str]; N]) -> Option<[String; N]> {
    let at = |way: &[&str], member: fn(&'a Json, &str) -> Option<&'a Json>| {
        way.iter().try_fold(root, |json, name| member(json, name)).and_then(Json::as_str)
    };
    let texts = ways.map(|way| {
        let (strict, loose) = (at(way, Json::key), at(way, Json::get));
        (strict == loose).then(|| strict.unwrap_or_default().to_owned())
    });
    texts.iter().all(Option::is_some).then(|| texts.map(Option::unwrap_or_default))
}

/// `statement` of a payload that was signed under another name than the image came from: cosign signs any name, mirrors keep
/// signatures as they are, and so that is a warning.
pub(super) fn name_check(subject: &Check, from: &str) -> Option<Check> {
    let Param::Text(signed) = subject.params.get("reference")? else { return None };
    let (registry, repository) = reference::place(from);
    if signed.is_empty() || reference::place(signed) == (registry, repository.clone()) {
        return None;
    }
    let named = signed.as_str();
    let name = format!("{registry}/{repository}");
    let said = say!(
        "signed-name-differs",
        "it was signed under the name {named}, and this image came from {name}",
        named,
        name = name.as_str()
    );
    Some(Check::new(CheckId::Statement, Outcome::Warn, said).values(name.as_str(), named, Source::Reference))
}

fn invalid(message: impl Into<crate::check::Said>) -> Error {
    Error::new(ErrorKind::BundleInvalid, message)
}

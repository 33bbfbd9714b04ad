//! Holds the signed payload against the artifact that the signature should be about.

use sigstore_verify::types::{ArtifactDigest, DsseEnvelope, HashAlgorithm, SignatureContent};

use super::provider;
use crate::covers::Place;
use crate::digest::{self, Algorithm, Digest, Named, Source};
use crate::say::{Said, say};
use crate::{Check, CheckId, Json, Outcome, json, limits};

/// The only payload whose subjects this program reads.
pub(super) const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The reason of a check whose payload is of a type that is not read.
pub(super) const TYPE_UNKNOWN: &str = "payload-type-unknown";

/// The artifact that a signature should be about: its bytes, or their digest alone.
#[derive(Clone, Debug)]
pub enum Artifact {
    /// The bytes.
    Bytes(Vec<u8>),
    /// Their digest.
    Digest(Digest),
}

impl Artifact {
    /// Its digest by that algorithm, if it can be told.
    pub(super) fn digest(&self, algorithm: Algorithm) -> Option<Digest> {
        match self {
            Self::Bytes(bytes) => Some(algorithm.digest(bytes)),
            Self::Digest(digest) => (digest.algorithm() == Some(algorithm)).then(|| digest.clone()),
        }
    }

    /// The same for the judge.
    pub(super) fn for_judge(&self) -> Option<sigstore_verify::types::Artifact<'_>> {
        match self {
            Self::Bytes(bytes) => Some(sigstore_verify::types::Artifact::from_blob(bytes)),
            Self::Digest(digest) => {
                let value = hex(digest.encoded())?;
                let digest = ArtifactDigest::new(hash_algorithm(digest.algorithm()?), value).ok()?;
                Some(sigstore_verify::types::Artifact::from_digest(digest))
            }
        }
    }
}

/// The algorithm in the judge's terms.
pub(super) fn hash_algorithm(algorithm: Algorithm) -> HashAlgorithm {
    match algorithm {
        Algorithm::Sha256 => HashAlgorithm::Sha2256,
        Algorithm::Sha384 => HashAlgorithm::Sha2384,
        Algorithm::Sha512 => HashAlgorithm::Sha2512,
    }
}

fn algorithm(of: HashAlgorithm) -> Option<Algorithm> {
    [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512].into_iter().find(|one| hash_algorithm(*one) == of)
}

/// `signed-subject`, and `statement` if one was signed.
pub(super) fn subject_checks(content: &SignatureContent, artifact: &Artifact) -> Vec<Check> {
    match content {
        SignatureContent::DsseEnvelope(envelope) => statement_checks(envelope, artifact),
        SignatureContent::MessageSignature(message) => match &message.message_digest {
            Some(declared) => vec![declared_digest(declared.algorithm, declared.digest.as_bytes(), artifact)],
            // Without a digest beside it, the signature alone binds: `signature` tells.
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn declared_digest(of: HashAlgorithm, value: &[u8], artifact: &Artifact) -> Check {
    let Some(algorithm) = algorithm(of) else {
        return Check::new(CheckId::SignedSubject, Outcome::NotChecked, "the digest is of an unknown algorithm")
            .because("subject-algorithm-unknown");
    };
    let signed = format!("{}:{}", algorithm.name(), to_hex(value));
    compare(&[signed], artifact)
}

fn statement_checks(envelope: &DsseEnvelope, artifact: &Artifact) -> Vec<Check> {
    if envelope.payload_type != IN_TOTO {
        let subject = "what was signed is of a type whose subject this program cannot read";
        return vec![
            Check::new(CheckId::SignedSubject, Outcome::NotChecked, subject)
                .because(TYPE_UNKNOWN)
                .with("type", envelope.payload_type.as_str()),
        ];
    }
    let Ok(parsed) = json::parse(envelope.payload.as_bytes()) else {
        let message = "what was signed is not JSON, so it is no statement";
        return vec![Check::new(CheckId::Statement, Outcome::Fail, message).because("statement-not-json")];
    };
    let statement = statement(&parsed.root, parsed.duplicates.first());
    match digests(&parsed.root) {
        Ok(signed) if signed.is_empty() => {
            let message = "the statement names no digest, so it is about nothing that can be told";
            let subject = Check::new(CheckId::SignedSubject, Outcome::Fail, message).because("subject-missing");
            vec![subject, statement]
        }
        Ok(signed) => vec![compare(&signed, artifact), statement],
        Err(check) => vec![*check, statement],
    }
}

fn statement(root: &Json, duplicate: Option<&String>) -> Check {
    if let Some(path) = duplicate {
        let message = format!("the statement has two members {path}, and programs differ in which they read");
        return Check::new(CheckId::Statement, Outcome::Fail, message).because("duplicate-key").at(path.as_str());
    }
    let text = |name| root.get(name).and_then(Json::as_str).unwrap_or_default();
    let (kind, predicate) = (text("_type"), text("predicateType"));
    let known = ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"];
    let (outcome, reason, message) = match (known.contains(&kind), predicate.is_empty()) {
        (true, false) => (Outcome::Pass, "statement-known", format!("an in-toto statement of the type {predicate}")),
        (true, true) => {
            (Outcome::Fail, "predicate-type-missing", "the statement does not say of what type it is".into())
        }
        (false, _) => (Outcome::Warn, "statement-type-unknown", format!("the statement is of the type {kind:?}")),
    };
    Check::new(CheckId::Statement, outcome, message)
        .because(reason)
        .with("type", kind)
        .with("version", kind)
        .with("predicate", predicate)
}

/// The digests of all subjects, `algorithm:hex`.
fn digests(root: &Json) -> Result<Vec<String>, Box<Check>> {
    let subjects = root.get("subject").and_then(Json::as_array).unwrap_or_default();
    let maps = || subjects.iter().filter_map(|subject| subject.get("digest")?.as_object());
    if subjects.len() > limits::STATEMENT_SUBJECTS || maps().any(|map| map.len() > limits::SUBJECT_DIGESTS) {
        let message = "the statement has more subjects or digests than are read";
        return Err(Box::new(
            Check::new(CheckId::SignedSubject, Outcome::NotChecked, message).because("too-many-subjects"),
        ));
    }
    let named =
        maps().flat_map(|map| map.iter().filter_map(|one| Some(format!("{}:{}", one.name, one.value.as_str()?))));
    Ok(named.collect())
}

/// Checks that one of the signed digests is the artifact's.
fn compare(signed: &[String], artifact: &Artifact) -> Check {
    let all = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];
    let own: Vec<_> = all.into_iter().filter_map(|algorithm| artifact.digest(algorithm)).collect();
    let own: Vec<_> = own.iter().map(Digest::as_str).collect();
    match digest::named(&own, signed) {
        Named::Same(digest) => Check::new(CheckId::SignedSubject, Outcome::Pass, "what was signed names this digest")
            .because("subject-fits")
            .values(digest, digest, Source::User),
        Named::Other(digest) => Check::new(CheckId::SignedSubject, Outcome::Fail, another_image()).values(
            digest,
            first_few(signed),
            Source::User,
        ),
        Named::Apart => {
            let message = "what was signed names a digest of another algorithm only";
            let expected = own.first().copied().unwrap_or_default();
            Check::new(CheckId::SignedSubject, Outcome::NotChecked, message).because("subject-algorithm-other").values(
                expected,
                first_few(signed),
                Source::User,
            )
        }
    }
}

/// The words for a signature of another image.
pub(super) fn another_image() -> Said {
    say!("subject-differs", "what was signed is about another image")
}

/// The words for a signature of another platform.
pub(super) fn another_platform(platform: &str) -> Said {
    say!("subject-of-platform", "what was signed is about another platform of this image: {platform}", platform)
}

/// The words for a signature of another index within the root, or of an image in one.
pub(super) fn other_index() -> Said {
    say!(
        "subject-of-other-index",
        "what was signed is about another index within this one, or an image in it, not about the image in view"
    )
}

/// The same check; what was signed may be another document of the image in view, and then it says which.
pub(super) fn placed(check: Check, beside: &[(String, Place)]) -> Check {
    let named = check.actual.clone().filter(|_| check.reason == "subject-differs").unwrap_or_default();
    match beside.iter().find(|(digest, _)| named.contains(digest.as_str())) {
        Some((_, Place::Platform(platform))) => check.saying(another_platform(platform)),
        Some((_, Place::OtherIndex)) => check.saying(other_index()),
        Some((_, Place::View)) => check.saying(say!(
            "subject-of-view",
            "what was signed is about the image in view, but lies beside another digest than that"
        )),
        Some((_, Place::Index)) => {
            check.saying(say!("subject-of-index", "what was signed is about the index, not about this platform of it"))
        }
        None => check,
    }
}

pub(super) fn first_few(signed: &[String]) -> String {
    let shown: Vec<_> = signed.iter().take(3).map(String::as_str).collect();
    let more = signed.len().saturating_sub(shown.len());
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// An artifact that the statement or the declared digest itself is about: to look at the other steps, wherever the
/// signature belongs.
pub(super) fn as_signed(content: &SignatureContent, artifact: &Artifact) -> Artifact {
    let signed = match content {
        SignatureContent::DsseEnvelope(envelope) => {
            let parsed = json::parse(envelope.payload.as_bytes()).ok();
            let named = parsed.and_then(|parsed| digests(&parsed.root).ok()).unwrap_or_default();
            named.iter().filter_map(|one| Digest::parse(&one.to_ascii_lowercase()).ok()).find(known)
        }
        SignatureContent::MessageSignature(message) => message.message_digest.as_ref().and_then(|declared| {
            let name = algorithm(declared.algorithm)?.name();
            Digest::parse(&format!("{name}:{}", to_hex(declared.digest.as_bytes()))).ok()
        }),
        _ => None,
    };
    match signed {
        // Some schemes sign bytes, not digests: bytes that fit are as good, and better.
        Some(digest) if digest.algorithm().and_then(|one| artifact.digest(one)).as_ref() != Some(&digest) => {
            Artifact::Digest(digest)
        }
        _ => artifact.clone(),
    }
}

fn known(digest: &Digest) -> bool {
    digest.algorithm().is_some()
}

/// The digest of the artifact in the judge's terms, for a signature over a digest.
pub(super) fn prehashed(artifact: &Artifact, of: HashAlgorithm) -> Option<Vec<u8>> {
    match artifact {
        Artifact::Bytes(bytes) => provider::hash(of, bytes),
        Artifact::Digest(digest) => (hash_algorithm(digest.algorithm()?) == of).then(|| hex(digest.encoded()))?,
    }
}

pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    text.as_bytes().chunks(2).map(|pair| Some(digit(*pair.first()?)? * 16 + digit(*pair.get(1)?)?)).collect()
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _cannot_fail = write!(text, "{byte:02x}");
        text
    })
}

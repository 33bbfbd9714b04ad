//! The judge's single steps. It answers for a whole bundle with one error, in a fixed order of steps; asked about a part
//! of the bundle, the error (or the next step's) tells what came of that part.

use sigstore_verify::types::bundle::{
    MessageSignature, PublicKeyIdentifier, TransparencyLogEntry, VerificationMaterial, VerificationMaterialContent,
};
use sigstore_verify::types::{Bundle, DerPublicKey, KindVersion, MediaType, SignatureBytes, SignatureContent};
use sigstore_verify::{CertificateError, Error, PublicKeyVerificationPolicy, TransparencyLogError, VerificationPolicy};

use super::key::Key;
use super::root::Root;
use super::signed::Artifact;

/// Any P-256 key: the judge wants one before it looks at a log entry, and nothing is ever verified with it.
#[rustfmt::skip]
const ANY_KEY: [u8; 91] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x47, 0x24, 0x9c, 0x17, 0x73,
    0x6a, 0xf6, 0x10, 0x6d, 0x4f, 0xf3, 0x91, 0xf5, 0xd7, 0xa1, 0xd2, 0x49, 0xdc, 0xa9, 0xd1, 0xdb,
    0x4d, 0xcc, 0x78, 0x91, 0xa3, 0x59, 0x2d, 0xd1, 0xc4, 0xe9, 0xcb, 0x58, 0xa8, 0xcc, 0x71, 0xb4,
    0x5d, 0x21, 0xa8, 0x68, 0x7a, 0xd8, 0xfb, 0xb4, 0x19, 0xd6, 0xb6, 0x20, 0x7c, 0x12, 0x72, 0xcc,
    0x8c, 0x5d, 0x4c, 0xca, 0x48, 0x60, 0x25, 0x39, 0xaf, 0xab, 0x8d,
];

/// One step's answer; the error is a sentence of the judge's.
pub(super) type Step = Result<(), String>;

/// Why a log entry does not count as included.
pub(super) struct NotIncluded {
    /// The judge's sentence.
    pub(super) words: String,
    /// The proof leads to the checkpoint, and the checkpoint is what the judge does not take.
    checkpoint: bool,
}

/// True if the hashes lead to the checkpoint, and only its signature is not one of the root's logs.
pub(super) fn is_unsigned_only(why: &NotIncluded) -> bool {
    why.checkpoint
}

/// Asks whether the log has promised this entry.
pub(super) fn promised(entry: &TransparencyLogEntry, root: &Root) -> Result<(), NotIncluded> {
    let mut entry = entry.clone();
    entry.inclusion_proof = None;
    included(entry, MediaType::Bundle0_1, root)
}

/// Asks whether the proof leads to a checkpoint that the log has signed.
pub(super) fn proved(entry: &TransparencyLogEntry, root: &Root) -> Result<(), NotIncluded> {
    let mut entry = entry.clone();
    entry.inclusion_promise = None;
    included(entry, MediaType::Bundle0_2, root)
}

/// With a key, the judge verifies log entries before signatures: if it finds fault with the (empty) signature, then the
/// entry has passed.
fn included(entry: TransparencyLogEntry, media_type: MediaType, root: &Root) -> Result<(), NotIncluded> {
    let key = VerificationMaterialContent::PublicKey(PublicKeyIdentifier::new(""));
    let material = VerificationMaterial::new(key).with_tlog_entries(vec![entry]);
    let nothing = SignatureContent::MessageSignature(MessageSignature::new(SignatureBytes::from_bytes(b"none")));
    let policy = PublicKeyVerificationPolicy::new(DerPublicKey::new(ANY_KEY.to_vec()));
    match root.judge.verify(&b""[..], &Bundle::new(media_type, material, nothing), &policy) {
        // A time is looked at after the promise that signs it; whether it has come is asked of the reader's own time.
        Ok(_) | Err(Error::SignatureInvalid(_) | Error::TransparencyLog(TransparencyLogError::IntegratedTime(_))) => {
            Ok(())
        }
        Err(error) => {
            let checkpoint = matches!(error, Error::TransparencyLog(TransparencyLogError::Checkpoint(_)));
            Err(NotIncluded { words: error.to_string(), checkpoint })
        }
    }
}

/// The judge's verdict on a signing certificate at the times that the bundle's evidence proves.
pub(super) enum Chain {
    /// It leads to an authority of the root, and was valid then.
    Good,
    /// The authority itself was not valid then.
    NoAuthorityThen(String),
    /// It does not lead to an authority of the root.
    Broken(String),
    /// Its certificate transparency log is none of the root's, or has not signed.
    NotLogged(String),
}

/// Asks about the certificate; `bundle` holds only such evidence of time as was found good.
pub(super) fn chain(bundle: &Bundle, artifact: &Artifact, root: &Root, with_log: bool) -> Chain {
    let policy = VerificationPolicy::any_identity().skip_tlog_unsafe();
    let policy = if with_log { policy } else { policy.skip_sct() };
    match verify(bundle, artifact, root, &policy) {
        Err(Error::Certificate(error)) => match error {
            CertificateError::Sct(_) => Chain::NotLogged(error.to_string()),
            CertificateError::NoValidAuthority { .. } => Chain::NoAuthorityThen(error.to_string()),
            _ => Chain::Broken(error.to_string()),
        },
        Err(error @ (Error::InvalidTrustRoot(_) | Error::Timestamp(_))) => Chain::Broken(error.to_string()),
        _ => Chain::Good,
    }
}

/// Asks whether the log entries are of this signature, key and content; none if an earlier step does not let the judge
/// come so far.
pub(super) fn entries_fit(bundle: &Bundle, artifact: &Artifact, root: &Root, key: Option<&Key>) -> Option<Step> {
    let answer = match key {
        None => {
            let policy = VerificationPolicy::any_identity().skip_tlog_unsafe().skip_certificate_chain();
            verify(bundle, artifact, root, &policy)
        }
        Some(key) => {
            let policy = PublicKeyVerificationPolicy::new(key.der.clone()).skip_tlog_unsafe();
            verify(bundle, artifact, root, &policy)
        }
    };
    match answer {
        // The judge looks at an entry's time last, and what is wrong with it is said of the certificate.
        Ok(_) | Err(Error::TransparencyLog(TransparencyLogError::IntegratedTime(_))) => Some(Ok(())),
        // Subjects and digests are the signed ones here, so a mismatch is the entry's.
        Err(error @ (Error::TransparencyLog(_) | Error::ArtifactMismatch(_) | Error::UnsupportedBundle(_))) => {
            Some(Err(error.to_string()))
        }
        Err(_) => None,
    }
}

/// The judge's whole answer.
pub(super) fn verify(
    bundle: &Bundle,
    artifact: &Artifact,
    root: &Root,
    policy: &(impl sigstore_verify::Policy + ?Sized),
) -> Result<sigstore_verify::VerificationResult, Error> {
    let unusable = || Error::UnsupportedArtifact("the digest is of an unknown algorithm".into());
    root.judge.verify(artifact.for_judge().ok_or_else(unusable)?, bundle, policy)
}

/// True if the log's promise over the entry signs a time.
pub(super) fn has_signed_time(entry: &TransparencyLogEntry) -> bool {
    entry.kind_version != KindVersion::HashedRekordV002
        && entry.inclusion_promise.is_some()
        && entry.integrated_time.is_some()
}

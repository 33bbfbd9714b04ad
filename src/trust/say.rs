//! The checks of a signature, each with its stable reason and a sentence.

use jiff::Timestamp;
use sigstore_verify::crypto::{KeyAlgorithm, SigningScheme, verify_signature, verify_signature_prehashed};
use sigstore_verify::types::bundle::TransparencyLogEntry;
use sigstore_verify::types::{DsseEnvelope, HashAlgorithm, SignatureBytes, SignatureContent};

use super::key::Key;
use super::probe::Chain;
use super::root::{Origin, Root, STALE_DAYS};
use super::signed::{self, Artifact};
use super::signer::Leaf;
use super::times::SignedTime;
use crate::digest::Source;
use crate::say::say;
use crate::{Check, CheckId, Outcome};

pub(super) fn trust_root(root: &Root, now: Timestamp) -> Check {
    let (Origin::Shipped { date }, Some(days)) = (&root.origin, root.age_days(now)) else {
        return Check::new(
            CheckId::TrustRoot,
            Outcome::Pass,
            say!("root-given", "judged by the trusted root that you gave"),
        );
    };
    let (is_old, date) = (days >= STALE_DAYS, date.as_str());
    let days = u64::try_from(days).unwrap_or_default();
    let said = if is_old {
        say!(
            "root-old",
            "judged by the trusted root of {date} that came with this program, {days} days old; keys withdrawn since are not known here",
            date,
            days
        )
    } else {
        say!(
            "root-shipped",
            "judged by the trusted root of {date} that came with this program; keys withdrawn since are not known here",
            date
        )
    };
    Check::new(CheckId::TrustRoot, if is_old { Outcome::Warn } else { Outcome::Pass }, said)
}

pub(super) fn certificate_unread(why: &str) -> Check {
    // A key of a kind that the judge does not know is no fault of the signer's.
    if why.contains("unsupported") {
        return not_checked(
            CheckId::Certificate,
            "key-kind-unknown",
            format!("the certificate's key cannot be used here: {why}"),
        );
    }
    fail(CheckId::Certificate, "certificate-unreadable", format!("the certificate cannot be read: {why}"))
}

pub(super) fn certificate_missing() -> Check {
    fail(CheckId::Certificate, "certificate-missing", "the bundle has neither a certificate nor the name of a key")
}

pub(super) fn no_key() -> Check {
    not_checked(CheckId::Signature, "no-key", "signed with a key, and no key was given to verify with")
}

/// `signature`: made by one of the keys over what was signed.
pub(super) fn signature<'k>(
    content: &SignatureContent,
    artifact: &Artifact,
    keys: &[&'k Key],
) -> (Check, Option<&'k Key>) {
    let mut last = no_key();
    for key in keys {
        match made_by(content, artifact, key) {
            Made::Yes(scheme) => {
                let check = pass(CheckId::Signature, "signature-fits", format!("made by this key ({})", scheme.name()));
                return (check.with("scheme", scheme.name()).with("key", key.fingerprint()), Some(key));
            }
            Made::No => {
                last =
                    fail(CheckId::Signature, "signature-differs", "the signature is not of this key over these bytes")
                        .with("key", key.fingerprint());
            }
            Made::Unknown(reason, message) => last = not_checked(CheckId::Signature, reason, message),
        }
    }
    (last, None)
}

/// The outcome of a signature under one key.
enum Made {
    Yes(SigningScheme),
    No,
    Unknown(&'static str, String),
}

fn made_by(content: &SignatureContent, artifact: &Artifact, key: &Key) -> Made {
    match content {
        SignatureContent::DsseEnvelope(envelope) => over_envelope(envelope, key),
        SignatureContent::MessageSignature(message) => {
            let declared = message.message_digest.as_ref().map(|digest| digest.algorithm);
            match scheme(key.algorithm, declared) {
                Some(scheme) => over_message(scheme, key, artifact, &message.signature),
                None => {
                    Made::Unknown("scheme-unknown", "the key and the digest are of no scheme that is known here".into())
                }
            }
        }
        _ => Made::Unknown("scheme-unknown", "the bundle holds a signature of an unknown kind".into()),
    }
}

/// cosign signs envelopes over SHA-256 whatever the key is; the hash of a P-384 key is SHA-384 elsewhere.
fn over_envelope(envelope: &DsseEnvelope, key: &Key) -> Made {
    let own = key.algorithm.default_signing_scheme();
    let cosigns = (key.algorithm == KeyAlgorithm::EcdsaP384).then_some(SigningScheme::EcdsaP384Sha256);
    let fits =
        |scheme: &SigningScheme| verify_signature(&key.der, &envelope.pae(), &envelope.signature.sig, *scheme).is_ok();
    [own].into_iter().chain(cosigns).find(fits).map_or(Made::No, Made::Yes)
}

fn scheme(key: KeyAlgorithm, declared: Option<HashAlgorithm>) -> Option<SigningScheme> {
    declared.map_or_else(|| Some(key.default_signing_scheme()), |hash| key.resolve_signing_scheme(hash).ok())
}

fn over_message(scheme: SigningScheme, key: &Key, artifact: &Artifact, signature: &SignatureBytes) -> Made {
    match (scheme.hash_algorithm(), artifact) {
        (Some(hash), _) => match signed::prehashed(artifact, hash) {
            Some(digest) => made(verify_signature_prehashed(&key.der, &digest, signature, scheme).is_ok(), scheme),
            None => Made::Unknown("digest-of-other-algorithm", format!("the signature is over the {hash} digest")),
        },
        (None, Artifact::Bytes(bytes)) => made(verify_signature(&key.der, bytes, signature, scheme).is_ok(), scheme),
        (None, Artifact::Digest(_)) => {
            let message = format!("{} signs the bytes themselves, and only their digest was given", scheme.name());
            Made::Unknown("bytes-needed", message)
        }
    }
}

fn made(good: bool, scheme: SigningScheme) -> Made {
    if good { Made::Yes(scheme) } else { Made::No }
}

pub(super) fn certificate_fits(leaf: &Leaf) -> Check {
    let life = format!("{} to {}", leaf.info.not_before, leaf.info.not_after);
    pass(
        CheckId::Certificate,
        "certificate-fits",
        "it leads to an authority of the trusted root and was valid when it signed",
    )
    .with("life", life)
}

pub(super) fn certificate_bad(chain: &Chain, leaf: &Leaf) -> Check {
    let (said, why) = match chain {
        Chain::NoAuthorityThen(why) => {
            (say!("authority-out-of-life", "the certificate's authority was not in use when it signed"), why)
        }
        Chain::Broken(why) | Chain::NotLogged(why) => (
            say!(
                "certificate-chain-broken",
                "the certificate does not lead to an authority of the trusted root as it must"
            ),
            why,
        ),
        Chain::Good => return certificate_fits(leaf),
    };
    Check::new(CheckId::Certificate, Outcome::Fail, said).with("why", why.as_str())
}

pub(super) fn certificate_out_of_life(leaf: &Leaf, at: &SignedTime) -> Check {
    let (from, until, time) = (leaf.info.not_before.to_string(), leaf.info.not_after.to_string(), at.time.as_str());
    let said = say!(
        "certificate-out-of-life",
        "the certificate was good from {from} to {until}, and it signed at {time}",
        from,
        until,
        time
    );
    Check::new(CheckId::Certificate, Outcome::Fail, said)
}

pub(super) fn authority_unknown() -> Check {
    not_checked(CheckId::Certificate, "authority-unknown", "the certificate's authority is none of this trusted root's")
}

pub(super) fn certificate_without_time() -> Check {
    not_checked(
        CheckId::Certificate,
        "no-signed-time",
        "without a proved time nothing says when the certificate had to be valid",
    )
}

pub(super) fn certificate_logged() -> Check {
    pass(
        CheckId::CertificateLog,
        "certificate-logged",
        "a certificate transparency log of the trusted root has seen it",
    )
}

pub(super) fn certificate_log_bad(why: &str) -> Check {
    let said =
        say!("certificate-not-logged", "the certificate transparency log has not signed this certificate as it is");
    Check::new(CheckId::CertificateLog, Outcome::Fail, said).with("why", why)
}

pub(super) fn no_certificate_log() -> Check {
    not_checked(
        CheckId::CertificateLog,
        "no-certificate-log",
        "neither the certificate nor the trusted root names a certificate transparency log",
    )
}

pub(super) fn certificate_log_unknown(known: bool) -> Check {
    if known {
        return certificate_log_not_reached();
    }
    not_checked(
        CheckId::CertificateLog,
        "certificate-log-unknown",
        "the certificate transparency log is none of this trusted root's",
    )
}

pub(super) fn certificate_log_not_reached() -> Check {
    not_checked(
        CheckId::CertificateLog,
        "certificate-not-proved",
        "what a log has seen counts only for a proved certificate",
    )
}

pub(super) fn entry_fits() -> Check {
    pass(CheckId::LogEntry, "entry-fits", "the log entry is of this signature, key and content")
}

pub(super) fn entry_differs(why: &str) -> Check {
    let said = say!("entry-differs", "the log entry is of another signature, key or content");
    Check::new(CheckId::LogEntry, Outcome::Fail, said).with("why", why)
}

pub(super) fn entry_kind_unknown(kind: &str) -> Check {
    not_checked(CheckId::LogEntry, "entry-kind-unknown", format!("a log entry {kind} cannot be read here"))
        .with("kind", kind)
}

pub(super) fn entry_not_reached(reason: &'static str) -> Check {
    not_checked(CheckId::LogEntry, reason, "an earlier step is not proved, so the log entry was not compared")
}

pub(super) fn included(entry: &TransparencyLogEntry, log: Option<&str>, promised: bool, proved: bool) -> Check {
    let (log, index) = (log.unwrap_or_default(), entry.log_index.get());
    let said = match (promised, proved) {
        (true, true) => say!(
            "entry-included",
            "entry {index} of {log}: promised by the log, and proved up to a checkpoint that it signed",
            index,
            log
        ),
        (false, true) => {
            say!("entry-proved", "entry {index} of {log}: proved up to a checkpoint that the log signed", index, log)
        }
        _ => say!("entry-promised", "entry {index} of {log}: promised by the log", index, log),
    };
    Check::new(CheckId::LogInclusion, Outcome::Pass, said)
}

pub(super) fn promise_bad(log: &str) -> Check {
    let said = say!(
        "promise-wrong",
        "the entry is not signed by the key that the trusted root has of the log {log}, or that key was not in use then",
        log
    );
    Check::new(CheckId::LogInclusion, Outcome::Fail, said)
}

pub(super) fn proof_bad(why: &str) -> Check {
    let said = say!("proof-wrong", "the entry's proof does not lead to a checkpoint that the log has signed");
    Check::new(CheckId::LogInclusion, Outcome::Fail, said).with("why", why)
}

pub(super) fn checkpoint_misnamed() -> Check {
    fail(CheckId::LogInclusion, "checkpoint-misnamed", "the checkpoint is signed under another name than the log's own")
}

pub(super) fn proof_missing() -> Check {
    fail(CheckId::LogInclusion, "proof-missing", "bundles of this version need a proof of inclusion, and there is none")
}

pub(super) fn inclusion_missing() -> Check {
    fail(CheckId::LogInclusion, "inclusion-missing", "the entry has neither a promise of the log nor a proof")
}

pub(super) fn log_unknown(entry: &TransparencyLogEntry) -> Check {
    not_checked(CheckId::LogInclusion, "log-unknown", "the log is none of this trusted root's")
        .with("id", signed::to_hex(entry.log_id.key_id.as_bytes()))
}

pub(super) fn no_log_entry() -> Check {
    not_checked(CheckId::LogInclusion, "no-log-entry", "the signature brings no log entry")
}

pub(super) fn signed_times(times: &[SignedTime]) -> Check {
    let words: Vec<_> = times
        .iter()
        .map(|time| time.name.as_ref().map_or_else(|| time.time.clone(), |name| format!("{} ({name})", time.time)))
        .collect();
    pass(CheckId::SignedTime, "time-signed", "the time is signed").with("times", words.join(", "))
}

pub(super) fn no_signed_time() -> Check {
    not_checked(CheckId::SignedTime, "no-signed-time", "no log and no timestamp authority has signed a time")
}

pub(super) fn time_in_future(time: &SignedTime, now: Timestamp) -> Check {
    fail(CheckId::SignedTime, "time-in-future", "the signed time has not come yet").values(
        format!("not after {now}"),
        time.time.as_str(),
        Source::User,
    )
}

pub(super) fn timestamp_authority_unknown() -> Check {
    not_checked(
        CheckId::SignedTime,
        "timestamp-authority-unknown",
        "the timestamp authority is none of this trusted root's",
    )
}

pub(super) fn timestamp_of_other_bytes() -> Check {
    fail(CheckId::SignedTime, "timestamp-of-other-bytes", "the timestamp is of another signature")
}

pub(super) fn timestamp_out_of_validity(time: Timestamp) -> Check {
    fail(CheckId::SignedTime, "timestamp-authority-out-of-life", "the timestamp authority was not in use then")
        .with("time", time.to_string())
}

pub(super) fn timestamp_bad(why: &str) -> Check {
    let said = say!("timestamp-wrong", "the timestamp is not one that its authority has signed as it is");
    Check::new(CheckId::SignedTime, Outcome::Fail, said).with("why", why)
}

pub(super) fn refused(why: &str) -> Check {
    let said = say!("bundle-refused", "the bundle does not verify as a whole");
    Check::new(CheckId::Signature, Outcome::Fail, said).with("why", why)
}

fn pass(id: CheckId, reason: &'static str, message: impl Into<crate::check::Said>) -> Check {
    Check::new(id, Outcome::Pass, message).because(reason)
}

fn fail(id: CheckId, reason: &'static str, message: impl Into<crate::check::Said>) -> Check {
    Check::new(id, Outcome::Fail, message).because(reason)
}

fn not_checked(id: CheckId, reason: &'static str, message: impl Into<crate::check::Said>) -> Check {
    Check::new(id, Outcome::NotChecked, message).because(reason)
}

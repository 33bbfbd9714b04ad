//! When it was signed, and which log has it: each timestamp and each log entry asked about by itself.

use jiff::Timestamp;
use serde::Serialize;
use sigstore_verify::tsa::{self, verify_timestamp_for_authority};
use sigstore_verify::types::bundle::TransparencyLogEntry;
use sigstore_verify::types::{
    Bundle, CheckpointSignature, KindVersion, MediaType, SignatureBytes, SignatureContent, TimestampToken,
};
use x509_cert::der::{Decode, Encode};

use super::prove::Case;
use super::{probe, say};
use crate::Check;

/// A time that a log or a timestamp authority has signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedTime {
    /// The time (RFC 3339).
    pub time: String,
    /// `timestamp-authority`, `log`, or `signer` for a time that no other party has signed.
    pub by: &'static str,
    /// Its address, as the trusted root names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The proved times of a bundle, from its timestamps and log entries.
pub(super) struct Evidence {
    /// `signed-time` and `log-inclusion`.
    pub(super) checks: Vec<Check>,
    pub(super) times: Vec<SignedTime>,
    /// The bundle with such evidence of time only as was found good.
    pub(super) bundle: Bundle,
}

pub(super) fn has_no_timestamp(bundle: &Bundle) -> bool {
    bundle.verification_material.timestamp_verification_data.rfc3161_timestamps.is_empty()
}

/// Asks about each timestamp and each entry; `judged` if the judge has found all of them good already.
pub(super) fn evidence(case: &Case<'_>, judged: bool) -> Evidence {
    let bundle = &case.material.bundle;
    let mut found = Evidence { checks: Vec::new(), times: Vec::new(), bundle: bundle.clone() };
    let stamps = &mut found.bundle.verification_material.timestamp_verification_data.rfc3161_timestamps;
    let mut seen: Vec<SignedTime> = Vec::new();
    stamps.retain(|stamp| match stamped(case, &stamp.signed_timestamp) {
        Ok(time) => {
            seen.push(time);
            true
        }
        Err(check) => {
            found.checks.push(*check);
            false
        }
    });
    found.times = seen;
    let mut good = Vec::new();
    for entry in &bundle.verification_material.tlog_entries {
        let inclusion = inclusion(case, entry, judged);
        if inclusion.promise_is_good {
            good.push(entry.clone());
            found.times.extend(logged(case, entry));
        }
        found.checks.extend(inclusion.checks);
    }
    found.bundle.verification_material.tlog_entries = good;
    if bundle.verification_material.tlog_entries.is_empty() && case.material.unknown_entries.is_empty() {
        found.checks.extend((!case.question.allow.no_log).then(say::no_log_entry));
    }
    found.checks.extend(summary(case, &found));
    found
}

/// One check for all times: each must have been, and there must be one if a certificate has to be alive then.
fn summary(case: &Case<'_>, found: &Evidence) -> Option<Check> {
    let late = |time: &&SignedTime| time.time.parse::<Timestamp>().is_ok_and(|time| time > case.now());
    if let Some(time) = found.times.iter().find(late) {
        return Some(say::time_in_future(time, case.now()));
    }
    let told = found.checks.iter().any(|check| check.id == crate::CheckId::SignedTime);
    match found.times.first() {
        Some(_) => Some(say::signed_times(&found.times)),
        None if told || case.material.bundle.signing_certificate().is_none() => None,
        None => Some(say::no_signed_time()),
    }
}

fn logged(case: &Case<'_>, entry: &TransparencyLogEntry) -> Option<SignedTime> {
    probe::has_signed_time(entry).then(|| SignedTime {
        time: entry.integrated_time.unwrap_or_default().to_string(),
        by: "log",
        name: case.root.log(entry.log_id.key_id.as_bytes()).map(str::to_owned),
    })
}

/// The verdict on one entry's promise and proof.
struct Inclusion {
    checks: Vec<Check>,
    /// It may stay in the bundle that further steps are asked about.
    promise_is_good: bool,
}

fn inclusion(case: &Case<'_>, entry: &TransparencyLogEntry, judged: bool) -> Inclusion {
    let root = case.root;
    let log = root.log(entry.log_id.key_id.as_bytes());
    let checkpoint = entry.inclusion_proof.as_ref().and_then(|proof| proof.checkpoint.checkpoint());
    let own = |one: &&CheckpointSignature| root.knows_hint(*one.key_id.as_bytes());
    let hint_known = checkpoint.is_some_and(|point| point.signatures().iter().any(|one| own(&one)));
    let misnamed = checkpoint.is_some_and(|point| {
        hint_known && !point.signatures().iter().filter(own).any(|one| is_named_by(&one.name, point.origin()))
    });
    let promise = entry.inclusion_promise.as_ref().map(|_| judged || probe::promised(entry, root).is_ok());
    let proof = entry.inclusion_proof.as_ref().map(|_| if judged { Ok(()) } else { probe::proved(entry, root) });
    let mut checks = Vec::new();
    if promise == Some(false) {
        checks.push(log.map_or_else(|| say::log_unknown(entry), say::promise_bad));
    }
    match &proof {
        // Hashes are verified before the checkpoint's signature, so with an unknown log it is the signature that is left.
        Some(Err(why)) if checkpoint.is_some() && !hint_known && probe::is_unsigned_only(why) => {
            checks.push(say::log_unknown(entry));
        }
        Some(Err(why)) => checks.push(say::proof_bad(&why.words)),
        Some(Ok(())) if is_of_other_size(entry) => {
            checks.push(say::proof_bad("the checkpoint is of a tree of another size"))
        }
        Some(Ok(())) if misnamed => checks.push(say::checkpoint_misnamed()),
        None if promise.is_none() => checks.push(say::inclusion_missing()),
        None if case.material.bundle.media_type != MediaType::Bundle0_1 => checks.push(say::proof_missing()),
        _ => {}
    }
    if checks.is_empty() {
        checks.push(say::included(entry, log, promise.is_some(), proof.is_some()));
    }
    Inclusion { checks, promise_is_good: promise != Some(false) }
}

/// The checkpoint is of another size than the proof: the judge compares the roots only. If a log gives no size beside
/// its checkpoint (Rekor's second version), there is nothing to compare.
fn is_of_other_size(entry: &TransparencyLogEntry) -> bool {
    let Some(proof) = entry.inclusion_proof.as_ref() else { return false };
    let point = proof.checkpoint.checkpoint();
    let is_second = entry.kind_version == KindVersion::HashedRekordV002;
    !is_second && point.is_some_and(|point| point.tree_size() != proof.tree_size)
}

/// A note's signature is under the name of its log, with which the log's origin begins.
fn is_named_by(name: &str, origin: &str) -> bool {
    origin.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The time of an RFC 3161 timestamp over the signature, or what is wrong with it.
fn stamped(case: &Case<'_>, token: &TimestampToken) -> Result<SignedTime, Box<Check>> {
    let Some(signature) = signature(&case.material.bundle) else {
        return Err(Box::new(say::no_signed_time()));
    };
    let mut verdict = say::timestamp_authority_unknown();
    for (authority, name) in case.root.timestamp_authorities() {
        match verify_timestamp_for_authority(token, &signature, &authority) {
            Ok(time) => return Ok(SignedTime { time: time.to_string(), by: "timestamp-authority", name }),
            Err(tsa::Error::HashMismatch { .. }) => return Err(Box::new(say::timestamp_of_other_bytes())),
            Err(tsa::Error::TimestampOutsideValidity { time }) => verdict = say::timestamp_out_of_validity(time),
            Err(error) if names(token, &authority.leaf) => verdict = say::timestamp_bad(&error.to_string()),
            Err(tsa::Error::Parse(why) | tsa::Error::Asn1(why)) => verdict = say::timestamp_bad(&why),
            Err(_) => {}
        }
    }
    Err(Box::new(verdict))
}

/// True if the token says that this certificate has signed it: by issuer and serial number.
fn names(token: &TimestampToken, leaf: &sigstore_verify::types::DerCertificate) -> bool {
    let name = || {
        let certificate = x509_cert::Certificate::from_der(leaf.as_bytes()).ok()?.tbs_certificate;
        Some([certificate.issuer.to_der().ok()?, certificate.serial_number.to_der().ok()?].concat())
    };
    name().is_some_and(|name| token.as_bytes().windows(name.len()).any(|window| window == name))
}

fn signature(bundle: &Bundle) -> Option<SignatureBytes> {
    match &bundle.content {
        SignatureContent::MessageSignature(message) => Some(message.signature.clone()),
        SignatureContent::DsseEnvelope(envelope) => Some(envelope.signature.sig.clone()),
        _ => None,
    }
}

//! Material and a question -> a proof: the judge's one answer, taken apart into checks.
//!
//! A pass of the whole is the judge's alone. If it says no, its single steps are asked ([`probe`](super::probe)), so
//! that each check tells the outcome of its own step: a log, an authority or a key that the root does not know is not
//! checked, since a newer root may know it; a fault under a known key fails.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;
use sigstore_verify::crypto::KeyAlgorithm;
use sigstore_verify::types::SignatureContent;
use sigstore_verify::types::bundle::{TransparencyLogEntry, VerificationMaterialContent};
use sigstore_verify::{PublicKeyVerificationPolicy, TransparencyLogError, VerificationPolicy};

use super::identity::{self, Identity};
use super::key::Key;
use super::material::Material;
use super::probe::{self, Chain};
use super::root::{Root, Roots};
use super::signed::{self, Artifact};
use super::signer::{Leaf, Signer};
use super::times::{self, SignedTime};
use super::{cosign, entry, say};
use crate::covers::Place;
use crate::report::Verdict;
use crate::{Check, CheckId, Outcome};

/// A question about a signature.
#[derive(Clone, Debug)]
pub struct Question {
    /// The artifact that it should be about.
    pub artifact: Artifact,
    /// The keys that may have signed.
    pub keys: Vec<Key>,
    /// The identities that may have signed.
    pub identities: Vec<Identity>,
    /// The evidence that may be absent.
    pub allow: Allow,
    /// The time of the reader, in seconds since 1970.
    pub now: i64,
    /// The documents of the image in view by digest, and where each lies: what else may have been signed.
    pub beside: Vec<(String, Place)>,
    /// The name that the image came from; none if it is not known.
    pub name: Option<String>,
}

/// The evidence that may be absent: an instance like GitHub's for private repositories has neither of these logs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allow {
    /// There need be no transparency log entry.
    pub no_log: bool,
    /// The certificate need not be in a certificate transparency log.
    pub no_certificate_log: bool,
}

/// The proof about one signature.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// `verified` for a full pass only.
    pub verdict: Verdict,
    /// Every step.
    pub checks: Vec<Check>,
    /// The signer, as far as the bundle tells.
    pub signer: Option<Signer>,
    /// When, and who says so.
    pub times: Vec<SignedTime>,
    /// The judge has said yes to the whole.
    #[serde(skip)]
    pub(super) judged: bool,
}

/// Judges by each root, and takes the answer of the one that knows most.
#[must_use]
pub fn prove(material: &Material, question: &Question, roots: &Roots) -> Proof {
    let answers = roots.0.iter().map(|root| Case { material, question, root }.prove());
    let rank = |proof: &Proof| (proof.verdict == Verdict::Verified, proof.verdict == Verdict::Failed, passes(proof));
    answers.max_by_key(rank).unwrap_or_else(|| Proof::of(Vec::new(), None, Vec::new(), false))
}

fn passes(proof: &Proof) -> usize {
    proof.checks.iter().filter(|check| check.outcome == Outcome::Pass).count()
}

impl Proof {
    pub(super) fn of(checks: Vec<Check>, signer: Option<Signer>, times: Vec<SignedTime>, judged: bool) -> Self {
        let has = |outcome| checks.iter().any(|check| check.outcome == outcome);
        let verdict = match (has(Outcome::Fail), has(Outcome::NotChecked)) {
            (true, _) => Verdict::Failed,
            (false, false) if judged => Verdict::Verified,
            _ => Verdict::Incomplete,
        };
        Self { verdict, checks, signer, times, judged }
    }
}

/// The reason of a step that the judge has not come to.
const EARLIER: &str = "earlier-step-not-proved";

/// One bundle, one question, one root.
pub(super) struct Case<'a> {
    pub(super) material: &'a Material,
    pub(super) question: &'a Question,
    pub(super) root: &'a Root,
}

impl Case<'_> {
    fn prove(&self) -> Proof {
        let checks = vec![say::trust_root(self.root, self.now())];
        match &self.material.bundle.verification_material.content {
            VerificationMaterialContent::PublicKey(_) => self.by_key(checks),
            _ => self.by_certificate(checks),
        }
    }

    /// The content that the signature itself is over: the artifact, or a payload that names it.
    fn artifact(&self) -> Cow<'_, Artifact> {
        match &self.material.payload {
            Some(payload) => Cow::Owned(Artifact::Bytes(payload.clone())),
            None => Cow::Borrowed(&self.question.artifact),
        }
    }

    /// `signed-subject`, and `statement` if one was signed.
    fn subject_checks(&self) -> Vec<Check> {
        let checks = match &self.material.payload {
            Some(payload) => vec![cosign::subject_check(payload, &self.question.artifact)],
            None => signed::subject_checks(&self.material.bundle.content, &self.question.artifact),
        };
        checks.into_iter().map(|check| signed::placed(check, &self.question.beside)).collect()
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.question.now).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A bundle with a certificate.
    fn by_certificate(&self, mut checks: Vec<Check>) -> Proof {
        let bundle = &self.material.bundle;
        let leaf = match bundle.signing_certificate().map(Leaf::read) {
            Some(Ok(leaf)) => leaf,
            Some(Err(why)) => return Proof::of(with(checks, say::certificate_unread(&why)), None, Vec::new(), false),
            None => return Proof::of(with(checks, say::certificate_missing()), None, Vec::new(), false),
        };
        let key = Key { der: leaf.info.public_key.clone(), algorithm: leaf.info.key_algorithm };
        let judged = self.judge_certificate();
        let evidence = times::evidence(self, judged.is_ok());
        checks.extend(self.signature_checks(&[&key]).0);
        checks.extend(evidence.checks.clone());
        checks.extend(match &judged {
            Ok(()) => self.certificate_passes(&leaf),
            Err(_) => self.certificate_checks(&leaf, &evidence),
        });
        checks.extend(self.entry_check(&judged, None, &evidence, &checks));
        checks.push(identity::check(&self.question.identities, &leaf.signer));
        self.conclude(checks, leaf.signer, evidence.times, judged)
    }

    /// A bundle that names a key; the key itself is the user's.
    fn by_key(&self, mut checks: Vec<Check>) -> Proof {
        let keys: Vec<_> = self.question.keys.iter().collect();
        let (signature, used) = self.signature_checks(&keys);
        let Some(key) = used.or_else(|| keys.first().copied()) else {
            checks.push(say::no_key());
            checks.extend(self.subject_checks());
            return Proof::of(checks, None, Vec::new(), false);
        };
        let judged = self.judge_key(key);
        let evidence = times::evidence(self, judged.is_ok());
        let judged = judged.or_else(|why| self.is_cosigns(key, &evidence).then_some(()).ok_or(why));
        checks.extend(signature);
        checks.extend(evidence.checks.clone());
        checks.extend(self.entry_check(&judged, Some(key), &evidence, &checks));
        self.conclude(checks, Signer::key(key), evidence.times, judged)
    }

    /// The judge has the last word: what it refuses never passes, even if no step is found that fails.
    fn conclude(
        &self,
        checks: Vec<Check>,
        signer: Signer,
        times: Vec<SignedTime>,
        judged: Result<(), String>,
    ) -> Proof {
        let tells = |check: &Check| match check.outcome {
            Outcome::Fail => true,
            Outcome::NotChecked => check.id != CheckId::Identity && check.reason != EARLIER,
            _ => false,
        };
        let refused = judged.as_ref().err().filter(|_| !checks.iter().any(tells)).map(|why| say::refused(why));
        let subject = checks.iter().find(|check| check.id == CheckId::SignedSubject);
        let name =
            subject.zip(self.question.name.as_ref()).and_then(|(subject, name)| cosign::name_check(subject, name));
        let checks = checks.into_iter().chain(refused).chain(name).collect();
        Proof::of(checks, Some(signer), times, judged.is_ok())
    }

    fn judge_certificate(&self) -> Result<(), String> {
        let mut policy = VerificationPolicy::any_identity();
        if self.question.allow.no_certificate_log {
            policy = policy.skip_sct();
        }
        if self.question.allow.no_log && self.has_no_entry() {
            policy = policy.skip_tlog_unsafe();
        }
        let bundle = &self.material.bundle;
        match probe::verify(bundle, &self.artifact(), self.root, &policy) {
            Ok(_) => Ok(()),
            Err(error) => match self.left_to_us(&error) {
                Some(entry) => entry::compare(self.material, entry),
                None => Err(error.to_string()),
            },
        }
    }

    fn judge_key(&self, key: &Key) -> Result<(), String> {
        if self.has_no_entry() && self.question.allow.no_log && times::has_no_timestamp(&self.material.bundle) {
            // Nothing but a signature, which the judge takes for no bundle; the signature is verified by its primitives.
            let good = self.signature_checks(&[key]).0.iter().all(|check| check.outcome == Outcome::Pass);
            return if good { Ok(()) } else { Err("the signature does not fit".into()) };
        }
        let policy = PublicKeyVerificationPolicy::new(key.der.clone());
        let policy = if self.question.allow.no_log && self.has_no_entry() { policy.skip_tlog_unsafe() } else { policy };
        match probe::verify(&self.material.bundle, &self.artifact(), self.root, &policy) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// True if it is an envelope that a P-384 key has signed over SHA-256, as cosign does, with good evidence: the judge takes
    /// the hash to be SHA-384, so its last steps are taken here.
    fn is_cosigns(&self, key: &Key, evidence: &times::Evidence) -> bool {
        let SignatureContent::DsseEnvelope(envelope) = &self.material.bundle.content else { return false };
        let entries = &self.material.bundle.verification_material.tlog_entries;
        let signed = self.signature_checks(&[key]).0;
        key.algorithm == KeyAlgorithm::EcdsaP384
            && self.material.unknown_entries.is_empty()
            && signed.iter().chain(&evidence.checks).all(|check| check.outcome == Outcome::Pass)
            && (self.question.allow.no_log || !entries.is_empty())
            && entries.iter().all(|entry| entry::is_of_envelope(entry, envelope, key))
    }

    fn has_no_entry(&self) -> bool {
        self.material.bundle.verification_material.tlog_entries.is_empty()
    }

    /// The entry that the judge has stopped at in its last step, for a reason that is no fault of the entry's.
    fn left_to_us(&self, error: &sigstore_verify::Error) -> Option<&TransparencyLogEntry> {
        let entry = entry::ours(self.material)?;
        match error {
            sigstore_verify::Error::TransparencyLog(TransparencyLogError::MalformedEntry(_)) => Some(entry),
            // The judge wants a SHA-256 digest of what was signed, even if the entry is over another one. It wants none of
            // another algorithm before it has verified the signature.
            sigstore_verify::Error::UnsupportedArtifact(_) => self.all_fit().then_some(entry),
            _ => None,
        }
    }

    fn all_fit(&self) -> bool {
        let Some(Ok(leaf)) = self.material.bundle.signing_certificate().map(Leaf::read) else { return false };
        let key = Key { der: leaf.info.public_key, algorithm: leaf.info.key_algorithm };
        let checks = self.signature_checks(&[&key]).0;
        checks.len() >= 2 && checks.iter().all(|check| check.outcome == Outcome::Pass)
    }

    /// `signature`, `signed-subject` and `statement`, and the key that fits.
    fn signature_checks<'k>(&self, keys: &[&'k Key]) -> (Vec<Check>, Option<&'k Key>) {
        let content = &self.material.bundle.content;
        let as_signed = signed::as_signed(content, &self.artifact());
        let (signature, used) = say::signature(content, &as_signed, keys);
        (with(self.subject_checks(), signature), used)
    }

    fn certificate_passes(&self, leaf: &Leaf) -> Vec<Check> {
        let mut checks = vec![say::certificate_fits(leaf)];
        if !self.question.allow.no_certificate_log {
            checks.push(say::certificate_logged());
        }
        checks
    }

    /// `certificate` and `certificate-log` by the judge's single steps.
    fn certificate_checks(&self, leaf: &Leaf, evidence: &times::Evidence) -> Vec<Check> {
        let issuer_known = self.root.knows_issuer(&leaf.issuer_name) || self.brings_intermediates();
        let log_known = leaf.log_ids.iter().any(|id| self.root.knows_certificate_log(id));
        if !issuer_known {
            return vec![say::authority_unknown(), say::certificate_log_unknown(log_known)];
        }
        if evidence.times.is_empty() {
            return vec![say::certificate_without_time(), say::certificate_log_not_reached()];
        }
        if let Some(time) = evidence.times.iter().find(|time| !leaf.was_valid(time)) {
            return vec![say::certificate_out_of_life(leaf, time), say::certificate_log_not_reached()];
        }
        let artifact = signed::as_signed(&self.material.bundle.content, &self.artifact());
        let ask = |with_log| probe::chain(&evidence.bundle, &artifact, self.root, with_log);
        let certificate = match ask(false) {
            Chain::Good => say::certificate_fits(leaf),
            bad => return vec![say::certificate_bad(&bad, leaf), say::certificate_log_not_reached()],
        };
        let log = match ask(true) {
            _ if self.question.allow.no_certificate_log => return vec![certificate],
            Chain::Good => say::certificate_logged(),
            _ if leaf.log_ids.is_empty() && self.root.parsed.ctlogs.is_empty() => say::no_certificate_log(),
            _ if !leaf.log_ids.is_empty() && !log_known => say::certificate_log_unknown(false),
            Chain::NotLogged(why) | Chain::Broken(why) | Chain::NoAuthorityThen(why) => say::certificate_log_bad(&why),
        };
        vec![certificate, log]
    }

    /// A chain in the bundle may lead to a known authority by certificates of its own.
    fn brings_intermediates(&self) -> bool {
        match &self.material.bundle.verification_material.content {
            VerificationMaterialContent::X509CertificateChain { certificates } => {
                let issuers = certificates.iter().skip(1).filter_map(|one| Leaf::read_issuer(&one.raw_bytes));
                issuers.into_iter().any(|name| self.root.knows_issuer(&name))
            }
            _ => false,
        }
    }

    /// `log-entry`: the entries are of this signature.
    fn entry_check(
        &self,
        judged: &Result<(), String>,
        key: Option<&Key>,
        evidence: &times::Evidence,
        so_far: &[Check],
    ) -> Option<Check> {
        if let Some(kind) = self.material.unknown_entries.first() {
            return Some(say::entry_kind_unknown(kind));
        }
        if self.has_no_entry() {
            return None;
        }
        if !entry::are_of_their_kind(self.material) {
            return Some(say::entry_differs("the log entry is of another kind than it says"));
        }
        if judged.is_ok() {
            return Some(say::entry_fits());
        }
        let bad = |check: &Check| check.id == CheckId::Signature && check.outcome != Outcome::Pass;
        if so_far.iter().any(bad) {
            return Some(say::entry_not_reached("signature-not-proved"));
        }
        // The judge compares nothing with a payload whose type it does not know.
        if so_far.iter().any(|check| check.reason == signed::TYPE_UNKNOWN) {
            return Some(say::entry_not_reached(EARLIER));
        }
        let artifact = signed::as_signed(&self.material.bundle.content, &self.artifact());
        Some(match probe::entries_fit(&evidence.bundle, &artifact, self.root, key) {
            Some(Ok(())) => say::entry_fits(),
            Some(Err(why)) => match entry::ours(self.material).map(|entry| entry::compare(self.material, entry)) {
                Some(Ok(())) => say::entry_fits(),
                Some(Err(why)) => say::entry_differs(&why),
                None => say::entry_differs(&why),
            },
            None => say::entry_not_reached(EARLIER),
        })
    }
}

pub(super) fn with(mut checks: Vec<Check>, check: Check) -> Vec<Check> {
    checks.push(check);
    checks
}

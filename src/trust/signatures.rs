//! The signatures that were found about an image -> what each proves, and what they say together.

use jiff::Timestamp;
use serde::Serialize;

use super::cosign::{Layer, is_legacy};
use super::material::Material;
use super::notation;
use super::prove::{Proof, Question, prove};
use super::root::Roots;
use super::signed::{self, Artifact};
use crate::covers::{Cover, Covers};
use crate::digest::Source;
use crate::report::Verdict;
use crate::say::say;
use crate::{Check, CheckId, Digest, Outcome};

/// A blob that is a signature, an attestation or a bundle, with what stands beside it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The node that it is.
    pub id: String,
    /// The digests that it may be about: the only one if its place tells, else those of the images beside it.
    pub about: Vec<Digest>,
    /// Its media type.
    pub media_type: String,
    /// The annotations of its descriptor.
    pub annotations: Vec<(String, String)>,
    /// Its bytes, hashed before; none if they could not be had.
    pub bytes: Option<Vec<u8>>,
}

/// The outcome for one of them.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// The node that it is.
    pub id: String,
    /// The digest that it was held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Its proof.
    #[serde(flatten)]
    pub proof: Proof,
    /// Every step holds; who signed is another question.
    pub good: bool,
    /// It holds, and the user named its signer.
    pub named: bool,
}

/// The verdict over all signatures. The image's own verdict stays apart: any client that can push can add a bad
/// signature.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trust {
    /// The verdict.
    pub verdict: TrustVerdict,
    /// The number of signatures that were looked at.
    pub signatures: usize,
    /// The number of them that hold.
    pub good: usize,
    /// The number of these that are of signers that the user named.
    pub named: usize,
    /// The platform in view, if all that holds is about this platform alone, and not about the index that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
}

/// The verdict over an image's signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrustVerdict {
    /// One holds, and the user has not said who should have signed.
    Signed,
    /// One holds, and the user named its signer.
    SignedByNamed,
    /// None holds, and at least one is wrong or of another signer.
    Failed,
    /// There is none.
    Unsigned,
    /// None could be judged to the end.
    Unknown,
}

/// The known signatures of an image.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signatures {
    /// Each of them.
    pub judged: Vec<Judged>,
    /// All together.
    pub trust: Trust,
    /// `policy`, if the user requires signatures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Check>,
    /// The node that stands for the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// Judges the found signatures; `question` is asked about each, with the digest that it is about. A signature that does
/// not cover the image in view counts for nothing, even if its own steps pass. `require` is the number of different
/// signers named by the user that must have signed the image.
#[must_use]
pub fn judge(found: &[Found], question: &Question, roots: &Roots, covers: &Covers, require: Option<u64>) -> Signatures {
    let question = &Question { beside: covers.documents().to_vec(), ..question.clone() };
    let judged: Vec<_> = found.iter().map(|one| one.judge(question, roots, covers)).collect();
    let count = |wanted: fn(&Judged) -> bool| judged.iter().filter(|one| wanted(one)).count();
    let (good, named) = (count(|one| one.good), count(|one| one.named));
    let failed = count(|one| one.proof.verdict == Verdict::Failed);
    let verdict = match (judged.len(), named, good, failed) {
        (0, ..) => TrustVerdict::Unsigned,
        (_, 1.., ..) => TrustVerdict::SignedByNamed,
        (_, 0, 1.., _) => TrustVerdict::Signed,
        (_, 0, 0, 1..) => TrustVerdict::Failed,
        _ => TrustVerdict::Unknown,
    };
    let trust = Trust { verdict, signatures: judged.len(), good, named, only: only(&judged, covers) };
    let policy = require.map(|require| policy(&judged, require));
    Signatures { judged, trust, policy, image: covers.root.clone() }
}

impl Signatures {
    /// The same; without any signature it is unknown whether there are some, unless their places were `asked`.
    #[must_use]
    pub fn given(mut self, asked: bool) -> Self {
        if !asked && self.trust.verdict == TrustVerdict::Unsigned {
            self.trust.verdict = TrustVerdict::Unknown;
        }
        self
    }
}

impl Found {
    fn judge(&self, question: &Question, roots: &Roots, covers: &Covers) -> Judged {
        let Some(bytes) = &self.bytes else {
            return self.unread(not_checked("signature-not-read", "its bytes were not read"));
        };
        if notation::is_envelope(&self.media_type) {
            return self.notation(bytes, question, covers);
        }
        match self.material(bytes) {
            Ok(material) => self.prove(&material, question, roots, covers),
            Err(check) => self.unread(*check),
        }
    }

    /// A signature that cannot be judged at all.
    fn unread(&self, check: Check) -> Judged {
        Judged {
            id: self.id.clone(),
            about: self.about.first().map(ToString::to_string),
            proof: Proof::of(vec![check], None, Vec::new(), false),
            good: false,
            named: false,
        }
    }

    /// A signature of the Notary Project is shown as it is: nothing of it is verified here.
    fn notation(&self, bytes: &[u8], question: &Question, covers: &Covers) -> Judged {
        let Some(envelope) = notation::Envelope::read(&self.media_type, bytes) else {
            let message = "it is no envelope of the Notary Project that can be read";
            return self.unread(Check::new(CheckId::Signature, Outcome::Fail, message).because("signature-unreadable"));
        };
        let target = envelope.target().unwrap_or_default();
        let of_target = self.about.iter().find(|digest| digest.as_str().eq_ignore_ascii_case(&target));
        let Some(about) = of_target.or(self.about.first()) else {
            let check = not_checked("nothing-to-compare", "no image is here that it could be about");
            return self.unread(Check { id: CheckId::SignedSubject, ..check });
        };
        let now = Timestamp::from_second(question.now).unwrap_or(Timestamp::UNIX_EPOCH);
        let checks = envelope.checks(about, covers, &self.annotations, now);
        let checks = checks.into_iter().map(|check| signed::placed(check, &question.beside)).collect();
        let proof = Proof::of(checks, envelope.signer(), envelope.times(), false);
        let proof = counted(proof, about.as_str(), covers);
        Judged { id: self.id.clone(), about: Some(about.to_string()), proof, good: false, named: false }
    }

    fn material(&self, bytes: &[u8]) -> Result<Material, Box<Check>> {
        let media_type = self.media_type.as_str();
        let read = if is_legacy(media_type) {
            Layer { media_type, annotations: &self.annotations, bytes }.read()
        } else {
            Material::parse(&String::from_utf8_lossy(bytes))
        };
        read.map_err(|error| {
            Box::new(Check::new(CheckId::Signature, Outcome::Fail, error.to_string()).because("signature-unreadable"))
        })
    }

    /// If several images may be meant, takes the one that fits, the one in view before others; a signature that is
    /// about none of them fails.
    fn prove(&self, material: &Material, question: &Question, roots: &Roots, covers: &Covers) -> Judged {
        let ask = |about: &Digest| {
            let mut question = Question { artifact: Artifact::Digest(about.clone()), ..question.clone() };
            // A key needs no log: the user named it, at whatever time it signed.
            question.allow.no_log |= material.is_by_key();
            (Some(about.to_string()), prove(material, &question, roots))
        };
        let is_of_image = |digest: &Digest| covers.cover(digest.as_str()) == Cover::Image;
        let (own, others): (Vec<_>, Vec<_>) = self.about.iter().partition(|digest| is_of_image(digest));
        let mut answers: Vec<_> = own.into_iter().chain(others).map(ask).collect();
        let best = answers.iter().position(|(_, proof)| fits(proof)).unwrap_or_default();
        if answers.is_empty() {
            let check = not_checked("nothing-to-compare", "no image is here that it could be about");
            return self.unread(Check { id: CheckId::SignedSubject, ..check });
        }
        let (about, proof) = answers.swap_remove(best);
        let proof = counted(proof, about.as_deref().unwrap_or_default(), covers);
        let good = holds(&proof);
        let named = good && is_named(&proof, question);
        Judged { id: self.id.clone(), about, proof, good, named }
    }
}

/// The platform that alone is signed, by those who were named if one of these has signed.
fn only(judged: &[Judged], covers: &Covers) -> Option<String> {
    let has_named = judged.iter().any(|one| one.named);
    let counted = judged.iter().filter(|one| if has_named { one.named } else { one.good });
    let alone: Option<Vec<_>> = counted.map(|one| covers.alone(one.about.as_deref()?)).collect();
    Some((*alone?.first()?).to_owned())
}

fn fits(proof: &Proof) -> bool {
    outcome_of(proof, CheckId::SignedSubject) == Some(Outcome::Pass)
}

/// The same proof; `signed-subject` holds only if the digest covers the image in view, and else says what it is of.
fn counted(mut proof: Proof, about: &str, covers: &Covers) -> Proof {
    let (outcome, said, actual) = match covers.cover(about) {
        _ if !fits(&proof) => return proof,
        Cover::Image => return proof,
        Cover::Platform(platform) => (Outcome::Fail, signed::another_platform(&platform), about.to_owned()),
        Cover::OtherIndex => (Outcome::Fail, signed::other_index(), about.to_owned()),
        Cover::Another(of) => (Outcome::Fail, signed::another_image(), signed::first_few(&of)),
        Cover::Unread => (
            Outcome::NotChecked,
            say!(
                "attestation-not-read",
                "it is about an attestation of this image's index, whose statements were not read"
            ),
            about.to_owned(),
        ),
        Cover::Nothing => (
            Outcome::NotChecked,
            say!("nothing-to-compare", "no image is here that it could be about"),
            about.to_owned(),
        ),
    };
    let changed = |check: Check| match check.id {
        CheckId::SignedSubject => {
            Check::new(check.id, outcome, said.clone()).values(covers.view(), &actual, Source::User)
        }
        _ => check,
    };
    let checks = std::mem::take(&mut proof.checks).into_iter().map(changed).collect();
    Proof::of(checks, proof.signer, proof.times, proof.judged)
}

/// Nothing is wrong, and nothing is unproved but for who should have signed.
fn holds(proof: &Proof) -> bool {
    let proved = |check: &Check| match check.outcome {
        Outcome::Pass | Outcome::Warn => true,
        Outcome::Fail => false,
        Outcome::NotChecked => check.id == CheckId::Identity,
    };
    let signed = [CheckId::Signature, CheckId::SignedSubject].map(|id| outcome_of(proof, id));
    proof.judged && proof.checks.iter().all(proved) && signed == [Some(Outcome::Pass); 2]
}

/// A key that fits is one that the user gave; an identity must have been compared.
fn is_named(proof: &Proof, question: &Question) -> bool {
    match proof.signer.as_ref().map(|signer| signer.kind) {
        Some("key") => !question.keys.is_empty(),
        _ => outcome_of(proof, CheckId::Identity) == Some(Outcome::Pass),
    }
}

fn outcome_of(proof: &Proof, id: CheckId) -> Option<Outcome> {
    proof.checks.iter().find(|check| check.id == id).map(|check| check.outcome)
}

/// Different signers count, so that one signature that hangs there twice counts once.
fn policy(judged: &[Judged], require: u64) -> Check {
    let named = judged.iter().filter(|one| one.named);
    let mut signers: Vec<_> = named.filter_map(|one| one.proof.signer.as_ref()).map(signer_name).collect();
    signers.sort();
    signers.dedup();
    let count = signers.len() as u64;
    let fits = count >= require;
    let (outcome, reason) = if fits { (Outcome::Pass, "enough-signers") } else { (Outcome::Fail, "too-few-signers") };
    let message = match fits {
        true => "as many signers as you require, of those that you named, have signed this image",
        false => "fewer signers than you require, of those that you named, have signed this image",
    };
    Check::new(CheckId::Policy, outcome, message)
        .because(reason)
        .values(require.to_string(), count.to_string(), Source::User)
        .with("require", require)
        .with("signers", count)
}

/// A certificate's key is new each time, its identity is not.
fn signer_name(signer: &super::Signer) -> (Option<String>, Option<String>, Option<String>) {
    match signer.kind {
        "key" => (None, None, signer.key.clone()),
        _ => (signer.identity.clone(), signer.issuer.clone(), None),
    }
}

fn not_checked(reason: &'static str, message: &str) -> Check {
    Check::new(CheckId::Signature, Outcome::NotChecked, message).because(reason)
}

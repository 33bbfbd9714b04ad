//! A bundle's text -> what the judge takes: bounded, without doubtful JSON, entries of unknown kinds set apart.

use sigstore_verify::types::bundle::VerificationMaterialContent;
use sigstore_verify::types::{Bundle, SignatureContent};

use super::provider;
use super::text::{Change, Text, quoted};
use crate::error::{Error, ErrorKind};
use crate::{Json, Object, limits};

/// A bundle as it was read.
pub struct Material {
    pub(super) bundle: Bundle,
    /// Kinds of log entries that the judge does not know; such entries are left out of `bundle`.
    pub(super) unknown_entries: Vec<String>,
    /// Places in `bundle` of `intoto` 0.0.1 entries, which stand there as 0.0.2: the log's signature does not cover the
    /// version, and the judge would not take them else. Their bodies are compared here.
    pub(super) old_intoto: Vec<usize>,
    /// The signed payload, if it is not the artifact itself: a text of cosign's that names the image.
    pub(super) payload: Option<Vec<u8>>,
}

impl Material {
    /// True if both were read into the same, whatever their texts are. The version and a key's id, which no signature covers,
    /// may differ, and a declared digest may be absent.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let mut bundle = self.bundle.clone();
        bundle.media_type = other.bundle.media_type;
        match (&mut bundle.content, &other.bundle.content) {
            (SignatureContent::DsseEnvelope(own), SignatureContent::DsseEnvelope(theirs)) => {
                own.signature.keyid = theirs.signature.keyid.clone();
            }
            // The digest beside a signature may be absent: the signature binds.
            (SignatureContent::MessageSignature(own), SignatureContent::MessageSignature(theirs))
                if own.message_digest.is_none() =>
            {
                own.message_digest.clone_from(&theirs.message_digest);
            }
            _ => {}
        }
        bundle == other.bundle
    }

    /// True if it names a key, not a certificate.
    pub(super) fn is_by_key(&self) -> bool {
        matches!(self.bundle.verification_material.content, VerificationMaterialContent::PublicKey(_))
    }

    /// Reads a bundle.
    ///
    /// # Errors
    /// `bundle-invalid` if it is none, or one that programs may read in different ways; `limit-exceeded` if it is too large.
    pub fn parse(text: &str) -> Result<Self, Error> {
        provider::install();
        if text.len() > limits::BUNDLE_BYTES {
            return Err(Error::new(ErrorKind::LimitExceeded, "the bundle is larger than 4 MiB"));
        }
        let source = Text::parse(text.trim(), "it")?;
        let material = source.root.key("verificationMaterial").and_then(Json::as_object);
        only_one(source.root.as_object(), &CONTENTS)?;
        only_one(material, &SIGNERS)?;
        let entries = Entries::sort(&source, material.and_then(|material| material.key("tlogEntries")))?;
        let material = |one: &Json| {
            source.object(one, &|name, value| {
                within(name, value, &SIGNERS, "tlogEntries", || {
                    entries
                        .kept
                        .as_ref()
                        .map_or_else(|| source.raw(Some(value)).to_owned(), |kept| format!("[{}]", kept.join(",")))
                })
            })
        };
        let text = source.object(&source.root, &|name, value| {
            within(name, value, &CONTENTS, "verificationMaterial", || material(value))
        });
        let bundle = Bundle::from_json(&text).map_err(|error| invalid(error.to_string()))?;
        bounded(&bundle)?;
        Ok(Self { bundle, unknown_entries: entries.unknown, old_intoto: entries.old, payload: None })
    }
}

/// The signed content and the signer: of each a bundle holds one. Some programs read names of the second form, too.
const CONTENTS: [[&str; 2]; 2] = [["messageSignature", "message_signature"], ["dsseEnvelope", "dsse_envelope"]];
const SIGNERS: [[&str; 2]; 3] =
    [["certificate", "certificate"], ["x509CertificateChain", "x509_certificate_chain"], ["publicKey", "public_key"]];

/// Two of these would be read by some programs as the one and by others as the other. Null is none.
fn only_one(holder: Option<&Object>, names: &[[&str; 2]]) -> Result<(), Error> {
    let members = holder.into_iter().flatten().filter(|member| !member.value.is_null());
    let found: Vec<_> = members.filter(|member| is_among(&member.name, names)).map(|member| &member.name).collect();
    match found[..] {
        [one, other, ..] => {
            Err(invalid(format!("it has both {one} and {other}, and programs differ in which they read")))
        }
        _ => Ok(()),
    }
}

fn is_among(name: &str, names: &[[&str; 2]]) -> bool {
    names.iter().flatten().any(|one| *one == name)
}

/// Rewrites a member: null is left out if it stands for none of `names`, and `changed` is written anew.
fn within(name: &str, value: &Json, names: &[[&str; 2]], changed: &str, anew: impl Fn() -> String) -> Change {
    match name {
        _ if value.is_null() && is_among(name, names) => Change::Drop,
        _ if name == changed => Change::To(anew()),
        _ => Change::Keep,
    }
}

/// The log entries of a bundle, sorted.
#[derive(Default)]
struct Entries {
    /// The texts of those that the judge reads; none if there is no list of them.
    kept: Option<Vec<String>>,
    unknown: Vec<String>,
    old: Vec<usize>,
}

impl Entries {
    /// Takes entries of unknown kinds out and counts `intoto` 0.0.1 as 0.0.2.
    fn sort(source: &Text<'_>, entries: Option<&Json>) -> Result<Self, Error> {
        let Some(all) = entries.and_then(Json::as_array) else { return Ok(Self::default()) };
        if all.len() > limits::LOG_ENTRIES {
            return Err(Error::new(ErrorKind::LimitExceeded, "the bundle has more than 32 log entries"));
        }
        let (mut sorted, mut kept) = (Self::default(), Vec::new());
        for entry in all {
            let text = source.raw(Some(entry)).to_owned();
            let version =
                entry.key("kindVersion").and_then(|kind| Some((kind.key("kind")?.as_str()?, kind.key("version")?)));
            match version.and_then(|(kind, version)| Some((kind, version, version.as_str()?))) {
                Some(("hashedrekord", _, "0.0.1" | "0.0.2") | ("dsse", _, "0.0.1") | ("intoto", _, "0.0.2")) => {
                    kept.push(text);
                }
                Some(("intoto", version, "0.0.1")) => {
                    sorted.old.push(kept.len());
                    kept.push(source.with(entry, version, &quoted("0.0.2")));
                }
                Some((kind, _, version)) => sorted.unknown.push(format!("{kind}/{version}")),
                None => sorted.unknown.push("of no kind".to_owned()),
            }
        }
        sorted.kept = Some(kept);
        Ok(sorted)
    }
}

/// Holds a bundle to our caps; the judge has none of its own.
fn bounded(bundle: &Bundle) -> Result<(), Error> {
    let material = &bundle.verification_material;
    let certificates: Vec<usize> = match &material.content {
        VerificationMaterialContent::Certificate(one) => vec![one.raw_bytes.as_bytes().len()],
        VerificationMaterialContent::X509CertificateChain { certificates } => {
            certificates.iter().map(|one| one.raw_bytes.as_bytes().len()).collect()
        }
        _ => Vec::new(),
    };
    let proofs = || material.tlog_entries.iter().filter_map(|entry| entry.inclusion_proof.as_ref());
    let signatures = |checkpoint: &sigstore_verify::types::Checkpoint| checkpoint.signatures().len();
    let excess = [
        ("log entries", material.tlog_entries.len(), limits::LOG_ENTRIES),
        ("timestamps", material.timestamp_verification_data.rfc3161_timestamps.len(), limits::SIGNED_TIMESTAMPS),
        ("certificates", certificates.len(), limits::CERTIFICATE_CHAIN),
        ("bytes in a certificate", certificates.into_iter().max().unwrap_or_default(), limits::CERTIFICATE_BYTES),
        ("hashes in a proof", proofs().map(|proof| proof.hashes.len()).max().unwrap_or_default(), limits::PROOF_HASHES),
        (
            "bytes in a checkpoint",
            proofs().map(|proof| proof.checkpoint.envelope().len()).max().unwrap_or_default(),
            limits::CHECKPOINT_BYTES,
        ),
        (
            "signatures of a checkpoint",
            proofs().filter_map(|proof| proof.checkpoint.checkpoint()).map(signatures).max().unwrap_or_default(),
            limits::CHECKPOINT_SIGNATURES,
        ),
    ];
    let over = excess.into_iter().find(|(_, count, limit)| count > limit);
    over.map_or(Ok(()), |(what, count, limit)| {
        Err(Error::new(ErrorKind::LimitExceeded, format!("{count} {what}: no more than {limit} are read")))
    })
}

fn invalid(message: impl Into<crate::check::Said>) -> Error {
    Error::new(ErrorKind::BundleInvalid, message)
}

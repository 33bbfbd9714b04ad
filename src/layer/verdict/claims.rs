//! Compares the claims of a descriptor and a config about a layer with its bytes: digest, size, `DiffID`, compression.

use super::Spec;
use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::layer::transport::Way;
use crate::layer::{Fault, TarFacts, Unpacked};
use crate::media_type::MediaType;
use crate::say::{Word, say};

/// The digest of the blob; no check if none is needed, since its `DiffID` proves it.
pub(super) fn digest(spec: &Spec, unpacked: &Unpacked) -> Option<Check> {
    if spec.is_nameless() {
        return None;
    }
    let claim = Claim {
        id: CheckId::Digest,
        text: spec.digest.as_deref(),
        source: Source::Descriptor,
        absent: Word("layer-digest", "no digest of the layer was given"),
        bytes: Word("layer-bytes", "the layer's bytes"),
        named: Word("digest", "one"),
    };
    Some(claim.against(unpacked.digest().as_ref()))
}

/// The digest of the tar; `stop` is why the blob was not unpacked to its end.
pub(super) fn diff_id(spec: &Spec, stop: Option<&Fault>, tar_facts: &TarFacts) -> Check {
    let claim = Claim {
        id: CheckId::DiffId,
        text: spec.diff_id.as_deref(),
        source: Source::Config,
        absent: Word("layer-diff-id", "no config gives the DiffID of this layer"),
        bytes: Word("unpacked-tar", "the unpacked tar"),
        named: Word("diff-id", "DiffID"),
    };
    let why = match stop {
        Some(_) => Some(say!("not-unpacked", "the layer could not be unpacked to its end")),
        None => tar_facts.diff_id.is_none().then(|| say!("not-hashed", "the tar was listed and not hashed")),
    };
    let Some(why) = why else { return claim.against(tar_facts.diff_id().as_ref()) };
    let mut check = Check::new(CheckId::DiffId, Outcome::NotChecked, why);
    check.source = claim.text.map(|_| Source::Config);
    check.expected = claim.text.map(str::to_owned);
    check
}

/// A digest that a document gives, or none does.
struct Claim<'a> {
    id: CheckId,
    text: Option<&'a str>,
    source: Source,
    /// Says that no document gives it.
    absent: Word,
    /// The bytes that it is of.
    bytes: Word,
    /// Its name in the document.
    named: Word,
}

impl Claim<'_> {
    fn against(&self, found: Option<&Digest>) -> Check {
        let actual = found.map(ToString::to_string).unwrap_or_default();
        let Some(text) = self.text else {
            let message = say!("not-given", "{absent}; computed now", absent = self.absent);
            let mut check = Check::new(self.id, Outcome::NotChecked, message);
            check.actual = Some(actual);
            return check;
        };
        let Self { bytes, named, .. } = *self;
        let source = source(self.source);
        let (outcome, message) = match Digest::parse(text).ok() {
            None => (Outcome::Fail, say!("no-digest", "what {source} gives is no digest", source)),
            Some(claimed) if claimed.algorithm().is_none() => {
                let algorithm = claimed.algorithm_name();
                let message =
                    say!("unknown-algorithm", "{algorithm} is not an algorithm that can be computed here", algorithm);
                (Outcome::NotChecked, message)
            }
            Some(claimed) if Some(&claimed) == found => {
                let message =
                    say!("same-digest", "the digest of {bytes} is the {named} given by {source}", bytes, named, source);
                (Outcome::Pass, message)
            }
            Some(_) => {
                let message = say!(
                    "other-digest",
                    "the digest of {bytes} is not the {named} given by {source}",
                    bytes,
                    named,
                    source
                );
                (Outcome::Fail, message)
            }
        };
        Check::new(self.id, outcome, message).values(text, actual, self.source)
    }
}

fn source(source: Source) -> Word {
    Word::plain(if source == Source::Config { "the config" } else { "the descriptor" })
}

/// The size of the blob. Fewer bytes that cannot be unpacked to their end are the beginning of the blob.
pub(super) fn size(told: u64, actual: u64, is_broken: bool) -> Check {
    let (outcome, message) = if told == actual {
        (Outcome::Pass, say!("same-size", "there are as many bytes as the descriptor says"))
    } else if actual < told && is_broken {
        let message = say!("cut-short", "the layer was cut short: {actual} of {size} bytes came", size = told, actual);
        (Outcome::Fail, message)
    } else {
        let message = say!("other-size", "the descriptor says {size} bytes, there are {actual}", size = told, actual);
        (Outcome::Fail, message)
    };
    let check = Check::new(CheckId::Size, outcome, message);
    check.values(told.to_string(), actual.to_string(), Source::Descriptor)
}

/// The compression that the media type names against the one that the bytes have. The bytes are those that the
/// descriptor means, and engines go by them, so another name is a doubt.
pub(super) fn compression(spec: &Spec, unpacked: &Unpacked, way: &Way<'_>) -> Option<Check> {
    let told = spec.media_type.as_deref()?;
    let (named, found) = (MediaType::new(told).layer()?, unpacked.compression.as_deref()?);
    if named.name() == found || way.hides_packing() {
        return None;
    }
    let message = format!(
        "the media type says {}, the bytes are {}: Docker and podman go by the bytes, other programs may not",
        words(named.name()),
        words(found)
    );
    let check = Check::new(CheckId::MediaType, Outcome::Warn, message).because("other-compression");
    Some(check.with("named", named.name()).with("found", found).values(named.name(), found, Source::Descriptor))
}

fn words(compression: &str) -> &str {
    if compression == "none" { "not compressed" } else { compression }
}

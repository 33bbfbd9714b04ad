//! Both halves -> Check: the blob that was unpacked on its way: what came is its tar, and fits the `DiffID` only.
//!
//! If a registry or a proxy labels a layer `Content-Encoding: gzip`, every HTTP client hands over the decoded bytes,
//! and no digest of the blob can fit them. They are still proved: by the `DiffID`.

use super::{Spec, TarFacts, Unpacked};
use crate::checks::{Check, CheckId, Outcome};
use crate::media_type::{Compression, MediaType};

/// Facts about the way that a blob took.
pub(super) enum Way<'a> {
    /// The answer is the blob that was asked for, or something else altogether.
    Unknown,
    /// The answer is the tar of the blob that was asked for, without a header that says so.
    Tar,
    /// The same, and the answer said that it was encoded so.
    Decoded(&'a str),
}

pub(super) fn way<'a>(spec: &Spec, unpacked: &'a Unpacked, tar_facts: &TarFacts) -> Way<'a> {
    let named = spec.media_type.as_deref().and_then(|told| MediaType::new(told).layer());
    let is_packed = named.is_none_or(|compression| compression != Compression::None);
    let is_bare = unpacked.compression.as_deref() == Some(Compression::None.name());
    let (told, found) = (spec.digest(), unpacked.digest());
    let is_tar = spec.diff_id().is_some() && spec.diff_id() == tar_facts.diff_id();
    if !is_packed || !is_bare || !is_tar || told.is_none() || told == found {
        return Way::Unknown;
    }
    unpacked.transport.as_deref().map_or(Way::Tar, Way::Decoded)
}

impl Way<'_> {
    /// The check as it is once this is known: bytes that were not seen are neither right nor wrong.
    pub(super) fn told(&self, mut check: Check) -> Check {
        match (self, check.id) {
            (Self::Tar, CheckId::Digest) => {
                check.message.push_str(
                    "; it is the DiffID: these are the bytes of the layer's tar, unpacked by the registry or on their way",
                );
                check = check.because("tar-of-the-layer");
            }
            (Self::Decoded(encoding), CheckId::Digest | CheckId::Size) => {
                check.outcome = Outcome::NotChecked;
                check.message = format!(
                    "the layer was unpacked on its way (Content-Encoding: {}): what came is its tar, proved by the DiffID; the blob itself was not seen",
                    encoding.escape_debug()
                );
                check = check.because("tar-of-the-layer");
            }
            _ => {}
        }
        check
    }

    /// True if the bytes do not show how the blob is packed.
    pub(super) fn hides_packing(&self) -> bool {
        matches!(self, Self::Decoded(_))
    }
}

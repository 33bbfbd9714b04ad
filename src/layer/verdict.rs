//! Both halves -> Check: what was claimed about a layer against what its bytes are.
//!
//! The blob's kind decides what is asked of it. A layer has to unpack to a tar; an encrypted layer, a signature, a wasm
//! module promise no tar, so their digest and size are proved and the rest is not checked, with the reason.

mod claims;
mod tar;

use serde::{Deserialize, Deserializer, Serialize};

use super::transport;
use super::{Fault, FaultKind, TarFacts, Unpacked, toc};
use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::media_type::{BlobKind, Compression, MediaType};
use crate::say::say;

/// The claims about a layer; values without a claim are not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    /// The digest of the blob, by its descriptor.
    pub digest: Option<String>,
    /// Its size in bytes, by its descriptor.
    #[serde(deserialize_with = "number")]
    pub size: Option<u64>,
    /// The number of bytes at hand of a blob without a description: caps go by it, and no check does.
    #[serde(deserialize_with = "number")]
    pub length: Option<u64>,
    /// Its media type, by its descriptor.
    pub media_type: Option<String>,
    /// Its kind, as the core found it in the manifest; else its media type says it.
    pub blob_kind: Option<BlobKind>,
    /// The digest of its tar, by the config (`rootfs.diff_ids`).
    pub diff_id: Option<String>,
    /// The descriptor's annotations.
    #[serde(deserialize_with = "given")]
    pub annotations: Vec<(String, String)>,
    /// The descriptor's `urls`: other places where its bytes may lie.
    #[serde(deserialize_with = "given")]
    pub urls: Vec<String>,
    /// Caps that the user has set.
    #[serde(deserialize_with = "given")]
    pub limits: Caps,
    /// True if this is a file around others, which may be compressed as a layer may not: with xz.
    #[serde(deserialize_with = "given")]
    pub outer: bool,
    /// True if no document names this blob by its digest, so that its `DiffID` alone proves it: a layer of a `docker save`.
    #[serde(deserialize_with = "given")]
    pub nameless: bool,
    /// True if it stands in the place of another kind of blob: only its digest and size are claimed.
    #[serde(deserialize_with = "given")]
    pub blob: bool,
    /// True if it is read as a tar whatever its type promises: an artifact's tool unpacks it, as Helm does a chart.
    #[serde(deserialize_with = "given")]
    pub as_tar: bool,
    /// True if the content of each file is hashed, too, for a comparison of images.
    #[serde(deserialize_with = "given")]
    pub contents: bool,
}

/// Caps that stop the reading of a layer; the usual ones are in [`crate::limits`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Caps {
    /// The most bytes that a layer may unpack to.
    #[serde(deserialize_with = "number")]
    pub unpacked_bytes: Option<u64>,
    /// The most times its own size that a layer may unpack to.
    #[serde(deserialize_with = "number")]
    pub ratio: Option<u64>,
    /// The number of entries that are listed.
    #[serde(deserialize_with = "number")]
    pub entries: Option<u64>,
    /// The largest window of a zstd frame in bytes.
    #[serde(deserialize_with = "number")]
    pub window_bytes: Option<u64>,
}

/// A member that JavaScript may have left undefined.
fn given<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A number of JavaScript, of which `Infinity` is the largest there is.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the nearest integer from 0 up")]
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<f64>::deserialize(from)?.map(|number| number as u64))
}

/// All that was found out about a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerVerdict {
    /// Digest, size, `DiffID`, tar, and what else there was to say.
    pub checks: Vec<Check>,
    /// True if the blob was read to its end.
    pub read: bool,
    /// The digest computed over the blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The size of the blob in bytes.
    pub size: u64,
    /// True if it was read as a tar; else only digest and size were held against what was claimed.
    pub tar: bool,
    /// `none`, `gzip` or `zstd`.
    pub compression: String,
    /// The digest computed over the tar, if all of it was unpacked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff_id: Option<String>,
    /// The size of the tar in bytes.
    pub unpacked: u64,
    /// The number of its entries.
    pub entry_count: u64,
    /// The bytes of its files together.
    pub file_bytes: u64,
    /// The table of contents that it has: `estargz` or `zstd:chunked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toc: Option<&'static str>,
}

impl Spec {
    pub(super) fn digest(&self) -> Option<Digest> {
        self.digest.as_deref().and_then(|text| Digest::parse(text).ok())
    }

    /// The kind of the blob. A file without a description is read as a layer.
    pub(super) fn kind(&self) -> BlobKind {
        let by_type = || self.media_type.as_deref().map(|text| BlobKind::of(&MediaType::new(text), None));
        let kind = self.blob_kind.or_else(by_type).unwrap_or(BlobKind::Layer);
        if self.as_tar { BlobKind::Layer } else { kind }
    }

    /// True if the blob is hashed and not unpacked.
    pub(super) fn is_only_hashed(&self) -> bool {
        !self.as_tar && self.blob || !self.kind().is_read()
    }

    /// True if there is no digest to hold the blob against, and need be none.
    fn is_nameless(&self) -> bool {
        self.nameless && self.digest.is_none() && self.diff_id.is_some()
    }

    pub(super) fn diff_id(&self) -> Option<Digest> {
        self.diff_id.as_deref().and_then(|text| Digest::parse(text).ok())
    }

    pub(super) fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The verdict over both halves of a layer that was read to its end.
#[must_use]
pub fn verdict(spec: &Spec, unpacked: &Unpacked, tar_facts: &TarFacts) -> LayerVerdict {
    if let Some(fault) = &unpacked.unending {
        let mut found = unreadable(spec, &fault.message);
        found.checks.extend(tar::limit(fault));
        return found;
    }
    let way = transport::way(spec, unpacked, tar_facts);
    let mut checks: Vec<Check> = claims::digest(spec, unpacked).map(|check| way.told(check)).into_iter().collect();
    let is_broken = [&unpacked.fault, &tar_facts.fault].into_iter().flatten().any(Fault::is_of_bytes);
    checks.extend(spec.size.map(|told| way.told(claims::size(told, unpacked.size, is_broken))));
    let is_no_tar = is_no_tar(unpacked, tar_facts);
    let is_hollow = is_no_tar && spec.kind().is_tar() && !spec.blob && checks.iter().any(proves);
    if spec.is_only_hashed() || is_no_tar && spec.kind() == BlobKind::Unnamed || is_hollow {
        checks.extend(if is_hollow { hollow(spec, unpacked) } else { no_tar(spec.kind(), spec.diff_id.as_deref()) });
        if spec.is_only_hashed()
            && !spec.blob
            && spec.diff_id.is_some()
            && (unpacked.begins_tar || tar_facts.entries > 0)
        {
            replace(&mut checks, by_bytes(spec.kind()));
        }
        return LayerVerdict {
            digest: Some(unpacked.digest.clone()),
            size: unpacked.size,
            read: true,
            ..nothing(checks)
        };
    }
    let stop = unpacked.fault.as_ref();
    checks.push(claims::diff_id(spec, stop, tar_facts));
    checks.extend(tar::checks(unpacked, tar_facts));
    checks.extend(claims::compression(spec, unpacked, &way));
    let is_listed = stop.is_none() && tar_facts.fault.is_none();
    let found = toc::check(spec, tar_facts.stargz.as_ref(), unpacked.chunked.as_ref(), tar_facts.listing.as_ref());
    let toc = found.filter(|_| is_listed);
    checks.extend(toc.iter().map(|(check, _)| check.clone()));
    LayerVerdict {
        checks,
        read: true,
        digest: Some(unpacked.digest.clone()),
        size: unpacked.size,
        tar: true,
        compression: unpacked.compression.clone().unwrap_or_else(|| Compression::None.name().to_owned()),
        diff_id: tar_facts.diff_id.clone().filter(|_| stop.is_none()),
        unpacked: unpacked.unpacked,
        entry_count: tar_facts.entries,
        file_bytes: tar_facts.file_bytes,
        toc: toc.map(|(_, kind)| kind),
    }
}

/// True if the bytes do not even begin as a tar. A compression that is not read here leaves that open.
fn is_no_tar(unpacked: &Unpacked, tar_facts: &TarFacts) -> bool {
    if unpacked.fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Unread) {
        return false;
    }
    let begins = tar_facts.entries > 0 || tar_facts.fault.as_ref().is_none_or(|fault| fault.kind != FaultKind::Tar);
    let is_short = unpacked.compression.is_none() && unpacked.size > 0;
    is_short || unpacked.fault.is_none() && !begins
}

fn proves(check: &Check) -> bool {
    check.id == CheckId::Digest && check.outcome == Outcome::Pass
}

/// The checks of a blob that is called a layer and holds something else, from a registry as in an archive: layouts that
/// are test data have such, and ORAS calls any file so unless it is told otherwise. Its bytes are proved; no engine
/// unpacks them.
fn hollow(spec: &Spec, unpacked: &Unpacked) -> Vec<Check> {
    let message = match &unpacked.fault {
        None => say!("hollow", "the blob is what its digest says, and no tar: no engine can unpack it as a layer"),
        Some(fault) => {
            let why = fault.message.as_str();
            say!("hollow-because", "the blob is what its digest says, and no tar that an engine can unpack: {why}", why)
        }
    };
    let tar = Check::new(CheckId::Tar, Outcome::Warn, message);
    let diff_id = spec.diff_id.as_ref().map(|told| {
        let message = say!("hollow-diff-id", "there is no tar to compare with it");
        let mut check = Check::new(CheckId::DiffId, Outcome::NotChecked, message);
        (check.expected, check.source) = (Some(told.clone()), Some(Source::Config));
        check
    });
    diff_id.into_iter().chain([tar]).collect()
}

/// The doubt about a blob of an image whose type promises no tar and whose bytes are one: podman asks no type of a layer,
/// so a container has its files, and the list of files here has not.
fn by_bytes(kind: BlobKind) -> Check {
    let message = say!(
        "tar-by-bytes",
        "by its media type it is no layer that engines unpack, and its bytes begin as a tar: podman unpacks it whatever its type"
    );
    Check::new(CheckId::Tar, Outcome::Warn, message).with("kind", kind.code())
}

/// Puts a check in the place of the one with its id.
fn replace(checks: &mut Vec<Check>, check: Check) {
    checks.retain(|other| other.id != check.id);
    checks.push(check);
}

/// The checks that do not apply to a blob that promises no tar. Its `DiffID` stays open: no tar is there to compute it
/// from. If no config claims one, and the blob is no layer, there is nothing to leave open.
pub(crate) fn no_tar(kind: BlobKind, diff_id: Option<&str>) -> Vec<Check> {
    let not_checked = |id, what: &str| {
        let message = format!("{what}: by its media type the blob is {}, not a tar", kind.words());
        Check::new(id, Outcome::NotChecked, message).because("no-tar").with("kind", kind.code())
    };
    let mut checks = Vec::new();
    if let Some(told) = diff_id {
        let mut check = not_checked(CheckId::DiffId, "no DiffID was computed");
        (check.expected, check.source) = (Some(told.to_owned()), Some(Source::Config));
        checks.push(check);
    }
    if diff_id.is_some() || kind.is_layer() || kind == BlobKind::Unnamed {
        checks.push(not_checked(CheckId::Tar, "not read as a tar"));
    }
    checks
}

/// The verdict over a layer that could not be read to its end: nothing is proved, and the reason stands at each check.
#[must_use]
pub fn unreadable(spec: &Spec, reason: &str) -> LayerVerdict {
    let elsewhere = spec.urls.first().map_or_else(String::new, |url| {
        let url: String = url.chars().take(200).collect();
        format!("; its descriptor names another place, {url}, from which nothing is fetched here")
    });
    let check = |id, expected: Option<String>, source| {
        let message = format!("the layer could not be read: {reason}{elsewhere}");
        let mut check = Check::new(id, Outcome::NotChecked, message).because("not-read").with("why", reason);
        check.source = expected.as_ref().map(|_| source);
        check.expected = expected;
        check
    };
    let mut checks = Vec::new();
    if !spec.is_nameless() {
        checks.push(check(CheckId::Digest, spec.digest.clone(), Source::Descriptor));
    }
    checks.extend(spec.size.map(|size| check(CheckId::Size, Some(size.to_string()), Source::Descriptor)));
    if !spec.blob {
        checks.push(check(CheckId::DiffId, spec.diff_id.clone(), Source::Config));
        checks.push(check(CheckId::Tar, None, Source::Document));
    }
    nothing(checks)
}

/// The verdict over bytes of which nothing was unpacked.
fn nothing(checks: Vec<Check>) -> LayerVerdict {
    LayerVerdict {
        checks,
        read: false,
        digest: None,
        size: 0,
        tar: false,
        compression: Compression::None.name().to_owned(),
        diff_id: None,
        unpacked: 0,
        entry_count: 0,
        file_bytes: 0,
        toc: None,
    }
}

//! Line: both halves -> Check. What was claimed about a layer against what its bytes are; a check names both values.

use serde::{Deserialize, Serialize};

use super::transport::{self, Way};
use super::{Fault, FaultKind, Tasted, Unpacked, toc};
use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::media_type::{Compression, MediaType};

/// What is claimed about a layer; what nobody claimed is not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    /// The digest of the blob, by its descriptor.
    pub digest: Option<String>,
    /// Its size in bytes, by its descriptor.
    pub size: Option<u64>,
    /// How many bytes are at hand of what nobody described: caps go by it, and nothing is held against it.
    pub length: Option<u64>,
    /// Its media type, by its descriptor.
    pub media_type: Option<String>,
    /// The digest of its tar, by the config (`rootfs.diff_ids`).
    pub diff_id: Option<String>,
    /// The descriptor's annotations.
    pub annotations: Vec<(String, String)>,
    /// The descriptor's `urls`: other places where its bytes may lie.
    pub urls: Vec<String>,
    /// Caps that the user has set.
    pub limits: Caps,
    /// Whether this is a file around others, which may be compressed as a layer may not: with xz.
    pub outer: bool,
    /// Whether nobody names this blob by its digest and its `DiffID` alone proves it: a layer of a `docker save`.
    pub nameless: bool,
    /// Whether it is no layer at all: only digest and size are held against what was told.
    pub blob: bool,
}

/// Caps that stop the reading of a layer; the usual ones are in [`crate::limits`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Caps {
    /// How many bytes a layer may unpack to.
    pub unpacked_bytes: Option<u64>,
    /// How many times its own size.
    pub ratio: Option<u64>,
    /// How many entries are listed.
    pub entries: Option<u64>,
    /// The largest window of a zstd frame in bytes.
    pub window_bytes: Option<u64>,
}

/// All that was found out about a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerVerdict {
    /// Digest, size, `DiffID`, tar, and what else there was to say.
    pub checks: Vec<Check>,
    /// Whether the blob was read to its end.
    pub read: bool,
    /// The digest computed over the blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// How many bytes the blob has.
    pub size: u64,
    /// `none`, `gzip` or `zstd`.
    pub compression: String,
    /// The digest computed over the tar, where all of it was unpacked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff_id: Option<String>,
    /// How many bytes the tar has.
    pub unpacked: u64,
    /// How many entries it has.
    pub entry_count: u64,
    /// How many bytes its files have together.
    pub file_bytes: u64,
    /// Which table of contents it has: `estargz` or `zstd:chunked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toc: Option<&'static str>,
}

impl Spec {
    pub(super) fn digest(&self) -> Option<Digest> {
        self.digest.as_deref().and_then(|text| Digest::parse(text).ok())
    }

    /// Whether there is no digest to hold the blob against, and need be none.
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
pub fn verdict(spec: &Spec, unpacked: &Unpacked, tasted: &Tasted) -> LayerVerdict {
    if let Some(fault) = &unpacked.unending {
        let mut found = unreadable(spec, &fault.message);
        found.checks.extend(limit(Some(fault)));
        return found;
    }
    let stop = unpacked.fault.as_ref();
    let way = transport::way(spec, unpacked, tasted);
    let mut checks: Vec<Check> = digest(spec, unpacked).map(|check| way.told(check)).into_iter().collect();
    checks.extend(spec.size.map(|told| way.told(size(told, unpacked.size))));
    if spec.blob {
        return LayerVerdict {
            digest: Some(unpacked.digest.clone()),
            size: unpacked.size,
            read: true,
            ..nothing(checks)
        };
    }
    checks.push(diff_id(spec, stop, tasted));
    checks.push(tar(stop, unpacked, tasted));
    checks.extend(limit(stop.or(tasted.fault.as_ref())));
    checks.extend(media_type(spec, unpacked, &way));
    let is_listed = stop.is_none() && tasted.fault.is_none();
    let found = toc::check(spec, tasted.stargz.as_ref(), unpacked.chunked.as_ref(), tasted.listing.as_ref());
    let toc = found.filter(|_| is_listed);
    checks.extend(toc.iter().map(|(check, _)| check.clone()));
    LayerVerdict {
        checks,
        read: true,
        digest: Some(unpacked.digest.clone()),
        size: unpacked.size,
        compression: unpacked.compression.clone().unwrap_or_else(|| Compression::None.name().to_owned()),
        diff_id: tasted.diff_id.clone().filter(|_| stop.is_none()),
        unpacked: unpacked.unpacked,
        entry_count: tasted.entries,
        file_bytes: tasted.file_bytes,
        toc: toc.map(|(_, kind)| kind),
    }
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
        let mut check = Check::new(id, Outcome::NotChecked, message);
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

/// The verdict over bytes that nobody has read.
fn nothing(checks: Vec<Check>) -> LayerVerdict {
    LayerVerdict {
        checks,
        read: false,
        digest: None,
        size: 0,
        compression: Compression::None.name().to_owned(),
        diff_id: None,
        unpacked: 0,
        entry_count: 0,
        file_bytes: 0,
        toc: None,
    }
}

fn digest(spec: &Spec, unpacked: &Unpacked) -> Option<Check> {
    if spec.is_nameless() {
        return None;
    }
    let nobody = "nobody gave the digest of the layer beforehand";
    let told = Told { id: CheckId::Digest, text: spec.digest.as_deref(), source: Source::Descriptor, nobody };
    let pass = "the digest of the layer's bytes is the one given by the descriptor";
    let fail = "the digest of the layer's bytes is not the one given by the descriptor";
    Some(told.against(unpacked.digest().as_ref(), pass, fail))
}

fn diff_id(spec: &Spec, stop: Option<&Fault>, tasted: &Tasted) -> Check {
    let nobody = "no config gives the DiffID of this layer";
    let told = Told { id: CheckId::DiffId, text: spec.diff_id.as_deref(), source: Source::Config, nobody };
    let why = match stop {
        Some(_) => Some("the layer could not be unpacked to its end"),
        None => tasted.diff_id.is_none().then_some("the tar was listed and not hashed"),
    };
    if let Some(why) = why {
        let mut check = Check::new(CheckId::DiffId, Outcome::NotChecked, why);
        check.source = told.text.map(|_| Source::Config);
        check.expected = told.text.map(str::to_owned);
        return check;
    }
    let pass = "the digest of the unpacked tar is the DiffID given by the config";
    told.against(
        tasted.diff_id().as_ref(),
        pass,
        "the digest of the unpacked tar is not the DiffID given by the config",
    )
}

/// A digest that somebody gave, or nobody.
struct Told<'a> {
    id: CheckId,
    text: Option<&'a str>,
    source: Source,
    nobody: &'a str,
}

impl Told<'_> {
    fn against(&self, found: Option<&Digest>, pass: &str, fail: &str) -> Check {
        let actual = found.map(ToString::to_string).unwrap_or_default();
        let Some(text) = self.text else {
            let mut check = Check::new(self.id, Outcome::NotChecked, format!("{}; computed now", self.nobody));
            check.actual = Some(actual);
            return check;
        };
        let told = Digest::parse(text).ok();
        let (outcome, message) = match &told {
            None => (Outcome::Fail, format!("what {} gives is no digest", source(self.source))),
            Some(told) if told.algorithm().is_none() => {
                let message = format!("{} is not an algorithm that can be computed here", told.algorithm_name());
                (Outcome::NotChecked, message)
            }
            Some(told) if Some(told) == found => (Outcome::Pass, pass.to_owned()),
            Some(_) => (Outcome::Fail, fail.to_owned()),
        };
        Check::new(self.id, outcome, message).values(text, actual, self.source)
    }
}

fn source(source: Source) -> &'static str {
    if source == Source::Config { "the config" } else { "the descriptor" }
}

fn size(told: u64, actual: u64) -> Check {
    let (outcome, message) = if told == actual {
        (Outcome::Pass, "there are as many bytes as the descriptor says".to_owned())
    } else {
        (Outcome::Fail, format!("the descriptor says {told} bytes, there are {actual}"))
    };
    Check::new(CheckId::Size, outcome, message).values(told.to_string(), actual.to_string(), Source::Descriptor)
}

fn tar(stop: Option<&Fault>, unpacked: &Unpacked, tasted: &Tasted) -> Check {
    let check = |outcome, message: String| Check::new(CheckId::Tar, outcome, message);
    match stop.or(tasted.fault.as_ref()) {
        Some(fault) if fault.kind == FaultKind::Limit => {
            check(Outcome::NotChecked, format!("the layer was not read to its end: {}", fault.message))
        }
        Some(fault) => check(Outcome::Fail, fault.message.clone()),
        None => {
            let word = if tasted.entries == 1 { "entry" } else { "entries" };
            let counts = format!("{} {word} in {} bytes", tasted.entries, tasted.bytes);
            let oddities: Vec<_> = unpacked.oddities.iter().chain(&tasted.oddities).map(String::as_str).collect();
            if oddities.is_empty() {
                return check(Outcome::Pass, format!("the layer is a well-formed tar: {counts}"));
            }
            check(Outcome::Warn, format!("the layer can be read, {counts}, but {}", oddities.join("; ")))
        }
    }
}

fn limit(fault: Option<&Fault>) -> Option<Check> {
    let fault = fault.filter(|fault| fault.kind == FaultKind::Limit)?;
    Some(Check::new(CheckId::Limits, Outcome::Fail, fault.message.clone()))
}

/// The compression that the media type names against the one that the bytes have.
fn media_type(spec: &Spec, unpacked: &Unpacked, way: &Way<'_>) -> Option<Check> {
    let told = spec.media_type.as_deref()?;
    let (named, found) = (MediaType::new(told).layer()?, unpacked.compression.as_deref()?);
    if named.name() == found || way.hides_packing() {
        return None;
    }
    let message = format!("the media type says {}, the bytes are {}", words(named.name()), words(found));
    Some(Check::new(CheckId::MediaType, Outcome::Fail, message).values(named.name(), found, Source::Descriptor))
}

fn words(compression: &str) -> &str {
    if compression == "none" { "not compressed" } else { compression }
}

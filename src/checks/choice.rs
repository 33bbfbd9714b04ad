//! Image -> Check. Finds the entry of an index that engines choose for a platform, and warns if they choose different ones.
//!
//! podman and skopeo (containers/image, `chooseInstance`) compare operating system, architecture and variant, prefer zstd,
//! and then take the first; an entry without a platform is their last resort. containerd (`images.Manifest`) also looks at
//! features of the operating system, reads the platform of an entry without one from its config, and follows indexes.
//! Neither looks at annotations that call the entry an attestation, nor at its `artifactType`.

use std::collections::HashMap;

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::{Check, CheckId};
use crate::descriptor::Descriptor;
use crate::media_type::DocumentKind;
use crate::platform::Platform;
use crate::say::say;

/// An entry of an index, with what is known of the manifest that it names.
pub(crate) struct Entry<'a> {
    /// Its descriptor.
    pub(crate) named: &'a Descriptor,
    /// Its kind, by its manifest if that was read, else by its descriptor.
    pub(crate) is: Is,
    /// True if its manifest was read.
    pub(crate) read: bool,
    /// The digest of its config, if its manifest was read.
    pub(crate) config: Option<&'a str>,
}

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    /// An image.
    Image,
    /// An attestation or a signature, by its own mark or by its manifest.
    Attestation,
    /// Another artifact.
    Artifact,
    /// An index or something that is not known.
    Other,
}

/// From where an index comes, which decides by what engines choose from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a registry or from within another index: engines choose by platform.
    Registry,
    /// From a file or a paste: an index of a registry, or that of a layout.
    Alone,
    /// From a layout: engines choose by name.
    Layout,
}

/// All that makes engines choose differently from an index.
pub(crate) fn choice(entries: &[Entry<'_>], origin: Origin) -> Vec<Check> {
    let by_name = match origin {
        Origin::Registry => false,
        Origin::Alone => entries.len() == 1 || entries.iter().all(Entry::has_name),
        Origin::Layout => true,
    };
    let rules: [Rule; 5] = [indexes, behind_another, features_first, no_plain_amd64, without_platform];
    let may_nest = origin == Origin::Alone && entries.iter().any(Entry::has_name);
    let rules = &rules[usize::from(may_nest)..];
    if by_name {
        return Vec::new();
    }
    let places = entries.iter().map(|entry| entry.platform().map(place).unwrap_or_default()).collect();
    let entries = Entries { all: entries, places };
    let found = |rule: &Rule| {
        let mut findings = Findings::new(CheckId::Platform);
        rule(&entries, &mut findings);
        findings.found()
    };
    rules.iter().flat_map(found).chain(attestations(&entries)).collect()
}

type Rule = fn(&Entries<'_, '_>, &mut Findings);

/// The entries of an index, each with its [`place`]: empty if it has no platform.
struct Entries<'e, 'a> {
    all: &'e [Entry<'a>],
    places: Vec<String>,
}

impl<'e, 'a> Entries<'e, 'a> {
    /// The images with their positions, platforms and places.
    fn images(&self) -> impl Iterator<Item = (usize, &'e Entry<'a>, &'a Platform, &str)> {
        let all = self.all.iter().zip(&self.places).enumerate();
        all.filter_map(|(at, (entry, place))| Some((at, entry, entry.image()?, place.as_str())))
    }
}

/// The annotation by which containers/image prefers an entry to another one for the same platform.
const ZSTD: (&str, &str) = ("io.github.containers.compression.zstd", "true");

/// The names that layouts give to their entries. cosign's layouts mark them by `kind` instead.
const NAMES: [&str; 2] = ["org.opencontainers.image.ref.name", "io.containerd.image.name"];
const COSIGN_KINDS: &str = "dev.cosignproject.cosign/";

impl<'a> Entry<'a> {
    /// The platform, unless it is the `unknown/unknown` of attestations.
    fn platform(&self) -> Option<&'a Platform> {
        let is_real = |part: &str| !part.is_empty() && part != "unknown";
        self.named.platform.as_ref().filter(|platform| is_real(&platform.os) && is_real(&platform.architecture))
    }

    /// An image with its platform.
    fn image(&self) -> Option<&'a Platform> {
        self.platform().filter(|_| self.is == Is::Image)
    }

    fn has_name(&self) -> bool {
        let is_name = |(name, value): &(String, String)| {
            NAMES.contains(&name.as_str()) || (name == "kind" && value.starts_with(COSIGN_KINDS))
        };
        self.named.annotations.iter().any(is_name)
    }

    fn is_zstd(&self) -> bool {
        self.named.annotations.iter().any(|(name, value)| (name.as_str(), value.as_str()) == ZSTD)
    }
}

/// Entries by a text that says what they have in common. The reader of JSON has the same kind of map: the module stays small.
type Known<'k> = HashMap<&'k str, usize>;

/// Operating system, architecture and variant as containerd normalises them, and the version.
fn place(platform: &Platform) -> String {
    let variant = platform.variant.as_deref().unwrap_or_default().to_ascii_lowercase();
    let architecture = platform.architecture.to_ascii_lowercase();
    let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
        ("amd64" | "x86_64" | "x86-64", "" | "v1") => ("amd64", ""),
        ("x86_64" | "x86-64", variant) => ("amd64", variant),
        ("arm64" | "aarch64", "" | "8" | "v8") => ("arm64", ""),
        ("aarch64", variant) => ("arm64", variant),
        ("arm", "" | "7") | ("armhf", _) => ("arm", "v7"),
        ("arm", "6") | ("armel", _) => ("arm", "v6"),
        ("arm", "8") => ("arm", "v8"),
        ("arm", "5") => ("arm", "v5"),
        ("i386", _) => ("386", ""),
        other => other,
    };
    let version = platform.os_version.as_deref().unwrap_or_default();
    [&platform.os.to_ascii_lowercase(), architecture, variant, version].join("\0")
}

/// The most features of one platform that are compared.
const FEATURES: usize = 16;

/// A place with its features, in whatever order they are written.
fn with_features(place: &str, platform: &Platform) -> String {
    let mut features: Vec<&str> = platform.os_features.iter().take(FEATURES).map(String::as_str).collect();
    let mut place = place.to_owned();
    while let Some(next) = features.iter().min().copied() {
        place = place + "\0+" + next;
        features.retain(|feature| *feature != next);
    }
    place
}

/// An index in the index.
fn indexes(entries: &Entries<'_, '_>, findings: &mut Findings) {
    let at = At::ROOT.name("manifests");
    for (index, entry) in entries.all.iter().enumerate() {
        if entry.named.media_type.document() == Some(DocumentKind::Index) {
            let message = say!(
                "index-in-index",
                "is an index within the index: containerd follows it, podman and skopeo refuse it, and so does older Docker"
            );
            findings.warn(&at.index(index).name("mediaType"), message);
        }
    }
}

/// Two images for one platform. `platform-twice` tells of those that differ in nothing but their digest.
fn behind_another(entries: &Entries<'_, '_>, findings: &mut Findings) {
    let at = At::ROOT.name("manifests");
    let places: Vec<String> = entries.images().map(|(_, _, platform, place)| with_features(place, platform)).collect();
    // Of each place those without zstd, and those with it.
    let mut first = [Known::new(), Known::new()];
    for ((index, entry, platform, _), place) in entries.images().zip(&places) {
        let is_zstd = usize::from(entry.is_zstd());
        let twin = first[1 - is_zstd].get(place.as_str()).copied();
        let twin = twin.filter(|twin| differ(&entries.all[*twin], entry));
        let same = *first[is_zstd].entry(place).or_insert(index);
        let is_other =
            |before: &Entry<'_>| before.named.digest_text != entry.named.digest_text && !twice(before, entry);
        let before = Some(same).filter(|same| is_other(&entries.all[*same])).or(twin);
        if let Some(before) = before {
            let message = say!(
                "entry-behind-another",
                "is for {platform} like manifests[{before}], which is another image: engines differ in which of the two \
                 they take, most take the first",
                platform = shorten(&platform.to_string()),
                before
            );
            findings.warn(&at.index(index).name("platform"), message);
        }
    }
}

/// True if two manifests were read and have different configs: a copy in zstd has the config of its original.
fn differ(one: &Entry<'_>, other: &Entry<'_>) -> bool {
    one.config.zip(other.config).is_some_and(|(one, other)| one != other)
}

/// True for entries that `platform-twice` tells of.
fn twice(one: &Entry<'_>, other: &Entry<'_>) -> bool {
    let (one, other) = (one.named, other.named);
    let plain = one.artifact_type.is_none() && other.artifact_type.is_none();
    plain && one.platform == other.platform && one.annotations == other.annotations
}

/// An image that wants features of the operating system, before the plain one for the same platform.
fn features_first(entries: &Entries<'_, '_>, findings: &mut Findings) {
    let at = At::ROOT.name("manifests");
    let mut plain = Known::new();
    for (index, _, platform, place) in entries.images() {
        if platform.os_features.is_empty() {
            plain.entry(place).or_insert(index);
        }
    }
    for (index, entry, platform, place) in entries.images() {
        let later = plain.get(place).filter(|later| !platform.os_features.is_empty() && **later > index);
        // podman prefers zstd, wherever it stands.
        let later = later.filter(|later| entry.is_zstd() || !entries.all[**later].is_zstd());
        if let Some(later) = later {
            let message = say!(
                "features-first",
                "wants features of the operating system and stands before manifests[{later}], which is for {platform} \
                 without any: podman and skopeo do not look at features and take this one, containerd takes the other",
                later = *later,
                platform = shorten(&platform.to_string())
            );
            findings.warn(&at.index(index).name("platform").name("os.features"), message);
        }
    }
}

/// linux/amd64 by its variants alone.
fn no_plain_amd64(entries: &Entries<'_, '_>, findings: &mut Findings) {
    let is_amd64 = |platform: &Platform| platform.os == "linux" && platform.architecture == "amd64";
    let all: Vec<_> = entries.images().filter(|(_, _, platform, _)| is_amd64(platform)).collect();
    let variants: Vec<&str> = all.iter().filter_map(|(_, _, platform, _)| platform.variant.as_deref()).collect();
    if let Some((first, ..)) = all.first().filter(|_| variants.len() == all.len()) {
        let message = say!(
            "no-plain-amd64",
            "linux/amd64 is here with a variant only ({variants}): an engine that asks for linux/amd64 finds no image, or \
             takes one of these",
            variants = shorten(&variants.iter().take(4).copied().collect::<Vec<_>>().join(", "))
        );
        let at = At::ROOT.name("manifests");
        findings.warn(&at.index(*first).name("platform").name("variant"), message);
    }
}

/// An image without a platform. An unread manifest counts as one only beside an image that is known to be one.
fn without_platform(entries: &Entries<'_, '_>, findings: &mut Findings) {
    let at = At::ROOT.name("manifests");
    let has_image = entries.all.iter().any(|entry| entry.is == Is::Image && (entry.read || entry.platform().is_some()));
    for (index, entry) in entries.all.iter().enumerate().filter(|_| has_image) {
        if entry.is == Is::Image && entry.named.platform.is_none() {
            let message = say!(
                "entry-without-platform",
                "has no platform: podman and skopeo take it if no other entry fits, whatever its image is for, and \
                 containerd goes by the platform in its config"
            );
            findings.warn(&at.index(index).name("platform"), message);
        }
    }
}

/// Attestations and signatures that name the platform of an image, so that engines can choose them.
///
/// Other artifacts do, too, beside images. An artifact behind the image is never chosen, wasm is made to be run, and disks of
/// machines stand for `x86_64`, which no engine of a container asks for.
fn attestations(entries: &Entries<'_, '_>) -> Vec<Check> {
    let mut findings = Findings::new(CheckId::Attestation);
    let at = At::ROOT.name("manifests");
    let has_image = entries.all.iter().any(|entry| entry.is == Is::Image);
    let mut first = Known::new();
    for (index, _, _, place) in entries.images() {
        first.entry(place).or_insert(index);
    }
    for (index, (entry, place)) in entries.all.iter().zip(&entries.places).enumerate() {
        let Some(platform) = entry.platform() else { continue };
        let is_meant = ["wasm", "x86_64", "aarch64"].contains(&platform.architecture.as_str());
        let is_first = || first.get(place.as_str()).is_none_or(|image| *image > index);
        let is_chosen = || has_image && !is_meant && is_first();
        if entry.is == Is::Attestation || (entry.is == Is::Artifact && is_chosen()) {
            let message = say!(
                "attestation-for-platform",
                "is said to be no image, and names the platform {platform} all the same: engines choose by platform alone \
                 and can run it",
                platform = shorten(&platform.to_string())
            );
            findings.warn(&at.index(index).name("platform"), message);
        }
    }
    findings.found()
}

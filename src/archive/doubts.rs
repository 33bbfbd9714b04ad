//! archive -> Check. Names and links that the loaders of Docker, podman and skopeo follow in different ways.
//!
//! skopeo and podman search the archive: they take the first entry of a name, a hard link and a PAX global header for
//! files without content. Docker unpacks it first.

use std::collections::BTreeMap;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::descriptor::Descriptor;
use crate::document::Index;
use crate::layer::EntryKind;
use crate::reference::Reference;
use crate::say::say;

use super::docker::Saved;
use super::paths::{Found, Paths, shown};

/// The annotation by which programs find an image in a layout.
const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// The annotation that gives an image its name in containerd (`ctr image import`, `docker load` with its store).
const IMAGE_NAME: &str = "io.containerd.image.name";

/// The name that `git archive` and others give their global header.
const GIT_GLOBAL: &[u8] = b"pax_global_header";

pub(super) fn warn(said: crate::say::Said) -> Check {
    Check::new(CheckId::Archive, Outcome::Warn, said)
}

/// A file that is a hard link: skopeo and podman read no bytes of it.
pub(super) fn hard_link(paths: &Paths<'_>, found: &Found, name: &str) -> Option<Check> {
    let is_hard = found.links.iter().any(|at| paths.entry(*at).is_some_and(|link| link.kind == EntryKind::HardLink));
    let name = shown(name.as_bytes());
    is_hard.then(|| {
        warn(say!(
            "file-is-hard-link",
            "{name} is a hard link: Docker follows it, skopeo and podman read an empty file",
            name
        ))
    })
}

/// Names of files that begin with a slash: Docker looks below its own folder, skopeo and podman find nothing.
pub(super) fn rooted(image: &Saved) -> Option<Check> {
    let mut names = std::iter::once(&image.config).chain(&image.layers);
    let name = shown(names.find(|name| name.starts_with('/'))?.as_bytes());
    Some(warn(say!(
        "name-with-root",
        "manifest.json names {name}, with a slash before it: Docker takes it, skopeo and podman find no such file",
        name
    )))
}

/// A PAX global header with a name: skopeo and podman take it for a file without content, Docker removes what has that
/// name before it.
pub(super) fn global_header(paths: &Paths<'_>) -> Option<Check> {
    let name = shown(paths.headers().map(|header| header.path).find(|path| *path != GIT_GLOBAL)?);
    Some(warn(say!(
        "global-header-names-file",
        "a PAX global header names {name}: skopeo and podman take it for an empty file, Docker removes what has that name \
         before it",
        name
    )))
}

/// Tags as `docker load` and `podman load` read them: each is a name with a tag, and one image has it.
pub(super) fn tags(images: &[Saved]) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let (mut wrong, mut untagged, mut twice) = (None, None, None);
    for (at, image) in images.iter().enumerate() {
        for tag in image.tags.iter().flatten() {
            match canonical(tag) {
                None if Reference::parse(tag).is_ok() => untagged = untagged.or(Some((at, tag))),
                None => wrong = wrong.or(Some((at, tag))),
                Some(name) => {
                    let before = *first.entry(name).or_insert(at);
                    twice = twice.or((before != at).then_some((at, tag)));
                }
            }
        }
    }
    if let Some((at, tag)) = wrong {
        let said = say!(
            "tag-not-valid",
            "RepoTags names \"{tag}\", which is no name with a tag: docker load and podman load refuse the archive",
            tag = shown(tag.as_bytes())
        );
        checks.push(Check::new(CheckId::Archive, Outcome::Fail, said).at(format!("$.manifest.json[{at}].RepoTags")));
    }
    if let Some((at, tag)) = untagged {
        let said = say!(
            "tag-missing",
            "RepoTags names \"{tag}\" without a tag: docker load and podman load refuse it, other programs take it",
            tag = shown(tag.as_bytes())
        );
        checks.push(warn(said).at(format!("$.manifest.json[{at}].RepoTags")));
    }
    if let Some((at, tag)) = twice {
        let said = say!(
            "tag-of-two-images",
            "two images have the tag {tag}: docker load and podman load give it to the last one, other programs take the first",
            tag = shown(tag.as_bytes())
        );
        checks.push(warn(said).at(format!("$.manifest.json[{at}].RepoTags")));
    }
    checks
}

/// The canonical name of a tag; none if it is no name with a tag.
fn canonical(tag: &str) -> Option<String> {
    let reference = Reference::parse(tag).ok()?;
    // The grammar adds `latest` to a name without a tag, which Docker and podman do not do here.
    let name = tag.split('@').next().unwrap_or_default();
    let has_tag = name.rsplit('/').next().is_some_and(|last| last.contains(':'));
    has_tag.then(|| reference.canonical())
}

/// Entries of `index.json` that one name leads to.
pub(super) fn ref_names(index: &Index) -> Vec<Check> {
    let names = twice(index, REF_NAME, |_, _| true).map(|(name, before, entry)| {
        let check = warn(say!(
            "ref-name-twice",
            "two entries of index.json have the name {name}: skopeo and podman take the first, containerd the last, \
             umoci refuses it",
            name = shown(name.as_bytes())
        ));
        let is_same = before == entry.digest_text;
        let check = if is_same { check } else { check.values(before, &*entry.digest_text, Source::Document) };
        check.at(entry.path.clone())
    });
    let images = twice(index, IMAGE_NAME, |before, digest| before != digest).map(|(name, before, entry)| {
        let check = warn(say!(
            "image-name-twice",
            "two entries of index.json are for containerd the image {name}, which takes the last: other programs do not go \
             by that name",
            name = shown(name.as_bytes())
        ));
        check.values(before, &*entry.digest_text, Source::Document).at(entry.path.clone())
    });
    names.into_iter().chain(images).collect()
}

/// The first entry whose annotation of that key has the value of an earlier one, and the digest of that one, if both digests
/// are doubtful together.
fn twice<'a>(
    index: &'a Index,
    key: &str,
    is_doubtful: fn(&str, &str) -> bool,
) -> Option<(&'a str, &'a str, &'a Descriptor)> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    index.manifests.iter().find_map(|entry| {
        let name = entry.annotations.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())?;
        let before = seen.insert(name, &entry.digest_text)?;
        is_doubtful(before, &entry.digest_text).then_some((name, before, entry))
    })
}

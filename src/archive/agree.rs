//! Line: archive -> Check. Documents of one archive against each other: manifest.json, index.json, repositories.

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::image::Branch;
use crate::json::{self, Json};
use crate::limits;
use crate::report::{Node, NodeKind};

use super::docker::Saved;
use super::store::{Blobs, Contents};

/// How many tags of `repositories` are held against `manifest.json`.
const TAGS: usize = 10_000;

/// Whether `index.json` has an image of `manifest.json`, and with the same layers; none where it has not.
pub(super) fn with_index<C: Contents>(blobs: &Blobs<'_, C>, index: &Branch, image: &Saved, at: usize) -> Option<Check> {
    let config = blobs.named(&image.config).ok()?.at;
    let entry = |node: &Node| {
        let digest = Digest::parse(node.digest.as_deref()?).ok()?;
        blobs.blob(&digest).ok().map(|found| found.at)
    };
    let same = find(index, &|branch| {
        branch.children.iter().any(|child| child.node.kind == NodeKind::Config && entry(&child.node) == Some(config))
    })?;
    let theirs: Vec<Option<usize>> = same
        .children
        .iter()
        .filter(|child| child.node.kind == NodeKind::Layer)
        .map(|child| entry(&child.node))
        .collect();
    let ours: Vec<Option<usize>> =
        image.layers.iter().map(|path| blobs.named(path).ok().map(|found| found.at)).collect();
    let path = format!("$[{at}]");
    if ours == theirs {
        let message = format!("manifest.json names the same config and layers as index.json: {}", name(image));
        return Some(Check::new(CheckId::Archive, Outcome::Pass, message).at(path));
    }
    let message = format!(
        "manifest.json gives {} other layers than index.json: docker load and a reader of the layout get different images",
        name(image)
    );
    let check = Check::new(CheckId::Archive, Outcome::Fail, message).at(path);
    Some(check.values(count(theirs.len()), count(ours.len()), Source::Document))
}

/// An image that `index.json` does not name, though it names others.
pub(super) fn not_in_index(index: &Branch, image: &Node) -> Option<Check> {
    let title = image.title.clone().unwrap_or_default();
    let check = |outcome, message: String| Some(Check::new(CheckId::Archive, outcome, message));
    if !index.node.read {
        return None;
    }
    if index.children.is_empty() {
        let message = format!("index.json names no image, and manifest.json does: {title}");
        return check(Outcome::Warn, message);
    }
    let is_unread = |branch: &Branch| {
        !branch.node.read && branch.node.kind != NodeKind::Layer && branch.node.kind != NodeKind::Blob
    };
    if find(index, &is_unread).is_some() {
        let message = format!("not all that index.json names was read, so it may name {title} or not");
        return check(Outcome::NotChecked, message);
    }
    let message = format!(
        "manifest.json names an image that index.json does not, {title}: docker load and a reader of the layout get \
         different images"
    );
    check(Outcome::Fail, message)
}

/// What the old `repositories` file says against `manifest.json`.
pub(super) async fn repositories<C: Contents>(blobs: &Blobs<'_, C>, images: &[Saved]) -> Option<Check> {
    if !blobs.shape.repositories {
        return None;
    }
    let warn = |message: String| Some(Check::new(CheckId::Archive, Outcome::Warn, message));
    let found = match blobs.named("repositories") {
        Ok(found) => found,
        Err(trouble) => return warn(format!("repositories was not read: {}", blobs.trouble(trouble))),
    };
    let bytes = match blobs.document(&found, limits::DOCUMENT_BYTES).await {
        Ok(bytes) => bytes,
        Err(error) => return warn(format!("repositories was not read: {error}")),
    };
    let parsed = match json::parse(&bytes) {
        Ok(parsed) => parsed,
        Err(error) => return warn(format!("repositories is not JSON: {error}; only old programs read it")),
    };
    let Some(tags) = tags(&parsed.root) else {
        return warn("repositories is not what docker save writes: names with tags with layers".to_owned());
    };
    if images.is_empty() {
        return None;
    }
    let wrong = tags.iter().find_map(|(tag, id)| disagrees(images, tag, id));
    match wrong {
        Some(message) => warn(format!("{message}; only programs from before Docker 1.10 read repositories")),
        None => {
            let message = "repositories names the same tags and topmost layers as manifest.json";
            Some(Check::new(CheckId::Archive, Outcome::Pass, message))
        }
    }
}

fn tags(root: &Json) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for repository in root.as_object()? {
        for tag in repository.value.as_object()? {
            found.push((format!("{}:{}", repository.name, tag.name), tag.value.as_str()?.to_owned()));
        }
    }
    found.truncate(TAGS);
    Some(found)
}

/// A tag is an image's, and the layer that it names the image's last.
fn disagrees(images: &[Saved], tag: &str, id: &str) -> Option<String> {
    let has = |image: &&Saved| {
        let tags = image.tags.as_deref().unwrap_or_default();
        tags.iter().any(|own| own == tag || tag.strip_suffix(":latest") == Some(own))
    };
    let Some(image) = images.iter().find(has) else {
        return Some(format!("repositories names the tag {tag}, which no image of manifest.json has"));
    };
    let top = image.layers.last()?;
    (!top.contains(id))
        .then(|| format!("repositories names {id} as the topmost layer of {tag}, and manifest.json names {top}"))
}

fn find<'a>(branch: &'a Branch, fits: &dyn Fn(&Branch) -> bool) -> Option<&'a Branch> {
    if fits(branch) {
        return Some(branch);
    }
    branch.children.iter().find_map(|child| find(child, fits))
}

fn name(image: &Saved) -> String {
    let tags = image.tags.clone().unwrap_or_default();
    if tags.is_empty() { image.config.clone() } else { tags.join(", ") }
}

fn count(layers: usize) -> String {
    format!("{layers} layers")
}

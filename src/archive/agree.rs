//! Line: archive -> Check. Documents of one archive against each other: manifest.json, index.json, repositories.

use std::collections::BTreeMap;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::document::engines::REPOSITORIES;
use crate::image::Branch;
use crate::json::{self, Json};
use crate::limits;
use crate::report::{Node, NodeKind};

use super::docker::{Saved, faults};
use super::paths::shown;
use super::store::{Blobs, Contents};

/// How many tags of `repositories` are held against `manifest.json`.
const TAGS: usize = 10_000;

/// How long the name of a layer is that is held against `repositories`: 64 hexadecimal digits and a word or two.
const LAYER_NAME: usize = 1024;

/// What `index.json` says, found out once however many images `manifest.json` names.
#[derive(Default)]
pub(super) struct Indexed {
    /// Its images by the entries that are their configs, each with the entries of its layers.
    images: BTreeMap<usize, Vec<Vec<Option<usize>>>>,
    reach: Reach,
}

/// How much `index.json` can say of an image that it does not name.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Reach {
    /// There is none, or it was not read.
    #[default]
    Unknown,
    /// It names nothing.
    Empty,
    /// Not all that it names was read.
    Partial,
    Whole,
}

impl Indexed {
    pub(super) fn of<C: Contents>(blobs: &Blobs<'_, C>, index: &Branch) -> Self {
        let entry = |node: &Node| {
            let digest = Digest::parse(node.digest.as_deref()?).ok()?;
            blobs.blob(&digest).ok().map(|found| found.at)
        };
        let mut found = Self { images: BTreeMap::new(), reach: Reach::of(index) };
        found.collect(index, &entry);
        found
    }

    fn collect(&mut self, branch: &Branch, entry: &dyn Fn(&Node) -> Option<usize>) {
        let of_kind =
            |kind: NodeKind| branch.children.iter().map(|child| &child.node).filter(move |node| node.kind == kind);
        let configs: Vec<usize> = of_kind(NodeKind::Config).filter_map(entry).collect();
        for config in configs {
            let layers: Vec<Option<usize>> = of_kind(NodeKind::Layer).map(entry).collect();
            self.images.entry(config).or_default().push(layers);
        }
        branch.children.iter().for_each(|child| self.collect(child, entry));
    }
}

impl Reach {
    fn of(index: &Branch) -> Self {
        let is_unread = |branch: &Branch| {
            !branch.node.read && branch.node.kind != NodeKind::Layer && branch.node.kind != NodeKind::Blob
        };
        if !index.node.read {
            Self::Unknown
        } else if index.children.is_empty() {
            Self::Empty
        } else if any(index, &is_unread) {
            Self::Partial
        } else {
            Self::Whole
        }
    }
}

/// Whether `index.json` has an image of `manifest.json`, and with the same layers; none where it has not. It may have
/// one config with several sets of layers: the same image once more, compressed in another way.
pub(super) fn with_index<C: Contents>(
    blobs: &Blobs<'_, C>,
    index: &Indexed,
    image: &Saved,
    at: usize,
) -> Option<Check> {
    let config = blobs.named(&image.config).ok()?.at;
    let theirs = index.images.get(&config)?;
    let ours: Vec<Option<usize>> =
        image.layers.iter().map(|path| blobs.named(path).ok().map(|found| found.at)).collect();
    let path = format!("$[{at}]");
    if theirs.contains(&ours) {
        let message = format!("manifest.json names the same config and layers as index.json: {}", name(image));
        return Some(Check::new(CheckId::Archive, Outcome::Pass, message).at(path));
    }
    let message = format!(
        "manifest.json gives {} other layers than index.json: docker load and a reader of the layout get different images",
        name(image)
    );
    let check = Check::new(CheckId::Archive, Outcome::Fail, message).at(path);
    let first = theirs.first().map_or(0, Vec::len);
    Some(check.values(count(first), count(ours.len()), Source::Document))
}

/// An image that `index.json` does not name, though it names others.
pub(super) fn not_in_index(index: &Indexed, image: &Node) -> Option<Check> {
    let title = image.title.as_deref().unwrap_or_default();
    let (outcome, message) = match index.reach {
        Reach::Unknown => return None,
        Reach::Empty => (Outcome::Warn, format!("index.json names no image, and manifest.json does: {title}")),
        Reach::Partial => {
            (Outcome::NotChecked, format!("not all that index.json names was read, so it may name {title} or not"))
        }
        Reach::Whole => (
            Outcome::Fail,
            format!(
                "manifest.json names an image that index.json does not, {title}: docker load and a reader of the layout get \
                 different images"
            ),
        ),
    };
    Some(Check::new(CheckId::Archive, outcome, message))
}

/// Contradictions between the old `repositories` file and `manifest.json`.
pub(super) async fn repositories<C: Contents>(blobs: &Blobs<'_, C>, images: &[Saved]) -> Vec<Check> {
    if !blobs.shape.repositories {
        return Vec::new();
    }
    let warn = |message: String| vec![Check::new(CheckId::Archive, Outcome::Warn, message)];
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
    let mut checks = faults(&parsed, &REPOSITORIES, "repositories");
    if images.is_empty() {
        return checks;
    }
    let mut by_tag = BTreeMap::new();
    for image in images {
        for tag in image.tags.iter().flatten() {
            by_tag.entry(tag.as_str()).or_insert(image);
        }
    }
    let wrong = tags.iter().find_map(|(tag, id)| disagrees(blobs, &by_tag, tag, id));
    match wrong {
        Some(message) => {
            checks.extend(warn(format!("{message}; only programs from before Docker 1.10 read repositories")));
        }
        None if checks.is_empty() => {
            let message = "repositories names the same tags and topmost layers as manifest.json";
            checks.push(Check::new(CheckId::Archive, Outcome::Pass, message));
        }
        None => {}
    }
    checks
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
fn disagrees<C: Contents>(
    blobs: &Blobs<'_, C>,
    images: &BTreeMap<&str, &Saved>,
    tag: &str,
    id: &str,
) -> Option<String> {
    let untagged = tag.strip_suffix(":latest");
    let Some(image) = images.get(tag).or_else(|| images.get(untagged?)) else {
        let tag = shown(tag.as_bytes());
        return Some(format!("repositories names the tag {tag}, which no image of manifest.json has"));
    };
    // A longer name is no layer's, and to look for thousands of others in it would take its time.
    let top = image.layers.last().filter(|top| top.len() <= LAYER_NAME)?;
    let [tag, layer, named] = [tag, id, top].map(|text| shown(text.as_bytes()));
    (!top.contains(id) && !is_same_file(blobs, id, top))
        .then(|| format!("repositories names {layer} as the topmost layer of {tag}, and manifest.json names {named}"))
}

/// True if `ID/layer.tar` is the file that `manifest.json` names, or leads to it: so podman, skopeo and buildah write it.
fn is_same_file<C: Contents>(blobs: &Blobs<'_, C>, id: &str, top: &str) -> bool {
    let named = |name: &str| blobs.named(name).ok().map(|found| found.at);
    let top = named(top);
    id.len() <= LAYER_NAME && top.is_some() && named(&format!("{id}/layer.tar")) == top
}

fn any(branch: &Branch, fits: &dyn Fn(&Branch) -> bool) -> bool {
    fits(branch) || branch.children.iter().any(|child| any(child, fits))
}

fn name(image: &Saved) -> String {
    image.called().unwrap_or_else(|| shown(image.config.as_bytes()))
}

fn count(layers: usize) -> String {
    format!("{layers} layers")
}

//! archive -> Check. Documents of one archive against each other: manifest.json, index.json, repositories.

use std::collections::BTreeMap;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::document::engines::REPOSITORIES;
use crate::image::Branch;
use crate::json::{self, Json};
use crate::limits;
use crate::media_type::Compression;
use crate::report::{Node, NodeKind};
use crate::say::say;

use super::docker::{Saved, faults, of_blob_path};
use super::paths::{Found, shown};
use super::store::{Blobs, Contents};

/// The most tags of `repositories` that are held against `manifest.json`.
const TAGS: usize = 10_000;

/// The longest name of a layer that is held against `repositories`: 64 hexadecimal digits and a word or two.
const LAYER_NAME: usize = 1024;

/// The content of `index.json`, read once however many images `manifest.json` names.
#[derive(Default)]
pub(super) struct Indexed {
    /// The layers of its images.
    images: Vec<Vec<Layer>>,
    /// The numbers of these images by the digests of their configs, and by the entries that these are.
    by_digest: BTreeMap<String, Vec<usize>>,
    by_entry: BTreeMap<usize, Vec<usize>>,
    reach: Reach,
}

/// A layer of an image of `index.json`.
struct Layer {
    entry: Option<usize>,
    /// The number of bytes that its tar has, if it is not compressed.
    bare: Option<u64>,
}

/// The kinds of statements that `index.json` can make of an image that it does not name.
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
    pub(super) fn new<C: Contents>(blobs: &Blobs<'_, C>, index: &Branch) -> Self {
        let entry = |node: &Node| {
            let digest = Digest::parse(node.digest.as_deref()?).ok()?;
            blobs.blob(&digest).ok().map(|found| found.at)
        };
        let mut found = Self { reach: Reach::of(index), ..Self::default() };
        found.collect(index, &entry);
        found
    }

    fn collect(&mut self, branch: &Branch, entry: &dyn Fn(&Node) -> Option<usize>) {
        let of_kind =
            |kind: NodeKind| branch.children.iter().map(|child| &child.node).filter(move |node| node.kind == kind);
        for config in of_kind(NodeKind::Config) {
            let layers = of_kind(NodeKind::Layer).map(|node| Layer { entry: entry(node), bare: bare(node) }).collect();
            let number = self.images.len();
            self.images.push(layers);
            if let Some(at) = entry(config) {
                self.by_entry.entry(at).or_default().push(number);
            }
            if let Some(digest) = config.digest.clone().filter(|_| config.read) {
                self.by_digest.entry(digest).or_default().push(number);
            }
        }
        branch.children.iter().for_each(|child| self.collect(child, entry));
    }
}

/// The size of a layer that is not compressed.
fn bare(node: &Node) -> Option<u64> {
    node.size.filter(|_| node.facts.compression == Some(Compression::None))
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

/// Compares an image of `manifest.json` with `index.json`: they must have the same layers. None if it lacks the image,
/// or if names alone do not tell. It may have one config with several sets of layers: the same image once more,
/// compressed in another way.
pub(super) fn with_index<C: Contents>(
    blobs: &Blobs<'_, C>,
    index: &Indexed,
    image: &Saved,
    at: usize,
) -> Option<Check> {
    let config = blobs.named(&image.config).ok()?.at;
    let theirs: Vec<&[Layer]> = index.of(index.by_entry.get(&config)?).collect();
    let ours: Vec<Option<usize>> =
        image.layers.iter().map(|path| blobs.named(path).ok().map(|found| found.at)).collect();
    let path = format!("$[{at}]");
    if theirs.iter().any(|theirs| theirs.iter().map(|layer| layer.entry).eq(ours.iter().copied())) {
        let message = format!("manifest.json names the same config and layers as index.json: {}", name(image));
        return Some(Check::new(CheckId::Archive, Outcome::Pass, message).at(path));
    }
    // A file whose name is no digest may have the same bytes.
    let may_be_same = |(path, (ours, theirs)): (&String, (&Option<usize>, &Layer))| {
        *ours == theirs.entry || ours.is_some() && of_blob_path(path).is_none()
    };
    let is_open = |theirs: &&[Layer]| {
        theirs.len() == ours.len() && image.layers.iter().zip(ours.iter().zip(*theirs)).all(may_be_same)
    };
    if theirs.iter().any(is_open) {
        return None;
    }
    let message = format!(
        "manifest.json gives {} other layers than index.json: docker load and a reader of the layout get different images",
        name(image)
    );
    let check = Check::new(CheckId::Archive, Outcome::Fail, message).at(path);
    let first = theirs.first().map_or(0, |layers| layers.len());
    Some(check.values(count(first), count(ours.len()), Source::Document))
}

/// The same for an image whose files have other names than those of `index.json`: its config was read, so its digest is
/// known, and the DiffIDs in it are those that the layers of both are held against.
pub(super) fn by_digest(index: &Indexed, image: &Branch, files: &[Option<Found>], at: usize) -> Option<Check> {
    let numbers = index.by_digest.get(image.node.facts.image_id.as_deref()?)?;
    let layers: Vec<&Node> =
        image.children.iter().map(|child| &child.node).filter(|node| node.kind == NodeKind::Layer).collect();
    let may_be_same = |((node, file), theirs): ((&&Node, &Option<Found>), &Layer)| {
        let sizes = bare(node).zip(theirs.bare);
        file.as_ref().is_some_and(|file| Some(file.at) == theirs.entry) || sizes.is_none_or(|(one, other)| one == other)
    };
    let fits = |theirs: &[Layer]| theirs.len() == layers.len() && layers.iter().zip(files).zip(theirs).all(may_be_same);
    index.of(numbers).any(fits).then(|| {
        let message = say!(
            "same-config-by-other-name",
            "manifest.json and index.json name the config of {name} by different names, and the layers of both are held \
             against the DiffIDs in it",
            name = image.node.title.as_deref().unwrap_or_default()
        );
        Check::new(CheckId::Archive, Outcome::Pass, message).at(format!("$[{at}]"))
    })
}

impl Indexed {
    fn of<'a>(&'a self, numbers: &'a [usize]) -> impl Iterator<Item = &'a [Layer]> {
        numbers.iter().filter_map(|number| self.images.get(*number)).map(Vec::as_slice)
    }
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

//! archive -> Report. Finds the place of each blob that was not read, and the blobs that nothing names.

use std::collections::BTreeSet;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::image::{Branch, not_checked};
use crate::layer::EntryKind;
use crate::report::{Node, NodeKind};
use crate::say::{Said, say};

use super::docker::{Files, of_blob_path};
use super::paths::{Trouble, shown};
use super::store::{Blobs, Contents};

/// The most blobs without a reference that are shown as nodes; the rest is counted.
const SPARE: usize = 100;

/// The beginning of the paths of their nodes.
const UNREFERENCED: &str = "$.unreferenced[";

/// The most of them that the sentence names.
const TOLD: usize = 3;

/// The place of a node's bytes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The node.
    pub id: String,
    /// The number of the entry.
    pub entry: usize,
    /// The position of its content in the tar.
    pub at: u64,
    /// Its size in bytes.
    pub size: u64,
    /// True if only a `DiffID` proves it: a layer of a `docker save`.
    pub nameless: bool,
    /// True if no manifest names it, so that it is hashed and not unpacked.
    pub blob: bool,
    /// True if no size was stated, so that its size is neither right nor wrong.
    pub sizeless: bool,
}

/// The places of all layers and blobs that are here and were not read; their checks say so.
pub(super) fn of<C: Contents>(blobs: &Blobs<'_, C>, nodes: &mut [Node], images: &[(usize, Files)]) -> Vec<Place> {
    let mut image = None;
    let mut places = Vec::new();
    for node in nodes {
        // The contents of an image follow it.
        image = image_of(node, images).or(image);
        let is_place = !node.read && matches!(node.kind, NodeKind::Layer | NodeKind::Blob) && node.parent.is_some();
        if !is_place {
            continue;
        }
        let saved = saved(node, image.as_ref());
        let is_saved = saved.is_some();
        let entry = match saved {
            Some(file) => file.ok_or(Trouble::Absent),
            None => by_digest(blobs, node),
        };
        let (at, place) = match entry.map(|at| (at, blobs.paths.entry(at))) {
            Ok((at, Some(place))) => (at, place),
            Err(Trouble::Unusable(what)) => {
                explain(node, &say!("file-unusable", "its file {what}, so not checked", what = what.to_string()));
                continue;
            }
            _ => {
                explain(
                    node,
                    &say!("not-in-place", "not in this {place}, so not checked", place = blobs.place.to_string()),
                );
                continue;
            }
        };
        explain(node, &say!("not-read-yet", "not read, so not checked"));
        let is_sizeless = is_saved || node.path.as_deref().is_some_and(|path| path.starts_with(UNREFERENCED));
        if !is_sizeless {
            size(node, place.stored);
        }
        places.push(Place {
            id: node.id.clone(),
            entry: at,
            at: place.data_at,
            size: place.stored,
            nameless: is_saved && node.kind == NodeKind::Layer,
            // If a manifest names it, its kind says how it is read, as from a registry.
            blob: node.kind == NodeKind::Blob && node.facts.blob_kind.is_none(),
            sizeless: is_sizeless,
        });
    }
    places
}

/// The image of `manifest.json` that a node is: its id, which is another at the top of a folder than in a file, and its files.
fn image_of<'a>(node: &Node, images: &'a [(usize, Files)]) -> Option<(String, &'a Files)> {
    let image = number(node.path.as_deref()?.strip_prefix("$.")?, "manifest.json")?;
    // They stand in the order of manifest.json.
    let at = images.binary_search_by_key(&image, |(at, _)| *at).ok()?;
    Some((node.id.clone(), &images.get(at)?.1))
}

/// The file of a layer of that image; none if the node is not one.
fn saved(node: &Node, image: Option<&(String, &Files)>) -> Option<Option<usize>> {
    let (_, files) = image.filter(|(id, _)| node.parent.as_deref() == Some(id))?;
    let layer = number(node.path.as_deref()?.strip_prefix("$.")?, "Layers")?;
    Some(files.get(layer)?.as_ref().map(|found| found.at))
}

/// The number in `name[number]`.
fn number(text: &str, name: &str) -> Option<usize> {
    text.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

fn by_digest<C: Contents>(blobs: &Blobs<'_, C>, node: &Node) -> Result<usize, Trouble> {
    let digest = node.digest.as_deref().and_then(|digest| Digest::parse(digest).ok()).ok_or(Trouble::Absent)?;
    blobs.blob(&digest).map(|found| found.at)
}

fn explain(node: &mut Node, why: &Said) {
    for check in node.checks.iter_mut().filter(|check| check.outcome == Outcome::NotChecked) {
        if check.id == CheckId::Digest {
            *check = check.clone().saying(why.clone());
        }
    }
}

/// The size of an entry is known before it is read.
fn size(node: &mut Node, actual: u64) {
    let Some(told) = node.size.filter(|_| !node.checks.iter().any(|check| check.id == CheckId::Size)) else { return };
    let (outcome, message) = if told == actual {
        (Outcome::Pass, "there are as many bytes as the descriptor says".to_owned())
    } else {
        (Outcome::Fail, format!("the descriptor says {told} bytes, there are {actual}"))
    };
    let check = Check::new(CheckId::Size, outcome, message);
    node.checks.push(check.values(told.to_string(), actual.to_string(), Source::Descriptor));
}

/// Blobs that nothing names.
#[derive(Default)]
pub(super) struct Spare {
    pub(super) check: Option<Check>,
    pub(super) branches: Vec<Branch>,
}

pub(super) fn unreferenced<C: Contents>(blobs: &Blobs<'_, C>, roots: &[Branch]) -> Spare {
    let mut named = BTreeSet::new();
    roots.iter().for_each(|root| collect(root, &mut named));
    let mut spare = Spare::default();
    let mut names = Vec::new();
    let mut count = 0;
    let folder = blobs.shape.path("blobs");
    for (at, entry) in blobs.paths.below(&folder) {
        if entry.kind != EntryKind::File || blobs.is_used(at) {
            continue;
        }
        let path = String::from_utf8_lossy(entry.path);
        let digest = of_blob_path(&path);
        if digest.as_ref().is_some_and(|digest| named.contains(digest.as_str())) {
            continue;
        }
        count += 1;
        if names.len() < TOLD {
            names.push(shown(entry.path));
        }
        if let Some(digest) = digest.filter(|_| spare.branches.len() < SPARE) {
            spare.branches.push(node(&digest, entry.stored, spare.branches.len()).into());
        }
    }
    if count > 0 {
        let more = if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
        let (word, is) = if count == 1 { ("blob", "is") } else { ("blobs", "are") };
        let message = format!("{count} {word} {is} named by nothing that is read here: {}{more}", names.join(", "));
        spare.check = Some(Check::new(CheckId::Archive, Outcome::Warn, message));
    }
    spare
}

fn collect(branch: &Branch, named: &mut BTreeSet<String>) {
    named.extend(branch.node.digest.clone());
    branch.children.iter().for_each(|child| collect(child, named));
}

fn node(digest: &Digest, size: u64, position: usize) -> Node {
    let mut node = Node::new("", NodeKind::Blob);
    node.path = Some(format!("{UNREFERENCED}{position}]"));
    node.title = Some("unreferenced blob".to_owned());
    node.digest = Some(digest.to_string());
    node.size = Some(size);
    node.checks.push(not_checked(
        CheckId::Digest,
        digest.as_str(),
        Source::Document,
        say!("not-read-yet", "not read, so not checked"),
    ));
    node
}

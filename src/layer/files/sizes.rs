//! The sizes of the layers, the bytes that are overwritten or deleted later, and where the weight lies.

use std::cmp::Reverse;

use serde::Serialize;

use super::event::{Event, How, What};
use super::places::Places;
use super::query::{View, shown};
use super::row::shown as shown_path;
use super::waste::{self, Waste};
use super::{EntryKind, Layer};
use crate::limits;

/// The size of the layers together. Sizes are those of files as their headers state them, in bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sizes {
    /// Each layer, the lowest first.
    pub layers: Vec<LayerSizes>,
    /// `needed_bytes / all_bytes`; 1 if there is nothing.
    pub efficiency: f64,
    /// Bytes of files that a later layer overwrites or deletes.
    pub wasted_bytes: u64,
    /// Bytes of files in all layers but the lowest.
    pub user_bytes: u64,
    /// The sum of the smallest size that each path has in any layer; 0 for a path that is deleted in the end.
    pub needed_bytes: u64,
    /// The sum of all sizes of each path.
    pub all_bytes: u64,
    /// The paths that cost most beyond what is needed.
    pub worst: Vec<Worst>,
    /// The wasted bytes, by directory, with the advice.
    pub waste: Vec<Waste>,
}

/// One layer's files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerSizes {
    /// Its place in the image, from 0.
    pub position: u32,
    /// Entries of its tar.
    pub entries: u64,
    /// Regular files among them.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// The bytes of those that a later layer overwrites or deletes, or the same tar.
    pub wasted: u64,
}

/// A path that several layers have, or that is deleted in the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Worst {
    /// The path.
    pub path: String,
    /// All its sizes together.
    pub bytes: u64,
    /// The number of layers with an entry for it, the one that deletes it included.
    pub times: u32,
}

/// Something in a directory, with its weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "as in Row")]
pub struct TreemapNode {
    pub name: String,
    pub path: String,
    pub size: u64,
    pub kind: &'static str,
    pub children: u32,
    /// The layer that most of its bytes are from, counted from 0.
    pub layer: u32,
}

/// The sizes of one path over the layers.
#[derive(Default)]
struct Sum {
    all: u64,
    smallest: Option<u64>,
    /// Bytes that hard links under other paths show.
    linked: u64,
    times: u32,
    is_deleted: bool,
}

pub(super) fn of(places: &Places, layers: &[Layer]) -> Sizes {
    let mut found: Vec<LayerSizes> = layers.iter().map(blank).collect();
    let (mut needed, mut all) = (0_u64, 0_u64);
    let mut worst: Vec<(u64, u32, u32)> = Vec::new();
    for (id, _) in places.iter() {
        let mut sum = Sum::default();
        for event in places.events_of(id).iter().filter(|event| event.what.is_entry()) {
            let Some(size) = file_size(layers, event) else { continue };
            sum.add(event, size);
            let Some(layer) = found.get_mut(usize::from(event.layer)) else { continue };
            layer.files += 1;
            layer.file_bytes = layer.file_bytes.saturating_add(size);
            layer.wasted = layer.wasted.saturating_add(if event.is_wasted() { size } else { 0 });
        }
        needed = needed.saturating_add(sum.needed());
        all = all.saturating_add(sum.all);
        if sum.times > 1 && sum.all > 0 {
            worst.push((sum.all, sum.times, id));
        }
    }
    let wasted_bytes = found.iter().fold(0, |sum: u64, layer| sum.saturating_add(layer.wasted));
    let user_bytes = found.iter().skip(1).fold(0, |sum: u64, layer| sum.saturating_add(layer.file_bytes));
    worst.sort_by_key(|(bytes, _, id)| (Reverse(*bytes), *id));
    worst.truncate(limits::WORST_PATHS);
    let path = |id| shown_path(&places.path(id));
    Sizes {
        layers: found,
        efficiency: ratio(needed, all),
        wasted_bytes,
        user_bytes,
        needed_bytes: needed,
        all_bytes: all,
        worst: worst.into_iter().map(|(bytes, times, id)| Worst { path: path(id), bytes, times }).collect(),
        waste: waste::of(places, layers, wasted_bytes),
    }
}

impl Sum {
    fn add(&mut self, event: &Event, size: u64) {
        self.all = self.all.saturating_add(size);
        if event.linked && event.is_ended() {
            self.linked = self.linked.saturating_add(size);
            return;
        }
        self.smallest = Some(self.smallest.map_or(size, |least| least.min(size)));
        self.is_deleted = event.later.is_some_and(|(_, how)| how == How::Removed);
        self.times += 1 + u32::from(self.is_deleted);
    }

    fn needed(&self) -> u64 {
        self.linked.saturating_add(if self.is_deleted { 0 } else { self.smallest.unwrap_or_default() })
    }
}

/// The content of a directory of the whole image, the heaviest first; the light rest is one node together. With
/// `wasted`, the bytes that lower layers have there in vain are counted instead.
pub(super) fn treemap(places: &Places, layers: &[Layer], path: &str, wasted: bool) -> Vec<TreemapNode> {
    let Some(root) = places.find(path) else { return Vec::new() };
    let top = u16::try_from(layers.len().saturating_sub(1)).unwrap_or(u16::MAX - 1);
    let shown = if wasted { Vec::new() } else { shown(places, View::Image, top, layers.len(), 0) };
    let kept = |id: u32| shown.get(id as usize).and_then(Option::as_ref);
    let events = |id: u32| {
        let in_vain = places.events_of(id).iter().filter(move |event| wasted && event.is_wasted());
        in_vain.chain(kept(id))
    };
    let below = |id: u32| id..places.get(id).map_or(id, |place| place.end);
    let is_there = |id: u32| below(id).any(|id| events(id).any(|event| !wasted || file_size(layers, event).is_some()));
    let mut nodes: Vec<TreemapNode> = places
        .children(root)
        .filter(|id| is_there(*id))
        .map(|id| {
            let (size, layer) = weight(layers, below(id).flat_map(events));
            let is_file = below(id).len() == 1 && events(id).any(|event| !super::list::is_directory(event));
            TreemapNode {
                name: shown_path(places.name(id)),
                path: shown_path(&places.path(id)),
                size,
                kind: if is_file { "file" } else { "dir" },
                children: u32::try_from(places.children(id).filter(|id| is_there(*id)).count()).unwrap_or(u32::MAX),
                layer,
            }
        })
        .collect();
    nodes.sort_by_key(|node| Reverse(node.size));
    let rest = nodes.split_off(nodes.len().min(limits::TREEMAP_NODES));
    if let Some(TreemapNode { layer, .. }) = rest.first() {
        let size = rest.iter().fold(0, |sum: u64, node| sum.saturating_add(node.size));
        let children = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        let (name, path, kind) = ("…".to_owned(), path.to_owned(), "other");
        nodes.push(TreemapNode { name, path, size, kind, children, layer: *layer });
    }
    nodes
}

/// The weight of files together, and the layer that most of it is from.
fn weight<'a>(layers: &[Layer], events: impl Iterator<Item = &'a Event>) -> (u64, u32) {
    let mut sums = vec![0_u64; layers.len()];
    for event in events {
        let sum = sums.get_mut(usize::from(event.layer));
        if let Some((sum, size)) = sum.zip(file_size(layers, event)) {
            *sum = sum.saturating_add(size);
        }
    }
    let most = sums.iter().zip(layers).rev().max_by_key(|(sum, _)| **sum);
    (sums.iter().copied().fold(0, u64::saturating_add), most.map_or(0, |(_, layer)| layer.position))
}

fn blank(layer: &Layer) -> LayerSizes {
    LayerSizes { position: layer.position, entries: layer.index.len() as u64, ..LayerSizes::default() }
}

/// The size of an entry that is a regular file.
pub(super) fn file_size(layers: &[Layer], event: &Event) -> Option<u64> {
    let is_own = event.what == What::Entry;
    let entry = layers.get(usize::from(event.layer))?.index.get(event.at as usize).filter(|_| is_own)?;
    (entry.kind == EntryKind::File).then_some(entry.size)
}

#[expect(clippy::cast_precision_loss, reason = "a share, shown with one decimal")]
fn ratio(needed: u64, all: u64) -> f64 {
    if all == 0 { 1.0 } else { needed as f64 / all as f64 }
}

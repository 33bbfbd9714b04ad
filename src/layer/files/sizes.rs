//! Line: Files -> sizes. What the layers weigh, what of it is overwritten or deleted later, and where the weight lies.

use std::cmp::Reverse;

use serde::Serialize;

use super::event::{Event, How};
use super::places::Places;
use super::query::{View, shown};
use super::row::shown as shown_path;
use super::{EntryKind, Layer};
use crate::limits;

/// What the layers weigh together. Sizes are those of files as their headers state them, in bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sizes {
    /// Each layer, the lowest first.
    pub layers: Vec<LayerSizes>,
    /// `needed_bytes / all_bytes`; 1 where there is nothing.
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
    /// How many layers say something of it, the one that deletes it included.
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
}

/// The sizes of one path over the layers.
#[derive(Default)]
struct Sum {
    all: u64,
    smallest: Option<u64>,
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
            let is_wasted = event.later.is_some() || event.repeated;
            layer.wasted = layer.wasted.saturating_add(if is_wasted { size } else { 0 });
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
    }
}

impl Sum {
    fn add(&mut self, event: &Event, size: u64) {
        self.all = self.all.saturating_add(size);
        self.smallest = Some(self.smallest.map_or(size, |least| least.min(size)));
        self.is_deleted = event.later.is_some_and(|(_, how)| how == How::Removed);
        self.times += 1 + u32::from(self.is_deleted);
    }

    fn needed(&self) -> u64 {
        if self.is_deleted { 0 } else { self.smallest.unwrap_or_default() }
    }
}

/// What lies in a directory of the whole image, the heaviest first; what is too much to draw is one node together.
pub(super) fn treemap(places: &Places, layers: &[Layer], path: &str) -> Vec<TreemapNode> {
    let Some(root) = places.find(path) else { return Vec::new() };
    let top = u16::try_from(layers.len().saturating_sub(1)).unwrap_or(u16::MAX - 1);
    let shown = shown(places, View::Image, top, layers.len(), 0);
    let event = |id: u32| shown.get(id as usize).and_then(Option::as_ref);
    let weight = |id: u32| {
        let end = places.get(id).map_or(id, |place| place.end);
        (id..end).filter_map(event).filter_map(|event| file_size(layers, event)).fold(0, u64::saturating_add)
    };
    let is_there = |id: u32| (id..places.get(id).map_or(id, |place| place.end)).any(|id| event(id).is_some());
    let mut nodes: Vec<TreemapNode> = places
        .children(root)
        .filter(|id| is_there(*id))
        .map(|id| TreemapNode {
            name: shown_path(places.name(id)),
            path: shown_path(&places.path(id)),
            size: weight(id),
            kind: if event(id).is_none_or(super::list::is_directory) { "dir" } else { "file" },
            children: u32::try_from(places.children(id).filter(|id| is_there(*id)).count()).unwrap_or(u32::MAX),
        })
        .collect();
    nodes.sort_by_key(|node| Reverse(node.size));
    let rest = nodes.split_off(nodes.len().min(limits::TREEMAP_NODES));
    if !rest.is_empty() {
        let size = rest.iter().fold(0, |sum: u64, node| sum.saturating_add(node.size));
        let children = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        nodes.push(TreemapNode { name: "…".to_owned(), path: path.to_owned(), size, kind: "other", children });
    }
    nodes
}

fn blank(layer: &Layer) -> LayerSizes {
    LayerSizes { position: layer.position, entries: layer.index.len() as u64, ..LayerSizes::default() }
}

/// The size of an entry that is a regular file.
fn file_size(layers: &[Layer], event: &Event) -> Option<u64> {
    let entry = layers.get(usize::from(event.layer))?.index.get(event.at as usize)?;
    (entry.kind == EntryKind::File).then_some(entry.size)
}

#[expect(clippy::cast_precision_loss, reason = "a share, shown with one decimal")]
fn ratio(needed: u64, all: u64) -> f64 {
    if all == 0 { 1.0 } else { needed as f64 / all as f64 }
}

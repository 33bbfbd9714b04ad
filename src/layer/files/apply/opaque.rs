//! Opaque markers that come after entries of their own layer.
//!
//! Without overlay file systems Docker, containerd and podman walk the directory at the marker and delete what the layer
//! has not listed by then. A directory that is only implied is not listed, and neither is what came through a link.

use std::collections::BTreeMap;

use super::super::findings::Why;
use super::{Applier, Item};

/// The order of the entries of one layer, so far as opaque markers ask for it.
#[derive(Default)]
pub(super) struct Unlisted {
    /// The nodes of the layer that were not listed by their own path, with the entry that brought them.
    nodes: BTreeMap<u32, u32>,
    /// The last opaque marker of each directory: the number of the entry, and that of the event.
    markers: BTreeMap<u32, (u32, u32)>,
}

/// No marker: it comes after nothing.
const NONE: (u32, u32) = (0, 0);

impl Unlisted {
    /// Forgets a node that is gone. A later entry there is another thing.
    pub(super) fn forget(&mut self, node: u32) {
        self.nodes.remove(&node);
    }
}

impl<'a> Applier<'a, '_> {
    /// Something is there that the layer does not list by this path.
    pub(super) fn unlisted(&mut self, item: Item<'a>, node: u32) {
        self.unlisted.nodes.entry(node).or_insert(item.at);
    }

    /// The layer lists the path.
    pub(super) fn listed(&mut self, node: u32) {
        let Some(since) = self.unlisted.nodes.remove(&node) else { return };
        let mut best = NONE;
        let mut at = node;
        while let Some(parent) = self.tree.parent(at).filter(|_| !self.unlisted.markers.is_empty()) {
            best = best.max(self.unlisted.markers.get(&parent).copied().unwrap_or(NONE));
            at = parent;
        }
        self.flag(since, best);
    }

    /// A marker is there.
    pub(super) fn marked(&mut self, item: Item<'a>, directory: u32, event: u32) {
        self.unlisted.markers.insert(directory, (item.at, event));
    }

    /// The layer is over: what is still there without an entry of its own was not listed at any marker.
    pub(super) fn settle(&mut self) {
        let Unlisted { nodes, markers } = std::mem::take(&mut self.unlisted);
        if markers.is_empty() {
            return;
        }
        // The last marker above each directory that was asked for; a parent has a lower number than what is in it.
        let mut known: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for (node, since) in nodes {
            if !self.tree.stays(node) {
                continue;
            }
            let mut way = Vec::new();
            let mut at = self.tree.parent(node);
            while let Some(directory) = at.filter(|directory| !known.contains_key(directory)) {
                way.push(directory);
                at = self.tree.parent(directory);
            }
            let mut best = at.and_then(|directory| known.get(&directory).copied()).unwrap_or(NONE);
            for directory in way.into_iter().rev() {
                best = best.max(markers.get(&directory).copied().unwrap_or(NONE));
                known.insert(directory, best);
            }
            self.flag(since, best);
        }
    }

    /// Says it of the marker, if it comes after the entry with that number.
    fn flag(&mut self, since: u32, (at, event): (u32, u32)) {
        if let Some((_, event)) = self.events.get_mut(event as usize).filter(|_| at > since) {
            event.findings = (event.findings.get() | Why::OpaqueAfter.bit()).into();
        }
    }
}

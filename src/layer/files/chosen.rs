//! Finds the entries of layers that make up some paths, and the changes of one layer: for tars and lists that leave the
//! page.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::event::{Change, Event, What};
use super::query::{self, Query, View};
use super::row::{Header, shown};
use super::{EntryKind, Files};
use crate::error::{Error, ErrorKind};
use crate::limits;

/// The paths that leave the image. As JavaScript gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Choice {
    /// The position of a layer whose own entries are wanted, whiteouts included; none for what a container sees.
    pub layer: Option<u32>,
    /// Paths, each with all below it.
    pub paths: Vec<String>,
    /// True if the paths that answered the last query are wanted, in its view, instead of those named here.
    pub listed: bool,
}

/// The entries to take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// By layer, the lowest first.
    pub layers: Vec<OfLayer>,
    /// Bytes of the files among them.
    pub bytes: u64,
    /// Paths that were asked for and are not there.
    pub missing: Vec<String>,
    /// The number of entries that come along only because a hard link needs them.
    pub linked: u32,
}

/// Entries of one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfLayer {
    /// Its position.
    pub position: u32,
    /// The numbers of the entries in its tar, in their order.
    pub entries: Vec<u32>,
}

/// One path that a layer changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "as in Row")]
pub struct ChangedPath {
    /// Of a whiteout the path that it deletes.
    pub path: String,
    pub change: Change,
    #[serde(flatten)]
    pub header: Header,
    pub uid: u64,
    pub gid: u64,
    /// The number of the entry in the layer's tar.
    pub at: u32,
    /// The entry of a lower layer there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
}

/// The entry that stood at a path before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Before {
    /// The position of the layer that had it.
    pub layer: u32,
    /// Its headers.
    #[serde(flatten)]
    pub header: Header,
}

/// A part of the changes of a layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// By path.
    pub changes: Vec<ChangedPath>,
    /// The position of the next part; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
}

/// The files that a layer brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Brought {
    /// The first of them, by path.
    pub paths: Vec<String>,
    /// The number of all entries that are no directories and no whiteouts.
    pub total: u64,
}

impl Files {
    /// Counts the files that a layer brought, and gives so many of their paths.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn brought(&mut self, position: u32, most: u32) -> Result<Brought, Error> {
        self.build()?;
        let mut found = Brought::default();
        let Ok(layer) = self.layers.binary_search_by_key(&position, |layer| layer.position) else {
            return Ok(found);
        };
        for (id, _) in self.places.iter() {
            let events = self.places.events_of(id);
            if events.iter().any(|event| usize::from(event.layer) == layer && event.what == What::Entry && !event.gone)
            {
                found.total += 1;
                if found.paths.len() < most as usize {
                    found.paths.push(shown(&self.places.path(id)));
                }
            }
        }
        Ok(found)
    }

    /// The entries that make up these paths.
    ///
    /// # Errors
    /// As [`query`](Self::query); `limit-exceeded` if too many paths are named.
    pub fn choose(&mut self, choice: &Choice) -> Result<Chosen, Error> {
        self.build()?;
        if choice.paths.len() > limits::CHOSEN_PATHS {
            let message = format!("more than {} paths are chosen at once", limits::CHOSEN_PATHS);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let view = if choice.layer.is_some() { View::Layer } else { View::Image };
        let own = Query { view, layer: choice.layer, ..Query::default() };
        let asked = if choice.listed { self.list.query() } else { &own };
        let top = self.top(asked);
        let events = query::shown(&self.places, asked.view, top, self.layers.len(), asked.finding_bit());
        let (ids, missing) = self.wanted(choice);
        let mut found: BTreeMap<u16, BTreeSet<u32>> = BTreeMap::new();
        let mut linked = Vec::new();
        let mut bytes = 0_u64;
        for id in ids {
            let Some(Some(event)) = events.get(id as usize) else { continue };
            if matches!(event.what, What::Implied | What::Metadata | What::Header) {
                continue;
            }
            found.entry(event.layer).or_default().insert(event.at);
            let entry = self.entry(event, top);
            bytes = bytes.saturating_add(entry.filter(|one| one.kind == EntryKind::File).map_or(0, |one| one.size));
            linked.extend(self.contents.of(event.layer, event.at));
        }
        let mut added = 0;
        for (layer, at) in linked {
            if found.entry(layer).or_default().insert(at) {
                added += 1;
                let entry = self.layers.get(usize::from(layer)).and_then(|layer| layer.index.get(at as usize));
                bytes = bytes.saturating_add(entry.map_or(0, |entry| entry.size));
            }
        }
        let of = |(layer, entries): (u16, BTreeSet<u32>)| OfLayer {
            position: self.position(layer),
            entries: entries.into_iter().collect(),
        };
        Ok(Chosen { layers: found.into_iter().map(of).collect(), bytes, missing, linked: added })
    }

    /// The places of the paths with all below them, and the paths that are not there.
    fn wanted(&self, choice: &Choice) -> (BTreeSet<u32>, Vec<String>) {
        let mut ids: BTreeSet<u32> = BTreeSet::new();
        let mut missing = Vec::new();
        if choice.listed {
            return (self.list.answers().collect(), missing);
        }
        for path in &choice.paths {
            match self.places.find(path) {
                Some(id) => ids.extend(id..self.places.get(id).map_or(id, |place| place.end)),
                None => missing.push(path.clone()),
            }
        }
        (ids, missing)
    }

    /// Gives at most so many changes of a layer, from the place with that number on.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn changes(&mut self, position: u32, from: u32, most: u32) -> Result<Changes, Error> {
        self.build()?;
        let Ok(layer) = self.layers.binary_search_by_key(&position, |layer| layer.position) else {
            return Ok(Changes::default());
        };
        let layer = u16::try_from(layer).unwrap_or(u16::MAX);
        let mut found = Changes::default();
        for (id, _) in self.places.iter().skip(from as usize) {
            if found.changes.len() >= most as usize {
                found.next = Some(id);
                break;
            }
            let events = self.places.events_of(id);
            // Of a path that the tar has more than once the last entry counts.
            let last = events.iter().rev().find(|event| event.layer == layer && is_told(event.what));
            found.changes.extend(last.and_then(|event| self.changed(id, event, events)));
        }
        Ok(found)
    }

    fn changed(&self, id: u32, event: &Event, events: &[Event]) -> Option<ChangedPath> {
        let entry = self.entry(event, event.layer)?;
        let ended = |one: &&Event| one.what.is_entry() && one.layer < event.layer;
        let before = events.iter().rev().find(ended).filter(|one| {
            // An entry that a layer between deleted was not there any more.
            one.later.is_none_or(|(by, _)| by >= event.layer)
        });
        let before = before.and_then(|one| {
            Some(Before { layer: self.position(one.layer), header: Header::of(one, &self.entry(one, one.layer)?) })
        });
        Some(ChangedPath {
            path: shown(&self.places.path(id)),
            change: event.change,
            header: Header::of(event, &entry),
            uid: entry.uid,
            gid: entry.gid,
            at: event.at,
            before,
        })
    }
}

/// Whiteouts are told at the path that they delete, not at that of their marker.
fn is_told(what: What) -> bool {
    matches!(what, What::Entry | What::Directory | What::Remove | What::Opaque)
}

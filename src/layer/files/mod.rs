//! The layers of an image laid over each other: changes, whiteouts, findings, sizes.
//!
//! `apply` finds out where each entry lands, as container engines do; `places` is the tree of all paths; `event` says
//! what each layer changes; `query`, `list` and `row` answer what is asked.

mod apply;
mod capabilities;
mod chosen;
mod event;
mod findings;
mod list;
mod places;
mod query;
mod refused;
mod row;
mod seen;
mod sizes;
mod tree;
mod waste;
mod way;

pub use chosen::{Before, Brought, ChangedPath, Changes, Choice, Chosen, OfLayer};
pub use event::{Change, How};
pub use findings::Finding;
pub use query::{Matching, PathFilter, Query, Sort, View};
pub(crate) use refused::{Refused, refused};
pub use row::{Content, Detail, Header, Later, PathEvent, Row};
pub(crate) use seen::Seen;
pub use sizes::{LayerSizes, Sizes, TreemapNode, Worst};
pub use waste::{Advice, End, Waste};
pub(crate) use way::{resolved, within};

use serde::Serialize;

use super::{EntryKind, EntryRef, FileIndex};
use crate::error::Error;
use crate::limits;
use apply::Contents;
use event::{Event, What};
use findings::Bits;
use list::List;
use places::Places;

/// The files of an image, over those of its layers that were read.
#[derive(Default)]
pub struct Files {
    layers: Vec<Layer>,
    places: Places,
    contents: Contents,
    list: List,
    system: Option<String>,
    is_built: bool,
}

/// One layer and its place in the image, from 0.
struct Layer {
    position: u32,
    index: FileIndex,
}

/// The size of a query's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Lines that are visible now.
    pub total: u32,
    /// Paths that answer the query.
    pub matched: u32,
    /// Paths that the view has.
    pub entries: u32,
}

impl Files {
    /// The files of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a layer, or puts another index in its place; the position is counted from 0 at the lowest. Earlier
    /// queries have to be asked again.
    pub fn add(&mut self, position: u32, index: FileIndex) {
        match self.layers.binary_search_by_key(&position, |layer| layer.position) {
            Ok(at) => self.layers[at].index = index,
            Err(at) => self.layers.insert(at, Layer { position, index }),
        }
        self.is_built = false;
    }

    /// Says which operating system the image is for; if this is not known, the layers' own paths tell Windows.
    pub fn set_system(&mut self, system: Option<&str>) {
        self.system = system.map(str::to_owned);
        self.is_built = false;
    }

    /// Asks for files; their lines are had from [`rows`](Self::rows). Directories that lead to what was asked for are
    /// open; without a filter those that were open stay it.
    ///
    /// # Errors
    /// `limit-exceeded` if the layers have more paths together than are kept.
    pub fn query(&mut self, query: &Query) -> Result<Found, Error> {
        self.build()?;
        let top = self.top(query);
        let shown = query::shown(&self.places, query.view, top, self.layers.len(), query.finding_bit());
        self.list.ask(&self.places, query, shown, |event| sizes::file_size(&self.layers, event).unwrap_or(0));
        Ok(self.list.found())
    }

    /// The lines from one number to before another.
    #[must_use]
    pub fn rows(&self, from: u32, to: u32) -> Vec<Row> {
        self.list.visible(from, to).iter().filter_map(|id| self.row(*id)).collect()
    }

    /// Opens or closes a directory.
    pub fn toggle(&mut self, id: u32, open: bool) -> Found {
        self.list.toggle(&self.places, id, open)
    }

    /// Opens or closes every directory.
    pub fn open_all(&mut self, open: bool) -> Found {
        self.list.open_all(&self.places, open)
    }

    /// The paths that the caller has to test for [`Matching::Regex`], from the one with that number on.
    #[must_use]
    pub fn paths(&self, from: u32, count: u32) -> Vec<String> {
        let ids = self.list.candidates(from, count).iter();
        ids.map(|id| String::from_utf8_lossy(&self.places.path(*id)).into_owned()).collect()
    }

    /// Keeps of these paths the ones whose byte is not 0.
    pub fn keep(&mut self, bits: &[u8]) -> Found {
        self.list.keep(&self.places, bits)
    }

    /// The number of a path's line, opening what is above it; none if the list has no such path.
    pub fn find(&mut self, path: &str) -> Option<u32> {
        let id = self.places.find(path)?;
        self.list.reveal(&self.places, id)
    }

    /// All about one path.
    #[must_use]
    pub fn detail(&self, id: u32) -> Option<Detail> {
        let events = self.places.events_of(id);
        let most = limits::PATH_EVENTS;
        let told = events.iter().filter(|event| event.what != What::Implied);
        let history = told.filter_map(|event| self.event(event)).take(most).collect();
        let found = events.iter().filter(|event| event.what.is_listed());
        let findings = found.flat_map(|event| self.findings_of(id, event)).take(most).collect();
        Some(Detail { row: self.row(id)?, history, findings })
    }

    /// Suspicious entries of any layer, also in files that a later layer deletes, by path; at most
    /// [`FINDINGS`](limits::FILE_FINDINGS).
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn findings(&mut self) -> Result<Vec<Finding>, Error> {
        self.build()?;
        let this: &Self = self;
        let events =
            this.places.iter().flat_map(|(id, _)| this.places.events_of(id).iter().map(move |event| (id, event)));
        let suspicious = events.filter(|(_, event)| event.findings != Bits::default());
        Ok(suspicious.flat_map(|(id, event)| this.findings_of(id, event)).take(limits::FILE_FINDINGS).collect())
    }

    /// The sizes of the layers, and the wasted part of them.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn sizes(&mut self) -> Result<Sizes, Error> {
        self.build()?;
        Ok(sizes::of(&self.places, &self.layers))
    }

    /// The paths directly in a directory of the whole image, with their weight; with `wasted` the bytes that lower
    /// layers have there in vain.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn treemap(&mut self, path: &str, wasted: bool) -> Result<Vec<TreemapNode>, Error> {
        self.build()?;
        Ok(sizes::treemap(&self.places, &self.layers, path, wasted))
    }

    fn build(&mut self) -> Result<(), Error> {
        if self.is_built {
            return Ok(());
        }
        let open = self.list.open_paths(&self.places);
        let layers: Vec<&FileIndex> = self.layers.iter().map(|layer| &layer.index).collect();
        let applied = apply::apply(&layers, self.is_windows(&layers))?;
        let mut places = Places::of(&applied.tree, &applied.events);
        event::classify(&mut places, &layers, &applied.contents);
        self.contents = applied.contents;
        self.list = List::opened(&places, &open);
        self.places = places;
        self.is_built = true;
        Ok(())
    }

    /// True if `Files/` is the root: in layers of Windows images, and in those of unknown ones that look like them.
    fn is_windows(&self, layers: &[&FileIndex]) -> bool {
        if self.system.as_deref().is_some_and(|system| system != "windows") {
            return false;
        }
        let found: Option<Vec<bool>> =
            layers.iter().map(|index| way::is_windows(index.iter().map(|entry| entry.path))).collect();
        found.is_some_and(|marked| !marked.is_empty() && (self.system.is_some() || marked.contains(&true)))
    }

    /// The entry that has the content of a hard link, by the position of the link's layer and its number there.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn content(&mut self, position: u32, at: u32) -> Result<Option<Content>, Error> {
        self.build()?;
        let layer = self.layers.binary_search_by_key(&position, |layer| layer.position).ok();
        Ok(layer.and_then(|layer| u16::try_from(layer).ok()).and_then(|layer| self.content_of(layer, at)))
    }

    fn content_of(&self, layer: u16, at: u32) -> Option<Content> {
        self.contents.of(layer, at).map(|(layer, at)| Content { layer: self.position(layer), at })
    }

    /// The place among the layers that were read of the one that a query names; else the topmost.
    fn top(&self, query: &Query) -> u16 {
        let named = query.layer.map(|position| self.layers.partition_point(|layer| layer.position <= position));
        let count = named.unwrap_or(self.layers.len());
        let is_there = query.view != View::Layer
            || query.layer.is_none()
            || self.layers.get(count.wrapping_sub(1)).is_some_and(|layer| Some(layer.position) == query.layer);
        // A layer that was not read shows nothing: no event has this number.
        if count == 0 || !is_there { u16::MAX - 1 } else { u16::try_from(count - 1).unwrap_or(u16::MAX - 1) }
    }

    /// The headers of an event, as the file is in the layers up to `top`: hard links share one.
    fn entry(&self, event: &Event, top: u16) -> Option<EntryRef<'_>> {
        let get = |layer: u16, at: u32| self.layers.get(usize::from(layer))?.index.get(at as usize);
        self.contents.effective((event.layer, event.at), top, get)
    }

    /// The directory of a lower layer whose mode and owner an implied one has.
    fn like(&self, event: &Event) -> Option<EntryRef<'_>> {
        self.layers.get(usize::from(event.like?))?.index.get(event.at as usize)
    }

    fn position(&self, layer: u16) -> u32 {
        self.layers.get(usize::from(layer)).map_or(0, |layer| layer.position)
    }

    fn row(&self, id: u32) -> Option<Row> {
        let place = self.places.get(id)?;
        let line = self.list.line(id);
        let event = self.list.shown(id);
        let (path, name) =
            if place.depth == 0 { (b".".to_vec(), &b"."[..]) } else { (self.places.path(id), self.places.name(id)) };
        let row = Row::new(id, &path, name);
        let own = event.filter(|event| event.what != What::Implied);
        let row = match own.and_then(|event| Some((event, self.entry(event, self.top(self.list.query()))?))) {
            Some((event, entry)) => row.with(event, &entry),
            None => event.and_then(|event| self.like(event)).map_or(row.clone(), |entry| row.made_like(&entry)),
        };
        let is_dir = row.header.kind == "dir";
        Some(Row {
            depth: place.depth.saturating_sub(1),
            layer: self.position(event.map_or(line.layer, |event| event.layer)),
            change: event.map_or(Change::Unchanged, |event| self.list.query().change_of(event)),
            later: event.and_then(|event| event.later).map(|(layer, how)| Later { layer: self.position(layer), how }),
            total: is_dir.then_some(line.bytes),
            children: if place.depth == 0 { 0 } else { line.children },
            open: line.open && line.children > 0,
            content: own.and_then(|event| self.content_of(event.layer, event.at)),
            duplicate: event.is_some_and(|event| self.is_duplicate(id, event)),
            ..row
        })
    }

    /// True if the layer's tar has the path more than once.
    fn is_duplicate(&self, id: u32, event: &Event) -> bool {
        self.places.events_of(id).iter().any(|one| one.layer == event.layer && one.repeated)
    }

    fn event(&self, event: &Event) -> Option<PathEvent> {
        let header = Header::of(event, &self.entry(event, event.layer)?);
        Some(PathEvent { layer: self.position(event.layer), at: event.at, change: event.change, header })
    }

    fn findings_of(&self, id: u32, event: &Event) -> Vec<Finding> {
        let Some(entry) = self.entry(event, u16::MAX).filter(|_| event.findings != Bits::default()) else {
            return Vec::new();
        };
        let path = row::shown(&self.places.path(id));
        let deleted = event.later.filter(|(_, how)| *how == How::Removed);
        let layer = self.position(event.layer);
        let of = |(id, why): (&'static str, String)| Finding {
            id,
            path: path.clone(),
            layer,
            at: event.at,
            deleted_in: deleted.map(|(layer, _)| self.position(layer)),
            why,
        };
        findings::sentences(event.findings.get(), &entry, &path).into_iter().map(of).collect()
    }
}

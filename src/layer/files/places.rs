//! Line: FileIndex -> Files. The tree of all paths of all layers, as one list in which a directory stands before what is in it.

use std::cmp::Ordering;

use super::event::{Event, What};
use super::{EntryKind, FileIndex};
use crate::error::{Error, ErrorKind};
use crate::limits;

/// The prefix of a whiteout's name, and the name of an opaque one (image-spec, layer.md, "Whiteouts").
const WHITEOUT: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";

/// One path, whichever layers have it. Places stand in depth-first order: those below one follow it up to its `end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub parent: u32,
    pub end: u32,
    /// 0 for the root.
    pub depth: u32,
    name_at: u32,
    name_length: u32,
    /// Where its events begin; they end where those of the next place begin.
    events: u32,
}

/// All paths with what the layers say of them.
#[derive(Debug, Default)]
pub(super) struct Places {
    list: Vec<Place>,
    names: Vec<u8>,
    pub events: Vec<Event>,
}

/// One layer's word on a path before the paths are brought together.
struct Mention {
    event: Event,
    from: usize,
    length: usize,
}

impl Places {
    /// The tree of these layers, the lowest first.
    ///
    /// # Errors
    /// `limit-exceeded` where they have more paths than are kept.
    pub(super) fn of<'a>(layers: impl Iterator<Item = &'a FileIndex>) -> Result<Self, Error> {
        let mut text = Vec::new();
        let mut mentions = Vec::new();
        for (layer, index) in layers.enumerate() {
            mention(u16::try_from(layer).unwrap_or(u16::MAX), index, &mut text, &mut mentions);
        }
        // Tars are mostly in this order already, which a stable sort makes use of.
        let path = |mention: &Mention| text.get(mention.from..mention.from + mention.length).unwrap_or_default();
        mentions.sort_by(|a, b| {
            let place = |mention: &Mention| (mention.event.layer, mention.event.at);
            by_components(path(a), path(b)).then_with(|| place(a).cmp(&place(b)))
        });
        let mut places = Self::default();
        let mut open = vec![(places.push(0, 0, b"")?, 0)];
        let mut before: &[u8] = b"";
        for mention in &mentions {
            let path = path(mention);
            let common = common(before, path);
            places.close(&mut open, common);
            places.descend(&mut open, path, common)?;
            places.events.push(mention.event);
            before = path;
        }
        places.close(&mut open, 0);
        places.end(0);
        Ok(places)
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, id: u32) -> Option<&Place> {
        self.list.get(id as usize)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &Place)> {
        (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).zip(&self.list)
    }

    pub(super) fn name(&self, id: u32) -> &[u8] {
        let named =
            self.get(id).and_then(|place| self.names.get(place.name_at as usize..)?.get(..place.name_length as usize));
        named.unwrap_or_default()
    }

    /// Where the events of a place stand.
    pub(super) fn range(&self, id: u32) -> std::ops::Range<usize> {
        let from = |id: u32| self.get(id).map_or(self.events.len(), |place| place.events as usize);
        from(id)..from(id.saturating_add(1))
    }

    /// What the layers say of a place, the lowest first.
    pub(super) fn events_of(&self, id: u32) -> &[Event] {
        self.events.get(self.range(id)).unwrap_or_default()
    }

    /// What lies directly below a place, by name.
    pub(super) fn children(&self, id: u32) -> impl Iterator<Item = u32> {
        let end = self.get(id).map_or(0, |place| place.end);
        let mut next = id.saturating_add(1);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.get(child)?.end.max(child + 1);
            Some(child)
        })
    }

    /// The path without a slash at either end; empty for the root.
    pub(super) fn path(&self, id: u32) -> Vec<u8> {
        let mut names = Vec::new();
        let mut at = id;
        while let Some(place) = self.get(at).filter(|place| place.depth > 0) {
            names.push(self.name(at));
            at = place.parent;
        }
        names.reverse();
        names.join(&b'/')
    }

    /// The place of a path as it is shown, that is with what is no UTF-8 replaced.
    pub(super) fn find(&self, path: &str) -> Option<u32> {
        let mut components = path.split('/').filter(|name| !matches!(*name, "" | "."));
        components
            .try_fold(0, |at, name| self.children(at).find(|child| String::from_utf8_lossy(self.name(*child)) == name))
    }

    fn push(&mut self, parent: u32, depth: u32, name: &[u8]) -> Result<u32, Error> {
        if self.list.len() >= limits::FILES_PATHS {
            let message = format!("the layers have more than {} paths together", limits::FILES_PATHS);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let id = narrow(self.list.len());
        let (name_at, name_length) = (narrow(self.names.len()), narrow(name.len()));
        self.names.extend_from_slice(name);
        self.list.push(Place { parent, end: id + 1, depth, name_at, name_length, events: narrow(self.events.len()) });
        Ok(id)
    }

    /// Ends the open places that are not above a path with so much in common with the one before.
    fn close(&mut self, open: &mut Vec<(u32, usize)>, common: usize) {
        while let Some((id, _)) = open.pop_if(|(_, length)| *length > common) {
            self.end(id);
        }
    }

    fn end(&mut self, id: u32) {
        let end = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        if let Some(place) = self.list.get_mut(id as usize) {
            place.end = end;
        }
    }

    /// Adds the places that lead from what is in common to the whole path.
    fn descend(&mut self, open: &mut Vec<(u32, usize)>, path: &[u8], common: usize) -> Result<(), Error> {
        let mut at = common;
        while at < path.len() {
            let from = if at == 0 { 0 } else { at + 1 };
            let rest = path.get(from..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            let (parent, _) = open.last().copied().unwrap_or_default();
            let depth = u32::try_from(open.len()).unwrap_or(u32::MAX);
            let id = self.push(parent, depth, rest.get(..length).unwrap_or_default())?;
            at = from + length;
            open.push((id, at));
        }
        Ok(())
    }
}

/// Notes every entry of a layer, and beside a whiteout what it does to the path that it names.
fn mention(layer: u16, index: &FileIndex, text: &mut Vec<u8>, mentions: &mut Vec<Mention>) {
    for (at, entry) in (0_u32..).zip(index.iter()) {
        if entry.kind == EntryKind::GlobalHeader {
            continue;
        }
        let from = text.len();
        clean(entry.path, text);
        let length = text.len() - from;
        let name_at = text.iter().skip(from).rposition(|byte| *byte == b'/').map_or(from, |slash| from + slash + 1);
        let above = name_at.saturating_sub(1).max(from) - from;
        let name = text.get(name_at..).unwrap_or_default();
        let own = match name {
            OPAQUE => What::OpaqueMark,
            _ if name.starts_with(WHITEOUT) => What::Whiteout,
            _ if entry.kind == EntryKind::Directory => What::Directory,
            _ => What::Entry,
        };
        let deleted = name.strip_prefix(WHITEOUT).map(<[u8]>::to_vec).unwrap_or_default();
        mentions.push(Mention { event: Event::new(layer, at, own), from, length });
        if own == What::OpaqueMark {
            mentions.push(Mention { event: Event::new(layer, at, What::Opaque), from, length: above });
        } else if own == What::Whiteout && !matches!(&*deleted, b"" | b"." | b"..") {
            let target = text.len();
            text.extend_from_within(from..name_at);
            text.extend_from_slice(&deleted);
            let length = text.len() - target;
            mentions.push(Mention { event: Event::new(layer, at, What::Remove), from: target, length });
        }
    }
}

/// Adds the path without empty parts and `.`; `..` stays what it is, a name that is found suspicious.
fn clean(path: &[u8], text: &mut Vec<u8>) {
    let from = text.len();
    for name in path.split(|byte| *byte == b'/').filter(|name| !matches!(*name, b"" | b".")) {
        if text.len() > from {
            text.push(b'/');
        }
        text.extend_from_slice(name);
    }
}

/// The order of paths name by name: what is in a directory follows it at once.
fn by_components(a: &[u8], b: &[u8]) -> Ordering {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rank = |byte: Option<&u8>| byte.map(|byte| if *byte == b'/' { 0 } else { u16::from(*byte) + 1 });
    rank(a.get(same)).cmp(&rank(b.get(same)))
}

/// How many bytes two paths have in common, in whole names.
fn common(a: &[u8], b: &[u8]) -> usize {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let ends = |path: &[u8]| path.get(same).is_none_or(|byte| *byte == b'/');
    if ends(a) && ends(b) {
        return same;
    }
    a.iter().take(same).rposition(|byte| *byte == b'/').unwrap_or(0)
}

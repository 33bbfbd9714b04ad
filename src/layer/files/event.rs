//! One layer's word on a path: what it changes, and what becomes of it in later layers.

use std::collections::BTreeSet;

use super::apply::Contents;
use super::findings::Bits;
use super::places::Places;
use super::{EntryKind, EntryRef, FileIndex};

/// The part that an entry plays for the path at which it is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A directory.
    Directory,
    /// Anything else that a container sees.
    Entry,
    /// A directory without an entry, noted where the first entry below it makes it.
    Implied,
    /// A file beside the root of the image: AUFS' own files, the hives of Windows.
    Metadata,
    /// The marker file of a whiteout.
    Whiteout,
    /// The marker file of an opaque directory.
    OpaqueMark,
    /// The effect of a whiteout, noted where it deletes.
    Remove,
    /// The effect of an opaque directory, noted at the directory.
    Opaque,
    /// A PAX global header that names a path, noted there: it makes nothing, and the layer loses what it had there.
    Header,
}

/// The effect of an entry on the image below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// No lower layer has this path, or a whiteout deleted it.
    Added,
    /// A lower layer has it, and kind, mode, owner, size, time, link or device differ.
    Changed,
    /// A whiteout.
    Removed,
    /// A lower layer has it, and its headers are the same. The contents are not compared.
    Unchanged,
}

/// The ways in which an entry ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// A later layer has something else at its path.
    Overwritten,
    /// A later layer deletes it, or something above it.
    Removed,
}

/// One layer's word on a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub layer: u16,
    pub what: What,
    pub change: Change,
    /// The number of the entry; of an implied directory that of the one in a lower layer whose mode and owner it has.
    pub at: u32,
    /// The layer of that one.
    pub like: Option<u16>,
    pub later: Option<(u16, How)>,
    /// True if the same layer has the path once more afterwards.
    pub repeated: bool,
    /// True if the layer itself does not end with it: it is replaced, or engines refuse it.
    pub gone: bool,
    /// True if a hard link still shows its content in the end.
    pub linked: bool,
    /// Bits of `findings`.
    pub findings: Bits,
}

impl Event {
    pub(super) fn new(layer: u16, at: u32, what: What) -> Self {
        let change = if what.is_entry() || what == What::Metadata { Change::Added } else { Change::Removed };
        Self {
            layer,
            what,
            change,
            at,
            like: None,
            later: None,
            repeated: false,
            gone: false,
            linked: false,
            findings: Bits::default(),
        }
    }
}

impl Event {
    /// True for an entry that a later layer overwrites or deletes, or the same tar, and whose content no hard link shows.
    pub(super) fn is_wasted(&self) -> bool {
        self.is_ended() && !self.linked
    }

    /// True for an entry whose path shows something else in the end, or nothing.
    pub(super) fn is_ended(&self) -> bool {
        self.what.is_entry() && (self.later.is_some() || self.repeated)
    }
}

impl What {
    /// The part of an entry that is no whiteout.
    pub(super) fn of(entry: &EntryRef<'_>) -> Self {
        if entry.kind == EntryKind::Directory { Self::Directory } else { Self::Entry }
    }

    /// True if a container sees it.
    pub(super) fn is_entry(self) -> bool {
        matches!(self, Self::Directory | Self::Entry | Self::Implied)
    }

    /// True if it is a directory, listed or implied.
    pub(super) fn is_directory(self) -> bool {
        matches!(self, Self::Directory | Self::Implied)
    }

    /// True if the tar has it at this path.
    pub(super) fn is_listed(self) -> bool {
        !matches!(self, Self::Remove | Self::Opaque | Self::Implied | Self::Header)
    }
}

/// The layers that end what lower ones have at a place.
pub(super) struct Cuts<'a>(&'a [u64]);

impl Cuts<'_> {
    /// The first of the layers in this range.
    pub(super) fn first(&self, range: std::ops::Range<u16>) -> Option<u16> {
        let mut at = range.start;
        while at < range.end {
            let bits = self.0.get(usize::from(at / 64))? >> (at % 64);
            if bits != 0 {
                let found = at + u16::try_from(bits.trailing_zeros()).unwrap_or_default();
                return Some(found).filter(|found| *found < range.end);
            }
            at = (at / 64 + 1).checked_mul(64)?;
        }
        None
    }
}

/// Calls `visit` with every place and the layers that end what lower ones have there: whiteouts of it or of anything
/// above it, opaque directories above it, and what is no directory above it.
pub(super) fn walk(places: &Places, layers: usize, mut visit: impl FnMut(u32, &Cuts<'_>)) {
    let width = layers.div_ceil(64);
    let mut above: Vec<u64> = vec![0; width];
    let mut here = vec![0; width];
    for (id, place) in places.iter() {
        let depth = place.depth as usize;
        // The cuts for a depth stand where the place above it left them.
        let inherited = depth * width;
        if let Some(cuts) = above.get(inherited..inherited + width) {
            here.copy_from_slice(cuts);
        }
        let set = |cuts: &mut [u64], whats: &[What]| {
            for event in places.events_of(id).iter().filter(|event| whats.contains(&event.what) && !event.gone) {
                if let Some(word) = cuts.get_mut(usize::from(event.layer / 64)) {
                    *word |= 1 << (event.layer % 64);
                }
            }
        };
        set(&mut here, &[What::Remove]);
        visit(id, &Cuts(&here));
        set(&mut here, &[What::Opaque, What::Entry]);
        above.truncate(inherited + width);
        above.extend_from_slice(&here);
    }
}

/// Finds out of every entry what it changes and how it ends.
pub(super) fn classify(places: &mut Places, layers: &[&FileIndex], contents: &Contents) {
    let mut found = Vec::with_capacity(places.events.len());
    let count = u16::try_from(layers.len()).unwrap_or(u16::MAX);
    walk(places, layers.len(), |id, cuts| {
        // Places come in the order of their events.
        let from = found.len();
        found.extend_from_slice(places.events_of(id));
        let own = found.get_mut(from..).unwrap_or_default();
        changes(own, cuts, |lower, event| compared(lower, event, layers, contents));
        endings(own, cuts, count);
    });
    keep_linked(&mut found, contents);
    places.events = found;
}

/// Content that a hard link shows in the end is not lost with the name that it was brought under.
fn keep_linked(events: &mut [Event], contents: &Contents) {
    let shown: BTreeSet<(u16, u32)> = events
        .iter()
        .filter(|event| event.what == What::Entry && !event.is_ended())
        .filter_map(|event| contents.of(event.layer, event.at))
        .collect();
    if shown.is_empty() {
        return;
    }
    for event in events.iter_mut().filter(|event| event.what == What::Entry) {
        event.linked = shown.contains(&(event.layer, event.at));
    }
}

/// Holds each entry of a path against what lower layers have there.
fn changes(events: &mut [Event], cuts: &Cuts<'_>, compare: impl Fn(&Event, &Event) -> Change) {
    let (mut lower, mut last): (Option<Event>, Option<Event>) = (None, None);
    for event in events.iter_mut().filter(|event| event.what.is_entry()) {
        if last.is_some_and(|last| last.layer < event.layer) {
            lower = last;
        }
        let alive = lower.filter(|lower| cuts.first(lower.layer + 1..event.layer).is_none());
        let is_kept = event.what == What::Implied && alive.is_some_and(|lower| lower.what.is_directory());
        if !event.gone && !is_kept {
            last = Some(*event);
        }
        event.change = match alive {
            None if event.what == What::Implied => Change::Unchanged,
            None => Change::Added,
            Some(_) if is_kept => Change::Unchanged,
            Some(lower) => compare(&lower, event),
        };
    }
}

/// Finds the end of each entry of a path. A directory that is listed again goes on; all else is overwritten.
fn endings(events: &mut [Event], cuts: &Cuts<'_>, layers: u16) {
    // The next layers up with any entry here, and with one that is no directory.
    let (mut next, mut other) = (None, None);
    let mut at = events.len();
    while let Some(layer) = at.checked_sub(1).and_then(|last| events.get(last)).map(|event| event.layer) {
        let from = events.iter().take(at).rposition(|event| event.layer != layer).map_or(0, |before| before + 1);
        let own = events.get_mut(from..at).unwrap_or_default();
        let mut repeated = false;
        for event in own.iter_mut().rev().filter(|event| event.what.is_listed()) {
            event.repeated = std::mem::replace(&mut repeated, true);
            if event.gone {
                event.later = Some((layer, How::Overwritten));
            } else if event.what.is_entry() {
                let overwritten = if event.what == What::Directory { other } else { next };
                event.later = earlier(overwritten, cuts.first(layer + 1..layers));
            }
        }
        let has = |wanted: fn(What) -> bool| own.iter().any(|event| wanted(event.what) && !event.gone).then_some(layer);
        next = has(What::is_entry).or(next);
        other = has(|what| what == What::Entry).or(other);
        at = from;
    }
}

fn earlier(overwritten: Option<u16>, removed: Option<u16>) -> Option<(u16, How)> {
    match (overwritten, removed) {
        (Some(layer), Some(removed)) if removed < layer => Some((removed, How::Removed)),
        (Some(layer), _) => Some((layer, How::Overwritten)),
        (None, removed) => removed.map(|layer| (layer, How::Removed)),
    }
}

fn compared(lower: &Event, event: &Event, layers: &[&FileIndex], contents: &Contents) -> Change {
    if lower.what == What::Implied || event.what == What::Implied {
        return Change::Changed;
    }
    let get = |layer: u16, at: u32| layers.get(usize::from(layer))?.get(at as usize);
    let entry = |event: &Event| {
        let own = contents.effective((event.layer, event.at), event.layer, get)?;
        let content = contents.of(event.layer, event.at).and_then(|(layer, at)| get(layer, at)).unwrap_or(own);
        Some((own, content))
    };
    match (entry(lower), entry(event)) {
        (Some(a), Some(b)) if is_same(&a, &b) => Change::Unchanged,
        _ => Change::Changed,
    }
}

/// Holds two entries against each other; of a hard link what it is and holds is that of the file that it leads to.
fn is_same((a, of_a): &(EntryRef<'_>, EntryRef<'_>), (b, of_b): &(EntryRef<'_>, EntryRef<'_>)) -> bool {
    let own = |entry: &EntryRef<'_>| (entry.mode, entry.uid, entry.gid, entry.mtime);
    let content = |entry: &EntryRef<'_>| (entry.kind, entry.size, entry.device);
    own(a) == own(b)
        && (a.user, a.group) == (b.user, b.group)
        && content(of_a) == content(of_b)
        && of_a.link == of_b.link
        && (a.capability, a.acl) == (b.capability, b.acl)
}

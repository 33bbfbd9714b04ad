//! Line: FileIndex -> Files. What one layer says of one path, what that changes, and what becomes of it in later layers.

use super::places::Places;
use super::{EntryRef, FileIndex};

/// What an entry is to the path where it is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A directory.
    Directory,
    /// Anything else that a container sees.
    Entry,
    /// The marker file of a whiteout.
    Whiteout,
    /// The marker file of an opaque directory.
    OpaqueMark,
    /// The effect of a whiteout, noted where it deletes.
    Remove,
    /// The effect of an opaque directory, noted at the directory.
    Opaque,
}

/// What an entry does to the image below it.
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

/// How an entry ends.
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
    pub at: u32,
    pub later: Option<(u16, How)>,
    /// Whether the same layer says something else of the path afterwards.
    pub repeated: bool,
    /// Bits of `findings::RULES`.
    pub findings: u16,
}

impl Event {
    pub(super) fn new(layer: u16, at: u32, what: What) -> Self {
        let change = if what.is_entry() { Change::Added } else { Change::Removed };
        Self { layer, what, change, at, later: None, repeated: false, findings: 0 }
    }
}

impl What {
    /// Whether a container sees it.
    pub(super) fn is_entry(self) -> bool {
        matches!(self, Self::Directory | Self::Entry)
    }

    /// Whether the tar has it at this path.
    pub(super) fn is_listed(self) -> bool {
        !matches!(self, Self::Remove | Self::Opaque)
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
            for event in places.events_of(id).iter().filter(|event| whats.contains(&event.what)) {
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
pub(super) fn classify(places: &mut Places, layers: &[&FileIndex]) {
    let mut found = Vec::with_capacity(places.events.len());
    let count = u16::try_from(layers.len()).unwrap_or(u16::MAX);
    walk(places, layers.len(), |id, cuts| {
        // Places come in the order of their events.
        let from = found.len();
        found.extend_from_slice(places.events_of(id));
        let own = found.get_mut(from..).unwrap_or_default();
        changes(own, cuts, layers);
        endings(own, cuts, count);
    });
    places.events = found;
}

/// Holds each entry of a path against what lower layers have there.
fn changes(events: &mut [Event], cuts: &Cuts<'_>, layers: &[&FileIndex]) {
    let (mut lower, mut last): (Option<Event>, Option<Event>) = (None, None);
    for event in events.iter_mut().filter(|event| event.what.is_entry()) {
        if last.is_some_and(|last| last.layer < event.layer) {
            lower = last;
        }
        last = Some(*event);
        let alive = lower.filter(|lower| cuts.first(lower.layer + 1..event.layer).is_none());
        event.change = alive.map_or(Change::Added, |lower| compared(&lower, event, layers));
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
            if event.what.is_entry() {
                let overwritten = if event.what == What::Directory { other } else { next };
                event.later = earlier(overwritten, cuts.first(layer + 1..layers));
            }
        }
        let has = |wanted: fn(What) -> bool| own.iter().any(|event| wanted(event.what)).then_some(layer);
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

fn compared(lower: &Event, event: &Event, layers: &[&FileIndex]) -> Change {
    let entry = |event: &Event| layers.get(usize::from(event.layer))?.get(event.at as usize);
    match (entry(lower), entry(event)) {
        (Some(a), Some(b)) if is_same(&a, &b) => Change::Unchanged,
        _ => Change::Changed,
    }
}

fn is_same(a: &EntryRef<'_>, b: &EntryRef<'_>) -> bool {
    let of =
        |entry: &EntryRef<'_>| (entry.kind, entry.mode, entry.uid, entry.gid, entry.size, entry.mtime, entry.device);
    of(a) == of(b) && (a.link, a.user, a.group) == (b.link, b.user, b.group)
}

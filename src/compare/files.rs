//! Two file systems joined by path: what was added, removed, changed and renamed, with the sums of every directory.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::rows::RowQuery;
use crate::error::Error;
use crate::layer::files::{Files, Seen};
use crate::layer::{EntryKind, FileIndex};

/// The differences of two file systems in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileFacts {
    /// Paths that only the second image has, renamed ones aside.
    pub added: u64,
    /// Paths that only the first image has, renamed ones aside.
    pub removed: u64,
    /// Paths of both that differ.
    pub changed: u64,
    /// Files that stand under another name, by equal content.
    pub renamed: u64,
    /// Of the changed ones those that differ in their times only.
    pub times: u64,
    /// Of the changed ones those of which it is not known whether their contents are the same.
    pub unknown: u64,
    /// Bytes of all files of the first image.
    pub size_a: u64,
    /// The same of the second image.
    pub size_b: u64,
    /// The path, if a single one differs.
    pub only: Option<String>,
    /// Layers of the second image that write files anew whose contents are the same.
    pub rewritten: Vec<Rewritten>,
}

/// A layer that writes files anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewritten {
    /// Its position.
    pub layer: u32,
    /// The number of files that it rewrites without changing them.
    pub files: u64,
}

impl FileFacts {
    /// True if nothing but times differs.
    pub(super) fn is_equal_but_times(&self) -> bool {
        self.added + self.removed + self.renamed == 0 && self.changed == self.times
    }
}

pub(super) const CONTENT: u8 = 1;
pub(super) const MODE: u8 = 2;
pub(super) const OWNER: u8 = 4;
pub(super) const TIMES: u8 = 8;
pub(super) const KIND: u8 = 16;
pub(super) const UNKNOWN: u8 = 32;

/// The files of two images.
#[derive(Default)]
pub struct FilesComparison {
    sides: [Files; 2],
    /// The layers of the second image that are the same tar as one of the first.
    shared: HashMap<u32, u32>,
    pub(super) lists: [List; 2],
    pub(super) places: Vec<Place>,
    pub(super) facts: FileFacts,
    /// The last query without its range, and the places of its rows.
    pub(super) last: RefCell<(Option<RowQuery>, Vec<usize>)>,
}

/// The paths of one image.
#[derive(Default)]
pub(super) struct List {
    text: Vec<u8>,
    pub(super) items: Vec<Item>,
}

/// One path of one image.
pub(super) struct Item {
    path: (u32, u32),
    link: (u32, u32),
    pub(super) depth: u32,
    /// True if a layer lists it; directories may only be implied, and have no time then.
    is_listed: bool,
    pub(super) kind: EntryKind,
    pub(super) is_hard_link: bool,
    mode: u32,
    owner: (u64, u64),
    size: u64,
    mtime: i64,
    device: Option<(u64, u64)>,
    content: Option<[u8; 32]>,
    capability: Option<[u8; 24]>,
    /// The place of its content: the position of the layer, the number of the entry.
    pub(super) from: (u32, u32),
    pub(super) own: (u32, u32),
}

/// One path of either image; those below a directory follow it up to its `end`.
pub(super) struct Place {
    pub(super) at: [Option<u32>; 2],
    pub(super) depth: u32,
    pub(super) end: u32,
    /// Bytes at and below it, on both sides.
    pub(super) sizes: [u64; 2],
    /// Bits of what differs.
    pub(super) what: u8,
    /// The place of the other name of a renamed file.
    pub(super) other: Option<u32>,
    /// The number of paths at and below it that were added, removed, changed.
    pub(super) counts: [u32; 3],
}

impl List {
    fn slice(&self, (at, length): (u32, u32)) -> &[u8] {
        let from = at as usize;
        self.text.get(from..from + length as usize).unwrap_or_default()
    }

    pub(super) fn path(&self, item: &Item) -> &[u8] {
        self.slice(item.path)
    }

    fn keep(&mut self, bytes: &[u8]) -> (u32, u32) {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let at = narrow(self.text.len());
        self.text.extend_from_slice(bytes);
        (at, narrow(bytes.len()))
    }

    fn push(&mut self, seen: &Seen<'_>) {
        let path = self.keep(seen.path);
        let entry = seen.entry.as_ref();
        let own = entry.map_or(EntryKind::Directory, |entry| entry.kind);
        let is_hard_link = own == EntryKind::HardLink;
        let link = match entry {
            Some(entry) if own == EntryKind::Symlink => self.keep(entry.link),
            _ => (0, 0),
        };
        let kind = if is_hard_link { EntryKind::File } else { own };
        self.items.push(Item {
            path,
            link,
            depth: seen.depth,
            is_listed: entry.is_some(),
            kind,
            is_hard_link,
            mode: entry.map_or(0o755, |entry| entry.mode),
            owner: entry.map_or((0, 0), |entry| (entry.uid, entry.gid)),
            size: entry.filter(|_| kind == EntryKind::File).map_or(0, |entry| entry.size),
            mtime: entry.map_or(0, |entry| entry.mtime),
            device: entry.and_then(|entry| entry.device),
            content: entry.and_then(|entry| entry.content.copied()),
            capability: entry.and_then(|entry| entry.capability).map(|value| {
                let mut kept = [0; 24];
                value.iter().zip(&mut kept).for_each(|(byte, to)| *to = *byte);
                kept
            }),
            from: seen.content.unwrap_or(seen.from),
            own: seen.from,
        });
    }
}

impl Item {
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The bytes that it adds to the size of its directory: a hard link is another name of a file that counts already.
    pub(super) fn weight(&self) -> u64 {
        if self.is_hard_link { 0 } else { self.size }
    }
}

impl FilesComparison {
    /// The files of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a layer of the first image (0) or the second (1).
    pub fn add(&mut self, side: usize, position: u32, index: FileIndex) {
        if let Some(files) = self.sides.get_mut(side) {
            files.add(position, index);
        }
    }

    /// Says which operating system an image is for.
    pub fn set_system(&mut self, side: usize, system: Option<&str>) {
        if let Some(files) = self.sides.get_mut(side) {
            files.set_system(system);
        }
    }

    /// Says that these layers are the same tar: what they bring is the same without a look at it.
    pub fn share(&mut self, in_a: u32, in_b: u32) {
        self.shared.insert(in_a, in_b);
    }

    /// Lays the layers over each other on both sides and joins what comes out.
    ///
    /// # Errors
    /// `limit-exceeded` if an image has more paths than are kept.
    pub fn build(&mut self) -> Result<&FileFacts, Error> {
        for (files, list) in self.sides.iter_mut().zip(&mut self.lists) {
            *list = List::default();
            files.each_seen(|seen| list.push(seen))?;
            // The lists have all that is asked from here on.
            *files = Files::new();
        }
        self.join();
        self.renames();
        self.sums();
        self.last.take();
        Ok(&self.facts)
    }

    /// Merges the two lists, which have the same order.
    fn join(&mut self) {
        let [a, b] = &self.lists;
        let (mut at_a, mut at_b) = (0, 0);
        self.places.clear();
        loop {
            let (one, other) = (a.items.get(at_a), b.items.get(at_b));
            let order = match (one, other) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => by_path(a.path(one), b.path(other)),
            };
            let one = one.filter(|_| order != Ordering::Greater);
            let other = other.filter(|_| order != Ordering::Less);
            let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let what = match (one, other) {
                (Some(one), Some(other)) => self.differences(one, other),
                _ => 0,
            };
            self.places.push(Place {
                at: [one.map(|_| number(at_a)), other.map(|_| number(at_b))],
                depth: one.or(other).map_or(0, |item| item.depth),
                end: 0,
                sizes: [one.map_or(0, Item::weight), other.map_or(0, Item::weight)],
                what,
                other: None,
                counts: [0; 3],
            });
            at_a += usize::from(one.is_some());
            at_b += usize::from(other.is_some());
        }
    }

    fn differences(&self, one: &Item, other: &Item) -> u8 {
        let both_listed = one.is_listed && other.is_listed;
        // Most layers do not list the root.
        if one.depth == 0 && !both_listed {
            return 0;
        }
        let is_shared = self.shared.get(&one.own.0) == Some(&other.own.0) && one.own.1 == other.own.1;
        let is_shared_content = self.shared.get(&one.from.0) == Some(&other.from.0) && one.from.1 == other.from.1;
        if is_shared && is_shared_content {
            return 0;
        }
        let bit = |differs: bool, bit: u8| if differs { bit } else { 0 };
        if one.kind != other.kind {
            return KIND | CONTENT;
        }
        let [a, b] = &self.lists;
        let content = match (one.kind, one.content, other.content) {
            (EntryKind::File, ..) if one.size != other.size => CONTENT,
            (EntryKind::File, ..) if is_shared_content || one.size == 0 => 0,
            (EntryKind::File, Some(one), Some(other)) => bit(one != other, CONTENT),
            (EntryKind::File, ..) => UNKNOWN,
            _ => bit(a.slice(one.link) != b.slice(other.link) || one.device != other.device, CONTENT),
        };
        content
            | bit(one.mode != other.mode || one.capability != other.capability, MODE)
            | bit(one.owner != other.owner, OWNER)
            | bit(both_listed && one.mtime != other.mtime, TIMES)
    }

    /// Files that are gone and files that are new with the same content are one file with another name.
    fn renames(&mut self) {
        let [a, b] = &self.lists;
        let mut gone: HashMap<[u8; 32], Vec<u32>> = HashMap::new();
        let whole = |item: &Item| item.content.filter(|_| item.size > 0 && !item.is_hard_link);
        for (at, place) in self.places.iter().enumerate().rev() {
            let number = u32::try_from(at).unwrap_or(u32::MAX);
            let [Some(at), None] = place.at else { continue };
            if let Some(content) = a.items.get(at as usize).and_then(whole) {
                gone.entry(content).or_default().push(number);
            }
        }
        let mut found = Vec::new();
        for (number, place) in (0_u32..).zip(&self.places) {
            let [None, Some(at)] = place.at else { continue };
            let content = b.items.get(at as usize).and_then(whole);
            if let Some(from) = content.and_then(|content| gone.get_mut(&content)?.pop()) {
                found.push((from, number));
            }
        }
        for (from, to) in found {
            for (one, other) in [(from, to), (to, from)] {
                if let Some(place) = self.places.get_mut(one as usize) {
                    place.other = Some(other);
                }
            }
        }
    }

    /// The end and the sums of every directory, and the facts over all.
    fn sums(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        for at in 0..=self.places.len() {
            let depth = self.places.get(at).map_or(0, |place| place.depth as usize);
            // The root is at depth 0 and is closed by the end alone.
            let keep = if at == self.places.len() { 0 } else { depth };
            while open.len() > keep {
                let Some(closed) = open.pop() else { break };
                self.close(closed, at, open.last().copied());
            }
            if let Some(place) = self.places.get_mut(at) {
                place.counts = own_counts(place);
                open.push(at);
            }
        }
        self.facts = self.summary();
    }

    fn close(&mut self, closed: usize, end: usize, above: Option<usize>) {
        let Some(place) = self.places.get_mut(closed) else { return };
        place.end = u32::try_from(end).unwrap_or(u32::MAX);
        let (sizes, counts) = (place.sizes, place.counts);
        if let Some(above) = above.and_then(|above| self.places.get_mut(above)) {
            above.sizes.iter_mut().zip(sizes).for_each(|(sum, size)| *sum = sum.saturating_add(size));
            above.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }

    fn summary(&self) -> FileFacts {
        let mut facts = FileFacts::default();
        if let Some(root) = self.places.first() {
            [facts.size_a, facts.size_b] = root.sizes;
        }
        let mut rewritten: HashMap<u32, u64> = HashMap::new();
        let mut differing = None;
        for place in &self.places {
            let [added, removed, changed] = own_counts(place).map(u64::from);
            if place.at[1].is_some() && place.other.is_some() {
                facts.renamed += 1;
            }
            facts.added += added;
            facts.removed += removed;
            facts.changed += changed;
            facts.times += u64::from(place.what == TIMES);
            facts.unknown += u64::from(place.what & UNKNOWN != 0);
            if place.what & !TIMES != 0 || added + removed > 0 {
                differing = Some(place);
            }
            let item = place.at[1].and_then(|at| self.lists[1].items.get(at as usize));
            if let Some(item) = item.filter(|item| place.what == TIMES && item.kind == EntryKind::File) {
                *rewritten.entry(item.own.0).or_default() += 1;
            }
        }
        // Directories above a file that changed have its time.
        let real = facts.added + facts.removed + facts.renamed + facts.changed - facts.times;
        if let Some(place) = differing.filter(|_| real == 1 && facts.renamed == 0) {
            facts.only = Some(String::from_utf8_lossy(self.path_of(place)).into_owned());
        }
        facts.rewritten = rewritten.into_iter().map(|(layer, files)| Rewritten { layer, files }).collect();
        facts.rewritten.sort_by_key(|one| one.layer);
        facts
    }

    pub(super) fn path_of(&self, place: &Place) -> &[u8] {
        let found = place.at.iter().zip(&self.lists).find_map(|(at, list)| {
            let item = list.items.get((*at)? as usize)?;
            Some(list.path(item))
        });
        found.unwrap_or_default()
    }
}

/// Added, removed, changed: a renamed file is none of them.
fn own_counts(place: &Place) -> [u32; 3] {
    let is_new = place.other.is_none();
    [u32::from(place.at[0].is_none() && is_new), u32::from(place.at[1].is_none() && is_new), u32::from(place.what != 0)]
}

/// The order of a depth-first walk by name: a slash comes before every other byte.
fn by_path(one: &[u8], other: &[u8]) -> Ordering {
    let rank = |byte: &u8| if *byte == b'/' { 0 } else { u16::from(*byte) + 1 };
    one.iter().map(rank).cmp(other.iter().map(rank))
}

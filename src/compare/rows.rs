//! Answers about two joined file systems: rows, one directory, and why an image grew.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::files::{CONTENT, FilesComparison, Item, KIND, MODE, OWNER, Place, TIMES, UNKNOWN};
use crate::layer::EntryKind;
use crate::limits;

/// A question for rows and their order. As JavaScript gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RowQuery {
    /// Only rows in one of these states; all that differ if none is named.
    pub states: Option<Vec<RowState>>,
    /// Only paths that contain this.
    pub path: Option<String>,
    /// The order.
    pub sort: Option<Order>,
    /// The first row, from 0.
    pub from: Option<u32>,
    /// The row before which the answer ends.
    pub to: Option<u32>,
    /// True to leave out rows that differ in their times alone.
    pub ignore_times: Option<bool>,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The largest change of size first.
    #[default]
    Growth,
    /// Depth first, by name.
    Path,
}

/// The state of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowState {
    /// Only the second image has it.
    Added,
    /// Only the first image has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
    /// Both have the file, under different names.
    Renamed,
    /// Nothing differs.
    Same,
}

/// A path that differs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Without a slash at its start.
    pub path: String,
    /// Its state.
    pub state: RowState,
    /// Its name in the first image, if it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `file`, `dir`, `symlink`, `char`, `block`, `fifo` or `other`; in the first image, if only that has it.
    pub kind: &'static str,
    /// The differences: `content`, `kind`, `mode`, `owner`, `times`; `unknown` if contents were not hashed.
    pub what: Vec<&'static str>,
    /// Its size in the first image, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_a: Option<u64>,
    /// Its size in the second image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_b: Option<u64>,
    /// The bytes by which it is larger in the second image.
    pub growth: i64,
    /// The place of its content in the first image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<Where>,
    /// The same in the second image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<Where>,
}

/// The place of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Where {
    /// The position of the layer.
    pub layer: u32,
    /// The number of the entry in its tar.
    pub at: u32,
}

/// One child of a directory, with the sums of what is below it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeRow {
    /// Its last name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// As in [`Row`].
    pub kind: &'static str,
    /// Its state; for a directory that of itself, not of its content.
    pub state: RowState,
    /// Bytes at and below it in the first image.
    pub size_a: u64,
    /// The same in the second image.
    pub size_b: u64,
    /// The difference.
    pub growth: i64,
    /// Paths at and below it that were added.
    pub added: u32,
    /// Paths that were removed.
    pub removed: u32,
    /// Paths that changed.
    pub changed: u32,
    /// True if something is below it.
    pub children: bool,
}

/// A directory or file that explains growth.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Growth {
    /// Its path; empty for the root.
    pub path: String,
    /// As in [`Row`].
    pub kind: &'static str,
    /// Bytes at and below it in the first image.
    pub size_a: u64,
    /// The same in the second image.
    pub size_b: u64,
    /// The difference.
    pub growth: i64,
    /// The number of paths at and below it that were added, removed or changed.
    pub files: u32,
    /// The position of the layer that brought it, if a single path of the second image is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<u32>,
}

impl FilesComparison {
    /// The rows that a query asks for, at most [`COMPARED_ROWS`](limits::COMPARED_ROWS).
    #[must_use]
    pub fn rows(&self, query: &RowQuery) -> Vec<Row> {
        self.among(query, |found| {
            let from = (query.from.unwrap_or(0) as usize).min(found.len());
            let most = from.saturating_add(limits::COMPARED_ROWS as usize);
            let to = query.to.map_or(most, |to| to as usize).min(most).clamp(from, found.len());
            found[from..to].iter().filter_map(|at| self.row(self.places.get(*at)?)).collect()
        })
    }

    /// The number of rows for a query.
    #[must_use]
    pub fn count(&self, query: &RowQuery) -> usize {
        self.among(query, <[usize]>::len)
    }

    /// The rows directly in a directory of either image; the largest change first.
    #[must_use]
    pub fn tree(&self, path: &str) -> Vec<TreeRow> {
        let Some(found) = self.find(path.trim_matches('/')) else { return Vec::new() };
        let mut rows: Vec<TreeRow> =
            self.children(found).filter_map(|at| self.tree_row(self.places.get(at)?)).collect();
        rows.sort_by_key(|row| Reverse(row.growth.unsigned_abs()));
        rows
    }

    /// The same without what has no change at or below it; at most so many rows.
    #[must_use]
    pub fn changed_tree(&self, path: &str, most: usize) -> Vec<TreeRow> {
        let mut rows = self.tree(path);
        rows.retain(|row| row.growth != 0 || row.added + row.removed + row.changed > 0);
        rows.truncate(most);
        rows
    }

    /// The few directories that tell why the image grew or shrank, the most first.
    #[must_use]
    pub fn growth(&self, most: usize) -> Vec<Growth> {
        let total = self.places.iter().map(|place| own_growth(place, self).unsigned_abs()).sum::<u64>();
        let mut found = Vec::new();
        if !self.places.is_empty() && total > 0 {
            self.explain(total / 100, &mut found);
        }
        found.sort_by_key(|at: &usize| Reverse(self.places.get(*at).map_or(0, |place| growth(place).unsigned_abs())));
        found.iter().take(most).filter_map(|at| self.grown(self.places.get(*at)?)).collect()
    }

    /// Walks down from the root: through the first directories wherever something grew, then only into the one child that
    /// explains nearly all, or into several that cancel each other out.
    fn explain(&self, least: u64, found: &mut Vec<usize>) {
        let mut open = vec![0_usize];
        while let Some(at) = open.pop() {
            let Some(place) = self.places.get(at) else { continue };
            let own = growth(place).unsigned_abs();
            let size = |child: &usize| self.places.get(*child).map_or(0, |child| growth(child).unsigned_abs());
            let children: Vec<usize> = self.children(at).filter(|child| size(child) > least).collect();
            let sum: u64 = children.iter().map(size).sum();
            let largest = children.iter().map(size).max().unwrap_or(0);
            let is_told_by_one = largest >= own / 5 * 4;
            let is_high = place.depth < FREELY && children.len() <= SPREAD && sum >= own / 5 * 4;
            let cancels = sum / 3 * 2 > own;
            if !children.is_empty() && (at == 0 || is_told_by_one || is_high || cancels) {
                open.extend(children);
            } else if own > least {
                found.push(at);
            }
        }
    }

    /// Reads the places of all rows of a query. A list is read in pieces as it is scrolled: each has the places of the one before.
    fn among<T>(&self, query: &RowQuery, read: impl FnOnce(&[usize]) -> T) -> T {
        let whole = RowQuery { from: None, to: None, ..query.clone() };
        let mut last = self.last.borrow_mut();
        if last.0.as_ref() != Some(&whole) {
            *last = (None, self.matching(&whole));
            last.0 = Some(whole);
        }
        read(&last.1)
    }

    fn matching(&self, query: &RowQuery) -> Vec<usize> {
        let wanted = |place: &Place| {
            let state = state(place);
            let is_asked = match &query.states {
                Some(states) if !states.is_empty() => states.contains(&state),
                _ => state != RowState::Same,
            };
            // A renamed file is one row, at its new name.
            let is_old_name = place.other.is_some() && place.at[1].is_none();
            let is_time = query.ignore_times == Some(true) && place.what == TIMES;
            is_asked && !is_old_name && !is_time
        };
        let text = query.path.as_deref().unwrap_or_default().to_lowercase();
        let named = |place: &Place| {
            text.is_empty() || String::from_utf8_lossy(self.path_of(place)).to_lowercase().contains(&text)
        };
        let all = self.places.iter().enumerate().filter(|(_, place)| wanted(place) && named(place));
        let mut found: Vec<usize> = all.map(|(at, _)| at).collect();
        if query.sort.unwrap_or_default() == Order::Growth {
            found.sort_by_key(|at| {
                Reverse(self.places.get(*at).map_or(0, |place| self.row_growth(place).unsigned_abs()))
            });
        }
        found
    }

    fn items(&self, place: &Place) -> [Option<&Item>; 2] {
        let item = |side: usize| self.lists.get(side)?.items.get(place.at.get(side).copied()?? as usize);
        [item(0), item(1)]
    }

    /// Both sides of a row: of a renamed file the old one stands at another place.
    fn sides(&self, place: &Place) -> [Option<&Item>; 2] {
        let [a, b] = self.items(place);
        let old = || self.items(self.places.get(place.other? as usize)?)[0];
        [a.or_else(old), b]
    }

    fn row_growth(&self, place: &Place) -> i64 {
        let [a, b] = self.sides(place).map(|item| item.map_or(0, Item::weight));
        difference(a, b)
    }

    fn row(&self, place: &Place) -> Option<Row> {
        let [a, b] = self.sides(place);
        let known = b.or(a)?;
        let from = place.other.and_then(|at| self.places.get(at as usize)).map(|old| self.path_of(old));
        let place_of = |item: &Item| Where { layer: item.from.0, at: item.from.1 };
        Some(Row {
            path: text(self.path_of(place)),
            state: state(place),
            from: from.map(text),
            kind: kind(known.kind),
            what: names(place.what),
            size_a: a.map(Item::size),
            size_b: b.map(Item::size),
            growth: self.row_growth(place),
            a: a.map(place_of),
            b: b.map(place_of),
        })
    }

    fn tree_row(&self, place: &Place) -> Option<TreeRow> {
        let [a, b] = self.items(place);
        let path = self.path_of(place);
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let [added, removed, changed] = place.counts;
        Some(TreeRow {
            name: text(name),
            path: text(path),
            kind: kind(b.or(a)?.kind),
            state: state(place),
            size_a: place.sizes[0],
            size_b: place.sizes[1],
            growth: growth(place),
            added,
            removed,
            changed,
            children: self.places.get(place.end as usize - 1).is_some_and(|last| last.depth > place.depth),
        })
    }

    fn grown(&self, place: &Place) -> Option<Growth> {
        let [a, b] = self.items(place);
        let known = b.or(a)?;
        Some(Growth {
            path: text(self.path_of(place)),
            kind: kind(known.kind),
            size_a: place.sizes[0],
            size_b: place.sizes[1],
            growth: growth(place),
            files: place.counts.iter().sum(),
            layer: b.filter(|item| item.kind != EntryKind::Directory).map(|item| item.own.0),
        })
    }

    fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let end = self.places.get(at).map_or(0, |place| place.end as usize);
        let mut next = at + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = (self.places.get(child)?.end as usize).max(child + 1);
            Some(child)
        })
    }

    fn find(&self, path: &str) -> Option<usize> {
        let mut at = 0;
        self.places.first()?;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            at = self.children(at).find(|child| {
                let own = self.places.get(*child).map(|place| self.path_of(place)).unwrap_or_default();
                text(own.rsplit(|byte| *byte == b'/').next().unwrap_or_default()) == name
            })?;
        }
        Some(at)
    }
}

/// A directory with more children than this that grew is told as one.
const SPREAD: usize = 12;

/// Above this depth directories such as `usr` say too little by themselves.
const FREELY: u32 = 2;

fn own_growth(place: &Place, comparison: &FilesComparison) -> i64 {
    let [a, b] = comparison.items(place).map(|item| item.map_or(0, Item::weight));
    difference(a, b)
}

fn growth(place: &Place) -> i64 {
    difference(place.sizes[0], place.sizes[1])
}

fn difference(a: u64, b: u64) -> i64 {
    let size = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    size(b).saturating_sub(size(a))
}

fn state(place: &Place) -> RowState {
    match place.at {
        _ if place.other.is_some() => RowState::Renamed,
        [None, _] => RowState::Added,
        [_, None] => RowState::Removed,
        _ if place.what != 0 => RowState::Changed,
        _ => RowState::Same,
    }
}

fn names(what: u8) -> Vec<&'static str> {
    let all = [
        (CONTENT, "content"),
        (KIND, "kind"),
        (MODE, "mode"),
        (OWNER, "owner"),
        (TIMES, "times"),
        (UNKNOWN, "unknown"),
    ];
    all.into_iter().filter(|(bit, _)| what & bit != 0).map(|(_, name)| name).collect()
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File | EntryKind::HardLink => "file",
        EntryKind::Symlink => "symlink",
        EntryKind::CharDevice => "char",
        EntryKind::BlockDevice => "block",
        EntryKind::Directory => "dir",
        EntryKind::Fifo => "fifo",
        EntryKind::GlobalHeader | EntryKind::Other(_) => "other",
    }
}

/// A path as text, with what is no UTF-8 replaced.
fn text(bytes: &[u8]) -> String {
    let most = bytes.get(..limits::SHOWN_PATH_BYTES).unwrap_or(bytes);
    String::from_utf8_lossy(most).into_owned()
}

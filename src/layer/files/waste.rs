//! The wasted bytes by directory: the layer that has them, the layer that ends them, and the change to make.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Layer;
use super::event::{Event, How, What};
use super::places::Places;
use super::row::shown as shown_path;
use super::sizes::file_size;
use super::way::within;
use crate::limits;

/// Bytes that the image carries and no container sees, below one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waste {
    /// A directory, or one file; empty for the root.
    pub path: String,
    /// The bytes of its files that are wasted.
    pub bytes: u64,
    /// The number of these files.
    pub files: u64,
    /// The layer that has them, counted from 0.
    pub layer: u32,
    /// The layer that ends them.
    pub by: u32,
    /// The action of that layer.
    pub how: End,
    /// The change to make.
    pub advice: Advice,
}

/// The ways in which wasted bytes end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// A later layer has something else at the path.
    Overwritten,
    /// A later layer deletes the path, or something above it.
    Removed,
    /// The same tar has the path again.
    Repeated,
}

/// A change to make in the build, as a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// `cache-mount`, `dpkg-exclude`, `rpm-nodocs`, `smaller-base`, `newer-base`, `delete-where-added`, `same-content`,
    /// `write-once`, `repeated`.
    pub code: &'static str,
    /// The path that the advice is about, from the root of the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// The layer that ends a file, and how.
type Key = (u16, End);

/// A wasted file of one layer.
#[derive(Clone, Copy)]
struct File {
    id: u32,
    size: u64,
    /// True if the layer that ends it has the same content there.
    same: bool,
}

/// Some of the wasted files: all below a place, or those that no row of their own names.
#[derive(Clone, Copy, Default)]
struct Sum {
    bytes: u64,
    files: u64,
    same: u64,
}

/// A directory whose files are being added up.
struct Open {
    id: u32,
    end: u32,
    sum: Sum,
    rows: Vec<(u32, Sum)>,
    small: Sum,
}

/// The files of one layer: their places in order, what they weigh up to each, and those that are wasted.
#[derive(Default)]
struct Held {
    ids: Vec<u32>,
    sums: Vec<u64>,
    wasted: BTreeMap<Key, Vec<File>>,
}

/// Wasted bytes by directory, the most first. A directory with less than a [`WASTE_SHARE`](limits::WASTE_SHARE) of all
/// of them is told with its neighbours, or not at all.
pub(super) fn of(places: &Places, layers: &[Layer], total: u64) -> Vec<Waste> {
    let least = (total / limits::WASTE_SHARE).max(1);
    let mut found = Vec::new();
    for (layer, held) in held(places, layers).iter().enumerate() {
        for ((by, how), files) in &held.wasted {
            let removed = |id: u32| *how == End::Removed && is_removed(places.events_of(id), *by);
            for (id, sum) in gather(places, held, files, least, removed) {
                let position = |at: usize| layers.get(at).map_or(0, |layer| layer.position);
                let path = places.path(id);
                found.push(Waste {
                    path: shown_path(&path),
                    bytes: sum.bytes,
                    files: sum.files,
                    layer: position(layer),
                    by: position(usize::from(*by)),
                    how: *how,
                    advice: advice(places, &path, *how, position(layer), sum),
                });
            }
        }
    }
    found.sort_by_key(|waste| (Reverse(waste.bytes), waste.layer, waste.by));
    found
}

fn held(places: &Places, layers: &[Layer]) -> Vec<Held> {
    let mut found: Vec<Held> = layers.iter().map(|_| Held::default()).collect();
    for (id, _) in places.iter() {
        let events = places.events_of(id);
        for event in events.iter().filter(|event| event.what.is_entry()) {
            let Some(size) = file_size(layers, event) else { continue };
            let Some(held) = found.get_mut(usize::from(event.layer)) else { continue };
            let before = held.sums.last().copied().unwrap_or(0);
            held.ids.push(id);
            held.sums.push(before.saturating_add(size));
            let Some(key) = end_of(event).filter(|_| size > 0) else { continue };
            let same =
                key.1 == End::Overwritten && is_same(layers, event, events.iter().find(|one| one.layer == key.0));
            held.wasted.entry(key).or_default().push(File { id, size, same });
        }
    }
    found
}

fn end_of(event: &Event) -> Option<Key> {
    if !event.is_wasted() {
        return None;
    }
    if event.repeated {
        return Some((event.layer, End::Repeated));
    }
    event.later.map(|(by, how)| (by, if how == How::Removed { End::Removed } else { End::Overwritten }))
}

/// True if both are files with the same content: by their hashes, or by size and time if contents were not hashed.
fn is_same(layers: &[Layer], event: &Event, later: Option<&Event>) -> bool {
    let entry = |event: &Event| layers.get(usize::from(event.layer))?.index.get(event.at as usize);
    let Some((one, other)) = entry(event).zip(later.filter(|later| later.what == What::Entry).and_then(entry)) else {
        return false;
    };
    let hashes = one.content.zip(other.content);
    hashes.map_or((one.size, one.mtime) == (other.size, other.mtime), |(one, other)| one == other)
}

/// True if that layer deletes this very path.
fn is_removed(events: &[Event], by: u16) -> bool {
    events.iter().any(|event| event.layer == by && matches!(event.what, What::Remove | What::Opaque))
}

/// The rows for files that end in one way: the highest directory that is wasted as a whole, the path that is deleted, or
/// one file.
fn gather(places: &Places, held: &Held, files: &[File], least: u64, removed: impl Fn(u32) -> bool) -> Vec<(u32, Sum)> {
    let mut open = vec![Open::at(places, 0)];
    for file in files {
        while open.last().is_some_and(|top| top.id != 0 && top.end <= file.id) {
            close(&mut open, held, least, &removed);
        }
        let mut above = Vec::new();
        let mut at = places.get(file.id).map_or(0, |place| place.parent);
        while open.last().is_some_and(|top| top.id != at) && at != 0 {
            above.push(at);
            at = places.get(at).map_or(0, |place| place.parent);
        }
        open.extend(above.into_iter().rev().map(|id| Open::at(places, id)));
        let one = Sum { bytes: file.size, files: 1, same: if file.same { file.size } else { 0 } };
        if let Some(top) = open.last_mut() {
            top.sum.add(one);
            top.row(file.id, one, least);
        }
    }
    while open.len() > 1 {
        close(&mut open, held, least, &removed);
    }
    let Some(mut root) = open.pop() else { return Vec::new() };
    let rest = root.small;
    if rest.bytes >= least {
        root.rows.push((root.id, rest));
    }
    root.rows
}

/// Ends a directory: what is to be told of it goes to the one above.
fn close(open: &mut Vec<Open>, held: &Held, least: u64, removed: impl Fn(u32) -> bool) {
    let Some(mut done) = open.pop() else { return };
    let Some(above) = open.last_mut() else { return };
    above.sum.add(done.sum);
    let is_whole = u128::from(done.sum.bytes) * 10 >= u128::from(held.between(done.id, done.end)) * 9;
    let is_one = matches!(&*done.rows, [(_, one)] if u128::from(one.bytes) * 20 >= u128::from(done.sum.bytes) * 19);
    if is_whole && (!is_one || removed(done.id)) {
        return above.row(done.id, done.sum, least);
    }
    above.rows.append(&mut done.rows);
    above.row(done.id, done.small, least);
}

impl Open {
    fn at(places: &Places, id: u32) -> Self {
        let end = places.get(id).map_or(id, |place| place.end);
        Self { id, end, sum: Sum::default(), rows: Vec::new(), small: Sum::default() }
    }

    /// A row, or a part of what is told together.
    fn row(&mut self, id: u32, sum: Sum, least: u64) {
        if sum.bytes >= least {
            self.rows.push((id, sum));
        } else {
            self.small.add(sum);
        }
    }
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.files += other.files;
        self.same = self.same.saturating_add(other.same);
    }
}

impl Held {
    /// The size of the layer's files from one place to before another.
    fn between(&self, from: u32, to: u32) -> u64 {
        let up_to = |id: u32| {
            let count = self.ids.partition_point(|one| *one < id);
            count.checked_sub(1).and_then(|at| self.sums.get(at)).copied().unwrap_or(0)
        };
        up_to(to).saturating_sub(up_to(from))
    }
}

/// The folders in which package managers keep files that they can fetch again.
const CACHES: [&str; 9] = [
    "var/lib/apt",
    "var/cache/apt",
    "var/cache/apk",
    "var/cache/dnf",
    "var/cache/yum",
    "var/cache/pacman",
    "var/cache/zypp",
    "usr/local/share/.cache",
    "go/pkg/mod",
];

/// The same in a home directory.
const HOME_CACHES: [&str; 11] = [
    ".npm",
    ".cache",
    ".yarn",
    ".local/share/pnpm",
    ".cargo/registry",
    ".cargo/git",
    "go/pkg/mod",
    ".m2",
    ".gradle",
    ".nuget",
    ".composer/cache",
];

/// The folders of documentation, as packages install it.
const DOCUMENTS: [&str; 4] = ["usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale"];

fn advice(places: &Places, path: &[u8], how: End, layer: u32, sum: Sum) -> Advice {
    let plain = |code| Advice { code, path: None };
    let about = |code, path: String| Advice { code, path: Some(path) };
    let path = String::from_utf8_lossy(path);
    let documents = DOCUMENTS.into_iter().find(|one| within(&path, one));
    match how {
        End::Repeated => plain("repeated"),
        End::Overwritten if u128::from(sum.same) * 10 >= u128::from(sum.bytes) * 9 => plain("same-content"),
        End::Overwritten if layer == 0 => plain("newer-base"),
        End::Overwritten => plain("write-once"),
        End::Removed if layer == 0 => plain("smaller-base"),
        End::Removed => match (cache(&path), documents) {
            (Some(cache), _) => about("cache-mount", format!("/{cache}")),
            (None, Some(one)) if places.find("var/lib/dpkg").is_some() => about("dpkg-exclude", format!("/{one}/*")),
            (None, Some(_)) if has_rpm(places) => plain("rpm-nodocs"),
            _ => plain("delete-where-added"),
        },
    }
}

fn has_rpm(places: &Places) -> bool {
    ["var/lib/rpm", "usr/lib/sysimage/rpm"].iter().any(|path| places.find(path).is_some())
}

/// The cache that a path is in.
fn cache(path: &str) -> Option<String> {
    if let Some(known) = CACHES.into_iter().find(|known| within(path, known)) {
        return Some(known.to_owned());
    }
    let home = if within(path, "root") {
        "root".to_owned()
    } else {
        format!("home/{}", path.strip_prefix("home/")?.split('/').next()?)
    };
    let own = path.strip_prefix(&home)?.strip_prefix('/')?;
    let known = HOME_CACHES.into_iter().find(|known| within(own, known))?;
    Some(format!("{home}/{known}"))
}

//! archive -> Image. Finds the paths to which the entries of an archive unpack, and the entries that they replace.
//!
//! skopeo and podman unpack an OCI layout before they read it, Docker unpacks what it saved. A name may lead through the
//! links that came before it, and nothing leads out. A later entry replaces the one at its path.

use std::collections::{BTreeMap, BTreeSet};

use crate::layer::{EntryKind, EntryRef, FileIndex};
use crate::limits;

use super::paths::parts;

/// The longest part of a name that Linux takes, in bytes (`NAME_MAX`).
const NAME_BYTES: usize = 255;

/// The longest name, and the longest target of a symbolic link, that it takes (`PATH_MAX`, without the zero at its end).
const PATH_BYTES: usize = 4095;

/// The caps on finding out where entries land.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caps {
    /// The number of names of links that are followed, each counted as two bytes.
    pub(super) steps: usize,
    /// The number of names that the unpacked archive may have.
    pub(super) nodes: usize,
    /// The most bytes that the names may have together of entries that land at another name.
    pub(super) moved: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self { steps: limits::LINK_STEPS, nodes: limits::FILES_PATHS, moved: limits::INDEX_TEXT_BYTES }
    }
}

/// The entries that do not simply land at their names.
#[derive(Debug, Default)]
pub(super) struct Landed {
    /// The other names at which entries land.
    pub(super) moved: BTreeMap<u32, Vec<u8>>,
    /// Those of them whose names lead through links.
    pub(super) through: BTreeSet<u32>,
    /// Entries below a file, behind a link to nothing or behind links without end, or with longer names than Linux takes.
    pub(super) nowhere: BTreeSet<u32>,
    /// Entries that land where is not known, since a cap was reached.
    pub(super) cut: BTreeSet<u32>,
    /// True if a cap was reached: then other things may lie where an entry seems to.
    pub(super) is_cut: bool,
    /// Entries that a later one took the place of, or that went away with the directory in which they lay.
    pub(super) gone: BTreeSet<u32>,
    /// The entries with the contents of hard links, as these were when they were made; none for a link to nothing.
    pub(super) linked: BTreeMap<u32, Option<u32>>,
}

const ROOT: u32 = 0;
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Nothing,
    Directory,
    Link,
    Other,
}

/// Why a name leads to no place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// There can be none: programs refuse it, too.
    Nowhere,
    /// A cap was reached, so it is not known.
    Cut,
}

struct Node<'a> {
    parent: u32,
    name: &'a [u8],
    held: Held,
    /// The entry that it holds; none for a directory that only a name implies.
    entry: u32,
    /// The number of directories that were here before; the content of those is gone.
    life: u32,
    /// The life of the parent when this was put into it.
    above: u32,
}

struct Tree<'a> {
    index: &'a FileIndex,
    nodes: Vec<Node<'a>>,
    children: BTreeMap<(u32, &'a [u8]), u32>,
    linked: BTreeMap<u32, Option<u32>>,
    /// Entries in whose place came another, or nothing.
    replaced: BTreeSet<u32>,
    caps: Caps,
    /// The number of names of links that were followed, each counted as two bytes.
    steps: usize,
    /// The bytes that the names have together of entries that landed at another name.
    moved: usize,
    through: bool,
}

impl Landed {
    /// Unpacks `entries`, in the order of the archive.
    pub(super) fn of(index: &FileIndex, entries: impl Iterator<Item = u32>, caps: Caps) -> Self {
        let mut tree = Tree::new(index, caps);
        let mut landed = Self::default();
        for at in entries {
            let Some(entry) = index.get(at as usize) else { continue };
            match tree.entry(at, &entry, &mut landed) {
                Ok(()) => {}
                Err(Stop::Nowhere) => {
                    landed.nowhere.insert(at);
                }
                Err(Stop::Cut) => {
                    landed.cut.insert(at);
                    landed.is_cut = true;
                }
            }
        }
        landed.linked = std::mem::take(&mut tree.linked);
        landed.gone = tree.gone();
        landed
    }
}

impl<'a> Tree<'a> {
    fn new(index: &'a FileIndex, caps: Caps) -> Self {
        let root = Node { parent: ROOT, name: b"", held: Held::Directory, entry: NONE, life: 0, above: 0 };
        Self {
            index,
            nodes: vec![root],
            children: BTreeMap::new(),
            linked: BTreeMap::new(),
            replaced: BTreeSet::new(),
            caps,
            steps: 0,
            moved: 0,
            through: false,
        }
    }

    fn entry(&mut self, at: u32, entry: &EntryRef<'a>, landed: &mut Landed) -> Result<(), Stop> {
        let names = cleaned(entry.path);
        let Some((name, above)) = names.split_last() else { return Ok(()) };
        if is_too_long(entry) {
            return Err(Stop::Nowhere);
        }
        self.through = false;
        let parent = self.way(above, true)?;
        let node = self.child(parent, name)?;
        if self.through || !names.iter().copied().eq(parts(entry.path)) || entry.path.first() == Some(&b'/') {
            let path = self.path(node);
            self.moved += path.len();
            // Linux takes a longer one behind a link.
            if path.len() > PATH_BYTES || self.moved > self.caps.moved {
                return Err(Stop::Cut);
            }
            landed.moved.insert(at, path);
        }
        if self.through {
            landed.through.insert(at);
        }
        match entry.kind {
            EntryKind::Directory if self.held(node) == Held::Directory => {}
            EntryKind::Directory => self.put(node, Held::Directory, at),
            EntryKind::Symlink => self.put(node, Held::Link, at),
            EntryKind::HardLink => {
                // An entry there is removed before the link is made: a link to itself leads to nothing.
                self.put(node, Held::Nothing, NONE);
                let target = self.target(entry).unwrap_or_else(|stop| {
                    landed.is_cut |= stop == Stop::Cut;
                    None
                });
                self.linked.insert(at, target);
                match target.and_then(|target| self.index.get(target as usize)).map(|entry| entry.kind) {
                    Some(EntryKind::Symlink) => self.put(node, Held::Link, at),
                    Some(_) => self.put(node, Held::Other, at),
                    None => self.put(node, Held::Nothing, at),
                }
            }
            _ => self.put(node, Held::Other, at),
        }
        Ok(())
    }

    /// The directory of that name; if `makes` is set, missing parts of it are made.
    fn way(&mut self, names: &[&'a [u8]], makes: bool) -> Result<u32, Stop> {
        let mut stack = vec![ROOT];
        let mut links = 0;
        let mut left: Vec<(&'a [u8], bool)> = names.iter().rev().map(|name| (*name, false)).collect();
        while let Some((name, is_link)) = left.pop() {
            if name == b".." {
                stack.truncate(stack.len().saturating_sub(1).max(1));
                continue;
            }
            let node = self.child(stack.last().copied().unwrap_or(ROOT), name)?;
            match self.held(node) {
                Held::Nothing if is_link || !makes => return Err(Stop::Nowhere),
                Held::Nothing => self.put(node, Held::Directory, NONE),
                Held::Directory => {}
                Held::Other => return Err(Stop::Nowhere),
                Held::Link => {
                    if self.steps > self.caps.steps {
                        return Err(Stop::Cut);
                    }
                    let entry = self.nodes.get(node as usize).map_or(NONE, |node| node.entry);
                    let link = self.content(entry).ok_or(Stop::Nowhere)?.link;
                    links += 1;
                    self.through = true;
                    self.steps += link.len() / 2 + 1;
                    if links > limits::PATH_LINKS {
                        return Err(Stop::Nowhere);
                    }
                    if link.first() == Some(&b'/') {
                        stack.truncate(1);
                    }
                    let from = left.len();
                    left.extend(parts(link).map(|name| (name, true)));
                    left[from..].reverse();
                    continue;
                }
            }
            stack.push(node);
        }
        Ok(stack.last().copied().unwrap_or(ROOT))
    }

    /// The entry to which a hard link is made: a symbolic link at the end of its target is not followed.
    fn target(&mut self, link: &EntryRef<'a>) -> Result<Option<u32>, Stop> {
        if link.link.first() == Some(&b'/') || is_above(link.link) {
            return Ok(None);
        }
        let names = cleaned(link.link);
        let Some((name, above)) = names.split_last().filter(|_| !are_too_long(&names)) else { return Ok(None) };
        let through = self.through;
        let parent = self.way(above, false);
        self.through = through;
        let Some(node) = self.children.get(&(parent?, *name)).copied() else { return Ok(None) };
        let entry = self.nodes.get(node as usize).map_or(NONE, |node| node.entry);
        let is_file = matches!(self.held(node), Held::Link | Held::Other);
        Ok(self.linked.get(&entry).copied().unwrap_or(Some(entry)).filter(|_| is_file))
    }

    /// The entry with what a name holds: of a hard link the one that it was made to.
    fn content(&self, entry: u32) -> Option<EntryRef<'a>> {
        let content = self.linked.get(&entry).copied().unwrap_or(Some(entry))?;
        self.index.get(content as usize)
    }

    fn child(&mut self, parent: u32, name: &'a [u8]) -> Result<u32, Stop> {
        if let Some(node) = self.children.get(&(parent, name)) {
            return Ok(*node);
        }
        if name.len() > NAME_BYTES {
            return Err(Stop::Nowhere);
        }
        if self.nodes.len() >= self.caps.nodes {
            return Err(Stop::Cut);
        }
        let node = u32::try_from(self.nodes.len()).map_err(|_| Stop::Cut)?;
        self.nodes.push(Node { parent, name, held: Held::Nothing, entry: NONE, life: 0, above: 0 });
        self.children.insert((parent, name), node);
        Ok(node)
    }

    /// The thing at a node whose parent is there.
    fn held(&self, node: u32) -> Held {
        let is_there = |node: &&Node<'_>| self.nodes.get(node.parent as usize).is_some_and(|up| up.life == node.above);
        self.nodes.get(node as usize).filter(is_there).map_or(Held::Nothing, |node| node.held)
    }

    fn put(&mut self, node: u32, held: Held, entry: u32) {
        let is_directory = self.held(node) == Held::Directory;
        let parent = self.nodes.get(node as usize).map_or(ROOT, |node| node.parent);
        let above = self.nodes.get(parent as usize).map_or(0, |parent| parent.life);
        if let Some(node) = self.nodes.get_mut(node as usize) {
            let life = node.life + u32::from(is_directory || node.above != above);
            if node.entry != NONE {
                self.replaced.insert(node.entry);
            }
            *node = Node { held, entry, life, above, ..*node };
        }
    }

    fn path(&self, node: u32) -> Vec<u8> {
        let mut names = Vec::new();
        let mut at = node;
        while at != ROOT
            && let Some(node) = self.nodes.get(at as usize)
        {
            names.push(node.name);
            at = node.parent;
        }
        names.reverse();
        names.join(&b'/')
    }

    /// A parent has a lower number than what is in it.
    fn gone(self) -> BTreeSet<u32> {
        let mut is_there: Vec<bool> = Vec::with_capacity(self.nodes.len());
        let mut gone = self.replaced;
        for (at, node) in (0_u32..).zip(&self.nodes) {
            let life = self.nodes.get(node.parent as usize).map_or(0, |parent| parent.life);
            let there = at == ROOT || node.above == life && is_there.get(node.parent as usize) == Some(&true);
            is_there.push(there);
            if !there && node.entry != NONE {
                gone.insert(node.entry);
            }
        }
        gone
    }
}

/// The parts of a name without `..`, which never leads above the root.
pub(super) fn cleaned(path: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    for part in parts(path) {
        if part == b".." {
            names.pop();
        } else {
            names.push(part);
        }
    }
    names
}

/// True if Linux takes no name of these parts.
fn are_too_long(names: &[&[u8]]) -> bool {
    let whole = names.iter().map(|name| name.len() + 1).sum::<usize>();
    whole > PATH_BYTES + 1 || names.iter().any(|name| name.len() > NAME_BYTES)
}

/// True if Linux does not take an entry for its name, or for that of which it is a symbolic link.
pub(super) fn is_too_long(entry: &EntryRef<'_>) -> bool {
    // No short name is looked at once more.
    entry.path.len() > NAME_BYTES && are_too_long(&cleaned(entry.path))
        || entry.kind == EntryKind::Symlink && entry.link.len() > PATH_BYTES
}

/// True if a name leads above the folder that it begins in.
pub(super) fn is_above(path: &[u8]) -> bool {
    let mut depth = 0_usize;
    parts(path).any(|part| match part {
        b".." => depth.checked_sub(1).map(|less| depth = less).is_none(),
        _ => {
            depth += 1;
            false
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Entry;

    const FILE: &str = "";

    /// Entries by name, each a link to something or a file.
    fn landed(entries: &[(&str, &str)], caps: Caps) -> Landed {
        let mut index = FileIndex::new();
        for (path, link) in entries {
            let kind = if *link == FILE { EntryKind::File } else { EntryKind::Symlink };
            let mut entry = Entry::new(kind, path.as_bytes().to_vec());
            entry.link = link.as_bytes().to_vec();
            index.push(&entry).unwrap();
        }
        Landed::of(&index, 0..u32::try_from(entries.len()).unwrap(), caps)
    }

    fn numbers(set: &BTreeSet<u32>) -> Vec<u32> {
        set.iter().copied().collect()
    }

    #[track_caller]
    fn is(landed: &Landed, nowhere: &[u32], cut: &[u32]) {
        assert_eq!((numbers(&landed.nowhere), numbers(&landed.cut)), (nowhere.to_vec(), cut.to_vec()));
        assert_eq!(landed.is_cut, !cut.is_empty());
    }

    #[test]
    fn an_entry_behind_a_cap_does_not_land_nowhere() {
        let caps = Caps::default();
        let entries = [("d", "."), ("d/a", FILE), ("d/b", FILE), ("d/c", FILE), ("a/x", FILE), ("e", FILE)];
        is(&landed(&entries, caps), &[4], &[]);
        is(&landed(&entries, Caps { steps: 1, ..caps }), &[4], &[3]);
        is(&landed(&entries, Caps { nodes: 4, ..caps }), &[4], &[3, 5]);
        is(&landed(&entries, Caps { moved: 2, ..caps }), &[4], &[3]);
    }

    #[test]
    fn a_hard_link_behind_a_cap_is_said_too() {
        let mut index = FileIndex::new();
        for (path, kind, link) in
            [("d", EntryKind::Symlink, "."), ("y", EntryKind::File, ""), ("a", EntryKind::HardLink, "d/d/y")]
        {
            let mut entry = Entry::new(kind, path.as_bytes().to_vec());
            entry.link = link.as_bytes().to_vec();
            index.push(&entry).unwrap();
        }
        let of = |steps: usize| Landed::of(&index, 0..3, Caps { steps, ..Caps::default() });
        let (whole, cut) = (of(100), of(0));
        assert_eq!((whole.linked.get(&2), whole.is_cut), (Some(&Some(1)), false));
        assert_eq!((cut.linked.get(&2), cut.is_cut), (Some(&None), true));
    }

    /// A target of slashes has no names and takes its time all the same.
    #[test]
    fn targets_are_counted_by_their_bytes_before_they_are_looked_at() {
        let slashes = format!(".{}", "/".repeat(4000));
        let entries = [("l", &*slashes), ("l/a", FILE), ("l/b", FILE), ("l/c", FILE)];
        let caps = |steps: usize| Caps { steps, ..Caps::default() };
        is(&landed(&entries, caps(2000)), &[], &[2, 3]);
        is(&landed(&entries, caps(4001)), &[], &[3]);
        is(&landed(&entries, caps(6003)), &[], &[]);
    }

    #[test]
    fn names_and_targets_are_as_long_as_linux_takes_them() {
        let part = "x".repeat(255);
        let path = format!("{}x", "xx/".repeat(1365))[..4095].to_owned();
        let [longer_part, longer_path] = [&part, &path].map(|name| format!("{name}x"));
        let below = format!("{longer_part}/a");
        let padded = format!("{}a", "./".repeat(4096));
        let target = "/".repeat(4096);
        let entries = [
            (&*part, FILE),
            (&*path, FILE),
            (&*longer_part, FILE),
            (&*longer_path, FILE),
            (&*below, FILE),
            (&*padded, FILE),
            ("l", &target[1..]),
            ("m", &target),
            ("n", &longer_part),
            ("n/a", FILE),
        ];
        is(&landed(&entries, Caps::default()), &[2, 3, 4, 7, 9], &[]);
    }

    /// Linux takes such a place, since no single name says it whole; its name would be held here once for each entry.
    #[test]
    fn a_longer_place_behind_a_link_is_not_followed() {
        let long = "xx/".repeat(1364);
        let file = format!("{long}f");
        let entries = [(&*file, FILE), ("l", &*long), ("l/a", FILE), ("l/bbbb", FILE)];
        let landed = landed(&entries, Caps::default());
        is(&landed, &[], &[3]);
        assert_eq!(landed.moved.get(&2).map(Vec::len), Some(4093));
    }
}

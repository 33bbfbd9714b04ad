//! archive -> Image. The names of an archive's entries, and which bytes they lead to: links followed, bounded.

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::layer::{EntryKind, EntryRef, FileIndex};

use super::landing::{Caps, Landed, cleaned, is_above, is_too_long};

/// The most characters of a name that messages show.
const SHOWN: usize = 120;

/// The entries of an archive by the names at which they land; a number each, since there may be a million.
pub(super) struct Paths<'a> {
    pub(super) index: &'a FileIndex,
    order: Vec<u32>,
    pub(super) landed: Landed,
    /// Of the entries that land elsewhere, by their own names.
    called: BTreeMap<Vec<u8>, Ends>,
    /// Of the entries that land at one name and have it themselves, by where they begin in `order`, if these are not simply
    /// the two ends of them.
    runs: BTreeMap<usize, Ends>,
    /// Entries with names that begin with a slash, or have `..` in them.
    odd: Vec<u32>,
    /// PAX global headers: their names are those of no file.
    headers: Vec<u32>,
    /// The number of names that were looked at because links led to them.
    pub(super) steps: Cell<usize>,
}

/// The first entry of a name, and the last that is a file.
type Ends = (Option<u32>, Option<u32>);

/// The bytes that a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The number of the entry.
    pub(super) at: usize,
    /// The names of the links on the way, as the archive has them.
    pub(super) via: Vec<String>,
    /// Their numbers.
    pub(super) links: Vec<usize>,
}

/// Why a name leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no such entry.
    Absent,
    /// There is, and its bytes cannot be had, in words that follow "it".
    Unusable(String),
}

/// The parts of a name, without empty ones and `.`.
pub(super) fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".")
}

/// A name for people.
pub(super) fn shown(path: &[u8]) -> String {
    // No character has more than four bytes.
    let beginning = &path[..path.len().min(4 * SHOWN + 4)];
    shortened(&String::from_utf8_lossy(beginning), SHOWN)
}

/// The first characters of an untrusted text, with invisible and control characters escaped.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let cut: String = text.chars().take(most).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{more}", cut.escape_debug())
}

impl<'a> Paths<'a> {
    /// The files of a folder are there as they are: only the entries of an archive land elsewhere than at their names.
    pub(super) fn new(index: &'a FileIndex, is_folder: bool) -> Self {
        Self::within(index, is_folder, Caps::default())
    }

    fn within(index: &'a FileIndex, is_folder: bool, caps: Caps) -> Self {
        let mut order: Vec<u32> = (0..index.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        let path = |at: u32| index.get(at as usize).map(|entry| entry.path).unwrap_or_default();
        let is = |at: u32, kind: EntryKind| index.get(at as usize).is_some_and(|entry| entry.kind == kind);
        let headers = order.extract_if(.., |at| is(*at, EntryKind::GlobalHeader)).collect();
        let odd: Vec<u32> = order.iter().copied().filter(|at| is_odd(path(*at))).collect();
        let is_link = |at: &u32| is(*at, EntryKind::Symlink) || is(*at, EntryKind::HardLink);
        let is_refused = |at: &u32| !is_folder && index.get(*at as usize).is_some_and(|entry| is_too_long(&entry));
        let mut is_laid = !odd.is_empty() || order.iter().any(|at| is_link(at) || is_refused(at));
        if !is_laid {
            order.sort_by(|one, other| parts(path(*one)).cmp(parts(path(*other))).then(one.cmp(other)));
            // Entries below a name stand right behind it: there may be none, unless it is a directory alone.
            let mut file = None;
            is_laid = order.iter().any(|at| {
                let is_below = file.is_some_and(|file| is_within(path(*at), path(file)));
                file = if is(*at, EntryKind::Directory) { file } else { Some(*at) };
                is_below
            });
        }
        let mut landed = Landed::default();
        if is_laid {
            order.sort_unstable();
            landed = Landed::of(index, order.iter().copied(), caps);
            order.retain(|at| !landed.nowhere.contains(at) && !landed.cut.contains(at));
            let path = |at: &u32| landed.moved.get(at).map_or(path(*at), Vec::as_slice);
            order.sort_by(|one, other| parts(path(one)).cmp(parts(path(other))).then(one.cmp(other)));
        }
        let elsewhere = landed.moved.keys().chain(&landed.nowhere).chain(&landed.cut);
        let called = called(index, elsewhere.copied());
        let runs = BTreeMap::new();
        let mut paths = Self { index, order, landed, called, runs, odd, headers, steps: Cell::new(0) };
        paths.runs = paths.runs();
        paths
    }

    /// The ends of the entries that land at one name, if one of them has another name or is no file.
    fn runs(&self) -> BTreeMap<usize, Ends> {
        let mut found = BTreeMap::new();
        let mut from = 0;
        for run in self.order.chunk_by(|one, other| parts(self.path(*one)).eq(parts(self.path(*other)))) {
            let is_plain = |at: &u32| self.is_own(*at) && is_file(self.index, *at);
            if run.len() > 1 && !run.iter().all(is_plain) {
                let first = run.iter().copied().find(|at| self.is_own(*at));
                found.insert(from, (first, run.iter().rev().copied().find(is_plain)));
            }
            from += run.len();
        }
        found
    }

    /// True if an entry lands at its own name.
    fn is_own(&self, at: u32) -> bool {
        !self.landed.moved.contains_key(&at)
    }

    pub(super) fn entry(&self, at: usize) -> Option<EntryRef<'a>> {
        self.index.get(at)
    }

    /// The entries with names that begin with a slash or have `..` in them, in the order of the archive.
    pub(super) fn odd(&self) -> impl Iterator<Item = EntryRef<'a>> {
        self.numbered(&self.odd)
    }

    /// The PAX global headers, in the order of the archive.
    pub(super) fn headers(&self) -> impl Iterator<Item = EntryRef<'a>> {
        self.numbered(&self.headers)
    }

    /// The entries whose names lead through links, in the order of the archive, each with where it lands.
    pub(super) fn through(&self) -> impl Iterator<Item = (EntryRef<'a>, &[u8])> {
        let found = self.landed.through.iter();
        found.filter_map(|at| Some((self.index.get(*at as usize)?, self.landed.moved.get(at)?.as_slice())))
    }

    /// The entries that land nowhere, in the order of the archive.
    pub(super) fn nowhere(&self) -> impl Iterator<Item = EntryRef<'a>> {
        self.landed.nowhere.iter().filter_map(|at| self.index.get(*at as usize))
    }

    /// Every other entry with the name at which it lands, sorted by that.
    pub(super) fn sorted(&self) -> impl Iterator<Item = (usize, EntryRef<'_>)> {
        self.order.iter().filter_map(|at| self.at(*at))
    }

    /// The entries that land at names that begin with these parts, sorted.
    pub(super) fn below(&self, prefix: &[u8]) -> impl Iterator<Item = (usize, EntryRef<'_>)> {
        let wanted: Vec<&[u8]> = parts(prefix).collect();
        let from = self.order.partition_point(|at| self.compare(*at, &wanted) == Ordering::Less);
        let found = self.order[from..].iter().filter_map(|at| self.at(*at));
        found.take_while(move |(_, entry)| starts(entry.path, &wanted))
    }

    /// The first entry that is called so itself, wherever it lands, and the last one that is a file: programs that search
    /// the archive take one of them.
    pub(super) fn called(&self, path: &[u8]) -> (Option<usize>, Option<usize>) {
        let wanted = cleaned(path);
        let from = self.order.partition_point(|at| self.compare(*at, &wanted) == Ordering::Less);
        let to = self.order.partition_point(|at| self.compare(*at, &wanted) != Ordering::Greater);
        let (first, last) = self.runs.get(&from).copied().unwrap_or_else(|| {
            let run = &self.order[from..to];
            let own = |at: &u32| self.is_own(*at);
            let last = run.last().filter(|at| own(at) && is_file(self.index, **at));
            (run.first().copied().filter(own), last.copied())
        });
        let moved = self.called.get(&wanted.join(&b'/')).copied().unwrap_or_default();
        let first = first.into_iter().chain(moved.0).min();
        let last = last.into_iter().chain(moved.1).max();
        (first.map(|at| at as usize), last.map(|at| at as usize))
    }

    /// The entry at a name, and whether anything is there: a directory may have no entry.
    pub(super) fn find(&self, wanted: &[&[u8]]) -> (Option<usize>, bool) {
        let end = self.order.partition_point(|at| self.compare(*at, wanted) != Ordering::Greater);
        let before = end.checked_sub(1).and_then(|at| self.order.get(at)).copied();
        let own = before.filter(|at| self.compare(*at, wanted) == Ordering::Equal);
        let is_gone = own.is_some_and(|at| self.landed.gone.contains(&at));
        let is_above = self.order.get(end).is_some_and(|at| starts(self.path(*at), wanted));
        let own = own.filter(|_| !is_gone);
        (own.map(|at| at as usize), own.is_some() || is_above)
    }

    fn at(&self, at: u32) -> Option<(usize, EntryRef<'_>)> {
        let entry = self.index.get(at as usize)?;
        Some((at as usize, EntryRef { path: self.path(at), ..entry }))
    }

    fn numbered<'s>(&'s self, numbers: &'s [u32]) -> impl Iterator<Item = EntryRef<'a>> + use<'s, 'a> {
        numbers.iter().filter_map(|at| self.index.get(*at as usize))
    }

    /// The name at which an entry lands.
    fn path(&self, at: u32) -> &[u8] {
        let own = || self.index.get(at as usize).map(|entry| entry.path).unwrap_or_default();
        self.landed.moved.get(&at).map_or_else(own, Vec::as_slice)
    }

    fn compare(&self, at: u32, wanted: &[&[u8]]) -> Ordering {
        parts(self.path(at)).cmp(wanted.iter().copied())
    }
}

/// For each name of these entries the first of them, and the last that is a file; no program searches for names that lead
/// above or begin with a slash.
fn called(index: &FileIndex, entries: impl Iterator<Item = u32>) -> BTreeMap<Vec<u8>, Ends> {
    let mut found: BTreeMap<Vec<u8>, Ends> = BTreeMap::new();
    for at in entries {
        let path = index.get(at as usize).map(|entry| entry.path).unwrap_or_default();
        if path.first() != Some(&b'/') && !is_above(path) {
            let (first, last) = found.entry(cleaned(path).join(&b'/')).or_default();
            *first = Some(first.map_or(at, |first| first.min(at)));
            *last = (*last).max(Some(at).filter(|at| is_file(index, *at)));
        }
    }
    found
}

fn is_file(index: &FileIndex, at: u32) -> bool {
    index.get(at as usize).is_some_and(|entry| entry.kind == EntryKind::File)
}

/// True if a name begins with a slash, or has `..` in it.
fn is_odd(path: &[u8]) -> bool {
    path.first() == Some(&b'/') || parts(path).any(|part| part == b"..")
}

/// True if a path lies below another one.
fn is_within(path: &[u8], above: &[u8]) -> bool {
    let (mut own, mut above) = (parts(path), parts(above));
    above.all(|part| own.next() == Some(part)) && own.next().is_some()
}

fn starts(path: &[u8], prefix: &[&[u8]]) -> bool {
    let mut own = parts(path);
    prefix.iter().all(|part| own.next() == Some(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Entry;

    fn index(entries: &[(&str, EntryKind, &str)]) -> FileIndex {
        let mut index = FileIndex::new();
        for (path, kind, link) in entries {
            let mut entry = Entry::new(*kind, path.as_bytes().to_vec());
            entry.link = link.as_bytes().to_vec();
            index.push(&entry).unwrap();
        }
        index
    }

    #[track_caller]
    fn leads(entries: &[(&str, EntryKind, &str)], path: &str, to: Result<usize, &str>) {
        let index = index(entries);
        let found = Paths::new(&index, false).file(path.as_bytes());
        let found = found.map(|found| found.at).map_err(|trouble| match trouble {
            Trouble::Absent => "absent".to_owned(),
            Trouble::Unusable(what) => what,
        });
        assert_eq!(found, to.map_err(str::to_owned));
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        use EntryKind::File;
        leads(&[("./a/b", File, "")], "a/b", Ok(0));
        leads(&[("a//b", File, ""), ("a/b-", File, ""), ("a", EntryKind::Directory, "")], "./a/./b", Ok(0));
        leads(&[("a", File, ""), ("b", File, ""), ("./a", File, "")], "a", Ok(2));
        leads(&[("../a", File, "")], "a", Ok(0));
        leads(&[("../a", File, "")], "../a", Ok(0));
        leads(&[("a", File, ""), ("/a", File, "")], "a", Ok(1));
        leads(&[("a", File, ""), ("b/../a", File, "")], "a", Ok(1));
        leads(&[("a", EntryKind::Directory, "")], "a", Err("is no file"));
        leads(&[], "", Err("absent"));
    }

    /// Thousands of names may go over one link whose target is as long as one may be, and names may be as long.
    #[test]
    fn names_of_links_are_looked_at_within_a_budget() {
        let target = "a/".repeat(2047);
        let deep = format!("{target}f");
        let entries =
            [("long", EntryKind::Symlink, &*target), (&*deep, EntryKind::File, ""), ("f", EntryKind::File, "")];
        let index = index(&entries);
        let paths = Paths::new(&index, false);
        let trouble = |path: &[u8]| paths.file(path).unwrap_err();
        for _ in 0..1000 {
            let Trouble::Unusable(what) = trouble(b"long") else { panic!() };
            assert!(what.len() < 200, "{what}");
        }
        assert!(paths.steps.get() <= crate::limits::LINK_STEPS + 4096, "{}", paths.steps.get());
        assert!(paths.file(format!("{target}g").as_bytes()).is_err());
        assert_eq!(paths.file(deep.as_bytes()).unwrap().at, 1);
        assert_eq!(paths.file(b"f").unwrap().at, 2, "other names are read");
    }

    /// As Docker 20.10, skopeo 1.9 and GNU tar leave them.
    #[test]
    fn entries_land_where_an_unpacked_archive_has_them() {
        use EntryKind::{Directory, File, HardLink, Symlink};
        type Entries<'a> = &'a [(&'a str, EntryKind, &'a str)];
        let table: &[(Entries<'_>, &str, Result<usize, &str>)] = &[
            (&[("a", File, ""), ("d", Symlink, "."), ("d/a", File, "")], "a", Ok(2)),
            (&[("e/x", File, ""), ("a", File, ""), ("e/d", Symlink, ".."), ("e/d/a", File, "")], "a", Ok(3)),
            (&[("a", File, ""), ("y", Symlink, "a"), ("y", File, "")], "a", Ok(0)),
            (&[("y", File, ""), ("a", Symlink, "y"), ("y", File, "")], "a", Ok(2)),
            (&[("y", File, ""), ("a", HardLink, "y"), ("y", File, "")], "a", Ok(0)),
            (&[("y", File, ""), ("a", HardLink, "y"), ("b", HardLink, "a"), ("a", File, "")], "b", Ok(0)),
            (&[("a", HardLink, "y"), ("y", File, "")], "a", Err("is a link to y, which is not there")),
            (&[("d", Symlink, "/"), ("d/a", File, "")], "a", Ok(1)),
            (&[("d", Symlink, "../.."), ("d/a", File, "")], "a", Ok(1)),
            (&[("o/s/x", File, ""), ("b", Symlink, "o")], "b/s/x", Ok(0)),
            (&[("b", Symlink, "o"), ("o/s/x", File, "")], "b/s/x", Ok(1)),
            (&[("b/s", Symlink, "../x"), ("x/f", File, "")], "b/s/f", Ok(1)),
            (&[("b/x", File, ""), ("b", Symlink, "o")], "b/x", Err("is a link to o, which is not there")),
            (&[("b/x", File, ""), ("b", Symlink, "o"), ("o/x", File, "")], "b/x", Ok(2)),
            (&[("b/x", File, ""), ("b", File, ""), ("b", Directory, "")], "b/x", Err("absent")),
            (&[("w/v/u", File, ""), ("q", Symlink, "w/v"), ("a", File, ""), ("q/../a", File, "")], "a", Ok(3)),
            (&[("d", Symlink, "gone"), ("d/a", File, "")], "d/a", Err("is a link to gone, which is not there")),
            (&[("a", File, ""), ("a/x", File, "")], "a/x", Err("absent")),
            (&[("a", File, ""), ("a", Directory, "")], "a", Err("is no file")),
            (&[("d", Symlink, "d"), ("d/a", File, "")], "d/a", Err("is a link that leads on over more than 16 links")),
        ];
        for (entries, path, to) in table {
            leads(entries, path, *to);
        }
    }

    /// However many others stand at a name, before it and after it.
    #[test]
    fn programs_that_search_find_one_entry_among_thousands() {
        use EntryKind::{Directory, File, Symlink};
        type One<'a> = (&'a str, EntryKind, &'a str);
        let many = |before: One<'static>, own: One<'static>, after: One<'static>| {
            let thousands = |one| vec![one; 1500];
            index(&[vec![("d", Symlink, ".")], thousands(before), vec![own], thousands(after)].concat())
        };
        let moved = ("d/a", File, "");
        let table = [
            (moved, ("a", File, ""), moved, (Some(1501), Some(1501))),
            (("a", Symlink, "z"), ("a", File, ""), ("a", Symlink, "z"), (Some(1), Some(1501))),
            (moved, ("a", Directory, ""), moved, (Some(1501), None)),
            (("a", File, ""), ("a", File, ""), ("a", File, ""), (Some(1), Some(3001))),
            (("b", File, ""), ("a", File, ""), ("b", File, ""), (Some(1501), Some(1501))),
            (moved, moved, moved, (None, None)),
        ];
        for (before, own, after, ends) in table {
            let index = many(before, own, after);
            assert_eq!(Paths::new(&index, false).called(b"a"), ends, "{before:?} {own:?} {after:?}");
        }
    }

    /// The files of a folder are there, whatever a system has for a name.
    #[test]
    fn names_that_linux_does_not_take_are_left_out_of_archives_alone() {
        let long = "x".repeat(256);
        let index = index(&[(&*long, EntryKind::File, "")]);
        let numbers = |folder: bool| Paths::new(&index, folder).nowhere().count();
        assert_eq!((numbers(false), numbers(true)), (1, 0));
        assert_eq!(Paths::new(&index, true).file(long.as_bytes()).unwrap().at, 0);
    }

    /// Programs that search the archive find it by its own name, and here nothing lies there.
    #[test]
    fn an_entry_that_a_cap_cut_is_at_no_name() {
        use EntryKind::{File, Symlink};
        let index = index(&[("a", File, ""), ("d", Symlink, "."), ("d/b", File, ""), ("d/a", File, "")]);
        let seen = |steps: usize| {
            let paths = Paths::within(&index, false, Caps { steps, ..Caps::default() });
            (paths.file(b"a").unwrap().at, paths.called(b"d/a"), paths.landed.is_cut)
        };
        assert_eq!(seen(10), (3, (Some(3), Some(3)), false));
        // One link is looked at while the budget is not spent.
        assert_eq!(seen(0), (0, (Some(3), Some(3)), true));
        let paths = Paths::within(&index, false, Caps { steps: 0, ..Caps::default() });
        assert!(paths.nowhere().next().is_none());
        assert!(paths.sorted().all(|(at, _)| at != 3));
    }

    #[test]
    fn links_stay_within_the_archive() {
        use EntryKind::{File, HardLink, Symlink};
        leads(&[("x/layer.tar", Symlink, "../y/layer.tar"), ("y/layer.tar", File, "")], "x/layer.tar", Ok(1));
        leads(&[("p/y", File, ""), ("p/x", HardLink, "./p/y")], "p/x", Ok(0));
        leads(&[("x", Symlink, "../etc/passwd")], "x", Err("is a link out of the archive, to ../etc/passwd"));
        leads(&[("x", Symlink, "/etc/passwd")], "x", Err("is a link out of the archive, to /etc/passwd"));
        leads(&[("x", HardLink, "../y")], "x", Err("is a link out of the archive, to ../y"));
        leads(&[("x", Symlink, "y")], "x", Err("is a link to y, which is not there"));
        leads(&[("x", HardLink, "/y"), ("y", File, "")], "x", Err("is a link out of the archive, to /y"));
        leads(&[("x", Symlink, "y"), ("y", Symlink, "x")], "x", Err("is a link that leads on over more than 16 links"));
    }
}

//! Line: archive -> Image. The names of an archive's entries, and which bytes they lead to: links followed, bounded.

use std::cell::RefCell;
use std::cmp::Ordering;

use crate::layer::{EntryKind, EntryRef, FileIndex};

/// How many links are followed one after the other: `docker save` makes one.
const LINKS: usize = 16;

/// How many characters of a name people are told.
const SHOWN: usize = 120;

/// The entries of an archive by their names; a number each, since there may be a million.
pub(super) struct Paths<'a> {
    index: &'a FileIndex,
    order: Vec<u32>,
    /// Entries whose names lead out of the archive: no name finds them.
    outside: Vec<u32>,
    /// Where links lead, each looked up once: thousands of names may go over one whose target is a megabyte long.
    targets: RefCell<Vec<Target>>,
}

/// Where a link leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Unknown,
    Outside,
    Absent,
    Entry(u32),
}

/// The bytes that a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The number of the entry.
    pub(super) at: usize,
    /// The names of the links on the way, as the archive has them.
    pub(super) via: Vec<String>,
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

/// The first characters of a text of somebody's, those escaped that would not be seen for what they are.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let cut: String = text.chars().take(most).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{more}", cut.escape_debug())
}

impl<'a> Paths<'a> {
    pub(super) fn new(index: &'a FileIndex) -> Self {
        let mut order: Vec<u32> = (0..index.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        let path = |at: &u32| index.get(*at as usize).map(|entry| entry.path).unwrap_or_default();
        let outside = order.extract_if(.., |at| leads_out(path(at))).collect();
        order.sort_by(|one, other| parts(path(one)).cmp(parts(path(other))).then(one.cmp(other)));
        Self { index, order, outside, targets: RefCell::default() }
    }

    pub(super) fn entry(&self, at: usize) -> Option<EntryRef<'a>> {
        self.index.get(at)
    }

    /// The entries with names that lead out of the archive, in its order.
    pub(super) fn outside(&self) -> impl Iterator<Item = EntryRef<'a>> {
        self.outside.iter().filter_map(|at| self.index.get(*at as usize))
    }

    /// Every other entry, sorted by name.
    pub(super) fn sorted(&self) -> impl Iterator<Item = (usize, EntryRef<'a>)> {
        self.order.iter().filter_map(|at| Some((*at as usize, self.index.get(*at as usize)?)))
    }

    /// The entries with names that begin with these parts, sorted.
    pub(super) fn below(&self, prefix: &[u8]) -> impl Iterator<Item = (usize, EntryRef<'a>)> {
        let wanted: Vec<&[u8]> = parts(prefix).collect();
        let from = self.order.partition_point(|at| self.compare(*at, &wanted) == Ordering::Less);
        let found = self.order[from..].iter().filter_map(|at| Some((*at as usize, self.index.get(*at as usize)?)));
        found.take_while(move |(_, entry)| starts(entry.path, &wanted))
    }

    /// The bytes of the file of that name, links followed.
    pub(super) fn file(&self, path: &[u8]) -> Result<Found, Trouble> {
        let unusable = |what: &str| Err(Trouble::Unusable(what.to_owned()));
        let mut at = self.find(&parts(path).collect::<Vec<_>>()).ok_or(Trouble::Absent)?;
        let mut via = Vec::new();
        for _ in 0..=LINKS {
            let entry = self.index.get(at).ok_or(Trouble::Absent)?;
            match entry.kind {
                EntryKind::File if entry.sparse => return unusable("is a sparse file, which is not read"),
                EntryKind::File => return Ok(Found { at, via }),
                EntryKind::Symlink | EntryKind::HardLink => at = self.target(at, &entry)?,
                _ => return unusable("is no file"),
            }
            via.push(shown(entry.link));
        }
        Err(Trouble::Unusable(format!("is a link that leads on over more than {LINKS} links")))
    }

    /// The entry that a link names.
    fn target(&self, at: usize, link: &EntryRef<'a>) -> Result<usize, Trouble> {
        let known = self.targets.borrow().get(at).copied().unwrap_or(Target::Unknown);
        let target = if known == Target::Unknown { self.look_up(at, link) } else { known };
        match target {
            Target::Entry(at) => Ok(at as usize),
            Target::Outside => Err(Trouble::Unusable(format!("is a link out of the archive, to {}", shown(link.link)))),
            _ => Err(Trouble::Unusable(format!("is a link to {}, which is not there", shown(link.link)))),
        }
    }

    fn look_up(&self, at: usize, link: &EntryRef<'a>) -> Target {
        let beside = if link.kind == EntryKind::Symlink { link.path } else { &[] };
        let entry = |name: Vec<&[u8]>| self.find(&name).and_then(|at| u32::try_from(at).ok());
        let target =
            leads(beside, link.link).map_or(Target::Outside, |name| entry(name).map_or(Target::Absent, Target::Entry));
        let mut targets = self.targets.borrow_mut();
        if targets.is_empty() {
            targets.resize(self.index.len(), Target::Unknown);
        }
        targets[at] = target;
        target
    }

    fn find(&self, wanted: &[&[u8]]) -> Option<usize> {
        let end = self.order.partition_point(|at| self.compare(*at, wanted) != Ordering::Greater);
        let at = *self.order.get(end.checked_sub(1)?)?;
        (self.compare(at, wanted) == Ordering::Equal && !wanted.is_empty()).then_some(at as usize)
    }

    fn compare(&self, at: u32, wanted: &[&[u8]]) -> Ordering {
        let path = self.index.get(at as usize).map(|entry| entry.path).unwrap_or_default();
        parts(path).cmp(wanted.iter().copied())
    }
}

/// Whether a name is absolute, or goes up: who unpacks it carelessly writes beside the archive.
fn leads_out(path: &[u8]) -> bool {
    path.first() == Some(&b'/') || parts(path).any(|part| part == b"..")
}

fn starts(path: &[u8], prefix: &[&[u8]]) -> bool {
    let mut own = parts(path);
    prefix.iter().all(|part| own.next() == Some(part))
}

/// Where a link leads that stands beside `name`; none where that is outside.
fn leads<'a>(name: &'a [u8], link: &'a [u8]) -> Option<Vec<&'a [u8]>> {
    if link.first() == Some(&b'/') {
        return None;
    }
    let mut target: Vec<&[u8]> = parts(name).collect();
    target.pop();
    for part in parts(link) {
        if part == b".." {
            target.pop()?;
        } else {
            target.push(part);
        }
    }
    Some(target)
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
        let found = Paths::new(&index).file(path.as_bytes());
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
        leads(&[("../a", File, "")], "a", Err("absent"));
        leads(&[("../a", File, "")], "../a", Err("absent"));
        leads(&[("a", File, ""), ("/a", File, ""), ("b/../a", File, "")], "a", Ok(0));
        leads(&[("a", EntryKind::Directory, "")], "a", Err("is no file"));
        leads(&[], "", Err("absent"));
    }

    #[test]
    fn a_link_is_looked_up_once_however_many_names_go_over_it() {
        let target = "a/".repeat(10_000);
        let entries: Vec<(String, EntryKind, &str)> = (0..1000)
            .map(|at| (format!("l{at}"), EntryKind::Symlink, "long"))
            .chain([("long".to_owned(), EntryKind::Symlink, &*target)])
            .collect();
        let entries: Vec<_> = entries.iter().map(|(path, kind, link)| (&**path, *kind, *link)).collect();
        let index = index(&entries);
        let paths = Paths::new(&index);
        for at in 0..1000 {
            let found = paths.file(format!("l{at}").as_bytes()).unwrap_err();
            let Trouble::Unusable(what) = found else { panic!("{found:?}") };
            assert!(what.starts_with("is a link to a/a/a/") && what.len() < 200, "{what}");
        }
        assert_eq!(paths.targets.borrow().iter().filter(|target| **target != Target::Unknown).count(), 1001);
    }

    #[test]
    fn links_stay_within_the_archive() {
        use EntryKind::{File, HardLink, Symlink};
        leads(&[("x/layer.tar", Symlink, "../y/layer.tar"), ("y/layer.tar", File, "")], "x/layer.tar", Ok(1));
        leads(&[("p/x", HardLink, "./p/y"), ("p/y", File, "")], "p/x", Ok(1));
        leads(&[("x", Symlink, "../etc/passwd")], "x", Err("is a link out of the archive, to ../etc/passwd"));
        leads(&[("x", Symlink, "/etc/passwd")], "x", Err("is a link out of the archive, to /etc/passwd"));
        leads(&[("x", HardLink, "../y")], "x", Err("is a link out of the archive, to ../y"));
        leads(&[("x", Symlink, "y")], "x", Err("is a link to y, which is not there"));
        leads(&[("x", Symlink, "y"), ("y", Symlink, "x")], "x", Err("is a link that leads on over more than 16 links"));
    }
}

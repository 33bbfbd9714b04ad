//! entries -> verdict: the entries of a table of contents against those of the tar, in order.
//!
//! eStargz's table lies in the tar itself, so both are at hand: the first entry that differs is named. zstd:chunked's lies
//! beside the tar, which another worker may read: there each side comes to a few hashes.

use serde::{Deserialize, Serialize};

use super::STARGZ_NAME;
use super::facts::Facts;
use super::table::{self, Content, TocEntry};
use super::trouble::{Kind, Trouble};
use crate::checks::Outcome;
use crate::digest::{Algorithm, Digest, Hasher};
use crate::layer::{EntryKind, EntryRef, FileIndex};

/// A list of entries, small enough to hand to another worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::layer) struct Listing {
    count: u64,
    /// The digests of all types, names, sizes and targets; of all modes, owners and attributes; of all contents.
    entries: String,
    rights: String,
    contents: String,
    /// Why the contents cannot be compared.
    doubt: Option<Trouble>,
    /// The first entry of a table without a mode.
    without_mode: Option<Trouble>,
}

/// The hashes of a list while it comes.
struct Rolling {
    count: u64,
    hashers: [Hasher; 3],
    doubt: Option<Trouble>,
    without_mode: Option<Trouble>,
}

impl Rolling {
    fn new() -> Self {
        let hashers = std::array::from_fn(|_| Hasher::new(Algorithm::Sha256));
        Self { count: 0, hashers, doubt: None, without_mode: None }
    }

    fn add(&mut self, parts: [&[u8]; 3]) {
        self.count += 1;
        for (hasher, part) in self.hashers.iter_mut().zip(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }

    fn listing(self) -> Listing {
        let [entries, rights, contents] = self.hashers.map(|hasher| Digest::to_string(&hasher.finish()));
        let Self { count, doubt, without_mode, .. } = self;
        Listing { count, entries, rights, contents, doubt, without_mode }
    }
}

impl Listing {
    pub(in crate::layer) fn of_tar(index: &FileIndex, facts: &Facts) -> Self {
        let mut rolling = Rolling::new();
        for (number, entry, line) in of_tar(index) {
            let fact = facts.get(number).unwrap_or_default();
            let has_content = entry.kind == EntryKind::File && entry.size > 0;
            if has_content && fact.content.is_none() {
                rolling.doubt.get_or_insert_with(|| about(Kind::Sparse, &entry));
            }
            let content = fact.content.filter(|_| has_content).unwrap_or_default();
            rolling.add([&line, &fact.rights, &content]);
        }
        rolling.listing()
    }

    /// The digest of a whole content is what containers/storage goes by.
    pub(super) fn of_table(toc: &[u8]) -> Result<Self, Trouble> {
        let mut rolling = Rolling::new();
        table::read(toc, &mut |told| {
            let content = told.whole();
            if told.size > 0 && content.is_none() {
                rolling.doubt.get_or_insert_with(|| Trouble::at(Kind::NoDigest, &shown(&told.line)));
            }
            if !told.has_mode {
                rolling.without_mode.get_or_insert_with(|| Trouble::at(Kind::NoMode, &shown(&told.line)));
            }
            rolling.add([&told.line, &told.rights, &content.filter(|_| told.size > 0).unwrap_or_default()]);
            Ok(())
        })?;
        Ok(rolling.listing())
    }

    /// Holds that of a table against that of the tar: how many entries agree, or why they do not.
    pub(super) fn same(&self, tar: &Self) -> Result<u64, Trouble> {
        if (self.count, &self.entries) != (tar.count, &tar.entries) {
            return Err(Trouble::counts(Kind::Entries, self.count, tar.count));
        }
        let has_same_rights = self.rights == tar.rights;
        if !has_same_rights && self.without_mode.is_none() {
            return Err(Trouble::of(Kind::Rights));
        }
        let doubt = tar.doubt.as_ref().or(self.doubt.as_ref());
        if doubt.is_none() && self.contents != tar.contents {
            return Err(Trouble::of(Kind::Content));
        }
        let doubt = doubt.or(self.without_mode.as_ref().filter(|_| !has_same_rights));
        doubt.map_or(Ok(self.count), |doubt| Err(doubt.clone()))
    }
}

/// Holds a table of contents against the entries of the tar; names the first that differs.
pub(super) fn same(toc: &[u8], index: &FileIndex, facts: Option<&Facts>) -> Result<u64, Trouble> {
    // eStargz's table does not list itself. In zstd:chunked a file of that name is a file like any other.
    let mut tar = of_tar(index).filter(|(_, entry, _)| plain(entry.path) != STARGZ_NAME);
    let (mut count, mut found, mut doubt) = (0_u64, 0_u64, None);
    table::read(toc, &mut |told| {
        let at = count;
        count += 1;
        // The number of the table's entries is known at its end.
        let Some((number, entry, line)) = tar.next() else { return Ok(()) };
        found += 1;
        if told.line != line {
            return Err(Trouble::entry(at, &told.line, &line));
        }
        match facts.map_or(Ok(()), |facts| told.same(&entry, number, facts)) {
            Err(trouble) if trouble.outcome() == Outcome::Fail => Err(trouble),
            Err(trouble) => {
                doubt.get_or_insert(trouble);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    })?;
    found += tar.count() as u64;
    match doubt {
        _ if count != found => Err(Trouble::counts(Kind::Count, count, found)),
        Some(doubt) => Err(doubt),
        None => Ok(count),
    }
}

impl TocEntry {
    /// Holds the rights and the content of an entry against those in the tar.
    fn same(&self, entry: &EntryRef<'_>, number: usize, facts: &Facts) -> Result<(), Trouble> {
        let fact = facts.get(number).unwrap_or_default();
        let has_same_rights = self.rights == fact.rights;
        if !has_same_rights && self.has_mode {
            return Err(about(Kind::Rights, entry));
        }
        let rights = if has_same_rights { Ok(()) } else { Err(about(Kind::NoMode, entry)) };
        if entry.kind != EntryKind::File || entry.size == 0 {
            return rights;
        }
        let Some(content) = fact.content else { return Err(about(Kind::Sparse, entry)) };
        match self.content(content, facts.chunks(number)) {
            Content::Same => rights,
            Content::Other => Err(about(Kind::Content, entry)),
            Content::Unknown => Err(about(Kind::NoDigest, entry)),
            Content::Cut => Err(about(Kind::Cut, entry)),
        }
    }
}

fn about(kind: Kind, entry: &EntryRef<'_>) -> Trouble {
    Trouble::at(kind, &plain(entry.path).escape_ascii().to_string())
}

/// An entry in one line: type, name, size and target. Names may hold an arrow, too, so a zero and the length of the target
/// stand at its end.
pub(super) fn line(kind: &str, name: &[u8], size: u64, link: &[u8]) -> Vec<u8> {
    let mut line = format!("{kind} ").into_bytes();
    line.extend_from_slice(plain(name));
    if kind == "reg" {
        line.extend_from_slice(format!(" {size} bytes").as_bytes());
    }
    let link = if kind == "hardlink" { plain(link) } else { link };
    if !link.is_empty() {
        line.extend_from_slice(b" -> ");
        line.extend_from_slice(link);
    }
    line.extend_from_slice(format!("\0{}", link.len()).as_bytes());
    line
}

/// A line for people.
pub(super) fn shown(line: &[u8]) -> String {
    let end = line.iter().rposition(|byte| *byte == 0).unwrap_or(line.len());
    line[..end].escape_ascii().to_string()
}

/// The entries of the tar that a table lists, each with its number.
fn of_tar(index: &FileIndex) -> impl Iterator<Item = (usize, EntryRef<'_>, Vec<u8>)> {
    let all = index.iter().enumerate();
    let shown = all.filter(|(_, entry)| !plain(entry.path).is_empty());
    shown.filter_map(|(number, entry)| {
        let kind = match entry.kind {
            EntryKind::File => "reg",
            EntryKind::HardLink => "hardlink",
            EntryKind::Symlink => "symlink",
            EntryKind::CharDevice => "char",
            EntryKind::BlockDevice => "block",
            EntryKind::Directory => "dir",
            EntryKind::Fifo => "fifo",
            EntryKind::GlobalHeader | EntryKind::Other(_) => return None,
        };
        let link = if matches!(entry.kind, EntryKind::HardLink | EntryKind::Symlink) { entry.link } else { b"" };
        let line = line(kind, entry.path, entry.size, link);
        Some((number, entry, line))
    })
}

/// A name as both write it: without `./` or `/` in front, and without `/` behind.
pub(super) fn plain(name: &[u8]) -> &[u8] {
    let mut name = name;
    while let Some(rest) = name.strip_prefix(b"./").or_else(|| name.strip_prefix(b"/")) {
        name = rest;
    }
    while let Some(rest) = name.strip_suffix(b"/") {
        name = rest;
    }
    if name == b"." { b"" } else { name }
}

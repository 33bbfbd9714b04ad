//! Finds the entries of one layer that container engines refuse, so far as that layer alone shows it.
//!
//! The layer is applied to an empty root. A hard link to a path of which the layer says nothing may lead to a lower
//! layer, so it is no refusal here.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::apply::{self, Applied};
use super::event::What;
use super::findings::{self, Bits, Why};
use super::row::shown;
use super::tree::ROOT;
use super::way::{self, Parts};
use crate::error::Error;
use crate::layer::{EntryKind, EntryRef, FileIndex, Xattrs};

/// One kind of entry that engines refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub(crate) kind: Kind,
    /// The number of entries of this kind.
    pub(crate) count: u64,
    /// The path of the first one as the archive has it, with what is no UTF-8 replaced.
    pub(crate) path: String,
}

/// Why engines refuse an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Kind {
    TypeFlag,
    BelowFile,
    LongName,
    NoTarget,
    LaterTarget,
    Root,
    BareWhiteout,
    WhiteoutBelowFile,
    BelowWhiteout,
    GlobalHeader,
    LongPath,
    LinkTarget,
    Xattr,
    PathTwice,
    WhiteoutAfter,
    XattrLeftOut,
    XattrLarge,
    Overlay,
    DanglingLink,
    Aufs,
    OpaqueAfter,
    Replaced,
}

impl Kind {
    /// The stable code, and the words for one or more such entries.
    pub(crate) fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::TypeFlag => ("refused-type-flag", "with a type flag that container engines refuse"),
            Self::BelowFile => ("entry-below-file", "below a file, or through links without end: engines refuse it"),
            Self::LongName => ("name-too-long", "with a name of more than 255 bytes: no file system takes it"),
            Self::NoTarget => ("hard-link-without-target", "that is a hard link to nothing: engines refuse it"),
            Self::LaterTarget => ("hard-link-to-later", "that is a hard link to a path that comes only later"),
            Self::Root => ("root-no-directory", "that makes the root something else than a directory"),
            Self::BareWhiteout => ("bare-whiteout", "that is a whiteout without a name: engines differ in it"),
            Self::WhiteoutBelowFile => ("whiteout-below-file", "that is a whiteout below a file"),
            Self::BelowWhiteout => ("entry-below-whiteout", "in a directory that a whiteout before it deletes"),
            Self::GlobalHeader => {
                ("global-header-names-path", "that is a global header and names a path: engines act on it")
            }
            Self::LongPath => ("path-too-long", "with a path of more than 4094 bytes: Linux does not take it"),
            Self::LinkTarget => ("symlink-without-target", "that is a symbolic link with no target, or one too long"),
            Self::Xattr => ("xattr-refused", "with an extended attribute that Linux does not take: engines refuse it"),
            Self::PathTwice => ("path-twice", "whose path stands in it before: Docker and podman refuse it"),
            Self::WhiteoutAfter => (
                "whiteout-after-entry",
                "that is a whiteout of what the layer itself has: engines refuse or delete that",
            ),
            Self::XattrLeftOut => {
                ("xattr-left-out", "with an attribute of users that only files and directories have: podman refuses it")
            }
            Self::XattrLarge => ("xattr-too-large", "with more extended attributes than ext4 has room for"),
            Self::Overlay => ("overlay-marker", "that overlay file systems take for a marker of their own"),
            Self::DanglingLink => (
                "entry-through-dangling-link",
                "whose path leads through a symbolic link to nothing, or that takes the place of that link: Docker and podman refuse it",
            ),
            Self::Aufs => ("entry-of-aufs", "with a name that AUFS kept for itself: engines differ in what they show"),
            Self::OpaqueAfter => (
                "opaque-after-entry",
                "that makes a directory opaque after the layer has put something into it: podman with vfs deletes that",
            ),
            Self::Replaced => (
                "directory-replaced",
                "that is a directory which is gone when the layer ends: Docker, containerd and podman refuse it",
            ),
        }
    }

    /// True if no engine takes it: the layer fails. Of the others some engine takes the layer, which is a doubt.
    pub(crate) fn is_refused_by_all(self) -> bool {
        match self {
            // Go's archive/tar reads these; containerd stops at them, and other tools leave the entry out.
            Self::TypeFlag => false,
            // `mkdir` below a file is ENOTDIR, a name of 256 bytes is ENAMETOOLONG, on every file system of Linux.
            Self::BelowFile | Self::LongName => true,
            // Engines remove the path, then link: ENOENT for the empty target, the path itself, what was deleted.
            Self::NoTarget => true,
            // A lower layer may have the target, too: tools that unpack into one directory then link to that.
            Self::LaterTarget => false,
            // Some leave such an entry out.
            Self::Root => false,
            // podman deletes the directory around it.
            Self::BareWhiteout => false,
            // umoci takes both: it looks for what to delete and finds nothing, or makes the directory anew.
            Self::WhiteoutBelowFile | Self::BelowWhiteout => false,
            // podman and umoci obey a whiteout that is one, and remove or make the path that it names.
            Self::GlobalHeader => false,
            // ENAMETOOLONG and ENOENT, ERANGE, E2BIG and EINVAL, on every file system of Linux.
            Self::LongPath | Self::LinkTarget | Self::Xattr => true,
            // containerd takes the last one, umoci too; tar-split, in Docker and podman, refuses even equal directories.
            Self::PathTwice => false,
            // Without overlay file systems engines delete the entry.
            Self::WhiteoutAfter => false,
            // Docker leaves the attribute out; XFS has room; without overlay file systems nothing happens.
            Self::XattrLeftOut | Self::XattrLarge | Self::Overlay => false,
            // containerd and umoci make what the link leads to; with vfs podman may find it in a lower layer.
            Self::DanglingLink => false,
            // podman with vfs leaves it out, with overlay it shows it.
            Self::Aufs => false,
            // Overlay file systems keep the entry, umoci too.
            Self::OpaqueAfter => false,
            // umoci does not look back at the directory.
            Self::Replaced => false,
        }
    }
}

/// The refusals of engines for this layer, each kind once.
///
/// # Errors
/// `limit-exceeded` if it has more paths than are kept, or leads through links too often.
pub(crate) fn refused(index: &FileIndex) -> Result<Vec<Refused>, Error> {
    let is_windows = way::is_windows(index.iter().map(|entry| entry.path)) == Some(true);
    let applied = apply::apply(&[index], is_windows)?;
    let mut targets = None;
    let mut found: BTreeMap<Kind, Refused> = BTreeMap::new();
    for (_, event) in
        applied.events.iter().filter(|(_, event)| event.what.is_listed() && event.findings != Bits::default())
    {
        let Some(entry) = index.get(event.at as usize) else { continue };
        let target = || targets.get_or_insert_with(|| Targets::of(&applied)).kind(&entry, event.at, is_windows);
        for kind in kinds(event.findings.get(), target).into_iter().chain(own_kinds(&entry)) {
            let new = || Refused { kind, count: 0, path: shown(entry.path) };
            found.entry(kind).or_insert_with(new).count += 1;
        }
    }
    let is_header = |entry: &EntryRef<'_>| entry.kind == EntryKind::GlobalHeader && entry.path != apply::GIT_GLOBAL;
    let headers = index.iter().filter(is_header).map(|entry| (Kind::GlobalHeader, entry));
    for (kind, entry) in headers.chain(twice(index).into_iter().map(|entry| (Kind::PathTwice, entry))) {
        let new = || Refused { kind, count: 0, path: shown(entry.path) };
        found.entry(kind).or_insert_with(new).count += 1;
    }
    Ok(found.into_values().collect())
}

/// The entries whose paths stand in the layer before, as Docker and podman compare them: cleaned, and nothing followed.
/// Directories, whiteouts and global headers count as files do.
fn twice(index: &FileIndex) -> Vec<EntryRef<'_>> {
    let mut names = Vec::new();
    let mut hashes: Vec<(u64, u32)> = (0..)
        .zip(index.iter())
        .map(|(at, entry)| {
            let mut hasher = DefaultHasher::new();
            (way::cleaned(entry.path, &mut names), &names).hash(&mut hasher);
            (hasher.finish(), at)
        })
        .collect();
    hashes.sort_unstable();
    let is_same = |one: &EntryRef<'_>, other: &EntryRef<'_>| {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        way::cleaned(one.path, &mut a) == way::cleaned(other.path, &mut b) && a == b
    };
    let pairs = hashes.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    let mut found: Vec<u32> = Vec::new();
    for pair in pairs {
        let (before, after) = (index.get(pair[0].1 as usize), index.get(pair[1].1 as usize));
        if before.zip(after).is_some_and(|(before, after)| is_same(&before, &after)) {
            found.push(pair[1].1);
        }
    }
    found.sort_unstable();
    found.into_iter().filter_map(|at| index.get(at as usize)).collect()
}

/// The refusals that the headers of an entry alone show.
fn own_kinds(entry: &EntryRef<'_>) -> impl Iterator<Item = Kind> {
    let xattrs = match entry.xattrs {
        Xattrs::Set => None,
        Xattrs::Large => Some(Kind::XattrLarge),
        Xattrs::LeftOut => Some(Kind::XattrLeftOut),
        Xattrs::Refused => Some(Kind::Xattr),
    };
    let target = findings::is_no_target(entry).then_some(Kind::LinkTarget);
    xattrs.into_iter().chain(target).chain(way::is_doubtful_metadata(entry.path).then_some(Kind::Aufs))
}

fn kinds(bits: u64, target: impl FnOnce() -> Option<Kind>) -> Vec<Kind> {
    let of = [
        (findings::bit("type-flag"), Kind::TypeFlag),
        (Why::BelowFile.bit(), Kind::BelowFile),
        (Why::LongName.bit(), Kind::LongName),
        (Why::Root.bit(), Kind::Root),
        (Why::BareWhiteout.bit(), Kind::BareWhiteout),
        (Why::WhiteoutBelowFile.bit(), Kind::WhiteoutBelowFile),
        (Why::BelowWhiteout.bit(), Kind::BelowWhiteout),
        (Why::LongPath.bit(), Kind::LongPath),
        (Why::WhiteoutAfter.bit(), Kind::WhiteoutAfter),
        (findings::bit("overlay"), Kind::Overlay),
        (Why::DanglingLink.bit(), Kind::DanglingLink),
        (Why::OpaqueAfter.bit(), Kind::OpaqueAfter),
        (Why::Replaced.bit(), Kind::Replaced),
    ];
    let target = if bits & Why::NoTarget.bit() == 0 { None } else { target() };
    of.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, kind)| kind).chain(target).collect()
}

/// The entries of the layer at each path: the numbers of the first and the last entry, and of the first whiteout.
struct Targets<'a, 't> {
    applied: &'t Applied<'a>,
    said: BTreeMap<u32, (u32, u32)>,
    removed: BTreeMap<u32, u32>,
}

impl<'a, 't> Targets<'a, 't> {
    fn of(applied: &'t Applied<'a>) -> Self {
        let mut said: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        let tells = |what| matches!(what, What::Entry | What::Directory | What::Remove);
        for (node, event) in applied.events.iter().filter(|(_, event)| tells(event.what)) {
            said.entry(*node).or_insert((event.at, event.at)).1 = event.at;
        }
        let removals = applied.events.iter().rev().filter(|(_, event)| event.what == What::Remove);
        let removed = removals.map(|(node, event)| (*node, event.at)).collect();
        Self { applied, said, removed }
    }

    /// Why this hard link leads to nothing; none if a lower layer may have its target.
    fn kind(&self, link: &EntryRef<'_>, at: u32, is_windows: bool) -> Option<Kind> {
        let parts = Parts::of(link.link, is_windows);
        if parts.names.is_empty() || parts.names == Parts::of(link.path, is_windows).names {
            return Some(Kind::NoTarget);
        }
        let mut node = ROOT;
        for (depth, name) in (1..).zip(&parts.names) {
            node = self.applied.tree.known(node, name)?;
            let is_last = depth == parts.names.len();
            match self.said.get(&node) {
                Some((first, _)) if is_last && *first < at => return Some(Kind::NoTarget),
                Some((_, last)) if is_last && *last > at => return Some(Kind::LaterTarget),
                _ if self.removed.get(&node).is_some_and(|by| *by < at) => return Some(Kind::NoTarget),
                _ => {}
            }
        }
        None
    }
}

impl Refused {
    /// The sentence about it.
    pub(crate) fn message(&self) -> String {
        let Self { kind, count, path } = self;
        let (_, words) = kind.told();
        if *count == 1 {
            return format!("the layer has an entry {words}: \"{path}\"");
        }
        format!("the layer has {count} entries, each {words}; the first is \"{path}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::{Entry, EntryKind};

    fn entry(word: &str) -> Entry {
        let (name, target) = word.split_once(['~', '>']).unwrap_or((word, ""));
        let kind = match word {
            _ if word.contains('~') => EntryKind::HardLink,
            _ if word.contains('>') => EntryKind::Symlink,
            _ if name.ends_with('/') => EntryKind::Directory,
            _ => EntryKind::File,
        };
        let mut entry = Entry::new(kind, name);
        entry.link = target.as_bytes().to_vec();
        entry
    }

    fn index(words: &str) -> FileIndex {
        let mut index = FileIndex::new();
        words.split(' ').for_each(|word| index.push(&entry(word)).unwrap());
        index
    }

    #[track_caller]
    fn is(words: &str, expected: &[(&str, u64, &str)]) {
        let found = refused(&index(words)).unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.kind.told().0, one.count, one.path.as_str())).collect();
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn what_engines_refuse_is_found_in_one_layer() {
        is("a a/b a/c", &[("entry-below-file", 2, "a/b")]);
        is("l>l l/f", &[("entry-below-file", 1, "l/f")]);
        is("d/.wh.", &[("bare-whiteout", 1, "d/.wh.")]);
        is("a a/.wh.b", &[("whiteout-below-file", 1, "a/.wh.b")]);
        is(".wh.d d/f", &[("entry-below-whiteout", 1, "d/f")]);
        is(".", &[("root-no-directory", 1, ".")]);
        let long = "n".repeat(256);
        is(&long, &[("name-too-long", 1, &long)]);
        is(&"n".repeat(255), &[]);
    }

    /// Each was given to podman (overlay and vfs) and umoci.
    #[test]
    fn what_podman_refuses_beyond_that_is_found() {
        for words in ["a a", "d/ d/x d/", "d/ ./d", "./ ./ a", "a ./a", "x/../a a", ".wh.b .wh.b", "s>a s>b", ". ./."] {
            let found = refused(&index(words)).unwrap();
            assert!(found.iter().any(|one| one.kind == Kind::PathTwice && one.count == 1), "{words}: {found:?}");
            assert!(!Kind::PathTwice.is_refused_by_all());
        }
        is("a /a", &[]);
        is("../a a", &[]);
        is("usr/bin/ bin>usr/bin usr/bin/sh bin/sh", &[]);
        is("a .wh.a", &[("whiteout-after-entry", 1, ".wh.a")]);
        is("d/f .wh.d", &[("whiteout-after-entry", 1, ".wh.d")]);
        is(".wh.a a", &[]);
        is("d/ d/f d/.wh..wh..opq", &[]);
        is("s>", &[("symlink-without-target", 1, "s")]);
        let target = "t".repeat(4096);
        is(&format!("s>{target}"), &[("symlink-without-target", 1, "s")]);
        is(&format!("s>{}", &target[1..]), &[]);
        let path = format!("{}{}", "d/".repeat(2000), "f".repeat(94));
        is(&path, &[]);
        assert_eq!(refused(&index(&format!("{path}f"))).unwrap()[0].kind, Kind::LongPath);
        is(&format!(".wh.{}", "n".repeat(255)), &[]);
        assert_eq!(refused(&index(&format!(".wh.{}", "n".repeat(256)))).unwrap()[0].kind, Kind::LongName);
    }

    /// Each was given to podman with vfs: it refuses the first five, and takes the others.
    #[test]
    fn an_entry_through_a_link_to_nothing_is_a_doubt() {
        for words in ["l>b l/f", "l>/b l/d/", "l>b l/d/f b/", "l>m m>b l/f", "d/b/ d/b/c>../b d/b/c/c"] {
            let found = refused(&index(words)).unwrap();
            assert_eq!(found.iter().map(|one| one.kind).collect::<Vec<_>>(), [Kind::DanglingLink], "{words}");
        }
        for words in ["b/ l>b l/f", "b/x l>b l/d/f", "l>b b/ l/f", "b/ l>m m>b l/f", "l>b"] {
            is(words, &[]);
        }
        assert!(!Kind::DanglingLink.is_refused_by_all());
    }

    /// Each was given to podman (overlay and vfs) and umoci, which differ in it.
    #[test]
    fn entries_in_which_engines_differ_are_doubts() {
        is(".wh..wh.plnk/1 a~.wh..wh.plnk/1", &[("entry-of-aufs", 1, ".wh..wh.plnk/1")]);
        is(".wh..wh.foo ./.wh..wh.x/y", &[("entry-of-aufs", 2, ".wh..wh.foo")]);
        is("d/s/x d/.wh..wh..opq", &[("opaque-after-entry", 1, "d/.wh..wh..opq")]);
        is("f e/d/ e~f", &[("directory-replaced", 1, "e/d/")]);
        for kind in [Kind::Aufs, Kind::OpaqueAfter, Kind::Replaced] {
            assert!(!kind.is_refused_by_all());
        }
        // They agree in these: AUFS' own names hide nothing, and below the root its names are names.
        is(".wh..wh.aufs .wh..wh.plnk/ .wh..wh.orph/", &[]);
        is("a/.wh..wh.foo/x a/.wh..wh.plnk /.wh..wh.foo/x", &[]);
    }

    #[test]
    fn markers_of_overlay_file_systems_are_found() {
        let mut device = Entry::new(EntryKind::CharDevice, "a");
        // The major number has 12 bits: this is 0:0.
        device.device = Some((4096, 0));
        let mut opaque = Entry::new(EntryKind::Directory, "d");
        opaque.xattrs = vec![(b"trusted.overlay.redirect".to_vec(), b"/secret".to_vec())];
        let mut index = FileIndex::new();
        [device, opaque].iter().for_each(|entry| index.push(entry).unwrap());
        let found = refused(&index).unwrap();
        assert_eq!((found.len(), found[0].kind, found[0].count), (1, Kind::Overlay, 2));
    }

    #[test]
    fn a_hard_link_that_leads_nowhere_is_refused_and_one_to_a_lower_layer_is_not() {
        is("a~", &[("hard-link-without-target", 1, "a")]);
        is("a a~a", &[("hard-link-without-target", 1, "a"), ("path-twice", 1, "a")]);
        is("x/../a~./a", &[("hard-link-without-target", 1, "x/../a")]);
        is(".wh.f a~f", &[("hard-link-without-target", 1, "a")]);
        is(".wh.d a~d/f", &[("hard-link-without-target", 1, "a")]);
        is("a~f f", &[("hard-link-to-later", 1, "a")]);
        is("f a~f b~a", &[]);
        is("a~usr/bin/x", &[]);
        is("a~usr/bin/x usr/ usr/bin/", &[]);
    }

    #[test]
    fn type_flags_that_engines_refuse_are_counted() {
        let mut index = FileIndex::new();
        for flag in *b"SVXM7Z0" {
            let mut entry = entry("f");
            (entry.flag, entry.path) = (flag, vec![flag]);
            index.push(&entry).unwrap();
        }
        let found = refused(&index).unwrap();
        assert_eq!((found[0].kind, found[0].count, found[0].path.as_str()), (Kind::TypeFlag, 6, "S"));
        assert!(!found[0].kind.is_refused_by_all() && found.len() == 1);
    }

    #[test]
    fn a_global_header_that_names_a_path_is_doubtful() {
        let mut index = FileIndex::new();
        for path in ["pax_global_header", "etc/.wh.passwd"] {
            let mut entry = entry("f");
            (entry.kind, entry.path) = (EntryKind::GlobalHeader, path.into());
            index.push(&entry).unwrap();
        }
        let found = refused(&index).unwrap();
        assert_eq!((found[0].kind, found[0].count, found[0].path.as_str()), (Kind::GlobalHeader, 1, "etc/.wh.passwd"));
        assert!(found.len() == 1 && !found[0].kind.is_refused_by_all());
    }

    #[test]
    fn what_honest_layers_have_is_not_refused() {
        for words in ["./ ./a/ ./a/b", "bin>usr/bin usr/ usr/bin/ bin/sh", "d/ d/.wh..wh..opq d/f", "d/.wh.f d/f"] {
            is(words, &[]);
        }
    }
}

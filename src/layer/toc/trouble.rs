//! Reasons against a table of contents, or why it was not held against the tar.

use serde::{Deserialize, Serialize};

use super::listing::shown;
use crate::checks::Outcome;
use crate::limits;
use crate::say::{Said, say};

/// One such thing, with the texts and the numbers that its sentence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trouble {
    pub(super) kind: Kind,
    numbers: (u64, u64),
    told: String,
    found: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    /// It has no list of entries: to programs that load files lazily the layer is empty.
    NoList,
    /// A name of a member stands twice, or in another case.
    Names,
    /// An entry has another type, name, size or target.
    Entry,
    /// It has more or fewer entries.
    Count,
    /// The same of which only the hashes are known.
    Entries,
    /// Another mode, owner, device or attribute.
    Rights,
    /// Another content.
    Content,
    /// It is longer than is read.
    Long,
    Unreadable,
    /// It has no digest of a content.
    NoDigest,
    /// It has no mode of an entry, so that rights cannot be compared.
    NoMode,
    /// A content is cut in another way than here.
    Cut,
    /// A file of the tar has holes.
    Sparse,
    /// The tar was not listed, or not with all that the table says.
    NoTar,
}

impl Trouble {
    pub(super) fn of(kind: Kind) -> Self {
        Self { kind, numbers: (0, 0), told: String::new(), found: String::new() }
    }

    pub(super) fn at(kind: Kind, path: &str) -> Self {
        Self { told: path.to_owned(), ..Self::of(kind) }
    }

    pub(super) fn unreadable(why: String) -> Self {
        Self { told: why, ..Self::of(Kind::Unreadable) }
    }

    pub(super) fn counts(kind: Kind, told: u64, found: u64) -> Self {
        Self { numbers: (told, found), ..Self::of(kind) }
    }

    pub(super) fn entry(at: u64, told: &[u8], found: &[u8]) -> Self {
        Self { kind: Kind::Entry, numbers: (at, 0), told: shown(told), found: shown(found) }
    }

    /// A table that was not held against the tar is no lie.
    pub(super) fn outcome(&self) -> Outcome {
        match self.kind {
            Kind::NoList | Kind::Names | Kind::Entry | Kind::Count | Kind::Entries | Kind::Rights | Kind::Content => {
                Outcome::Fail
            }
            Kind::Long | Kind::Unreadable | Kind::NoDigest | Kind::NoMode | Kind::Cut | Kind::Sparse | Kind::NoTar => {
                Outcome::NotChecked
            }
        }
    }

    pub(super) fn said(&self) -> Said {
        let (first, second) = self.numbers;
        let (told, found) = (self.told.as_str(), self.found.as_str());
        let path = told;
        match self.kind {
            Kind::NoList => say!("toc-without-entries", "the table of contents has no list of entries"),
            Kind::Names => say!(
                "toc-odd-name",
                "in the table of contents the member {path} stands twice or in another case, and programs differ in what they \
                 read there",
                path
            ),
            Kind::Entry => say!(
                "toc-other-entry",
                "entry {at} of the table of contents is \"{told}\", and of the tar \"{found}\"",
                at = first,
                told,
                found
            ),
            Kind::Count => say!(
                "toc-other-count",
                "the table of contents has {told} entries, the tar {found}",
                told = first,
                found = second
            ),
            Kind::Entries => say!(
                "toc-other-entries",
                "the {told} entries of the table of contents are not the tar's {found}",
                told = first,
                found = second
            ),
            Kind::Rights if path.is_empty() => say!(
                "toc-other-rights",
                "an entry of the table of contents has another mode, owner, device or extended attribute than in the tar"
            ),
            Kind::Rights => say!(
                "toc-other-rights-of",
                "{path} has another mode, owner, device or extended attribute in the table of contents than in the tar",
                path
            ),
            Kind::Content if path.is_empty() => {
                say!("toc-other-content", "a file has another content by the table of contents than in the tar")
            }
            Kind::Content => say!(
                "toc-other-content-of",
                "{path} has another content by the table of contents than in the tar",
                path
            ),
            Kind::Long => say!(
                "toc-too-long",
                "the table of contents has more than {most} bytes, which are not read",
                most = limits::TOC_BYTES
            ),
            Kind::Unreadable => {
                say!(
                    "toc-unreadable",
                    "the table of contents cannot be read, so nothing was held against it: {why}",
                    why = told
                )
            }
            Kind::NoDigest => say!(
                "toc-without-digest",
                "the table of contents has no digest of the content of {path}, so that was not compared",
                path
            ),
            Kind::NoMode => say!(
                "toc-without-mode",
                "the table of contents has no mode of {path}, which programs that go by it read as 0, so rights were not compared",
                path
            ),
            Kind::Cut => say!(
                "toc-other-chunks",
                "the table of contents cuts {path} into chunks of an unusual length, so their digests were not compared",
                path
            ),
            Kind::Sparse => say!(
                "toc-sparse",
                "the tar has {path} with holes, so its content was not compared with the table of contents",
                path
            ),
            Kind::NoTar => say!("toc-no-tar", "the tar was not compared with the table of contents"),
        }
    }
}

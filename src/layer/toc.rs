//! tar entries -> Check. The tables of contents of eStargz and zstd:chunked, held against the tar.
//!
//! Both are JSON with a list of `entries` (stargz-snapshotter, "eStargz"; containers/storage, `pkg/chunked`). Programs
//! that load files lazily believe it instead of the tar: if they differ, they show other files than a container has.

mod facts;
mod listing;
mod table;
mod trouble;

use serde::{Deserialize, Serialize};

use super::decompress::{Decompressor, Skippable};
use super::{Entry, EntryKind, FileIndex, Spec};
use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::Algorithm;
use crate::limits;
use crate::say::{Said, say};

pub(super) use facts::Facts;
pub(super) use listing::Listing;
use listing::{plain, same};
use trouble::{Kind, Trouble};

const STARGZ_NAME: &[u8] = b"stargz.index.json";
const STARGZ_DIGEST: &str = "containerd.io/snapshot/stargz/toc.digest";
const CHUNKED_DIGEST: &str = "io.github.containers.zstd-chunked.manifest-checksum";
const TAR_SPLIT_PLACE: &str = "io.github.containers.zstd-chunked.tarsplit-position";
const CHUNKED_PLACE: &str = "io.github.containers.zstd-chunked.manifest-position";

/// The content of eStargz's table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stargz {
    digest: String,
    /// The number of entries that agree, or the reason why they do not.
    entries: Result<u64, Trouble>,
    /// True if modes, owners, attributes and contents were compared, too.
    #[serde(default)]
    is_whole: bool,
}

/// The content of zstd:chunked's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chunked {
    digest: String,
    /// The digest of the table as it is unpacked: eStargz's annotation has that one.
    #[serde(default)]
    unpacked: Option<String>,
    listing: Result<Listing, Trouble>,
}

/// The place in the blob of zstd:chunked's manifest, by the annotations: offset and length.
pub(super) fn wanted(spec: &Spec) -> Option<(u64, u64)> {
    place(spec, CHUNKED_PLACE)
}

/// The digest and the place of the manifest of zstd:chunked, as the annotations give them.
pub(super) fn chunked_place(spec: &Spec) -> Option<(&str, (u64, u64))> {
    spec.annotation(CHUNKED_DIGEST).zip(wanted(spec))
}

/// The digest of eStargz's table of contents, as the annotation gives it.
pub(super) fn stargz_digest(spec: &Spec) -> Option<&str> {
    spec.annotation(STARGZ_DIGEST)
}

/// The place of zstd:chunked's description of the tar's own bytes, by the annotations: it is passed over and no
/// surprise.
pub(super) fn tar_split(spec: &Spec) -> Option<(u64, u64)> {
    place(spec, TAR_SPLIT_PLACE)
}

fn place(spec: &Spec, annotation: &str) -> Option<(u64, u64)> {
    numbers(spec, annotation).filter(|(_, length)| *length <= limits::TOC_BYTES)
}

fn numbers(spec: &Spec, annotation: &str) -> Option<(u64, u64)> {
    let mut numbers = spec.annotation(annotation)?.split(':').map(|number| number.parse::<u64>().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// True if an annotation vouches for a table: what it says of rights and contents is then held against the tar.
pub(super) fn is_vouched(spec: &Spec) -> bool {
    stargz_digest(spec).is_some() || chunked_place(spec).is_some()
}

/// True if this entry is eStargz's table of contents.
pub(super) fn is_stargz(entry: &Entry) -> bool {
    entry.kind == EntryKind::File && plain(&entry.path) == STARGZ_NAME
}

/// The verdict over a table of contents, and which it is; none if none was promised and there is none.
pub(super) fn check(
    spec: &Spec,
    stargz: Option<&Stargz>,
    chunked: Option<&Chunked>,
    listing: Option<&Listing>,
) -> Option<(Check, &'static str)> {
    let told = spec.annotation(STARGZ_DIGEST);
    if let Some(sum) = spec.annotation(CHUNKED_DIGEST) {
        let is_long = numbers(spec, CHUNKED_PLACE).is_some_and(|(_, length)| length > limits::TOC_BYTES);
        let check = match chunked {
            None if is_long => promised(sum, Trouble::of(Kind::Long).said(), Outcome::NotChecked),
            // stargz-snapshotter reads zstd:chunked, too, and goes by its own annotation.
            Some(Chunked { digest, unpacked: Some(unpacked), .. })
                if digest == sum && told.is_some_and(|told| told != unpacked) =>
            {
                against(told, Some((unpacked, Ok(0))))
            }
            _ => against(Some(sum), chunked.map(|chunked| (chunked.digest.as_str(), chunked.same(listing)))),
        };
        return Some((check, "zstd:chunked"));
    }
    let found = stargz.map(|stargz| {
        let is_open = told.is_some() && stargz.entries.is_ok() && !stargz.is_whole;
        let entries = if is_open { Err(Trouble::of(Kind::NoTar)) } else { stargz.entries.clone() };
        (stargz.digest.as_str(), entries)
    });
    (told.is_some() || found.is_some()).then(|| (against(told, found), "estargz"))
}

fn promised(told: &str, said: Said, outcome: Outcome) -> Check {
    let mut check = Check::new(CheckId::Toc, outcome, said);
    (check.expected, check.source) = (Some(told.to_owned()), Some(Source::Descriptor));
    check
}

fn against(told: Option<&str>, found: Option<(&str, Result<u64, Trouble>)>) -> Check {
    let Some((digest, entries)) = found else {
        let said = say!("toc-missing", "a table of contents is promised and not there");
        return promised(told.unwrap_or_default(), said, Outcome::Fail);
    };
    let (outcome, said) = match (told, entries) {
        // Its digest is not known.
        (_, Err(trouble)) if digest.is_empty() => (trouble.outcome(), trouble.said()),
        (Some(told), _) if told != digest => {
            let said = say!("toc-other-digest", "the table of contents has not the digest that the annotation gives");
            (Outcome::Fail, said)
        }
        (_, Err(trouble)) => (trouble.outcome(), trouble.said()),
        (Some(_), Ok(count)) => {
            let said = say!(
                "toc-same",
                "the table of contents has the digest annotated, and its {count} entries are the tar's",
                count
            );
            (Outcome::Pass, said)
        }
        (None, Ok(count)) => {
            let said = say!(
                "toc-not-given",
                "no annotation gives the digest of the table of contents; its {count} entries are the tar's",
                count
            );
            (Outcome::NotChecked, said)
        }
    };
    if digest.is_empty() {
        return promised(told.unwrap_or_default(), said, outcome);
    }
    let mut check = Check::new(CheckId::Toc, outcome, said);
    check.actual = Some(digest.to_owned());
    match told {
        Some(told) => check.values(told, digest, Source::Descriptor),
        None => check,
    }
}

impl Stargz {
    /// With the facts of the tar if an annotation vouches for the table: else its names alone are compared.
    pub(super) fn of(toc: &[u8], index: &FileIndex, facts: Option<&Facts>) -> Self {
        let digest = Algorithm::Sha256.digest(toc).to_string();
        Self { digest, entries: same(toc, index, facts), is_whole: facts.is_some() }
    }

    /// A table that is longer than is read, of which the first bytes were kept.
    pub(super) fn too_long() -> Self {
        Self { digest: String::new(), entries: Err(Trouble::of(Kind::Long)), is_whole: false }
    }
}

impl Chunked {
    pub(super) fn of(frames: Skippable) -> Option<Self> {
        let toc = frames.wanted?;
        let text = decompressed(&toc);
        let unpacked = text.as_ref().ok().map(|text| Algorithm::Sha256.digest(text).to_string());
        let listing = text.and_then(|text| Listing::of_table(&text));
        Some(Self { digest: Algorithm::Sha256.digest(&toc).to_string(), unpacked, listing })
    }

    fn same(&self, tar: Option<&Listing>) -> Result<u64, Trouble> {
        self.listing.as_ref().map_err(Clone::clone)?.same(tar.ok_or(Trouble::of(Kind::NoTar))?)
    }
}

fn decompressed(bytes: &[u8]) -> Result<Vec<u8>, Trouble> {
    let mut decompressor = Decompressor::new(limits::ZSTD_WINDOW_BYTES, None);
    let mut text = Vec::new();
    let mut buffer = vec![0; 128 * 1024];
    let mut rest = bytes;
    let unreadable = |fault: super::Fault| Trouble::unreadable(fault.message);
    loop {
        let step = decompressor.step(rest, &mut buffer).map_err(unreadable)?;
        rest = &rest[step.used..];
        text.extend_from_slice(&buffer[..step.made]);
        if text.len() as u64 > limits::TOC_BYTES {
            return Err(Trouble::of(Kind::Long));
        }
        if !step.is_progress() {
            return decompressor.finish(bytes.len() as u64).map_err(unreadable).map(|()| text);
        }
    }
}

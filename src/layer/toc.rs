//! Line: tar entries -> Check. The tables of contents of eStargz and zstd:chunked, held against the tar.
//!
//! Both are JSON with a list of `entries` (stargz-snapshotter, "eStargz"; containers/storage, `pkg/chunked`). Programs
//! that load files lazily believe it instead of the tar: where they differ, they show other files than a container has.

use serde::{Deserialize, Serialize};

use super::decompress::{Decompressor, Skippable};
use super::{Entry, EntryKind, FileIndex, Spec};
use crate::checks::{Check, CheckId, Outcome, Source};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::json::{self, Json};
use crate::limits;

const STARGZ_NAME: &[u8] = b"stargz.index.json";
const STARGZ_DIGEST: &str = "containerd.io/snapshot/stargz/toc.digest";
const CHUNKED_DIGEST: &str = "io.github.containers.zstd-chunked.manifest-checksum";
const TAR_SPLIT_PLACE: &str = "io.github.containers.zstd-chunked.tarsplit-position";
const CHUNKED_PLACE: &str = "io.github.containers.zstd-chunked.manifest-position";

/// What eStargz's table of contents says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stargz {
    digest: String,
    /// How many entries agree, or why they do not.
    entries: Result<u64, String>,
}

/// What zstd:chunked's says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chunked {
    digest: String,
    listing: Result<Listing, String>,
}

/// A list of entries, small enough to hand to another worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listing {
    count: u64,
    digest: String,
}

/// Where the annotations say that the manifest of zstd:chunked lies in the blob: offset and length.
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

/// Where they say that zstd:chunked's description of the tar's own bytes lies: it is passed over and no surprise.
pub(super) fn tar_split(spec: &Spec) -> Option<(u64, u64)> {
    place(spec, TAR_SPLIT_PLACE)
}

fn place(spec: &Spec, annotation: &str) -> Option<(u64, u64)> {
    let mut numbers = spec.annotation(annotation)?.split(':').map(|number| number.parse::<u64>().ok());
    let (at, length) = (numbers.next()??, numbers.next()??);
    (length <= limits::TOC_BYTES).then_some((at, length))
}

/// Whether this entry is eStargz's table of contents.
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
    if let Some(told) = spec.annotation(CHUNKED_DIGEST) {
        let found = chunked.map(|chunked| (chunked.digest.as_str(), chunked.same(listing)));
        return Some((against(Some(told), found), "zstd:chunked"));
    }
    let told = spec.annotation(STARGZ_DIGEST);
    let found = stargz.map(|stargz| (stargz.digest.as_str(), stargz.entries.clone()));
    (told.is_some() || found.is_some()).then(|| (against(told, found), "estargz"))
}

fn against(told: Option<&str>, found: Option<(&str, Result<u64, String>)>) -> Check {
    let check = |outcome, message: String| Check::new(CheckId::Toc, outcome, message);
    let Some((digest, entries)) = found else {
        let told = told.unwrap_or_default();
        let mut check = check(Outcome::Fail, "a table of contents is promised and not there".to_owned());
        (check.expected, check.source) = (Some(told.to_owned()), Some(Source::Descriptor));
        return check;
    };
    let (outcome, message) = match (told, entries) {
        (Some(told), _) if told != digest => {
            (Outcome::Fail, "the table of contents has not the digest that the annotation gives".to_owned())
        }
        (_, Err(why)) => (Outcome::Fail, why),
        (Some(_), Ok(count)) => (
            Outcome::Pass,
            format!("the table of contents has the digest annotated, and its {count} entries are the tar's"),
        ),
        (None, Ok(count)) => {
            let message = format!("nobody gave the digest of the table of contents; its {count} entries are the tar's");
            (Outcome::NotChecked, message)
        }
    };
    let mut check = check(outcome, message);
    check.actual = Some(digest.to_owned());
    match told {
        Some(told) => check.values(told, digest, Source::Descriptor),
        None => check,
    }
}

impl Stargz {
    pub(super) fn of(toc: &[u8], index: &FileIndex) -> Self {
        Self { digest: Algorithm::Sha256.digest(toc).to_string(), entries: same(toc, index) }
    }
}

impl Chunked {
    pub(super) fn of(frames: Skippable) -> Option<Self> {
        let toc = frames.wanted?;
        let listing = decompressed(&toc).and_then(|text| Ok(Listing::of_lines(lines(&text)?)));
        Some(Self { digest: Algorithm::Sha256.digest(&toc).to_string(), listing })
    }

    fn same(&self, tar: Option<&Listing>) -> Result<u64, String> {
        let toc = self.listing.as_ref().map_err(Clone::clone)?;
        match tar {
            Some(tar) if tar == toc => Ok(toc.count),
            Some(tar) => {
                Err(format!("the {} entries of the table of contents are not the tar's {}", toc.count, tar.count))
            }
            None => Err("the tar has not been listed".to_owned()),
        }
    }
}

impl Listing {
    pub(super) fn of_index(index: &FileIndex) -> Self {
        Self::of_lines(of_tar(index))
    }

    fn of_lines(lines: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut hasher = Hasher::new(Algorithm::Sha256);
        let mut count = 0;
        for line in lines {
            hasher.update(&(line.len() as u64).to_le_bytes());
            hasher.update(&line);
            count += 1;
        }
        Self { count, digest: Digest::to_string(&hasher.finish()) }
    }
}

/// Holds a table of contents against the entries of the tar; names the first that differs.
fn same(toc: &[u8], index: &FileIndex) -> Result<u64, String> {
    let toc = lines(toc)?;
    let mut tar = of_tar(index);
    for (at, told) in toc.iter().enumerate() {
        let Some(found) = tar.next() else {
            return Err(format!("the table of contents has {} entries, the tar {at}", toc.len()));
        };
        if *told != found {
            let (told, found) = (told.escape_ascii(), found.escape_ascii());
            return Err(format!("entry {at} of the table of contents is \"{told}\", and of the tar \"{found}\""));
        }
    }
    match tar.count() {
        0 => Ok(toc.len() as u64),
        more => Err(format!("the table of contents has {} entries, the tar {}", toc.len(), toc.len() + more)),
    }
}

/// An entry in one line: type, name, size and target.
fn line(kind: &str, name: &[u8], size: u64, link: &[u8]) -> Vec<u8> {
    let mut line = format!("{kind} ").into_bytes();
    line.extend_from_slice(plain(name));
    if kind == "reg" {
        line.extend_from_slice(format!(" {size} bytes").as_bytes());
    }
    if !link.is_empty() {
        line.extend_from_slice(b" -> ");
        line.extend_from_slice(if kind == "hardlink" { plain(link) } else { link });
    }
    line
}

fn of_tar(index: &FileIndex) -> impl Iterator<Item = Vec<u8>> {
    let shown = index.iter().filter(|entry| plain(entry.path) != STARGZ_NAME && !plain(entry.path).is_empty());
    shown.filter_map(|entry| {
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
        Some(line(kind, entry.path, entry.size, link))
    })
}

/// The entries of a table of contents; further chunks of a file are left out.
fn lines(toc: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let parsed = json::parse(toc).map_err(|error| format!("the table of contents cannot be read: {error}"))?;
    let entries = parsed.root.get("entries").and_then(Json::as_array);
    let entries = entries.ok_or("the table of contents has no list of entries")?;
    let shown = entries.iter().filter_map(|entry| {
        let text = |name: &str| entry.get(name).and_then(Json::as_str).unwrap_or_default();
        let size = entry.get("size").and_then(Json::as_i64).and_then(|size| u64::try_from(size).ok());
        let name = text("name").as_bytes();
        let is_shown = text("type") != "chunk" && !plain(name).is_empty();
        is_shown.then(|| line(text("type"), name, size.unwrap_or_default(), text("linkName").as_bytes()))
    });
    Ok(shown.collect())
}

/// A name as both write it: without `./` or `/` in front, and without `/` behind.
fn plain(name: &[u8]) -> &[u8] {
    let mut name = name;
    while let Some(rest) = name.strip_prefix(b"./").or_else(|| name.strip_prefix(b"/")) {
        name = rest;
    }
    while let Some(rest) = name.strip_suffix(b"/") {
        name = rest;
    }
    if name == b"." { b"" } else { name }
}

fn decompressed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut decompressor = Decompressor::new(limits::ZSTD_WINDOW_BYTES, None);
    let mut text = Vec::new();
    let mut buffer = vec![0; 128 * 1024];
    let mut rest = bytes;
    loop {
        let step = decompressor.step(rest, &mut buffer).map_err(|fault| fault.message)?;
        rest = &rest[step.used..];
        text.extend_from_slice(&buffer[..step.made]);
        if text.len() as u64 > limits::TOC_BYTES {
            return Err(format!("the table of contents has more than {} bytes", limits::TOC_BYTES));
        }
        if !step.is_progress() {
            return decompressor.finish(bytes.len() as u64).map_err(|fault| fault.message).map(|()| text);
        }
    }
}

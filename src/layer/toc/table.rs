//! JSON -> entries: a table of contents as the programs that load files lazily read it.
//!
//! stargz-snapshotter decodes it with Go's `encoding/json`, containers/storage with a reader of its own that takes names in
//! any case. A member that they would read in different ways is a fault: a name that stands twice, or in another case.

use base64ct::{Base64, Encoding as _};

use super::facts::{CHUNK_BYTES, Hash, Rights};
use super::listing::{line, plain};
use super::trouble::{Kind, Trouble};
use crate::digest::Digest;
use crate::json::{self, Json, Object, is_one_name};

/// The members of an entry.
const NAMES: [&str; 16] = [
    "type",
    "name",
    "linkName",
    "size",
    "mode",
    "uid",
    "gid",
    "devMajor",
    "devMinor",
    "xattrs",
    "digest",
    "chunkOffset",
    "chunkSize",
    "chunkDigest",
    "offset",
    "entries",
];

/// An entry, with the chunks that follow it.
pub(super) struct TocEntry {
    /// Its type, name, size and target in one line.
    pub(super) line: Vec<u8>,
    pub(super) rights: Hash,
    /// False if it states no mode, which both programs read as 0.
    pub(super) has_mode: bool,
    /// The size of a regular file in bytes; else 0.
    pub(super) size: u64,
    digest: Option<String>,
    chunks: Vec<Chunk>,
}

struct Chunk {
    at: i64,
    size: i64,
    digest: String,
}

/// The outcome of holding the content that a table states against the tar's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Same,
    Other,
    /// The table has no digest of it.
    Unknown,
    /// It is cut into chunks of a length for which the tar was not hashed.
    Cut,
}

/// Reads a table; `each` gets its entries one after the other, those without a name left out.
pub(super) fn read(toc: &[u8], each: &mut dyn FnMut(TocEntry) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let parsed = json::parse(toc).map_err(|error| Trouble::unreadable(error.to_string()))?;
    if let Some(path) = parsed.duplicates.first() {
        return Err(Trouble::at(Kind::Names, path));
    }
    let root = parsed.root.as_object().ok_or(Trouble::of(Kind::NoList))?;
    let entries = field(root, "entries")?.and_then(Json::as_array).ok_or(Trouble::of(Kind::NoList))?;
    let mut last: Option<TocEntry> = None;
    for entry in entries {
        let Some(entry) = entry.as_object() else { return Err(Trouble::of(Kind::NoList)) };
        names(entry)?;
        if text(entry, "type") == "chunk" {
            last.iter_mut().for_each(|last| last.chunks.extend(Chunk::of(entry)));
            continue;
        }
        if let Some(told) = last.take() {
            each(told)?;
        }
        last = (!plain(text(entry, "name").as_bytes()).is_empty()).then(|| TocEntry::of(entry));
    }
    last.map_or(Ok(()), each)
}

impl TocEntry {
    fn of(entry: &Object) -> Self {
        let kind = text(entry, "type");
        let size = entry.get("size").and_then(Json::as_i64).and_then(|size| u64::try_from(size).ok());
        let size = if kind == "reg" { size.unwrap_or_default() } else { 0 };
        let link = text(entry, "linkName").as_bytes();
        Self {
            line: line(kind, text(entry, "name").as_bytes(), size, link),
            rights: rights(entry, kind),
            has_mode: entry.get("mode").is_some_and(|mode| !mode.is_null()),
            size,
            digest: entry.get("digest").and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned),
            chunks: Chunk::of(entry).into_iter().collect(),
        }
    }

    /// The digest of the whole content, as far as the table has it.
    pub(super) fn whole(&self) -> Option<Hash> {
        let one = || self.chunks.first().filter(|chunk| self.chunks.len() == 1 && chunk.is_whole(self.size));
        let text = self.digest.as_deref().or_else(|| one().map(|chunk| chunk.digest.as_str()))?;
        Some(hash(text).unwrap_or_default())
    }

    /// Holds the digests of the content and of its chunks against those of the tar.
    pub(super) fn content(&self, whole: Hash, chunks: &[Hash]) -> Content {
        if self.size == 0 {
            return Content::Same;
        }
        if self.whole().is_some_and(|told| told != whole) {
            return Content::Other;
        }
        if let [chunk] = &*self.chunks
            && chunk.is_whole(self.size)
        {
            return if hash(&chunk.digest) == Some(whole) { Content::Same } else { Content::Other };
        }
        if self.chunks.is_empty() {
            return if self.digest.is_some() { Content::Same } else { Content::Unknown };
        }
        let is_cut_alike = self.chunks.len() == chunks.len()
            && (0_i64..).zip(&self.chunks).all(|(number, chunk)| chunk.is_at(number, self.size));
        let is_same = |(told, found): (&Chunk, &Hash)| hash(&told.digest).as_ref() == Some(found);
        match is_cut_alike {
            false => Content::Cut,
            true if self.chunks.iter().zip(chunks).all(is_same) => Content::Same,
            true => Content::Other,
        }
    }
}

impl Chunk {
    fn of(entry: &Object) -> Option<Self> {
        let number = |name| entry.get(name).and_then(Json::as_i64).unwrap_or_default();
        let digest = Some(text(entry, "chunkDigest")).filter(|digest| !digest.is_empty())?;
        Some(Self { at: number("chunkOffset"), size: number("chunkSize"), digest: digest.to_owned() })
    }

    /// A chunk without a size goes to the end of the file.
    fn is_whole(&self, size: u64) -> bool {
        self.at == 0 && (self.size == 0 || u64::try_from(self.size) == Ok(size))
    }

    /// True if this is the chunk with that number of the usual length; the last one may be shorter.
    fn is_at(&self, number: i64, size: u64) -> bool {
        let at = u64::try_from(number).unwrap_or_default().saturating_mul(CHUNK_BYTES);
        let expected = size.saturating_sub(at).min(CHUNK_BYTES);
        let is_last = at.saturating_add(CHUNK_BYTES) >= size;
        u64::try_from(self.at) == Ok(at) && (u64::try_from(self.size) == Ok(expected) || is_last && self.size == 0)
    }
}

fn rights(entry: &Object, kind: &str) -> Hash {
    // A number that Go does not decode is none that a tar has.
    let number = |name| match entry.get(name).filter(|value| !value.is_null()) {
        Some(value) => value.as_i64().unwrap_or(i64::MIN),
        None => 0,
    };
    let attributes: Vec<(Vec<u8>, Vec<u8>)> =
        entry.get("xattrs").and_then(Json::as_object).map_or_else(Vec::new, |set| {
            let value = |value: &Json| Base64::decode_vec(value.as_str()?).ok();
            set.iter().map(|one| (one.name.as_bytes().to_vec(), value(&one.value).unwrap_or_default())).collect()
        });
    let device = if matches!(kind, "char" | "block") { ["devMajor", "devMinor"].map(number) } else { [0, 0] };
    Rights {
        mode: u32::try_from(number("mode") & 0o7777).unwrap_or_default(),
        uid: number("uid"),
        gid: number("gid"),
        device: (device[0].cast_unsigned(), device[1].cast_unsigned()),
        attributes: attributes.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect(),
    }
    .hash()
}

fn text<'a>(entry: &'a Object, name: &str) -> &'a str {
    entry.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn hash(text: &str) -> Option<Hash> {
    let digest = Digest::parse(text).ok().filter(|digest| digest.algorithm_name() == "sha256")?;
    let mut bytes = Hash::default();
    for (byte, pair) in bytes.iter_mut().zip(digest.encoded().as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// Every member that any of the programs reads has the name that they write, and stands once.
fn names(entry: &Object) -> Result<(), Trouble> {
    let is_odd = |name: &str| NAMES.iter().any(|one| is_one_name(one, name) && *one != name);
    match entry.iter().find(|member| is_odd(&member.name)) {
        Some(member) => Err(Trouble::at(Kind::Names, &member.name)),
        None => Ok(()),
    }
}

fn field<'a>(root: &'a Object, name: &str) -> Result<Option<&'a Json>, Trouble> {
    names(root)?;
    Ok(root.get(name))
}

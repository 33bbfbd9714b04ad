//! parts of a blob -> entries and files: a layer with a table of contents that the manifest proves, before it is downloaded.
//!
//! The annotation of the layer's descriptor has the digest of the table, and the table has those of the chunks of each file:
//! what is listed and read so is proved, as far as it goes. That the layer's tar says the same is for [`super::toc`], which
//! needs all of it. eStargz: stargz-snapshotter, `docs/estargz.md`; zstd:chunked: containers/storage, `pkg/chunked`.

use std::collections::BTreeMap;

use super::decompress::Decompressor;
use super::tar::{Sink, TarReader};
use super::{Entry, EntryKind, Fault, FileIndex, Spec, toc};
use crate::digest::Algorithm;
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::limits;

/// The end of an eStargz blob: an empty gzip member whose extra field says where the table of contents begins.
const FOOTER: u64 = 51;

/// The part of the end of an eStargz blob that is asked for at first: the table of some thousand files, and the footer.
const TAIL: u64 = 256 * 1024;

/// Lists a layer by its table of contents, and says which parts of the blob are needed for that.
pub struct Peek {
    digest: String,
    form: Form,
    size: u64,
    wants: Option<(u64, u64)>,
    listed: Listed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Its footer has not been seen.
    Stargz,
    /// Its table of contents begins there.
    StargzAt(u64),
    Chunked,
}

#[derive(Default)]
struct Listed {
    index: FileIndex,
    /// The chunks of each file, by the number of its entry.
    chunks: BTreeMap<u32, File>,
}

#[derive(Default)]
struct File {
    size: u64,
    digest: String,
    chunks: Vec<Chunk>,
}

struct Chunk {
    from: u64,
    to: u64,
    /// The number of unpacked bytes before it.
    inner: u64,
    at: u64,
    size: u64,
    digest: String,
}

impl Peek {
    /// For a layer of which a table of contents is promised; none if there is no such promise.
    #[must_use]
    pub fn new(spec: &Spec) -> Option<Self> {
        let size = spec.size?;
        let of = |form, digest: &str, wants| Self {
            digest: digest.to_owned(),
            form,
            size,
            wants: Some(wants),
            listed: Listed::default(),
        };
        if let Some((digest, (at, length))) = toc::chunked_place(spec) {
            let end = at.checked_add(length).filter(|end| *end <= size)?;
            return Some(of(Form::Chunked, digest, (at, end)));
        }
        let digest = toc::stargz_digest(spec)?;
        (size > FOOTER).then(|| of(Form::Stargz, digest, (size.saturating_sub(TAIL), size)))
    }

    /// `estargz` or `zstd:chunked`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.form == Form::Chunked { "zstd:chunked" } else { "estargz" }
    }

    /// The part of the blob that is needed next: its first byte, and the one after its last.
    #[must_use]
    pub fn wants(&self) -> Option<(u64, u64)> {
        self.wants
    }

    /// Takes that part.
    ///
    /// # Errors
    /// `unsupported-input` if it is not what the annotation promises, `limit-exceeded` if the table is longer than is read.
    pub fn give(&mut self, part: &[u8]) -> Result<(), Error> {
        let Some((from, to)) = self.wants.take() else { return Ok(()) };
        if part.len() as u64 != to - from {
            return Err(unlike("the part of the blob is cut off"));
        }
        let table = match self.form {
            Form::Chunked => part,
            Form::StargzAt(_) => part,
            Form::Stargz => {
                let at = footer(part).filter(|at| *at < self.size - FOOTER);
                let at = at.ok_or_else(|| unlike("the blob does not end as eStargz does"))?;
                self.form = Form::StargzAt(at);
                let within = at.checked_sub(from).and_then(|skip| usize::try_from(skip).ok());
                match within.and_then(|skip| part.get(skip..)) {
                    Some(table) => table,
                    None if self.size - at > limits::TOC_BYTES => {
                        return Err(Error::new(
                            ErrorKind::LimitExceeded,
                            "the table of contents is longer than is read",
                        ));
                    }
                    None => {
                        self.wants = Some((at, self.size));
                        return Ok(());
                    }
                }
            }
        };
        let text = match self.form {
            Form::Chunked => {
                self.prove(table)?;
                unpacked(table, limits::TOC_BYTES)?
            }
            _ => {
                let text = only_file(&unpacked(table, limits::TOC_BYTES)?)?;
                self.prove(&text)?;
                text
            }
        };
        let end = if let Form::StargzAt(at) = self.form { at } else { self.size };
        self.listed = listed(&text, end)?;
        Ok(())
    }

    /// The entries, once nothing more is wanted.
    #[must_use]
    pub fn index(&self) -> &FileIndex {
        &self.listed.index
    }

    /// The part of the blob that has the content of an entry; an empty one for an empty file.
    ///
    /// # Errors
    /// `not-found` if the entry has no content, `limit-exceeded` if it takes more than is read so.
    pub fn part(&self, entry: u32) -> Result<(u64, u64), Error> {
        let file = self.file(entry)?;
        let (from, to) = (file.chunks.first().map(|one| one.from), file.chunks.last().map(|one| one.to));
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        if to < from || to > self.size {
            return Err(unlike("the chunks of the file lie in no order"));
        }
        if to - from > limits::PEEK_BYTES || file.size > limits::PEEK_BYTES {
            return Err(Error::new(ErrorKind::LimitExceeded, "the file is larger than is read from a part of a layer"));
        }
        Ok((from, to))
    }

    /// The content of an entry in that part, each chunk of it held against its digest.
    ///
    /// # Errors
    /// `unsupported-input` if the bytes are not those that the table promises, `limit-exceeded` if they take more than is read.
    pub fn content(&self, entry: u32, part: &[u8]) -> Result<Vec<u8>, Error> {
        let (start, end) = self.part(entry)?;
        let file = self.file(entry)?;
        if part.len() as u64 != end - start {
            return Err(unlike("the part of the blob is cut off"));
        }
        let mut content = Vec::new();
        let more = |why: &'static str| Error::new(ErrorKind::LimitExceeded, why);
        // Chunks may name the same bytes again and again, and bytes may unpack to nothing.
        let (mut packed_room, mut room) = (2 * limits::PEEK_BYTES, 2 * limits::PEEK_BYTES);
        for chunk in &file.chunks {
            let place = chunk.from.checked_sub(start).zip(chunk.to.checked_sub(start));
            let place = place.and_then(|(from, to)| Some((usize::try_from(from).ok()?, usize::try_from(to).ok()?)));
            let packed = place.and_then(|(from, to)| part.get(from..to));
            let packed = packed.ok_or_else(|| unlike("the chunks of the file lie in no order"))?;
            if chunk.size == 0 || chunk.size > file.size {
                return Err(unlike("a chunk is empty, or larger than its file"));
            }
            let until = chunk.inner.checked_add(chunk.size).ok_or_else(|| unlike("a chunk has no end"))?;
            let length = packed.len() as u64;
            packed_room =
                packed_room.checked_sub(length).ok_or_else(|| more("the chunks have more bytes than are read"))?;
            room = room.checked_sub(until).ok_or_else(|| more("the chunks unpack to more than is read"))?;
            let text = unpacked(packed, until)?;
            let inner = usize::try_from(chunk.inner).ok().and_then(|inner| text.get(inner..));
            let own = inner.filter(|own| own.len() as u64 == chunk.size && content.len() as u64 == chunk.at);
            let own = own.ok_or_else(|| unlike("a chunk has another size than the table of contents says"))?;
            if !chunk.digest.is_empty() && Algorithm::Sha256.digest(own).to_string() != chunk.digest {
                return Err(unlike("a chunk has another digest than the table of contents says"));
            }
            content.extend_from_slice(own);
        }
        let is_proved = file.chunks.iter().all(|chunk| !chunk.digest.is_empty());
        let fits = || Algorithm::Sha256.digest(&content).to_string() == file.digest;
        if content.len() as u64 != file.size || !(is_proved && !content.is_empty() || content.is_empty() || fits()) {
            return Err(unlike("the file has another digest than the table of contents says"));
        }
        Ok(content)
    }

    fn file(&self, entry: u32) -> Result<&File, Error> {
        let absent = || Error::new(ErrorKind::NotFound, "the entry has no content");
        self.listed.chunks.get(&entry).ok_or_else(absent)
    }

    fn prove(&self, table: &[u8]) -> Result<(), Error> {
        if Algorithm::Sha256.digest(table).to_string() == self.digest {
            return Ok(());
        }
        Err(unlike("the table of contents has not the digest that the annotation gives"))
    }
}

fn unlike(why: &'static str) -> Error {
    Error::new(ErrorKind::UnsupportedInput, why)
}

/// The position of the table of contents, by the footer: `SG`, 22 bytes, 16 hex digits and `STARGZ`.
fn footer(tail: &[u8]) -> Option<u64> {
    let footer = tail.get(tail.len().checked_sub(usize::try_from(FOOTER).ok()?)?..)?;
    let rest = footer.strip_prefix(&[0x1f, 0x8b, 8, 4])?.get(6..)?;
    let rest = rest.strip_prefix(&[26, 0, b'S', b'G', 22, 0])?;
    let digits = std::str::from_utf8(rest.get(..16)?).ok().filter(|_| rest.get(16..22) == Some(b"STARGZ"))?;
    u64::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The bytes unpacked, at most so many of them.
fn unpacked(bytes: &[u8], most: u64) -> Result<Vec<u8>, Error> {
    let broken = |_| unlike("a part of the layer cannot be unpacked");
    let mut decompressor = Decompressor::new(limits::ZSTD_WINDOW_BYTES, None);
    let buffer = usize::try_from(most).unwrap_or(usize::MAX).min(128 * 1024);
    let (mut text, mut buffer, mut rest) = (Vec::new(), vec![0; buffer], bytes);
    while (text.len() as u64) < most {
        let step = decompressor.step(rest, &mut buffer).map_err(broken)?;
        rest = &rest[step.used..];
        text.extend_from_slice(&buffer[..step.made]);
        if !step.is_progress() {
            break;
        }
    }
    text.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(text)
}

/// The content of the one file of a tar: the table of contents.
fn only_file(tar: &[u8]) -> Result<Vec<u8>, Error> {
    struct Content(Option<Vec<u8>>, bool);
    impl Sink for Content {
        fn entry(&mut self, entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
            self.1 = self.0.is_none() && toc::is_stargz(entry);
            if self.1 {
                self.0 = Some(Vec::new());
            }
            Ok(())
        }

        fn data(&mut self, bytes: &[u8]) {
            if let Some(content) = self.0.as_mut().filter(|_| self.1) {
                content.extend_from_slice(bytes);
            }
        }

        fn end(&mut self) {
            self.1 = false;
        }
    }
    let mut content = Content(None, false);
    let _the_rest_is_of_no_interest = TarReader::new().push(tar, &mut content);
    content.0.ok_or_else(|| unlike("there is no table of contents where the blob says"))
}

/// The entries of a table of contents, and the chunks of its files, which end before `end`.
fn listed(text: &[u8], end: u64) -> Result<Listed, Error> {
    let parsed = json::parse_part(text, || unlike("the table of contents cannot be read"))?;
    let entries = parsed.root.get("entries").and_then(Json::as_array);
    let entries = entries.ok_or_else(|| unlike("the table of contents has no list of entries"))?;
    let mut starts: Vec<u64> = entries.iter().map(|one| number(one, "offset")).filter(|at| *at > 0).collect();
    starts.push(end);
    starts.sort_unstable();
    let mut found = Listed::default();
    let (mut count, mut open) = (0_u32, None::<u32>);
    for one in entries {
        let text = |name: &str| one.get(name).and_then(Json::as_str).unwrap_or_default();
        let kind = match text("type") {
            "chunk" => {
                if let Some(file) = open.and_then(|at| found.chunks.get_mut(&at)) {
                    file.chunks.push(chunk(one, file.size, &starts));
                }
                continue;
            }
            "reg" => EntryKind::File,
            "dir" => EntryKind::Directory,
            "symlink" => EntryKind::Symlink,
            "hardlink" => EntryKind::HardLink,
            "char" => EntryKind::CharDevice,
            "block" => EntryKind::BlockDevice,
            "fifo" => EntryKind::Fifo,
            _ => return Err(unlike("the table of contents has an entry of no known type")),
        };
        let size = if kind == EntryKind::File { number(one, "size") } else { 0 };
        let is_device = matches!(kind, EntryKind::CharDevice | EntryKind::BlockDevice);
        let entry = Entry {
            link: text("linkName").as_bytes().to_vec(),
            mode: u32::try_from(number(one, "mode") & 0o7777).unwrap_or_default(),
            uid: signed(one, "uid"),
            gid: signed(one, "gid"),
            user: text("userName").as_bytes().to_vec(),
            group: text("groupName").as_bytes().to_vec(),
            size,
            stored: size,
            mtime: seconds(text("modtime")).unwrap_or_default(),
            device: is_device.then(|| (number(one, "devMajor"), number(one, "devMinor"))),
            ..Entry::new(kind, text("name"))
        };
        found.index.push(&entry)?;
        open = (kind == EntryKind::File).then_some(count);
        if open.is_some() {
            let chunks = if size > 0 { vec![chunk(one, size, &starts)] } else { Vec::new() };
            found.chunks.insert(count, File { size, digest: text("digest").to_owned(), chunks });
        }
        count = count.saturating_add(1);
    }
    Ok(found)
}

fn chunk(one: &Json, size: u64, starts: &[u64]) -> Chunk {
    let text = |name: &str| one.get(name).and_then(Json::as_str).unwrap_or_default();
    let (from, at) = (number(one, "offset"), number(one, "chunkOffset"));
    let told = number(one, "endOffset");
    let next = starts.get(starts.partition_point(|start| *start <= from)).copied().unwrap_or_default();
    let own = number(one, "chunkSize");
    Chunk {
        from,
        to: if told > 0 { told } else { next },
        inner: number(one, "innerOffset"),
        at,
        size: if own > 0 { own } else { size.saturating_sub(at) },
        digest: text("chunkDigest").to_owned(),
    }
}

fn signed(one: &Json, name: &str) -> i64 {
    one.get(name).and_then(Json::as_i64).unwrap_or_default()
}

fn number(one: &Json, name: &str) -> u64 {
    u64::try_from(signed(one, name)).unwrap_or_default()
}

/// `2024-01-31T12:00:00Z` in seconds since 1970 (RFC 3339, of which both formats write UTC).
fn seconds(text: &str) -> Option<i64> {
    let mut fields = text.get(..19)?.split(['-', 'T', ':']).map(|field| field.parse::<i64>().ok());
    let mut next = || fields.next()?;
    let (year, month, day, hour, minute, second) = (next()?, next()?, next()?, next()?, next()?, next()?);
    if !(1..=12).contains(&month) {
        return None;
    }
    // Howard Hinnant's days_from_civil, with years that begin in March.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2024-02-29T12:30:01.5Z"), Some(1_709_209_801));
        assert_eq!(seconds("1969-12-31T23:59:59Z"), Some(-1));
        for text in ["", "2024", "2024-13-01T00:00:00Z", "yyyy-01-01T00:00:00Z", "\u{e9}024-01-01T00:00:00"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}

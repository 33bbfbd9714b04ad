//! tar bytes -> Entry. The state between two pieces of input: which block is read, and what is still to come.

use super::header::{self, Format, Header};
use super::meta::{self, Extensions};
use super::sparse::{self, Map, MapPlace};
use super::{BLOCK, Sink, fault};
use crate::layer::{Entry, EntryKind, Fault, FaultKind, Oddity};
use crate::limits;

/// Reads a tar that comes in pieces of any size; keeps at most one extended header.
pub struct TarReader {
    state: State,
    /// The block that is being gathered.
    block: Vec<u8>,
    at: u64,
    before: Extensions,
    end: TarEnd,
}

/// The facts at the end of a tar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TarEnd {
    /// The size of the tar in bytes.
    pub bytes: u64,
    /// The number of entries.
    pub entries: u64,
    /// Traits that programs accept and the format does not provide for.
    pub oddities: Vec<Oddity>,
    /// The number of bytes other than zero behind the end marker; no program reads them.
    pub trailing: u64,
}

enum State {
    Header,
    /// An extended header's content: what is still missing, what has come.
    Meta {
        header: Box<Entry>,
        flag: u8,
        left: u64,
        text: Vec<u8>,
    },
    /// The extension blocks of an old GNU sparse file.
    OldSparse {
        entry: Box<Entry>,
        map: Map,
    },
    /// The map in front of a PAX 1.0 sparse file.
    Ahead {
        entry: Box<Entry>,
        text: Vec<u8>,
        left: u64,
        lines: usize,
    },
    Data {
        left: u64,
    },
    Padding {
        left: usize,
    },
    /// One block of zeros has been seen.
    Ending,
    /// Behind the end marker: whether anything but zeros stands there.
    Ended {
        zeros: u64,
        other: u64,
    },
}

impl Default for TarReader {
    fn default() -> Self {
        Self::new()
    }
}

impl TarReader {
    /// A reader before the first byte.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Header,
            block: Vec::with_capacity(BLOCK),
            at: 0,
            before: Extensions::default(),
            end: TarEnd::default(),
        }
    }

    /// Reads the next piece.
    ///
    /// # Errors
    /// A fault of the tar, a limit, or what the sink answered. Nothing may be pushed after one.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut dyn Sink) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let used = self.step(bytes, sink)?;
            self.at += used as u64;
            bytes = &bytes[used..];
        }
        Ok(())
    }

    /// That was all.
    ///
    /// # Errors
    /// A fault if the tar ends within a header or a file.
    pub fn finish(mut self) -> Result<TarEnd, Fault> {
        let at = self.at;
        let early = |what: &str| Err(fault(at, format!("the tar ends early at byte {at}, {what}")));
        let mut oddities = Vec::new();
        match &self.state {
            State::Header | State::Ending if !self.block.is_empty() => return early("within a header"),
            State::Meta { .. } => return early("within an extended header"),
            State::OldSparse { .. } | State::Ahead { .. } => return early("within the map of a sparse file"),
            State::Data { left } => return early(&format!("and its last file lacks {left} bytes")),
            State::Header => oddities.push(Oddity::NoEndMarker),
            State::Padding { left } => oddities.push(Oddity::NoPadding(*left as u64)),
            State::Ending => oddities.push(Oddity::HalfEndMarker),
            State::Ended { other: 0, .. } => {}
            State::Ended { zeros, other } => {
                self.end.trailing = *other;
                oddities.push(Oddity::BehindEnd(zeros + other, *other));
            }
        }
        if self.before.at.is_some() {
            oddities.push(Oddity::LoneHeader);
        }
        self.end.oddities.extend(oddities);
        self.end.bytes = at;
        Ok(self.end)
    }

    /// The bytes of content and padding before the next header: a caller that can seek need not push them.
    #[must_use]
    pub fn skippable(&self) -> u64 {
        match &self.state {
            State::Data { left } => {
                let over = (self.at + left) % BLOCK as u64;
                left + if over == 0 { 0 } else { BLOCK as u64 - over }
            }
            State::Padding { left } => *left as u64,
            _ => 0,
        }
    }

    /// Goes on behind the content that is [`skippable`](Self::skippable), in a tar of `size` bytes.
    ///
    /// # Errors
    /// A fault if the tar is over before that content is.
    pub fn skip(&mut self, size: u64, sink: &mut dyn Sink) -> Result<(), Fault> {
        let at = self.at + self.skippable();
        if let State::Data { left } = self.state {
            if self.at + left > size {
                let lacks = self.at + left - size;
                return Err(fault(
                    size,
                    format!("the tar ends early at byte {size}, and its last file lacks {lacks} bytes"),
                ));
            }
            sink.end();
        }
        if at > size {
            let left = usize::try_from(at - size).unwrap_or(BLOCK);
            (self.state, self.at) = (State::Padding { left }, size);
        } else {
            (self.state, self.at) = (State::Header, at);
        }
        Ok(())
    }

    /// True if the end marker has been read.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        matches!(self.state, State::Ended { .. })
    }

    /// The number of bytes that have been read or skipped.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.at
    }

    /// The number of entries that have been read.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.end.entries
    }

    /// Uses some of the input, at least a byte.
    fn step(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<usize, Fault> {
        match &mut self.state {
            State::Header | State::Ending | State::OldSparse { .. } | State::Ahead { .. } => {
                self.blockwise(bytes, sink)
            }
            State::Meta { left, text, .. } => {
                let used = most(*left, bytes);
                text.extend_from_slice(&bytes[..used]);
                *left -= used as u64;
                if *left == 0 {
                    self.meta(sink)?;
                }
                Ok(used)
            }
            State::Data { left } => {
                let used = most(*left, bytes);
                *left -= used as u64;
                sink.data(&bytes[..used]);
                if *left == 0 {
                    sink.end();
                    self.pad(self.at + used as u64);
                }
                Ok(used)
            }
            State::Padding { left } => {
                let used = bytes.len().min(*left);
                *left -= used;
                if *left == 0 {
                    self.state = State::Header;
                }
                Ok(used)
            }
            State::Ended { zeros, other } => {
                let nothing = bytes.iter().filter(|byte| **byte == 0).count() as u64;
                *zeros += nothing;
                *other += bytes.len() as u64 - nothing;
                Ok(bytes.len())
            }
        }
    }

    /// Gathers a block, then acts on it.
    fn blockwise(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<usize, Fault> {
        let used = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..used]);
        let Ok(block) = <[u8; BLOCK]>::try_from(self.block.as_slice()) else { return Ok(used) };
        self.block.clear();
        let next = self.at + used as u64;
        match std::mem::replace(&mut self.state, State::Header) {
            State::OldSparse { entry, map } => self.old_sparse(&block, entry, map, next, sink)?,
            State::Ahead { entry, text, left, lines } => self.ahead(&block, (entry, text, left, lines), next, sink)?,
            State::Ending if header::is_empty(&block) => self.state = State::Ended { zeros: 0, other: 0 },
            State::Ending => {
                let at = next - BLOCK as u64;
                return Err(fault(at, format!("one empty block, and at byte {at} another header: two end an archive")));
            }
            _ if header::is_empty(&block) => self.state = State::Ending,
            _ => self.header(&block, next, sink)?,
        }
        Ok(used)
    }

    fn header(&mut self, block: &[u8; BLOCK], next: u64, sink: &mut dyn Sink) -> Result<(), Fault> {
        let at = next - BLOCK as u64;
        let header = header::parse(block, at)?;
        if matches!(header.flag, b'x' | b'g' | b'L' | b'K') {
            return self.extended(header, at, sink);
        }
        let before = std::mem::take(&mut self.before);
        let Header { mut entry, flag, format } = header;
        before.apply(&mut entry, at)?;
        entry.header_at = before.at.unwrap_or(at);
        if flag == 0 && entry.path.ends_with(b"/") {
            entry.kind = EntryKind::Directory;
        }
        entry.stored = if has_content(entry.kind) { entry.size } else { 0 };
        entry.data_at = next;
        if flag == b'S' {
            return self.old(block, format, entry, next, sink);
        }
        match sparse::of_records(&before, at)? {
            MapPlace::Not => self.begin(&entry, &Vec::new(), sink),
            told => {
                let real =
                    [&b"GNU.sparse.size"[..], b"GNU.sparse.realsize"].into_iter().find_map(|key| before.get(key));
                if let Some(name) = before.get(b"GNU.sparse.name") {
                    entry.path = name.to_vec();
                }
                if let Some(real) = real {
                    entry.size =
                        super::number::decimal(real).and_then(|size| u64::try_from(size).ok()).ok_or_else(|| {
                            fault(
                                at,
                                format!("the sparse file before byte {at} has no size but \"{}\"", real.escape_ascii()),
                            )
                        })?;
                }
                entry.sparse = true;
                if !has_content(entry.kind) {
                    return Err(fault(at, format!("the entry at byte {at} is sparse and no file")));
                }
                if let MapPlace::Whole(map) = told {
                    return self.begin(&entry, &map, sink);
                }
                let left = entry.stored;
                self.state = State::Ahead { entry: Box::new(entry), text: Vec::new(), left, lines: 0 };
                Ok(())
            }
        }
    }

    /// A header that is about the next one.
    fn extended(&mut self, header: Header, at: u64, sink: &mut dyn Sink) -> Result<(), Fault> {
        let Header { mut entry, flag, .. } = header;
        let most = limits::TAR_HEADER_BYTES;
        if entry.size > most {
            let what = format!(
                "the extended header at byte {at} is {} bytes long; the most that is read is {most}",
                entry.size
            );
            return Err(Fault::new(FaultKind::Limit, at, what));
        }
        if flag != b'g' {
            self.before.at.get_or_insert(at);
        }
        let left = entry.size;
        (entry.data_at, entry.size) = (at + BLOCK as u64, 0);
        self.state = State::Meta { header: Box::new(entry), flag, left, text: Vec::new() };
        if left == 0 {
            self.meta(sink)?;
        }
        Ok(())
    }

    /// An extended header is whole.
    fn meta(&mut self, sink: &mut dyn Sink) -> Result<(), Fault> {
        let State::Meta { mut header, flag, text, .. } = std::mem::replace(&mut self.state, State::Header) else {
            return Ok(());
        };
        let length = text.len() as u64;
        match flag {
            b'x' => self.before.records = meta::records(&text, header.data_at)?,
            b'g' => {
                self.global(&mut header, &text, sink)?;
                // Go returns the global header, and with it forgets what was read for the next entry.
                self.before = Extensions::default();
            }
            // Go takes an empty long name for none.
            b'L' => self.before.long_name = Some(header::text(&text)).filter(|name| !name.is_empty()),
            _ => self.before.long_link = Some(header::text(&text)).filter(|link| !link.is_empty()),
        }
        self.state = padding(length);
        Ok(())
    }

    /// As Go: a global header is listed, by the name that it may give itself, and applied to nothing.
    fn global(&mut self, header: &mut Entry, text: &[u8], sink: &mut dyn Sink) -> Result<(), Fault> {
        let records = Extensions { records: meta::records(text, header.data_at)?, ..Extensions::default() };
        if let Some(name) = records.get(b"path") {
            header.path = name.to_vec();
        }
        let is_odd = records.get(b"linkpath").or(records.get(b"size")).is_some();
        // Said once for all of them: a hostile tar may have very many.
        if is_odd && !self.end.oddities.contains(&Oddity::GlobalLinkOrSize) {
            self.end.oddities.push(Oddity::GlobalLinkOrSize);
        }
        self.count(header, &[], sink)?;
        sink.end();
        Ok(())
    }

    fn old(
        &mut self,
        block: &[u8; BLOCK],
        format: Format,
        mut entry: Entry,
        next: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), Fault> {
        let at = next - BLOCK as u64;
        let real = super::number::field(&block[483..495]).and_then(|size| u64::try_from(size).ok());
        let (Some(real), Format::Gnu) = (real, format) else {
            return Err(fault(at, format!("the sparse file at byte {at} has no size with holes, or no GNU header")));
        };
        entry.size = real;
        entry.sparse = true;
        let mut map = Map::new();
        sparse::old_pieces(&block[386..482], at, &mut map)?;
        if block[482] == 0 {
            return self.begin(&entry, &map, sink);
        }
        self.state = State::OldSparse { entry: Box::new(entry), map };
        Ok(())
    }

    fn old_sparse(
        &mut self,
        block: &[u8; BLOCK],
        mut entry: Box<Entry>,
        mut map: Map,
        next: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), Fault> {
        sparse::old_pieces(&block[..504], next - BLOCK as u64, &mut map)?;
        if block[504] != 0 {
            self.state = State::OldSparse { entry, map };
            return Ok(());
        }
        entry.data_at = next;
        self.begin(&entry, &map, sink)
    }

    fn ahead(
        &mut self,
        block: &[u8; BLOCK],
        (mut entry, mut text, left, mut lines): (Box<Entry>, Vec<u8>, u64, usize),
        next: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), Fault> {
        let at = entry.data_at;
        let Some(left) = left.checked_sub(BLOCK as u64) else {
            return Err(fault(at, format!("the sparse map at byte {at} is longer than the entry")));
        };
        text.extend_from_slice(block);
        if text.len() as u64 > limits::TAR_HEADER_BYTES {
            return Err(sparse::too_many(at));
        }
        // A map of n lines is whole only when they are there: it is read again only when enough lines may be.
        let feeds = block.iter().filter(|byte| **byte == b'\n').count();
        lines += feeds;
        let due =
            expected_lines(&text).is_none_or(|expected| lines >= expected || expected > 2 * limits::SPARSE_PIECES);
        let map = if due { sparse::ahead(&text, at)? } else { None };
        let Some(map) = map else {
            self.state = State::Ahead { entry, text, left, lines };
            return Ok(());
        };
        entry.stored = left;
        entry.data_at = next;
        self.begin(&entry, &map, sink)
    }

    /// All that precedes the content has been read.
    fn begin(&mut self, entry: &Entry, map: &Map, sink: &mut dyn Sink) -> Result<(), Fault> {
        if entry.sparse {
            sparse::check(map, entry.size, entry.stored, entry.data_at)?;
        }
        if entry.data_at.checked_add(entry.stored).is_none_or(|end| end > limits::SAFE_INTEGER) {
            let (at, size) = (entry.header_at, entry.stored);
            return Err(fault(
                at,
                format!("the entry at byte {at} says that it has {size} bytes: no archive is so large"),
            ));
        }
        self.count(entry, map, sink)?;
        if entry.stored == 0 {
            sink.end();
            self.state = State::Header;
        } else {
            self.state = State::Data { left: entry.stored };
        }
        Ok(())
    }

    fn count(&mut self, entry: &Entry, map: &[(u64, u64)], sink: &mut dyn Sink) -> Result<(), Fault> {
        self.end.entries += 1;
        sink.entry(entry, map)
    }

    fn pad(&mut self, end: u64) {
        self.state = padding(end);
    }
}

/// The rest of the block in which `end` lies.
fn padding(end: u64) -> State {
    let over = usize::try_from(end % BLOCK as u64).unwrap_or_default();
    if over == 0 { State::Header } else { State::Padding { left: BLOCK - over } }
}

fn most(left: u64, bytes: &[u8]) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len())
}

/// The entries that Go reads no content of, even if they state a size.
fn has_content(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::File | EntryKind::Other(_))
}

/// The number of lines that a PAX 1.0 map has, by its first one.
fn expected_lines(text: &[u8]) -> Option<usize> {
    let first = text.split(|byte| *byte == b'\n').next()?;
    let count = super::number::decimal(first).and_then(|count| usize::try_from(count).ok())?;
    count.checked_mul(2)?.checked_add(1)
}

//! drop -> archive. Lists a tar whose bytes can be asked for by their place: contents are skipped, never read.

use crate::checks::{Check, CheckId, Outcome};
use crate::error::Error;
use crate::layer::tar::{Sink, TarEnd, TarReader};
use crate::layer::{Entry, Fault, FaultKind, FileIndex};
use crate::limits;

/// The block of a tar: headers begin at its multiples, and so nothing of a content is taken for one.
const BLOCK: u64 = 512;

/// The number of bytes behind the end marker that are looked at.
const BEHIND: u64 = 1024 * 1024;

/// Lists a tar by its headers; the caller brings the bytes that are asked for, in pieces of any size.
pub struct Seeker {
    reader: TarReader,
    list: List,
    size: u64,
    fault: Option<Fault>,
}

/// The entries of a tar.
pub struct Listed {
    /// Its entries, with where their contents lie.
    pub index: FileIndex,
    /// Remarks about the tar itself, or why it could not be read to its end.
    pub end: Result<TarEnd, Fault>,
}

impl Listed {
    /// Remarks about the tar.
    #[must_use]
    pub fn checks(&self) -> Vec<Check> {
        let check = |outcome, message: String| Check::new(CheckId::Tar, outcome, message);
        match &self.end {
            Ok(end) => {
                let counts = format!("{} entries in {} bytes", end.entries, end.bytes);
                vec![if end.oddities.is_empty() {
                    check(Outcome::Pass, format!("the headers of the archive are those of a well-formed tar: {counts}"))
                } else {
                    let oddities: Vec<_> = end.oddities.iter().map(|oddity| oddity.said().message).collect();
                    check(Outcome::Warn, format!("the archive can be read, {counts}, but {}", oddities.join("; ")))
                }]
            }
            Err(fault) if fault.kind == FaultKind::Limit => vec![
                check(Outcome::NotChecked, format!("the archive was not read to its end: {}", fault.message)),
                Check::new(CheckId::Limits, Outcome::NotChecked, fault.message.clone()).because("cap-reached"),
            ],
            Err(fault) => vec![check(Outcome::Fail, fault.message.clone())],
        }
    }
}

/// A sink that keeps the entries.
pub(super) struct List {
    pub(super) index: FileIndex,
    most: u64,
}

impl Seeker {
    /// For a tar of `size` bytes, of which at most `entries` are listed.
    #[must_use]
    pub fn new(size: u64, entries: Option<u64>) -> Self {
        Self { reader: TarReader::new(), list: List::new(entries), size, fault: None }
    }

    /// The position of the bytes that are needed next; the tar's size if no more are needed.
    #[must_use]
    pub fn wants(&self) -> u64 {
        let at = self.reader.position();
        let is_behind = self.reader.is_ended() && at.is_multiple_of(BEHIND);
        if self.fault.is_some() || is_behind { self.size } else { at.min(self.size) }
    }

    /// Takes the bytes at the place that was asked for, and says which are needed next.
    pub fn push(&mut self, mut bytes: &[u8]) -> u64 {
        while !bytes.is_empty() && self.fault.is_none() {
            match self.step(bytes) {
                Ok(used) if used as u64 > bytes.len() as u64 => break,
                Ok(used) => bytes = &bytes[used..],
                Err(fault) => self.fault = Some(fault),
            }
        }
        // Bytes behind a header may be skipped before any of them was seen.
        if self.fault.is_none() && bytes.is_empty() && self.reader.skippable() > 0 {
            self.fault = self.reader.skip(self.size, &mut self.list).err();
        }
        self.wants()
    }

    /// That was all.
    #[must_use]
    pub fn finish(self) -> Listed {
        let end = match self.fault {
            Some(fault) => Err(fault),
            None => self.reader.finish(),
        };
        Listed { index: self.list.index, end }
    }

    /// The number of bytes that were used or skipped, which may be more than there are here.
    fn step(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        let at = self.reader.position();
        if self.reader.skippable() > 0 {
            self.reader.skip(self.size, &mut self.list)?;
            let skipped = self.reader.position() - at;
            return Ok(usize::try_from(skipped).unwrap_or(usize::MAX));
        }
        let left = if self.reader.is_ended() { bytes.len() as u64 } else { BLOCK - at % BLOCK };
        let used = usize::try_from(left).unwrap_or(bytes.len()).min(bytes.len());
        self.reader.push(&bytes[..used], &mut self.list)?;
        Ok(used)
    }
}

impl List {
    pub(super) fn new(most: Option<u64>) -> Self {
        Self { index: FileIndex::new(), most: most.unwrap_or(limits::LAYER_ENTRIES) }
    }
}

impl Sink for List {
    fn entry(&mut self, entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        let limit = |error: Error| Fault::new(FaultKind::Limit, entry.header_at, error.to_string());
        if self.index.len() as u64 >= self.most {
            let message =
                format!("the archive has more than {} entries: a cap that can be raised (entries)", self.most);
            return Err(Fault::new(FaultKind::Limit, entry.header_at, message));
        }
        self.index.push(entry).map_err(limit)
    }

    fn data(&mut self, _bytes: &[u8]) {}
}

//! rpm's database in SQLite: each row is the header of a package (rpm's `docs/manual/format_header.md`).

use super::Package;
use super::fields::cut;
use super::sqlite::{self, word};
use crate::limits;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const SIZE: u32 = 1009;
const LICENCE: u32 = 1014;
const ARCH: u32 = 1022;
const LONG_SIZE: u32 = 5009;

const INT32: u32 = 4;
const INT64: u32 = 5;
const STRING: u32 = 6;
const STRINGS: u32 = 8;
const TRANSLATED: u32 = 9;

/// One entry of a header's index: tag, type, offset, count.
const ENTRY: usize = 16;

/// The packages that are installed; none if it is no such database.
pub(super) fn read(content: &[u8]) -> Option<Vec<Package>> {
    let (mut found, mut broken) = (Vec::new(), false);
    sqlite::each(content, "Packages", 1, |header| match package(header) {
        Some(one) if found.len() < limits::STATEMENT_PACKAGES => found.push(one),
        Some(_) => {}
        None => broken = true,
    })?;
    (!broken).then_some(found)
}

fn package(bytes: &[u8]) -> Option<Package> {
    let header = Header::of(bytes)?;
    let (name, version) = (header.text(NAME)?, header.text(VERSION)?);
    let release = header.text(RELEASE).map_or(String::new(), |release| format!("-{release}"));
    let epoch = header.number(EPOCH).map_or(String::new(), |epoch| format!("{epoch}:"));
    Some(Package {
        kind: "rpm".to_owned(),
        name: cut(&name),
        version: cut(&format!("{epoch}{version}{release}")),
        arch: header.text(ARCH).map(|arch| cut(&arch)),
        licence: header.text(LICENCE).map(|licence| cut(&licence)),
        size: header.number(LONG_SIZE).or_else(|| header.number(SIZE)),
        ..Package::default()
    })
}

/// The index of a header, and what it points into.
struct Header<'a> {
    index: &'a [u8],
    data: &'a [u8],
}

impl<'a> Header<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let count = usize::try_from(word(bytes, 0)?).ok()?.checked_mul(ENTRY)?;
        let length = usize::try_from(word(bytes, 4)?).ok()?;
        let index = bytes.get(8..8_usize.checked_add(count)?)?;
        let data = bytes.get(8 + count..(8 + count).checked_add(length)?)?;
        Some(Self { index, data })
    }

    /// The type of a tag, and the data from where it begins.
    fn get(&self, tag: u32) -> Option<(u32, &'a [u8])> {
        let entry = self.index.chunks_exact(ENTRY).find(|entry| word(entry, 0) == Some(tag))?;
        let at = usize::try_from(word(entry, 8)?).ok()?;
        Some((word(entry, 4)?, self.data.get(at..)?))
    }

    fn text(&self, tag: u32) -> Option<String> {
        let (kind, data) = self.get(tag)?;
        let end = data.iter().position(|byte| *byte == 0).filter(|_| matches!(kind, STRING | STRINGS | TRANSLATED))?;
        let text = &data[..end.min(4 * limits::PACKAGE_FIELD_CHARACTERS)];
        Some(String::from_utf8_lossy(text).into_owned()).filter(|text| !text.is_empty())
    }

    fn number(&self, tag: u32) -> Option<u64> {
        match self.get(tag)? {
            (INT32, data) => word(data, 0).map(u64::from),
            (INT64, data) => Some(u64::from_be_bytes(data.get(..8)?.try_into().ok()?)),
            _ => None,
        }
    }
}

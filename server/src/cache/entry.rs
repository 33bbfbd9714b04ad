//! The cache, one file: a mark, the lengths of what follows, the kept headers as lines, the bytes.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::policy::KEPT_HEADERS;

const MARK: &[u8; 16] = b"stowplan-kept-1\n";
const START: u64 = 16 + 8 + 4;
/// More headers than that are not kept: a tag, a type and a digest are a few hundred bytes.
const MOST_HEADERS: usize = 16 * 1024;
/// The precision of the remembered last use.
const TOUCH: Duration = Duration::from_secs(30);

/// Something kept, open for reading at its first byte.
pub(crate) struct Entry {
    pub(crate) file: File,
    pub(crate) headers: HeaderMap,
    pub(crate) length: u64,
    pub(super) offset: u64,
}

impl Entry {
    /// Opens a file if it is whole; one that is not (a disk that was full, a machine that fell) is removed.
    pub(super) fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let entry = Self::read(file);
        if entry.is_none() {
            let _ = fs::remove_file(path);
        }
        entry
    }

    fn read(mut file: File) -> Option<Self> {
        let mut start = [0; START as usize];
        file.read_exact(&mut start).ok()?;
        let length = u64::from_le_bytes(start[16..24].try_into().ok()?);
        let head = u32::from_le_bytes(start[24..].try_into().ok()?) as usize;
        if start[..16] != *MARK || head > MOST_HEADERS {
            return None;
        }
        let mut lines = vec![0; head];
        file.read_exact(&mut lines).ok()?;
        let (offset, metadata) = (START + head as u64, file.metadata().ok()?);
        if metadata.len() != offset.checked_add(length)? {
            return None;
        }
        if metadata.modified().ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age > TOUCH) {
            let _ = file.set_modified(SystemTime::now());
        }
        Some(Self { file, headers: parse(&lines)?, length, offset })
    }
}

/// Writes what stands before the bytes; their number is not known yet.
pub(super) fn begin(file: &mut File, headers: &HeaderMap) -> io::Result<()> {
    let mut lines = Vec::new();
    for name in KEPT_HEADERS {
        for value in headers.get_all(*name) {
            lines.extend([name.as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
        }
    }
    let head = u32::try_from(lines.len()).ok().filter(|_| lines.len() <= MOST_HEADERS);
    let head = head.ok_or_else(|| io::Error::other("too many headers"))?;
    file.write_all(&[MARK.as_slice(), &u64::MAX.to_le_bytes(), &head.to_le_bytes(), &lines].concat())
}

/// Writes the number of bytes and sees to it that all of them are on the disk before the file gets its name.
pub(super) fn end(file: &mut File, length: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(MARK.len() as u64))?;
    file.write_all(&length.to_le_bytes())?;
    file.sync_data()
}

fn parse(lines: &[u8]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let colon = line.windows(2).position(|two| two == b": ")?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        headers.append(name, HeaderValue::from_bytes(&line[colon + 2..]).ok()?);
    }
    Some(headers)
}

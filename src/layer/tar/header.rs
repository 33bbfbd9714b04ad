//! One header block: v7, ustar and GNU fields, as Go's `archive/tar` takes them.

use super::number::{field, octal};
use super::{BLOCK, fault};
use crate::layer::{Entry, EntryKind, Fault};

/// The meaning of the fields behind the magic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    V7,
    Ustar,
    Star,
    Gnu,
}

/// A header block with what only the reader needs.
pub(super) struct Header {
    pub(super) entry: Entry,
    pub(super) flag: u8,
    pub(super) format: Format,
}

/// Reads the block that begins at `at` of the tar.
pub(super) fn parse(block: &[u8; BLOCK], at: u64) -> Result<Header, Fault> {
    checksum(block, at)?;
    let format = format(block);
    let flag = block[156];
    let number = |from: usize, to: usize, name: &str| {
        let bytes = &block[from..to];
        field(bytes).ok_or_else(|| {
            fault(at, format!("the header at byte {at} has a {name} that is no number: \"{}\"", bytes.escape_ascii()))
        })
    };
    let mut entry = Entry::new(kind(flag), text(&block[..100]));
    entry.flag = flag;
    entry.mode = u32::try_from(number(100, 108, "mode")? & 0o7777).unwrap_or_default();
    entry.uid = number(108, 116, "uid")?;
    entry.gid = number(116, 124, "gid")?;
    let size = number(124, 136, "size")?;
    entry.size =
        u64::try_from(size).map_err(|_| fault(at, format!("the header at byte {at} has a negative size: {size}")))?;
    entry.mtime = number(136, 148, "mtime")?;
    entry.link = text(&block[157..257]);
    if format != Format::V7 {
        entry.user = text(&block[265..297]);
        entry.group = text(&block[297..329]);
        let (major, minor) = (number(329, 337, "devmajor")?, number(337, 345, "devminor")?);
        if matches!(entry.kind, EntryKind::CharDevice | EntryKind::BlockDevice) {
            entry.device = Some((major.cast_unsigned(), minor.cast_unsigned()));
        }
        if format == Format::Star {
            // Go decodes both times, and refuses the archive if it cannot.
            number(476, 488, "time of access")?;
            number(488, 500, "time of change")?;
        }
        let prefix = prefix(block, format);
        if !prefix.is_empty() {
            entry.path = [prefix.as_slice(), b"/", &entry.path].concat();
        }
    }
    entry.header_at = at;
    Ok(Header { entry, flag, format })
}

/// True if nothing stands in the block: two of them end an archive.
pub(super) fn is_empty(block: &[u8]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

/// Bytes up to the first NUL.
pub(super) fn text(bytes: &[u8]) -> Vec<u8> {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()
}

/// The kind of entry that a type flag stands for.
pub(super) fn kind(flag: u8) -> EntryKind {
    match flag {
        b'0' | 0 | b'7' | b'S' => EntryKind::File,
        b'1' => EntryKind::HardLink,
        b'2' => EntryKind::Symlink,
        b'3' => EntryKind::CharDevice,
        b'4' => EntryKind::BlockDevice,
        b'5' => EntryKind::Directory,
        b'6' => EntryKind::Fifo,
        b'g' => EntryKind::GlobalHeader,
        other => EntryKind::Other(other),
    }
}

fn format(block: &[u8; BLOCK]) -> Format {
    match (&block[257..263], &block[263..265]) {
        (b"ustar\0", _) if &block[508..512] == b"tar\0" => Format::Star,
        (b"ustar\0", _) => Format::Ustar,
        (b"ustar ", b" \0") => Format::Gnu,
        _ => Format::V7,
    }
}

/// True for a time of GNU tar, and for a field that begins with NUL, which Go leaves alone.
fn is_time(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0) || field(bytes).is_some()
}

fn prefix(block: &[u8; BLOCK], format: Format) -> Vec<u8> {
    match format {
        Format::V7 => Vec::new(),
        Format::Ustar => text(&block[345..500]),
        Format::Star => text(&block[345..476]),
        // Go's own writer once put a prefix where GNU has two times: what is no time, and ASCII, is that.
        Format::Gnu if is_time(&block[345..357]) && is_time(&block[357..369]) => Vec::new(),
        Format::Gnu => Some(text(&block[345..500])).filter(|prefix| prefix.is_ascii()).unwrap_or_default(),
    }
}

/// The sum of all bytes with the field itself as spaces; some old programs summed signed bytes.
pub(super) fn checksum(block: &[u8; BLOCK], at: u64) -> Result<(), Fault> {
    let stored = octal(&block[148..156]);
    let bytes = || block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte });
    let unsigned: i64 = bytes().map(i64::from).sum();
    let signed: i64 = bytes().map(|byte| i64::from(byte.cast_signed())).sum();
    if stored == Some(unsigned) || stored == Some(signed) {
        return Ok(());
    }
    let says = stored.map_or_else(|| "no number".to_owned(), |sum| sum.to_string());
    Err(fault(at, format!("bad header checksum at byte {at}: the header says {says}, its bytes sum to {unsigned}")))
}

//! Bytes packed with gzip (RFC 1952) or zlib (RFC 1950), as a base64 text often holds them.
//!
//! The checksum of gzip is not looked at: a digest is.

use zlib_rs::{Inflate, InflateFlush, Status};

use crate::limits;

/// The first member's content, if it ends within the largest text that is looked at.
pub(super) fn open(bytes: &[u8]) -> Vec<Vec<u8>> {
    body(bytes).and_then(|packed| inflate(packed, false, limits::RECOVERY_TEXT_BYTES)).into_iter().collect()
}

/// True for the header of zlib: deflate, and a check of these two bytes.
pub(super) fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [0x78, flags, ..] if (0x7800 + u16::from(*flags)) % 31 == 0)
}

/// The content of a stream of zlib.
pub(super) fn zlib(bytes: &[u8]) -> Vec<Vec<u8>> {
    let packed = Some(bytes).filter(|bytes| is_zlib(bytes));
    packed.and_then(|packed| inflate(packed, true, limits::RECOVERY_TEXT_BYTES)).into_iter().collect()
}

/// The bytes behind the header.
fn body(bytes: &[u8]) -> Option<&[u8]> {
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = bytes else { return None };
    let mut rest = rest;
    if flags & 4 != 0 {
        let length = usize::from(u16::from_le_bytes([*rest.first()?, *rest.get(1)?]));
        rest = rest.get(2 + length..)?;
    }
    for _ in 0..(flags & 8 != 0) as usize + (flags & 16 != 0) as usize {
        let end = rest.iter().position(|byte| *byte == 0)?;
        rest = rest.get(end + 1..)?;
    }
    if flags & 2 != 0 { rest.get(2..) } else { Some(rest) }
}

/// Unpacks a whole stream of deflate, with zlib's header and checksum or without; gives none if it is broken or unpacks to
/// more than so many bytes.
pub(crate) fn inflate(mut packed: &[u8], has_header: bool, most: usize) -> Option<Vec<u8>> {
    let mut inflate = Inflate::new(has_header, 15);
    let mut out = Vec::new();
    let mut piece = vec![0; 32 * 1024];
    loop {
        let (read, made) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(packed, &mut piece, InflateFlush::NoFlush).ok()?;
        let read = usize::try_from(inflate.total_in() - read).ok()?;
        let made = usize::try_from(inflate.total_out() - made).ok()?;
        out.extend_from_slice(piece.get(..made)?);
        packed = packed.get(read..)?;
        match status {
            Status::StreamEnd => return Some(out),
            _ if out.len() > most || read + made == 0 => return None,
            _ => {}
        }
    }
}

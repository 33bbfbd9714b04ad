//! Line: bytes -> tar bytes. What a blob's first bytes say that it is.

use crate::layer::{Fault, FaultKind};

/// How many first bytes tell every form: bzip2 needs most, since a file of a plain tar may be called `BZh1`.
pub(super) const LENGTH: usize = 10;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    /// None of the others: a tar, or nothing known.
    Plain,
    /// RFC 1952.
    Gzip,
    /// RFC 8878, a frame or a skippable frame.
    Zstd,
    /// A compression that the image spec does not know.
    Foreign(&'static str),
}

const BZIP2: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];

/// Tells a blob by its first [`LENGTH`] bytes, or all where there are fewer.
pub(super) fn tell(head: &[u8]) -> Magic {
    match head {
        [0x1f, 0x8b, ..] => Magic::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Magic::Zstd,
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if rest.starts_with(BZIP2) => Magic::Foreign("bzip2"),
        _ if head.starts_with(XZ) => Magic::Foreign("xz"),
        _ => Magic::Plain,
    }
}

/// Why such a blob is not read.
pub(super) fn refused(name: &str) -> Fault {
    let message = format!("{name} is not a compression that the image spec knows: a layer is plain, gzip or zstd");
    Fault::new(FaultKind::Compression, 0, message)
}

//! Tells the compression of a blob by its first bytes.

use crate::layer::{Fault, FaultKind};

/// How many first bytes tell every form: bzip2 needs most, since a file of a plain tar may be called `BZh1`.
pub(super) const LENGTH: usize = 10;

/// The form that the first bytes show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    /// None of the others: a tar, or nothing known.
    Plain,
    /// RFC 1952.
    Gzip,
    /// RFC 8878, a frame or a skippable frame.
    Zstd,
    /// A form of compression that is not read here.
    Foreign(Foreign),
}

/// Forms that the image spec does not know and that people pack things with all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    Bzip2,
    Xz,
    Lz4,
    Zip,
    Compress,
    SevenZip,
}

impl Foreign {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lz4 => "lz4",
            Self::Zip => "zip",
            Self::Compress => "compress (.Z)",
            Self::SevenZip => "7z",
        }
    }

    /// True if Docker and podman unpack it, though no specification names it.
    pub(super) fn is_taken(self) -> bool {
        matches!(self, Self::Bzip2 | Self::Xz)
    }
}

const BZIP2: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];

/// Tells a blob by its first [`LENGTH`] bytes, or all where there are fewer.
pub(super) fn tell(head: &[u8]) -> Magic {
    match head {
        [0x1f, 0x8b, ..] => Magic::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Magic::Zstd,
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if rest.starts_with(BZIP2) => Magic::Foreign(Foreign::Bzip2),
        [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] => Magic::Foreign(Foreign::Lz4),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Magic::Foreign(Foreign::Zip),
        [0x1f, 0x9d, ..] => Magic::Foreign(Foreign::Compress),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Magic::Foreign(Foreign::SevenZip),
        _ if head.starts_with(XZ) => Magic::Foreign(Foreign::Xz),
        _ => Magic::Plain,
    }
}

/// Why such a blob is not read. `outer`: it is a file around others, which has to be unpacked first.
pub(super) fn refused(found: Foreign, outer: bool) -> Fault {
    let name = found.name();
    let message = if outer {
        format!("the file is compressed with {name}, which is not read here: unpack it and open what is in it")
    } else if found.is_taken() {
        format!(
            "the layer is compressed with {name}, which is not read here: Docker and podman unpack it, the image spec \
             knows gzip and zstd only"
        )
    } else {
        format!(
            "the layer is compressed with {name}, which no container engine unpacks: a layer is plain, gzip or zstd"
        )
    };
    let kind = if outer || found.is_taken() { FaultKind::Unread } else { FaultKind::Compression };
    Fault::new(kind, 0, message)
}

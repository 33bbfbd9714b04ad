//! Tells the compression of a blob by its first bytes.

use crate::layer::tar::{self, BLOCK};
use crate::layer::{Fault, FaultKind};

/// The number of first bytes that tell every form, but for [`is_open`]: bzip2 needs most.
pub(super) const LENGTH: usize = 10;

/// The number that tell it then: the first header of a tar, whose file may have any name.
pub(super) const OPEN_LENGTH: usize = BLOCK;

/// The form that the first bytes show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    /// None of the others: a tar, or nothing known.
    Plain,
    /// A tar whose first name begins as this form does: Docker and podman do not look further.
    Named(Foreign),
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

/// All that Docker and podman look at.
const BZIP2_HEAD: &[u8] = b"BZh";
const BZIP2: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];

/// True if these bytes show a form by which not all engines go, so that the header of a tar counts before it.
pub(super) fn is_open(head: &[u8]) -> bool {
    head.starts_with(BZIP2_HEAD) || matches!(by_magic(head), Magic::Foreign(_)) || is_other_method(head)
}

/// Tells a blob by its first [`LENGTH`] bytes, or [`OPEN_LENGTH`] if they leave it open; or all if there are fewer.
pub(super) fn tell(head: &[u8]) -> Magic {
    let found = by_magic(head);
    let is_tar = is_open(head) && head.first_chunk().is_some_and(tar::is_header);
    match found {
        _ if !is_tar => found,
        Magic::Foreign(form) if form.is_taken() => Magic::Named(form),
        _ if head.starts_with(BZIP2_HEAD) => Magic::Named(Foreign::Bzip2),
        _ => Magic::Plain,
    }
}

/// gzip knows one method, deflate, and engines know gzip by its number.
pub(super) fn is_other_method(head: &[u8]) -> bool {
    matches!(head, [0x1f, 0x8b, method, ..] if *method != 8)
}

fn by_magic(head: &[u8]) -> Magic {
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

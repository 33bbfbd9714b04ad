//! Traits that programs accept in a layer although its format does not provide for them: each is a code with its
//! values.

use crate::say::{Said, say};

/// One such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Oddity {
    /// The tar ends behind its last entry.
    NoEndMarker,
    /// The tar ends within the padding of its last entry, which lacks so many bytes.
    NoPadding(u64),
    /// The tar ends after one empty block.
    HalfEndMarker,
    /// So many bytes follow the end marker, and so many of them are not zero.
    BehindEnd(u64, u64),
    /// The tar ends after an extended header.
    LoneHeader,
    /// A PAX global header names a link or a size.
    GlobalLinkOrSize,
    /// So many zero bytes follow the last gzip member.
    ZerosBehindGzip(u64),
    /// A gzip member has a text of so many bytes, more than Go's reader takes.
    LongGzipText(u64, u64),
    /// A gzip member has these reserved flags.
    ReservedGzipFlags(u8),
    /// The first zstd frame is a skippable one.
    BeginsSkippable,
    /// The first name of the tar begins as bzip2 does.
    BeginsBzip2,
    /// The same for xz.
    BeginsXz,
}

impl Oddity {
    /// The sentence.
    #[must_use]
    pub fn said(self) -> Said {
        match self {
            Self::NoEndMarker => say!("no-end-marker", "the end marker of two empty blocks is missing"),
            Self::NoPadding(left) => {
                say!("no-padding-and-end", "the end marker and {left} bytes of padding before it are missing", left)
            }
            Self::HalfEndMarker => say!("half-end-marker", "the end marker has one empty block instead of two"),
            Self::BehindEnd(all, other) => say!(
                "behind-end-marker",
                "{all} bytes follow the end marker, and {other} of them are not zero: programs do not read them",
                all,
                other
            ),
            Self::LoneHeader => say!("lone-extended-header", "the last extended header belongs to no entry"),
            Self::GlobalLinkOrSize => say!(
                "global-link-or-size",
                "a PAX global header names a link or a size: runtimes ignore it, other programs do not"
            ),
            Self::ZerosBehindGzip(zeros) => say!(
                "zeros-behind-gzip",
                "{zeros} zero bytes follow the last gzip member, which gzip skips and Go's reader refuses",
                zeros
            ),
            Self::LongGzipText(bytes, most) => say!(
                "long-gzip-text",
                "a gzip member has a name or comment of {bytes} bytes: gzip reads it, Go's reader refuses more than {most}",
                bytes,
                most
            ),
            Self::ReservedGzipFlags(flags) => {
                let flags = format!("{flags:#04x}");
                say!(
                    "reserved-gzip-flags",
                    "a gzip member has the flags {flags}, with reserved bits: Go's reader ignores them, gzip and pigz refuse it",
                    flags
                )
            }
            Self::BeginsBzip2 => begins_as("bzip2"),
            Self::BeginsXz => begins_as("xz"),
            Self::BeginsSkippable => say!(
                "begins-skippable",
                "its first zstd frame is a skippable one: Docker and containerd know zstd by that, podman and skopeo do not"
            ),
        }
    }
}

fn begins_as(form: &str) -> Said {
    say!(
        "begins-as-compressed",
        "its first file has a name that begins as {form} does: Docker and podman take it for that and refuse it, containerd \
         and umoci read it",
        form
    )
}

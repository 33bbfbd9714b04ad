//! blob bytes -> Check. A layer read in one streaming pass: hashed, decompressed, hashed again, its tar listed.
//!
//! ```text
//! bytes -> Unpacker (digest, size, gzip/zstd/plain) -> tar bytes -> TarHasher (DiffID, tar, index, toc) -> verdict
//!                                                                                  index -> files (changes, findings)
//! ```
//!
//! Both halves are push parsers: the caller owns the bytes and the threads, and how the input is cut into pieces never
//! changes the outcome.

mod acl;
pub mod decompress;
mod elf;
mod entry;
mod export;
mod extract;
mod fault;
pub mod files;
mod index;
mod oddity;
pub mod packages;
mod peek;
mod reader;
mod small;
pub mod tar;
mod tar_hasher;
mod toc;
mod transport;
mod unpack;
mod verdict;
mod xattrs;

pub(crate) use decompress::compression;
pub use elf::Elf;
pub use entry::{Entry, EntryKind};
pub use export::Exporter;
pub use extract::{Extractor, Facts};
pub use fault::{Fault, FaultKind};
pub use index::{EntryRef, FileIndex};
pub use oddity::Oddity;
pub use peek::Peek;
pub use reader::LayerReader;
pub(crate) use reader::each;
pub use small::SmallReader;
pub use tar_hasher::{TarFacts, TarHasher};
pub use unpack::{Unpacked, Unpacker};
pub(crate) use verdict::no_tar;
pub use verdict::{Caps, LayerVerdict, Spec, unreadable, verdict};
pub use xattrs::Xattrs;

//! Line: blob bytes -> Check. A layer read in one streaming pass: hashed, decompressed, hashed again, its tar listed.
//!
//! ```text
//! bytes -> Unpacker (digest, size, gzip/zstd/plain) -> tar bytes -> Taster (DiffID, tar, index, toc) -> verdict
//!                                                                                  index -> files (changes, findings)
//! ```
//!
//! Both halves are push parsers: the caller owns the bytes and the threads, and how the input is cut into pieces never
//! changes the outcome.

pub mod decompress;
mod entry;
mod fault;
pub mod files;
mod index;
pub mod reader;
pub mod tar;
pub mod toc;

pub use entry::{Entry, EntryKind};
pub use fault::{Fault, FaultKind};
pub use index::{EntryRef, FileIndex};

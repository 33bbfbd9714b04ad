//! tar bytes -> Entry. A push parser of tar archives: ustar, PAX, GNU, sparse files.
//!
//! It reads what Go's `archive/tar` reads, since that is what container runtimes unpack layers with, and refuses what
//! that refuses: who lists a layer here must see the files that a container will have.

mod header;
mod meta;
mod number;
mod reader;
mod sparse;

pub use reader::{TarEnd, TarReader};

use super::{Entry, Fault, FaultKind};

/// The block that everything in a tar is padded to (POSIX pax).
pub(crate) const BLOCK: usize = 512;

/// Hears what a tar holds, in its order.
pub trait Sink {
    /// The next entry; `map` lists the places (offset, length) of a sparse file's content, and is empty for others.
    ///
    /// # Errors
    /// A [`Fault`] of the sink's own (a limit) ends the reading.
    fn entry(&mut self, entry: &Entry, map: &[(u64, u64)]) -> Result<(), Fault>;

    /// The next bytes of the last entry's content as they stand in the archive (a sparse file's without its holes).
    fn data(&mut self, bytes: &[u8]);

    /// The content of the last entry is over.
    fn end(&mut self) {}
}

/// True if the block is a header of a tar by its sum.
pub(super) fn is_header(block: &[u8; BLOCK]) -> bool {
    header::checksum(block, 0).is_ok()
}

/// A broken rule of the tar format, at that byte of the tar.
fn fault(at: u64, message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Tar, at, message)
}

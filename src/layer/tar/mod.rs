//! Line: tar bytes -> Entry. A push parser of tar archives: ustar, PAX, GNU, sparse files.

use super::{Entry, Fault};

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

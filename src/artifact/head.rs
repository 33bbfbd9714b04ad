//! The beginning of a file: integers and texts in little-endian order, and what is missing where it ends.

/// Why no more can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes at hand end: at least so many would be needed.
    More(u64),
    /// These bytes are not of the format.
    Broken,
}

/// Reads from the front.
pub(super) struct Head<'a> {
    bytes: &'a [u8],
    at: u64,
}

impl<'a> Head<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn take(&mut self, count: u64) -> Result<&'a [u8], Stop> {
        let end = self.at.checked_add(count).ok_or(Stop::Broken)?;
        let found = usize::try_from(self.at).ok().zip(usize::try_from(end).ok());
        let bytes = found.and_then(|(from, to)| self.bytes.get(from..to)).ok_or(Stop::More(end))?;
        self.at = end;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        self.take(N as u64)?.try_into().map_err(|_| Stop::Broken)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Stop> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, Stop> {
        Ok(u64::from_le_bytes(self.array()?))
    }
}

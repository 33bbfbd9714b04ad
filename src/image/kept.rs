//! Document -> Image. The bytes of the documents that were read, each once, and no more of them than a session keeps.

use std::sync::Arc;

use crate::digest::{Digest, Verified};
use crate::limits;

/// Digest and bytes, in the order in which they were read. Bytes that come when there is no more room are shown, and not kept.
#[derive(Default)]
pub(crate) struct Kept {
    bytes: Vec<(String, Arc<[u8]>)>,
    total: usize,
}

impl Kept {
    /// `digest`: as the node shows it.
    pub(crate) fn keep(&mut self, digest: &Digest, verified: &Verified) {
        let (digest, bytes) = (digest.as_str(), verified.bytes());
        // Both: the digest of a signed schema 1 manifest is over its payload only.
        let is_known = self.bytes.iter().any(|(known, kept)| known == digest && kept == bytes);
        if is_known || self.total + bytes.len() > limits::SESSION_BYTES {
            return;
        }
        self.total += bytes.len();
        self.bytes.push((digest.to_owned(), bytes.clone()));
    }

    pub(crate) fn into_vec(self) -> Vec<(String, Arc<[u8]>)> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_kept_once_and_only_as_many_as_there_is_room_for() {
        let mut kept = Kept::default();
        let large = Verified::compute(vec![b' '; limits::SESSION_BYTES - 1]);
        for verified in [&large, &large, &Verified::compute(vec![b'1']), &Verified::compute(vec![b'2'])] {
            kept.keep(verified.digest(), verified);
        }
        let lengths: Vec<usize> = kept.into_vec().iter().map(|(_, bytes)| bytes.len()).collect();
        assert_eq!(lengths, [limits::SESSION_BYTES - 1, 1]);
    }
}

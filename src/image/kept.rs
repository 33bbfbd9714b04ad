//! Line: Document -> Image. The bytes of the documents that were read, each once, and no more of them than a session keeps.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::digest::{Digest, Verified};
use crate::limits;

/// Digest and bytes, in the order in which they were read. What comes when there is no more room is shown, and not kept.
#[derive(Default)]
pub(crate) struct Kept {
    bytes: Vec<(String, Arc<[u8]>)>,
    /// Where the last bytes with a digest stand: that of a signed schema 1 manifest is over its payload only.
    last: BTreeMap<String, usize>,
    total: usize,
}

impl Kept {
    /// `digest`: as the node shows it.
    pub(crate) fn keep(&mut self, digest: &Digest, verified: &Verified) {
        let (digest, bytes) = (digest.to_string(), verified.bytes());
        let is_known = self.last.get(&digest).is_some_and(|at| self.bytes[*at].1 == *bytes);
        if is_known || self.total + bytes.len() > limits::SESSION_BYTES {
            return;
        }
        self.total += bytes.len();
        self.last.insert(digest.clone(), self.bytes.len());
        self.bytes.push((digest, bytes.clone()));
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

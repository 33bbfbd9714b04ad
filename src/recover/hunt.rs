//! One search's budget, and the comparison of candidates with the expected digest.

use crate::digest::{Algorithm, Digest, Hasher};

/// The ways in which a document may end, likeliest first, with their names.
pub(super) const ENDINGS: &[(&str, &str)] =
    &[("", "no final newline"), ("\n", "one final newline"), ("\n\n", "two final newlines"), ("\r\n", "a final CRLF")];

/// The digest that is looked for, and the rest of the budget.
pub(super) struct Hunt<'a> {
    expected: &'a Digest,
    algorithm: Algorithm,
    bytes_left: usize,
    candidates: usize,
    tried: usize,
    over: bool,
    skipped: bool,
}

impl<'a> Hunt<'a> {
    pub(super) fn new(expected: &'a Digest, algorithm: Algorithm, bytes: usize, candidates: usize) -> Self {
        Self { expected, algorithm, bytes_left: bytes, candidates, tried: 0, over: false, skipped: false }
    }

    pub(super) fn expected(&self) -> &Digest {
        self.expected
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn tried(&self) -> usize {
        self.tried
    }

    /// True if the budget has ended the search.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    pub(super) fn bytes_left(&self) -> usize {
        self.bytes_left
    }

    /// Takes work over that many bytes out of the budget; false, for good, if it does not suffice.
    pub(super) fn spend(&mut self, bytes: usize) -> bool {
        if self.over || bytes > self.bytes_left {
            self.over = true;
        } else {
            self.bytes_left -= bytes;
        }
        !self.over
    }

    /// Notes that candidates were left out.
    pub(super) fn skip(&mut self) {
        self.skipped = true;
    }

    /// True if every candidate was tried.
    pub(super) fn is_complete(&self) -> bool {
        !self.over && !self.skipped
    }

    /// Ends the search: something did not fit into the budget.
    pub(super) fn give_up(&mut self) {
        self.over = true;
    }

    /// True if exactly these bytes have the digest that is looked for.
    pub(super) fn is_it(&mut self, bytes: &[u8]) -> bool {
        self.spend(bytes.len()) && self.count(1) && self.algorithm.digest(bytes) == *self.expected
    }

    /// The ending with which these bytes are what is looked for; the bytes are hashed once for all endings.
    pub(super) fn ending(&mut self, body: &[u8]) -> Option<&'static (&'static str, &'static str)> {
        if !self.spend(body.len()) || !self.count(ENDINGS.len()) {
            return None;
        }
        let mut hasher = Hasher::new(self.algorithm);
        hasher.update(body);
        ENDINGS.iter().find(|(ending, _)| {
            let mut hasher = hasher.clone();
            hasher.update(ending.as_bytes());
            hasher.finish() == *self.expected
        })
    }

    fn count(&mut self, candidates: usize) -> bool {
        self.over |= self.tried + candidates > self.candidates;
        self.tried += if self.over { 0 } else { candidates };
        !self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recover_hashes_a_body_once_for_all_endings() {
        let expected = Algorithm::Sha512.digest(b"{}\r\n");
        let mut hunt = Hunt::new(&expected, Algorithm::Sha512, 2, 4);
        assert_eq!(hunt.ending(b"{}").unwrap().1, "a final CRLF");
        assert_eq!((hunt.tried(), hunt.bytes_left(), hunt.is_over()), (4, 0, false));
        assert!(hunt.ending(b"{}").is_none() && hunt.is_over());
        assert_eq!(hunt.tried(), 4);
    }

    #[test]
    fn recover_stops_at_either_end_of_the_budget() {
        let expected = Algorithm::Sha256.digest(b"abc");
        let mut by_bytes = Hunt::new(&expected, Algorithm::Sha256, 2, 9);
        assert!(!by_bytes.is_it(b"abc") && by_bytes.is_over());
        let mut by_count = Hunt::new(&expected, Algorithm::Sha256, 99, 1);
        assert!(!by_count.is_it(b"x") && !by_count.is_over());
        assert!(!by_count.is_it(b"abc") && by_count.is_over());
    }
}

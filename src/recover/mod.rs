//! bytes -> Verified: the detour for text that was changed on its way.
//!
//! Steps, cheapest first, all within one budget: [`repair`] undoes what was done to the text as it stands, [`unwrap`] takes
//! documents out of documents, [`carriers`](crate::carriers) undo other ways to write bytes and values down, and what can then be read is written anew in every form that a known tool writes:
//! [`order`] of keys ([`keys`]), [`escape`]s, [`layout`], final newline. Each rule is one entry in a table. Nothing is claimed that
//! does not hash to the expected digest.

mod code;
mod escape;
mod forms;
mod grid;
mod hunt;
mod keys;
mod layout;
mod order;
mod printed;
mod repair;
mod texts;
mod tree;
mod unwrap;

pub use code::{Code, code};
pub use forms::{Form, well_known_forms};
pub(crate) use unwrap::step as unwrapping;

use crate::digest::Digest;
use crate::limits;
use hunt::Hunt;

/// The original bytes behind a changed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Bytes whose digest is the expected one.
    pub bytes: Vec<u8>,
    /// That digest, computed over `bytes`.
    pub digest: Digest,
    /// The steps from the pasted text to them, in order, in words; empty if none was needed.
    pub steps: Vec<String>,
    /// The number of the text that they were made of.
    pub of: usize,
}

/// The end of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The original, if it was found.
    pub found: Option<Found>,
    /// The number of candidates that were hashed and compared.
    pub tried: usize,
    /// True if every candidate was tried: false if the original was found, or if the budget ended the search
    /// ([`limits::RECOVERY_BYTES`], [`limits::RECOVERY_CANDIDATES`]).
    pub exhausted: bool,
}

/// Searches the ways in which text is changed on its way for bytes that hash to `expected`.
///
/// A digest whose algorithm is not computed here is never found.
#[must_use]
pub fn recover(pasted: &[u8], expected: &Digest) -> Search {
    recover_from(&[pasted], expected)
}

/// The same for several texts at once, likeliest first, within one budget: what was cut out of a paste, and all of it.
#[must_use]
pub fn recover_from(texts: &[&[u8]], expected: &Digest) -> Search {
    let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0).min(limits::RECOVERY_TEXT_BYTES);
    let bytes = limits::RECOVERY_BYTES.max(longest * limits::RECOVERY_PASSES);
    within(texts, expected, bytes, limits::RECOVERY_CANDIDATES)
}

fn within(pasted: &[&[u8]], expected: &Digest, bytes: usize, candidates: usize) -> Search {
    let Some(algorithm) = expected.algorithm() else { return Search { found: None, tried: 0, exhausted: true } };
    let mut hunt = Hunt::new(expected, algorithm, bytes, candidates);
    let found = search(pasted, &mut hunt);
    let exhausted = found.is_none() && hunt.is_complete();
    Search { found, tried: hunt.tried(), exhausted }
}

fn search(pasted: &[&[u8]], hunt: &mut Hunt) -> Option<Found> {
    let (bytes, steps, of) = match texts::search(pasted, hunt) {
        Ok(hit) => hit,
        Err(texts) => grid::search(&texts, hunt)?,
    };
    // The claim is checked on the bytes that are handed out, not on those that were hashed on the way.
    let digest = hunt.algorithm().digest(&bytes);
    (digest == *hunt.expected()).then_some(Found { bytes, digest, steps, of })
}

#[cfg(test)]
mod tests;

//! base32 (RFC 4648) in either case, with or without padding and line breaks: alone, or the longest runs in a text.

use base32ct::{Base32Unpadded, Base32UpperUnpadded, Encoding as _};

use super::{is_plausible, longest};

/// The shortest run of letters within other text that is tried: base32 of 20 bytes.
const RUN: usize = 32;

pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    if let Some(decoded) = decode(text) {
        return vec![decoded];
    }
    let runs = text.split(|c: char| !is_letter(c) && c != '=').filter(|run| run.len() >= RUN);
    longest(runs.filter_map(decode).collect())
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let letter = |c: char| is_letter(c) || c == '=' || c.is_ascii_whitespace();
    if text.len() < 8 || !text.chars().all(letter) {
        return None;
    }
    let dense: String = text.chars().filter(|c| is_letter(*c)).collect();
    let is_lower = dense.starts_with(|c: char| c.is_ascii_lowercase());
    let decoded = if is_lower { Base32Unpadded::decode_vec(&dense) } else { Base32UpperUnpadded::decode_vec(&dense) };
    decoded.ok().filter(|bytes| is_plausible(bytes))
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '2'..='7')
}

//! base64 in either alphabet, with or without padding and line breaks: alone, in a data URL, or anywhere in a text.

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding as _};

use super::{is_plausible, longest};

/// The shortest run of letters within other text that is tried: base64 of 24 bytes.
const RUN: usize = 32;

/// The bytes of the whole text as base64, else those of the longest runs in it.
pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    if let Some(decoded) = decode(text) {
        return vec![decoded];
    }
    let runs = text.split(|c: char| !is_letter(c) && c != '=').filter(|run| run.len() >= RUN);
    let alone = runs.filter_map(decode).collect();
    longest([alone, of_lines(text)].concat())
}

/// Blocks of lines that hold nothing but base64, whatever stands before it on each.
fn of_lines(text: &str) -> Vec<Vec<u8>> {
    let letters = |line: &str| {
        let line = line.trim().trim_matches(['"', '\'', ',', '\\', '+', ' ']);
        (!line.is_empty() && line.chars().all(|c| is_letter(c) || c == '=')).then(|| line.to_owned())
    };
    let lines: Vec<Option<String>> = text.lines().map(letters).collect();
    let blocks = lines.split(Option::is_none).filter(|block| block.len() > 1);
    blocks.filter_map(|block| decode(&block.iter().flatten().map(String::as_str).collect::<String>())).collect()
}

/// The bytes behind a text that is nothing but base64, if they may be a document or carry one.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let letter = |c: char| is_letter(c) || c == '=' || c.is_ascii_whitespace();
    if text.len() < 8 || !text.chars().all(letter) {
        return None;
    }
    let dense: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let dense = dense.trim_end_matches('=');
    let decoded = if dense.contains(['-', '_']) {
        Base64UrlUnpadded::decode_vec(dense)
    } else {
        Base64Unpadded::decode_vec(dense)
    };
    decoded.ok().filter(|bytes| is_plausible(bytes))
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')
}

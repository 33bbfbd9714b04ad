//! Texts that carry a document: each carrier undoes one way in which people and programs write bytes or values down.
//!
//! A carrier is one entry of [`CARRIERS`] and one file: it takes a text and gives what may have been written. Its
//! result is a guess, which only a digest proves. Each reads its text a fixed number of times, so all are linear, and
//! they compose: base64 of gzip in a string of a program is three of them.

mod base32;
mod base64;
mod blocks;
mod bytes;
mod data;
mod empties;
mod go_map;
mod gron;
pub(crate) mod gzip;
mod hexdump;
mod lines;
mod literal;
mod markup;
mod node;
mod nulls;
pub(crate) mod percent;
mod php;
mod rtf;
mod table;
mod yaml;

pub(crate) use base64::decode as base64;

/// The first document of a YAML text as JSON, if it is a mapping or a list.
#[cfg(feature = "artifact")]
pub(crate) fn yaml(text: &str) -> Option<Vec<u8>> {
    yaml::open(text).into_iter().next()
}

/// The reader of one kind of text.
pub(crate) struct Carrier {
    /// The step in words.
    pub(crate) words: &'static str,
    pub(crate) cost: u32,
    /// The documents that the text may carry, likeliest first; none if it is no such text.
    pub(crate) open: fn(&[u8]) -> Vec<Vec<u8>>,
}

const fn carrier(words: &'static str, cost: u32, open: fn(&[u8]) -> Vec<Vec<u8>>) -> Carrier {
    Carrier { words, cost, open }
}

/// Every carrier. To add one, add its file and its line here.
pub(crate) const CARRIERS: &[Carrier] = &[
    carrier("unpacked with gzip", 1, gzip::open),
    carrier("unpacked with zlib", 1, gzip::zlib),
    carrier("read as a hex dump", 1, |text| with(text, hexdump::open)),
    carrier("read as a list of bytes", 1, |text| with(text, bytes::open)),
    carrier("base64 in the text decoded", 1, |text| with(text, base64::open)),
    carrier("base32 in the text decoded", 1, |text| with(text, base32::open)),
    carrier("percent-encoding decoded", 1, |text| with(text, percent::plain)),
    carrier("percent-encoding decoded, with + for spaces", 1, |text| with(text, percent::form)),
    carrier("a string of a program unescaped", 1, |text| with(text, literal::escaped)),
    carrier("a string in single quotes unescaped", 1, |text| with(text, literal::plain)),
    carrier("quotes of a shell undone", 1, |text| with(text, literal::shell)),
    carrier("tags of a web page removed", 1, |text| with(text, markup::open)),
    carrier("rich text read as plain text", 1, |text| with(text, rtf::open)),
    carrier("a cell of a table put together", 1, |text| with(text, table::open)),
    carrier("prefixes of lines removed", 1, |text| with(text, blocks::prefixed)),
    carrier("lines in JSON joined", 1, |text| with(text, lines::open)),
    carrier("a document in the text taken out", 1, |text| with(text, blocks::balanced)),
    carrier("assignments of gron put together", 1, |text| with(text, gron::open)),
    carrier("what PHP prints written as JSON", 2, |text| with(text, php::open)),
    carrier("values of a program written as JSON", 2, |text| with(text, data::open)),
    carrier("YAML written as JSON", 2, |text| with(text, yaml::open)),
    carrier("empty lists turned into empty objects", 2, empties::open),
    carrier("members that were left out put back as null", 2, nulls::open),
];

fn with(text: &[u8], open: fn(&str) -> Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    std::str::from_utf8(text).map(open).unwrap_or_default()
}

/// The most things that one carrier takes out of one text.
const MOST: usize = 8;

/// True if these bytes may be a document or carry one: JSON, a string, gzip or zlib.
fn is_plausible(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    text.starts_with(b"{")
        || text.starts_with(b"[")
        || text.starts_with(b"\"")
        || bytes.starts_with(b"\x1f\x8b")
        || gzip::is_zlib(bytes)
}

/// The longest of the found documents, at most [`MOST`], the longest first.
fn longest(mut found: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    found.sort_by_key(|bytes| std::cmp::Reverse(bytes.len()));
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests;

//! Digests and beginnings of digests in a line of text.

use crate::digest::Digest;

/// The shortest hex taken as the beginning of a digest.
pub(super) const PREFIX: usize = 6;

/// The hex of sha256: no digest that can be computed here is shorter.
const SHORTEST: usize = 64;

/// The length of the names of the algorithms that can be computed here: `sha256`.
const ALGORITHM: usize = 6;

/// The letters and digits of ASCII. A table takes half the time of the comparisons.
pub(super) const IS_LETTER: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 128 {
        table[at] = (at as u8).is_ascii_alphanumeric();
        at += 1;
    }
    table
};

fn is_letter(byte: &u8) -> bool {
    IS_LETTER[usize::from(*byte)]
}

/// A whole digest in a line, and its place.
pub(super) struct Found {
    pub start: usize,
    pub end: usize,
    pub digest: Digest,
    /// 64 hex characters without the algorithm, which may be another thing's ID.
    pub bare: bool,
}

/// Every whole digest in a line with its place, in order: `sha256:…`, and words of 64 hex characters.
pub(super) fn in_line(line: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let bytes = line.as_bytes();
        let Some(start) = bytes[at..].iter().position(is_letter).map(|offset| at + offset) else {
            break;
        };
        let end = bytes[start..].iter().position(|byte| !is_letter(byte));
        let end = end.map_or(line.len(), |offset| start + offset);
        let word = &line[start..end];
        at = end;
        if word.len() == 6 && ["sha256", "sha512", "sha384"].iter().any(|name| word.eq_ignore_ascii_case(name)) {
            if let Some((digest, end)) = after_algorithm(line, start, end) {
                found.push(Found { start, end, digest, bare: false });
                at = end;
            }
        } else if word.len() == 64 && is_hex(word) && !line[..start].ends_with("://") {
            found.extend(whole(word).map(|digest| Found { start, end, digest, bare: true }));
        }
    }
    found
}

/// The digest whose algorithm stands at `start..end`, and where it ends; `sha256-…` is how tags write it.
fn after_algorithm(line: &str, start: usize, end: usize) -> Option<(Digest, usize)> {
    let rest = line[end..].strip_prefix([':', '-'])?;
    let hex = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let text = format!("{}:{}", &line[start..end], &rest[..hex]).to_ascii_lowercase();
    Some((Digest::parse(&text).ok()?, end + 1 + hex))
}

/// Every whole digest in a line, in order.
pub(super) fn of_line(line: &str) -> Vec<Digest> {
    in_line(line).into_iter().filter(|found| !found.bare).map(|found| found.digest).collect()
}

/// A word that is a whole digest: with its algorithm, or 64 hex characters; upper case is put in lower.
pub(super) fn whole(word: &str) -> Option<Digest> {
    let word = trim(word);
    if word.len() < SHORTEST {
        return None;
    }
    if word.len() == SHORTEST {
        return if is_hex(word) { Digest::parse(&format!("sha256:{}", word.to_ascii_lowercase())).ok() } else { None };
    }
    // Parsing in vain costs an error with the text in it.
    let (algorithm, hex) = word.split_once(':').filter(|(algorithm, _)| algorithm.len() == ALGORITHM)?;
    if !is_hex(hex) || !algorithm.is_ascii() {
        return None;
    }
    Digest::parse(&word.to_ascii_lowercase()).ok().filter(|digest| digest.algorithm().is_some())
}

/// A word that is the beginning of a digest: at least [`PREFIX`] hex characters, `sha256:` before them or not.
pub(super) fn prefix(word: &str) -> Option<String> {
    if !begins_with_hex(word) {
        return None;
    }
    let word = trim(word);
    // Cut at the end or in the middle: `sha256:abc123…` and `sha256:abc123…9f8e` name the same beginning.
    let word = word.split_once(['…']).or_else(|| word.split_once("..")).map_or(word, |(start, _)| start);
    let word = word.trim_end_matches('.');
    let named = word.get(..7).filter(|start| start.eq_ignore_ascii_case("sha256:"));
    let hex = named.map_or(word, |_| &word[7..]);
    (is_hex(hex) && (PREFIX..64).contains(&hex.len())).then(|| word.to_ascii_lowercase())
}

/// True if a word may be the beginning of a digest: most words of a text are ruled out by their first letters.
pub(super) fn begins_with_hex(word: &str) -> bool {
    // The first letter rules out half of them: `sha256:`, hex or a mark before these.
    let may_begin = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b's' | b'S') || !b.is_ascii_alphanumeric();
    if !word.as_bytes().first().is_some_and(may_begin) {
        return false;
    }
    let word = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let hex = word.get(..7).filter(|start| start.eq_ignore_ascii_case("sha256:")).map_or(word, |_| &word[7..]);
    hex.bytes().take(PREFIX).take_while(u8::is_ascii_hexdigit).count() == PREFIX
}

pub(super) fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn trim(word: &str) -> &str {
    word.trim_matches(['"', '\'', '`', ',', ';', '(', ')', '<', '>', '@', '[', ']', '{', '}', '，', '。'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_digests_in_a_line() {
        let (a, b) = (format!("sha256:{}", "a".repeat(64)), format!("sha512:{}", "b".repeat(128)));
        let found = of_line(&format!("x@{a}, {b} sha256:short"));
        assert_eq!(found.iter().map(Digest::as_str).collect::<Vec<_>>(), [a, b]);
    }

    #[test]
    fn paste_words_that_are_digests() {
        let hex = "aB".repeat(32);
        assert_eq!(whole(&format!("`{hex}`")).unwrap().as_str(), format!("sha256:{}", "ab".repeat(32)));
        assert_eq!(whole("busybox"), None);
        assert_eq!(prefix("sha256:ABC123…").as_deref(), Some("sha256:abc123"));
        assert_eq!(prefix("abc123...").as_deref(), Some("abc123"));
        assert_eq!(prefix("sha256:abc1234…9f8e").as_deref(), Some("sha256:abc1234"));
        assert_eq!(prefix("abc123..9f8e").as_deref(), Some("abc123"));
        assert_eq!(prefix("abc12"), None);
        assert_eq!(prefix(&"a".repeat(64)), None);
    }
}

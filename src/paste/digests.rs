//! Line: paste -> bytes. Digests and beginnings of digests in a line of text.

use crate::digest::Digest;

/// The shortest hex taken as the beginning of a digest.
pub(super) const PREFIX: usize = 6;

/// Every whole digest in a line, in order.
pub(super) fn of_line(line: &str) -> Vec<Digest> {
    let mut found = Vec::new();
    for name in ["sha256:", "sha512:", "sha384:"] {
        for (at, _) in line.match_indices(name) {
            let hex = &line[at + name.len()..];
            let end = hex.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(hex.len());
            if let Ok(digest) = Digest::parse(&line[at..at + name.len() + end]) {
                found.push((at, digest));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, digest)| digest).collect()
}

/// A word that is a whole digest: with its algorithm, or 64 hex characters; upper case is put in lower.
pub(super) fn whole(word: &str) -> Option<Digest> {
    let word = trim(word).to_ascii_lowercase();
    if is_hex(&word) && word.len() == 64 {
        return Digest::parse(&format!("sha256:{word}")).ok();
    }
    Digest::parse(&word).ok().filter(|digest| digest.algorithm().is_some())
}

/// A word that is the beginning of a digest: at least [`PREFIX`] hex characters, `sha256:` before them or not.
pub(super) fn prefix(word: &str) -> Option<String> {
    let word = trim(word).trim_end_matches('.').trim_end_matches('…').to_ascii_lowercase();
    let hex = word.strip_prefix("sha256:").unwrap_or(&word);
    (is_hex(hex) && (PREFIX..64).contains(&hex.len())).then(|| word.clone())
}

/// The image that a digest stands beside in `name@sha256:…`.
pub(super) fn pinned(word: &str) -> Option<(&str, Digest)> {
    let (name, digest) = word.split_once('@')?;
    Some((name, Digest::parse(digest).ok()?)).filter(|(name, _)| !name.is_empty())
}

pub(super) fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn trim(word: &str) -> &str {
    word.trim_matches(['"', '\'', '`', ',', ';', '(', ')', '<', '>', '@'])
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
        assert_eq!(prefix("abc12"), None);
        assert_eq!(prefix(&"a".repeat(64)), None);
    }
}

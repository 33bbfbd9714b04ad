//! Rules about tags: their order, which of them are one image, and which stand for signatures.
//!
//! Newest first: `1.27.3, 1.27, 1.26, 1, latest, edge, sha256-….sig`.

mod version;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use version::Key;

/// Tags in natural version order, the newest first, each once; what cosign and the referrers fallback write comes last.
#[must_use]
pub fn sorted(tags: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut keyed: Vec<(Key, String)> =
        tags.into_iter().filter(|tag| seen.insert(tag.clone())).map(|tag| (Key::of(&tag), tag)).collect();
    keyed.sort();
    keyed.into_iter().map(|(_, tag)| tag).collect()
}

/// The number of tags at the end of a list of [`sorted`] that belong to another manifest.
#[must_use]
pub fn folded(sorted: &[String]) -> usize {
    sorted.iter().rev().take_while(|tag| subject(tag).is_some()).count()
}

/// True if a text can be a tag (distribution spec: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`).
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let rest = |byte: u8| word(byte) || matches!(byte, b'.' | b'-');
    text.len() <= 128 && text.bytes().next().is_some_and(word) && text.bytes().all(rest)
}

/// The digest in a tag that belongs to another manifest: `sha256-<hex>`, with `.sig`, `.att`, `.sbom` or nothing behind.
#[must_use]
pub fn subject(tag: &str) -> Option<String> {
    let rest = tag.strip_prefix("sha256-")?;
    let hex = rest.get(..64)?;
    let end = rest.get(64..)?;
    let is_hex = hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (is_hex && (end.is_empty() || end.starts_with('.'))).then(|| format!("sha256:{hex}"))
}

/// Tags that name one manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The digest; none of a tag whose digest is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Its tags, in the order of [`sorted`].
    pub tags: Vec<String>,
}

/// Groups tags by their digests, in the order of each group's first tag.
#[must_use]
pub fn grouped(rows: Vec<(String, Option<String>)>) -> Vec<Group> {
    let digests: HashMap<String, Option<String>> = rows.into_iter().collect();
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for tag in sorted(digests.keys().cloned()) {
        let digest = digests.get(&tag).cloned().flatten();
        match digest.as_ref().and_then(|digest| known.get(digest)).and_then(|at| groups.get_mut(*at)) {
            Some(group) => group.tags.push(tag),
            None => {
                if let Some(digest) = &digest {
                    known.insert(digest.clone(), groups.len());
                }
                groups.push(Group { digest, tags: vec![tag] });
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(tags: &str) -> String {
        sorted(tags.split(' ').map(str::to_owned)).join(" ")
    }

    #[test]
    fn the_newest_version_comes_first() {
        for (given, expected) in [
            ("1 1.27 latest 1.27.3 1.26", "1.27.3 1.27 1.26 1 latest"),
            ("1.9 1.10 1.2", "1.10 1.9 1.2"),
            ("v2 v10 v1.5", "v10 v2 v1.5"),
            ("2.0 2.0-rc2 2.0-rc10 2.0-alpine 2.0.1", "2.0.1 2.0 2.0-alpine 2.0-rc10 2.0-rc2"),
            ("3.20 3.20-alpine3.19 3.20-alpine3.20", "3.20 3.20-alpine3.19 3.20-alpine3.20"),
            ("edge stable latest nightly", "latest stable edge nightly"),
            ("20240102 20240115", "20240115 20240102"),
            ("4f2ab19c main 1.0", "1.0 main 4f2ab19c"),
            ("1.0 1.0 1.0", "1.0"),
        ] {
            assert_eq!(order(given), expected);
        }
    }

    #[test]
    fn tags_of_signatures_come_last() {
        let signature = format!("sha256-{}.sig", "0f".repeat(32));
        assert_eq!(order(&format!("{signature} a 1")), format!("1 a {signature}"));
        assert_eq!(subject(&signature), Some(format!("sha256:{}", "0f".repeat(32))));
        assert_eq!(folded(&sorted([signature.clone(), "a".to_owned()])), 1);
        assert_eq!(subject("sha256-abc.sig"), None);
        assert_eq!(subject(&format!("sha256-{}é", "0f".repeat(32))), None);
    }

    #[test]
    fn tags_of_one_digest_are_one_image() {
        let row = |tag: &str, digest: Option<&str>| (tag.to_owned(), digest.map(str::to_owned));
        let rows = vec![
            row("latest", Some("d")),
            row("1", Some("d")),
            row("1.27", Some("d")),
            row("1.26", Some("e")),
            row("x", None),
            row("y", None),
        ];
        let shown: Vec<(Option<String>, String)> =
            grouped(rows).into_iter().map(|group| (group.digest, group.tags.join(" "))).collect();
        let some = |digest: &str, tags: &str| (Some(digest.to_owned()), tags.to_owned());
        assert_eq!(
            shown,
            [some("d", "1.27 1 latest"), some("e", "1.26"), (None, "x".to_owned()), (None, "y".to_owned())]
        );
    }

    #[test]
    fn a_tag_keeps_to_the_grammar() {
        for good in ["latest", "1", "_x", "a.b-c_d"] {
            assert!(is_tag(good), "{good}");
        }
        let long = "a".repeat(129);
        for bad in ["", "-a", ".a", "a/b", "a b", "a\u{202e}", "ä", &long] {
            assert!(!is_tag(bad), "{bad}");
        }
    }

    #[test]
    fn ten_thousand_tags_are_sorted_in_time() {
        let started = std::time::Instant::now();
        let tags = sorted((0..10_000).map(|at| format!("{}.{}.{}-r{}", at % 7, at % 100, at, at % 3)));
        assert!(tags.len() == 10_000 && started.elapsed().as_millis() < 2000, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn any_tags_have_one_order(mut tags in prop::collection::vec("[0-9a-z._-]{0,12}", 0..30)) {
            let first = sorted(tags.clone());
            tags.reverse();
            prop_assert_eq!(sorted(tags), first);
        }
    }
}

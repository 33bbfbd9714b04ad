//! Documents that a text carries in another form: behind prefixes of lines, in dumps, in encodings, in strings of programs.

use crate::carriers::CARRIERS;
use crate::digest::Verified;
use crate::document::{Document, Hints};
use crate::limits;
use crate::media_type::DocumentKind;
use crate::paste::Excerpt;

/// The most carriers within each other: base64 of gzip in a string is three.
const DEPTH: usize = 3;

/// The most texts that are looked at, and the most documents that are taken.
const TEXTS: usize = 16;
const DOCUMENTS: usize = 4;

/// The document of a registry that carriers without loss bring to light. A guess, as all that they give.
pub(super) fn documents(text: &[u8]) -> Vec<Excerpt> {
    if text.len() > limits::SHOWN_TEXT {
        return Vec::new();
    }
    let (mut layer, mut looked, mut found) = (vec![text.to_vec()], 0, Vec::new());
    for _ in 0..DEPTH {
        let inner =
            layer.iter().flat_map(|text| CARRIERS.iter().filter(|one| one.cost == 1).flat_map(|one| (one.open)(text)));
        let mut next: Vec<Vec<u8>> = Vec::new();
        for bytes in inner.take(TEXTS) {
            looked += 1;
            if looked > TEXTS || next.contains(&bytes) {
                continue;
            }
            match title(&bytes) {
                Some(title) if found.len() < DOCUMENTS => found.push(excerpt(bytes, title)),
                Some(_) => {}
                None => next.push(bytes),
            }
        }
        if !found.is_empty() {
            break;
        }
        layer = next;
    }
    found.dedup_by(|a, b| a.bytes == b.bytes);
    found
}

/// The name of a document; nothing if the bytes are none.
fn title(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let document = Document::parse(Verified::compute(bytes.to_vec()), &Hints::default());
    match document.kind()? {
        DocumentKind::Index => Some("index"),
        DocumentKind::Manifest => Some("manifest"),
        // Architecture and system stand in the lists of many tools, too.
        DocumentKind::Config if bytes.windows(8).any(|word| word == b"\"rootfs\"") => Some("config"),
        _ => None,
    }
}

fn excerpt(bytes: Vec<u8>, title: &str) -> Excerpt {
    let (content_type, header_digest, expected, string) = (None, None, None, None);
    Excerpt { bytes, exact: false, content_type, header_digest, expected, title: title.to_owned(), string }
}

#[cfg(test)]
mod tests {
    use crate::checks::{CheckId, Outcome};
    use crate::digest::Algorithm;
    use crate::image::{Input, OpenOptions, open};
    use crate::report::{Report, Verdict};

    const MANIFEST: &[u8] = include_bytes!("../../../www/samples/hello/manifest-amd64.json");

    fn pasted(text: &str) -> Report {
        let input = Input { bytes: text.as_bytes().into(), name: None, text: true, stated: None };
        open(vec![input], &OpenOptions::default()).unwrap().report
    }

    fn spread() -> String {
        String::from_utf8(MANIFEST.to_vec()).unwrap().replace(",\"", ",\n  \"")
    }

    #[test]
    fn a_document_behind_prefixes_is_proved_by_the_digest_beside_it() {
        let digest = Algorithm::Sha256.digest(spread().as_bytes());
        let lines: Vec<String> = spread().lines().map(|line| format!("2026-11-28T10:00:00.1Z {line}")).collect();
        let report = pasted(&format!("{}\n2026-11-28T10:00:01.2Z digest: {digest}\n", lines.join("\n")));
        assert_eq!(report.nodes[0].digest.as_deref(), Some(digest.as_str()));
        let own = report.nodes[0].checks.iter().find(|check| check.id == CheckId::Digest).unwrap();
        assert_eq!(own.outcome, Outcome::Pass);
        assert_eq!(report.pasted[0].documents, 1);
    }

    #[test]
    fn lists_of_tools_and_logs_carry_nothing() {
        for text in
            [r#"[{"architecture":"amd64","os":"linux","digest":"sha256:00","tags":["1"]}]"#, "I1128 x] {\"a\":1}"]
        {
            let report = pasted(text);
            assert!(report.nodes.is_empty(), "{text}");
            assert_ne!(report.summary.verdict, Verdict::Failed, "{text}");
        }
    }
}

//! The documents in what was given: a file is one as it stands, a paste is taken apart.

use std::collections::HashSet;
use std::sync::Arc;

use crate::digest::{Algorithm, Digest, Source, Verified};
use crate::document::{Document, Hints};
use crate::json;
use crate::limits;
use crate::media_type::MediaType;
use crate::paste::{self, Form};
use crate::recover::unwrapping;
use crate::report::PastedText;

use super::{Input, carried, told};

/// One document to be, with everything that was said about it.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) bytes: Arc<[u8]>,
    pub(super) expected: Option<(Digest, Source)>,
    pub(super) said: Option<MediaType>,
    pub(super) now: Option<i64>,
    /// These very bytes are meant: they are not mended.
    pub(super) exact: bool,
    content_type: Option<MediaType>,
    header_digest: Option<String>,
    /// The digest that stands closest to it in its text: it proves the piece if it fits, and never makes it fail.
    pub(super) close: Option<Digest>,
    /// It came in a text, whose digests are tried on it.
    pub(super) of_text: bool,
    /// The text that it was cut out of, if it is not all of it.
    pub(super) cut_from: Option<Arc<[u8]>>,
    /// The step that took it out of a string in JSON, in the words of the recovery.
    pub(super) unwrapped: Option<String>,
    /// The same text, if its bytes were made of all of it.
    pub(super) made_from: Option<Arc<[u8]>>,
}

/// The documents that the inputs hold.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) pieces: Vec<Piece>,
    pub(super) pasted: Vec<PastedText>,
    /// The digests of all texts that may be those of documents, closest first.
    pub(super) candidates: Vec<Digest>,
}

/// Takes every input apart. `wanted` is whether the caller said what the bytes should be: then they are looked at even if
/// the text holds no document.
pub(super) fn of(inputs: &[Input], wanted: bool) -> Pieces {
    let mut all = Pieces::default();
    let named = named(inputs);
    for input in inputs {
        all.add(input, wanted, &named);
    }
    all
}

/// The digests that the documents among several files name.
fn named(inputs: &[Input]) -> HashSet<Digest> {
    let files = inputs.iter().filter(|input| inputs.len() > 1 && !input.text && input.stated.is_none());
    let documents = files.filter(|input| may_be_pasted(&input.bytes) && begins(&input.bytes));
    let parsed = documents.map(|input| Document::parse(Verified::compute(input.bytes.clone()), &Hints::default()));
    let digests =
        |document: Document| -> Vec<Digest> { document.children().filter_map(|child| child.digest.clone()).collect() };
    parsed.flat_map(digests).collect()
}

/// True if a document beside the file names its bytes.
fn is_named(bytes: &[u8], named: &HashSet<Digest>) -> bool {
    let mut algorithms: Vec<Algorithm> = named.iter().filter_map(Digest::algorithm).collect();
    algorithms.sort_by_key(|algorithm| algorithm.name());
    algorithms.dedup();
    algorithms.into_iter().any(|algorithm| named.contains(&algorithm.digest(bytes)))
}

impl Pieces {
    fn add(&mut self, input: &Input, wanted: bool, named: &HashSet<Digest>) {
        if let Some(stated) = &input.stated {
            return self.pieces.push(Piece::stated(input, stated));
        }
        let whole = Piece { bytes: input.bytes.clone(), ..Piece::default() };
        if !may_be_pasted(&input.bytes) {
            return self.pieces.push(whole);
        }
        let mut pasted = paste::read(&input.bytes);
        // A statement or a signature that a manifest beside it names is that blob, even if its text looks like something else.
        let is_blob = || pasted.form != Form::Document && is_named(&input.bytes, named);
        if !input.text && (is_content(&pasted) || is_blob()) {
            return self.pieces.push(whole);
        }
        if pasted.documents.is_empty() && wanted {
            self.pieces.push(whole);
        } else if input.text && may_carry(&pasted) {
            pasted.documents = carried::documents(&input.bytes);
        }
        let framed = is_framed(&input.bytes);
        self.take(input, &pasted, framed);
        if input.text || pasted.form != Form::Document {
            let mut described = told::describe(pasted);
            described.exact &= !framed;
            described.secret = has_secret(&input.bytes);
            self.pasted.push(described);
        }
    }

    fn take(&mut self, input: &Input, pasted: &paste::Pasted, framed: bool) {
        // A document is hashed as it came, a byte order mark before it included. A file that begins like one is not cut
        // either, even if it is not JSON in the end: engines do not cut it, so what is left would be another document.
        let whole_text = pasted.form == Form::Document
            && (is_document(&input.bytes) || !input.text && (framed || begins(&input.bytes)));
        let given = pasted.expected.as_ref().map(|expected| expected.digest.clone());
        let alone = pasted.documents.len() == 1;
        self.pieces.extend(pasted.documents.iter().map(|excerpt| Piece {
            bytes: if whole_text { input.bytes.clone() } else { Arc::from(&excerpt.bytes[..]) },
            close: excerpt.expected.clone().or_else(|| given.clone().filter(|_| alone)),
            exact: whole_text && framed,
            content_type: excerpt.content_type.clone(),
            header_digest: excerpt.header_digest.clone(),
            of_text: true,
            unwrapped: excerpt.string.as_ref().map(|string| unwrapping(&string.member, string.escaped)),
            cut_from: (*excerpt.bytes != *input.bytes).then(|| input.bytes.clone()),
            ..Piece::default()
        }));
        self.candidates.extend(pasted.candidates.iter().cloned());
    }
}

/// True if a file is content rather than a text about images: no form at all, or one word or JSON that says nothing.
fn is_content(pasted: &paste::Pasted) -> bool {
    let nothing = pasted.documents.is_empty() && pasted.digests.is_empty();
    let weak = matches!(pasted.form, Form::Unknown | Form::Reference | Form::Command | Form::DigestPrefix);
    let unnamed = pasted.form == Form::ToolJson && pasted.kind == "json" || pasted.form == Form::Mentions;
    nothing && (weak || unnamed && pasted.references.is_empty())
}

impl Piece {
    /// The documents of a snapshot; the digest that it states counts only if it is wrong.
    fn stated(input: &Input, digest: &Digest) -> Self {
        let verified = Verified::against(input.bytes.clone(), digest.clone(), Source::Descriptor);
        let expected = (verified.matches() != Some(true)).then(|| (digest.clone(), Source::Descriptor));
        Self { bytes: input.bytes.clone(), expected, exact: true, ..Self::default() }
    }

    /// True if the digests of texts are tried on it: it came in a text, and no digest is known for it.
    pub(super) fn is_free(&self) -> bool {
        self.of_text && self.expected.is_none() && !self.exact
    }

    /// True if this is the digest that it should have.
    pub(super) fn is_expected(&self, digest: &Digest) -> bool {
        self.expected.as_ref().is_some_and(|(expected, _)| expected == digest)
    }

    /// Hashes and parses it.
    pub(super) fn parse(&self) -> Document {
        let verified = match &self.expected {
            Some((expected, source)) => Verified::against(self.bytes.clone(), expected.clone(), *source),
            None => Verified::compute(self.bytes.clone()),
        };
        let hints = Hints {
            expected_type: self.said.clone().map(|said| (said, Source::User)),
            content_type: self.content_type.clone(),
            header_digest: self.header_digest.clone(),
            pasted: self.of_text,
            now: self.now,
            ..Hints::default()
        };
        Document::parse(verified, &hints)
    }
}

/// True if a text may carry a document that the forms did not find: JSON of a tool was looked through already.
fn may_carry(pasted: &paste::Pasted) -> bool {
    let loose = [Form::Unknown, Form::Mentions, Form::Command, Form::ErrorMessage, Form::ImageFile];
    pasted.documents.is_empty() && pasted.inspect.is_none() && loose.contains(&pasted.form)
}

/// True if a text that is short enough to be shown again has what looks like a secret.
fn has_secret(bytes: &[u8]) -> bool {
    bytes.len() <= limits::SHOWN_TEXT && std::str::from_utf8(bytes).is_ok_and(paste::holds_secret)
}

fn begins(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
}

/// True if characters that show nothing, and that JSON does not allow, stand before a document or behind it. A paste is
/// read without them; the digest of what is left is not that of what was given.
fn is_framed(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) else { return false };
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let inner = text.trim_matches(json::shows_nothing);
    inner.starts_with('{') && inner.ends_with('}') && text.trim_matches(blank).len() != inner.len()
}

fn is_document(bytes: &[u8]) -> bool {
    json::parse(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).is_ok()
}

/// Text that is not too large; anything else is content, not a paste.
fn may_be_pasted(bytes: &[u8]) -> bool {
    bytes.len() <= limits::CONFIG_BYTES && !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{CheckId, Outcome};
    use crate::digest::Algorithm;
    use crate::image::{OpenOptions, open};
    use crate::report::Report;

    const DOCUMENT: &str = r#"{"schemaVersion":2,"manifests":[]}"#;

    /// The report of a text with that frame, and the digests of the bytes as they are and without the frame.
    fn framed(before: &str, after: &str, text: bool, expect_own: bool) -> (Report, Digest, Digest) {
        let bytes = format!("{before}{DOCUMENT}{after}").into_bytes();
        let digest = |bytes: &[u8]| Algorithm::Sha256.digest(bytes);
        let (own, trimmed) = (digest(&bytes), digest(DOCUMENT.as_bytes()));
        let expected = Some(if expect_own { own.clone() } else { trimmed.clone() });
        let input = Input { bytes: bytes.into(), name: None, text, stated: None };
        let outcome = open(vec![input], &OpenOptions { expected, ..OpenOptions::default() }).unwrap();
        (outcome.report, own, trimmed)
    }

    fn outcome(report: &Report, id: CheckId) -> Outcome {
        report.nodes[0].checks.iter().find(|check| check.id == id).unwrap().outcome
    }

    #[test]
    fn a_file_is_hashed_with_what_json_does_not_allow_around_it() {
        for frame in ["\u{b}", "\u{a0}", "\u{2028}", "\u{3000}", "\u{200b}", "\n\u{85} ", "\u{feff}\u{2060}"] {
            for (before, after) in [(frame, ""), ("", frame), (frame, frame)] {
                let (report, own, _) = framed(before, after, false, true);
                assert_eq!(report.nodes[0].digest.as_deref(), Some(own.as_str()), "{frame:?}");
                assert_eq!(outcome(&report, CheckId::Digest), Outcome::Pass, "{frame:?}");
                assert_eq!(outcome(&report, CheckId::Parse), Outcome::Fail, "{frame:?}");
                let (report, ..) = framed(before, after, false, false);
                assert_eq!(outcome(&report, CheckId::Digest), Outcome::Fail, "{frame:?}");
            }
        }
    }

    #[test]
    fn a_paste_is_read_without_it_and_is_not_exact() {
        for frame in ["\u{b}", "\u{a0}", "\u{2028}", "\u{3000}", "\u{200b}"] {
            let (report, _, trimmed) = framed(frame, "", true, false);
            assert_eq!(report.nodes[0].digest.as_deref(), Some(trimmed.as_str()), "{frame:?}");
            assert!(!report.pasted[0].exact, "{frame:?}");
        }
    }

    #[test]
    fn a_file_that_a_manifest_beside_it_names_is_its_blob_and_no_paste() {
        let file = |bytes: &'static [u8]| Input { bytes: bytes.into(), name: None, text: false, stated: None };
        let manifest = file(include_bytes!("../../../www/samples/hello/manifest-attestation.json"));
        let statement = file(include_bytes!("../../../www/samples/hello/provenance.json"));
        let opened = |inputs| open(inputs, &OpenOptions::default()).unwrap().report;
        for inputs in [vec![manifest.clone(), statement.clone()], vec![statement.clone(), manifest.clone()]] {
            let report = opened(inputs);
            assert!(report.pasted.is_empty(), "{:?}", report.pasted);
            let digest = Algorithm::Sha256.digest(&statement.bytes);
            let node = report.nodes.iter().find(|node| node.digest.as_deref() == Some(digest.as_str())).unwrap();
            assert!(node.read && node.parent.is_some(), "{node:?}");
            let check = node.checks.iter().find(|check| check.id == CheckId::Digest).unwrap();
            assert_eq!(check.outcome, Outcome::Pass);
        }
        assert_eq!(opened(vec![statement]).pasted.len(), 1, "alone it is a text");
    }

    #[test]
    fn white_space_of_json_is_part_of_a_document() {
        for text in [true, false] {
            let (report, own, _) = framed(" \t\r\n", "\n", text, true);
            assert_eq!(report.nodes[0].digest.as_deref(), Some(own.as_str()));
            assert_eq!(outcome(&report, CheckId::Digest), Outcome::Pass);
        }
    }
}

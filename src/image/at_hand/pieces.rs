//! Line: paste / drop -> bytes. The documents in what was given: a file is one as it stands, a paste is taken apart.

use std::sync::Arc;

use crate::digest::{Digest, Source, Verified};
use crate::document::{Document, Hints};
use crate::json;
use crate::limits;
use crate::media_type::MediaType;
use crate::paste::{self, Form};
use crate::report::{Mentioned, PastedText};

use super::Input;

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
}

/// What the inputs come to.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) pieces: Vec<Piece>,
    pub(super) pasted: Vec<PastedText>,
}

/// Takes every input apart.
pub(super) fn of(inputs: &[Input]) -> Pieces {
    let mut all = Pieces::default();
    for input in inputs {
        all.add(input);
    }
    all
}

impl Pieces {
    fn add(&mut self, input: &Input) {
        if let Some(stated) = &input.stated {
            return self.pieces.push(Piece::stated(input, stated));
        }
        let whole = Piece { bytes: input.bytes.clone(), ..Piece::default() };
        if !may_be_pasted(&input.bytes) {
            return self.pieces.push(whole);
        }
        let pasted = paste::read(&input.bytes);
        if pasted.form == Form::Unknown && pasted.documents.is_empty() {
            return self.pieces.push(whole);
        }
        // What is one document is hashed as it came, a byte order mark before it included; a file that begins like one
        // is not cut either, even where it is not JSON in the end.
        let whole_text =
            pasted.form == Form::Document && (is_document(&input.bytes) || !input.text && begins(&input.bytes));
        let given = pasted.expected.as_ref().map(|expected| (expected.digest.clone(), Source::User));
        let alone = pasted.documents.len() == 1;
        self.pieces.extend(pasted.documents.iter().map(|excerpt| {
            Piece {
                bytes: if whole_text { input.bytes.clone() } else { Arc::from(&excerpt.bytes[..]) },
                expected: excerpt
                    .expected
                    .clone()
                    .map(|digest| (digest, Source::User))
                    .or_else(|| given.clone().filter(|_| alone)),
                said: None,
                now: None,
                exact: false,
                content_type: excerpt.content_type.clone(),
                header_digest: excerpt.header_digest.clone(),
            }
        }));
        if input.text || pasted.form != Form::Document {
            self.pasted.push(describe(pasted));
        }
    }
}

impl Piece {
    /// What a snapshot holds; the digest that it states counts only where it is wrong.
    fn stated(input: &Input, digest: &Digest) -> Self {
        let verified = Verified::against(input.bytes.clone(), digest.clone(), Source::Descriptor);
        let expected = (verified.matches() != Some(true)).then(|| (digest.clone(), Source::Descriptor));
        Self { bytes: input.bytes.clone(), expected, exact: true, ..Self::default() }
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
            now: self.now,
            ..Hints::default()
        };
        Document::parse(verified, &hints)
    }
}

fn begins(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
}

fn is_document(bytes: &[u8]) -> bool {
    json::parse(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).is_ok()
}

/// Text that is not too large; anything else is content, not a paste.
fn may_be_pasted(bytes: &[u8]) -> bool {
    bytes.len() <= limits::CONFIG_BYTES && !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}

fn describe(pasted: paste::Pasted) -> PastedText {
    let mention = |mention: paste::Mention| Mentioned {
        digest: mention.digest_text,
        what: mention.what,
        reference: mention.reference,
    };
    PastedText {
        form: pasted.form.code().to_owned(),
        what: pasted.form.describe().to_owned(),
        proof: pasted.form.proof().to_owned(),
        documents: pasted.documents.len(),
        exact: pasted.documents.iter().all(|excerpt| excerpt.exact),
        expected: pasted.expected.as_ref().map(|expected| expected.digest.to_string()),
        expected_from: pasted.expected.map(|expected| expected.from),
        mentions: pasted.digests.into_iter().map(mention).collect(),
        notes: pasted.notes,
    }
}

//! Line: paste -> bytes. Names what was pasted and takes the documents and digests out of it.
//!
//! Text that is JSON as it stands is never cut: its bytes are hashed as they came. Everything else is cleaned
//! (`clean`), cut into lines and JSON (`text`), and shown to each entry of one table of forms (`forms`).

mod clean;
mod command;
mod cut;
mod digests;
mod form;
mod forms;
mod merge;
mod prompt;
mod repair;
#[cfg(test)]
mod tests;
mod text;

pub use form::Form;

use crate::digest::Digest;
use crate::media_type::MediaType;

/// What a pasted text is, and what was taken out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// What it is.
    pub form: Form,
    /// The documents in it, in the order of the text.
    pub documents: Vec<Excerpt>,
    /// The digest that the document should have by the paste itself: the most specific one given.
    pub expected: Option<ExpectedDigest>,
    /// Every other digest or prefix of one, with what it is.
    pub digests: Vec<Mention>,
    /// What was cut away, and what can and cannot be proved from it, in sentences.
    pub notes: Vec<String>,
}

/// A digest that the paste itself gives for its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedDigest {
    /// The digest.
    pub digest: Digest,
    /// Where it stands, in words: `the Docker-Content-Digest header`.
    pub from: String,
}

/// A document taken out of a paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Its bytes, never re-serialised.
    pub bytes: Vec<u8>,
    /// Whether these are the registry's own bytes as far as the form lets one know; where false, a note says why.
    pub exact: bool,
    /// The media type that stands beside it: a `Content-Type` header or a descriptor.
    pub content_type: Option<MediaType>,
    /// The `Docker-Content-Digest` header, as written.
    pub header_digest: Option<String>,
    /// The digest given for this very document, by a descriptor or the command that printed it.
    pub expected: Option<Digest>,
    /// What it is, in words: `manifest`, or the reference it was printed with.
    pub title: String,
}

/// A digest, or the beginning of one, that the paste mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The digest (`sha256:…`), or as much of its hex as is there.
    pub digest_text: String,
    /// What it is by where it stands, in words.
    pub what: String,
    /// The image that it stands beside, as written.
    pub reference: Option<String>,
}

/// Takes a pasted text apart. This never fails: what is not recognised is [`Form::Unknown`] without documents.
///
/// An image reference is not recognised here either: try [`Reference`](crate::Reference) first.
#[must_use]
pub fn read(pasted: &[u8]) -> Pasted {
    let mut text = text::Text::of(pasted);
    let mut parts = Vec::new();
    for recognise in forms::FORMS {
        if let Some(part) = recognise(&text) {
            text.take(&part.pieces);
            parts.push(part);
        }
    }
    merge::merge(parts, &text)
}

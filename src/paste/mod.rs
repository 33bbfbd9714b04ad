//! Names what was pasted and takes the documents, digests and names of images out of it.
//!
//! One door for every way in: a name, an address, a command, a digest, documents, and any text around these. Text that is JSON
//! as it stands is never cut: its bytes are hashed as they came. Everything else is cleaned (`clean`), cut into lines and JSON
//! (`text`), and shown to each entry of one table of forms (`forms`).

mod clean;
mod command;
mod cut;
mod digests;
mod foreign;
mod form;
mod forms;
mod labels;
mod meaning;
mod merge;
mod names;
mod note;
mod places;
mod prompt;
mod repair;
mod scan;
mod single;
#[cfg(test)]
mod tests;
mod text;
pub mod trade;

pub use form::Form;
pub use forms::Named;
pub use meaning::{Mention, What};
pub use note::{Note, Say};
pub use places::{Span, SpanKind};

use crate::digest::Digest;
use crate::limits;
use crate::media_type::MediaType;
use crate::reference::Reference;
use crate::secrets;

/// A pasted text's form, and the items that were taken out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// Its form.
    pub form: Form,
    /// The stable name of what it is, more closely than the form: `ecr-describe-images`.
    pub kind: &'static str,
    /// The same in a sentence.
    pub title: &'static str,
    /// The documents in it, in the order of the text.
    pub documents: Vec<Excerpt>,
    /// The digest that the document should have by the paste itself: the most specific one given.
    pub expected: Option<ExpectedDigest>,
    /// Every digest in it that may be that of a document, closest first: one that fits proves, none makes a document fail.
    pub candidates: Vec<Digest>,
    /// Every digest or prefix of one, with what it is.
    pub digests: Vec<Mention>,
    /// Every image that it names.
    pub references: Vec<Named>,
    /// The places of these in the text.
    pub spans: Vec<Span>,
    /// The name to inspect at once, if the text is nothing else.
    pub inspect: Option<String>,
    /// Notes about the cut, and about the proofs that are possible.
    pub notes: Vec<Note>,
}

/// A digest that the paste itself gives for its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedDigest {
    /// The digest.
    pub digest: Digest,
    /// Its place in words: `the Docker-Content-Digest header`.
    pub from: Note,
}

/// A document taken out of a paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Its bytes, never re-serialised.
    pub bytes: Vec<u8>,
    /// True if these are the registry's own bytes as far as the form lets one know; if false, a note says why.
    pub exact: bool,
    /// The media type that stands beside it: a `Content-Type` header or a descriptor.
    pub content_type: Option<MediaType>,
    /// The `Docker-Content-Digest` header, as written.
    pub header_digest: Option<String>,
    /// The digest given for this very document, by a descriptor or the command that printed it.
    pub expected: Option<Digest>,
    /// Its title in words: `manifest`, or the reference it was printed with.
    pub title: String,
    /// The string in JSON that it was taken out of; none if it stood in the text as it is.
    pub string: Option<InString>,
}

/// The string that a document was taken out of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InString {
    /// The name of the member.
    pub member: String,
    /// True if it was escaped, false if it was in base64.
    pub escaped: bool,
}

/// Takes a pasted text apart. This never fails: what is not recognised is [`Form::Unknown`] without documents.
#[must_use]
pub fn read(pasted: &[u8]) -> Pasted {
    let as_text = clean::decode(pasted).map(|(text, _)| text);
    let mut read = match as_text.as_deref().and_then(single::read) {
        Some(single) => single,
        None => take_apart(pasted),
    };
    if let Some(text) = as_text.as_deref().filter(|_| is_weak(&read)) {
        as_file(text, &mut read);
    }
    if let Some(text) = as_text.as_deref() {
        places::find(text, &mut read);
    }
    read
}

/// True if the text may be a file that names images: nothing else in it says what it is.
fn is_weak(read: &Pasted) -> bool {
    read.documents.is_empty()
        && read.inspect.is_none()
        && read.kind == read.form.code()
        && matches!(read.form, Form::Unknown | Form::Mentions | Form::Command)
}

/// Takes a text for a file that names images, if it is one.
fn as_file(text: &str, read: &mut Pasted) {
    let file = trade::read_images(text, None);
    let Some(kind) = file.kind else { return };
    (read.form, read.kind, read.title) = (Form::ImageFile, kind.code(), kind.describe());
    for row in &file.images {
        let Some(digest) = &row.digest else { continue };
        let known = read.digests.iter().any(|mention| mention.digest_text == digest.as_str());
        if !known && read.digests.len() < limits::PASTE_DIGESTS {
            let reference = row.reference.split('@').next().map(str::to_owned);
            let (digest_text, what, label) = (digest.to_string(), What::Pin, String::new());
            read.digests.push(Mention { digest_text, what, label, reference, path: None, line: None });
        }
    }
    let rows = file.images.into_iter().map(|row| Named { text: row.reference, path: None, line: Some(row.line) });
    let known: Vec<Named> = std::mem::take(&mut read.references);
    read.references.extend(rows);
    name_pins(read);
    for named in known {
        if !read.references.iter().any(|have| have.text == named.text) {
            read.references.push(named);
        }
    }
}

/// Gives a digest that stands apart from its name, as in Nix and Bazel files, the name of its row.
fn name_pins(read: &mut Pasted) {
    let pins: Vec<(&str, &str)> = read.references.iter().filter_map(|named| named.text.split_once('@')).collect();
    let pins: std::collections::HashMap<&str, &str> = pins.into_iter().map(|(name, digest)| (digest, name)).collect();
    for mention in read.digests.iter_mut().filter(|mention| mention.reference.is_none()) {
        if let Some(name) = pins.get(mention.digest_text.as_str()) {
            mention.reference = Some((*name).to_owned());
            mention.what = if mention.what == What::Digest { What::Pin } else { mention.what };
        }
    }
}

fn take_apart(pasted: &[u8]) -> Pasted {
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

/// True if a text has what looks like a secret: it should not be put into an address.
#[must_use]
pub fn holds_secret(text: &str) -> bool {
    secrets::in_text(text)
}

/// The digest that a person gives for a document: as it is, in upper case, without its algorithm, or behind a name and an `@`.
///
/// # Errors
/// `invalid-digest` for anything else.
pub fn typed_digest(text: &str) -> Result<Digest, crate::Error> {
    let text = text.trim();
    let pinned = Reference::parse(names::bare(text)).ok().and_then(|reference| reference.digest().cloned());
    pinned.or_else(|| digests::whole(text)).map_or_else(|| Digest::parse(text), Ok)
}

impl Pasted {
    fn empty(form: Form) -> Self {
        Self {
            form,
            kind: form.code(),
            title: form.describe(),
            documents: Vec::new(),
            expected: None,
            candidates: Vec::new(),
            digests: Vec::new(),
            references: Vec::new(),
            spans: Vec::new(),
            inspect: None,
            notes: Vec::new(),
        }
    }
}

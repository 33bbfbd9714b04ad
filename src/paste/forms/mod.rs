//! The table of forms, strictest first: each entry claims the pieces of the text that are its own.

mod columns;
mod digest;
mod docker_inspect;
pub(super) mod document;
pub(super) mod failure;
mod history;
mod http;
mod images;
mod kinds;
mod list;
mod pull;
mod skopeo_inspect;
mod verbose;

use std::collections::HashSet;

use crate::digest::Digest;
use crate::json::Json;
use crate::limits;
use crate::paste::meaning::{Mention, What};
use crate::paste::note::{Note, Say};
use crate::paste::text::Text;
use crate::paste::{Excerpt, Form};
use crate::paste::{digests, foreign};

/// Looks for one form among the pieces that stricter forms left.
type Recognise = fn(&Text) -> Option<Part>;

/// Every form. To add one, add its file and its line here.
pub(super) const FORMS: [Recognise; 12] = [
    http::recognise,
    verbose::recognise,
    docker_inspect::recognise,
    skopeo_inspect::recognise,
    foreign::recognise,
    failure::recognise,
    pull::recognise,
    images::recognise,
    history::recognise,
    columns::recognise,
    document::recognise,
    digest::recognise,
];

/// The result of one form.
pub(super) struct Part {
    pub form: Form,
    /// The pieces that it claims.
    pub pieces: Vec<usize>,
    /// The documents, each with the piece that it stands in.
    pub documents: Vec<(usize, Excerpt)>,
    /// The digests that the document of this paste may have to have.
    pub expected: Vec<Candidate>,
    pub digests: Vec<Mention>,
    pub notes: Vec<Note>,
    /// The images that it names, as written.
    pub references: Vec<Named>,
    /// Their texts.
    named: HashSet<String>,
    /// The stable name of the kind within the form, and what it is, if that is known more closely.
    pub kind: Option<Say>,
}

/// An image that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name as written, without what only says how it is reached.
    pub text: String,
    /// The JSON path of its value, if it stands in JSON.
    pub path: Option<String>,
    /// The line of the pasted text, counted from 1.
    pub line: Option<usize>,
}

/// A digest that may be the one expected.
pub(super) struct Candidate {
    pub rank: Rank,
    pub digest: Digest,
    /// Its place, in words.
    pub from: Note,
    /// The meaning of its digest, if the document is not its own.
    pub what: What,
    /// The image beside it.
    pub reference: Option<String>,
}

/// The closeness of a digest's tie to the document, closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The descriptor printed with it.
    Descriptor,
    /// The command that printed it.
    Command,
    /// The header of the answer that carried it.
    Header,
    /// A line that calls it the digest.
    Label,
    /// A line with nothing else, or of sha256sum.
    Alone,
    /// Somewhere in a line.
    Prose,
}

impl Part {
    pub fn new(form: Form) -> Self {
        Self {
            form,
            pieces: Vec::new(),
            documents: Vec::new(),
            expected: Vec::new(),
            digests: Vec::new(),
            notes: Vec::new(),
            references: Vec::new(),
            named: HashSet::new(),
            kind: None,
        }
    }

    /// The part, if it found anything.
    pub fn found(self) -> Option<Self> {
        (!self.pieces.is_empty()).then_some(self)
    }

    pub fn claim(&mut self, piece: usize) {
        self.pieces.push(piece);
    }

    /// Mentions a digest or the beginning of one; anything else, as `<none>`, is passed over.
    pub fn mention(&mut self, digest: &str, what: What, label: &str, reference: Option<&str>) {
        if self.digests.len() >= limits::PASTE_DIGESTS {
            return;
        }
        let whole = digests::whole(digest).map(|digest| digest.to_string());
        let Some(digest_text) = whole.or_else(|| digests::prefix(digest)) else { return };
        let reference = reference.filter(|text| !text.is_empty()).map(str::to_owned);
        let label = label.to_owned();
        self.add(Mention { digest_text, what, label, reference, path: None, line: None });
    }

    /// True if it has as many digests, for the list and for documents, as are told of one paste.
    pub fn is_full(&self) -> bool {
        self.digests.len() >= limits::PASTE_DIGESTS && self.expected.len() >= limits::PASTE_DIGESTS
    }

    pub fn add(&mut self, mention: Mention) {
        if self.digests.len() < limits::PASTE_DIGESTS {
            self.digests.push(mention);
        }
    }

    pub fn name(&mut self, text: &str, path: Option<String>) {
        if self.references.len() < limits::PASTE_DIGESTS && !self.named.contains(text) {
            self.named.insert(text.to_owned());
            self.references.push(Named { text: text.to_owned(), path, line: None });
        }
    }

    pub fn note(&mut self, note: impl Into<Note>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The text of a member, empty if there is none.
fn text_of<'a>(json: &'a Json, name: &str) -> &'a str {
    json.key(name).and_then(Json::as_str).unwrap_or_default()
}

/// The texts in an array member.
fn texts_of<'a>(json: &'a Json, name: &str) -> impl Iterator<Item = &'a str> {
    json.key(name).and_then(Json::as_array).unwrap_or_default().iter().filter_map(Json::as_str)
}

/// The elements of an array, or the value itself if it is an object.
fn each(json: &Json) -> &[Json] {
    json.as_array().unwrap_or(std::slice::from_ref(json))
}

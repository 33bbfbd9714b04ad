//! Line: paste -> bytes. The table of forms, strictest first: each entry claims the pieces of the text that are its own.

mod digest;
mod docker_inspect;
mod document;
mod history;
mod http;
mod images;
mod pull;
mod skopeo_inspect;
mod verbose;

use crate::digest::Digest;
use crate::json::Json;
use crate::limits;
use crate::paste::text::Text;
use crate::paste::{Excerpt, Form, Mention};

/// Looks for one form among the pieces that stricter forms left.
type Recognise = fn(&Text) -> Option<Part>;

/// Every form. To add one, add its file and its line here.
pub(super) const FORMS: [Recognise; 9] = [
    http::recognise,
    verbose::recognise,
    docker_inspect::recognise,
    skopeo_inspect::recognise,
    pull::recognise,
    images::recognise,
    history::recognise,
    document::recognise,
    digest::recognise,
];

/// What one form found.
pub(super) struct Part {
    pub form: Form,
    /// The pieces that it claims.
    pub pieces: Vec<usize>,
    /// The documents, each with the piece that it stands in.
    pub documents: Vec<(usize, Excerpt)>,
    /// The digests that the document of this paste may have to have.
    pub expected: Vec<Candidate>,
    pub digests: Vec<Mention>,
    pub notes: Vec<String>,
}

/// A digest that may be the one expected.
pub(super) struct Candidate {
    pub rank: Rank,
    pub digest: Digest,
    /// Where it stands, in words.
    pub from: String,
    /// The image beside it.
    pub reference: Option<String>,
}

/// How closely a digest is tied to the document, closest first.
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
        let (pieces, documents) = (Vec::new(), Vec::new());
        Self { form, pieces, documents, expected: Vec::new(), digests: Vec::new(), notes: Vec::new() }
    }

    /// The part, where it found anything.
    pub fn found(self) -> Option<Self> {
        (!self.pieces.is_empty()).then_some(self)
    }

    pub fn claim(&mut self, piece: usize) {
        self.pieces.push(piece);
    }

    pub fn mention(&mut self, digest: &str, what: &str, reference: Option<&str>) {
        if !digest.is_empty() && self.digests.len() < limits::PASTE_DIGESTS {
            let reference = reference.filter(|text| !text.is_empty()).map(str::to_owned);
            self.digests.push(Mention { digest_text: digest.to_owned(), what: what.to_owned(), reference });
        }
    }

    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The text of a member, empty where there is none.
fn text_of<'a>(json: &'a Json, name: &str) -> &'a str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// The texts in an array member.
fn texts_of<'a>(json: &'a Json, name: &str) -> impl Iterator<Item = &'a str> {
    json.get(name).and_then(Json::as_array).unwrap_or_default().iter().filter_map(Json::as_str)
}

/// The elements of an array, or the value itself where it is an object.
fn each(json: &Json) -> &[Json] {
    json.as_array().unwrap_or(std::slice::from_ref(json))
}

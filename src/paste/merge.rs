//! Joins what the forms found: documents in order, the closest expected digest, all others.

use std::collections::HashSet;

use crate::limits;
use crate::paste::forms::{Candidate, Part};
use crate::paste::meaning::{Mention, What};
use crate::paste::note::Note;
use crate::paste::text::{Piece, Text};
use crate::paste::{Excerpt, ExpectedDigest, Form, Pasted, digests, labels};

/// Joins the parts of a text.
pub(super) fn merge(parts: Vec<Part>, text: &Text) -> Pasted {
    let form = form(&parts);
    let kind = parts.iter().filter(|part| part.form == form).find_map(|part| part.kind);
    let (kind, title) = kind.map_or((form.code(), form.describe()), |kind| (kind.0, kind.1));
    let mut pasted = Pasted { kind, title, notes: text.notes.clone(), ..Pasted::empty(form) };
    let mut documents = Vec::new();
    let mut candidates = Vec::new();
    for part in parts {
        documents.extend(part.documents);
        candidates.extend(part.expected);
        pasted.digests.extend(part.digests);
        pasted.references.extend(part.references);
        pasted.notes.extend(part.notes);
    }
    documents.sort_by_key(|(piece, _)| *piece);
    pasted.documents = documents.into_iter().map(|(_, excerpt)| excerpt).take(limits::PASTE_DOCUMENTS).collect();
    add_broken(text, &mut pasted);
    add_commands(text, &mut pasted);
    expect(candidates, &mut pasted);
    tidy(&mut pasted);
    pasted
}

/// The one form, or several; digests beside documents do not count as a form, and a message says more than its log.
fn form(parts: &[Part]) -> Form {
    let main: Vec<&Part> = parts.iter().filter(|part| part.form != Form::Mentions).collect();
    let documents = main.iter().any(|part| !part.documents.is_empty());
    match main[..] {
        [] if parts.is_empty() => Form::Unknown,
        [] => Form::Mentions,
        [only] if only.pieces.len() > 1 && only.form == Form::Document => Form::Several,
        [only] => only.form,
        _ if !documents && main.iter().any(|part| part.form == Form::ErrorMessage) => Form::ErrorMessage,
        [first, ..] if main.iter().all(|part| part.form == first.form) => first.form,
        _ => Form::Several,
    }
}

/// A piece that begins like a document but is none is shown as one that cannot be read, if a registry may have held it.
fn add_broken(text: &Text, pasted: &mut Pasted) {
    let Some(broken) = &text.broken else { return };
    mention_broken(&broken.bytes, pasted);
    let marked = String::from_utf8_lossy(&broken.bytes);
    let like = MARKS.iter().any(|mark| marked.contains(mark)) || marked.len() > limits::PASTE_BYTES;
    if like && pasted.documents.is_empty() && matches!(pasted.form, Form::Unknown | Form::Mentions) {
        let (bytes, exact) = (broken.bytes.clone(), broken.exact);
        let title = "text that is not JSON".to_owned();
        (pasted.form, pasted.kind, pasted.title) = (Form::Document, "broken-document", BROKEN);
        pasted.documents.push(Excerpt {
            bytes,
            exact,
            content_type: None,
            header_digest: None,
            expected: None,
            title,
            string: None,
        });
    }
}

const BROKEN: &str = "This begins like a document of a registry, but it is not whole or was changed.";

/// Names that documents of registries have.
const MARKS: [&str; 8] =
    ["schemaVersion", "mediaType", "rootfs", "diff_ids", "fsLayers", "\"layers\"", "manifests", "architecture"];

/// The digests in a document that cannot be read; none of them is that of the document.
fn mention_broken(bytes: &[u8], pasted: &mut Pasted) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for line in text.lines().take(limits::PASTE_LINES) {
        for found in digests::in_line(line).into_iter().filter(|found| !found.bare) {
            let what = labels::of(&line[..found.start]).map_or(What::Digest, |(_, what)| what);
            let what = if what == What::ManifestOrIndex { What::Digest } else { what };
            let digest_text = found.digest.to_string();
            let (label, reference, path, line) = (String::new(), None, None, None);
            pasted.digests.push(Mention { digest_text, what, label, reference, path, line });
        }
        if pasted.digests.len() >= limits::PASTE_DIGESTS {
            return;
        }
    }
}

/// The closest candidate is expected, if there is a document or an answer to expect it of; all are tried.
fn expect(mut candidates: Vec<Candidate>, pasted: &mut Pasted) {
    candidates.sort_by_key(|candidate| candidate.rank);
    let of_one = pasted.form != Form::ManifestInspectVerbose || pasted.documents.len() == 1;
    let awaits = matches!(pasted.form, Form::HttpResponse | Form::PullOutput) || !pasted.documents.is_empty();
    let mut seen = HashSet::new();
    for candidate in candidates {
        let digest = candidate.digest.clone();
        if !seen.insert(digest.clone()) {
            continue;
        }
        if pasted.expected.is_none() && of_one && awaits {
            pasted.expected = Some(ExpectedDigest { digest: digest.clone(), from: candidate.from });
        }
        if pasted.candidates.len() < limits::PASTE_DIGESTS {
            pasted.candidates.push(digest);
        }
        mention(&candidate.digest, candidate.what, "", candidate.reference, pasted);
    }
    for digest in pasted.digests.iter().filter(|mention| mention.what.may_be_document() && !mention.is_prefix()) {
        if let Some(digest) = digests::whole(&digest.digest_text).filter(|digest| seen.insert(digest.clone())) {
            pasted.candidates.push(digest);
        }
    }
}

/// The digests and images that commands name.
fn add_commands(text: &Text, pasted: &mut Pasted) {
    let commands = text.pieces.iter().filter_map(|piece| match piece {
        Piece::Command(command) => Some(command),
        _ => None,
    });
    for command in commands.take(limits::PASTE_DIGESTS) {
        let image = command.image();
        if let Some(digest) = command.digest() {
            mention(&digest, What::Asked, &command.name(), command.reference(), pasted);
        }
        let Some(image) = image else { continue };
        if pasted.references.len() < limits::PASTE_DIGESTS && !pasted.references.iter().any(|have| have.text == image) {
            pasted.references.push(crate::paste::Named { text: image, path: None, line: None });
        }
        if pasted.form == Form::Unknown {
            (pasted.form, pasted.kind, pasted.title) = (Form::Command, Form::Command.code(), Form::Command.describe());
        }
    }
}

/// Mentions a digest that is not mentioned yet.
fn mention(digest: &crate::Digest, what: What, label: &str, reference: Option<String>, pasted: &mut Pasted) {
    let room = pasted.digests.len() < limits::PASTE_DIGESTS;
    if room && !pasted.digests.iter().any(|mention| mention.digest_text == digest.as_str()) {
        let (digest_text, label) = (digest.to_string(), label.to_owned());
        pasted.digests.push(Mention { digest_text, what, label, reference, path: None, line: None });
    }
}

fn tidy(pasted: &mut Pasted) {
    let mut seen = HashSet::new();
    pasted.digests.retain(|mention| {
        seen.insert((mention.digest_text.clone(), mention.what, mention.label.clone(), mention.path.clone()))
    });
    pasted.digests.truncate(limits::PASTE_DIGESTS);
    let mut seen = HashSet::new();
    pasted.references.retain(|named| seen.insert(named.text.clone()));
    let mut seen: HashSet<Note> = HashSet::new();
    pasted.notes.retain(|note| seen.insert(note.clone()));
}

//! Line: paste -> bytes. Joins what the forms found: documents in order, the closest expected digest, all others.

use crate::limits;
use crate::paste::forms::{Candidate, Part};
use crate::paste::text::{Piece, Text};
use crate::paste::{Excerpt, ExpectedDigest, Form, Mention, Pasted};

/// Joins the parts of a text.
pub(super) fn merge(parts: Vec<Part>, text: &Text) -> Pasted {
    let mut pasted = Pasted {
        form: form(&parts),
        documents: Vec::new(),
        expected: None,
        digests: Vec::new(),
        notes: text.notes.clone(),
    };
    let mut documents = Vec::new();
    let mut candidates = Vec::new();
    for part in parts {
        documents.extend(part.documents);
        candidates.extend(part.expected);
        pasted.digests.extend(part.digests);
        pasted.notes.extend(part.notes);
    }
    documents.sort_by_key(|(piece, _)| *piece);
    pasted.documents = documents.into_iter().map(|(_, excerpt)| excerpt).take(limits::PASTE_DOCUMENTS).collect();
    add_broken(text, &mut pasted);
    expect(candidates, &mut pasted);
    add_commands(text, &mut pasted);
    tidy(&mut pasted);
    pasted
}

/// The one form, or several; digests beside documents do not count as a form.
fn form(parts: &[Part]) -> Form {
    let main: Vec<&Part> = parts.iter().filter(|part| part.form != Form::Mentions).collect();
    match main[..] {
        [] if parts.is_empty() => Form::Unknown,
        [] => Form::Mentions,
        [only] if only.pieces.len() > 1 && only.form == Form::Document => Form::Several,
        [only] => only.form,
        _ => Form::Several,
    }
}

fn add_broken(text: &Text, pasted: &mut Pasted) {
    let Some(broken) = &text.broken else { return };
    if pasted.documents.is_empty() && matches!(pasted.form, Form::Unknown | Form::Mentions) {
        let (bytes, exact) = (broken.bytes.clone(), broken.exact);
        let title = "text that is not JSON".to_owned();
        pasted.form = Form::Document;
        pasted.documents.push(Excerpt { bytes, exact, content_type: None, header_digest: None, expected: None, title });
    }
}

/// The closest candidate is expected, where there is something to expect it of; the others are mentioned.
fn expect(mut candidates: Vec<Candidate>, pasted: &mut Pasted) {
    candidates.sort_by_key(|candidate| candidate.rank);
    let of_one = pasted.form != Form::ManifestInspectVerbose || pasted.documents.len() == 1;
    let awaits = matches!(pasted.form, Form::HttpResponse | Form::PullOutput) || !pasted.documents.is_empty();
    for candidate in candidates {
        if pasted.digests.len() >= limits::PASTE_DIGESTS && (pasted.expected.is_some() || !(of_one && awaits)) {
            break;
        }
        let known = pasted.expected.as_ref().is_some_and(|expected| expected.digest == candidate.digest);
        let mentioned = pasted.digests.iter().any(|mention| mention.digest_text == candidate.digest.as_str());
        if pasted.expected.is_none() && of_one && awaits {
            pasted.expected = Some(ExpectedDigest { digest: candidate.digest, from: candidate.from });
        } else if !known && !mentioned && pasted.digests.len() < limits::PASTE_DIGESTS {
            let what = format!("the digest in {}", candidate.from);
            let digest_text = candidate.digest.to_string();
            pasted.digests.push(Mention { digest_text, what, reference: candidate.reference });
        }
    }
}

/// The digests that commands name without printing the document of it.
fn add_commands(text: &Text, pasted: &mut Pasted) {
    let commands = text.pieces.iter().filter_map(|piece| match piece {
        Piece::Command(command) => Some((command, command.digest()?)),
        _ => None,
    });
    for (command, digest) in commands {
        if pasted.digests.len() >= limits::PASTE_DIGESTS {
            break;
        }
        let expected = pasted.documents.iter().filter_map(|document| document.expected.as_ref());
        let known =
            expected.chain(pasted.expected.as_ref().map(|expected| &expected.digest)).any(|have| *have == digest);
        if !known && !pasted.digests.iter().any(|mention| mention.digest_text == digest.as_str()) {
            let what = format!("the digest that the {} command names", command.name());
            pasted.digests.push(Mention { digest_text: digest.to_string(), what, reference: command.reference() });
            if pasted.form == Form::Unknown {
                pasted.form = Form::Mentions;
            }
        }
    }
}

fn tidy(pasted: &mut Pasted) {
    let mut seen = std::collections::HashSet::new();
    pasted.digests.retain(|mention| seen.insert((mention.digest_text.clone(), mention.what.clone())));
    pasted.digests.truncate(limits::PASTE_DIGESTS);
    pasted.notes.push(pasted.form.proof().to_owned());
    let mut seen = std::collections::HashSet::new();
    pasted.notes.retain(|note| seen.insert(note.clone()));
}

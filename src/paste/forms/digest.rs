//! Line: paste -> bytes. Digests by themselves, on labelled lines, in the output of sha256sum, and anywhere in text.

use crate::paste::Form;
use crate::paste::command::Prints;
use crate::paste::digests::{self, is_hex};
use crate::paste::forms::{Candidate, Part, Rank};
use crate::paste::text::{Piece, Text};

/// Finds digests in the lines that no other form has claimed.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    if let Some(part) = alone(text) {
        return Some(part);
    }
    let mut part = Part::new(Form::Mentions);
    for (piece, line) in text.free_lines() {
        if labelled(line, &mut part) || summed(line, &mut part) || pinned(line, &mut part) || prose(line, &mut part) {
            part.claim(piece);
        }
    }
    part.found()
}

/// One digest or prefix and nothing else but the command that printed it.
fn alone(text: &Text) -> Option<Part> {
    let mut lines = text.pieces.iter().enumerate().filter_map(|(index, piece)| match piece {
        Piece::Line { text, .. } if text.is_empty() => None,
        Piece::Command(_) => None,
        Piece::Line { text, .. } => Some((index, Some(text.as_str()))),
        Piece::Json(_) => Some((index, None)),
    });
    let (piece, Some(word)) = lines.next()? else { return None };
    if lines.next().is_some() || word.contains(char::is_whitespace) {
        return None;
    }
    let command = text.command_before(piece).map(|(_, command)| command);
    let printed = command.filter(|command| command.prints() == Prints::Digest);
    let reference = printed.and_then(|command| command.reference());
    let (form, digest, what) = match (digests::whole(word), digests::prefix(word)) {
        (Some(digest), _) => (Form::Digest, digest.to_string(), "a digest"),
        (None, Some(prefix)) => (Form::DigestPrefix, prefix, "the beginning of a digest"),
        _ => return None,
    };
    let what = printed.map_or(what.to_owned(), |command| {
        format!("the digest of the manifest or index that {} prints", command.name())
    });
    let mut part = Part::new(form);
    part.claim(piece);
    part.mention(&digest, &what, reference.as_deref());
    Some(part)
}

/// `Digest: sha256:…`
fn labelled(line: &str, part: &mut Part) -> bool {
    let Some((label, rest)) = line.split_once(':') else { return false };
    let label = label.trim().trim_start_matches(['#', '/', '*', '-', ' ']);
    let Some(digest) = digests::whole(rest.trim()) else { return false };
    if label == "sha256" || label == "sha512" || label == "sha384" {
        return false;
    }
    let lower = label.to_ascii_lowercase();
    let of_part = ["config", "layer", "diff", "parent", "image id"].iter().any(|word| lower.contains(word));
    let own = lower.contains("digest") || lower.contains("expected") || lower == "sha256sum";
    if own && !of_part {
        let rank = if lower == "docker-content-digest" { Rank::Header } else { Rank::Label };
        let from = format!("the line {}: …", shortened(label));
        part.expected.push(Candidate { rank, digest, from, reference: None });
    } else {
        part.mention(digest.as_str(), &format!("what the line {}: … names", shortened(label)), None);
    }
    true
}

/// A digest alone on a line, or what sha256sum prints: `hex  name`.
fn summed(line: &str, part: &mut Part) -> bool {
    let mut words = line.split_whitespace();
    let (Some(first), second, None) = (words.next(), words.next(), words.next()) else { return false };
    let Some(digest) = digests::whole(first) else { return false };
    let from = match second {
        None => "a line of its own",
        Some(_) if is_hex(first) => "the line of sha256sum",
        Some(_) => return false,
    };
    part.expected.push(Candidate { rank: Rank::Alone, digest, from: from.to_owned(), reference: None });
    true
}

/// `name@sha256:…` anywhere in the line.
fn pinned(line: &str, part: &mut Part) -> bool {
    let before = part.digests.len();
    for word in line.split_whitespace() {
        if let Some((name, digest)) = digests::pinned(word.trim_matches(['"', '\'', '`', ',', ';', '(', ')'])) {
            part.mention(digest.as_str(), "the digest that pins the image", Some(name));
        }
    }
    part.digests.len() > before
}

fn prose(line: &str, part: &mut Part) -> bool {
    let found = digests::of_line(line);
    let any = !found.is_empty();
    let words = if found.len() == 1 { "the text beside the document" } else { "a line with several digests" };
    for digest in found {
        part.expected.push(Candidate { rank: Rank::Prose, digest, from: words.to_owned(), reference: None });
    }
    any
}

fn shortened(label: &str) -> String {
    label.chars().take(40).collect()
}

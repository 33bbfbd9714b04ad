//! Line: paste -> bytes. What pulls and pushes print: layers by their short names, and the digest at the end.

use crate::digest::Digest;
use crate::paste::Form;
use crate::paste::digests::{self, is_hex};
use crate::paste::forms::{Candidate, Part, Rank};
use crate::paste::text::Text;

/// What follows a layer's short name, and what that name is then.
const PROGRESS: [(&[&str], &str); 2] = [
    (
        &[
            "Pulling fs layer",
            "Waiting",
            "Downloading",
            "Verifying Checksum",
            "Download complete",
            "Extracting",
            "Pull complete",
            "Already exists",
            "Retrying",
        ],
        "the beginning of the digest of a layer blob",
    ),
    (&["Preparing", "Pushing", "Pushed", "Layer already exists", "Mounted from"], "the beginning of a DiffID"),
];

/// Finds lines of progress and their end.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::PullOutput);
    let lines: Vec<(usize, &str)> = text.free_lines().collect();
    if !lines.iter().any(|(_, line)| is_sign(line)) {
        return None;
    }
    let image = lines.iter().find_map(|(_, line)| image(line));
    for (piece, line) in lines {
        if read(line, image, &mut part) {
            part.claim(piece);
        }
    }
    part.found()
}

/// A line that nothing else prints.
fn is_sign(line: &str) -> bool {
    progress(line).is_some()
        || line.contains(": Pulling from ")
        || [
            "Status: Downloaded",
            "Status: Image is up to date",
            "The push refers to",
            "Copying blob",
            "Trying to pull ",
        ]
        .iter()
        .any(|sign| line.starts_with(sign))
}

fn image(line: &str) -> Option<&str> {
    let named = ["Status: Downloaded newer image for ", "Status: Image is up to date for ", "Trying to pull "];
    let name = named.iter().find_map(|before| line.strip_prefix(before))?;
    Some(name.trim_end_matches("..."))
}

fn read(line: &str, image: Option<&str>, part: &mut Part) -> bool {
    if let Some((short, what)) = progress(line) {
        part.mention(&short, what, image);
    } else if let Some(rest) = line.strip_prefix("Digest:") {
        digest(rest, "the line Digest: …", image, part);
    } else if let Some((_, rest)) = line.split_once(": digest: ") {
        digest(rest, "the line digest: … of the push", image, part);
    } else if let Some(rest) = line.strip_prefix("Copying blob ") {
        copied(rest, "a layer blob", part);
    } else if let Some(rest) = line.strip_prefix("Copying config ") {
        copied(rest, "the config", part);
    } else if line.len() == 64 && is_hex(line) {
        part.mention(&format!("sha256:{line}"), "the image ID that podman prints: the config digest", image);
    } else {
        return is_sign(line) || image_line(line) || line.starts_with("Writing manifest");
    }
    true
}

/// The last line: the image in full.
fn image_line(line: &str) -> bool {
    line.contains('/') && line.contains(':') && !line.contains(' ') && !line.contains("sha256:")
}

/// A layer's short name, and what it is the beginning of.
fn progress(line: &str) -> Option<(String, &'static str)> {
    let (short, state) = line.split_once(": ")?;
    let short = digests::prefix(short).filter(|short| short.len() == 12)?;
    let row = PROGRESS.iter().find(|(states, _)| states.iter().any(|known| state.starts_with(known)))?;
    Some((short, row.1))
}

fn digest(rest: &str, from: &str, image: Option<&str>, part: &mut Part) {
    match digests::of_line(rest).into_iter().next() {
        Some(digest) => candidate(digest, from, image, part),
        None => part.note(format!("There is no whole digest in {from}.")),
    }
}

fn candidate(digest: Digest, from: &str, image: Option<&str>, part: &mut Part) {
    part.mention(digest.as_str(), "the digest of the manifest, or of the index where there is one", image);
    let reference = image.map(str::to_owned);
    part.expected.push(Candidate { rank: Rank::Label, digest, from: from.to_owned(), reference });
}

fn copied(rest: &str, of: &str, part: &mut Part) {
    let word = rest.split_whitespace().next().unwrap_or_default();
    if let Some(digest) = digests::whole(word) {
        part.mention(digest.as_str(), &format!("the digest of {of}"), None);
    } else if let Some(prefix) = digests::prefix(word) {
        part.mention(&prefix, &format!("the beginning of the digest of {of}"), None);
    }
}

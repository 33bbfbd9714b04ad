//! The output of pulls and pushes: layers by their short names, and the digest at the end.

use crate::paste::Form;
use crate::paste::digests::{self, is_hex};
use crate::paste::forms::{Candidate, Part, Rank};
use crate::paste::labels;
use crate::paste::meaning::What;
use crate::paste::note::{Note, Say};
use crate::paste::text::Text;

const FROM_LINE: Say = Say("line", "the line {label}: …");
const FROM_PUSH: Say = Say("push-line", "the line digest: … of the push");
const NO_DIGEST: Say = Say("no-whole-digest", "There is no whole digest in {from}.");
const ONE_PUSHED: Say = Say(
    "one-platform-pushed",
    "Only one platform of the index was pushed, so the digest is that of its manifest and not that of the index.",
);

/// The words behind a layer's short name, and the meaning of that name then.
const PROGRESS: [(&[&str], What); 2] = [
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
        What::Layer,
    ),
    (&["Preparing", "Pushing", "Pushed", "Layer already exists", "Mounted from"], What::DiffId),
];

/// Lines that say nothing about a digest.
const DONE: [&str; 6] =
    ["Writing manifest", "Getting image source", "Storing signatures", "Using default tag", "elapsed: ", "done: "];

/// Finds lines of progress and their end.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::PullOutput);
    let lines: Vec<(usize, &str)> = text.free_lines().collect();
    if !lines.iter().any(|(_, line)| is_sign(line)) {
        return None;
    }
    let image = lines.iter().find_map(|(_, line)| image(line));
    image.into_iter().for_each(|name| part.name(name, None));
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
        || is_transfer(line)
        || line.split_once(": ").is_some_and(|(_, rest)| rest.starts_with("Pulling from "))
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
    if let Some(name) = named.iter().find_map(|before| line.strip_prefix(before)) {
        return Some(name.trim_end_matches("..."));
    }
    if let Some(name) = line.strip_prefix("The push refers to repository [") {
        return name.strip_suffix(']');
    }
    let (name, rest) = line.split_once(char::is_whitespace)?;
    rest.trim_start().starts_with("resolved").then(|| name.trim_end_matches(':'))
}

fn read(line: &str, image: Option<&str>, part: &mut Part) -> bool {
    if let Some((short, what)) = progress(line) {
        part.mention(&short, what, "", image);
    } else if let Some(rest) = line.strip_prefix("Digest:") {
        digest(rest, Note::from(FROM_LINE).with("label", "Digest"), image, part);
    } else if let Some((_, rest)) = line.split_once(": digest: ") {
        digest(rest, FROM_PUSH.into(), image, part);
    } else if let Some(rest) = line.strip_prefix("Copying blob ") {
        copied(rest, What::Layer, part);
    } else if let Some(rest) = line.strip_prefix("Copying config ") {
        copied(rest, What::Config, part);
    } else if let Some((before, after)) = line.split_once(" -> ") {
        arrow(before, after, image, part);
    } else if is_transfer(line) {
        transferred(line, image, part);
    } else if line.len() == 64 && is_hex(line) {
        part.mention(line, What::Config, "", image);
    } else {
        return is_sign(line) || image_line(line) || DONE.iter().any(|start| line.starts_with(start));
    }
    true
}

/// The last line: the image in full.
fn image_line(line: &str) -> bool {
    line.contains('/') && line.contains(':') && !line.contains(' ') && !line.contains("sha256:")
}

/// A layer's short name, and what it is the beginning of.
fn progress(line: &str) -> Option<(String, What)> {
    let (short, state) = line.split_once(": ")?;
    let short = digests::prefix(short).filter(|short| short.len() == 12)?;
    let row = PROGRESS.iter().find(|(states, _)| states.iter().any(|known| state.starts_with(known)))?;
    Some((short, row.1))
}

fn digest(rest: &str, from: Note, image: Option<&str>, part: &mut Part) {
    let Some(digest) = digests::of_line(rest).into_iter().next() else {
        return part.note(Note::from(NO_DIGEST).with("from", from.text()));
    };
    part.mention(digest.as_str(), What::ManifestOrIndex, "Digest", image);
    let (rank, what, reference) = (Rank::Label, What::ManifestOrIndex, image.map(str::to_owned));
    part.expected.push(Candidate { rank, digest, from, what, reference });
}

fn copied(rest: &str, what: What, part: &mut Part) {
    part.mention(rest.split_whitespace().next().unwrap_or_default(), what, "", None);
}

/// Docker's note that only one platform of an index was pushed: `index -> manifest`.
fn arrow(before: &str, after: &str, image: Option<&str>, part: &mut Part) {
    for (text, what) in [(before, What::Index), (after, What::Manifest)] {
        for digest in digests::of_line(text) {
            part.mention(digest.as_str(), what, "", image);
            part.note(ONE_PUSHED);
        }
    }
}

/// The progress of containerd's clients: `layer-sha256:…: done`, `unpacking linux/amd64 sha256:…`.
fn is_transfer(line: &str) -> bool {
    let starts =
        ["index-sha256:", "manifest-sha256:", "layer-sha256:", "config-sha256:", "attestation-sha256:", "unpacking "];
    starts.iter().any(|start| line.starts_with(start)) && line.contains("sha256:")
}

fn transferred(line: &str, image: Option<&str>, part: &mut Part) {
    let Some(found) = digests::in_line(line).into_iter().next() else { return };
    let (label, what) = labels::of(&line[..found.start]).unwrap_or(("", What::Digest));
    part.mention(found.digest.as_str(), what, label.trim_end_matches('-'), image);
}

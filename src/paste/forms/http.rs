//! HTTP answers with their headers, as `curl -i` and `curl -v` print them, one after another.

use crate::digest::Digest;
use crate::media_type::MediaType;
use crate::paste::forms::document::{asked, commanded, settle, title};
use crate::paste::forms::failure::meaning;
use crate::paste::forms::{Candidate, Part, Rank};
use crate::paste::meaning::What;
use crate::paste::note::{Note, Say};
use crate::paste::text::{Block, Piece, Text};
use crate::paste::{Excerpt, Form};

const NO_BODY: Say = Say("headers-only", "The answer has headers only, no document.");
const LENGTH_FITS: Say = Say("length-fits", "The body has as many bytes as Content-Length says.");

const LENGTH_DIFFERS: Say = Say(
    "length-differs",
    "Content-Length is {length}, but the body has {bytes} bytes here: it was changed on its way.",
);
const REFUSED: Say = Say("answer-refused", "The answer is {status}: its body says why, it is no document.");
const BAD_HEADER: Say = Say("bad-digest-header", "The Docker-Content-Digest header cannot be used: {why}.");
const FROM_HEADER: Say = Say("header", "the Docker-Content-Digest header");

/// Finds answers: a status line, headers, and the JSON behind them.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::HttpResponse);
    let mut refused = None;
    for answer in answers(text) {
        part.pieces.extend(&answer.pieces);
        match answer.body {
            Some((piece, block)) if answer.is_success() => document(text, &answer, piece, block, &mut part),
            Some((_, block)) => refused = Some((answer.status, block)),
            None => {}
        }
        if answer.is_success() {
            claimed(&answer, &mut part);
        }
    }
    if part.documents.is_empty() {
        let refusal = refused.map(|(status, _)| Note::from(REFUSED).with("status", status.to_string()));
        part.note(refusal.unwrap_or_else(|| NO_BODY.into()));
        let body = refused.and_then(|(_, block)| std::str::from_utf8(&block.bytes).ok());
        if let Some(means) = body.and_then(meaning) {
            part.note(means);
        }
    }
    part.found()
}

/// One answer.
#[derive(Default)]
struct Answer<'a> {
    status: u16,
    headers: Vec<(String, &'a str)>,
    /// The start of the body.
    body_start: Option<usize>,
    body: Option<(usize, &'a Block)>,
    pieces: Vec<usize>,
}

impl<'a> Answer<'a> {
    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().rev().find(|(have, _)| have == name).map(|(_, value)| *value)
    }
}

fn answers(text: &Text) -> Vec<Answer<'_>> {
    let mut answers: Vec<Answer> = Vec::new();
    let mut open = false;
    for (index, piece) in text.free() {
        match piece {
            Piece::Line { text, .. } if status(received(text)).is_some() => {
                let status = status(received(text)).unwrap_or_default();
                answers.push(Answer { status, pieces: vec![index], ..Answer::default() });
                open = true;
            }
            Piece::Command(_) => open = false,
            Piece::Line { text, end } if open => {
                if let Some(answer) = answers.last_mut() {
                    line(answer, index, received(text), *end);
                }
            }
            Piece::Json(block) if open => {
                if let Some(answer) = answers.last_mut() {
                    answer.body = Some((index, block));
                    answer.pieces.push(index);
                    open = false;
                }
            }
            _ => {}
        }
    }
    answers
}

fn line<'a>(answer: &mut Answer<'a>, index: usize, line: &'a str, end: usize) {
    if answer.body_start.is_some() {
        return;
    }
    if line.is_empty() {
        answer.body_start = Some(end + 1);
    } else if let Some((name, value)) = line.split_once(':') {
        answer.headers.push((name.trim().to_ascii_lowercase(), value.trim()));
        answer.pieces.push(index);
    }
}

/// A line without the mark that `curl -v` puts before what was received.
fn received(line: &str) -> &str {
    line.strip_prefix('<').unwrap_or(line).trim()
}

fn status(line: &str) -> Option<u16> {
    let mut words = line.strip_prefix("HTTP/")?.split_whitespace();
    let _version = words.next()?;
    words.next()?.parse().ok()
}

fn document(text: &Text, answer: &Answer, piece: usize, block: &Block, part: &mut Part) {
    let expected = asked(text, piece, block);
    let (mut bytes, mut exact) = settle(text, block, expected.as_ref());
    match by_length(text, answer, block) {
        Length::Fits(body) => {
            exact = block.intact;
            bytes = body;
            part.note(LENGTH_FITS);
        }
        Length::Differs(length) => {
            exact = false;
            let here = bytes.len().to_string();
            part.note(Note::from(LENGTH_DIFFERS).with("length", length.to_string()).with("bytes", here));
        }
        Length::Unknown => {}
    }
    if let (Some(digest), Some((_, command))) = (&expected, text.command_before(piece)) {
        part.expected.push(commanded(command, digest));
    }
    let content_type = answer.header("content-type").map(MediaType::from_content_type);
    let header_digest = answer.header("docker-content-digest").map(str::to_owned);
    let title = title(&block.json).to_owned();
    part.documents.push((piece, Excerpt { bytes, exact, content_type, header_digest, expected, title, string: None }));
}

enum Length {
    Fits(Vec<u8>),
    Differs(usize),
    Unknown,
}

/// The body by its `Content-Length`: the JSON with exactly as much white space around it as was sent.
fn by_length(text: &Text, answer: &Answer, block: &Block) -> Length {
    let length = answer.header("content-length").and_then(|value| value.parse::<usize>().ok());
    let Some(length) = length.filter(|_| answer.header("content-encoding").is_none()) else { return Length::Unknown };
    if length == block.bytes.len() {
        return Length::Fits(block.bytes.clone());
    }
    let sent = answer.body_start.and_then(|start| text.source.get(start..start.checked_add(length)?));
    match sent.filter(|sent| sent.trim() == &text.source[block.span.clone()]) {
        Some(sent) => Length::Fits(sent.as_bytes().to_vec()),
        None => Length::Differs(length),
    }
}

fn claimed(answer: &Answer, part: &mut Part) {
    let Some(value) = answer.header("docker-content-digest") else { return };
    match Digest::parse(value) {
        Ok(digest) => {
            let (rank, what) = (Rank::Header, What::ManifestOrIndex);
            part.expected.push(Candidate { rank, digest, from: FROM_HEADER.into(), what, reference: None });
        }
        Err(error) => part.note(Note::from(BAD_HEADER).with("why", error.to_string())),
    }
}

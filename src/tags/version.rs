//! The key by which a tag is sorted: versions, then words, then tags of signatures.

use std::cmp::{Ordering, Reverse};

/// Sorts the newest first. Numbers are compared as numbers of any length, so no tag can overflow them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    class: Class,
    numbers: Reverse<Vec<Number>>,
    /// False comes first: a release before its candidates.
    is_candidate: bool,
    candidate: Reverse<Vec<Piece>>,
    variant: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Version,
    Latest,
    Stable,
    Word,
    Signature,
}

/// A number of any length, without leading zeros.
#[derive(Debug, PartialEq, Eq)]
struct Number(String);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Text(String),
    Number(Number),
}

/// Words that mark a version as not yet released.
const CANDIDATES: [&str; 9] = ["alpha", "beta", "rc", "pre", "dev", "preview", "snapshot", "canary", "nightly"];

impl Key {
    pub(super) fn of(tag: &str) -> Self {
        if super::subject(tag).is_some() {
            return Self::word(Class::Signature, tag);
        }
        match tag {
            "latest" => return Self::word(Class::Latest, tag),
            "stable" => return Self::word(Class::Stable, tag),
            _ => {}
        }
        let Some((numbers, rest)) = version(tag) else { return Self::word(Class::Word, tag) };
        let lower = rest.trim_start_matches(['-', '.', '_']).to_ascii_lowercase();
        let is_candidate = CANDIDATES.iter().any(|word| {
            lower.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphabetic()))
        });
        let (candidate, variant) = if is_candidate { (pieces(rest), Vec::new()) } else { (Vec::new(), pieces(rest)) };
        Self { class: Class::Version, numbers: Reverse(numbers), is_candidate, candidate: Reverse(candidate), variant }
    }

    fn word(class: Class, tag: &str) -> Self {
        let none = Reverse(Vec::new());
        Self { class, numbers: Reverse(Vec::new()), is_candidate: false, candidate: none, variant: pieces(tag) }
    }
}

/// The numbers at the start of a tag, with or without a `v`, and what follows; none of a commit's hash.
fn version(tag: &str) -> Option<(Vec<Number>, &str)> {
    let bare = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    let is_hash = bare.len() >= 7
        && bare.bytes().all(|byte| byte.is_ascii_hexdigit())
        && bare.bytes().any(|byte| byte.is_ascii_alphabetic());
    if is_hash || !bare.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut numbers = Vec::new();
    let mut rest = bare;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        numbers.push(Number::of(&rest[..end]));
        rest = &rest[end..];
        match rest.strip_prefix('.').filter(|next| next.starts_with(|c: char| c.is_ascii_digit())) {
            Some(next) => rest = next,
            None => return Some((numbers, rest)),
        }
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (piece, left) = rest.split_at(end);
        found.push(if digits { Piece::Number(Number::of(piece)) } else { Piece::Text(piece.to_owned()) });
        rest = left;
    }
    found
}

impl Number {
    fn of(digits: &str) -> Self {
        Self(digits.trim_start_matches('0').to_owned())
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

//! Lists of images in lines of text: below a heading, and what a command prints that prints nothing else.

use crate::paste::command::{Command, Prints};
use crate::paste::forms::Part;
use crate::paste::meaning::What;
use crate::paste::names;
use crate::paste::text::{Piece, Text};

/// The output, one item a line, of the command above it.
#[derive(Clone, Copy)]
pub(super) enum Listing<'a> {
    Images,
    /// Tags of the image that the command names.
    Tags(&'a Command),
}

/// A line, its piece, and what the command above it lists.
pub(super) type Listed<'a> = (usize, &'a str, Option<Listing<'a>>);

/// The lines that no other form has claimed.
pub(super) fn lines(text: &Text) -> Vec<Listed<'_>> {
    let mut of = None;
    let mut all = Vec::new();
    for (index, piece) in text.pieces.iter().enumerate() {
        match piece {
            Piece::Command(command) => {
                of = match command.prints() {
                    Prints::Images => Some(Listing::Images),
                    Prints::Tags => Some(Listing::Tags(command)),
                    _ => None,
                };
            }
            Piece::Line { text: line, .. } if !text.taken[index] && !line.is_empty() => {
                all.push((index, line.as_str(), of));
            }
            Piece::Line { .. } | Piece::Json(_) => {}
        }
    }
    all
}

/// The text behind the heading of a list of images: nothing, or the first of them.
pub(super) fn headed(line: &str) -> Option<&str> {
    line.strip_prefix("Images:").or_else(|| line.strip_prefix("images:")).map(str::trim)
}

/// Takes the names of a line that has nothing else; false for any other line.
pub(super) fn read(line: &str, of: &Option<Listing>, listed: bool, part: &mut Part) -> bool {
    match of {
        Some(Listing::Tags(command)) => tag(line, command, part),
        None if !listed => false,
        of => images(line, of.is_some(), part),
    }
}

fn tag(line: &str, command: &Command, part: &mut Part) -> bool {
    let named = command.reference().and_then(|name| names::named(&format!("{name}:{line}")).map(str::to_owned));
    named.inspect(|name| part.name(name, None)).is_some()
}

/// `sure`: a command says that these are images, so a name needs no tag.
fn images(line: &str, sure: bool, part: &mut Part) -> bool {
    let bare = line.trim_start_matches(['-', '*', '•', ' ']);
    let words: Vec<&str> = bare.split([',', ' ', '\t']).filter(|word| !word.is_empty()).collect();
    // The count that `uniq -c` puts before each line.
    let counted = words.first().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let words = &words[usize::from(sure && counted)..];
    // Other words before a name are the names of pods and containers.
    let words =
        if sure && words.len() > 1 && words[1..].iter().all(|word| is_name(word, false)) && !is_name(words[0], false) {
            &words[1..]
        } else {
            words
        };
    if words.is_empty() || !words.iter().all(|word| is_name(word, sure && words.len() == 1)) {
        return false;
    }
    for name in words.iter().filter_map(|word| names::named(word)) {
        if let Some((image, digest)) = name.split_once('@') {
            part.mention(digest, What::Pin, "", Some(image));
        }
        part.name(name, None);
    }
    true
}

fn is_name(word: &str, alone: bool) -> bool {
    names::named(word).is_some_and(|name| alone || name.contains([':', '/', '@']))
}

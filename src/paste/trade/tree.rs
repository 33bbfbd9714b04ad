//! YAML (and so JSON) as a tree of scalars with their places in the text.

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::limits;

/// A value.
#[derive(Debug)]
pub(super) enum Node {
    Scalar(Scalar),
    Map(Vec<(Scalar, Node)>),
    Seq(Vec<Node>),
    /// An alias: its anchor stands elsewhere.
    Alias,
}

/// A scalar and where its content stands, in bytes; quotes are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Scalar {
    pub text: String,
    pub start: usize,
    /// True if it is written in the file as it reads: no escapes, no folding.
    pub literal: bool,
    /// True if it stands without quotes.
    pub plain: bool,
}

impl Node {
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, value)| value)
    }

    pub fn entry(&self, name: &str) -> Option<&(Scalar, Node)> {
        self.members().iter().find(|(key, _)| key.text == name)
    }

    pub fn members(&self) -> &[(Scalar, Node)] {
        if let Self::Map(members) = self { members } else { &[] }
    }

    pub fn items(&self) -> &[Node] {
        if let Self::Seq(items) = self { items } else { &[] }
    }

    pub fn scalar(&self) -> Option<&Scalar> {
        if let Self::Scalar(scalar) = self { Some(scalar) } else { None }
    }

    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_str())
    }
}

impl Scalar {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// A collection that is being read.
enum Open {
    Map { members: Vec<(Scalar, Node)>, key: Option<Scalar> },
    Seq(Vec<Node>),
}

/// The documents of a text, as far as they can be read; whether all of it could.
pub(super) fn parse(text: &str) -> (Vec<Node>, bool) {
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (mut roots, mut open, mut count) = (Vec::new(), Vec::<Open>::new(), 0_usize);
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { return (close_all(open, roots), false) };
        count += 1;
        if count > limits::IMAGE_FILE_NODES || open.len() > limits::JSON_DEPTH {
            return (close_all(open, roots), false);
        }
        match event {
            Event::Scalar(value, style, ..) => {
                let start = bytes.get(span.start.index()).copied().unwrap_or(text.len());
                put(Node::Scalar(scalar(text, &value, style, start)), &mut open, &mut roots);
            }
            Event::Alias(_) => put(Node::Alias, &mut open, &mut roots),
            Event::MappingStart(..) => open.push(Open::Map { members: Vec::new(), key: None }),
            Event::SequenceStart(..) => open.push(Open::Seq(Vec::new())),
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some(done) = open.pop() {
                    put(close(done), &mut open, &mut roots);
                }
            }
            _ => {}
        }
    }
    (close_all(open, roots), true)
}

fn scalar(text: &str, value: &str, style: ScalarStyle, start: usize) -> Scalar {
    let start = past_properties(text, start);
    let quotes = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
    let start = start + quotes;
    let literal = !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
        && text.get(start..start + value.len()) == Some(value);
    Scalar { text: value.to_owned(), start, literal, plain: style == ScalarStyle::Plain }
}

/// The start of the content behind an anchor and a tag.
fn past_properties(text: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(rest) = text.get(at..).filter(|rest| rest.starts_with(['&', '!'])) {
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        at += word + (rest[word..].len() - rest[word..].trim_start().len());
    }
    at
}

fn put(node: Node, open: &mut [Open], roots: &mut Vec<Node>) {
    match open.last_mut() {
        None => roots.push(node),
        Some(Open::Seq(items)) => items.push(node),
        Some(Open::Map { members, key }) => match key.take() {
            Some(key) => members.push((key, node)),
            None => *key = Some(node.scalar().cloned().unwrap_or_default()),
        },
    }
}

fn close(open: Open) -> Node {
    match open {
        Open::Seq(items) => Node::Seq(items),
        Open::Map { members, .. } => Node::Map(members),
    }
}

/// Nodes that were open when the text became unreadable are taken as they are.
fn close_all(mut open: Vec<Open>, mut roots: Vec<Node>) -> Vec<Node> {
    while let Some(last) = open.pop() {
        put(close(last), &mut open, &mut roots);
    }
    roots
}

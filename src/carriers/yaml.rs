//! YAML as JSON: the events of a parser, without its anchors, which documents of registries never have.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::longest;
use super::node::{Node, number};
use crate::limits;

/// Every document of the text that is a mapping or a list, as far as the text can be read.
pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    let trimmed = text.trim_start();
    if !text.contains('\n') || text.len() > limits::YAML_BYTES || is_json_like(trimmed) {
        return Vec::new();
    }
    let (mut open, mut found) = (Vec::<Open>::new(), Vec::new());
    for (count, event) in Parser::new_from_str(text).enumerate() {
        let Ok((event, _)) = event else { break };
        if count > limits::YAML_NODES || open.len() > limits::JSON_DEPTH {
            break;
        }
        let node = match event {
            Event::MappingStart(..) => {
                open.push(Open { key: None, members: Vec::new(), is_map: true });
                continue;
            }
            Event::SequenceStart(..) => {
                open.push(Open { key: None, members: Vec::new(), is_map: false });
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => match open.pop() {
                Some(done) => done.close(),
                None => break,
            },
            Event::Scalar(text, style, ..) => scalar(&text, style),
            Event::Alias(_) => break,
            _ => continue,
        };
        match open.last_mut() {
            Some(outer) => outer.put(node),
            None if matches!(node, Node::Map(_) | Node::List(_)) => found.push(node.json()),
            None => {}
        }
    }
    longest(found)
}

/// True for an object with names in quotes, which other carriers read; a flow mapping of YAML has none.
fn is_json_like(text: &str) -> bool {
    text.strip_prefix('{').is_some_and(|inner| !inner.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// A collection that is being read.
struct Open {
    key: Option<Node>,
    members: Vec<(Node, Node)>,
    is_map: bool,
}

impl Open {
    fn put(&mut self, node: Node) {
        match self.key.take() {
            Some(key) => self.members.push((key, node)),
            None if self.is_map => self.key = Some(node),
            None => self.members.push((Node::Empty, node)),
        }
    }

    fn close(self) -> Node {
        if !self.is_map {
            return Node::List(self.members.into_iter().map(|(_, node)| node).collect());
        }
        let name = |key| match key {
            Node::Text(text) | Node::Raw(text) => text,
            _ => String::new(),
        };
        Node::Map(self.members.into_iter().map(|(key, node)| (name(key), node)).collect())
    }
}

/// A scalar as YAML's core schema reads it.
fn scalar(text: &str, style: ScalarStyle) -> Node {
    if style != ScalarStyle::Plain {
        return Node::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Raw("null".to_owned()),
        "true" | "True" | "TRUE" => Node::Raw("true".to_owned()),
        "false" | "False" | "FALSE" => Node::Raw("false".to_owned()),
        _ => match number(text) {
            Some(number) if number == text => Node::Raw(number),
            _ => Node::Text(text.to_owned()),
        },
    }
}

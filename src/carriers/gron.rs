//! `gron`: one assignment a line, `json.layers[0].size = 123;`, as JSON again.

use super::node::Node;
use crate::json::{self, Json, Value};
use crate::limits;

/// The fewest assignments.
const FEWEST: usize = 3;

pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    if !text.contains(" = ") {
        return Vec::new();
    }
    let mut root = Tree::Value(Node::Empty);
    let mut count = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some((path, value)) = assignment(line) else { continue };
        count += 1;
        if count > limits::CARRIED_VALUES || root.put(&path, value).is_none() {
            return Vec::new();
        }
    }
    if count < FEWEST { Vec::new() } else { vec![root.node().json()] }
}

/// A step of a path.
enum Step {
    Name(String),
    Place(usize),
}

/// The value that is being put together; members stand in the order of their first assignment.
enum Tree {
    Map(Vec<(String, Tree)>, std::collections::HashMap<String, usize>),
    List(Vec<Tree>),
    Value(Node),
}

fn assignment(line: &str) -> Option<(Vec<Step>, Tree)> {
    let root = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|end| *end > 0)?;
    let mut rest = &line[root..];
    let mut path = Vec::new();
    while !rest.starts_with(" = ") {
        if path.len() > limits::JSON_DEPTH {
            return None;
        }
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[', ' ']).filter(|end| *end > 0)?;
            path.push(Step::Name(name[..end].to_owned()));
            rest = &name[end..];
        } else if let Some(quoted) = rest.strip_prefix("[\"") {
            let end = closing_quote(quoted)?;
            let name = json::parse(rest.get(1..=end + 2)?.as_bytes()).ok()?;
            path.push(Step::Name(name.root.as_str()?.to_owned()));
            rest = quoted[end + 1..].strip_prefix(']')?;
        } else {
            let (place, after) = rest.strip_prefix('[')?.split_once(']')?;
            path.push(Step::Place(place.parse().ok()?));
            rest = after;
        }
    }
    let value = rest[3..].strip_suffix(';').unwrap_or(&rest[3..]);
    let value = json::parse(value.as_bytes()).ok()?.root;
    Some((path, tree(&value, &rest[3..])?))
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|b| {
        let ends = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        ends
    })
}

fn tree(value: &Json, text: &str) -> Option<Tree> {
    match &value.value {
        Value::Object(members) if members.is_empty() => Some(Tree::Map(Vec::new(), std::collections::HashMap::new())),
        Value::Array(elements) if elements.is_empty() => Some(Tree::List(Vec::new())),
        Value::Object(_) | Value::Array(_) => None,
        _ => Some(Tree::Value(match value.as_str() {
            Some(text) => Node::Text(text.to_owned()),
            None => Node::Raw(text.get(value.span.clone())?.to_owned()),
        })),
    }
}

impl Tree {
    fn put(&mut self, path: &[Step], value: Self) -> Option<()> {
        let mut here = self;
        for step in path {
            here = match (step, here) {
                (Step::Name(name), Self::Map(members, places)) => {
                    let at = *places.entry(name.clone()).or_insert_with(|| {
                        members.push((name.clone(), Self::Value(Node::Empty)));
                        members.len() - 1
                    });
                    &mut members.get_mut(at)?.1
                }
                (Step::Place(at), Self::List(elements)) if *at <= elements.len() => {
                    if *at == elements.len() {
                        elements.push(Self::Value(Node::Empty));
                    }
                    &mut elements[*at]
                }
                _ => return None,
            };
        }
        *here = value;
        Some(())
    }

    fn node(self) -> Node {
        match self {
            Self::Map(members, _) => Node::Map(members.into_iter().map(|(name, tree)| (name, tree.node())).collect()),
            Self::List(elements) => Node::List(elements.into_iter().map(Self::node).collect()),
            Self::Value(node) => node,
        }
    }
}

//! The output of PHP's `print_r` and `var_dump`: strings stand there as they are, without quotes or with their length.

use super::node::{Node, number};
use crate::limits;

/// Every array or object that one of them wrote.
pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    let printed = if text.contains("Array\n") || text.contains(" Object\n") { printed(text) } else { None };
    let dumped = ["array(", "object("].iter().filter_map(|start| text.find(start)).min();
    let dumped = dumped.and_then(|start| Dump { text: &text[start..], at: 0, count: 0 }.value(0));
    [printed, dumped]
        .into_iter()
        .flatten()
        .filter(|node| matches!(node, Node::Map(_) | Node::List(_)))
        .map(|node| node.json())
        .collect()
}

/// An array of `print_r` that is open, and the key that it has in the one around it.
struct Open {
    key: String,
    members: Vec<(String, Node)>,
}

impl Open {
    fn node(self) -> Node {
        let is_list =
            !self.members.is_empty() && self.members.iter().enumerate().all(|(at, (key, _))| *key == at.to_string());
        match self.members {
            members if members.is_empty() => Node::Empty,
            members if is_list => Node::List(members.into_iter().map(|(_, node)| node).collect()),
            members => Node::Map(members),
        }
    }
}

/// The first value that `print_r` wrote, by its lines.
fn printed(text: &str) -> Option<Node> {
    let mut open: Vec<Open> = Vec::new();
    let mut key: Option<String> = None;
    for line in text.lines().take(limits::CARRIED_VALUES) {
        let trimmed = line.trim();
        match trimmed {
            "(" if key.is_some() => open.push(Open { key: key.take()?, members: Vec::new() }),
            ")" if !open.is_empty() => {
                let done = open.pop()?;
                let name = done.key.clone();
                let node = done.node();
                match open.last_mut() {
                    Some(outer) => outer.members.push((name, node)),
                    None => return Some(node),
                }
            }
            "" => {}
            _ if open.is_empty() => key = is_opening(trimmed).then(String::new),
            _ => {
                key = None;
                let outer = open.last_mut()?;
                match pair(trimmed) {
                    Some((name, value)) if is_opening(value) => key = Some(name.to_owned()),
                    Some((name, value)) => outer.members.push((name.to_owned(), plain(value))),
                    // The further lines of a text.
                    None => {
                        if let Some((_, Node::Text(text))) = outer.members.last_mut() {
                            text.push('\n');
                            text.push_str(line);
                        }
                    }
                }
            }
        }
        if open.len() > limits::JSON_DEPTH {
            return None;
        }
    }
    None
}

fn is_opening(text: &str) -> bool {
    text == "Array"
        || text
            .strip_suffix(" Object")
            .is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'\\'))
}

/// `[key] => value`
fn pair(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix('[')?;
    inner.split_once("] => ").or_else(|| inner.strip_suffix("] =>").map(|key| (key, "")))
}

fn plain(text: &str) -> Node {
    match number(text) {
        Some(number) if number == text => Node::Raw(number),
        _ => Node::Text(text.to_owned()),
    }
}

/// A value of `var_dump`.
struct Dump<'a> {
    text: &'a str,
    at: usize,
    count: usize,
}

impl<'a> Dump<'a> {
    fn value(&mut self, depth: usize) -> Option<Node> {
        self.count += 1;
        if depth > limits::JSON_DEPTH || self.count > limits::CARRIED_VALUES {
            return None;
        }
        let rest = self.rest();
        if rest.starts_with("NULL") {
            self.at += 4;
            return Some(Node::Raw("null".to_owned()));
        }
        let (name, inner) = rest.split_once('(')?;
        let (held, _) = inner.split_once(')')?;
        self.at += name.len() + held.len() + 2;
        match name {
            "int" => number(held).map(Node::Raw),
            "float" => number(held).map(Node::Raw),
            "bool" => matches!(held, "true" | "false").then(|| Node::Raw(held.to_owned())),
            "string" => self.string(held.parse().ok()?),
            "array" => self.members(depth),
            "object" => {
                // `#1 (2)` stands behind the name of the class.
                let brace = self.rest().find('{').filter(|brace| *brace < 40)?;
                self.at += brace;
                self.members(depth).map(|node| if node == Node::Empty { Node::Map(Vec::new()) } else { node })
            }
            _ => None,
        }
    }

    fn rest(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    /// `"…"` of so many bytes.
    fn string(&mut self, length: usize) -> Option<Node> {
        let inner = self.rest().strip_prefix('"')?;
        let content = inner.get(..length).filter(|_| inner.as_bytes().get(length) == Some(&b'"'))?;
        self.at += length + 2;
        Some(Node::Text(content.to_owned()))
    }

    fn members(&mut self, depth: usize) -> Option<Node> {
        self.rest().strip_prefix('{')?;
        self.at += 1;
        let mut open = Open { key: String::new(), members: Vec::new() };
        loop {
            let rest = self.rest();
            if rest.starts_with('}') {
                self.at += 1;
                return Some(open.node());
            }
            let (key, _) = rest.strip_prefix('[')?.split_once("]=>")?;
            self.at += key.len() + 4;
            let key = key.trim_matches('"').to_owned();
            open.members.push((key, self.value(depth + 1)?));
        }
    }
}

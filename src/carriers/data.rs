//! Values as programs print them, written as JSON: Python, Ruby, PHP, JavaScript, JSON5, Perl, Rust, Go, Elixir, Java, PowerShell.
//!
//! One reader takes them all: brackets of any kind hold members, which have a key if `:`, `=>`, `=` or `->` follows it, and
//! what stands between is white space, comments, commas and names of types.

use super::literal::{self, Escapes};
use super::node::{Node, number};
use super::{go_map, longest};
use crate::limits;

/// The shortest JSON that is worth a look.
const SHORTEST: usize = 24;

/// The distance before a bracket at which the name of a type may begin.
const NAME: usize = 40;

/// Every value in the text that has members, outermost first.
pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(bracket) = text.get(at..).and_then(|rest| rest.find(['{', '[', '('])) {
        let bracket = at + bracket;
        let mut reader = Reader { text, at: begin(text, at, bracket), depth: 0, nodes: 0 };
        let node = reader.value(false);
        // The next is looked for behind what was read, so no byte is read more than a few times.
        at = reader.at.max(bracket + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        if let Some(node) = node.filter(|node| matches!(node, Node::Map(_) | Node::List(_))) {
            found.push(node.json());
        }
    }
    found.retain(|json| json.len() >= SHORTEST && json.as_slice() != text.as_bytes());
    longest(found)
}

/// The beginning of the name of a type before a bracket.
fn begin(text: &str, from: usize, bracket: usize) -> usize {
    let before = text.get(from.max(bracket.saturating_sub(NAME))..bracket).unwrap_or_default();
    let name = before.strip_suffix(' ').unwrap_or(before);
    let start = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '%' | '@' | '&'));
    bracket - (before.len() - start.len())
}

/// The prefixes of strings in Python, Rust, C and SQL.
const PREFIXES: &[&str] = &["b", "B", "r", "R", "u", "U", "f", "br", "rb", "Rb", "bR", "N", "L", "q", "E"];

/// Reads values from a place on.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) nodes: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn take(&mut self, what: &str) -> bool {
        let here = self.rest().starts_with(what);
        self.at += if here { what.len() } else { 0 };
        here
    }

    /// Skips white space and comments.
    fn space(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{a0}', '\u{feff}']).len();
            self.at += blank;
            let rest = &rest[blank..];
            let line = rest.starts_with("//") || rest.starts_with("# ") || rest.starts_with("-- ");
            let end = match () {
                () if line => rest.find('\n'),
                () if rest.starts_with("/*") => rest.find("*/").map(|end| end + 2),
                () if blank == 0 => return,
                () => continue,
            };
            // A comment that does not end takes the whole rest, so the rest is looked through once.
            self.at += end.unwrap_or(rest.len());
        }
    }

    /// One value; `key` is whether a name of a member is wanted, which ends at a colon or an equals sign.
    pub(super) fn value(&mut self, key: bool) -> Option<Node> {
        self.nodes += 1;
        if self.depth > limits::JSON_DEPTH || self.nodes > limits::CARRIED_VALUES {
            return None;
        }
        self.space();
        match self.peek()? {
            b'"' | b'\'' | b'`' => self.string(),
            b'{' => self.members(b'}'),
            b'[' if go_map::is_slice(self.rest()) => go_map::slice(self),
            b'[' => self.members(b']'),
            // PHP's cast of an array to an object: an empty one is no list.
            b'(' if self.take("(object)") => self.value(false).map(|node| match node {
                Node::Empty => Node::Map(Vec::new()),
                node => node,
            }),
            b'(' => self.members(b')'),
            b'%' | b'@' | b'&' | b'$' | b'#' => {
                self.at += 1;
                self.value(key)
            }
            b':' if self.rest().starts_with(":\"") => {
                self.at += 1;
                self.string()
            }
            b':' if self.text.as_bytes().get(self.at + 1).is_some_and(u8::is_ascii_alphabetic) => {
                self.at += 1;
                Some(Node::Text(self.word(true).to_owned()))
            }
            b'<' if self.take("<nil>") => Some(Node::Raw("null".to_owned())),
            b'-' | b'+' | b'0'..=b'9' => self.number(key),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.named(key),
            b'/' | b'.' | b'\\' if !key => Some(Node::Text(self.word(key).to_owned())),
            _ => None,
        }
    }

    fn string(&mut self) -> Option<Node> {
        let (bytes, end) = literal::joined(self.text, self.at, Escapes::All)?;
        self.at = end;
        Some(Node::Text(String::from_utf8(bytes).ok()?))
    }

    fn number(&mut self, key: bool) -> Option<Node> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_')));
        let token = &rest[..length.unwrap_or(rest.len())];
        let ends = rest[token.len()..].starts_with([',', ';', '}', ']', ')', ' ', '\t', '\r', '\n', '=', ':']);
        match number(token).filter(|_| ends || token.len() == rest.len()) {
            Some(number) => {
                self.at += token.len();
                Some(Node::Raw(number))
            }
            None => Some(Node::Text(self.word(key).to_owned())).filter(|node| *node != Node::Text(String::new())),
        }
    }

    /// Bare text: a name up to a sign, or a value up to the end of the member.
    fn word(&mut self, key: bool) -> &'a str {
        let rest = self.rest();
        let ends = |c: char| match c {
            ',' | ';' | '}' | ']' | ')' | '\n' | '\r' => true,
            ':' | '=' | ' ' | '\t' | '(' | '{' | '[' | '"' | '\'' => key,
            _ => false,
        };
        let word = rest[..rest.find(ends).unwrap_or(rest.len())].trim_end();
        self.at += word.len();
        word
    }

    /// A literal, a string with a prefix, a name of a type with what it holds, or bare text.
    fn named(&mut self, key: bool) -> Option<Node> {
        let start = self.at;
        let name = self.rest();
        let length = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(name.len());
        let name = &name[..length];
        self.at += length;
        if matches!(self.peek(), Some(b'"' | b'\'' | b'`')) && PREFIXES.contains(&name) {
            return self.string();
        }
        if name == "map" && self.take("[") {
            return go_map::typed_or_printed(self);
        }
        if let Some(literal) = literal(name) {
            return Some(Node::Raw(literal.to_owned()));
        }
        if name == "interface" && self.take(" {}(nil)") {
            return Some(Node::Raw("null".to_owned()));
        }
        // Perl's true and false are blessed references to 1 and 0.
        if let Some(truth) = ["0", "1"].into_iter().find(|bit| name == "bless" && self.take(&BLESSED.replace('?', bit)))
        {
            return Some(Node::Raw(if truth == "1" { "true" } else { "false" }.to_owned()));
        }
        // PHP's var_export wrote objects so before 7.3.
        if self.take("::__set_state(array") {
            let held = self.members(b')')?;
            self.take(")");
            return Some(if held == Node::Empty { Node::Map(Vec::new()) } else { held });
        }
        let after = self.rest().trim_start_matches([' ', '\n', '\r', '\t']);
        if !key && after.starts_with('(') {
            self.at = self.text.len() - after.len();
            return self.called(name);
        }
        if !key && after.starts_with(['{', '[']) {
            self.at = self.text.len() - after.len();
            return self.value(false);
        }
        self.at = start;
        Some(Node::Text(self.word(key).to_owned()))
    }

    /// The content of the parentheses behind a name, or of the braces behind them: `array(3) { … }`, `string(5) "x"`.
    fn called(&mut self, name: &str) -> Option<Node> {
        let held = self.members(b')')?;
        let behind = self.rest().trim_start();
        if matches!(held, Node::Raw(_))
            && matches!(name, "array" | "string" | "object")
            && behind.starts_with(['{', '"'])
        {
            self.at = self.text.len() - behind.len();
            return match self.value(false)? {
                Node::Map(members) if members.is_empty() => Some(Node::Empty),
                node => Some(node),
            };
        }
        match held {
            Node::List(pairs) if name == "OrderedDict" => {
                pairs.into_iter().map(pair).collect::<Option<_>>().map(Node::Map)
            }
            held => Some(held),
        }
    }

    /// The members up to the bracket that closes.
    fn members(&mut self, close: u8) -> Option<Node> {
        self.at += 1;
        self.depth += 1;
        let (mut pairs, mut elements, mut commas) = (Vec::new(), Vec::new(), 0);
        loop {
            self.space();
            match self.peek()? {
                byte if byte == close => break,
                b',' | b';' => {
                    self.at += 1;
                    commas += 1;
                }
                _ => self.member(close, &mut pairs, &mut elements)?,
            }
        }
        self.at += 1;
        self.depth -= 1;
        Some(collected(close, pairs, elements, commas))
    }

    fn member(&mut self, close: u8, pairs: &mut Vec<(Node, Node)>, elements: &mut Vec<Node>) -> Option<()> {
        let start = self.at;
        // `["a"]=>` of PHP's var_dump and `[a] => ` of print_r.
        let bracketed = is_bracketed_key(self.rest()) && self.take("[");
        let bare = self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let mut key = self.value(close != b']' || bracketed)?;
        let bare = bare && matches!(key, Node::Text(_) | Node::Raw(_));
        if bracketed {
            self.take("]");
        }
        self.space();
        if ["=>", "->", ":=", ":", "="].iter().any(|sign| self.take(sign)) {
            pairs.push((key, self.value(false)?));
            return Some(());
        }
        if bare && (close != b']' || bracketed) {
            // No key after all: the word that ended at a sign is read again as a value. Only words are, so nothing nests twice.
            self.at = start;
            key = self.value(false)?;
        }
        elements.push(key);
        Some(())
    }
}

/// A truth value as Data::Dumper writes it, after `bless`.
const BLESSED: &str = "( do{\\(my $o = ?)}, 'JSON::PP::Boolean' )";

fn literal(name: &str) -> Option<&'static str> {
    match name {
        "true" | "True" | "TRUE" => Some("true"),
        "false" | "False" | "FALSE" => Some("false"),
        "null" | "Null" | "NULL" | "None" | "nil" | "undefined" | "undef" => Some("null"),
        _ => None,
    }
}

/// True if a key in brackets stands here, of at most [`KEY`] bytes.
fn is_bracketed_key(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('[') else { return false };
    let end = rest.bytes().take(KEY).position(|byte| byte == b']');
    end.is_some_and(|end| rest[end + 1..].trim_start_matches(' ').starts_with('='))
}

/// The longest key in brackets.
const KEY: usize = 256;

/// A list of two as a member.
fn pair(node: Node) -> Option<(String, Node)> {
    let Node::List(two) = node else { return None };
    let [Node::Text(key), value] = <[Node; 2]>::try_from(two).ok()? else { return None };
    Some((key, value))
}

/// The value of a pair of brackets with these contents.
fn collected(close: u8, pairs: Vec<(Node, Node)>, mut elements: Vec<Node>, commas: usize) -> Node {
    if !pairs.is_empty() {
        return keyed(pairs);
    }
    match close {
        b')' if elements.is_empty() => Node::Empty,
        b')' if elements.len() == 1 && commas == 0 => elements.swap_remove(0),
        b'}' if elements.is_empty() => Node::Map(Vec::new()),
        _ => Node::List(elements),
    }
}

/// A map, or a list whose places are written before its elements.
fn keyed(pairs: Vec<(Node, Node)>) -> Node {
    let placed = pairs.iter().enumerate().all(|(at, (key, _))| *key == Node::Raw(at.to_string()));
    if placed {
        return Node::List(pairs.into_iter().map(|(_, node)| node).collect());
    }
    let name = |key| match key {
        Node::Text(text) | Node::Raw(text) => text,
        _ => String::new(),
    };
    Node::Map(pairs.into_iter().map(|(key, node)| (name(key), node)).collect())
}

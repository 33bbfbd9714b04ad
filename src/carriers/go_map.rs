//! Maps as Go prints them with `%v`: `map[a:1 b:[x y]]`, texts without quotes, keys sorted; and with `%#v`, where types stand
//! before the braces.

use super::data::Reader;
use super::node::{Node, number};
use crate::limits;

/// The longest key, and the longest name of a type, that are looked through for their ends.
const KEY: usize = 256;
const TYPE: usize = 128;

/// The value behind `map[`: a type and braces, or the members.
pub(super) fn typed_or_printed(reader: &mut Reader) -> Option<Node> {
    let rest = reader.rest();
    let key = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if key > 0 && rest[key..].starts_with(']') {
        skip_type(reader)?;
        return reader.value(false);
    }
    members(reader)
}

/// True if a slice with its type stands here: `[]string{`.
pub(super) fn is_slice(text: &str) -> bool {
    text.strip_prefix("[]").is_some_and(|text| text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '['))
}

pub(super) fn slice(reader: &mut Reader) -> Option<Node> {
    skip_type(reader)?;
    match reader.value(false)? {
        Node::Map(members) if members.is_empty() => Some(Node::List(Vec::new())),
        node => Some(node),
    }
}

/// Goes to the braces behind a type, which may have braces of its own: `map[string]interface {}{`.
fn skip_type(reader: &mut Reader) -> Option<()> {
    const EMPTY: &str = "interface {}";
    let rest = reader.rest();
    let mut brace = rest.bytes().take(TYPE).position(|byte| byte == b'{')?;
    if rest[..=brace].ends_with("interface {") {
        brace = rest.find(EMPTY)? + EMPTY.len();
    }
    let is_type = |c: char| c.is_ascii_alphanumeric() || "[]*. _{}".contains(c);
    (rest[..brace].chars().all(is_type) && rest[brace..].starts_with('{')).then(|| reader.at += brace)
}

fn members(reader: &mut Reader) -> Option<Node> {
    reader.depth += 1;
    let mut members: Vec<(String, Node)> = Vec::new();
    loop {
        while reader.take(" ") {}
        if reader.take("]") {
            break;
        }
        let rest = reader.rest();
        let sign = |byte: u8| matches!(byte, b':' | b']' | b' ');
        let end = rest.bytes().take(KEY).position(sign).filter(|end| rest[*end..].starts_with(':'))?;
        reader.at += end + 1;
        let key = &rest[..end];
        let node = value(reader, key, true)?;
        members.push((key.to_owned(), node));
    }
    reader.depth -= 1;
    Some(Node::Map(members))
}

fn value(reader: &mut Reader, key: &str, in_map: bool) -> Option<Node> {
    reader.nodes += 1;
    if reader.depth > limits::JSON_DEPTH || reader.nodes > limits::CARRIED_VALUES {
        return None;
    }
    if reader.take("map[") {
        return members(reader);
    }
    if let Some(arguments) = arguments(reader, key) {
        return Some(arguments);
    }
    if reader.take("[") {
        return list(reader, key);
    }
    if in_map && SENTENCES.contains(&key) {
        let rest = reader.rest();
        let is_end = |at: &usize| ENDS.iter().any(|end| rest[*at..].starts_with(end));
        let end = near(rest).find(is_end).unwrap_or_else(|| word(rest));
        reader.at += end;
        return Some(Node::Text(rest[..end].to_owned()));
    }
    let mut length = word(reader.rest());
    if in_map {
        // A text with spaces goes on until a word that is a key.
        while let Some(more) = reader.rest()[length..].strip_prefix(' ') {
            let next = word(more);
            let is_key = more[..next].split_once(':').is_some_and(|(key, _)| !key.is_empty());
            if is_key || next == 0 {
                break;
            }
            length += 1 + next;
        }
    }
    let text = &reader.rest()[..length];
    reader.at += length;
    Some(scalar(text))
}

/// Members whose texts have spaces and signs in them, and what ends them: in a history, keys in order.
const SENTENCES: [&str; 3] = ["created_by", "comment", "author"];
const ENDS: [&str; 6] = [" empty_layer:true]", " created:", " created_by:", "] map[", "]] ", "]]\n"];

/// The longest text with spaces: each one without an end costs a look at so much.
const SENTENCE: usize = 8 * 1024;

/// The places within that at which a text may end.
fn near(text: &str) -> impl Iterator<Item = usize> {
    let window = &text.as_bytes()[..text.len().min(SENTENCE)];
    window.iter().enumerate().filter(|(_, byte)| matches!(byte, b' ' | b']')).map(|(at, _)| at)
}

/// The arguments of a shell, of which only the first two have no spaces: `[/bin/sh -c #(nop)  CMD ["sh"]]`.
fn arguments(reader: &mut Reader, key: &str) -> Option<Node> {
    let inner = reader.rest().strip_prefix("[/bin/sh -c ").filter(|_| matches!(key, "Cmd" | "Entrypoint" | "Shell"))?;
    let is_end = |at: &usize| {
        if !inner[*at..].starts_with("] ") {
            return false;
        }
        let next = inner[at + 2..].bytes().take_while(u8::is_ascii_alphabetic).count();
        next > 0 && inner[at + 2 + next..].starts_with(':')
    };
    let end = near(inner).find(is_end)?;
    let (command, after) = match inner[..end].strip_prefix("#(nop)  ") {
        Some(rest) => ("#(nop) ", Some(rest)),
        None => (&inner[..end], None),
    };
    let words = ["/bin/sh", "-c", command].into_iter().chain(after).map(|text| Node::Text(text.to_owned()));
    let list = Node::List(words.collect());
    reader.at += "[/bin/sh -c ".len() + end + 1;
    Some(list)
}

fn list(reader: &mut Reader, key: &str) -> Option<Node> {
    reader.depth += 1;
    let mut nodes: Vec<Node> = Vec::new();
    loop {
        while reader.take(" ") {}
        if reader.take("]") {
            break;
        }
        let before = reader.at;
        let node = value(reader, "", false)?;
        // A line break ends a word, and no word begins with one: without a step forward the list has no end.
        if reader.at == before {
            return None;
        }
        // A word without `=` belongs to the variable before it.
        match (&node, nodes.last_mut()) {
            (Node::Text(more), Some(Node::Text(text))) if key == "Env" && !is_variable(more) => {
                text.push(' ');
                text.push_str(more);
            }
            _ => nodes.push(node),
        }
    }
    reader.depth -= 1;
    Some(Node::List(nodes))
}

fn is_variable(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

fn word(text: &str) -> usize {
    text.find([' ', ']', '\n']).unwrap_or(text.len())
}

fn scalar(text: &str) -> Node {
    match text {
        "<nil>" => Node::Raw("null".to_owned()),
        "true" | "false" => Node::Raw(text.to_owned()),
        _ => number(text).map_or_else(|| Node::Text(text.to_owned()), Node::Raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_breaks_off_at_a_line_break_ends() {
        let text = "a:[b\n c:[d\n";
        let mut reader = Reader { text, at: 0, depth: 0, nodes: 0 };
        assert!(typed_or_printed(&mut reader).is_none());
        assert!(reader.nodes <= text.len(), "{} values were read", reader.nodes);
    }
}

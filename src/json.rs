//! JSON as it is written: the order of members, duplicates, number tokens and the place of every value.
//!
//! A digest is over bytes, so what a document says and where it says it must both survive parsing: this tree keeps
//! members in order (duplicates included), numbers as their tokens and every value's byte range. It reads RFC 8259
//! strictly, except that a lone surrogate escape becomes U+FFFD, as Go reads it. Fields are looked up as Go does, since
//! container engines are written in Go.

use std::collections::HashMap;
use std::ops::Range;

use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::say::{Said, Word, say};

/// A JSON value and its place in the bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// The value.
    pub value: Value,
    /// The bytes that it was read from, without the white space around it.
    pub span: Range<usize>,
}

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number's token, never turned into a float.
    Number(Box<str>),
    /// A string, unescaped.
    String(Box<str>),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
}

/// The members of an object in the order of the bytes, duplicates included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(Vec<Member>);

/// A name and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The name, unescaped.
    pub name: Box<str>,
    /// The bytes of the name with its quotes.
    pub name_span: Range<usize>,
    /// The value.
    pub value: Json,
}

/// A parsed text: its root and the names that stand twice in one object.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The outermost value.
    pub root: Json,
    /// The path of each member whose name its object has already (`$.config.digest`), at most [`limits::FINDINGS`].
    pub duplicates: Vec<String>,
}

/// Reads a JSON text that is one part of something: `refused` says that it is none, and a cap stays a cap.
pub(crate) fn parse_part(bytes: &[u8], refused: impl FnOnce() -> Error) -> Result<Parsed, Error> {
    parse(bytes).map_err(|error| if error.kind() == ErrorKind::LimitExceeded { error } else { refused() })
}

/// Reads one JSON text.
///
/// # Errors
/// `invalid-json` with line, column and what stands there; `limit-exceeded` past [`limits::JSON_DEPTH`] or
/// [`limits::JSON_VALUES`].
pub fn parse(bytes: &[u8]) -> Result<Parsed, Error> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(fault(bytes, error.valid_up_to(), Word("not-utf-8", "is not UTF-8"))),
    };
    let mut parser = Parser { bytes, text, at: 0, values: 0, path: Vec::new(), duplicates: Vec::new() };
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(fault(bytes, 0, Word("bom", "is a byte order mark, which JSON does not allow")));
    }
    parser.skip_space();
    let root = parser.value()?;
    parser.skip_space();
    if parser.at < bytes.len() {
        return Err(parser.fault(Word("after-end", "follows the end of the document")));
    }
    Ok(Parsed { root, duplicates: parser.duplicates })
}

impl Json {
    /// The value of that field, if this is an object that has it; see [`Object::get`].
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Json> {
        self.as_object()?.get(field)
    }

    /// The value of that key, if this is a map that has it; see [`Object::key`].
    #[must_use]
    pub fn key(&self, key: &str) -> Option<&Json> {
        self.as_object()?.key(key)
    }

    /// True if a string is written without escapes. Go hands times to their parser as they are written.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.as_str().is_some_and(|text| self.span.len() == text.len() + 2)
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        if let Value::Object(object) = &self.value { Some(object) } else { None }
    }

    /// The elements, if this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Json]> {
        if let Value::Array(elements) = &self.value { Some(elements) } else { None }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(truth) = self.value { Some(truth) } else { None }
    }

    /// The number's token, if this is a number.
    #[must_use]
    pub fn as_number(&self) -> Option<&str> {
        if let Value::Number(token) = &self.value { Some(token) } else { None }
    }

    /// The number, if it is a whole one written without fraction or exponent and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.parse().ok()
    }

    /// True if this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The strings of an array, none if this is not an array. `null` is the empty string, as Go reads it, and other
    /// elements are left out.
    #[must_use]
    pub fn strings(&self) -> Vec<String> {
        self.as_array().unwrap_or_default().iter().filter_map(Json::string_or_null).map(str::to_owned).collect()
    }

    /// The members of an object that are strings or `null`, in their order; none if this is not an object.
    #[must_use]
    pub fn string_map(&self) -> Vec<(String, String)> {
        let members = self.as_object().into_iter().flatten();
        members
            .filter_map(|member| Some((member.name.to_string(), member.value.string_or_null()?.to_owned())))
            .collect()
    }

    fn string_or_null(&self) -> Option<&str> {
        if self.is_null() { Some("") } else { self.as_str() }
    }

    /// The type in a word, for messages: `a string`, `null`, …
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

impl Object {
    /// The value that Go reads into that field of a struct: the last member whose name [is one](is_one_name) with it.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Json> {
        self.0.iter().rev().find(|member| is_one_name(&member.name, field)).map(|member| &member.value)
    }

    /// The value of a key of a map, whose keys are free and differ by case: the last member of exactly that name.
    #[must_use]
    pub fn key(&self, key: &str) -> Option<&Json> {
        self.0.iter().rev().find(|member| &*member.name == key).map(|member| &member.value)
    }

    /// True if a member is read into that field.
    #[must_use]
    pub fn contains(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// The members in the order of the bytes.
    pub fn iter(&self) -> std::slice::Iter<'_, Member> {
        self.0.iter()
    }

    /// The number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = &'a Member;
    type IntoIter = std::slice::Iter<'a, Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// True if Go's `encoding/json` reads members of both names into the same field of a struct.
///
/// Go compares without regard to case under Unicode's simple folding. The fields of all documents have ASCII names, and
/// only two characters beyond ASCII fold to an ASCII letter: `ſ` (U+017F) to `s` and `K` (U+212A) to `k`.
#[must_use]
pub fn is_one_name(one: &str, other: &str) -> bool {
    // Nearly all names are told apart here, without looking at their characters.
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (Some(first), Some(second)) if (first | second).is_ascii() && !first.eq_ignore_ascii_case(second) => false,
        _ if one.is_ascii() && other.is_ascii() => one.eq_ignore_ascii_case(other),
        _ => one.chars().map(fold).eq(other.chars().map(fold)),
    }
}

/// The form that all names share which [are one](is_one_name).
#[must_use]
pub fn folded(name: &str) -> String {
    name.chars().map(fold).collect()
}

fn fold(c: char) -> char {
    match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => c.to_ascii_lowercase(),
    }
}

/// True for white space and control characters of all of Unicode, and for those without width (Default_Ignorable).
pub(crate) fn shows_nothing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}')
}

/// A name as it stands in a path: `.name`, or `["odd name"]`. The end of a name of more than 256 characters is left out: it
/// may stand in the path of each of a thousand faults.
#[must_use]
pub fn path_step(name: &str) -> String {
    let (shown, more) = name.char_indices().nth(PATH_NAME).map_or((name, ""), |(end, _)| (&name[..end], "…"));
    let plain = shown.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !name.is_empty();
    if plain { format!(".{shown}{more}") } else { format!("[\"{}{more}\"]", shown.escape_debug()) }
}

/// The number of characters of a name that stand in a path.
const PATH_NAME: usize = 256;

/// One step of the path to a value.
#[derive(Clone, Copy)]
pub(crate) enum Step<N> {
    Name(N),
    Index(usize),
}

/// The path of these steps: `$.layers[0]`.
pub(crate) fn path_of<N: AsRef<str>>(steps: &[Step<N>]) -> String {
    steps.iter().fold(String::from("$"), |path, step| match step {
        Step::Name(name) => path + &path_step(name.as_ref()),
        Step::Index(index) => path + &format!("[{index}]"),
    })
}

pub(crate) type Places<'a> = HashMap<&'a str, usize>;

/// Up to this many members an object's names are compared pairwise, above it through a map.
const SMALL_OBJECT: usize = 16;

struct Parser<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    values: usize,
    path: Vec<Step<Box<str>>>,
    duplicates: Vec<String>,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Json, Error> {
        self.values += 1;
        if self.values > limits::JSON_VALUES {
            return Err(limit(say!(
                "json-values",
                "the document holds more than {most} JSON values",
                most = limits::JSON_VALUES
            )));
        }
        if self.path.len() >= limits::JSON_DEPTH {
            return Err(limit(say!(
                "json-depth",
                "the document nests deeper than {most} levels",
                most = limits::JSON_DEPTH
            )));
        }
        let start = self.at;
        let value = match self.bytes.get(self.at) {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.literal("true", Value::Bool(true))?,
            Some(b'f') => self.literal("false", Value::Bool(false))?,
            Some(b'n') => self.literal("null", Value::Null)?,
            _ => return Err(self.fault(Word("value", "stands where a value should"))),
        };
        Ok(Json { value, span: start..self.at })
    }

    fn object(&mut self) -> Result<Value, Error> {
        let mut members: Vec<Member> = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(Value::Object(Object(members)));
        }
        loop {
            let start = self.at;
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.fault(Word("name", "stands where a name in quotes should")));
            }
            let name = self.string()?;
            let name_span = start..self.at;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.fault(Word("colon", "stands where a colon should")));
            }
            self.skip_space();
            self.path.push(Step::Name(name.clone()));
            let value = self.value()?;
            self.path.pop();
            members.push(Member { name, name_span, value });
            self.skip_space();
            if self.take(b'}') {
                self.note_duplicates(&members);
                return Ok(Value::Object(Object(members)));
            }
            self.comma(Word("comma-or-brace", "stands where a comma or } should"))?;
        }
    }

    fn array(&mut self) -> Result<Value, Error> {
        let mut elements = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            self.path.push(Step::Index(elements.len()));
            elements.push(self.value()?);
            self.path.pop();
            self.skip_space();
            if self.take(b']') {
                return Ok(Value::Array(elements));
            }
            self.comma(Word("comma-or-bracket", "stands where a comma or ] should"))?;
        }
    }

    fn comma(&mut self, missing: Word) -> Result<(), Error> {
        if !self.take(b',') {
            return Err(self.fault(missing));
        }
        self.skip_space();
        Ok(())
    }

    fn note_duplicates(&mut self, members: &[Member]) {
        let mut places = Places::default();
        for (index, member) in members.iter().enumerate() {
            let seen = if members.len() <= SMALL_OBJECT {
                members[..index].iter().any(|before| before.name == member.name)
            } else {
                places.insert(&member.name, index).is_some()
            };
            if seen && self.duplicates.len() < limits::FINDINGS {
                self.duplicates.push(format!("{}{}", self.path_text(), path_step(&member.name)));
            }
        }
    }

    fn path_text(&self) -> String {
        path_of(&self.path)
    }

    fn string(&mut self) -> Result<Box<str>, Error> {
        self.at += 1;
        let mut text = String::new();
        let mut from = self.at;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    text.push_str(&self.text[from..self.at]);
                    self.at += 1;
                    return Ok(text.into_boxed_str());
                }
                Some(b'\\') => {
                    text.push_str(&self.text[from..self.at]);
                    text.push(self.escape()?);
                    from = self.at;
                }
                Some(0x00..=0x1f) => return Err(self.fault(Word("control", "is a control character inside a string"))),
                Some(_) => self.at += 1,
                None => return Err(self.fault(Word("open-string", "ends the text inside a string"))),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let escaped = self.bytes.get(self.at + 1).copied();
        let plain = match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.fault(Word("escape", "begins an escape that JSON does not have"))),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, Error> {
        let Some(first) = self.hex4(self.at) else {
            return Err(self.fault(Word("unicode-escape", "begins a \\u escape without four hex digits")));
        };
        self.at += 6;
        let pair = match first {
            0xd800..=0xdbff => self.hex4(self.at).filter(|low| (0xdc00..=0xdfff).contains(low)),
            _ => None,
        };
        let Some(low) = pair else { return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)) };
        self.at += 6;
        Ok(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) -> Result<Box<str>, Error> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') && !self.digits() {
            return Err(self.fault(Word("digit", "stands where a digit should")));
        }
        if self.take(b'.') && !self.digits() {
            return Err(self.fault(Word("digit", "stands where a digit should")));
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            if !self.digits() {
                return Err(self.fault(Word("digit", "stands where a digit should")));
            }
        }
        Ok(self.text[start..self.at].into())
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at > start
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, Error> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.fault(Word("value", "stands where a value should")));
        }
        self.at += word.len();
        Ok(value)
    }

    fn take(&mut self, byte: u8) -> bool {
        let here = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(here);
        here
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fault(&self, what: Word) -> Error {
        fault(self.bytes, self.at, what)
    }
}

fn limit(said: Said) -> Error {
    Error::new(ErrorKind::LimitExceeded, said)
}

fn fault(bytes: &[u8], at: usize, what: Word) -> Error {
    let before = &bytes[..at];
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let column = at - before.iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1) + 1;
    let found = match bytes.get(at) {
        None => {
            let end = if what.0 == "open-string" { "the end" } else { "the end of the text" };
            let said = say!(
                "json-ends",
                "not JSON: {end} at line {line}, column {column} {fault}",
                end,
                line,
                column,
                fault = what
            );
            return Error::new(ErrorKind::InvalidJson, said);
        }
        Some(byte) if byte.is_ascii_graphic() => format!("\"{}\"", char::from(*byte)),
        Some(byte) => format!("byte 0x{byte:02x}"),
    };
    let said = say!(
        "not-json",
        "not JSON: {found} at line {line}, column {column} {fault}",
        found,
        line,
        column,
        fault = what
    );
    Error::new(ErrorKind::InvalidJson, said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn fails(text: &[u8], code: &str, message: &str) {
        let error = parse(text).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, message));
    }

    #[test]
    fn a_path_has_the_beginning_of_a_long_name() {
        let name = "é".repeat(PATH_NAME);
        assert_eq!(path_step(&name), format!("[\"{name}\"]"));
        assert_eq!(path_step(&format!("{name}x")), format!("[\"{name}…\"]"));
        let text = format!("{{\"{}\":[{{\"k\":0,\"k\":1}}]}}", "a".repeat(2 * PATH_NAME));
        assert_eq!(parse(text.as_bytes()).unwrap().duplicates, [format!("$.{}…[0].k", "a".repeat(PATH_NAME))]);
        assert_eq!(path_of(&[Step::Name("a b"), Step::Index(2), Step::Name("c")]), "$[\"a b\"][2].c");
    }

    #[test]
    fn order_duplicates_and_number_tokens_survive() {
        let parsed = parse(br#"{"b":1e2,"a":{"x":-0.0,"x":null},"b":[{"k":1,"k":2}]}"#).unwrap();
        assert_eq!(parsed.duplicates, ["$.a.x", "$.b[0].k", "$.b"]);
        let names: Vec<&str> = parsed.root.as_object().unwrap().iter().map(|m| &*m.name).collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert!(parsed.root.get("a").unwrap().get("x").unwrap().is_null());
    }

    #[test]
    fn spans_are_the_bytes_of_the_value() {
        let text = br#" { "a" : [ 1 , "x\/y" ] } "#;
        let root = parse(text).unwrap().root;
        let element = &root.get("a").unwrap().as_array().unwrap()[1];
        assert_eq!(&text[element.span.clone()], br#""x\/y""#);
        assert_eq!(element.as_str(), Some("x/y"));
    }

    #[test]
    fn escapes() {
        let root = parse(br#"["\u00e9\ud83d\ude00\ud800x\n"]"#).unwrap().root;
        assert_eq!(root.as_array().unwrap()[0].as_str(), Some("é😀\u{fffd}x\n"));
    }

    #[test]
    fn names_are_one_as_in_go() {
        for (one, other) in
            [("Cmd", "cmd"), ("User", "u\u{17f}er"), ("link", "LIN\u{212a}"), ("os.version", "OS.VERSION")]
        {
            assert!(is_one_name(one, other) && is_one_name(other, one), "{one} {other}");
            assert_eq!(folded(one), folded(other));
        }
        for (one, other) in
            [("Cmd", "Cmd "), ("diff_ids", "diffids"), ("digest", "d\u{131}gest"), ("a", "\u{e4}"), ("a@", "a`")]
        {
            assert!(!is_one_name(one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_last_member_that_matches_a_field_counts() {
        let root = parse(r#"{"uſer":"a","User":"b","USER":"c","A":1}"#.as_bytes()).unwrap().root;
        assert_eq!(root.get("User").and_then(Json::as_str), Some("c"));
        assert_eq!(root.key("User").and_then(Json::as_str), Some("b"));
        assert!(root.key("a").is_none() && root.get("a").is_some());
    }

    #[test]
    fn null_is_an_empty_string_in_a_list_or_map() {
        let root = parse(br#"{"l":["a",null,1],"m":{"a":null,"b":"c","d":1}}"#).unwrap().root;
        assert_eq!(root.get("l").unwrap().strings(), ["a", ""]);
        let pairs = [("a".to_owned(), String::new()), ("b".to_owned(), "c".to_owned())];
        assert_eq!(root.get("m").unwrap().string_map(), pairs);
    }

    #[test]
    fn a_string_is_plain_without_escapes() {
        let root = parse(r#"["é","\u0041",1]"#.as_bytes()).unwrap().root;
        let plain: Vec<bool> = root.as_array().unwrap().iter().map(Json::is_plain).collect();
        assert_eq!(plain, [true, false, false]);
    }

    #[test]
    fn faults_say_where_and_what() {
        fails(
            b"{\n  \"a\": 1,\n}",
            "invalid-json",
            "not JSON: \"}\" at line 3, column 1 stands where a name in quotes should",
        );
        fails(b"", "invalid-json", "not JSON: the end of the text at line 1, column 1 stands where a value should");
        fails(b"{\"a", "invalid-json", "not JSON: the end at line 1, column 4 ends the text inside a string");
        fails(b"[1] x", "invalid-json", "not JSON: \"x\" at line 1, column 5 follows the end of the document");
        fails(b"[\"\xff\"]", "invalid-json", "not JSON: byte 0xff at line 1, column 3 is not UTF-8");
        fails(
            b"\xef\xbb\xbf{}",
            "invalid-json",
            "not JSON: byte 0xef at line 1, column 1 is a byte order mark, which JSON does not allow",
        );
        fails(b"[01]", "invalid-json", "not JSON: \"1\" at line 1, column 3 stands where a comma or ] should");
    }

    #[test]
    fn depth_is_bounded() {
        let bomb = "[".repeat(1_000_000);
        fails(bomb.as_bytes(), "limit-exceeded", "the document nests deeper than 128 levels");
    }

    #[test]
    fn many_names_are_compared_in_linear_time() {
        let members: Vec<String> = (0..200_000).map(|n| format!("\"n{n}\":0")).collect();
        let text = format!("{{{},\"n7\":1}}", members.join(","));
        assert_eq!(parse(text.as_bytes()).unwrap().duplicates, ["$.n7"]);
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(text in r#"[\[\]{},:"0-9eE+.\\ua-f tru\n-]{0,24}"#) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            let lenient = text.contains("\\u") || text.contains(['e', 'E']);
            prop_assert!(parse(text.as_bytes()).is_ok() == theirs.is_ok() || lenient, "{text:?}");
        }

        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}

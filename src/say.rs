//! A sentence with its stable reason and the values in it, made in one place by `say!`.
//!
//! Programs and translations go by the reason and the values; the English sentence is for logs and the command line.

use std::fmt;

use crate::visible::visible;

/// A sentence in English, the code that names it, and the values that stand in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Said {
    /// The stable code of the sentence (`media-type-not-known`), in kebab-case.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reason: &'static str,
    /// The values that the sentence needs, by name.
    #[serde(skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// The sentence for people, lower case. Programs get it with hidden characters written out.
    #[serde(serialize_with = "crate::visible::serialize")]
    pub message: String,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<String> for Said {
    fn from(message: String) -> Self {
        Self { message, ..Self::default() }
    }
}

impl From<&str> for Said {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

/// Makes a [`Said`]: `say!("size-differs", "{source} says {size} bytes, there are {actual}", source, size, actual)`.
///
/// Every value has a name and stands in the sentence as `{name}`, else it does not compile.
macro_rules! say {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($reason:literal, $text:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        const { assert!($crate::say::names_fit($text, NAMES), "a value is missing, or the sentence does not name it") };
        const SENTENCE: &str = concat!($reason, "\0", $text $(, "\0", stringify!($name))*);
        $crate::say::Said::of(SENTENCE, &[$(&$crate::say::say!(@value $name $($value)?)),*])
    }};
}
pub(crate) use say;

impl Said {
    /// The sentence with its values put in. `sentence` is its reason, its text with `{name}` for each value (and `{}` as
    /// it is), and the names of the values, between zeros: one text, since code or a structure for each sentence would
    /// weigh more than the sentences.
    pub(crate) fn of(sentence: &'static str, values: &[&dyn Value]) -> Self {
        let mut parts = sentence.split('\0');
        let (reason, text) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let values: Vec<_> = parts.map(|name| name.trim_start_matches(RAW)).zip(values).collect();
        let mut message = String::with_capacity(text.len());
        for (index, part) in text.split('{').enumerate() {
            // All but the first begin with the name of a value.
            let (name, piece) = if index == 0 { (None, part) } else { named(part) };
            match name.map(|name| values.iter().find(|(own, _)| *own == name)) {
                Some(Some((_, value))) => value.write(&mut message),
                Some(None) => message.push_str("{}"),
                None => {}
            }
            message.push_str(piece);
        }
        let params = values.into_iter().map(|(name, value)| (name, value.param())).collect();
        Self { reason, params: Params(params), message }
    }
}

/// The name before a closing brace, and the text that follows it.
fn named(part: &str) -> (Option<&str>, &str) {
    part.split_once('}').map_or((Some(""), part), |(name, rest)| (Some(name), rest))
}

/// Stands before a name that is a word of Rust.
const RAW: &str = "r#";

/// True if the sentence names all these values, and nothing else stands in braces.
pub(crate) const fn names_fit(text: &str, names: &[&str]) -> bool {
    let text = text.as_bytes();
    let (mut seen, mut at) = (0_u32, 0);
    while at < text.len() {
        if text[at] == b'{' {
            let mut index = 0;
            while index < names.len() && !starts_with_name(text, at + 1, names[index].as_bytes()) {
                index += 1;
            }
            if index < names.len() {
                seen |= 1 << index;
            } else if !starts_with_name(text, at + 1, b"") {
                return false;
            }
        }
        at += 1;
    }
    seen == (1 << names.len()) - 1
}

/// True if the text has at that place the name and a closing brace.
const fn starts_with_name(text: &[u8], at: usize, name: &[u8]) -> bool {
    let mut from = if let [b'r', b'#', ..] = name { RAW.len() } else { 0 };
    let mut at = at;
    while from < name.len() {
        if at >= text.len() || text[at] != name[from] {
            return false;
        }
        (at, from) = (at + 1, from + 1);
    }
    at < text.len() && text[at] == b'}'
}

/// A value in a sentence.
pub(crate) trait Value {
    /// Writes it as the sentence has it.
    fn write(&self, to: &mut String);

    /// The value for programs.
    fn param(&self) -> Param;
}

impl Value for &str {
    fn write(&self, to: &mut String) {
        to.push_str(self);
    }

    fn param(&self) -> Param {
        (*self).into()
    }
}

impl Value for String {
    fn write(&self, to: &mut String) {
        to.push_str(self);
    }

    fn param(&self) -> Param {
        self.as_str().into()
    }
}

impl Value for Word {
    fn write(&self, to: &mut String) {
        to.push_str(self.1);
    }

    fn param(&self) -> Param {
        (*self).into()
    }
}

impl Value for Said {
    fn write(&self, to: &mut String) {
        to.push_str(&self.message);
    }

    fn param(&self) -> Param {
        self.clone().into()
    }
}

/// Several sentences in one, with semicolons between them.
impl Value for Vec<Said> {
    fn write(&self, to: &mut String) {
        for (index, said) in self.iter().enumerate() {
            to.push_str(if index == 0 { "" } else { "; " });
            said.write(to);
        }
    }

    fn param(&self) -> Param {
        Param::All(self.clone())
    }
}

impl Value for u64 {
    fn write(&self, to: &mut String) {
        to.push_str(&self.to_string());
    }

    fn param(&self) -> Param {
        Param::Number(*self)
    }
}

impl Value for usize {
    fn write(&self, to: &mut String) {
        (*self as u64).write(to);
    }

    fn param(&self) -> Param {
        (*self as u64).param()
    }
}

/// A word of a sentence that translations know: its stable code, and the word in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(pub &'static str, pub &'static str);

impl Word {
    /// A word that is its own code but for the article: `a string`.
    pub(crate) fn plain(text: &'static str) -> Self {
        let code = ["a ", "an ", "the "].iter().find_map(|article| text.strip_prefix(article));
        Self(code.unwrap_or(text), text)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }
}

/// The values of a reason, by name, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(&'static str, Param)>);

impl Params {
    /// True if there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Adds one value.
    pub(crate) fn push(&mut self, name: &'static str, value: Param) {
        self.0.push((name, value));
    }
}

impl From<Vec<(&'static str, Param)>> for Params {
    fn from(values: Vec<(&'static str, Param)>) -> Self {
        Self(values)
    }
}

impl serde::Serialize for Params {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// One value of a reason.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Param {
    /// A text as it was found, or the code of a [`Word`].
    Text(String),
    /// A count or a size.
    Number(u64),
    /// A sentence within the sentence.
    Said(Box<Said>),
    /// Several of them.
    All(Vec<Said>),
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Word> for Param {
    fn from(word: Word) -> Self {
        Self::Text(word.0.to_owned())
    }
}

impl From<Said> for Param {
    /// A sentence without a code is a plain text.
    fn from(said: Said) -> Self {
        if said.reason.is_empty() {
            return Self::Text(said.message);
        }
        Self::Said(Box::new(Said { message: visible(&said.message).into_owned(), ..said }))
    }
}

impl From<u64> for Param {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Param {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_its_reason_and_values() {
        let (bytes, who) = (3_usize, Word("user", "the user"));
        let said = say!("size-differs", "{who} says {size} bytes, there are {bytes}", who, size = 4_u64, bytes);
        assert_eq!(said.message, "the user says 4 bytes, there are 3");
        let outer = say!("malformed", "malformed: {why}", why = said);
        let json = serde_json::to_value(outer).unwrap();
        assert_eq!(json["params"]["why"]["params"], serde_json::json!({ "who": "user", "size": 4, "bytes": 3 }));
        assert_eq!(json["message"], "malformed: the user says 4 bytes, there are 3");
    }

    #[test]
    fn several_sentences_stand_in_one() {
        let oddities = vec![say!("one", "{n} is odd", n = 1_u64), say!("two", "two is even")];
        let said = say!("oddities", "but {oddities}", oddities);
        assert_eq!(said.message, "but 1 is odd; two is even");
        let json = serde_json::to_value(said).unwrap();
        assert_eq!(
            json["params"]["oddities"][0],
            serde_json::json!({ "reason": "one", "params": { "n": 1 }, "message": "1 is odd" })
        );
        assert_eq!(json["params"]["oddities"][1]["reason"], "two");
    }

    #[test]
    fn braces_without_a_name_stay_and_raw_names_are_written_plainly() {
        let said = say!("empty", "{type} is {}", r#type = "a");
        assert_eq!(said.message, "a is {}");
        assert_eq!(said.params.get("type"), Some(&Param::Text("a".into())));
    }

    #[test]
    fn a_sentence_has_all_its_values_and_no_others() {
        assert!(names_fit("{a} and {b}, {a} {}", &["a", "b"]) && names_fit("{type}", &["r#type"]));
        for (text, names) in [("{a}", &["a", "b"][..]), ("{a} {b}", &["a"]), ("{ab}", &["a"]), ("{a", &["a"])] {
            assert!(!names_fit(text, names), "{text}");
        }
    }

    #[test]
    fn a_plain_word_is_its_own_code() {
        assert_eq!(Word::plain("an object"), Word("object", "an object"));
        assert_eq!(Word::plain("null"), Word("null", "null"));
    }
}

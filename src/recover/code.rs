//! The stable code of a step or a form: its words in kebab case, without what they name.

use serde::Serialize;

/// The step, for programs and other languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// `indented-with-3-spaces`; the words of the tables of steps are therefore as stable as this.
    pub code: String,
    /// The name in the step, if it has one: the member that a document was taken
    /// out of; none for the whole text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The beginnings of steps that go on with a value.
pub(super) const NAMING: &[&str] =
    &["taken out of ", "unescaped from ", "decoded from base64 in ", "keys put in order: "];

/// The code of a step or a form, given its words.
#[must_use]
pub fn code(words: &str) -> Code {
    let named = NAMING.iter().find_map(|start| Some((*start, words.strip_prefix(start)?)));
    let (start, value) = named.map_or((words, None), |(start, value)| (start, Some(value)));
    let value = value.filter(|value| *value != "the text").map(|value| value.trim_matches('"').to_owned());
    Code { code: kebab(start), value }
}

/// Letters and digits, with one hyphen for all that stands between them; examples in parentheses do not count.
fn kebab(words: &str) -> String {
    let words = words.split_once(" (").map_or(words, |(words, _)| words);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let spaced: String = words.replace('\'', "").chars().map(plain).collect();
    spaced.split_ascii_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recover::{escape, forms, hunt, keys, layout, repair};

    #[test]
    fn recover_codes_are_the_words_without_what_they_name() {
        let of = |words: &str| {
            let Code { code, value } = code(words);
            (code, value)
        };
        assert_eq!(of("keys put in Docker's order"), ("keys-put-in-dockers-order".to_owned(), None));
        assert_eq!(of("slashes escaped (\\/)"), ("slashes-escaped".to_owned(), None));
        assert_eq!(of("\\\" turned into \""), ("turned-into".to_owned(), None));
        assert_eq!(of("decoded from base64"), ("decoded-from-base64".to_owned(), None));
        assert_eq!(of("decoded from base64 in \"Raw\""), ("decoded-from-base64-in".to_owned(), Some("Raw".to_owned())));
        assert_eq!(of("taken out of the text"), ("taken-out-of".to_owned(), None));
    }

    /// Every step and form that there is.
    fn all() -> Vec<&'static str> {
        let repairs = repair::REPAIRS.iter().map(|repair| repair.words);
        let layouts = layout::LAYOUTS.iter().map(|layout| layout.words);
        let escapes = escape::ESCAPES.iter().map(|escapes| escapes.words);
        let carriers = crate::carriers::CARRIERS.iter().map(|carrier| carrier.words);
        let orders = keys::TOOLS.iter().map(|tool| tool.words);
        let endings = hunt::ENDINGS.iter().map(|ending| ending.1);
        let others = [
            "no white space before the document",
            "a newline before the document",
            "signatures left out",
            "the payload that the signatures are over",
            "decoded from base64",
        ];
        let known =
            repairs.chain(carriers).chain(layouts).chain(escapes).chain(orders).chain(endings).chain(forms::names());
        known.chain(NAMING.iter().copied()).chain(others).filter(|words| !words.is_empty()).collect()
    }

    /// The page says each step in its own language by its code; English is the words themselves.
    #[test]
    fn recover_codes_differ_and_each_has_words_in_chinese() {
        let table = concat!(env!("CARGO_MANIFEST_DIR"), "/www/i18n/words/zh/later.zh.js");
        let table = std::fs::read_to_string(table).unwrap();
        let codes: Vec<String> = all().into_iter().map(|words| code(words).code).collect();
        for (at, one) in codes.iter().enumerate() {
            assert!(table.contains(&format!("\"core.step.{one}\":")), "core.step.{one} is not in later.zh.js");
            assert!(!codes[..at].contains(one), "{one} stands for two");
        }
    }
}

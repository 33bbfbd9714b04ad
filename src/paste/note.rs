//! A note about a paste: a stable code with values, and its English sentence.

/// A sentence with its stable code; `{name}` in the sentence stands for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Say(pub &'static str, pub &'static str);

/// A sentence with its values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    say: Say,
    /// The values, by the names of the holes that they fill.
    pub params: Vec<(&'static str, String)>,
}

impl Note {
    /// The stable kebab-case code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.say.0
    }

    /// The same note with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.params.push((name, value.into()));
        self
    }

    /// The sentence with its values.
    #[must_use]
    pub fn text(&self) -> String {
        let fill = |text: String, (name, value): &(&str, String)| text.replace(&format!("{{{name}}}"), value);
        self.params.iter().fold(self.say.1.to_owned(), fill)
    }
}

impl From<Say> for Note {
    fn from(say: Say) -> Self {
        Self { say, params: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_notes_fill_their_holes() {
        let note = Note::from(Say("answer-refused", "The answer is {status}.")).with("status", "404");
        assert_eq!((note.code(), note.text().as_str()), ("answer-refused", "The answer is 404."));
    }
}

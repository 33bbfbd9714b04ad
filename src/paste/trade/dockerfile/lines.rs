//! The lines of a Dockerfile as BuildKit joins them: directives, comments, continuations and here-documents.

use std::collections::VecDeque;

/// A word and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    pub at: usize,
    /// False if a line break stands within it.
    pub whole: bool,
}

/// An instruction in one piece.
#[derive(Default)]
pub(super) struct Instruction {
    text: String,
    /// The starts of the lines in the text, and their places in the file.
    places: Vec<(usize, usize)>,
}

/// `# syntax=…`: the value, and where it stands.
pub(super) type Syntax<'a> = Option<(&'a str, usize)>;

/// The instructions of a file, and the value of its `syntax` directive.
pub(super) fn read(text: &str) -> (Syntax<'_>, Vec<Instruction>) {
    let mut reader = Reader { escape: b'\\', directives: true, syntax: None };
    let mut all = Vec::new();
    let mut open = Instruction::default();
    let mut heredocs: VecDeque<Heredoc> = VecDeque::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut start = at;
        at += line.len();
        let mut body = line.strip_suffix('\n').unwrap_or(line);
        body = body.strip_suffix('\r').unwrap_or(body);
        if start == 0 && body.starts_with('\u{feff}') {
            (start, body) = ('\u{feff}'.len_utf8(), &body['\u{feff}'.len_utf8()..]);
        }
        if let Some(heredoc) = heredocs.front() {
            if heredoc.is_end(body) {
                heredocs.pop_front();
            }
            continue;
        }
        if reader.passes_over(body, start) {
            continue;
        }
        let (content, goes_on) = reader.continued(body);
        open.push(content, start);
        if !goes_on {
            heredocs = open.heredocs();
            all.push(std::mem::take(&mut open));
        }
    }
    all.push(open);
    (reader.syntax, all)
}

struct Reader<'a> {
    escape: u8,
    /// Directives stand before everything else.
    directives: bool,
    syntax: Syntax<'a>,
}

impl<'a> Reader<'a> {
    /// True for comments and empty lines, also within an instruction; directives among them are kept.
    fn passes_over(&mut self, body: &'a str, start: usize) -> bool {
        let trimmed = body.trim_start();
        if self.directives && !(start == 0 && body.starts_with("#!")) {
            self.directives = self.directive(body, start).is_some();
        }
        trimmed.is_empty() || trimmed.starts_with('#')
    }

    fn directive(&mut self, body: &'a str, start: usize) -> Option<()> {
        let (name, value) = body.strip_prefix('#')?.split_once('=')?;
        let value = value.trim();
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
        let name = Some(name.trim()).filter(|name| is_name(name) && !value.is_empty())?;
        if name.eq_ignore_ascii_case("escape") && matches!(value, "`" | "\\") {
            self.escape = value.as_bytes()[0];
        } else if name.eq_ignore_ascii_case("syntax") && self.syntax.is_none() {
            let value = value.split_whitespace().next()?;
            self.syntax = Some((value, start + body.find(value)?));
        }
        Some(())
    }

    /// The line without the sign that continues it; whether it is continued. Two such signs are no continuation.
    fn continued(&self, body: &'a str) -> (&'a str, bool) {
        let trimmed = body.trim_end_matches([' ', '\t']);
        match trimmed.as_bytes() {
            [.., before, last] if *last == self.escape && *before != self.escape => {
                (&trimmed[..trimmed.len() - 1], true)
            }
            [last] if *last == self.escape => ("", true),
            _ => (body, false),
        }
    }
}

impl Instruction {
    fn push(&mut self, line: &str, at: usize) {
        self.places.push((self.text.len(), at));
        self.text.push_str(line);
    }

    /// The words, with quotes around white space kept together.
    pub fn words(&self) -> Vec<Word> {
        let mut words = Vec::new();
        let (mut start, mut quote) = (None, None);
        for (at, b) in self.text.bytes().enumerate() {
            match (quote, b) {
                (None, b' ' | b'\t') => {
                    words.extend(start.take().map(|start| self.word(start, at)));
                    continue;
                }
                (None, b'"' | b'\'') => quote = Some(b),
                (Some(open), b) if open == b => quote = None,
                _ => {}
            }
            start.get_or_insert(at);
        }
        words.extend(start.map(|start| self.word(start, self.text.len())));
        words
    }

    fn word(&self, start: usize, end: usize) -> Word {
        let line = self.places.partition_point(|(begins, _)| *begins <= start).max(1) - 1;
        let (begins, at) = self.places[line];
        let whole = self.places.get(line + 1).is_none_or(|(next, _)| *next >= end);
        Word { text: self.text[start..end].to_owned(), at: at + start - begins, whole }
    }

    /// The here-documents that RUN, COPY and ADD open, in order.
    fn heredocs(&self) -> VecDeque<Heredoc> {
        if !self.text.contains("<<") {
            return VecDeque::new();
        }
        let words = self.words();
        let mut names = words.iter().map(|word| word.text.to_ascii_uppercase());
        let first = names.next().filter(|name| name != "ONBUILD").or_else(|| names.next());
        if !matches!(first.as_deref(), Some("RUN" | "COPY" | "ADD")) {
            return VecDeque::new();
        }
        words.iter().filter_map(|word| Heredoc::of(&word.text)).collect()
    }
}

/// A here-document: the word that ends it.
struct Heredoc {
    end: String,
    /// True for `<<-`: tabs before the word are not counted.
    indented: bool,
}

impl Heredoc {
    /// `<<EOF`, `<<-EOF`, `3<<"EOF"`
    fn of(word: &str) -> Option<Self> {
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
        let (indented, name) = rest.strip_prefix('-').map_or((false, rest), |name| (true, name));
        let end: String = name.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
        (!end.is_empty() && !end.contains('<')).then_some(Self { end, indented })
    }

    fn is_end(&self, line: &str) -> bool {
        let line = if self.indented { line.trim_start_matches('\t') } else { line };
        line == self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let (_, all) = read(text);
        let words = |one: &Instruction| one.words().into_iter().map(|word| word.text).collect();
        all.iter().map(words).filter(|words: &Vec<String>| !words.is_empty()).collect()
    }

    #[test]
    fn trade_lines_of_a_dockerfile_are_joined_as_buildkit_joins_them() {
        let text = "FROM a \\\n  # a comment\n\n  AS b\nRUN x \\\\\nRUN y \\  \n  z\nRUN <<A <<-\"B\"\nFROM c\nA\n\tFROM d\n\tB\nRUN 1\n";
        let found = words(text);
        assert_eq!(
            found,
            [
                vec!["FROM", "a", "AS", "b"],
                vec!["RUN", "x", "\\\\"],
                vec!["RUN", "y", "z"],
                vec!["RUN", "<<A", "<<-\"B\""],
                vec!["RUN", "1"]
            ]
        );
        assert_eq!(
            words("# escape=`\nFROM a `\n  AS b\nRUN c:\\\n"),
            [vec!["FROM", "a", "AS", "b"], vec!["RUN", "c:\\"]]
        );
        assert_eq!(words("\n# escape=`\nRUN a `\nRUN b\n").len(), 2, "a directive stands before everything else");
    }

    #[test]
    fn trade_words_of_a_dockerfile_know_their_places() {
        let text = "\u{feff}# syntax = x/y:1 a\r\nFROM al\\\r\npine \"b c\"\r\n";
        let (syntax, all) = read(text);
        assert_eq!(syntax, Some(("x/y:1", 14)));
        assert_eq!(&text[14..19], "x/y:1");
        let words = all[0].words();
        assert_eq!((words[1].text.as_str(), words[1].whole), ("alpine", false));
        let at = words[2].at;
        assert_eq!(&text[at..at + 5], "\"b c\"");
    }
}

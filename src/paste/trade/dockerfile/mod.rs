//! Images in a Dockerfile: `FROM`, `COPY --from=`, `RUN --mount=…,from=`, the `syntax` directive, and `ARG` defaults of these.

mod lines;

use std::collections::{BTreeSet, HashMap, HashSet};

use super::variables::{self, Part};
use super::{Found, in_one_piece, plain_name};
use lines::Word;

/// Finds every image that is not a stage of the file itself.
pub(super) fn read(text: &str) -> Vec<Found> {
    let (syntax, instructions) = lines::read(text);
    let mut rows = Vec::new();
    if let Some((name, offset, at)) =
        syntax.and_then(|(word, at)| plain_name(word).map(|(name, offset)| (name, offset, at)))
    {
        let found = in_one_piece(name, at + offset, at + offset + name.len());
        rows.push(Found { label: "syntax".to_owned(), ..found });
    }
    let instructions: Vec<Vec<Word>> = instructions.iter().map(lines::Instruction::words).collect();
    let mut file = File { all: instructions.iter().filter_map(|words| stage(words)).collect(), ..File::default() };
    for words in &instructions {
        file.instruction(words, &mut rows);
    }
    // A value that is also a part of another name cannot take a digest.
    for row in rows.iter_mut().filter(|row| file.mixed.range(row.start..row.end).next().is_some()) {
        row.edit = None;
    }
    rows
}

/// The values that the file has set so far.
#[derive(Default)]
struct File {
    /// The values of ARG before the first FROM.
    values: HashMap<String, Vec<Part>>,
    /// The names of the stages so far: FROM knows only these.
    before: HashSet<String>,
    /// The names of all stages: COPY and RUN know every one.
    all: HashSet<String>,
    /// The places of values that are a part of a name, not all of it.
    mixed: BTreeSet<usize>,
    started: bool,
}

/// The name that a FROM gives its stage.
fn stage(words: &[Word]) -> Option<String> {
    let (name, rest) = words.split_first()?;
    let mut plain = rest.iter().filter(|word| !word.text.starts_with("--"));
    let as_word = plain.nth(1).filter(|word| word.text.eq_ignore_ascii_case("as"));
    as_word
        .filter(|_| name.text.eq_ignore_ascii_case("from"))
        .and_then(|_| plain.next())
        .map(|word| word.text.to_ascii_lowercase())
}

impl File {
    fn instruction(&mut self, words: &[Word], rows: &mut Vec<Found>) {
        let Some((name, rest)) = words.split_first() else { return };
        let flags = || rest.iter().take_while(|word| word.text.starts_with("--"));
        match name.text.to_ascii_uppercase().as_str() {
            "ARG" if !self.started => rest.iter().for_each(|word| self.argument(word)),
            "FROM" => {
                self.started = true;
                self.from(words, rest, rows);
            }
            "COPY" => {
                let from = flags().filter_map(|word| part_of(word, "--from=".len(), word.text.len(), "--from="));
                from.for_each(|word| self.used(&word, rows));
            }
            "RUN" => flags().filter_map(mounted).for_each(|word| self.used(&word, rows)),
            // ONBUILD takes every instruction but FROM and itself.
            "ONBUILD"
                if !rest.first().is_some_and(|word| {
                    ["FROM", "ONBUILD", "ARG"].iter().any(|name| word.text.eq_ignore_ascii_case(name))
                }) =>
            {
                self.instruction(rest, rows);
            }
            _ => {}
        }
    }

    fn argument(&mut self, word: &Word) {
        let Some((name, value)) = word.text.split_once('=') else { return };
        let (quoted, offset) = unquoted(value);
        let at = word.whole.then_some(word.at + name.len() + 1 + offset);
        let parts = variables::expand(quoted, at, &|name| self.values.get(name).cloned());
        let parts = parts.map(|parts| parts.into_iter().map(|part| Part { shared: true, ..part }).collect());
        match parts {
            Some(parts) => self.values.insert(name.to_owned(), parts),
            None => self.values.remove(name),
        };
    }

    fn from(&mut self, words: &[Word], rest: &[Word], rows: &mut Vec<Found>) {
        let platform = rest.iter().find_map(|word| word.text.strip_prefix("--platform="));
        let platform =
            platform.and_then(|word| variables::expand(unquoted(word).0, None, &|name| self.values.get(name).cloned()));
        let platform = platform.map(|parts| parts.into_iter().map(|part| part.text).collect::<String>());
        let stage = stage(words);
        let image = rest.iter().find(|word| !word.text.starts_with("--"));
        if let Some(image) = image.filter(|image| !self.before.contains(&image.text.to_ascii_lowercase())) {
            let before = rows.len();
            let stages = std::mem::take(&mut self.before);
            self.image(image, &stages, rows);
            self.before = stages;
            for row in &mut rows[before..] {
                row.platform = platform.clone().filter(|platform| !platform.is_empty());
                row.label = stage.clone().unwrap_or_default();
            }
        }
        self.before.extend(stage);
    }

    /// An image that COPY or RUN uses, unless it is a stage by its name or number.
    fn used(&mut self, word: &Word, rows: &mut Vec<Found>) {
        if word.text.parse::<usize>().is_err() {
            let stages = std::mem::take(&mut self.all);
            self.image(word, &stages, rows);
            self.all = stages;
        }
    }

    /// The row of an image, or of the ARG whose default it is.
    fn image(&mut self, word: &Word, stages: &HashSet<String>, rows: &mut Vec<Found>) {
        let (quoted, offset) = unquoted(&word.text);
        let start = word.at + offset;
        let Some(parts) =
            variables::expand(quoted, word.whole.then_some(start), &|name| self.values.get(name).cloned())
        else {
            return;
        };
        let name: String = parts.iter().map(|part| part.text.to_ascii_lowercase()).collect();
        if name.is_empty() || stages.contains(&name) {
            return;
        }
        let shared = parts.iter().filter(|part| part.shared && !part.text.starts_with("sha256:"));
        self.mixed.extend(shared.filter(|_| parts.len() > 1).filter_map(|part| part.at));
        let end = if word.whole { start + quoted.len() } else { start };
        rows.extend(variables::found(&parts, start, end));
    }
}

/// The value of a mount's `from=`.
fn mounted(word: &Word) -> Option<Word> {
    let options = word.text.strip_prefix("--mount=")?;
    let mut at = "--mount=".len();
    for option in options.split(',') {
        if option.trim_start_matches(['"', '\'']).starts_with("from=") {
            let start = at + option.find('=')? + 1;
            return part_of(word, start, at + option.len(), "--mount=");
        }
        at += option.len() + 1;
    }
    None
}

/// A part of a word that begins so.
fn part_of(word: &Word, start: usize, end: usize, begins: &str) -> Option<Word> {
    let text = word.text.get(start..end).filter(|_| word.text.starts_with(begins))?;
    Some(Word { text: text.to_owned(), at: word.at + start, whole: word.whole })
}

/// A word without its quotes, and where it starts in it.
fn unquoted(word: &str) -> (&str, usize) {
    let rest = word.trim_start_matches(['"', '\'']);
    (rest.trim_end_matches(['"', '\'']), word.len() - rest.len())
}

//! Repairs of what programs that print text put into it: colours written out, marks, frames, numbers, filled lines.
//!
//! Each is a function from text to text, linear; `None` says that it does not apply.

/// Terminal escapes as text: `^[[0;39m`, `\x1b[0m`, `\e[1m`, `\u001b[0m`, and `[0;39m` without its escape character.
pub(super) fn written_escapes(text: &str) -> Option<String> {
    const LEADS: [&str; 7] = ["\\u001b", "\\u001B", "\\033", "\\x1b", "\\x1B", "\\e", "ESC"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('[') {
        let (mut before, mut after) = (&rest[..at], &rest[at + 1..]);
        // `^[` is the escape character itself.
        let caret = before.strip_suffix('^').zip(after.strip_prefix('['));
        if let Some(inner) = caret {
            (before, after) = inner;
        }
        let length = after.bytes().take(LONGEST).take_while(|b| b.is_ascii_digit() || *b == b';').count();
        let led = LEADS.iter().find_map(|lead| before.strip_suffix(lead));
        let is_escape = after[length..].starts_with('m') && (length > 0 || led.is_some() || caret.is_some());
        if is_escape {
            out.push_str(led.or(before.strip_suffix('␛')).unwrap_or(before));
            found = true;
            rest = &after[length + 1..];
        } else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The longest parameters of a colour.
const LONGEST: usize = 16;

/// Quotes written twice, as in cells of CSV and in strings of C# and SQL.
pub(super) fn doubled(text: &str) -> Option<String> {
    let is_inside = |pair: &str| {
        let mut rest = text;
        let mut seen = false;
        while let Some((_, after)) = rest.split_once(pair) {
            seen |= after.starts_with(|c: char| c.is_ascii_alphabetic());
            rest = after;
        }
        seen
    };
    if is_inside("\"\"") { Some(text.replace("\"\"", "\"")) } else { None }
}

/// Single quotes written twice, as in strings of SQL and PowerShell.
pub(super) fn doubled_single(text: &str) -> Option<String> {
    text.contains("''").then(|| text.replace("''", "'"))
}

/// Quoted-printable (RFC 2045), as the source of a mail has it.
pub(super) fn quoted_printable(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let (mut at, mut soft) = (0, 0);
    while let Some(byte) = text.get(at) {
        let rest = &text[at + 1..];
        match (byte, rest) {
            (b'=', [b'\r', b'\n', ..]) => (at, soft) = (at + 3, soft + 1),
            (b'=', [b'\n', ..]) => (at, soft) = (at + 2, soft + 1),
            (b'=', [high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = [*high, *low];
                let value = std::str::from_utf8(&digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
                out.extend(value);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    (soft > 0).then_some(out)
}

/// Numbers on lines of their own before each line, as pages with code are copied.
pub(super) fn numbers_apart(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let first = lines.iter().position(|line| line.trim() == "1")?;
    let mut kept = Vec::new();
    for (at, pair) in lines[first..].chunks(2).enumerate() {
        match pair {
            [number, line] if number.trim().parse() == Ok(at + 1) => kept.push(*line),
            _ => break,
        }
    }
    (kept.len() > 2).then(|| kept.join("\n"))
}

/// `file.json:12:` before each line, as grep writes.
pub(super) fn named_line(line: &str) -> Option<&str> {
    let (name, rest) = line.split_once(':')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_name = !name.is_empty() && !name.contains([' ', '"', '{', '\t']);
    rest[digits..].strip_prefix([':', '-']).filter(|_| digits > 0 && is_name)
}

/// `$` at the ends of lines and `^I` for tabs, as `cat -A` and `cat -e` write.
pub(super) fn cat_marks(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let (last, others) = lines.split_last()?;
    if others.is_empty() || !others.iter().all(|line| line.ends_with('$')) {
        return None;
    }
    let bare: Vec<String> =
        others.iter().chain([last]).map(|line| line.strip_suffix('$').unwrap_or(line).replace("^I", "\t")).collect();
    Some(bare.join("\n"))
}

/// A frame around each line: `│ … │`.
pub(super) fn framed(text: &str) -> Option<String> {
    let inner = |line: &str| {
        let line = line.trim();
        let mark = line.chars().next().filter(|mark| matches!(mark, '│' | '|' | '║' | '┃'))?;
        let inner = line.strip_prefix(mark)?.strip_suffix(mark)?;
        Some(inner.strip_prefix(' ').unwrap_or(inner).trim_end().to_owned())
    };
    let is_edge = |line: &str| line.trim().chars().all(|c| "┌┐└┘─├┤┬┴┼+-=═╔╗╚╝━┏┓┗┛ ".contains(c));
    let mut kept = Vec::new();
    for line in text.lines() {
        match inner(line) {
            Some(line) => kept.push(line),
            None if is_edge(line) => {}
            None => return None,
        }
    }
    (kept.len() > 2).then(|| kept.join("\n"))
}

/// Lines that were filled up to a width, joined again inside strings: the space at which a line was broken is put back, none
/// where a long word or a word with a hyphen was broken.
pub(super) fn filled(text: &str) -> Option<String> {
    let width = text.lines().map(|line| line.chars().count()).max().filter(|width| *width >= NARROWEST)?;
    joined(text, |before, after| {
        let last = before.rsplit(' ').next().unwrap_or_default();
        let next = after.split(' ').next().unwrap_or_default();
        let full = before.chars().count() >= width;
        let hyphen = last.strip_suffix('-').is_some_and(|word| word.ends_with(|c: char| c.is_ascii_alphabetic()))
            && next.starts_with(|c: char| c.is_ascii_alphabetic());
        let long = full && last.chars().count() + next.chars().count() > width;
        match () {
            () if hyphen || long => "",
            () if before.ends_with("#(nop)") && !next.starts_with("ADD") && !next.starts_with("COPY") => "  ",
            () => " ",
        }
    })
}

/// The same, with one space for every line break.
pub(super) fn spaced(text: &str) -> Option<String> {
    joined(text, |_, _| " ")
}

/// The narrowest width that lines are filled to.
const NARROWEST: usize = 40;

/// Joins lines that break inside a string.
fn joined(text: &str, between: impl Fn(&str, &str) -> &'static str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut changed) = (false, false);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let mut escaped = false;
        for byte in line.bytes() {
            inside ^= byte == b'"' && !escaped;
            escaped = inside && byte == b'\\' && !escaped;
        }
        out.push_str(line);
        match lines.peek() {
            Some(next) if inside => {
                out.push_str(between(line, next));
                changed = true;
            }
            Some(_) => out.push('\n'),
            None => {}
        }
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recover_colours_written_out_are_removed() {
        for lead in ["^[", "\\x1b", "\\e", "\\033", "\\u001b", "ESC", "␛", ""] {
            let text = format!("{lead}[1;39m{{{lead}[0m\"a\":[1]}}");
            assert_eq!(written_escapes(&text).as_deref(), Some("{\"a\":[1]}"), "{lead}");
        }
        assert_eq!(written_escapes("{\"a\":[1, 2]}"), None);
    }

    #[test]
    fn recover_marks_of_programs_are_removed() {
        assert_eq!(doubled("\"{\"\"a\"\":\"\"\"\"}\"").as_deref(), Some("\"{\"a\":\"\"}\""));
        assert_eq!(doubled("{\"a\":\"\"}"), None);
        assert_eq!(quoted_printable(b"{\"a=3Db\":=\n1}").as_deref(), Some(&b"{\"a=b\":1}"[..]));
        assert_eq!(quoted_printable(b"{\"a=b\":1}"), None);
        assert_eq!(numbers_apart("1\n{\n2\n \"a\": 1\n3\n}").as_deref(), Some("{\n \"a\": 1\n}"));
        assert_eq!(numbers_apart("1\n2\n4"), None);
        assert_eq!(named_line("a/m.json:12:  {"), Some("  {"));
        assert_eq!(named_line("\"a\": 1"), None);
        assert_eq!(cat_marks("{$\n^I1$\n}").as_deref(), Some("{\n\t1\n}"));
        assert_eq!(cat_marks("{\n}$"), None);
        assert_eq!(framed("┌──┐\n│ {   │\n│   1 │\n│ }   │\n└──┘").as_deref(), Some("{\n  1\n}"));
        assert_eq!(framed("{\n│ 1 │"), None);
    }

    #[test]
    fn recover_filled_lines_get_their_spaces_back() {
        let wide = "x".repeat(40);
        assert_eq!(filled(&format!("{{\"{wide}\nb\": 1}}")).as_deref(), Some(&*format!("{{\"{wide}b\": 1}}")));
        let text = format!("{{\"{wide}\": \"some\nwords and a no-\nend -\nx\"}}");
        assert_eq!(filled(&text).as_deref(), Some(&*format!("{{\"{wide}\": \"some words and a no-end - x\"}}")));
        assert_eq!(spaced("{\"a\nb\":\n1}").as_deref(), Some("{\"a b\":\n1}"));
        assert_eq!(spaced("{\n1}"), None);
    }
}

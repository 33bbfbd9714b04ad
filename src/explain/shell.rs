//! Words of a POSIX shell: every value in a command is quoted, so that it stays one word and runs nothing.

/// A value as one word. Control characters (a newline among them) are dropped: pasted into a terminal they could run.
pub(super) fn quote(text: &str) -> String {
    let safe: String = text.chars().filter(|c| !c.is_control()).collect();
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b);
    if !safe.is_empty() && !safe.starts_with('-') && safe.bytes().all(is_plain) {
        return safe;
    }
    format!("'{}'", safe.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;
    use std::process::Command;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        let all =
            ["plain", "two words", "it's", "$(touch x) `id` \\ \" ; & | > * ?", "--flag", "", "é 镜像", "a=b,c@d:e/f"];
        for text in all {
            let line = format!("printf %s {}", quote(text));
            let printed = Command::new("sh").args(["-c", &line]).output().unwrap().stdout;
            assert_eq!(String::from_utf8(printed).unwrap(), text, "{line}");
        }
    }

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        assert_eq!(quote("a\nrm -rf x\r\u{1b}[2J\u{9b}"), "'arm -rf x[2J'");
    }

    /// The one word that a shell makes of a quoted text; nothing if it makes another number of words, or would run anything.
    fn word_of(quoted: &str) -> Option<String> {
        let Some(inner) = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) else {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
            return (!quoted.is_empty() && quoted.chars().all(is_plain)).then(|| quoted.to_owned());
        };
        let parts: Vec<&str> = inner.split(r"'\''").collect();
        parts.iter().all(|part| !part.contains('\'')).then(|| parts.join("'"))
    }

    proptest::proptest! {
        #[test]
        fn any_text_stays_one_word(text in r"[\x00-\x7f]{0,40}|.{0,40}") {
            let safe: String = text.chars().filter(|c| !c.is_control()).collect();
            proptest::prop_assert_eq!(word_of(&quote(&text)), Some(safe));
        }
    }

    #[test]
    fn what_needs_no_quotes_has_none_and_no_option_stays_bare() {
        assert_eq!(quote("ghcr.io/a/b@sha256:00"), "ghcr.io/a/b@sha256:00");
        assert_eq!(quote("-x"), "'-x'");
    }
}

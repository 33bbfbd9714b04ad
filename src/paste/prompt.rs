//! Line: paste -> bytes. Shell prompts before a line.

/// The marks that end a prompt.
const MARKS: [&str; 6] = ["$", "#", "%", ">", "❯", "➜"];

/// What follows the prompt that a line begins with; `None` where it begins with none.
pub(super) fn strip(line: &str) -> Option<&str> {
    let line = line.trim();
    plain(line).or_else(|| named(line))
}

/// A mark alone, or before a space.
fn plain(line: &str) -> Option<&str> {
    MARKS.iter().find_map(|mark| {
        let rest = line.strip_prefix(mark)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
    })
}

/// `user@host:~$ `, `[root@host ~]# `, `PS C:\> `, `C:\Users\me>`, `/ # `, `bash-5.2$ `.
fn named(line: &str) -> Option<&str> {
    let end = line
        .char_indices()
        .take(LONGEST)
        .find(|(at, c)| matches!(c, '$' | '#' | '%' | '>' | '❯') && is_shell(&line[..*at]))?;
    let rest = &line[end.0 + end.1.len_utf8()..];
    let windows = line.as_bytes().get(1) == Some(&b':') || line.starts_with("PS ");
    (rest.is_empty() || rest.starts_with(' ') || windows).then(|| rest.trim_start())
}

/// How many characters of a line can be a prompt.
const LONGEST: usize = 100;

fn is_shell(head: &str) -> bool {
    let user_at_host = head
        .trim_start_matches(['[', '('])
        .split([' ', ':', '/'])
        .any(|word| word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()));
    let drive = head.len() >= 3 && head.as_bytes()[0].is_ascii_alphabetic() && head[1..].starts_with(":\\");
    let power = head.starts_with("PS ") && head.len() > 3;
    let bare = ["bash-", "sh-", "zsh-"].iter().any(|shell| head.starts_with(shell)) && !head.contains(' ');
    let path = (head.starts_with('/') || head.starts_with('~')) && !head.trim_end().contains(' ');
    let quoted = head.contains(['"', '{']) || head.contains("sha256:");
    (user_at_host || drive || power || bare || path) && !quoted
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn paste_prompts_are_known() {
        for prompt in [
            "$ ",
            "# ",
            "% ",
            "> ",
            "❯ ",
            "➜ ",
            "user@host:~$ ",
            "[root@host ~]# ",
            "PS C:\\> ",
            "PS C:\\Users\\me> ",
            "C:\\Users\\me>",
            "/ # ",
            "~ $ ",
            "bash-5.2$ ",
            "root@4f5e:/# ",
            "(venv) me@host ~ % ",
        ] {
            assert_eq!(strip(&format!("{prompt}docker images")), Some("docker images"), "{prompt}");
            assert_eq!(strip(prompt), Some(""), "{prompt}");
        }
    }

    #[test]
    fn paste_other_lines_have_no_prompt() {
        let digest = format!("busybox@sha256:{} # pinned", "a".repeat(64));
        for line in ["docker images", "{\"a\": \"x@y$ z\"}", "#!/bin/sh", "$HOME", "a $ b", &digest, ""] {
            assert_eq!(strip(line), None, "{line}");
        }
    }
}

//! paste -> bytes. Shell prompts before a line.

/// The marks that end a prompt.
const MARKS: [char; 6] = ['$', '#', '%', '>', '❯', '➜'];

/// The text behind the prompt of a line; `None` if it begins with none.
pub(super) fn strip(line: &str) -> Option<&str> {
    let line = line.trim();
    plain(line).or_else(|| named(line))
}

/// A mark alone, or before a space.
fn plain(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(MARKS)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
}

/// `user@host:~$ `, `[root@host ~]# `, `PS C:\> `, `C:\Users\me>`, `/ # `, `bash-5.2$ `.
fn named(line: &str) -> Option<&str> {
    let bytes = &line.as_bytes()[..line.len().min(LONGEST * char::MAX.len_utf8())];
    if !may_be_shell(bytes) {
        return None;
    }
    // The first bytes of the marks: most lines have none of them.
    let is_mark = |byte: &u8| matches!(byte, b'$' | b'#' | b'%' | b'>' | 0xE2);
    let marks = bytes.iter().enumerate().filter(|(_, byte)| is_mark(byte)).map(|(at, _)| at);
    let (at, mark) = marks
        .take_while(|at| line[..*at].chars().nth(LONGEST - 1).is_none())
        .filter_map(|at| Some((at, line[at..].chars().next()?)))
        .find(|(at, c)| matches!(c, '$' | '#' | '%' | '>' | '❯') && is_shell(&line[..*at]))?;
    let rest = &line[at + mark.len_utf8()..];
    let windows = line.as_bytes().get(1) == Some(&b':') || line.starts_with("PS ");
    (rest.is_empty() || rest.starts_with(' ') || windows).then(|| rest.trim_start())
}

/// The most characters of a line that can be a prompt.
const LONGEST: usize = 100;

/// Rules out most lines: what [`is_shell`] takes begins so, or has a user before its host.
fn may_be_shell(line: &[u8]) -> bool {
    matches!(line, [b'/' | b'~', ..] | [_, b':', ..])
        || ["PS ", "bash-", "sh-", "zsh-"].iter().any(|start| line.starts_with(start.as_bytes()))
        || line.contains(&b'@')
}

fn is_shell(head: &str) -> bool {
    let user_at_host = head
        .trim_start_matches(['[', '('])
        .split([' ', ':', '/'])
        .any(|word| word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()));
    let drive = head.len() >= 3 && head.as_bytes()[0].is_ascii_alphabetic() && head[1..].starts_with(":\\");
    let power = head.starts_with("PS ") && head.len() > 3;
    let bare = ["bash-", "sh-", "zsh-"].iter().any(|shell| head.starts_with(shell)) && !head.contains(' ');
    let path = (head.starts_with('/') || head.starts_with('~')) && !head.trim_end().contains(' ');
    let quoted = head.contains(['"', '{']) || ["sha256:", "sha384:", "sha512:"].iter().any(|name| head.contains(name));
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
        let wide = format!("me@host:~/{}$ docker pull a", "路".repeat(80));
        assert_eq!(strip(&wide), Some("docker pull a"), "the limit is one of characters");
    }

    #[test]
    fn paste_other_lines_have_no_prompt() {
        let digest = format!("busybox@sha256:{} # pinned", "a".repeat(64));
        let long = format!("busybox@sha512:{} # pinned", "a".repeat(80));
        let command =
            format!("docker run -e EMAIL=me@example.com -v /{}:/w r.example/a:1.4 make > build.log", "p".repeat(70));
        let lines =
            ["docker images", "{\"a\": \"x@y$ z\"}", "#!/bin/sh", "$HOME", "a $ b", &digest, &long, &command, ""];
        for line in lines {
            assert_eq!(strip(line), None, "{line}");
        }
    }
}

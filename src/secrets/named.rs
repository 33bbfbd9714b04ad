//! Secrets that are known by what they are called: `DB_PASSWORD`, `api.token`, `--secret=x`.

use super::{Secret, What, is_placeholder};

/// The value, if its name says that it is a secret and it does not look like anything else.
pub(super) fn of<'a>(name: &str, value: &'a str) -> Option<Secret<'a>> {
    let value = unquoted(value);
    let is_secret = names_a_secret(name) && !is_something_else(value);
    is_secret.then(|| Secret { what: What::Named(name.to_owned()), value })
}

/// The first such value of a `NAME=value` in a command line.
pub(super) fn assigned(command: &str) -> Option<Secret<'_>> {
    let mut from = 0;
    while let Some(at) = command[from..].find('=').map(|at| from + at) {
        from = at + 1;
        let name = last_name(&command[..at]);
        if names_a_secret(name) {
            let value = first_word(&command[from..]);
            if let Some(secret) = of(name, value) {
                return Some(secret);
            }
            from += value.len();
        }
    }
    None
}

/// The name that a text ends with.
fn last_name(text: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    &text[text.trim_end_matches(is_name).len()..]
}

/// Up to the closing quote, or up to what ends a word in a shell.
fn first_word(text: &str) -> &str {
    if let Some(quote) = text.chars().next().filter(|c| ['"', '\''].contains(c)) {
        return text[1..].find(quote).map_or(text, |end| &text[..end + 2]);
    }
    text.find(|c: char| c.is_whitespace() || ";&|\"'`)".contains(c)).map_or(text, |end| &text[..end])
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(value)
}

fn names_a_secret(name: &str) -> bool {
    let words = words(name);
    let has = |word: &str| words.iter().any(|own| own == word);
    let follows = |first: &str, second: &str| words.windows(2).any(|pair| pair[0] == first && pair[1] == second);
    let says = words.iter().any(|word| word.ends_with("password") || word.ends_with("passwd"))
        || ["passphrase", "secret", "token", "apikey", "credentials"].into_iter().any(has)
        || ["api", "private", "access", "encryption", "signing", "master"]
            .into_iter()
            .any(|first| follows(first, "key"));
    let is_about = |word: &String, list: &str| list.split(' ').any(|other| other == word);
    says && !words.last().is_some_and(|word| is_about(word, LAST)) && !words.iter().any(|word| is_about(word, ANY))
}

/// Last words of names of things about a secret that are none.
const LAST: &str = "file files path dir directory url uri endpoint host length len size ttl expiry expiration expires \
                    timeout lifetime type name id header algorithm alg version mode format prefix suffix count limit \
                    policy hash salt issuer audience enabled provider store location arn env var key_id class field";

/// Words that make of a name a switch.
const ANY: &str = "allow require required disable disabled enable enabled use skip no empty random public parallelism \
                   max min num";

/// The words of a name, lower case: apart at `_`, `-`, `.` and the like, and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || (was_lower && c.is_ascii_uppercase()) {
            words.push(String::new());
        }
        was_lower = c.is_ascii_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A placeholder, a path, a URL, a small number, a sentence: what is kept beside a secret, not one.
fn is_something_else(value: &str) -> bool {
    let is_path = value.starts_with(['/', '~', '\\']) || value.starts_with("./") || value.get(1..3) == Some(":\\");
    let is_small = value.len() < 4 || (value.len() < 6 && value.bytes().all(|b| b.is_ascii_digit()));
    let is_sentence = value.split_whitespace().count() > 3;
    is_placeholder(value) || is_path || is_small || is_sentence || value.contains("://") || value.contains("$(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "PASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "DBPASSWORD",
            "db.password",
            "clientSecret",
            "GITHUB_TOKEN",
            "SECRET_KEY_BASE",
            "AWS_SECRET_ACCESS_KEY",
            "API_KEY",
            "apiKey",
            "--token",
            "_authToken",
            "ssh-passphrase",
        ] {
            assert!(of(name, "hunter22").is_some(), "{name}");
        }
        for name in [
            "PATH",
            "GPG_KEY",
            "TOKENIZERS_PARALLELISM",
            "PASSWORD_FILE",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "TOKEN_TTL",
            "AWS_ACCESS_KEY_ID",
            "SECRETARY",
            "KEY",
            "MAX_TOKENS",
            "com.example.token-url",
            "",
        ] {
            assert_eq!(of(name, "hunter22"), None, "{name}");
        }
    }

    #[test]
    fn values_that_are_no_secrets() {
        for value in [
            "",
            "/run/secrets/db",
            "C:\\secrets",
            "./secret",
            "${DB_PASSWORD}",
            "$(cat /x)",
            "changeme",
            "true",
            "30",
            "3600",
            "https://example.org/token",
            "the token that you got by mail",
        ] {
            assert_eq!(of("DB_PASSWORD", value), None, "{value}");
        }
        assert_eq!(of("DB_PASSWORD", "\"hunter22\"").unwrap().value, "hunter22");
        assert_eq!(of("DB_PASSWORD", "hunter22").unwrap().what, What::Named("DB_PASSWORD".to_owned()));
    }

    #[track_caller]
    fn command(text: &str, expected: Option<&str>) {
        assert_eq!(assigned(text).map(|secret| secret.value), expected, "{text}");
    }

    #[test]
    fn assignments_in_commands() {
        command("ARG NPM_TOKEN=hunter22", Some("hunter22"));
        command("|2 A=1 DB_PASSWORD=hunter22 /bin/sh -c make", Some("hunter22"));
        command("RUN docker build --build-arg TOKEN=hunter22;x", Some("hunter22"));
        command("ENV A=1 SECRET='two words' B=2", Some("two words"));
        command("RUN export é TOKEN=hunter22", Some("hunter22"));
        command("RUN éTOKEN=hunter22", Some("hunter22"));
        for fine in [
            "ARG NPM_TOKEN",
            "ARG NPM_TOKEN=",
            "RUN TOKEN=$(curl x) make",
            "RUN TOKEN=\"$(curl x)\" make",
            "RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci",
            "RUN test \"$TOKEN\" = \"abcdef\"",
            "RUN echo a==b '=' =",
        ] {
            command(fine, None);
        }
    }
}

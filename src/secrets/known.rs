//! Secrets that are recognised by their form, under any name.

use super::{Secret, What, is_placeholder};

/// The first secret in a text that is known by its form.
pub(super) fn find(text: &str) -> Option<Secret<'_>> {
    private_key(text).or_else(|| TOKENS.iter().find_map(|token| token.find(text))).or_else(|| url_password(text))
}

/// A token that starts with its maker's prefix.
struct Token {
    prefix: &'static str,
    /// The least number of characters that follow.
    least: usize,
    /// The largest number of characters that follow.
    most: usize,
    /// The characters that may follow besides ASCII letters and digits.
    more: &'static [u8],
    what: &'static str,
}

const fn token(prefix: &'static str, least: usize, most: usize, more: &'static [u8], what: &'static str) -> Token {
    Token { prefix, least, most, more, what }
}

const MANY: usize = 512;

/// The forms that their makers document, so that a scanner can find them.
const TOKENS: [Token; 22] = [
    token("AKIA", 16, 16, b"", "an AWS access key ID"),
    token("ASIA", 16, 16, b"", "a temporary AWS access key ID"),
    token("ghp_", 36, MANY, b"", "a GitHub token"),
    token("gho_", 36, MANY, b"", "a GitHub OAuth token"),
    token("ghu_", 36, MANY, b"", "a GitHub user token"),
    token("ghs_", 36, MANY, b"", "a GitHub server token"),
    token("ghr_", 36, MANY, b"", "a GitHub refresh token"),
    token("github_pat_", 22, MANY, b"_", "a GitHub token"),
    token("glpat-", 20, MANY, b"-_.", "a GitLab token"),
    token("gldt-", 20, MANY, b"-_", "a GitLab deploy token"),
    token("xoxb-", 10, MANY, b"-", "a Slack bot token"),
    token("xoxp-", 10, MANY, b"-", "a Slack user token"),
    token("xoxa-", 10, MANY, b"-", "a Slack token"),
    token("xoxr-", 10, MANY, b"-", "a Slack refresh token"),
    token("xoxs-", 10, MANY, b"-", "a Slack token"),
    token("npm_", 36, 36, b"", "an npm token"),
    token("pypi-AgE", 40, MANY, b"-_", "a PyPI token"),
    token("dckr_pat_", 20, MANY, b"-_", "a Docker Hub token"),
    token("hf_", 34, 34, b"", "a Hugging Face token"),
    token("sk_live_", 16, MANY, b"", "a Stripe key"),
    token("AIza", 35, 35, b"-_", "a Google API key"),
    token("sk-ant-", 20, MANY, b"-_", "an Anthropic key"),
];

impl Token {
    /// Every run of characters is looked at once, so that a text of nothing but prefixes takes no longer than another.
    fn find<'a>(&self, text: &'a str) -> Option<Secret<'a>> {
        let is_own = |byte: u8| byte.is_ascii_alphanumeric() || self.more.contains(&byte);
        let mut from = 0;
        while let Some(found) = text[from..].find(self.prefix) {
            let (start, after) = (from + found, from + found + self.prefix.len());
            let length = text.as_bytes()[after..].iter().take_while(|byte| is_own(**byte)).count();
            from = after + length;
            let inside = start > 0 && is_word(text.as_bytes()[start - 1]);
            let value = &text[start..from];
            if !inside && (self.least..=self.most).contains(&length) && !is_placeholder(value) {
                return Some(Secret { what: What::Form(self.what), value });
            }
        }
        None
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A private key in PEM (RFC 7468) with its content, not only the words.
fn private_key(text: &str) -> Option<Secret<'_>> {
    text.match_indices("-----BEGIN ").find_map(|(start, begin)| {
        let (label, rest) = text[start + begin.len()..].split_once("-----")?;
        let content = rest.split("-----").next().unwrap_or_default();
        let is_key = label.ends_with("PRIVATE KEY") && content.len() >= 32;
        let end = text.len() - rest.len() + content.len();
        is_key.then(|| Secret { what: What::Form("a private key"), value: &text[start..end] })
    })
}

/// The password of `scheme://user:password@host`.
fn url_password(text: &str) -> Option<Secret<'_>> {
    text.match_indices("://").find_map(|(at, separator)| {
        let rest = &text[at + separator.len()..];
        let end = rest.find(|c: char| c.is_whitespace() || "/?#\"'`<>\\".contains(c)).unwrap_or(rest.len());
        let (user_and_password, _) = rest[..end].rsplit_once('@')?;
        let (_, value) = user_and_password.split_once(':')?;
        let has_scheme = at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric();
        let is_free = value.starts_with('$') || is_placeholder(value) || value.len() < 3;
        (has_scheme && !is_free).then_some(Secret { what: What::Form("the password in a URL"), value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(text: &str, what: &'static str, value: &str) {
        let found = find(text).map(|secret| (secret.what, secret.value.to_owned()));
        assert_eq!(found, Some((What::Form(what), value.to_owned())));
    }

    #[track_caller]
    fn is_none(text: &str) {
        assert_eq!(find(text), None, "{text}");
    }

    #[test]
    fn every_form_is_found_in_a_text_and_not_in_a_longer_word() {
        for token in &TOKENS {
            let length = token.least.max(20).min(token.most);
            let value: String = token.prefix.chars().chain("4Q7RZK2M".chars().cycle().take(length)).collect();
            is(&format!("run --with {value}\""), token.what, &value);
            is_none(&format!("run x{value}"));
            is_none(&format!("run {}", &value[..token.prefix.len() + token.least - 1]));
        }
    }

    #[test]
    fn makers_examples_are_no_secrets() {
        is_none("AKIAIOSFODNN7EXAMPLE");
        is_none("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }

    #[test]
    fn private_keys() {
        let content = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
        let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{content}\n");
        is(&format!("echo '{key}-----END RSA PRIVATE KEY-----'"), "a private key", &key);
        is_none("grep -e '-----BEGIN PRIVATE KEY-----' file");
        is_none(&format!("-----BEGIN CERTIFICATE-----\n{content}\n-----END CERTIFICATE-----"));
    }

    #[test]
    fn passwords_in_urls() {
        is("postgres://app:hunter22@db:5432/x", "the password in a URL", "hunter22");
        is("curl https://me:p@ss@example.org/", "the password in a URL", "p@ss");
        for fine in [
            "https://example.org/a:b@c",
            "https://$USER:$PASSWORD@example.org",
            "https://user@example.org",
            "https://user:password@example.org",
            "redis://:@cache",
            "git+ssh://git@example.org:22/a",
        ] {
            is_none(fine);
        }
    }

    #[test]
    fn texts_of_several_byte_characters_do_not_break_it() {
        is_none("é://é:é@é AKIAé ghp_é-----BEGIN é-----");
    }
}

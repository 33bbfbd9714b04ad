//! Pieces of texts that look like secrets, by their form and by their name.

mod known;
mod named;

/// A piece of a text that looks like a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret<'a> {
    /// Its kind.
    pub(crate) what: What,
    /// The secret itself.
    pub(crate) value: &'a str,
}

/// The way in which a secret was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// By its form: `a GitHub token`.
    Form(&'static str),
    /// By its name: `DB_PASSWORD`.
    Named(String),
}

/// The secret in an environment variable, `NAME=value`.
pub(crate) fn in_variable(variable: &str) -> Option<Secret<'_>> {
    let (name, value) = variable.split_once('=')?;
    in_label(name, value)
}

/// The secret in a value that has a name.
pub(crate) fn in_label<'a>(name: &str, value: &'a str) -> Option<Secret<'a>> {
    known::find(value).or_else(|| named::of(name, value))
}

/// The secret in a command line: also `NAME=value` in `ARG`, `ENV`, `--build-arg`, and in front of a command.
pub(crate) fn in_command(command: &str) -> Option<Secret<'_>> {
    known::find(command).or_else(|| named::assigned(command))
}

/// True if a text of any kind holds what looks like a secret: by its form, or beside a name in `name=value`, `name: value`
/// and `--name value`.
pub(crate) fn in_text(text: &str) -> bool {
    text.lines().any(|line| in_command(line).is_some() || beside_name(line))
}

/// `name: value` and `"name": "value"` anywhere in a line, `Authorization: Basic …` among them, and `--name value`.
fn beside_name(line: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || ",{}[]()".contains(c)).filter(|word| !word.is_empty());
    let mut name = "";
    words.any(|word| {
        let bare = word.trim_matches(['"', '\'', '`', ';', '\\']);
        let (own, value) = match bare.split_once("\":\"").or_else(|| bare.split_once(':')) {
            Some((own, value)) if !value.is_empty() && !value.starts_with("//") => (own, value),
            _ => (name, bare),
        };
        let own = own.trim_start_matches('-').trim_matches(['"', '\'', ':', '\\']);
        let is_token = value.len() >= 16 && !value.trim_end_matches('=').contains('=');
        let bearer = is_token && ["basic", "bearer"].iter().any(|scheme| own.eq_ignore_ascii_case(scheme));
        let found = !own.is_empty() && (bearer || named::of(own, value.trim_matches(['"', '\''])).is_some());
        let names = bare.ends_with(':') || word.trim_end_matches(',').ends_with(':') || word.starts_with("--");
        let scheme = ["basic", "bearer"].iter().any(|scheme| bare.eq_ignore_ascii_case(scheme));
        name = if names || scheme { bare } else { "" };
        found
    })
}

/// Values that stand for a secret that is given later, or that are commonly known.
fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let repeats = bytes.first().is_none_or(|first| bytes.iter().all(|byte| byte == first));
    let is_marked = lower.starts_with(['$', '<', '{', '%', '@', '[', '`', '(']) || lower.contains("${");
    let is_said = SAID.iter().any(|word| lower.contains(word));
    repeats || is_marked || is_said || WORDS.split(' ').any(|word| word == lower)
}

/// Parts of values that say of themselves that they are none.
const SAID: [&str; 12] = [
    "example",
    "changeme",
    "changeit",
    "change_me",
    "change-me",
    "placeholder",
    "redacted",
    "your-",
    "your_",
    "****",
    "xxxx",
    "dummy",
];

/// Whole values that are no secret.
const WORDS: &str = "true false yes no on off none null nil undefined password passwd passphrase pass secret token \
                     apikey unset default required optional enabled disabled test todo auto env file random";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_kind_is_looked_through() {
        for text in [
            "helm upgrade x --set a=b --password hunter2!correct-horse",
            "image: a/b:1\nstringData:\n  db-password: correct-horse-battery",
            "> Authorization: Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6",
            r#"{"log":"x","registry_password":"correct-horse-battery"}"#,
            r#"{ "registry_password": "correct-horse-battery" }"#,
            "export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzR4nD0mKEY",
            "https://ann:correct-horse-battery@registry.invalid/v2/",
        ] {
            assert!(in_text(text), "{text}");
        }
        for text in [
            "Digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "www-authenticate: Bearer realm=\"https://r.invalid/token\",service=\"r\"",
            "image: registry.invalid/team/app:1.2\nimagePullPolicy: Always",
            "Error response from daemon: unauthorized: authentication required",
            "    secretKeyRef:\n      name: db\n      key: password",
            "password: ${DB_PASSWORD}",
        ] {
            assert!(!in_text(text), "{text}");
        }
    }

    /// The usual content of images: versions, key fingerprints, checksums, paths and shell.
    #[test]
    fn ordinary_images_raise_no_alarm() {
        for variable in [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305",
            "PYTHON_SHA256=07a4356e912900e61a15cb0949a06c4a05012e213ecd6b4e84d0f67aabbee372",
            "RABBITMQ_PGP_KEY_ID=0x0A9AF2115F4687BD29803A206B73A36E6026DFCA",
            "JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStorePassword=changeit",
            "MYSQL_ALLOW_EMPTY_PASSWORD=yes",
            "POSTGRES_PASSWORD_FILE=/run/secrets/db",
            "GIT_ASKPASS=/usr/bin/askpass",
            "TOKENIZERS_PARALLELISM=false",
            "HTTPS_PROXY=http://proxy.example.org:3128",
            "SSH_AUTH_SOCK=/tmp/agent",
        ] {
            assert_eq!(in_variable(variable), None, "{variable}");
        }
        for command in [
            "/bin/sh -c #(nop)  CMD [\"bash\"]",
            "/bin/sh -c #(nop) ADD file:0b9cd4c1e1c8e0a1e4a4f1ad1f0d2b3a in / ",
            "RUN /bin/sh -c set -eux; key='0123456789ABCDEF'; gpg --batch --recv-keys \"$key\" # buildkit",
            "RUN /bin/sh -c export GNUPGHOME=\"$(mktemp -d)\"; echo \"$SHA256 *a.tgz\" | sha256sum -c # buildkit",
            "|1 GITHUB_TOKEN= /bin/sh -c make",
            "RUN --mount=type=secret,id=token,target=/run/token npm ci",
            "RUN adduser --disabled-password --gecos \"\" app && sed -i 's/a=b/c=d/' /etc/x",
            "RUN git config --global url.\"https://x:${TOKEN}@github.com/\".insteadOf https://github.com/",
            "RUN curl -H \"Authorization: Bearer $TOKEN\" \"https://example.org/?token=$TOKEN\"",
        ] {
            assert_eq!(in_command(command), None, "{command}");
        }
    }

    #[test]
    fn placeholders() {
        for value in
            ["", "changeme", "<token>", "${TOKEN}", "$TOKEN", "{{ token }}", "xxxxxx", "your-api-key", "Secret"]
        {
            assert!(is_placeholder(value), "{value}");
        }
        assert!(!is_placeholder("hunter22"));
    }
}

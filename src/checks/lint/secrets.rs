//! Line: Document -> Check. Lint of secrets: values that whoever can pull the image can read. Never shown, only masked.

mod known;
mod named;

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::lint::Subject;
use crate::json::{self, Json};

/// A piece of a text that looks like a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret<'a> {
    /// What it looks like, in words: `a GitHub token`, `the value of DB_PASSWORD`.
    pub(crate) what: String,
    /// The secret itself.
    pub(crate) value: &'a str,
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

/// `Env` of the config.
pub(super) fn in_env(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("config");
    let at = at.name("Env");
    let variables = subject.root.get("config").and_then(|config| config.get("Env")).and_then(Json::as_array);
    for (index, variable) in variables.unwrap_or_default().iter().enumerate() {
        report(findings, &at.index(index), variable.as_str().and_then(in_variable));
    }
}

/// `Labels` of the config.
pub(super) fn in_labels(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("config");
    let at = at.name("Labels");
    let labels = subject.root.get("config").and_then(|config| config.get("Labels")).and_then(Json::as_object);
    for label in labels.into_iter().flatten() {
        report(findings, &at.name(&label.name), label.value.as_str().and_then(|value| in_label(&label.name, value)));
    }
}

/// `Entrypoint`, `Cmd` and the health check of the config.
pub(super) fn in_commands(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(config) = subject.root.get("config") else { return };
    let at = At::ROOT.name("config");
    let health = at.name("Healthcheck");
    let test = config.get("Healthcheck").and_then(|health| health.get("Test"));
    let commands = [
        (config.get("Entrypoint"), at.name("Entrypoint")),
        (config.get("Cmd"), at.name("Cmd")),
        (test, health.name("Test")),
    ];
    for (words, at) in commands {
        for (index, word) in words.and_then(Json::as_array).unwrap_or_default().iter().enumerate() {
            report(findings, &at.index(index), word.as_str().and_then(in_command));
        }
    }
}

/// `created_by` of the history: what `ARG` and `ENV` were given, and what commands were run.
pub(super) fn in_history(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("history");
    let lines = subject.root.get("history").and_then(Json::as_array).unwrap_or_default();
    for (index, line) in lines.iter().enumerate() {
        let command = line.get("created_by").and_then(Json::as_str);
        report(findings, &at.index(index).name("created_by"), command.and_then(in_command));
    }
}

/// The commands and the environment in the history of a schema 1 manifest.
pub(super) fn in_schema1(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("history");
    let lines = subject.root.get("history").and_then(Json::as_array).unwrap_or_default();
    for (index, line) in lines.iter().enumerate() {
        let compatibility = line.get("v1Compatibility").and_then(Json::as_str).unwrap_or_default();
        let Ok(parsed) = json::parse(compatibility.as_bytes()) else { continue };
        let of = |part: &str, list: &str| parsed.root.get(part).and_then(|part| part.get(list)?.as_array());
        let words = |part: &str, list: &str| of(part, list).unwrap_or_default().iter().filter_map(Json::as_str);
        let found = words("config", "Env")
            .find_map(in_variable)
            .or_else(|| words("container_config", "Cmd").find_map(in_command));
        report(findings, &at.index(index).name("v1Compatibility"), found);
    }
}

fn report(findings: &mut Findings, at: &At<'_>, secret: Option<Secret<'_>>) {
    if let Some(Secret { what, value }) = secret {
        let message = format!("{} looks like a secret, and everyone who can pull this image reads it", shorten(&what));
        findings.shows(at, mask(value), message);
    }
}

/// The first two characters and the length: enough to know which secret it is, too little to use it.
fn mask(value: &str) -> String {
    let start: String = value.chars().take(2).collect();
    format!("{start}… ({} characters)", value.chars().count())
}

/// Values that stand for a secret that is given later, or that everybody knows.
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
    use crate::checks::lint::tests::lint;
    use crate::media_type::DocumentKind::{Config, Schema1};

    const END: &str = "looks like a secret, and everyone who can pull this image reads it";

    #[test]
    fn a_secret_is_masked() {
        assert_eq!(mask("hunter22"), "hu… (8 characters)");
        assert_eq!(mask("é€x"), "é€… (3 characters)");
    }

    #[test]
    fn every_place_of_a_config_is_read() {
        let config = r#"{"config":{"Env":["PATH=/bin","DB_PASSWORD=hunter22"],
            "Labels":{"a":"b","c":"postgres://app:hunter22@db/x"},
            "Entrypoint":["run","--token=hunter22"],"Cmd":["a"],
            "Healthcheck":{"Test":["CMD-SHELL","API_KEY=hunter22 check"]}},
            "history":[{"created_by":"/bin/sh -c #(nop) ARG NPM_TOKEN=hunter22"},{"created_by":"CMD [\"a\"]"}]}"#;
        let shown = "[hu… (8 characters)]";
        let expected = [
            format!("$.config.Env[1]: the value of DB_PASSWORD {END} {shown}"),
            format!("$.config.Labels.c: the password in a URL {END} {shown}"),
            format!("$.config.Entrypoint[1]: the value of --token {END} {shown}"),
            format!("$.config.Healthcheck.Test[1]: the value of API_KEY {END} {shown}"),
            format!("$.history[0].created_by: the value of NPM_TOKEN {END} {shown}"),
        ];
        let said = lint(Config, config);
        assert_eq!(said, expected);
        assert!(!said.join("").contains("hunter22"));
    }

    #[test]
    fn the_history_of_schema_1_is_read() {
        let manifest = r#"{"history":[{"v1Compatibility":"{\"config\":{\"Env\":[\"A_SECRET=hunter22\"]}}"},
            {"v1Compatibility":"{\"container_config\":{\"Cmd\":[\"sh\",\"B_TOKEN=hunter22 x\"]}}"}]}"#;
        let said = lint(Schema1, manifest);
        let shown = "[hu… (8 characters)]";
        assert_eq!(said[0], format!("$.history[0].v1Compatibility: the value of A_SECRET {END} {shown}"));
        assert_eq!(said[1], format!("$.history[1].v1Compatibility: the value of B_TOKEN {END} {shown}"));
    }

    /// What the images that most people run hold: versions, key fingerprints, checksums, paths and shell.
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

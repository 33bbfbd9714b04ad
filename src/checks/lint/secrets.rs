//! Lint of secrets: values that any client that can pull the image can read. They are masked, never shown.

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::lint::Subject;
use crate::json::{self, Json};
use crate::say::{Word, say};
use crate::secrets::{Secret, What, in_command, in_label, in_variable};

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

/// `Entrypoint`, `Cmd`, `OnBuild`, `Shell` and the health check of the config.
pub(super) fn in_commands(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(config) = subject.root.get("config") else { return };
    let at = At::ROOT.name("config");
    let health = at.name("Healthcheck");
    let test = config.get("Healthcheck").and_then(|health| health.get("Test"));
    let commands = [
        (config.get("Entrypoint"), at.name("Entrypoint")),
        (config.get("Cmd"), at.name("Cmd")),
        (config.get("OnBuild"), at.name("OnBuild")),
        (config.get("Shell"), at.name("Shell")),
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
        let message = match what {
            What::Form(form) => say!(
                "secret-of-known-form",
                "{form} looks like a secret, and any client that can pull this image reads it",
                form = Word::plain(form)
            ),
            What::Named(name) => say!(
                "secret-by-name",
                "the value of {name} looks like a secret, and any client that can pull this image reads it",
                name = shorten(&name)
            ),
        };
        findings.shows(at, mask(value), message);
    }
}

/// The first two characters and the length: enough to know which secret it is, too little to use it.
fn mask(value: &str) -> String {
    let start: String = value.chars().take(2).collect();
    format!("{start}… ({} characters)", value.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::lint::tests::lint;
    use crate::media_type::DocumentKind::{Config, Schema1};

    const END: &str = "looks like a secret, and any client that can pull this image reads it";

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
}

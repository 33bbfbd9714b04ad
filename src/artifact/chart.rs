//! Chart.yaml -> facts (Helm's "The Chart.yaml File"): YAML, read as JSON with Go's rule for names, as Helm reads it.

use super::{Dependency, Opened, cut};
use crate::carriers;
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::limits;

/// The facts of a chart by its `Chart.yaml`.
///
/// # Errors
/// `unsupported-input` if it is no such file, `limit-exceeded` if it is longer or deeper than is read.
pub fn read(file: &[u8]) -> Result<Opened, Error> {
    let broken = || Error::new(ErrorKind::UnsupportedInput, "Chart.yaml cannot be read");
    let text = std::str::from_utf8(file).map_err(|_| broken())?;
    // JSON is YAML, too. A last line that ends nowhere is one.
    let root = match json::parse(file) {
        Ok(parsed) => parsed.root,
        Err(_) => json::parse_part(&carriers::yaml(&format!("{text}\n")).ok_or_else(broken)?, broken)?.root,
    };
    let said = |name: &str| root.get(name).map(plain).unwrap_or_default();
    let mut opened = Opened::default();
    if said("name").is_empty() {
        return Err(broken());
    }
    for (name, member) in [
        ("name", "name"),
        ("version", "version"),
        ("appVersion", "appVersion"),
        ("type", "type"),
        ("description", "description"),
        ("apiVersion", "apiVersion"),
        ("kubeVersion", "kubeVersion"),
        ("deprecated", "deprecated"),
        ("home", "home"),
    ] {
        opened.put(name, said(member));
    }
    let list = root.get("dependencies").and_then(Json::as_array).unwrap_or_default();
    opened.dependencies = list
        .iter()
        .take(limits::ARTIFACT_ROWS)
        .map(|one| {
            let said = |name: &str| cut(&one.get(name).map(plain).unwrap_or_default());
            Dependency { name: said("name"), version: said("version"), repository: said("repository") }
        })
        .collect();
    Ok(opened)
}

/// `1.10` may stand without quotes, and stays as it is written.
fn plain(value: &Json) -> String {
    let truth = || value.as_bool().map(|truth| truth.to_string());
    value.as_str().or_else(|| value.as_number()).map(str::to_owned).or_else(truth).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: \"1.10\"\ndescription: >-\n  A web\n  server\ntype: application\ndependencies:\n  - name: redis\n    version: ~17.0\n    repository: https://charts.example/\n  - name: common\n";

    #[test]
    fn a_charts_facts_are_in_its_file() {
        for text in [CHART, CHART.trim_end()] {
            let opened = read(text.as_bytes()).unwrap();
            let facts: Vec<_> = opened.facts.iter().map(|fact| (fact.name, fact.value.as_str())).collect();
            let expected = [
                ("name", "web"),
                ("version", "1.2.3"),
                ("appVersion", "1.10"),
                ("type", "application"),
                ("description", "A web server"),
                ("apiVersion", "v2"),
            ];
            assert_eq!(facts, expected);
            let names: Vec<_> =
                opened.dependencies.iter().map(|one| (one.name.as_str(), one.version.as_str())).collect();
            assert_eq!(names, [("redis", "~17.0"), ("common", "")]);
        }
    }

    #[test]
    fn what_is_no_chart_is_refused() {
        for text in ["", "just text", "name:\n", "version: 1\n", "{", "a: [\n", "\u{0}"] {
            assert_eq!(read(text.as_bytes()).unwrap_err().code(), "unsupported-input", "{text:?}");
        }
        assert!(read(b"\xff").is_err());
        let deep = format!("name: a\nx: {}", "[".repeat(100_000));
        assert!(read(deep.as_bytes()).is_err());
    }
}

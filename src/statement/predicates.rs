//! Smaller documents: results of scanners, in-toto layouts and links, and what no reader here knows.

use serde_json::Value;

use super::Content;
use super::facts::{add, items, member, text};
use crate::say::say;

/// cosign's `vuln` predicate, and that of in-toto.
pub(super) fn vulnerabilities(document: &Value) -> Content {
    let scanner = text(document, &["scanner", "uri"]).unwrap_or("?").to_owned();
    let version = text(document, &["scanner", "version"]);
    let started = text(document, &["metadata", "scanStartedOn"]);
    let finished = text(document, &["metadata", "scanFinishedOn"]);
    let listed = items(document, &["scanner", "result"]);
    let in_results = items(document, &["scanner", "result", "Results"]).iter();
    let nested = in_results.flat_map(|result| items(result, &["Vulnerabilities"]));
    let mut facts = Vec::new();
    add(&mut facts, "scanner", Some(&scanner));
    add(&mut facts, "version", version);
    add(&mut facts, "database", text(document, &["scanner", "db", "uri"]));
    add(&mut facts, "started", started);
    add(&mut facts, "finished", finished);
    let mut count = 0_usize;
    for one in listed.iter().chain(nested) {
        count += 1;
        let name = text(one, &["id"]).or_else(|| text(one, &["VulnerabilityID"])).unwrap_or("?");
        let severity = text(one, &["Severity"]).or_else(|| text(one, &["severity"])).unwrap_or_default();
        let package = text(one, &["PkgName"]).unwrap_or_default();
        add(&mut facts, "vulnerability", Some(format!("{name} {severity} {package}").trim_end()));
    }
    let when = finished.or(started).unwrap_or_default().to_owned();
    let said = say!("scanned", "{scanner} has found {count} vulnerabilities on {when}", scanner, count, when);
    Content { form: "vulnerabilities", said, facts, ..Content::default() }
}

/// An in-toto layout: which steps make a thing, and who may do them.
pub(super) fn layout(document: &Value) -> Content {
    let (steps, inspections) = (items(document, &["steps"]), items(document, &["inspect"]));
    let mut facts = Vec::new();
    add(&mut facts, "expires", text(document, &["expires"]));
    for one in steps {
        let keys = items(one, &["pubkeys"]).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
        add(&mut facts, "step", Some(format!("{} {keys}", text(one, &["name"]).unwrap_or("?")).trim_end()));
    }
    for one in inspections {
        add(&mut facts, "inspection", text(one, &["name"]));
    }
    let said = say!(
        "layout-read",
        "an in-toto layout of {steps} steps and {inspections} inspections",
        steps = steps.len(),
        inspections = inspections.len()
    );
    Content { form: "layout", said, facts, ..Content::default() }
}

/// An in-toto link: one step that was done.
pub(super) fn link(document: &Value) -> Content {
    let name = text(document, &["name"]).unwrap_or("?").to_owned();
    let command = items(document, &["command"]).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    let mut facts = Vec::new();
    for (list, fact) in [("materials", "material"), ("products", "product")] {
        for (path, _) in member(document, &[list]).and_then(Value::as_object).into_iter().flatten() {
            add(&mut facts, fact, Some(path));
        }
    }
    let said = say!("link-read", "the step {name} was done: {command}", name, command);
    Content { form: "link", said, facts, ..Content::default() }
}

/// A predicate of a type that is not read further: its plain members.
pub(super) fn other(kind: &str, document: &Value) -> Content {
    let mut facts = Vec::new();
    for (name, value) in document.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        add(&mut facts, "member", Some(format!("{name}: {value}")));
    }
    let said = match kind {
        "https://sigstore.dev/cosign/sign/v1" => say!("cosign-signed", "cosign signed this image"),
        _ => say!("statement-other", "a statement of the type {kind}", kind),
    };
    Content { form: "other", said, facts, ..Content::default() }
}

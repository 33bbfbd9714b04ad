//! Document -> Check. The structural lint: documents that are allowed by the letter and still go wrong in practice.
//!
//! One table of rules, each a small function of the members as written. A rule warns and never fails: it does not say
//! that the bytes are wrong, it says what will happen to those who use them. Nothing found means no check at all.

mod attestations;
mod created;
mod execution;
mod layers;
mod platforms;
mod secrets;

pub use layers::diff_ids;

use crate::checks::findings::{At, Findings};
use crate::checks::{Check, CheckId};
use crate::json::Object;
use crate::media_type::DocumentKind;
use crate::say::say;

/// The input of a rule.
struct Subject<'a> {
    /// The members of the document.
    root: &'a Object,
    /// True if the document is of one of Docker's types.
    docker: bool,
    /// The time of the reader in seconds since 1970, if there is a clock.
    now: Option<i64>,
}

type Rule = (DocumentKind, CheckId, fn(&Subject<'_>, &mut Findings));

/// Every rule, by the kind of document that it is for.
const RULES: [Rule; 26] = [
    (DocumentKind::Index, CheckId::Platform, platforms::entries),
    (DocumentKind::Index, CheckId::Platform, platforms::repeated),
    (DocumentKind::Index, CheckId::Attestation, attestations::tied),
    (DocumentKind::Manifest, CheckId::Layers, layers::held_elsewhere),
    (DocumentKind::Manifest, CheckId::Layers, layers::repeated),
    (DocumentKind::Manifest, CheckId::Layers, layers::without_bytes),
    (DocumentKind::Manifest, CheckId::Layers, layers::mixed_types),
    (DocumentKind::Manifest, CheckId::Limits, layers::config_size),
    (DocumentKind::Config, CheckId::Platform, platforms::config),
    (DocumentKind::Config, CheckId::DiffIdSmell, layers::other_algorithms),
    (DocumentKind::Config, CheckId::Created, created::future),
    (DocumentKind::Config, CheckId::Created, created::zero),
    (DocumentKind::Config, CheckId::Execution, execution::variables),
    (DocumentKind::Config, CheckId::Execution, execution::nul),
    (DocumentKind::Config, CheckId::Execution, execution::volumes),
    (DocumentKind::Config, CheckId::Execution, execution::working_dir),
    (DocumentKind::Config, CheckId::Execution, execution::user),
    (DocumentKind::Config, CheckId::Execution, execution::stop_signal),
    (DocumentKind::Config, CheckId::Execution, execution::healthcheck),
    (DocumentKind::Config, CheckId::Execution, execution::labels),
    (DocumentKind::Config, CheckId::Secret, secrets::in_env),
    (DocumentKind::Config, CheckId::Secret, secrets::in_labels),
    (DocumentKind::Config, CheckId::Secret, secrets::in_commands),
    (DocumentKind::Config, CheckId::Secret, secrets::in_history),
    (DocumentKind::Schema1, CheckId::Secret, secrets::in_schema1),
    (DocumentKind::Schema1, CheckId::Deprecated, schema1),
];

/// Holds the members of a document of that kind against every rule of the lint.
pub(super) fn checks(root: &Object, kind: DocumentKind, docker: bool, now: Option<i64>) -> Vec<Check> {
    let subject = Subject { root, docker, now };
    let rules = RULES.iter().filter(|(of, ..)| *of == kind);
    let found = |(_, id, rule): &Rule| {
        let mut findings = Findings::new(*id);
        rule(&subject, &mut findings);
        findings.found()
    };
    rules.flat_map(found).collect()
}

fn schema1(_subject: &Subject<'_>, findings: &mut Findings) {
    let message = say!(
        "schema1-deprecated",
        "schema 1 is deprecated: Docker Engine 26 and containerd 2.0 and later refuse to pull it unless told otherwise, so \
         push the image again as schema 2 or OCI"
    );
    findings.warn(&At::ROOT.name("schemaVersion"), message);
}

/// The parts of a finding that every rule's test compares: the outcome, path, actual value and message.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Outcome;
    use crate::json;

    /// The findings of one kind of document, each as `path: message` with the actual value in brackets.
    pub(super) fn lint_at(kind: DocumentKind, text: &str, now: Option<i64>) -> Vec<String> {
        let parsed = json::parse(text.as_bytes()).unwrap();
        let checks = checks(parsed.root.as_object().unwrap(), kind, false, now);
        let line = |check: Check| {
            assert!(matches!(check.outcome, Outcome::Warn | Outcome::Pass), "{check:?}");
            let mark = if check.outcome == Outcome::Pass { "ok " } else { "" };
            let actual = check.actual.map(|actual| format!(" [{actual}]")).unwrap_or_default();
            format!("{mark}{}: {}{actual}", check.path.unwrap_or_default(), check.message)
        };
        checks.into_iter().map(line).collect()
    }

    pub(super) fn lint(kind: DocumentKind, text: &str) -> Vec<String> {
        lint_at(kind, text, None)
    }

    #[test]
    fn schema_1_is_noted() {
        let said = lint(DocumentKind::Schema1, r#"{"schemaVersion":1}"#);
        let message = "$.schemaVersion: schema 1 is deprecated: Docker Engine 26 and containerd 2.0 and later refuse \
                       to pull it unless told otherwise, so push the image again as schema 2 or OCI";
        assert_eq!(said, [message]);
    }

    #[test]
    fn nothing_found_is_no_check() {
        for kind in [DocumentKind::Index, DocumentKind::Manifest, DocumentKind::Config, DocumentKind::Artifact] {
            assert_eq!(lint(kind, "{}"), Vec::<String>::new());
        }
    }

    #[test]
    fn findings_of_one_rule_are_bounded() {
        let variables = vec!["\"=x\""; crate::limits::FINDINGS + 3].join(",");
        let said = lint(DocumentKind::Config, &format!(r#"{{"config":{{"Env":[{variables}]}}}}"#));
        assert_eq!(said.len(), crate::limits::FINDINGS + 1);
        assert_eq!(said.last().unwrap(), ": and 3 more of this kind");
    }
}

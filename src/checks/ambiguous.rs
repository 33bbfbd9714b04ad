//! Documents that two programs could read as two different things (CVE-2021-41190).

use crate::checks::{Check, CheckId, Outcome};
use crate::json::{Json, Object};
use crate::media_type::DocumentKind;
use crate::say::say;

/// The top-level members by which programs tell manifests apart.
const TELLING: [&str; 5] = ["config", "fsLayers", "history", "layers", "manifests"];

/// Warns if a document of that kind has members of another kind. Names are compared as Go compares them.
pub(super) fn check(root: &Object, kind: DocumentKind) -> Option<Check> {
    let (allowed, outcome): (&[&str], Outcome) = match kind {
        DocumentKind::Index => (&["manifests"], Outcome::Fail),
        DocumentKind::Manifest => (&["config", "layers"], Outcome::Fail),
        DocumentKind::Schema1 => (&["fsLayers", "history"], Outcome::Fail),
        DocumentKind::Artifact => (&[], Outcome::Fail),
        DocumentKind::Config => (&["config", "history"], Outcome::Warn),
        DocumentKind::Descriptor | DocumentKind::Layout => return None,
    };
    let foreign = |name: &&str| root.get(name).is_some() && !allowed.contains(name);
    let found: Vec<&str> = TELLING.into_iter().filter(foreign).collect();
    if found.is_empty() {
        return Some(Check::new(
            CheckId::Ambiguous,
            Outcome::Pass,
            say!("one-kind", "can only be read as one kind of document"),
        ));
    }
    // containerd refuses the member even if it is null, other programs take null for nothing.
    let is_null = |name: &&str| root.get(name).is_some_and(Json::is_null);
    let outcome = if found.iter().all(is_null) { Outcome::Warn } else { outcome };
    let names = found.join(", ");
    let said = say!(
        "members-of-another-kind",
        "has members of another kind of document, so that programs may disagree what it is: {names}",
        names
    );
    Some(Check::new(CheckId::Ambiguous, outcome, said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[track_caller]
    fn outcome(text: &str, kind: DocumentKind) -> (Outcome, String) {
        let parsed = json::parse(text.as_bytes()).unwrap();
        let check = check(parsed.root.as_object().unwrap(), kind).unwrap();
        (check.outcome, check.message)
    }

    #[test]
    fn each_kind_keeps_to_its_own_members() {
        for (text, kind) in [
            (r#"{"manifests":[]}"#, DocumentKind::Index),
            (r#"{"config":{},"layers":[]}"#, DocumentKind::Manifest),
            (r#"{"fsLayers":[],"history":[]}"#, DocumentKind::Schema1),
            (r#"{"config":{},"history":[]}"#, DocumentKind::Config),
            (r#"{"blobs":[]}"#, DocumentKind::Artifact),
            (r#"{"manifests":[],"other":1}"#, DocumentKind::Index),
        ] {
            assert_eq!(outcome(text, kind).0, Outcome::Pass, "{text}");
        }
    }

    #[test]
    fn members_of_another_kind_are_named() {
        let said = "has members of another kind of document, so that programs may disagree what it is: ";
        for (text, kind, names) in [
            (r#"{"manifests":[],"layers":[],"config":{}}"#, DocumentKind::Index, "config, layers"),
            (r#"{"manifests":[],"Layers":[]}"#, DocumentKind::Index, "layers"),
            (r#"{"manifests":[],"layerſ":[]}"#, DocumentKind::Index, "layers"),
            (r#"{"config":{},"layers":[],"manifeſtſ":[]}"#, DocumentKind::Manifest, "manifests"),
            (r#"{"config":{},"layers":[],"manifests":[]}"#, DocumentKind::Manifest, "manifests"),
            (r#"{"config":{},"layers":[],"history":[],"fsLayers":0}"#, DocumentKind::Manifest, "fsLayers, history"),
            (r#"{"fsLayers":[],"history":[],"layers":[]}"#, DocumentKind::Schema1, "layers"),
            (r#"{"blobs":[],"layers":[]}"#, DocumentKind::Artifact, "layers"),
        ] {
            assert_eq!(outcome(text, kind), (Outcome::Fail, format!("{said}{names}")), "{text}");
        }
        assert_eq!(outcome(r#"{"manifests":[],"layers":null}"#, DocumentKind::Index).0, Outcome::Warn);
        assert_eq!(outcome(r#"{"rootfs":{},"layers":[]}"#, DocumentKind::Config).0, Outcome::Warn);
    }
}

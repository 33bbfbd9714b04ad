//! Document -> Check. Lint of the index entries that say `unknown/unknown`: attestations, tied to their image.

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::lint::Subject;
use crate::json::{Json, Places};
use crate::say::{Said, say};

/// BuildKit's marks on an index entry (`docs/attestations/attestation-storage.md` of moby/buildkit).
const TYPE: &str = "vnd.docker.reference.type";
const DIGEST: &str = "vnd.docker.reference.digest";

/// Every entry without a platform of its own says which image of this index it is about.
pub(super) fn tied(subject: &Subject<'_>, findings: &mut Findings) {
    let entries = subject.root.get("manifests").and_then(Json::as_array).unwrap_or_default();
    let digests: Places<'_> =
        entries.iter().enumerate().filter_map(|(index, entry)| Some((entry.get("digest")?.as_str()?, index))).collect();
    let at = At::ROOT.name("manifests");
    let (mut count, mut faults) = (0_usize, 0);
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| is_attestation(entry) || is_unknown(entry)) {
        count += 1;
        if let Some(fault) = fault(entry, &digests) {
            faults += 1;
            let at = at.index(index);
            let at = at.name("annotations");
            findings.warn(&at.name(if is_attestation(entry) { DIGEST } else { TYPE }), fault);
        }
    }
    if count > 0 && faults == 0 {
        let said = say!(
            "attestations-tied",
            "entries that are attestations, each tied to an image of this index: {n}",
            n = count
        );
        findings.pass(&at, said);
    }
}

fn fault(entry: &Json, digests: &Places<'_>) -> Option<Said> {
    if !is_attestation(entry) {
        return Some(say!(
            "entry-not-told",
            "the platform is unknown/unknown, and no {annotation} says what the entry is instead",
            annotation = TYPE
        ));
    }
    match annotation(entry, DIGEST) {
        None => Some(say!(
            "attestation-of-nothing",
            "the attestation has no {annotation}, so nothing says which image it is about",
            annotation = DIGEST
        )),
        Some(digest) if !digests.contains_key(digest) => Some(say!(
            "attestation-of-another",
            "the attestation is about {digest}, which is not in this index: tools that look for an image's provenance or \
             SBOM do not find it",
            digest = shorten(digest)
        )),
        Some(_) => None,
    }
}

fn is_attestation(entry: &Json) -> bool {
    annotation(entry, TYPE) == Some("attestation-manifest")
}

/// Artifacts that say what they are need no platform.
fn is_unknown(entry: &Json) -> bool {
    let part = |name: &str| entry.get("platform").and_then(|platform| platform.get(name)).and_then(Json::as_str);
    let says = entry.get("artifactType").is_some() || annotation(entry, TYPE).is_some();
    part("os") == Some("unknown") && part("architecture") == Some("unknown") && !says
}

fn annotation<'a>(entry: &'a Json, name: &str) -> Option<&'a str> {
    entry.get("annotations")?.key(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use crate::checks::lint::tests::lint;
    use crate::media_type::DocumentKind::Index;

    const IMAGE: &str = r#"{"digest":"sha256:aa","platform":{"os":"linux","architecture":"amd64"}}"#;
    const UNKNOWN: &str = r#""platform":{"os":"unknown","architecture":"unknown"}"#;

    fn index(marks: &str) -> Vec<String> {
        lint(
            Index,
            &format!(r#"{{"manifests":[{IMAGE},{{{UNKNOWN},"digest":"sha256:bb","annotations":{{{marks}}}}}]}}"#),
        )
    }

    #[test]
    fn an_attestation_names_an_image_of_its_index() {
        let marks = |digest: &str| {
            format!(r#""vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"{digest}""#)
        };
        let pass = "ok $.manifests: entries that are attestations, each tied to an image of this index: 1";
        assert_eq!(index(&marks("sha256:aa")), [pass]);
        let message = "$.manifests[1].annotations[\"vnd.docker.reference.digest\"]: the attestation is about \
                       sha256:cc, which is not in this index: tools that look for an image's provenance or SBOM do \
                       not find it";
        assert_eq!(index(&marks("sha256:cc")), [message]);
    }

    #[test]
    fn an_unknown_entry_says_what_it_is() {
        let message = "$.manifests[1].annotations[\"vnd.docker.reference.type\"]: the platform is unknown/unknown, \
                       and no vnd.docker.reference.type says what the entry is instead";
        assert_eq!(index(""), [message]);
        let message = "$.manifests[1].annotations[\"vnd.docker.reference.digest\"]: the attestation has no \
                       vnd.docker.reference.digest, so nothing says which image it is about";
        assert_eq!(index(r#""vnd.docker.reference.type":"attestation-manifest""#), [message]);
        assert_eq!(index(r#""vnd.docker.reference.type":"other""#), Vec::<String>::new());
    }
}

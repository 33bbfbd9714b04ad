//! Tests: digests of a text against its documents, by fit and not by rank.

use super::*;
use crate::checks::{Check, Outcome as Verdict};
use crate::digest::Algorithm;
use crate::report::{Node, NodeKind, Report};

const CONFIG: &str = r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}"#;

fn digest(text: &str) -> Digest {
    Algorithm::Sha256.digest(text.as_bytes())
}

fn manifest() -> String {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":{}}},"layers":[]}}"#,
        digest(CONFIG),
        CONFIG.len()
    )
}

fn index() -> String {
    let manifest = manifest();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{}","size":{},"platform":{{"architecture":"amd64","os":"linux"}}}}]}}"#,
        digest(&manifest),
        manifest.len()
    )
}

fn pasted(text: &str, typed: Option<&Digest>) -> Report {
    let input = Input { bytes: Arc::from(text.as_bytes()), name: None, text: true, stated: None };
    open(vec![input], &OpenOptions { expected: typed.cloned(), ..OpenOptions::default() }).unwrap().report
}

fn of_digest(node: &Node) -> Option<&Check> {
    node.checks.iter().find(|check| check.id == CheckId::Digest)
}

#[track_caller]
fn proved(report: &Report, text: &str) {
    let own = digest(text);
    let node = report.nodes.iter().find(|node| node.read && node.digest.as_deref() == Some(own.as_str())).unwrap();
    assert_eq!(of_digest(node).map(|check| check.outcome), Some(Verdict::Pass), "{node:?}");
}

#[track_caller]
fn nothing_fails(report: &Report) {
    let failed = report.nodes.iter().flat_map(|node| &node.checks).find(|check| check.outcome == Verdict::Fail);
    assert!(failed.is_none(), "{failed:?}");
}

fn told(report: &Report, code: &str) -> bool {
    report.pasted.iter().flat_map(|text| &text.note_codes).any(|told| told.code == code)
}

#[test]
fn every_digest_of_a_text_is_tried_against_every_document() {
    let (one, two) = (r#"{"schemaVersion":2,"manifests":[]}"#, r#"{"schemaVersion":2,"manifests":[],"x":1}"#);
    let other = digest("another");
    let text = format!("Digest: {other}\n{one}\nID: {}\n{two}\nsee also {}\n", digest(two), digest(one));
    let report = pasted(&text, None);
    proved(&report, one);
    proved(&report, two);
    nothing_fails(&report);
    let fits = |digest: &Digest| {
        report.pasted[0].digests.iter().find(|row| row.digest == digest.as_str()).and_then(|row| row.fits.clone())
    };
    assert!(fits(&digest(one)).is_some() && fits(&digest(two)).is_some() && fits(&other).is_none());
    assert_ne!(fits(&digest(one)), fits(&digest(two)));
}

#[test]
fn what_fits_is_joined_into_one_tree() {
    let text = format!("{CONFIG}\n\nthis is {}\n{}\n\n{}\n", digest(&index()), manifest(), index());
    let report = pasted(&text, None);
    for document in [index().as_str(), manifest().as_str(), CONFIG] {
        proved(&report, document);
    }
    let roots: Vec<NodeKind> = report.nodes.iter().filter(|node| node.parent.is_none()).map(|node| node.kind).collect();
    assert_eq!(roots, [NodeKind::Index]);
    nothing_fails(&report);
}

#[test]
fn only_a_digest_that_the_user_typed_makes_a_document_fail() {
    let other = digest("another");
    for text in [
        format!("Digest: {other}\n{}\n", manifest()),
        format!("$ crane manifest r.example/a@{other}\n{}\n", manifest()),
        format!("{other}\n{}\n", manifest()),
        format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\nshould be {other}\n", manifest()),
    ] {
        let report = pasted(&text, None);
        nothing_fails(&report);
        assert!(report.summary.verdict != crate::report::Verdict::Failed, "{text}");
        let report = pasted(&text, Some(&other));
        let check = of_digest(&report.nodes[0]).unwrap();
        assert_eq!((check.outcome, check.expected.as_deref()), (Verdict::Fail, Some(other.as_str())), "{text}");
    }
}

#[test]
fn a_digest_named_inside_a_document_is_never_held_against_it() {
    let config = digest(CONFIG);
    for text in [
        manifest(),
        format!("config: {config}\n{}\n", manifest()),
        format!("Digest: {config}\n{}\n", manifest()),
        format!("{config}\n{}\n", manifest()),
    ] {
        let report = pasted(&text, None);
        nothing_fails(&report);
        let root = report.nodes.iter().find(|node| node.kind == NodeKind::Manifest).unwrap();
        assert_eq!(of_digest(root).and_then(|check| check.expected.as_deref()), None, "{text}");
    }
}

#[test]
fn the_own_digest_of_a_text_that_fits_nothing_says_what_else_it_may_be() {
    let report = pasted(&format!("Digest: {}\n{}\n", digest(&index()), manifest()), None);
    assert!(told(&report, "own-digest-fits-nothing") && told(&report, "may-be-index"), "{:?}", report.pasted);
    nothing_fails(&report);
    let report = pasted(&format!("Digest: {}\n{}\n", digest(CONFIG), manifest()), None);
    assert!(told(&report, "own-digest-fits-nothing") && told(&report, "may-be-other"), "{:?}", report.pasted);
    assert!(!told(&report, "may-be-index"), "{:?}", report.pasted);
    let report = pasted(&format!("Digest: {}\n{}\n", digest(&manifest()), manifest()), None);
    assert!(!told(&report, "own-digest-fits-nothing"));
    proved(&report, &manifest());
}

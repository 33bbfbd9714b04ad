//! Tests of the walk: the shipped samples through `open`, hostile registries through a store of the test's own.

use std::cell::RefCell;
use std::collections::HashMap;

use futures_util::FutureExt;

use super::platform::mark_chosen;
use super::tree::{Branch, flatten};
use super::walk::{Plan, Store, Walk};
use super::*;
use crate::checks::{CheckId, Origin, Outcome as Came};
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Source, Verified};
use crate::document::{Document, Hints};
use crate::error::{Error, ErrorKind};
use crate::platform::Platform;
use crate::registry::Fetched;
use crate::report::{Node, NodeKind, Report, Verdict};

macro_rules! sample {
    ($($name:literal),*) => { vec![$(input(include_bytes!(concat!("../../www/samples/", $name)))),*] };
}

fn input(bytes: &[u8]) -> Input {
    Input { bytes: bytes.into(), name: None, text: false, stated: None }
}

fn hello() -> Vec<Input> {
    sample!(
        "hello/config-amd64.json",
        "hello/index.json",
        "hello/manifest-amd64.json",
        "hello/layer-1-amd64.tar.gz",
        "hello/manifest-arm64.json",
        "hello/config-arm64.json",
        "hello/manifest-attestation.json",
        "hello/config-attestation.json"
    )
}

#[track_caller]
fn opened(inputs: Vec<Input>) -> Report {
    open(inputs, &OpenOptions::default()).unwrap().report
}

#[track_caller]
fn node<'a>(report: &'a Report, id: &str) -> &'a Node {
    report.nodes.iter().find(|node| node.id == id).unwrap_or_else(|| panic!("no node {id}"))
}

#[track_caller]
fn outcome(node: &Node, id: CheckId) -> Came {
    node.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("{} has no such check", node.id)).outcome
}

#[test]
fn documents_join_by_digest_in_any_order() {
    let report = opened(hello());
    assert_eq!(report.roots, ["0"]);
    let kinds: Vec<(&str, NodeKind)> = report.nodes.iter().map(|node| (node.id.as_str(), node.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("0", NodeKind::Index),
            ("0/manifests[0]", NodeKind::Manifest),
            ("0/manifests[0]/config", NodeKind::Config),
            ("0/manifests[0]/layers[0]", NodeKind::Layer),
            ("0/manifests[0]/layers[1]", NodeKind::Layer),
            ("0/manifests[1]", NodeKind::Manifest),
            ("0/manifests[1]/config", NodeKind::Config),
            ("0/manifests[1]/layers[0]", NodeKind::Layer),
            ("0/manifests[1]/layers[1]", NodeKind::Layer),
            ("0/manifests[2]", NodeKind::Attestation),
            ("0/manifests[2]/config", NodeKind::Config),
            ("0/manifests[2]/layers[0]", NodeKind::Blob),
        ]
    );
    assert_eq!((report.summary.fail, report.summary.verdict), (0, Verdict::Incomplete));
}

#[test]
fn nodes_carry_what_their_neighbours_say() {
    let report = opened(hello());
    let manifest = node(&report, "0/manifests[0]");
    assert_eq!(manifest.title.as_deref(), Some("linux/amd64"));
    assert!(manifest.facts.chosen && !node(&report, "0/manifests[1]").facts.chosen);
    let config = node(&report, "0/manifests[0]/config");
    assert_eq!(manifest.facts.image_id, config.digest);
    assert_eq!(outcome(config, CheckId::Platform), Came::Pass);
    let history = config.facts.history.as_ref().unwrap();
    assert_eq!(history[2].layer.as_deref(), Some("0/manifests[0]/layers[1]"));
    let layer = node(&report, "0/manifests[0]/layers[1]");
    assert_eq!((layer.facts.history_index, layer.read), (Some(2), false));
    assert_eq!(layer.facts.diff_id.as_ref(), config.facts.diff_ids.as_ref().unwrap().get(1));
    assert_eq!(node(&report, "0/manifests[2]").title.as_deref(), Some("attestation for linux/amd64"));
}

#[test]
fn a_layer_at_hand_is_hashed_one_that_is_not_stays_unchecked() {
    let report = opened(hello());
    let (here, away) = (node(&report, "0/manifests[1]/layers[0]"), node(&report, "0/manifests[1]/layers[1]"));
    assert_eq!((here.read, outcome(here, CheckId::Digest)), (true, Came::Pass));
    assert_eq!((away.read, outcome(away, CheckId::Digest)), (false, Came::NotChecked));
    assert_eq!(outcome(here, CheckId::DiffId), Came::NotChecked);
}

#[test]
fn a_changed_manifest_fails_against_the_digest_that_was_given() {
    let inputs = sample!("broken/config.json", "broken/manifest.json");
    let original = Verified::compute(&include_bytes!("../../www/samples/hello/manifest-amd64.json")[..]);
    let options = OpenOptions { expected: Some(original.digest().clone()), ..OpenOptions::default() };
    let report = open(inputs, &options).unwrap().report;
    assert_eq!(report.summary.verdict, Verdict::Failed);
}

#[test]
fn nothing_and_rubbish() {
    assert_eq!(open(Vec::new(), &OpenOptions::default()).unwrap_err().code(), "unsupported-input");
    let report = opened(vec![input(b"{ this is not json")]);
    assert_eq!((node(&report, "0").kind, report.summary.verdict), (NodeKind::Unknown, Verdict::Failed));
}

#[test]
fn plain_text_beside_an_image_is_no_failed_document() {
    let manifest = include_bytes!("../../www/samples/hello/manifest-amd64.json");
    let parse = |inputs: Vec<Input>| {
        let report = opened(inputs);
        let found =
            report.nodes.iter().find(|node| node.kind == NodeKind::Unknown).map(|node| outcome(node, CheckId::Parse));
        found.unwrap()
    };
    let version = || input(b"Directory Transport Version: 1.1\n");
    assert_eq!(parse(vec![version(), input(manifest)]), Came::NotChecked);
    assert_eq!(parse(vec![version()]), Came::Fail, "alone it was meant as a document");
    assert_eq!(parse(vec![input(b"{ this is not json"), input(manifest)]), Came::Fail);
}

#[test]
fn a_layer_that_promises_no_tar_says_why_its_diff_id_is_open() {
    let text = std::str::from_utf8(include_bytes!("../../www/samples/hello/manifest-amd64.json")).unwrap();
    let nydus = text.replacen(
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.nydus.blob.v1",
        1,
    );
    let report =
        opened(vec![input(nydus.as_bytes()), input(include_bytes!("../../www/samples/hello/config-amd64.json"))]);
    let layers: Vec<&Node> = report.nodes.iter().filter(|node| node.kind == NodeKind::Layer).collect();
    let reasons = |node: &Node| -> Vec<&'static str> {
        node.checks.iter().filter(|check| check.id == CheckId::DiffId).map(|check| check.reason).collect()
    };
    assert_eq!((reasons(layers[0]), reasons(layers[1])), (vec!["no-tar"], vec!["not-unpacked-yet"]));
    assert_eq!(outcome(layers[0], CheckId::Tar), Came::NotChecked);
    let kinds: Vec<_> = layers.iter().map(|layer| layer.facts.blob_kind.unwrap().code()).collect();
    assert_eq!(kinds, ["nydus-blob", "layer"]);
}

/// A registry that answers any digest with what the test says, true or not.
#[derive(Default)]
struct Liar {
    answers: HashMap<String, Vec<u8>>,
    asked: RefCell<Vec<String>>,
}

impl Store for Liar {
    async fn read(&self, descriptor: &Descriptor, _blob: bool) -> Result<Fetched, Error> {
        self.asked.borrow_mut().push(descriptor.digest_text.clone());
        let bytes = self.answers.get(&descriptor.digest_text).cloned();
        let bytes = bytes.ok_or_else(|| Error::new(ErrorKind::NotFound, "the registry has no such manifest"))?;
        Ok(Fetched { bytes: bytes.into(), content_type: None, header_digest: None, cached: false })
    }

    fn stage(&self, _stage: Stage) {}
}

fn sha(bytes: &[u8]) -> String {
    Verified::compute(bytes.to_vec()).digest().to_string()
}

fn index_of(digests: &[(String, &str)]) -> Vec<u8> {
    let entries: Vec<String> = digests
        .iter()
        .map(|(digest, media_type)| format!(r#"{{"mediaType":"{media_type}","digest":"{digest}","size":2}}"#))
        .collect();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{}]}}"#,
        crate::media_type::OCI_INDEX,
        entries.join(",")
    )
    .into_bytes()
}

fn walk(store: &Liar, root: &[u8], plan: Plan) -> Vec<Node> {
    let wanted = plan.platform.clone();
    let walk = Walk::new(store, plan);
    let document = Document::parse(Verified::compute(root.to_vec()), &Hints::default());
    let mut roots: Vec<Branch> = walk.root(&document, Origin::Registry).now_or_never().into_iter().collect();
    mark_chosen(&mut roots, wanted.as_ref());
    flatten(roots)
}

fn plan(all: bool) -> Plan {
    Plan { platform: None, all, at_hand: false, now: None }
}

#[test]
fn a_document_that_is_not_the_named_one_is_shown_but_not_followed() {
    let named = format!("sha256:{}", "ab".repeat(32));
    let inner = index_of(&[(format!("sha256:{}", "cd".repeat(32)), crate::media_type::OCI_MANIFEST)]);
    let store = Liar { answers: HashMap::from([(named.clone(), inner)]), ..Liar::default() };
    let nodes = walk(&store, &index_of(&[(named, crate::media_type::OCI_INDEX)]), plan(true));
    assert_eq!(outcome(&nodes[1], CheckId::Digest), Came::Fail);
    assert_eq!((nodes[2].read, outcome(&nodes[2], CheckId::Digest)), (false, Came::NotChecked));
    assert_eq!(
        nodes[2].checks[0].message,
        "not downloaded: the document that names it is not the one that was asked for"
    );
    assert_eq!(store.asked.borrow().len(), 1);
}

#[test]
fn a_document_under_its_other_makers_name_is_doubtful_and_one_of_another_kind_fails() {
    let inner = index_of(&[]);
    for (named, came) in [
        (crate::media_type::DOCKER_LIST, Came::Warn),
        (crate::media_type::OCI_INDEX, Came::Pass),
        (crate::media_type::OCI_MANIFEST, Came::Fail),
    ] {
        let store = Liar { answers: HashMap::from([(sha(&inner), inner.clone())]), ..Liar::default() };
        let nodes = walk(&store, &index_of(&[(sha(&inner), named)]), plan(true));
        assert_eq!(outcome(&nodes[1], CheckId::MediaType), came, "{named}");
    }
}

#[test]
fn indexes_in_each_other_end() {
    // Honest hashes cannot make a ring, so this one's digest is of an algorithm that cannot be computed.
    let ring = "odd:ring".to_owned();
    let inner = index_of(&[(ring.clone(), crate::media_type::OCI_INDEX)]);
    let store = Liar { answers: HashMap::from([(ring.clone(), inner.clone())]), ..Liar::default() };
    let nodes = walk(&store, &inner, plan(true));
    let last = nodes.last().unwrap();
    assert_eq!(outcome(last, CheckId::Limits), Came::NotChecked);
    assert!(nodes.len() <= crate::limits::INDEX_DEPTH + 1, "{}", nodes.len());
}

#[test]
fn a_deep_nest_of_indexes_is_followed_only_so_far() {
    let mut store = Liar::default();
    let mut bytes = index_of(&[]);
    for _ in 0..20 {
        let digest = sha(&bytes);
        store.answers.insert(digest.clone(), bytes);
        bytes = index_of(&[(digest, crate::media_type::OCI_INDEX)]);
    }
    let nodes = walk(&store, &bytes, plan(true));
    let last = nodes.last().unwrap();
    let check = last.checks.iter().find(|check| check.id == CheckId::Limits).unwrap();
    assert_eq!(check.message, "indexes nest deeper than 8 levels, so this one was not followed");
    assert_eq!(nodes.len(), crate::limits::INDEX_DEPTH + 1);
}

#[test]
fn a_wide_nest_of_indexes_stops_at_the_budget() {
    let mut store = Liar::default();
    let mut entries = Vec::new();
    for outer in 0..60 {
        let inner: Vec<_> =
            (0..60).map(|n| (format!("sha256:{:064x}", outer * 100 + n), crate::media_type::OCI_MANIFEST)).collect();
        let bytes = index_of(&inner);
        entries.push((sha(&bytes), crate::media_type::OCI_INDEX));
        store.answers.insert(sha(&bytes), bytes);
    }
    let nodes = walk(&store, &index_of(&entries), plan(true));
    assert_eq!(store.asked.borrow().len(), crate::limits::FETCHED_DOCUMENTS);
    assert!(nodes.iter().any(|node| node.checks[0].message.contains("256 documents were read for this reference")));
}

#[test]
fn many_documents_together_become_only_so_many_nodes() {
    let many: Vec<_> = (0..20_000).map(|n| (format!("sha256:{n:064x}"), crate::media_type::OCI_MANIFEST)).collect();
    let inner = index_of(&many);
    let digest = sha(&inner);
    let store = Liar { answers: HashMap::from([(digest.clone(), inner)]), ..Liar::default() };
    let nodes = walk(&store, &index_of(&vec![(digest, crate::media_type::OCI_INDEX); 5]), plan(true));
    assert_eq!(nodes.len(), crate::limits::REPORT_NODES + 1);
    let said = |id: &str| {
        let node = nodes.iter().find(|node| node.id == id).unwrap();
        node.checks.iter().find(|check| check.id == CheckId::Limits).map(|check| check.message.as_str())
    };
    assert_eq!(said("0/manifests[1]"), None);
    let message = "20000 more are named here, and 9995 of them are shown: a report holds at most 50000";
    assert_eq!(said("0/manifests[2]"), Some(message));
    let last = nodes.iter().find(|node| node.id == "0/manifests[4]").unwrap();
    assert_eq!(last.checks[0].message, "not read: the report holds 50000 nodes, which is the limit");
    assert_eq!(store.asked.borrow().len(), 5, "three indexes and a manifest in two: what has no place is not fetched");
}

#[test]
fn many_names_of_one_long_history_are_listed_as_far_as_there_is_room() {
    let config = format!(r#"{{"os":"linux","history":[{}]}}"#, vec!["{}"; 10_000].join(",")).into_bytes();
    let types = (crate::media_type::OCI_MANIFEST, "application/vnd.oci.image.config.v1+json");
    let (digest, size) = (sha(&config), config.len());
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","config":{{"mediaType":"{}","digest":"{digest}","size":{size}}},"layers":[]}}"#,
        types.0, types.1
    );
    let index = index_of(&vec![(sha(manifest.as_bytes()), types.0); 110]);
    let answers = [config, manifest.into_bytes()].map(|bytes| (sha(&bytes), bytes));
    let plan = Plan { at_hand: true, ..plan(true) };
    let nodes = walk(&Liar { answers: HashMap::from(answers), ..Liar::default() }, &index, plan);
    let configs: Vec<&Node> = nodes.iter().filter(|node| node.kind == NodeKind::Config).collect();
    let (told, cut): (Vec<&Node>, Vec<&Node>) = configs.into_iter().partition(|node| node.facts.history.is_some());
    assert_eq!((told.len(), cut.len()), (102, 8));
    for node in cut {
        assert_eq!((outcome(node, CheckId::Digest), outcome(node, CheckId::Limits)), (Came::Pass, Came::NotChecked));
    }
}

#[test]
fn a_large_index_or_a_counting_registry_is_followed_for_one_platform() {
    let many: Vec<_> = (0..10_000).map(|n| (format!("sha256:{n:064x}"), crate::media_type::OCI_MANIFEST)).collect();
    for (entries, all) in [(&many[..], true), (&many[..5], false)] {
        let store = Liar::default();
        let nodes = walk(&store, &index_of(entries), plan(all));
        assert_eq!((nodes.len(), store.asked.borrow().len()), (entries.len() + 1, 1));
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let nodes = walk(
        &Liar::default(),
        &index_of(&[(format!("sha256:{:064x}", 1), crate::media_type::OCI_MANIFEST)]),
        plan(true),
    );
    assert_eq!(nodes[1].checks[0].message, "not read: the registry has no such manifest");
    assert_eq!(nodes[1].checks[0].outcome, Came::NotChecked);
}

#[test]
fn a_platform_that_is_not_there_fails_and_names_those_that_are() {
    let mut plan = plan(true);
    plan.platform = Some(Platform::parse("linux/ppc64le").unwrap());
    let index = include_bytes!("../../www/samples/hello/index.json");
    let nodes = walk(&Liar::default(), index, plan);
    let check = nodes[0].checks.iter().find(|check| check.id == CheckId::Platform).unwrap();
    assert_eq!((check.outcome, check.source), (Came::Fail, Some(Source::User)));
    assert_eq!(check.actual.as_deref(), Some("linux/amd64, linux/arm64"));
}

#[test]
fn the_platform_asked_for_is_chosen() {
    let mut plan = plan(false);
    plan.platform = Some(Platform::parse("linux/arm64").unwrap());
    let store = Liar::default();
    let nodes = walk(&store, include_bytes!("../../www/samples/hello/index.json"), plan);
    assert_eq!(store.asked.borrow()[..], [nodes[2].digest.clone().unwrap()]);
    assert!(nodes[2].facts.chosen && !nodes[1].facts.chosen);
    let _: Digest = Digest::parse(&store.asked.borrow()[0]).unwrap();
}

/// The shipped sample as a snapshot holds it: each document with its digest.
fn stated() -> Vec<Input> {
    let state = |input: Input| Input { stated: Some(Verified::compute(input.bytes.clone()).digest().clone()), ..input };
    hello().into_iter().map(state).collect()
}

#[test]
fn digests_that_came_with_their_bytes_prove_nothing() {
    let report = opened(stated());
    assert_eq!((report.roots.len(), report.summary.fail), (1, 0));
    assert_eq!(outcome(&report.nodes[0], CheckId::Digest), Came::NotChecked);
    assert_eq!(outcome(&report.nodes[1], CheckId::Digest), Came::Pass);
}

#[test]
fn bytes_that_are_not_those_of_their_stated_digest_fail_and_are_not_mended() {
    let mut inputs = stated();
    let with_a_space = [b" ", &inputs[2].bytes[..]].concat();
    inputs[2].bytes = with_a_space.into();
    let report = opened(inputs);
    assert!(report.recovered.is_none());
    let changed = report.nodes.iter().find(|node| node.id == "1").unwrap();
    let check = changed.checks.iter().find(|check| check.id == CheckId::Digest).unwrap();
    assert_eq!((check.outcome, check.source), (Came::Fail, Some(Source::Descriptor)));
    assert_eq!(check.expected, report.nodes[1].digest);
    assert_eq!(check.actual, changed.digest);
    assert!(!report.nodes[1].read);
}

#[test]
fn what_a_snapshot_holds_is_not_taken_apart_like_a_paste() {
    let text = format!("HTTP/2 200\ndocker-content-digest: {ARTICLE_DIGEST}\n\n{ARTICLE}");
    let digest = Verified::compute(text.clone().into_bytes()).digest().clone();
    let report = opened(vec![Input { stated: Some(digest.clone()), ..input(text.as_bytes()) }]);
    assert_eq!(report.nodes[0].digest.as_deref(), Some(digest.as_str()));
    assert!(report.pasted.is_empty() && report.recovered.is_none());
}

const ARTICLE: &str = r#"{"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"sha256:8ddc19f16526912237dd8af81971d5e4dd0587907234be2b83e249518d5b673f","size":667590}],"schemaVersion":2,"config":{"mediaType":"application/octet-stream","digest":"sha256:2b8fd9751c4c0f5dd266fcae00707e67a2545ef34f9a29354585f93dac906749","size":1459},"mediaType":"application/vnd.docker.distribution.manifest.v2+json"}"#;
const ARTICLE_DIGEST: &str = "sha256:a59906e33509d14c036c8678d687bd4eec81ed7c4b8ce907b888c607f6a1e0e6";

fn pasted(text: &str) -> Input {
    Input { bytes: text.as_bytes().into(), name: None, text: true, stated: None }
}

#[test]
fn a_reference_that_pins_another_digest_than_the_roots_fails() {
    let manifest = br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}"#;
    let digest = crate::Algorithm::Sha256.digest(manifest);
    let fails = |pinned: Option<Digest>| {
        let input = Input { bytes: manifest.to_vec().into(), name: None, text: false, stated: Some(digest.clone()) };
        let report = open(vec![input], &OpenOptions { pinned, ..OpenOptions::default() }).unwrap().report;
        report.nodes[0].checks.iter().any(|check| check.reason == "reference-pins-another")
    };
    assert!(!fails(None) && !fails(Some(digest.clone())));
    assert!(fails(Some(crate::Algorithm::Sha256.digest(b"other"))));
    assert!(!fails(Some(crate::Algorithm::Sha512.digest(manifest))), "the same bytes");
    assert!(fails(Some(crate::Algorithm::Sha512.digest(b"other"))));
}

fn expecting(digest: &str) -> OpenOptions {
    OpenOptions { expected: Some(Digest::parse(digest).unwrap()), ..OpenOptions::default() }
}

#[test]
fn the_articles_manifest_is_recovered() {
    let outcome = open(vec![pasted(ARTICLE)], &expecting(ARTICLE_DIGEST)).unwrap();
    let report = outcome.report;
    assert_eq!(report.recovered.as_ref().unwrap().digest, ARTICLE_DIGEST);
    assert!(!report.recovered.unwrap().steps.is_empty());
    assert_eq!((outcome_of(&report.nodes[0]), report.summary.fail), (Came::Pass, 0));
    let bytes = &outcome.bytes.iter().find(|(digest, _)| digest == ARTICLE_DIGEST).unwrap().1;
    assert!(bytes.starts_with(b"{\n   \"schemaVersion\": 2,"));
    assert_eq!(report.pasted[0].form, "document");
}

#[track_caller]
fn outcome_of(node: &Node) -> Came {
    outcome(node, CheckId::Digest)
}

#[test]
fn a_digest_found_in_the_paste_counts() {
    let text = format!(
        "$ curl -i https://r/v2/a/manifests/b\nHTTP/2 200\ndocker-content-digest: {ARTICLE_DIGEST}\n\n{ARTICLE}"
    );
    let report = opened(vec![pasted(&text)]);
    assert_eq!(report.pasted[0].form, "http-response");
    assert!(
        report.recovered.is_some() || outcome(&report.nodes[0], CheckId::HeaderDigest) == Came::Warn,
        "{report:#?}"
    );
}

#[test]
fn a_re_indented_config_takes_its_place_below_the_manifest() {
    let config = String::from_utf8(include_bytes!("../../www/samples/hello/config-amd64.json").to_vec()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&config).unwrap();
    let manifest = String::from_utf8(include_bytes!("../../www/samples/hello/manifest-amd64.json").to_vec()).unwrap();
    let spread = config.replace(",\"", ",\n  \"");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&spread).unwrap(), value);
    let report = opened(vec![pasted(&manifest), pasted(&spread)]);
    assert_eq!(report.roots, ["0"]);
    assert_eq!(outcome_of(node(&report, "0/config")), Came::Pass);
    assert!(report.recovered.is_some());
}

#[test]
fn a_digest_of_another_node_is_explained() {
    let manifest = include_bytes!("../../www/samples/hello/manifest-amd64.json");
    let config = Verified::compute(&include_bytes!("../../www/samples/hello/config-amd64.json")[..]);
    let report = open(vec![input(manifest)], &expecting(config.digest().as_str())).unwrap().report;
    let check = report.nodes[0].checks.iter().find(|check| check.id == CheckId::Digest).unwrap();
    assert_eq!(check.outcome, Came::Fail);
    assert!(check.message.ends_with("what was given is the digest of its config"), "{}", check.message);
}

#[test]
fn a_bare_digest_has_no_nodes_but_is_named() {
    let report = opened(vec![pasted(ARTICLE_DIGEST)]);
    assert!(report.nodes.is_empty());
    assert_eq!((report.pasted[0].form.as_str(), report.summary.verdict), ("digest", Verdict::Incomplete));
}

#[test]
fn without_a_digest_the_well_known_forms_are_named() {
    let report = opened(vec![pasted(ARTICLE)]);
    assert!(report.forms.iter().any(|form| form.digest == ARTICLE_DIGEST), "{:#?}", report.forms);
}

#[test]
fn a_layer_that_was_unpacked_on_its_way_is_recognised_by_its_diff_id() {
    let tar = b"not really a tar, but its hash is all that counts here";
    let config =
        format!(r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#, sha(tar));
    let layer = format!(
        r#"{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:{:064x}","size":9}}"#,
        1
    );
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","config":{{"mediaType":"{}","digest":"{}","size":{}}},"layers":[{layer}]}}"#,
        crate::media_type::OCI_MANIFEST,
        crate::media_type::OCI_CONFIG,
        sha(config.as_bytes()),
        config.len()
    );
    let report = opened(vec![input(manifest.as_bytes()), input(config.as_bytes()), input(tar)]);
    let check = node(&report, "1").checks.iter().find(|check| check.id == CheckId::DiffId).unwrap();
    assert_eq!(check.outcome, Came::Pass);
    assert_eq!(
        check.message,
        "this is the uncompressed tar of layer 1: its sha256 is the DiffID, not the blob's digest"
    );
}

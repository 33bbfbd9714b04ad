//! Small images, in the form in which the page gives their reports; each test can ask for one part of the answer.

mod by_hand;
mod identities;
mod lookups;

use super::*;
use crate::Algorithm;
use crate::limits;

fn digest_of(seed: &str) -> String {
    Algorithm::Sha256.digest(seed.as_bytes()).to_string()
}

fn node(kind: &str, parent: Option<usize>, digest: &str) -> Node {
    let digest = Some(digest.to_owned());
    Node { kind: kind.to_owned(), parent, digest, read: true, mark: "not-checked".to_owned(), ..Node::default() }
}

fn check(id: &str, outcome: &str, expected: Option<&str>, actual: Option<&str>) -> NodeCheck {
    let text = |value: Option<&str>| value.map(str::to_owned);
    NodeCheck { id: id.to_owned(), outcome: outcome.to_owned(), expected: text(expected), actual: text(actual) }
}

/// A document that was read and is the promised one.
fn proved(kind: &str, parent: Option<usize>, seed: &str) -> Node {
    let digest = digest_of(seed);
    let checks = vec![check("digest", "pass", Some(&digest), Some(&digest))];
    Node { mark: "pass".to_owned(), checks, ..node(kind, parent, &digest) }
}

/// A layer that was not downloaded.
fn layer(parent: usize, at: usize, platform: &str) -> Node {
    let seed = if at == 0 { "layer 0 base".to_owned() } else { format!("layer {at} {platform}") };
    let diff_id = digest_of(&format!("diff {at} {platform}"));
    let chain_id = if at == 0 { diff_id.clone() } else { digest_of(&format!("chain {at} {platform}")) };
    let digest = digest_of(&seed);
    let checks = vec![
        check("digest", "not-checked", Some(&digest), None),
        check("diff-id", "not-checked", Some(&diff_id), None),
    ];
    Node {
        read: false,
        diff_id: Some(diff_id),
        chain_id: Some(chain_id),
        compression: Some("gzip".to_owned()),
        checks,
        ..node("layer", Some(parent), &digest)
    }
}

/// Manifest, config and three layers, at the end of the nodes.
fn add_image(nodes: &mut Vec<Node>, parent: Option<usize>, platform: &str) -> usize {
    let at = nodes.len();
    let config = format!("config {platform}");
    let image_id = Some(digest_of(&config));
    nodes.push(Node { image_id, ..proved("manifest", parent, &format!("manifest {platform}")) });
    let diff_ids = (0..3).map(|layer| digest_of(&format!("diff {layer} {platform}"))).collect();
    nodes.push(Node { diff_ids: Some(diff_ids), ..proved("config", Some(at), &config) });
    nodes.extend((0..3).map(|position| layer(at, position, platform)));
    at
}

const AMD64: usize = 1;
const CONFIG: usize = AMD64 + 1;
const LAYER: usize = CONFIG + 1;

/// An index of a tag with two platforms and an attestation, all documents read; the first platform is in view.
fn two_platforms() -> Given {
    let checks = vec![check("digest", "not-checked", None, Some(&digest_of("index")))];
    let mut nodes = vec![Node { mark: "pass".to_owned(), checks, ..node("index", None, &digest_of("index")) }];
    assert_eq!(add_image(&mut nodes, Some(0), "linux/amd64"), AMD64);
    add_image(&mut nodes, Some(0), "linux/arm64/v8");
    nodes.push(proved("attestation", Some(0), "attestation"));
    Given { nodes, node: Some(AMD64), reference: Some("ghcr.io/demo/app:v1".to_owned()), ..Given::default() }
}

/// The same, but the config's bytes are not those that the manifest names.
fn flipped_config() -> Given {
    let mut given = two_platforms();
    let (promised, got) = (digest_of("config linux/amd64"), digest_of("flipped"));
    let config = &mut given.nodes[CONFIG];
    config.checks = vec![check("digest", "fail", Some(&promised), Some(&got))];
    (config.digest, config.mark) = (Some(got), "fail".to_owned());
    given
}

/// A schema 1 manifest with a layer of which only the digest is known.
fn schema1() -> Given {
    let image = Node { mark: "pass".to_owned(), ..node("schema1", None, &digest_of("manifest")) };
    let layer = Node { read: false, ..node("layer", Some(0), &digest_of("old layer")) };
    of(vec![image, layer])
}

/// A report of these nodes; the first one is asked about.
fn of(nodes: Vec<Node>) -> Given {
    Given { nodes, node: Some(0), reference: Some("ghcr.io/demo/app:v1".to_owned()), ..Given::default() }
}

/// The output of a shell that ran the line.
fn run(line: &str) -> String {
    let output = std::process::Command::new("sh").args(["-c", line]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

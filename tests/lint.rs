//! The structural lint in a report: over manifest and config together, against a clock, and what the page has to mask.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};
use stowplan::image::{Input, OpenOptions, open};
use stowplan::{Algorithm, Document, Hints, Outcome, Verified};

const BLOB: &str = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

fn config() -> Value {
    json!({
        "created": "2030-01-01T00:00:00Z", "architecture": "amd64", "os": "linux",
        "config": {
            "Env": ["PATH=/bin", "DB_PASSWORD=hunter22"],
            "Labels": {"a": "b", "api.token": "hunter22"}
        },
        "rootfs": {"type": "layers", "diff_ids": [BLOB]},
        "history": [{"created_by": "ADD x"}, {"created_by": "ENV DB_PASSWORD=hunter22", "empty_layer": true}]
    })
}

fn input(bytes: &[u8]) -> Input {
    Input { bytes: bytes.into(), name: Some("a.json".to_owned()), text: false, stated: None }
}

/// The report about an image with that config and one gzip layer, read at that time.
fn report(config: &Value, now: Option<i64>) -> Value {
    let config = config.to_string();
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": Algorithm::Sha256.digest(config.as_bytes()).as_str(), "size": config.len()
        },
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": BLOB, "size": 3}]
    });
    let inputs = vec![input(manifest.to_string().as_bytes()), input(config.as_bytes())];
    let outcome = open(inputs, &OpenOptions { now, ..OpenOptions::default() }).unwrap();
    serde_json::to_value(outcome.report).unwrap()
}

/// The doubtful checks of the config, as `id path`.
fn warnings(report: &Value) -> Vec<String> {
    let config = report["nodes"].as_array().unwrap().iter().find(|node| node["kind"] == "config").unwrap();
    let checks = config["checks"].as_array().unwrap().iter();
    let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    checks
        .filter(|check| check["outcome"] == "warn")
        .map(|check| format!("{} {}", text(check, "id"), text(check, "path")))
        .collect()
}

#[test]
fn lint_over_a_whole_image_warns_and_never_fails() {
    let expected = [
        "created $.created",
        "secret $.config.Env[1]",
        "secret $.config.Labels[\"api.token\"]",
        "secret $.history[1].created_by",
        "diff-id-smell $.rootfs.diff_ids[0]",
    ];
    let report = report(&config(), Some(0));
    assert_eq!(warnings(&report), expected);
    assert_eq!(report["summary"]["fail"], 0);
}

#[test]
fn lint_without_a_clock_knows_no_future() {
    assert_eq!(warnings(&report(&config(), None)).len(), 4);
}

#[test]
fn lint_holds_a_lone_config_against_the_clock() {
    let options = OpenOptions { now: Some(0), ..OpenOptions::default() };
    let outcome = open(vec![input(config().to_string().as_bytes())], &options).unwrap();
    assert_eq!(warnings(&serde_json::to_value(outcome.report).unwrap())[0], "created $.created");
}

#[test]
fn lint_tells_what_to_mask() {
    let report = report(&config(), None);
    let node = report["nodes"].as_array().unwrap().iter().find(|node| node["kind"] == "config").unwrap().clone();
    assert_eq!(node["image"]["secretEnv"], json!([1]));
    assert_eq!(node["image"]["secretLabels"], json!([1]));
    assert_eq!((&node["history"][0]["secret"], &node["history"][1]["secret"]), (&Value::Null, &json!(true)));
    assert!(!node["checks"].to_string().contains("hunter22"));
}

#[test]
fn lint_of_a_clean_config_leaves_nothing_to_mask() {
    let mut config = config();
    config["config"] = json!({"Env": ["PATH=/bin"]});
    config["history"] = json!([{"created_by": "ADD x"}]);
    let text = report(&config, None).to_string();
    assert!(!text.contains("secretEnv") && !text.contains("secretLabels") && !text.contains("\"secret\""));
}

/// A text of what looks like the start of a secret again and again takes no longer than any other.
#[test]
fn lint_of_a_text_full_of_prefixes_takes_linear_time() {
    for piece in
        ["xoxb-", "token=$", "://", "://a:", "-----BEGIN ", "AKIA", "=", "a=\\\"", "-----BEGIN PRIVATE KEY-----"]
    {
        let text = piece.repeat(200_000 / piece.len());
        let config = format!(
            r#"{{"rootfs":{{"type":"layers","diff_ids":[]}},"config":{{"Env":["A={text}"]}},"history":[{{"created_by":"{text}"}}]}}"#
        );
        let started = std::time::Instant::now();
        let document = Document::parse(Verified::compute(config.into_bytes()), &Hints::default());
        assert!(document.checks().iter().any(|check| check.outcome == Outcome::Pass));
        assert!(started.elapsed().as_millis() < 2000, "{piece} took {:?}", started.elapsed());
    }
}

#[test]
fn lint_tells_of_diff_ids_that_engines_never_compute() {
    let reasons = |diff_id: &str| {
        let mut config = config();
        config["rootfs"]["diff_ids"][0] = json!(diff_id);
        let document = Document::parse(Verified::compute(config.to_string().into_bytes()), &Hints::default());
        let doubts = document.checks().iter().filter(|check| check.reason.starts_with("diff-id"));
        doubts.map(|check| format!("{} {:?} {:?}", check.reason, check.outcome, check.path)).collect::<Vec<_>>()
    };
    let found = ["diff-id-not-sha256 Warn Some(\"$.rootfs.diff_ids[0]\")"];
    assert_eq!(reasons(Algorithm::Sha512.digest(b"tar").as_str()), found);
    assert_eq!(reasons("blake3:00"), found);
    assert_eq!(reasons(BLOB), [""; 0]);
}

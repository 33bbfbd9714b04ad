//! Every document of the shared vectors gets the verdict that its index tells (set `STOWPLAN_VECTORS` to their folder).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use serde_json::Value;
use stowplan::{Check, CheckId, Digest, Document, Hints, MediaType, Outcome, Source, Verified};

/// The kinds of the index that are documents; archives, layers and tars have their own tests.
const DOCUMENTS: [&str; 11] = [
    "docker-config",
    "docker-manifest-list",
    "docker-schema1",
    "docker-schema1-signed",
    "docker-schema2",
    "oci-artifact-manifest",
    "oci-config",
    "oci-descriptor",
    "oci-index",
    "oci-layout-header",
    "oci-manifest",
];

/// Rows whose verdict cannot be followed: the index with both `manifests` and filled `config` and `layers` is what
/// CVE-2021-41190 is about. Its own library reads it; other rows of the same form are told to be refused.
/// A `size` of -1 is what a converter writes for a config whose size it did not know: no program can check or pull it.
const REFUSED: [&str; 2] = ["oci-index/regclient-rawOCIIndex.json", "oci-manifest/cimage-schema1-to-oci1.json"];

/// Rows that are told to be invalid and only warn here: a rule refuses them and some engine takes them. containerd pulls
/// a Docker manifest with a zstd layer, and the image spec's SHOULD about empty `layers` is no MUST.
const DOUBTFUL: [&str; 2] =
    ["docker-schema2/cimage-schema2-invalid-media-type.json", "oci-manifest/imagespec-TestManifest-5.json"];

/// One row of the index, with its bytes.
struct Row {
    file: String,
    media_type: Option<String>,
    expect: Value,
    bytes: Vec<u8>,
}

impl Row {
    fn says(&self, name: &str) -> bool {
        self.expect[name].as_bool().unwrap_or_default()
    }

    fn parse(&self, verified: Verified) -> Document {
        let told = self.media_type.as_deref().map(|media_type| (MediaType::new(media_type), Source::User));
        Document::parse(verified, &Hints { expected_type: told, ..Hints::default() })
    }

    fn verdict(&self) -> Document {
        self.parse(Verified::compute(self.bytes.clone()))
    }
}

fn rows(test: &str) -> Option<Vec<Row>> {
    let Some(folder) = std::env::var_os("STOWPLAN_VECTORS").map(PathBuf::from) else {
        eprintln!("skipped: {test} (STOWPLAN_VECTORS is not set)");
        return None;
    };
    let index = std::fs::read(folder.join("index.json")).unwrap();
    let index: Vec<Value> = serde_json::from_slice(&index).unwrap();
    let rows: Vec<Row> = index.iter().filter(|row| is_document(row)).map(|row| read(&folder, row)).collect();
    assert!(!rows.is_empty(), "no document in {}", folder.display());
    Some(rows)
}

fn is_document(row: &Value) -> bool {
    let kind = row["kind"].as_str().unwrap();
    DOCUMENTS.contains(&kind) || kind == "other"
}

fn read(folder: &Path, row: &Value) -> Row {
    let file = row["file"].as_str().unwrap().to_owned();
    let bytes = std::fs::read(folder.join(&file)).unwrap();
    Row { bytes, file, media_type: row["media_type"].as_str().map(str::to_owned), expect: row["expect"].clone() }
}

fn count(checks: &[Check], outcome: Outcome) -> usize {
    checks.iter().filter(|check| check.outcome == outcome).count()
}

/// The findings of a document, for the message of a failed test.
fn told(checks: &[Check]) -> String {
    let doubtful = checks.iter().filter(|check| matches!(check.outcome, Outcome::Fail | Outcome::Warn));
    let lines = doubtful.map(|check| {
        let path = check.path.as_deref().unwrap_or("$");
        format!("    {:?} {:?} {path}: {}\n", check.outcome, check.id, check.message)
    });
    lines.collect()
}

#[test]
fn every_document_gets_its_verdict() {
    let Some(rows) = rows("every_document_gets_its_verdict") else { return };
    let mut wrong = Vec::new();
    for row in rows {
        let document = row.verdict();
        let failed = count(document.checks(), Outcome::Fail) > 0;
        let doubtful = count(document.checks(), Outcome::Warn) > 0;
        let fits = row.says("conflict_across_parsers")
            || (REFUSED.contains(&row.file.as_str()) && failed)
            || (DOUBTFUL.contains(&row.file.as_str()) && doubtful && !failed)
            || (failed != row.says("valid") && (!row.says("lenient") || doubtful || failed));
        if !fits {
            wrong.push(format!("{} should be {}:\n{}", row.file, row.expect, told(document.checks())));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_document_has_the_digest_that_registries_give_it() {
    let Some(rows) = rows("every_document_has_the_digest_that_registries_give_it") else { return };
    for row in rows {
        if let Some(digest) = row.expect["digest"].as_str() {
            assert_eq!(row.verdict().digest().as_str(), digest, "{}", row.file);
        }
    }
}

#[test]
fn a_claimed_digest_passes_or_fails_as_told() {
    let Some(rows) = rows("a_claimed_digest_passes_or_fails_as_told") else { return };
    for row in rows {
        let Some(claimed) = row.expect["claimed_digest"].as_str() else { continue };
        let verified = Verified::against(row.bytes.clone(), Digest::parse(claimed).unwrap(), Source::User);
        let document = row.parse(verified);
        let digest = document.checks().iter().find(|check| check.id == CheckId::Digest).unwrap();
        let expected = if row.says("claimed_digest_verified") { Outcome::Pass } else { Outcome::Fail };
        assert_eq!(digest.outcome, expected, "{}", row.file);
    }
}

#[test]
fn a_document_is_known_by_its_shape_alone() {
    let Some(rows) = rows("a_document_is_known_by_its_shape_alone") else { return };
    for row in rows.iter().filter(|row| row.says("valid")) {
        let expected = row.media_type.as_deref().and_then(|media_type| MediaType::new(media_type).document());
        let document = Document::parse(Verified::compute(row.bytes.clone()), &Hints::default());
        assert_eq!(document.kind(), expected, "{}", row.file);
    }
}

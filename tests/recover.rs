//! Recovery through the public interface: the article's manifest, and the vectors whose text was re-serialised.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input fails")]

use std::path::Path;

use serde_json::Value;
use stowplan::{Digest, recover};

const ARTICLE: &str = r#"{"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"sha256:8ddc19f16526912237dd8af81971d5e4dd0587907234be2b83e249518d5b673f","size":667590}],"schemaVersion":2,"config":{"mediaType":"application/octet-stream","digest":"sha256:2b8fd9751c4c0f5dd266fcae00707e67a2545ef34f9a29354585f93dac906749","size":1459},"mediaType":"application/vnd.docker.distribution.manifest.v2+json"}"#;
const ARTICLE_DIGEST: &str = "sha256:a59906e33509d14c036c8678d687bd4eec81ed7c4b8ce907b888c607f6a1e0e6";

/// The vectors that no rule reaches, and why.
const BEYOND: &[(&str, &str)] = &[("quay-real-NGINX_1_22.json", CONTENT), ("quay-real-NGINX_1_23_1.json", CONTENT)];
const CONTENT: &str = "not re-serialised but altered: already in the form in which Docker Hub serves its official lists (sorted, \\/), \
    like the neighbour whose digest fits; no order, layout or escape of these values, and no subset of its entries, hashes to the claim";

#[track_caller]
fn recovers(pasted: &str, expected: &str) -> Vec<String> {
    let found = recover(pasted.as_bytes(), &Digest::parse(expected).unwrap()).found.unwrap();
    assert_eq!(found.digest.as_str(), expected);
    found.steps
}

#[test]
fn recover_the_article_however_it_is_indented() {
    let docker = ["keys put in Docker's order", "indented with 3 spaces", "no final newline"];
    assert_eq!(recovers(ARTICLE, ARTICLE_DIGEST), docker);
    let spaced = ARTICLE
        .replace(",\"", ",\n\"")
        .replace('{', "{\n")
        .replace('}', "\n}")
        .replace(':', ": ")
        .replace("sha256: ", "sha256:");
    assert_eq!(recovers(&spaced, ARTICLE_DIGEST), docker);
    assert_eq!(recovers(&spaced.replace('\n', "\r\n\t"), ARTICLE_DIGEST), docker);
    let blog = ARTICLE.replace('"', "“").replace(',', ",\u{a0}");
    assert_eq!(
        recovers(&blog, ARTICLE_DIGEST),
        [&["non-breaking spaces turned into spaces", "typographic quotes turned into plain ones"], &docker[..]]
            .concat()
    );
}

#[test]
fn recover_the_vectors_that_were_reserialised() {
    let Some(root) = std::env::var_os("STOWPLAN_VECTORS") else {
        println!("skipped: recover_the_vectors_that_were_reserialised (STOWPLAN_VECTORS is not set)");
        return;
    };
    let root = Path::new(&root);
    let index: Value = serde_json::from_slice(&std::fs::read(root.join("index.json")).unwrap()).unwrap();
    let rows = index.as_array().unwrap().iter().filter(|row| row["expect"]["claimed_digest_verified"] == false);
    let (mut recovered, mut beyond) = (0, 0);
    for row in rows {
        let (file, claimed) = (row["file"].as_str().unwrap(), row["expect"]["claimed_digest"].as_str().unwrap());
        let bytes = std::fs::read(root.join(file)).unwrap();
        let found = recover(&bytes, &Digest::parse(claimed).unwrap()).found;
        let reason = BEYOND.iter().find(|(name, _)| file.ends_with(name)).map(|(_, why)| *why);
        assert_eq!(found.is_none(), reason.is_some(), "{file}: {found:?} {reason:?}");
        recovered += usize::from(found.is_some());
        beyond += usize::from(found.is_none());
        println!("{file}: {:?}", found.map(|found| found.steps));
    }
    assert!(recovered > 0 && beyond <= BEYOND.len(), "{recovered} recovered, {beyond} not");
}

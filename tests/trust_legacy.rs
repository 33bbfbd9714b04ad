//! cosign's signatures of old, as containers/image and slsa-verifier keep them: by key, keyless, as attestations.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]
#![cfg(feature = "trust")]

mod trusting;

use std::fs;
use std::path::Path;

use serde_json::Value;
use stowplan::covers::Covers;
use stowplan::trust::{Found, Judged, Key, Roots, Signatures, TrustVerdict, judge};
use stowplan::{Algorithm, CheckId, Digest, Outcome};
use trusting::{outcome, question, vectors};

const FIXTURES: &str = "containers_image/signature/fixtures";

/// A signature as containers/image keeps it beside a manifest: a line, then JSON.
fn kept(file: &Path, manifest: &[u8]) -> Found {
    use base64::Engine;
    let text = fs::read(file).unwrap();
    let start = text.iter().position(|byte| *byte == b'{').unwrap();
    let json: Value = serde_json::from_slice(&text[start..]).unwrap();
    let annotations = json["annotations"].as_object().unwrap().iter();
    Found {
        id: file.display().to_string(),
        about: vec![Algorithm::Sha256.digest(manifest)],
        media_type: json["mimeType"].as_str().unwrap().to_owned(),
        annotations: annotations.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
        bytes: Some(base64::engine::general_purpose::STANDARD.decode(json["payload"].as_str().unwrap()).unwrap()),
    }
}

fn key(folder: &Path, name: &str) -> Key {
    Key::parse(&fs::read_to_string(folder.join(FIXTURES).join(name)).unwrap()).unwrap()
}

fn image(folder: &Path, case: &str, signature: &str) -> Found {
    let case = folder.join(FIXTURES).join(case);
    kept(&case.join(signature), &fs::read(case.join("manifest.json")).unwrap())
}

fn by_key(found: &Found, keys: &[Key], require: Option<u64>) -> Signatures {
    let mut question = question(stowplan::trust::Artifact::Digest(found.about[0].clone()));
    question.keys = keys.to_vec();
    judge(std::slice::from_ref(found), &question, &Roots::shipped().unwrap(), &Covers::only(&found.about[0]), require)
}

#[track_caller]
fn only(signatures: &Signatures) -> &Judged {
    assert_eq!(signatures.judged.len(), 1);
    &signatures.judged[0]
}

#[test]
fn a_signature_by_key_is_of_the_image_that_it_names() {
    let Some(folder) = vectors() else { return };
    let keys = [key(&folder, "cosign.pub")];
    for (case, signature) in [
        ("dir-img-cosign-valid", "signature-1"),
        ("dir-img-cosign-valid-with-tag", "signature-1"),
        ("dir-img-cosign-valid-2", "signature-2"),
    ] {
        let signatures = by_key(&image(&folder, case, signature), &keys, Some(1));
        assert!(only(&signatures).named, "{case}: {:#?}", only(&signatures).proof.checks);
        assert_eq!(signatures.trust.verdict, TrustVerdict::SignedByNamed);
        assert_eq!(signatures.policy.unwrap().outcome, Outcome::Pass);
    }
}

#[test]
fn a_signature_of_another_image_or_key_fails() {
    let Some(folder) = vectors() else { return };
    let keys = [key(&folder, "cosign.pub")];
    let modified = by_key(&image(&folder, "dir-img-cosign-modified-manifest", "signature-1"), &keys, Some(1));
    assert_eq!(outcome(&only(&modified).proof, CheckId::SignedSubject), Some((Outcome::Fail, "subject-differs")));
    assert_eq!(outcome(&only(&modified).proof, CheckId::Signature), Some((Outcome::Pass, "signature-fits")));
    assert_eq!(modified.trust.verdict, TrustVerdict::Failed);
    assert_eq!(modified.policy.unwrap().outcome, Outcome::Fail);

    let other =
        by_key(&image(&folder, "dir-img-cosign-valid", "signature-1"), &[key(&folder, "some-rsa-key.pub")], None);
    assert_eq!(outcome(&only(&other).proof, CheckId::Signature), Some((Outcome::Fail, "signature-differs")));

    let none = by_key(&image(&folder, "dir-img-cosign-valid", "signature-1"), &[], None);
    assert_eq!(outcome(&only(&none).proof, CheckId::Signature), Some((Outcome::NotChecked, "no-key")));
    assert_eq!(none.trust.verdict, TrustVerdict::Unknown);
}

#[test]
fn a_signature_by_key_may_bring_a_log_entry() {
    let Some(folder) = vectors() else { return };
    let found = image(&folder, "dir-img-cosign-key-rekor-valid", "signature-1");
    let signatures = by_key(&found, &[key(&folder, "cosign2.pub")], None);
    assert!(only(&signatures).named, "{:#?}", only(&signatures).proof.checks);
    assert_eq!(outcome(&only(&signatures).proof, CheckId::LogEntry), Some((Outcome::Pass, "entry-fits")));
}

#[test]
fn a_keyless_signature_is_judged_by_the_shipped_root() {
    let Some(folder) = vectors() else { return };
    let signatures = by_key(&image(&folder, "dir-img-cosign-fulcio-rekor-valid", "signature-1"), &[], Some(1));
    let judged = only(&signatures);
    assert!(judged.good && !judged.named, "{:#?}", judged.proof.checks);
    assert_eq!(signatures.trust.verdict, TrustVerdict::Signed);
    assert_eq!(signatures.policy.unwrap().outcome, Outcome::Fail, "no signer was named");
    let pki = by_key(&image(&folder, "dir-img-cosign-pki-valid", "signature-1"), &[], None);
    assert!(!only(&pki).good);
    assert_eq!(pki.trust.verdict, TrustVerdict::Unknown, "{:#?}", only(&pki).proof.checks);
}

#[test]
fn attestations_that_cosign_saved_hold_for_their_image_and_for_no_other() {
    let Some(folder) = vectors() else { return };
    let all = folder.join("slsa-framework_slsa-verifier/cli/slsa-verifier/testdata/gha_generic_container");
    let mut seen = 0;
    for version in fs::read_dir(all).unwrap() {
        let layout = version.unwrap().path().join("container_workflow_dispatch");
        let digest = fs::read_to_string(layout.with_extension("digest")).unwrap();
        for found in attestations(&layout, digest.trim()) {
            let good = by_key(&found, &[], None);
            assert!(only(&good).good, "{}: {:#?}", layout.display(), only(&good).proof.checks);
            let elsewhere = Found { about: vec![Algorithm::Sha256.digest(b"another image")], ..found.clone() };
            let bad = by_key(&elsewhere, &[], None);
            assert_eq!(outcome(&only(&bad).proof, CheckId::SignedSubject), Some((Outcome::Fail, "subject-differs")));
            let (mut flipped, mut bytes) = (found.clone(), found.bytes.unwrap());
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
            flipped.bytes = Some(bytes);
            assert!(!only(&by_key(&flipped, &[], None)).good);
            seen += 1;
        }
    }
    assert!(seen >= 9, "{seen}");
}

/// The layers of the `.att` manifest in a layout that `cosign save` wrote.
fn attestations(layout: &Path, about: &str) -> Vec<Found> {
    let blob = |digest: &str| fs::read(layout.join("blobs/sha256").join(&digest[7..]));
    let index: Value = serde_json::from_slice(&fs::read(layout.join("index.json")).unwrap()).unwrap();
    let entries = index["manifests"].as_array().unwrap().iter();
    let atts = entries.filter(|entry| entry["annotations"]["kind"] == "dev.cosignproject.cosign/atts");
    let manifests = atts.map(|entry| blob(entry["digest"].as_str().unwrap()).unwrap());
    let layers = manifests.flat_map(|bytes| {
        let manifest: Value = serde_json::from_slice(&bytes).unwrap();
        manifest["layers"].as_array().unwrap().clone()
    });
    let found = layers.filter_map(|layer| {
        let annotations = layer["annotations"].as_object()?.iter();
        Some(Found {
            id: layer["digest"].as_str()?.to_owned(),
            about: vec![Digest::parse(about).unwrap()],
            media_type: layer["mediaType"].as_str()?.to_owned(),
            annotations: annotations.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
            // Large ones are left out of the vectors.
            bytes: Some(blob(layer["digest"].as_str()?).ok()?),
        })
    });
    found.collect()
}

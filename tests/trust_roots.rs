//! Several trusted roots in one text: JSON lines as `gh attestation trusted-root` prints them, or an array.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]
#![cfg(feature = "trust")]

mod trusting;

use std::fs;
use std::path::Path;

use serde_json::Value;
use stowplan::trust::{Allow, Artifact, Material, Question, Roots, prove};
use stowplan::{Algorithm, Digest, Error, Outcome, Param};
use trusting::{question, vectors};

const SAMPLES: &str = "sigstore_sigstore-java/sigstore-java/src/test/resources/dev/sigstore/samples/bundles";
const PUBLIC: &str = "sigstore_root-signing/targets/trusted_root.json";

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The line of GitHub's own authority, which has neither a log nor a certificate transparency log.
fn github(folder: &Path) -> String {
    let lines = read(folder, &format!("{SAMPLES}/github-private-no-tlog/trusted_root.jsonl"));
    let own = lines.lines().find(|line| line.contains("GitHub, Inc.") && !line.contains("rekor.sigstore.dev"));
    own.unwrap().to_owned()
}

/// The public authority's root in one line.
fn public(folder: &Path) -> String {
    serde_json::from_str::<Value>(&read(folder, PUBLIC)).unwrap().to_string()
}

/// The number of steps of a signature of each authority that do not pass, the identity left out: of the public one's,
/// of GitHub's.
fn open_steps(folder: &Path, roots: &Roots) -> [usize; 2] {
    let artifact = Algorithm::Sha256.digest(&fs::read(folder.join(SAMPLES).join("artifact.txt")).unwrap());
    let private = read(folder, &format!("{SAMPLES}/github-private-no-tlog/attestation.sigstore.json"));
    let bundle: Value = serde_json::from_str(&private).unwrap();
    let payload = bundle.pointer("/dsseEnvelope/payload").unwrap().as_str().unwrap();
    let payload = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, payload).unwrap();
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    let subject = statement.pointer("/subject/0/digest/sha256").unwrap().as_str().unwrap();
    let subject = Digest::parse(&format!("sha256:{subject}")).unwrap();
    let ask = |text: &str, about: Digest, allow: Allow| {
        let question = Question { allow, ..question(Artifact::Digest(about)) };
        let proof = prove(&Material::parse(text).unwrap(), &question, roots);
        let open =
            proof.checks.iter().filter(|check| check.outcome != Outcome::Pass && check.reason != "identity-not-given");
        open.count()
    };
    let without_logs = Allow { no_log: true, no_certificate_log: true };
    let public = read(folder, &format!("{SAMPLES}/bundle.v3.sigstore"));
    [ask(&public, artifact, Allow::default()), ask(&private, subject, without_logs)]
}

#[test]
fn each_line_is_an_authority_that_may_have_signed() {
    let Some(folder) = vectors() else { return };
    let (public, github) = (public(&folder), github(&folder));
    for text in [
        format!("{public}\n{github}\n"),
        format!("{github}\n{public}"),
        format!("\n{public}\r\n\r\n{github}\r\n"),
        format!("[{public},\n{github}]"),
    ] {
        assert_eq!(open_steps(&folder, &Roots::parse(&text).unwrap()), [0, 0]);
    }
    let whole = read(&folder, &format!("{SAMPLES}/github-private-no-tlog/trusted_root.jsonl"));
    assert_eq!(open_steps(&folder, &Roots::parse(&whole).unwrap()), [0, 0], "as GitHub's program prints it");
    // A line that is not there is missed.
    let [one, other] = [&public, &github].map(|line| open_steps(&folder, &Roots::parse(line).unwrap()));
    assert!(one[0] == 0 && one[1] > 0, "{one:?}");
    assert!(other[0] > 0 && other[1] == 0, "{other:?}");
    let both = Roots::parse_all(&[public, github]).unwrap();
    assert_eq!(open_steps(&folder, &both), [0, 0], "two texts");
}

fn refused(text: &str) -> Error {
    Roots::parse(text).err().unwrap_or_else(|| panic!("{text}"))
}

/// The line that an error names.
fn line(error: &Error) -> Option<u64> {
    assert_eq!(error.code(), "trust-root-invalid", "{error}");
    match error.said().params.get("line") {
        Some(Param::Number(line)) => Some(*line),
        _ => None,
    }
}

#[test]
fn a_broken_line_says_which_it_is() {
    let Some(folder) = vectors() else { return };
    let (public, github) = (public(&folder), github(&folder));
    let cut = &github[..github.len() / 2];
    let without_beginning = public.replacen("\"validFor\"", "\"otherwise\"", 9);
    let twice = public.replacen('{', "{\"tlogs\":[],", 1);
    for bad in [cut, "nonsense", "[]", "{}", "7", &without_beginning, &twice] {
        assert_eq!(line(&refused(&format!("{public}\n{bad}\n"))), Some(2), "{bad:.40}");
        assert_eq!(line(&refused(&format!("{public}\n\n{bad}\n{github}"))), Some(3), "blank lines count");
        assert_eq!(line(&refused(&format!("{bad}\n{public}"))), Some(1));
    }
    assert!(refused(&format!("{public}\n{cut}")).to_string().contains("line 2"));
}

#[test]
fn one_root_over_several_lines_has_no_number() {
    let Some(folder) = vectors() else { return };
    let pretty = read(&folder, PUBLIC);
    assert!(pretty.lines().count() > 10);
    assert!(Roots::parse(&pretty).is_ok());
    assert_eq!(line(&refused(&pretty[..pretty.len() - 20])), None);
    assert_eq!(line(&refused("")), None);
    assert_eq!(line(&refused("\n\n")), None);
    let many = format!("{}\n", public(&folder)).repeat(9);
    assert_eq!(line(&refused(&many)), None, "more than are read");
}

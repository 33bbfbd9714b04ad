//! Shared by the tests of signatures: the vectors, a question, an outcome.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test takes what it needs; one that cannot read its input fails"
)]

use std::path::{Path, PathBuf};

use stowplan::trust::{Allow, Artifact, Proof, Question};
use stowplan::{CheckId, Outcome};

/// The folder of bundles with their verdicts; a test without it is skipped.
pub fn vectors() -> Option<PathBuf> {
    let named = std::env::var_os("STOWPLAN_TRUST_VECTORS").map(PathBuf::from);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let near = ["../shared/trust-vectors", "../../shared/trust-vectors"].map(|path| here.join(path));
    let found = named.into_iter().chain(near).find(|path| path.join("index.json").is_file());
    if found.is_none() {
        eprintln!("skipped: STOWPLAN_TRUST_VECTORS names no folder");
    }
    found
}

/// A question about an artifact that names no signer.
pub fn question(artifact: Artifact) -> Question {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    Question {
        artifact,
        keys: Vec::new(),
        identities: Vec::new(),
        allow: Allow::default(),
        now: i64::try_from(now).unwrap(),
        beside: Vec::new(),
        name: None,
    }
}

/// The outcome of a check, and its reason.
pub fn outcome(proof: &Proof, id: CheckId) -> Option<(Outcome, &'static str)> {
    proof.checks.iter().find(|check| check.id == id).map(|check| (check.outcome, check.reason))
}

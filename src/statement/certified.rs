//! The facts of a provenance beside the claims of the certificate that signed it: who vouches for the certificate, and the
//! build, may say different things.

use super::Statement;
use super::provenance::repository;
use crate::check::{Check, CheckId, Outcome};
use crate::digest::Source;
use crate::say::{Said, say};

impl Statement {
    /// Adds the check `statement` of what both say, the source, its commit and the runner: `provenance-certified` or, if
    /// they differ, a warning with both values. `claims` are those of a certificate that leads to an authority.
    pub fn compare(&mut self, claims: &[(String, String)]) {
        let parts = [
            ("source", "sourceRepositoryURI", say!("part-source", "source")),
            ("commit", "sourceRepositoryDigest", say!("part-commit", "commit")),
            ("runner", "runnerEnvironment", say!("part-runner", "runner")),
        ];
        let (mut same, mut other): (Vec<Said>, Vec<Said>) = (Vec::new(), Vec::new());
        let mut differs = None;
        for (name, claim, part) in parts {
            let own = self.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str());
            let claim = claims.iter().find(|(known, _)| known == claim).map(|(_, value)| value.as_str());
            let Some((own, claim)) = own.zip(claim).filter(|(own, claim)| name != "commit" || own.len() == claim.len())
            else {
                continue;
            };
            if plain(name, own).eq_ignore_ascii_case(&plain(name, claim)) {
                same.push(part);
            } else {
                other.push(part);
                differs = differs.or(Some((claim.to_owned(), own.to_owned())));
            }
        }
        if let Some((claim, own)) = differs {
            let said = say!("provenance-not-certified", "the certificate says otherwise: {parts}", parts = other);
            self.checks.push(Check::new(CheckId::Statement, Outcome::Warn, said).values(claim, own, Source::Document));
        } else if !same.is_empty() {
            let said = say!("provenance-certified", "the certificate says the same: {parts}", parts = same);
            self.checks.push(Check::new(CheckId::Statement, Outcome::Pass, said));
        }
    }
}

/// `owner/app`, however its address is written; any other fact as it is.
fn plain(name: &str, value: &str) -> String {
    if name == "source" { repository(value) } else { value.to_owned() }
}

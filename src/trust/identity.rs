//! The required signer, as the user says it.

use super::signer::Signer;
use crate::digest::Source;
use crate::{Check, CheckId, Outcome};

/// GitHub's issuer of identities for workflows.
const GITHUB_ACTIONS: &str = "https://token.actions.githubusercontent.com";

/// The beginning of the addresses of its repositories.
const GITHUB: &str = "https://github.com/";

/// An identity that the user names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The issuer that must have vouched for it; none if the user did not say.
    pub issuer: Option<String>,
    /// The identity in the certificate; none if the user did not say.
    pub name: Option<Name>,
    /// The address of the repository whose source was built, as the certificate says it; none if the user did not say.
    pub repository: Option<String>,
}

/// The ways to compare the identity in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// It is exactly this.
    Exactly(String),
    /// It starts so.
    StartsWith(String),
}

impl Identity {
    /// Any workflow that builds a GitHub repository, `owner/name`; none if the text is not of that form. The workflow itself
    /// may be another repository's, so that its address tells nothing.
    #[must_use]
    pub fn repository(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '/' || c.is_whitespace());
        (plain(owner) && plain(name)).then(|| Self {
            issuer: Some(GITHUB_ACTIONS.into()),
            name: None,
            repository: Some(format!("{GITHUB}{text}")),
        })
    }

    /// True if the user has named both who signs and who vouches for it.
    pub(super) fn is_complete(&self) -> bool {
        self.issuer.is_some() && (self.name.is_some() || self.repository.is_some())
    }

    fn fits(&self, signer: &Signer) -> bool {
        self.is_issuer(signer) && self.is_name(signer) && self.is_repository(signer)
    }

    /// GitHub's names do not differ by case.
    fn is_repository(&self, signer: &Signer) -> bool {
        let Some(named) = &self.repository else { return true };
        repository_of(signer).is_some_and(|own| own.eq_ignore_ascii_case(named))
    }

    fn is_issuer(&self, signer: &Signer) -> bool {
        self.issuer.is_none() || self.issuer == signer.issuer
    }

    fn is_name(&self, signer: &Signer) -> bool {
        match (&self.name, signer.identity.as_deref()) {
            (None, _) => true,
            (Some(Name::Exactly(name)), Some(actual)) => name == actual,
            (Some(Name::StartsWith(start)), Some(actual)) => actual.starts_with(start.as_str()),
            (Some(_), None) => false,
        }
    }

    fn words(&self) -> String {
        let name = match (&self.name, &self.repository) {
            (Some(Name::Exactly(name)), _) | (None, Some(name)) => name.clone(),
            (Some(Name::StartsWith(start)), _) => format!("{start}…"),
            (None, None) => "any identity".into(),
        };
        words(&name, self.issuer.as_deref())
    }
}

fn words(name: &str, issuer: Option<&str>) -> String {
    issuer.map_or_else(|| name.to_owned(), |issuer| format!("{name} ({issuer})"))
}

/// The repository whose source was built, by the certificate's extension of today or of old.
fn repository_of(signer: &Signer) -> Option<String> {
    let claim = |wanted: &str| signer.claims.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
    claim("sourceRepositoryURI").or_else(|| claim("githubWorkflowRepository").map(|name| format!("{GITHUB}{name}")))
}

/// `identity`: the signer against those whom the user named.
pub(super) fn check(named: &[Identity], signer: &Signer) -> Check {
    let actual = words(signer.identity.as_deref().unwrap_or("no identity"), signer.issuer.as_deref());
    let built = || words(repository_of(signer).as_deref().unwrap_or("no repository"), signer.issuer.as_deref());
    let Some(first) = named.first() else {
        return Check::new(CheckId::Identity, Outcome::NotChecked, "you have not said who should have signed")
            .because("identity-not-given")
            .with("identity", actual);
    };
    let expected: Vec<_> = named.iter().map(Identity::words).collect();
    let fitting = named.iter().filter(|one| one.fits(signer)).max_by_key(|one| one.is_complete());
    let (outcome, reason, message) = match fitting {
        Some(one) if one.is_complete() => (Outcome::Pass, "identity-fits", "the signer is the one that was named"),
        Some(one) if one.issuer.is_none() => {
            (Outcome::NotChecked, "issuer-not-given", "the name fits, but you have not said who must vouch for it")
        }
        Some(_) => (Outcome::NotChecked, "name-not-given", "you have not said which identity should have signed"),
        None if first.is_issuer(signer) && first.is_name(signer) => (
            Outcome::Fail,
            "repository-differs",
            "the source of another repository was built and signed than you named",
        ),
        None if first.is_issuer(signer) => {
            (Outcome::Fail, "identity-differs", "another identity has signed than you named")
        }
        None if first.is_name(signer) && first.is_repository(signer) => {
            (Outcome::Fail, "issuer-differs", "the name fits, but another issuer vouches for it")
        }
        None => (
            Outcome::Fail,
            "identity-and-issuer-differ",
            "another identity has signed, and another issuer vouches for it",
        ),
    };
    let actual = if first.repository.is_some() { built() } else { actual };
    Check::new(CheckId::Identity, outcome, message).because(reason).values(expected.join(" or "), actual, Source::User)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKFLOW: &str = "https://github.com/owner/app/.github/workflows/release.yml@refs/tags/v1";

    fn signer() -> Signer {
        Signer { identity: Some(WORKFLOW.into()), issuer: Some(GITHUB_ACTIONS.into()), ..Signer::default() }
    }

    fn named(issuer: Option<&str>, name: Option<&str>) -> Identity {
        Identity { issuer: issuer.map(Into::into), name: name.map(|name| Name::Exactly(name.into())), repository: None }
    }

    #[track_caller]
    fn says(identities: &[Identity], outcome: Outcome, reason: &str) {
        let check = check(identities, &signer());
        assert_eq!((check.outcome, check.reason), (outcome, reason));
    }

    #[test]
    fn both_parts_must_be_named_and_fit() {
        says(&[named(Some(GITHUB_ACTIONS), Some(WORKFLOW))], Outcome::Pass, "identity-fits");
        says(&[], Outcome::NotChecked, "identity-not-given");
        says(&[named(None, Some(WORKFLOW))], Outcome::NotChecked, "issuer-not-given");
        says(&[named(Some(GITHUB_ACTIONS), None)], Outcome::NotChecked, "name-not-given");
        says(&[named(Some("https://accounts.google.com"), Some(WORKFLOW))], Outcome::Fail, "issuer-differs");
        says(&[named(Some(GITHUB_ACTIONS), Some("a@b.c"))], Outcome::Fail, "identity-differs");
        says(&[named(Some("https://x"), Some("a@b.c"))], Outcome::Fail, "identity-and-issuer-differ");
        says(
            &[named(Some("https://x"), Some("a@b.c")), named(Some(GITHUB_ACTIONS), Some(WORKFLOW))],
            Outcome::Pass,
            "identity-fits",
        );
    }

    #[track_caller]
    fn repository(named: &str, claims: &[(&'static str, &str)], outcome: Outcome, reason: &str) -> Check {
        let claims = claims.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let check = check(&[Identity::repository(named).unwrap()], &Signer { claims, ..signer() });
        assert_eq!((check.outcome, check.reason), (outcome, reason));
        check
    }

    #[test]
    fn a_repository_is_the_one_whose_source_was_built_whoever_owns_the_workflow() {
        let source = |address: &'static str| [("sourceRepositoryURI", address)];
        repository("owner/app", &source("https://github.com/owner/app"), Outcome::Pass, "identity-fits");
        repository("Owner/App", &source("https://github.com/owner/app"), Outcome::Pass, "identity-fits");
        // The workflow is owner/app's, and another repository calls it.
        let check = repository("owner/app", &source("https://github.com/eve/app"), Outcome::Fail, "repository-differs");
        assert_eq!(
            check.expected.as_deref(),
            Some("https://github.com/owner/app (https://token.actions.githubusercontent.com)")
        );
        assert_eq!(
            check.actual.as_deref(),
            Some("https://github.com/eve/app (https://token.actions.githubusercontent.com)")
        );
        repository("eve/app", &source("https://github.com/eve/app"), Outcome::Pass, "identity-fits");
        repository("owner/app", &[], Outcome::Fail, "repository-differs");
        for longer in
            ["https://github.com/owner/app2", "https://github.com/owner/app/", "https://evil.example/owner/app"]
        {
            repository("owner/app", &source(longer), Outcome::Fail, "repository-differs");
        }
        repository("owner/app", &[("githubWorkflowRepository", "owner/app")], Outcome::Pass, "identity-fits");
        let both = [("sourceRepositoryURI", "https://github.com/eve/app"), ("githubWorkflowRepository", "owner/app")];
        repository("owner/app", &both, Outcome::Fail, "repository-differs");
    }

    #[test]
    fn a_repository_vouched_for_by_another_issuer_fails() {
        let claims = vec![("sourceRepositoryURI", "https://github.com/owner/app".to_owned())];
        let signer = Signer { claims, issuer: Some("https://evil.example".into()), ..signer() };
        let of = |name: &str| check(&[Identity::repository(name).unwrap()], &signer).reason;
        assert_eq!((of("owner/app"), of("owner/other")), ("issuer-differs", "identity-and-issuer-differ"));
    }

    #[test]
    fn a_repository_has_an_owner_and_a_name() {
        assert_eq!(Identity::repository("owner"), None);
        assert_eq!(Identity::repository("owner/app/more"), None);
    }
}

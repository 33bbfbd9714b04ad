//! The places where signatures and statements lie, and what each said.

use serde::Serialize;

use super::facts::Target;
use crate::check::{Check, CheckId, Outcome, Word};
use crate::digest::{Digest, Source};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::say::{Said, say};

/// The places of signatures and statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// The referrers API; in a layout, manifests with a `subject`.
    Referrers,
    /// The tag `sha256-<hex>`, an index that clients keep if there is no such API.
    FallbackTag,
    /// cosign's signatures.
    SigTag,
    /// cosign's attestations.
    AttTag,
    /// cosign's lists of packages.
    SbomTag,
    /// Entries of the image's index that BuildKit marks as attestations.
    Index,
}

impl PlaceKind {
    /// Those that a registry is asked for.
    pub(super) const ASKED: [Self; 5] = [Self::Referrers, Self::FallbackTag, Self::SigTag, Self::AttTag, Self::SbomTag];

    /// Those that are tags of cosign's, with the endings of their names.
    pub(super) const TAGS: [(Self, &str); 3] =
        [(Self::SigTag, ".sig"), (Self::AttTag, ".att"), (Self::SbomTag, ".sbom")];

    fn word(self) -> Word {
        match self {
            Self::Referrers => Word("referrers", "the referrers API"),
            Self::FallbackTag => Word("fallback-tag", "the fallback tag"),
            Self::SigTag => Word("sig-tag", "cosign's tag .sig"),
            Self::AttTag => Word("att-tag", "cosign's tag .att"),
            Self::SbomTag => Word("sbom-tag", "cosign's tag .sbom"),
            Self::Index => Word("index", "the index"),
        }
    }
}

/// The outcome at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceState {
    /// Something is there.
    Found,
    /// It was asked, and nothing is there.
    Empty,
    /// It was not asked.
    NotAsked,
    /// It was asked, and did not say.
    Failed,
}

/// A place for one digest, and what came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The digest that was asked about.
    pub about: String,
    /// Its node.
    pub node: String,
    /// The place.
    pub place: PlaceKind,
    /// The tag, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its outcome.
    pub state: PlaceState,
    /// Why, as a check `referrer`.
    pub check: Check,
    /// The ids of the nodes that were found there.
    pub nodes: Vec<String>,
}

impl Place {
    pub(super) fn new(target: &Target, place: PlaceKind, state: PlaceState, said: Said) -> Self {
        let outcome = match state {
            PlaceState::Found | PlaceState::Empty => Outcome::Pass,
            PlaceState::NotAsked | PlaceState::Failed => Outcome::NotChecked,
        };
        Self {
            about: target.digest.to_string(),
            node: target.id.clone(),
            place,
            name: name(place, &target.digest),
            state,
            check: Check::new(CheckId::Referrer, outcome, said),
            nodes: Vec::new(),
        }
    }
}

/// The tag of a place.
pub(super) fn name(place: PlaceKind, digest: &Digest) -> Option<String> {
    let plain = tag(digest);
    let ending = PlaceKind::TAGS.iter().find(|(kind, _)| *kind == place).map(|(_, ending)| *ending);
    match place {
        PlaceKind::FallbackTag => Some(plain),
        _ => ending.map(|ending| format!("{plain}{ending}")),
    }
}

/// `sha256-<hex>`; longer hashes are cut (distribution spec, "Referrers Tag Schema").
fn tag(digest: &Digest) -> String {
    let algorithm: String = digest.as_str().split(':').next().unwrap_or_default().chars().take(32).collect();
    let hash: String = digest.encoded().chars().take(64).collect();
    format!("{algorithm}-{hash}")
}

pub(super) fn found(target: &Target, kind: PlaceKind, nodes: Vec<String>) -> Place {
    let said = say!("place-found", "{place} has {count} about this digest", place = kind.word(), count = nodes.len());
    Place { nodes, ..Place::new(target, kind, PlaceState::Found, said) }
}

pub(super) fn empty(target: &Target, kind: PlaceKind) -> Place {
    let said = say!("place-empty", "{place} has nothing about this digest", place = kind.word());
    Place::new(target, kind, PlaceState::Empty, said)
}

/// The referrers that were found, or that there are none.
pub(super) fn answered(target: &Target, kind: PlaceKind, nodes: Vec<String>) -> Place {
    if nodes.is_empty() { empty(target, kind) } else { found(target, kind, nodes) }
}

pub(super) fn counted(target: &Target, kind: PlaceKind) -> Place {
    let said = say!(
        "place-counted",
        "{place} was not asked: this registry counts pulls, so that it is asked on demand only",
        place = kind.word()
    );
    Place::new(target, kind, PlaceState::NotAsked, said)
}

pub(super) fn needless(target: &Target) -> Place {
    let said = say!("place-needless", "the fallback tag was not asked for: the referrers API answered");
    Place::new(target, PlaceKind::FallbackTag, PlaceState::NotAsked, said)
}

pub(super) fn not_offered(target: &Target, status: u16) -> Place {
    let status = u64::from(status);
    let said = say!("place-not-offered", "the registry has no referrers API: it answered with {status}", status);
    Place::new(target, PlaceKind::Referrers, PlaceState::Failed, said)
}

pub(super) fn failed(target: &Target, kind: PlaceKind, error: &Error) -> Place {
    let why = error.said().clone();
    let said = say!("place-failed", "{place} did not answer: {why}", place = kind.word(), why);
    Place::new(target, kind, PlaceState::Failed, said)
}

/// A list whose end did not come: earlier pages count, and what else there is is not known.
pub(super) fn cut(target: &Target, kind: PlaceKind, nodes: Vec<String>, error: &Error) -> Place {
    let (place, count, why) = (kind.word(), nodes.len(), error.said().clone());
    let said =
        say!("place-cut", "{place} has {count} about this digest, and its list is not whole: {why}", place, count, why);
    Place { nodes, ..Place::new(target, kind, PlaceState::Failed, said) }
}

/// The error of a later page that is none.
pub(super) fn no_page(status: u16) -> Error {
    let status = u64::from(status);
    Error::new(
        ErrorKind::RegistryError,
        say!("referrers-page-missing", "a later page was answered with {status}", status),
    )
}

/// The error of a list that goes on beyond what is asked for.
pub(super) fn more_pages() -> Error {
    let most = limits::REFERRER_PAGES;
    Error::new(ErrorKind::LimitExceeded, say!("referrers-pages", "it has more than {most} pages", most))
}

pub(super) fn no_index(target: &Target) -> Place {
    let said = say!("place-no-index", "there is no index here whose entries could be attestations");
    Place::new(target, PlaceKind::Index, PlaceState::NotAsked, said)
}

pub(super) fn no_repository() -> Error {
    Error::new(ErrorKind::InvalidReference, say!("referrers-nowhere", "the report's reference names no repository"))
}

/// More was listed than is read.
pub(super) fn many(count: usize, most: usize) -> Check {
    let said = say!("referrers-many", "{count} are listed, and {most} of them are looked at", count, most);
    Check::new(CheckId::Limits, Outcome::NotChecked, said)
}

/// The check `referrer` of a found document: its manifest must name the digest. A document under a tag need not name
/// it; then only its signed payload can say which image it is about.
pub(super) fn refers(subject: Option<&str>, about: &Digest, by_tag: bool) -> Check {
    let is_about = |subject: &str| subject == about.as_str();
    let (outcome, said) = match subject {
        Some(subject) if is_about(subject) => {
            (Outcome::Pass, say!("referrer-fits", "its manifest names this digest as its subject"))
        }
        Some(_) => (Outcome::Fail, say!("referrer-differs", "its manifest is about another digest")),
        None if by_tag => (
            Outcome::NotChecked,
            say!("referrer-by-tag", "found by its tag alone: only what was signed says which image it is about"),
        ),
        None => (Outcome::Fail, say!("referrer-without-subject", "it is listed here, and its manifest has no subject")),
    };
    let check = Check::new(CheckId::Referrer, outcome, said);
    match subject {
        Some(subject) => check.values(about.to_string(), subject, Source::Document),
        None => check,
    }
}

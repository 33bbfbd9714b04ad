//! The subject of a statement, held against the image in view.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::{Check, CheckId, Outcome};
use crate::covers::{Cover, Covers};
use crate::digest::{Named, Source, named, same};
use crate::limits;
use crate::say::say;

/// The image in view, and those beside it in its index.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct About {
    /// The digests of the image in view: of its manifest, of the indexes above it, and of its attestations.
    pub image: Vec<String>,
    /// The other manifests of that index, and their attestations: digest and platform.
    pub platforms: Vec<(String, String)>,
    /// The digests of other indexes within the root, of the images in them, and of attestations of these.
    pub elsewhere: Vec<String>,
    /// Attestations of that index of which nothing is known.
    pub unread: Vec<String>,
}

impl From<&Covers> for About {
    fn from(covers: &Covers) -> Self {
        let mut about = Self { image: covers.digests(), unread: covers.unread(), ..Self::default() };
        for (digest, cover) in covers.others() {
            match cover {
                Cover::Platform(platform) => about.platforms.push((digest, platform)),
                _ => about.elsewhere.push(digest),
            }
        }
        about
    }
}

/// True if a subject is the image in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// It is.
    Image,
    /// It is another platform of it.
    Platform,
    /// It is another index within the root, or an image in one.
    OtherIndex,
    /// It is something else.
    Other,
    /// There is no image in view, or the subject has no digest, or none of an algorithm that the image's digests have.
    Unknown,
}

/// The subject of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Its name: a claim, which proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its digests, `sha256:…`.
    pub digests: Vec<String>,
    /// True if it is the image in view.
    pub fits: Fit,
    /// The platform, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
}

pub(super) fn read(subjects: Option<&Value>, about: &About) -> Vec<Subject> {
    let all = subjects.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    all.iter().take(limits::STATEMENT_SUBJECTS).map(|one| subject(one, about)).collect()
}

fn subject(json: &Value, about: &About) -> Subject {
    let name = json.get("name").or_else(|| json.get("uri")).and_then(Value::as_str).map(str::to_owned);
    let all = json.get("digest").and_then(Value::as_object).into_iter().flatten().take(limits::SUBJECT_DIGESTS);
    let digests: Vec<String> =
        all.filter_map(|(algorithm, hex)| Some(format!("{algorithm}:{}", hex.as_str()?))).collect();
    let is_named = |known: &String| digests.iter().any(|digest| same(digest, known));
    let platform = about.platforms.iter().find(|(digest, _)| is_named(digest));
    let fits = match () {
        () if about.image.is_empty() || digests.is_empty() => Fit::Unknown,
        () if about.image.iter().any(is_named) => Fit::Image,
        () if platform.is_some() => Fit::Platform,
        () if about.elsewhere.iter().any(is_named) => Fit::OtherIndex,
        () if about.unread.iter().any(is_named) || !can_be_compared(&digests, about) => Fit::Unknown,
        () => Fit::Other,
    };
    let platform = platform.filter(|_| fits == Fit::Platform).map(|(_, platform)| platform.clone());
    Subject { name, digests, fits, platform }
}

/// False if one of the image's documents has digests of other algorithms only: the subject may be that one.
fn can_be_compared(digests: &[String], about: &About) -> bool {
    about.image.iter().all(|own| named(std::slice::from_ref(own), digests) != Named::Apart)
}

/// `signed-subject`: the best of the subjects decides; names are claims.
pub(super) fn check(subjects: &[Subject], about: &About) -> Check {
    let of = |fit: Fit| subjects.iter().find(|subject| subject.fits == fit);
    let all = || subjects.iter().flat_map(|subject| &subject.digests);
    let (outcome, said) = if subjects.is_empty() {
        (Outcome::NotChecked, say!("statement-without-subject", "it does not say what it is about"))
    } else if about.image.is_empty() {
        (Outcome::NotChecked, say!("statement-alone", "no image is here that it could be about"))
    } else if of(Fit::Image).is_some() {
        (Outcome::Pass, say!("statement-fits", "it is about this image"))
    } else if let Some(subject) = of(Fit::Platform) {
        let platform = subject.platform.clone().unwrap_or_default();
        (
            Outcome::Warn,
            say!("statement-of-platform", "it is about another platform of this image: {platform}", platform),
        )
    } else if of(Fit::OtherIndex).is_some() {
        let said = say!(
            "statement-of-other-index",
            "it is about an image in another index within this one, not about the image in view"
        );
        (Outcome::Warn, said)
    } else if subjects.iter().all(|subject| subject.digests.is_empty()) {
        (Outcome::NotChecked, say!("statement-without-digest", "its subject has no digest"))
    } else if all().any(|digest| about.unread.iter().any(|one| same(one, digest))) {
        let said = say!(
            "statement-of-unread",
            "it is about an attestation of this image's index, whose statements were not read"
        );
        (Outcome::NotChecked, said)
    } else if subjects.iter().any(|subject| !subject.digests.is_empty() && !can_be_compared(&subject.digests, about)) {
        let said = say!(
            "statement-algorithm-other",
            "it cannot be compared: its subject has a digest of another algorithm only than the image's"
        );
        (Outcome::NotChecked, said)
    } else {
        (Outcome::Fail, say!("statement-of-another", "it is about another image"))
    };
    let check = Check::new(CheckId::SignedSubject, outcome, said);
    match (about.image.first(), all().next()) {
        (Some(image), Some(named)) if outcome == Outcome::Fail => check.values(image, named, Source::User),
        (Some(image), Some(_)) if outcome == Outcome::Pass => {
            let actual = about.image.iter().find(|own| all().any(|digest| same(digest, own))).unwrap_or(image);
            check.values(actual, actual, Source::User)
        }
        _ => check,
    }
}

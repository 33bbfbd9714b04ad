//! Pins against the registry: does a tag still serve the digest that is written beside it? Asked by `HEAD` alone, so this is
//! the registry's claim and no proof.

use crate::check::{Check, CheckId, Outcome, Source};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::reference::Reference;
use crate::registry::{Client, Name, TagOrDigest, Transport};
use crate::say::say;

/// The outcome of asking for one image of a file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Pin {
    /// The registry's answer about it.
    pub state: PinState,
    /// The digest that the tag has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// Why it was not asked, by a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The same in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The states of a pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinState {
    /// The tag serves the pinned digest; of an image without a tag, the digest is there.
    Agrees,
    /// The tag serves another digest.
    Moved,
    /// The registry has nothing there.
    Gone,
    /// There is no pin; `now` is the digest to pin.
    NotPinned,
    /// It was not asked, or the answer says nothing.
    NotAsked,
}

/// Asks what the registry serves under the tag of a reference, or under its digest if it has no tag.
///
/// # Errors
/// Only `aborted`: every other failure is a state.
pub async fn check_pin<T: Transport>(client: &Client<T>, reference: &Reference) -> Result<Pin, Error> {
    let Some(name) = Name::of(reference) else { return Ok(not_asked("no-repository", "it names no repository")) };
    let target = match (reference.tag(), reference.digest()) {
        (Some(tag), _) => TagOrDigest::Tag(tag.to_owned()),
        (None, Some(digest)) => TagOrDigest::Digest(digest.clone()),
        (None, None) => return Ok(not_asked("no-repository", "it names no tag and no digest")),
    };
    let served = match client.served(&name, &target).await {
        Err(error) if error.kind() == ErrorKind::Aborted => return Err(error),
        Err(error) => return Ok(not_asked(error.code(), &error.to_string())),
        Ok(None) => return Ok(Pin { state: PinState::Gone, now: None, why: None, message: None }),
        Ok(Some(served)) => served,
    };
    let said = served.digest.as_deref().and_then(|text| Digest::parse(text).ok());
    Ok(match (said, reference.digest(), &target) {
        (None, _, TagOrDigest::Digest(_)) => state(PinState::Agrees, None),
        (None, ..) => not_asked("no-digest-header", "the registry's answer names no digest"),
        (Some(now), None, _) => state(PinState::NotPinned, Some(&now)),
        (Some(now), Some(pinned), _) if now == *pinned => state(PinState::Agrees, Some(&now)),
        (Some(now), ..) => state(PinState::Moved, Some(&now)),
    })
}

fn state(state: PinState, now: Option<&Digest>) -> Pin {
    Pin { state, now: now.map(ToString::to_string), why: None, message: None }
}

fn not_asked(code: &str, message: &str) -> Pin {
    let (why, message) = (Some(code.to_owned()), Some(message.to_owned()));
    Pin { state: PinState::NotAsked, now: None, why, message }
}

/// The check of a root that was asked for by a tag and a digest; nothing to say about any other reference.
///
/// # Errors
/// Only `aborted`.
pub(super) async fn tag_check<T: Transport>(client: &Client<T>, reference: &Reference) -> Result<Option<Check>, Error> {
    let (Some(tag), Some(digest)) = (reference.tag(), reference.digest()) else { return Ok(None) };
    let pin = check_pin(client, reference).await?;
    let (outcome, message) = match pin.state {
        PinState::Agrees => (Outcome::Pass, say!("tag-agrees", "the tag {tag} serves this digest now", tag)),
        PinState::Moved => {
            (Outcome::Warn, say!("tag-moved", "the tag {tag} serves another digest now: it was moved", tag))
        }
        PinState::Gone => (Outcome::Warn, say!("tag-gone", "the registry has no tag {tag} any more", tag)),
        PinState::NotPinned | PinState::NotAsked => {
            let why = pin.message.unwrap_or_default();
            (Outcome::NotChecked, say!("tag-not-asked", "what the tag {tag} serves now is not known: {why}", tag, why))
        }
    };
    let check = Check::new(CheckId::Tag, outcome, message);
    Ok(Some(match pin.now {
        Some(now) => check.values(digest.to_string(), now, Source::Reference),
        None => check,
    }))
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::digest::Algorithm;
    use crate::image::{InspectOptions, inspect};
    use crate::registry::fake::{Fake, answer};
    use crate::registry::{Cache, Method};

    const INDEX: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;

    /// The check `tag` of the root of `r.example/a:v@…`, if a HEAD of the tag is answered so.
    fn root_check(status: u16, now: Option<&str>) -> Check {
        let now: Vec<(String, String)> =
            now.map(|now| ("docker-content-digest".to_owned(), now.to_owned())).into_iter().collect();
        let fake = Fake::new(move |request, _| {
            let is_tag = request.url.ends_with("/manifests/v");
            assert!(!is_tag || request.method == Method::Head, "a tag is asked for by HEAD");
            let headers: Vec<(&str, &str)> = now.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            if is_tag {
                answer(status, &headers, b"")
            } else {
                answer(200, &[("content-type", "application/vnd.oci.image.index.v1+json")], INDEX.as_bytes())
            }
        });
        let client = fake.client("https://proxy.example/", Vec::new(), &Cache::default());
        let reference = Reference::parse(&format!("r.example/a:v@{}", own())).unwrap();
        let report = block_on(inspect(&client, &reference, &InspectOptions::default(), &|_| {})).unwrap().report;
        let found = report.nodes[0].checks.iter().find(|check| check.id == CheckId::Tag);
        found.unwrap_or_else(|| panic!("no check of the tag in {:?}", report.nodes[0].checks)).clone()
    }

    fn own() -> String {
        Algorithm::Sha256.digest(INDEX.as_bytes()).to_string()
    }

    #[test]
    fn a_name_with_tag_and_digest_is_asked_for_both() {
        let agrees = root_check(200, Some(&own()));
        assert_eq!((agrees.outcome, agrees.reason), (Outcome::Pass, "tag-agrees"));
        let other = Algorithm::Sha256.digest(b"other").to_string();
        let moved = root_check(200, Some(&other));
        assert_eq!((moved.outcome, moved.reason), (Outcome::Warn, "tag-moved"));
        assert_eq!((moved.expected, moved.actual), (Some(own()), Some(other)), "both digests");
        let gone = root_check(404, None);
        assert_eq!((gone.outcome, gone.reason), (Outcome::Warn, "tag-gone"));
        let unknown = root_check(200, None);
        assert_eq!((unknown.outcome, unknown.reason), (Outcome::NotChecked, "tag-not-asked"));
    }
}

//! Document -> Check. The rules for annotations (image-spec, annotations).

use crate::checks::Outcome;
use crate::checks::findings::{At, shorten};
use crate::checks::schema::rules::{Need, Rules, is_rfc3339, null_for_go};
use crate::digest::Digest;
use crate::json::{Json, Member, Object};
use crate::say::{Word, say};

/// Holds the `annotations` of an object against their rules, if it has any.
pub(super) fn map(rules: &mut Rules, object: &Object, at: &At<'_>) {
    let Some(annotations) = rules.object(object, at, "annotations", Need::May) else { return };
    let at = at.name("annotations");
    for Member { name, value, .. } in annotations {
        rules.annotated = true;
        annotation(rules, name, value, &at.name(name));
    }
    base_image(rules, annotations, &at);
}

/// A base that is told by its digest alone cannot be found: registries are asked by name.
fn base_image(rules: &mut Rules, annotations: &Object, at: &At<'_>) {
    let text = |name: &str| annotations.key(name).and_then(Json::as_str).unwrap_or_default();
    let digest = text(BASE_DIGEST);
    if !digest.is_empty() && text(BASE_NAME).is_empty() && Digest::parse(digest).is_ok() {
        let message = say!(
            "base-without-name",
            "a base image without its name: tools that look for a newer base, or rebase, cannot find it"
        );
        rules.annotations.warn(&at.name(BASE_DIGEST), message);
    }
}

const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";
const BASE_NAME: &str = "org.opencontainers.image.base.name";

fn annotation(rules: &mut Rules, name: &str, value: &Json, at: &At<'_>) {
    if value.is_null() {
        return rules.annotations.warn(at, null_for_go(name));
    }
    let Some(text) = value.as_str() else {
        let message = say!(
            "wrong-type",
            "should be {expected}, is {actual}",
            expected = Word::plain("a string"),
            actual = Word::plain(value.type_name())
        );
        return rules.annotations.differs(Outcome::Fail, at, ("a string", value.type_name()), message);
    };
    if name.is_empty() {
        rules.annotations.warn(at, say!("annotation-without-name", "an annotation has no name"));
    }
    if let Some(reserved) = name.strip_prefix("org.opencontainers.")
        && !KNOWN.contains(&reserved)
    {
        let message = say!(
            "annotation-reserved",
            "\"{name}\" is not defined, and names below org.opencontainers are reserved",
            name = shorten(name)
        );
        rules.annotations.warn(at, message);
    }
    value_form(rules, name, text, at);
}

/// The names that the image spec (annotations, conversion) and the distribution spec define.
const KNOWN: [&str; 25] = [
    "image.created",
    "image.authors",
    "image.url",
    "image.documentation",
    "image.source",
    "image.version",
    "image.revision",
    "image.vendor",
    "image.licenses",
    "image.ref.name",
    "image.title",
    "image.description",
    "image.base.digest",
    "image.base.name",
    "image.os",
    "image.os.version",
    "image.os.features",
    "image.variant",
    "image.architecture",
    "image.author",
    "image.exposedPorts",
    "image.stopSignal",
    "artifact.created",
    "artifact.description",
    "referrers.filtersApplied",
];

/// The values whose form is prescribed.
fn value_form(rules: &mut Rules, name: &str, text: &str, at: &At<'_>) {
    let fault = match name.strip_prefix("org.opencontainers.") {
        Some("image.created" | "artifact.created") if !is_rfc3339(text) => {
            say!("not-a-time", "\"{text}\" is not a date and time of RFC 3339", text = shorten(text))
        }
        // Buildah writes an empty one if an image has no base.
        Some("image.base.digest") if !text.is_empty() && Digest::parse(text).is_err() => {
            say!("annotation-no-digest", "\"{text}\" is not a digest", text = shorten(text))
        }
        Some("image.ref.name") if !is_ref_name(text) => {
            say!(
                "no-reference-name",
                "\"{text}\" is not a reference name (letters, digits and - . _ : @ / + between them)",
                text = shorten(text)
            )
        }
        _ => return,
    };
    rules.annotations.warn(at, fault);
}

/// `component ("/" component)*`, a component being alphanumerics joined by separators.
fn is_ref_name(text: &str) -> bool {
    text.split('/').all(|component| {
        let bytes = component.as_bytes();
        let ends = [bytes.first(), bytes.last()];
        ends.iter().all(|end| end.is_some_and(u8::is_ascii_alphanumeric))
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-._:@+".contains(b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_names() {
        for good in ["v1.0.0", "docker.io/library/busybox:latest", "a--b", "x"] {
            assert!(is_ref_name(good), "{good}");
        }
        for bad in ["", "/a", "a/", "-a", "a b", "a//b"] {
            assert!(!is_ref_name(bad), "{bad}");
        }
    }
}

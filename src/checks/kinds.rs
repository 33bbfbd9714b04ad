//! The kind of a document: by the bytes themselves, by descriptor or user, by header.

use crate::checks::findings::shorten;
use crate::checks::schema::describe;
use crate::checks::{Check, CheckId, Outcome, Source, identity};
use crate::document::kind::{is_generic, own_type};
use crate::document::{Document, Hints, Reading};
use crate::error::Error;
use crate::json::{self, Json};
use crate::media_type::{self, DocumentKind, MediaType};
use crate::say::{Word, say};

/// Checks that the bytes are a document, and of the expected kind.
pub(super) fn parse(document: &Document, reading: &Reading, hints: &Hints) -> Check {
    match reading {
        Reading::Limit(message) => Check::new(CheckId::Limits, Outcome::NotChecked, message.clone()),
        Reading::NotJson(error) => not_json(document.verified().bytes(), error, hints),
        Reading::Json(parsed) => match document.kind() {
            Some(kind) => {
                let docker = document.media_type().is_some_and(MediaType::is_docker);
                let article = describe(kind, docker);
                Check::new(
                    CheckId::Parse,
                    Outcome::Pass,
                    say!("reads-as", "is JSON that reads as {kind}", kind = article),
                )
            }
            None => unknown(&parsed.root, document.verified().bytes(), hints),
        },
    }
}

/// The type that was stated, if it says more than "some bytes".
fn told(hints: &Hints) -> Option<&MediaType> {
    let expected = hints.expected_type.as_ref().map(|(media_type, _)| media_type);
    expected.or(hints.content_type.as_ref()).filter(|media_type| !is_generic(media_type))
}

/// A fault if a document was asked for, or the bytes look like one; else it is simply not ours to check.
fn not_json(bytes: &[u8], error: &Error, hints: &Hints) -> Check {
    let brace = std::str::from_utf8(bytes)
        .is_ok_and(|text| text.trim_start_matches(json::shows_nothing).starts_with('{'))
        || bytes.trim_ascii_start().starts_with(b"{");
    let is_fault = match told(hints) {
        Some(told) => told.document().is_some(),
        None if hints.expected_type.is_some() => brace,
        None => brace || is_text(bytes),
    };
    if is_fault {
        return Check::new(CheckId::Parse, Outcome::Fail, error.said().clone());
    }
    Check::new(
        CheckId::Parse,
        Outcome::NotChecked,
        say!("no-document", "not a document: only its digest and size can be checked"),
    )
}

/// UTF-8 without control characters: something that a person pasted, not a layer.
fn is_text(bytes: &[u8]) -> bool {
    let plain = |c: char| !c.is_control() || c.is_ascii_whitespace();
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain))
}

fn unknown(root: &Json, bytes: &[u8], hints: &Hints) -> Check {
    match told(hints) {
        Some(told) if told.as_str() == media_type::OCI_EMPTY && bytes == b"{}" => {
            Check::new(CheckId::Parse, Outcome::Pass, say!("empty-json", "is the empty JSON document {}"))
        }
        Some(told) if told.document().is_none() => {
            let message =
                say!("no-rules", "is JSON; there are no rules here for {type}", r#type = shorten(told.as_str()));
            Check::new(CheckId::Parse, Outcome::NotChecked, message)
        }
        None if hints.expected_type.is_some() => Check::new(
            CheckId::Parse,
            Outcome::NotChecked,
            say!("unknown-json", "is JSON, but none of the documents that are known here"),
        ),
        _ => {
            let what = match root.as_object() {
                Some(_) => Word("object-without", "an object without their members"),
                None => Word::plain(root.type_name()),
            };
            let message = say!(
                "unknown-kind",
                "is JSON, but no known kind of document: {what}, where index, manifest and config are known by \
                 manifests, layers, rootfs and the like",
                what
            );
            Check::new(CheckId::Parse, Outcome::Fail, message)
        }
    }
}

/// Holds what the document is against the media type that a descriptor or the user gave.
pub(super) fn media_type(document: &Document, root: &Json, expected: &(MediaType, Source)) -> Option<Check> {
    let kind = document.kind()?;
    let (expected, source) = (&expected.0, expected.1);
    let own = root.as_object().and_then(|root| own_type(root, Some(kind)));
    let actual = own.as_ref().map_or_else(|| describe(kind, false).1, MediaType::as_str);
    let who = identity::name(source);
    let fits = own.as_ref().map_or(expected.document() == Some(kind), |own| is_same(own, expected));
    let (outcome, message) = if fits {
        (Outcome::Pass, say!("type-fits", "is what {source} says it is", source = who))
    } else if kind == DocumentKind::Config && is_generic(expected) {
        (
            Outcome::Pass,
            say!("type-says-nothing", "has a config's shape; its type says nothing, as old registries have it"),
        )
    } else if own.is_none() && expected.document().is_none() {
        (
            Outcome::Warn,
            say!("type-not-known", "{source} names a type that is not known, and it reads as a document", source = who),
        )
    } else if source == Source::Descriptor && expected.document() == Some(kind) {
        let said = say!(
            "type-other-name",
            "is not what {source} says it is; OCI and Docker have the same form under two names, and programs take either",
            source = who
        );
        (Outcome::Warn, said)
    } else {
        (Outcome::Fail, say!("type-differs", "is not what {source} says it is", source = who))
    };
    Some(Check::new(CheckId::MediaType, outcome, message).values(shorten(expected.as_str()), shorten(actual), source))
}

/// Holds what the document is against the `Content-Type` header, which is a claim of the registry.
pub(super) fn content_type(document: &Document, root: Option<&Json>, header: &MediaType) -> Option<Check> {
    let Some(kind) = document.kind() else { return unread_content_type(document, header) };
    let own = root.and_then(Json::as_object).and_then(|root| own_type(root, Some(kind)));
    let is_blob = matches!(kind, DocumentKind::Config | DocumentKind::Descriptor | DocumentKind::Layout);
    let actual = document.media_type().map_or("", MediaType::as_str);
    let fits =
        actual == header.as_str() || own.as_ref().map_or(header.document() == Some(kind), |own| is_same(own, header));
    let (outcome, message) = match header.document() {
        _ if fits => (Outcome::Pass, say!("content-type-fits", "the header names what the document is")),
        None if is_blob && is_generic(header) => return None,
        None => {
            (Outcome::Warn, say!("content-type-vague", "the header names a type that says nothing about the document"))
        }
        Some(_) => (
            Outcome::Fail,
            say!("content-type-differs", "the header names another type of document than the bytes are"),
        ),
    };
    let check = Check::new(CheckId::ContentType, outcome, message);
    Some(check.values(shorten(header.as_str()), shorten(actual), Source::Header))
}

/// A web page in place of a document is worth a word even if nothing could be read.
fn unread_content_type(document: &Document, header: &MediaType) -> Option<Check> {
    let expected = document.media_type().filter(|expected| *expected != header)?;
    let is_page = header.as_str() == "text/html";
    let message = say!("content-type-html", "the header says that this is a web page");
    let check = Check::new(CheckId::ContentType, Outcome::Warn, message);
    is_page.then(|| check.values(shorten(header.as_str()), shorten(expected.as_str()), Source::Header))
}

/// Signed and unsigned schema 1 are one format; all other types are what they are.
fn is_same(one: &MediaType, other: &MediaType) -> bool {
    let is_schema1 = |media_type: &MediaType| media_type.document() == Some(DocumentKind::Schema1);
    one == other || (is_schema1(one) && is_schema1(other))
}

//! The vocabulary of the schema rules: a member that must or may be there, and its type.

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::{CheckId, Outcome};
use crate::digest::{Algorithm, Digest};
use crate::json::{Json, Object};
use crate::media_type;
use crate::say::{Said, Word, say};

/// States if a member has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It must be there; `null` is not enough.
    Must,
    /// It must be there; the usual programs also take `null` for an empty list.
    MustOrNull,
    /// It may be missing; the usual programs also take `null`.
    May,
    /// It may be missing or `null`.
    MayOrNull,
}

/// The findings of one document while its rules are walked.
pub(super) struct Rules {
    /// A violation of the schema or the prose.
    pub(super) schema: Findings,
    /// A violation of the rules for annotations.
    pub(super) annotations: Findings,
    /// True if Docker's rules apply, which differ from OCI's in places.
    pub(super) docker: bool,
    /// True if the document is nothing but a descriptor.
    pub(super) lone: bool,
    /// True if there was any annotation.
    pub(super) annotated: bool,
}

/// The schema forbids a `null` that programs written in Go take.
pub(super) fn null_for_go(name: &str) -> Said {
    say!("null-for-go", "{name} is null, which Go programs take and the schema does not", name = shorten(name))
}

impl Rules {
    pub(super) fn new(docker: bool, lone: bool) -> Self {
        let (schema, annotations) = (Findings::new(CheckId::Schema), Findings::new(CheckId::Annotations));
        Self { schema, annotations, docker, lone, annotated: false }
    }

    /// A fault against OCI's rules that Docker's do not have.
    pub(super) fn fault_unless_docker(&mut self, at: &At<'_>, said: Said) {
        if self.docker { self.schema.warn(at, said) } else { self.schema.fail(at, said) }
    }

    /// The member of that name, held against its need.
    pub(super) fn member<'j>(&mut self, object: &'j Object, at: &At<'_>, name: &str, need: Need) -> Option<&'j Json> {
        let Some(value) = object.get(name) else {
            if matches!(need, Need::Must | Need::MustOrNull) {
                self.schema.fail(&at.name(name), say!("missing", "{name} is missing", name));
            }
            return None;
        };
        if !value.is_null() {
            return Some(value);
        }
        match need {
            Need::Must => self.schema.fail(&at.name(name), say!("null", "{name} is null", name)),
            Need::MustOrNull | Need::May => {
                self.schema.warn(&at.name(name), null_for_go(name));
            }
            Need::MayOrNull => {}
        }
        None
    }

    /// A finding if the value is not of the type that the rules name.
    pub(super) fn wrong_type(&mut self, at: &At<'_>, expected: &'static str, value: &Json) {
        let message = say!(
            "wrong-type",
            "should be {expected}, is {actual}",
            expected = Word::plain(expected),
            actual = Word::plain(value.type_name())
        );
        self.schema.differs(Outcome::Fail, at, (expected, value.type_name()), message);
    }

    /// The string of that name.
    pub(super) fn string<'j>(&mut self, object: &'j Object, at: &At<'_>, name: &str, need: Need) -> Option<&'j str> {
        let value = self.member(object, at, name, need)?;
        self.expect_string(value, &at.name(name))
    }

    /// True if the value of a map is `null`: Go programs take it for an empty one.
    pub(super) fn null_in_map(&mut self, value: &Json, at: &At<'_>, name: &str) -> bool {
        if value.is_null() {
            self.schema.warn(at, null_for_go(name));
        }
        value.is_null()
    }

    pub(super) fn expect_string<'j>(&mut self, value: &'j Json, at: &At<'_>) -> Option<&'j str> {
        if value.as_str().is_none() {
            self.wrong_type(at, "a string", value);
        }
        value.as_str()
    }

    /// The array of that name.
    pub(super) fn array<'j>(&mut self, object: &'j Object, at: &At<'_>, name: &str, need: Need) -> Option<&'j [Json]> {
        let value = self.member(object, at, name, need)?;
        if value.as_array().is_none() {
            self.wrong_type(&at.name(name), "an array", value);
        }
        value.as_array()
    }

    /// The object of that name.
    pub(super) fn object<'j>(&mut self, object: &'j Object, at: &At<'_>, name: &str, need: Need) -> Option<&'j Object> {
        let value = self.member(object, at, name, need)?;
        self.expect_object(value, &at.name(name))
    }

    pub(super) fn expect_object<'j>(&mut self, value: &'j Json, at: &At<'_>) -> Option<&'j Object> {
        if value.as_object().is_none() {
            self.wrong_type(at, "an object", value);
        }
        value.as_object()
    }

    /// The boolean of that name, if any.
    pub(super) fn boolean(&mut self, object: &Object, at: &At<'_>, name: &str) {
        if let Some(value) = self.member(object, at, name, Need::May)
            && value.as_bool().is_none()
        {
            self.wrong_type(&at.name(name), "a boolean", value);
        }
    }

    /// The array of strings of that name.
    pub(super) fn strings<'j>(&mut self, object: &'j Object, at: &At<'_>, name: &str, need: Need) -> &'j [Json] {
        let elements = self.array(object, at, name, need).unwrap_or_default();
        let at = at.name(name);
        for (index, element) in elements.iter().enumerate() {
            self.expect_string(element, &at.index(index));
        }
        elements
    }

    /// `schemaVersion`, always this number.
    pub(super) fn schema_version(&mut self, root: &Object, version: i64) {
        let at = At::ROOT.name("schemaVersion");
        let Some(value) = self.member(root, &At::ROOT, "schemaVersion", Need::Must) else { return };
        let Some(token) = value.as_number() else { return self.wrong_type(&at, "a number", value) };
        if value.as_i64() != Some(version) {
            let message = say!(
                "schema-version",
                "schemaVersion is {actual}, not {version}",
                actual = shorten(token),
                version = version.to_string()
            );
            self.schema.differs(Outcome::Fail, &at, (&version.to_string(), token), message);
        }
    }

    /// The document's own `mediaType`: one of these, if there is one.
    pub(super) fn own_media_type(&mut self, root: &Object, allowed: &[&str]) {
        let at = At::ROOT.name("mediaType");
        let Some(own) = self.string(root, &At::ROOT, "mediaType", Need::May) else {
            if !root.contains("mediaType") {
                self.schema.warn(
                    &at,
                    say!("media-type-missing", "mediaType is missing, so the server decides what this document is"),
                );
            }
            return;
        };
        if own.is_empty() {
            self.schema
                .warn(&at, say!("media-type-empty", "mediaType is empty, which says no more than leaving it out"));
        } else if !allowed.contains(&own) {
            let message = say!(
                "own-media-type",
                "mediaType is \"{actual}\", not {expected}",
                actual = shorten(own),
                expected = allowed.join(" or ")
            );
            self.schema.differs(Outcome::Fail, &at, (&allowed.join(" or "), own), message);
        }
    }

    /// A media type that has to have the form `type/subtype` of RFC 6838.
    pub(super) fn media_type_form(&mut self, text: &str, at: &At<'_>) {
        if !media_type::is_well_formed(text) {
            let said =
                say!("no-media-type", "\"{text}\" is not a media type (type/subtype, RFC 6838)", text = shorten(text));
            self.schema.fail(at, said);
        }
    }

    /// `artifactType`, if there is one.
    pub(super) fn artifact_type(&mut self, object: &Object, at: &At<'_>, need: Need) {
        let Some(text) = self.string(object, at, "artifactType", need) else { return };
        if text.is_empty() && need != Need::Must {
            self.schema.warn(
                &at.name("artifactType"),
                say!("artifact-type-empty", "artifactType is empty, which says no more than leaving it out"),
            );
        } else {
            self.media_type_form(text, &at.name("artifactType"));
        }
    }

    /// A digest: in the grammar, and for a registered algorithm lower-case hex of its length.
    ///
    /// A hash of the wrong length is in the schema's pattern and parsers take it, so inside a document it is a
    /// warning: no bytes will ever match it. A descriptor on its own is nothing but its digest: there it fails.
    pub(super) fn digest(&mut self, text: &str, at: &At<'_>) {
        let error = match Digest::parse(text) {
            Ok(digest) => return self.unregistered(&digest, at),
            Err(error) => error,
        };
        if is_only_length_wrong(text) && !self.lone {
            self.schema
                .warn(at, say!("digest-length", "{error}: no content can match it", error = error.said().clone()));
        } else {
            self.schema.fail(at, error.said().clone());
        }
    }

    /// The grammar leaves algorithms open, and programs know none but those that are registered (blake3 hardly).
    fn unregistered(&mut self, digest: &Digest, at: &At<'_>) {
        if digest.algorithm().is_none() && digest.algorithm_name() != "blake3" {
            let name = shorten(digest.algorithm_name());
            let message = say!(
                "algorithm-not-registered",
                "{name} is not a registered digest algorithm, so no program can check the content",
                name
            );
            self.schema.warn(at, message);
        }
    }

    /// A date and time of RFC 3339 of that name, if there is one.
    pub(super) fn date_time(&mut self, object: &Object, at: &At<'_>, name: &str) {
        let Some(value) = self.member(object, at, name, Need::May) else { return };
        let Some(text) = self.expect_string(value, &at.name(name)) else { return };
        let said = if !is_rfc3339(text) {
            say!("not-a-time", "\"{text}\" is not a date and time of RFC 3339", text = shorten(text))
        } else if !is_go_time(text) || !value.is_plain() {
            say!(
                "time-not-decoded",
                "\"{text}\" is a time that Go does not read (no lower-case t or z, no second 60, no escapes), so Docker, \
                 containerd and podman refuse the document",
                text = shorten(text)
            )
        } else {
            return;
        };
        self.schema.fail(&at.name(name), said);
    }
}

fn is_only_length_wrong(text: &str) -> bool {
    let Some((algorithm, hash)) = text.split_once(':') else { return false };
    Algorithm::from_name(algorithm).is_some()
        && !hash.is_empty()
        && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// True if a text is a `date-time` of RFC 3339: `2015-10-31T22:22:56.015925234Z`.
pub(crate) fn is_rfc3339(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || !bytes.is_ascii() {
        return false;
    }
    let (date_time, rest) = bytes.split_at(19);
    let shape = date_time.iter().zip(b"0000-00-00T00:00:00").all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => byte.eq_ignore_ascii_case(form),
    });
    let fraction = rest.strip_prefix(b".").map_or(0, |rest| 1 + digits(rest));
    shape && fraction != 1 && in_range(date_time) && is_offset(&rest[fraction..])
}

/// True if Go reads that text as a `time.Time`: RFC 3339 with an upper-case `T` and `Z`, and no second 60.
pub(crate) fn is_go_time(text: &str) -> bool {
    is_rfc3339(text) && text.get(17..19) != Some("60") && !text.contains(['t', 'z'])
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn in_range(date_time: &[u8]) -> bool {
    let number = |from: usize, to: usize| date_time[from..to].iter().fold(0_u32, |n, b| n * 10 + u32::from(b - b'0'));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) <= 60
}

/// `Z` or `+01:00`.
fn is_offset(rest: &[u8]) -> bool {
    match rest {
        b"Z" | b"z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            let digits = [h1, h2, m1, m2];
            digits.iter().all(|b| b.is_ascii_digit()) && [*h1, *h2] < *b"24" && *m1 < b'6'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times() {
        for good in [
            "2015-10-31T22:22:56.015925234Z",
            "0001-01-01T00:00:00Z",
            "1970-01-01T01:00:01+01:00",
            "2024-02-29t23:59:60z",
        ] {
            assert!(is_rfc3339(good), "{good}");
        }
        for bad in [
            "",
            "2015-10-31",
            "2015-10-31 22:22:56Z",
            "2015-10-31T22:22:56",
            "2015-10-31T22:22:56.Z",
            "2015-02-29T22:22:56Z",
            "2015-13-01T22:22:56Z",
            "2015-10-31T24:00:00Z",
            "2015-10-31T22:22:56+0100",
            "2015-10-31T22:22:56+25:00",
            "２015-10-31T22:22:56Z",
        ] {
            assert!(!is_rfc3339(bad), "{bad}");
        }
    }

    #[test]
    fn go_reads_fewer_times() {
        assert!(is_go_time("2015-10-31T22:22:56.015925234Z") && is_go_time("1970-01-01T01:00:01+01:00"));
        for bad in ["2024-02-29t23:59:59Z", "2024-02-29T23:59:59z", "2016-12-31T23:59:60Z", ""] {
            assert!(!is_go_time(bad), "{bad}");
        }
    }

    #[test]
    fn only_the_length() {
        assert!(is_only_length_wrong("sha256:abc"));
        assert!(!is_only_length_wrong("sha256:ABC"));
        assert!(!is_only_length_wrong("sha256:"));
        assert!(!is_only_length_wrong("other:abc"));
    }
}

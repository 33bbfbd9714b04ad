//! JSON as text: what others have written is cut out and put together anew, without a tree of values between.

use crate::error::{Error, ErrorKind};
use crate::{Json, json};

/// A text and what it says; no object in it has a member twice.
pub(super) struct Text<'a> {
    text: &'a str,
    pub(super) root: Json,
}

/// The change of an object's member.
pub(super) enum Change {
    Keep,
    Drop,
    To(String),
}

impl<'a> Text<'a> {
    /// Reads the text; `what` it is begins the sentence about a member that stands twice.
    pub(super) fn parse(text: &'a str, what: &str) -> Result<Self, Error> {
        let parsed = json::parse(text.as_bytes()).map_err(|error| invalid(error.to_string()))?;
        match parsed.duplicates.first() {
            Some(path) => {
                Err(invalid(format!("{what} has two members {path}, and programs differ in which they read")))
            }
            None => Ok(Self { text, root: parsed.root }),
        }
    }

    /// A value as it is written; `null` for none.
    pub(super) fn raw(&self, value: Option<&Json>) -> &'a str {
        value.and_then(|value| self.text.get(value.span.clone())).unwrap_or("null")
    }

    /// An object with each member kept, left out or written anew; anything else as it is.
    pub(super) fn object(&self, value: &Json, change: &dyn Fn(&str, &Json) -> Change) -> String {
        let Some(object) = value.as_object() else { return self.raw(Some(value)).to_owned() };
        let mut members = Vec::new();
        for member in object {
            let text = match change(&member.name, &member.value) {
                Change::Keep => self.raw(Some(&member.value)).to_owned(),
                Change::Drop => continue,
                Change::To(text) => text,
            };
            members.push(format!("{}:{text}", quoted(&member.name)));
        }
        format!("{{{}}}", members.join(","))
    }

    /// A value as it is written, with another text in the place of one within it.
    pub(super) fn with(&self, value: &Json, inner: &Json, text: &str) -> String {
        let part = |range| self.text.get(range).unwrap_or_default();
        [part(value.span.start..inner.span.start), text, part(inner.span.end..value.span.end)].concat()
    }
}

/// A text as JSON writes it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The value at a path (`/spec/signatures/0`).
pub(super) fn at<'a>(root: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('/').skip(1).try_fold(root, |json, name| match json.as_array() {
        Some(items) => items.get(name.parse::<usize>().ok()?),
        None => json.key(name),
    })
}

/// The text at a path; nothing if there is none.
pub(super) fn text_at<'a>(root: &'a Json, path: &str) -> &'a str {
    at(root, path).and_then(Json::as_str).unwrap_or_default()
}

fn invalid(message: impl Into<crate::check::Said>) -> Error {
    Error::new(ErrorKind::BundleInvalid, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_kept_as_they_are_written_left_out_or_written_anew() {
        let text = r#"{ "a" : 1.0e3, "b\"\u0041": null, "c": {"d":[1, 2]} }"#;
        let source = Text::parse(text, "it").unwrap();
        let changed = source.object(&source.root, &|name, value| match name {
            "a" => Change::Keep,
            "c" => Change::To(source.with(value, at(value, "/d/1").unwrap(), &quoted("\n\"}"))),
            _ if value.is_null() => Change::Drop,
            _ => Change::To("0".into()),
        });
        assert_eq!(changed, r#"{"a":1.0e3,"c":{"d":[1, "\n\"}"]}}"#);
        let kept = source.object(&source.root, &|_, _| Change::Keep);
        assert_eq!(kept, r#"{"a":1.0e3,"b\"A":null,"c":{"d":[1, 2]}}"#);
        assert_eq!(source.raw(None), "null");
        assert_eq!(Text::parse("{\"a\":1,\"a\":2}", "it").err().unwrap().code(), "bundle-invalid");
        assert_eq!(Text::parse("{", "it").err().unwrap().code(), "bundle-invalid");
    }

    #[test]
    fn paths_go_through_objects_and_lists() {
        let source = Text::parse(r#"{"a":[{"b":"c"}]}"#, "it").unwrap();
        assert_eq!(text_at(&source.root, "/a/0/b"), "c");
        for nothing in ["/a/1/b", "/a/b", "/a/0/c", "/x", "/a/0/b/c"] {
            assert!(at(&source.root, nothing).is_none(), "{nothing}");
        }
    }
}

//! Documents as engines decode them: which member each field is read from, and whether it can be read at all.
//!
//! One walk along the [structures](crate::document::engines) that engines have. A second member for a field fails, since
//! engines take the last and other programs another; a lone member in another case is read and doubtful; a value that Go
//! cannot decode makes engines refuse the document.

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::schema::is_go_time;
use crate::checks::{Check, CheckId, Outcome, Source};
use crate::document::engines::{Field, Shape};
use crate::json::{self, Json, Member, Object, Parsed, Places, Value, folded, is_one_name};
use crate::limits;
use crate::say::{Word, say};

/// The findings of the walk.
pub(crate) struct Decoded {
    /// `duplicate-key`: names that stand twice.
    pub(crate) names: Vec<Check>,
    /// `schema`: names in another case, and values that Go cannot decode.
    pub(crate) schema: Vec<Check>,
}

/// Reads a document as engines do that decode it into `shape`.
pub(crate) fn decode(parsed: &Parsed, shape: &Shape) -> Decoded {
    let mut walk = Walk { names: Findings::new(CheckId::DuplicateKey), schema: Findings::new(CheckId::Schema) };
    walk.repeated(parsed, "$");
    walk.value(&parsed.root, shape, false, &At::ROOT);
    Decoded {
        names: walk.names.into_checks(|| say!("no-name-twice", "no name stands twice in one object")),
        schema: walk.schema.found(),
    }
}

/// Adds what the walk found to the findings of the schema; what a rule has said of the same value is not said again.
pub(super) fn join(mut schema: Vec<Check>, decoded: Decoded) -> Vec<Check> {
    let says_more = |said: &Check, than: Outcome| said.outcome == than || said.outcome == Outcome::Fail;
    let is_new = |check: &Check| !schema.iter().any(|said| said.path == check.path && says_more(said, check.outcome));
    let fresh: Vec<Check> = decoded.schema.into_iter().filter(is_new).collect();
    if !fresh.is_empty() {
        schema.retain(|check| check.id != CheckId::Schema || check.outcome != Outcome::Pass);
    }
    schema.extend(fresh);
    schema.extend(decoded.names);
    schema
}

struct Walk {
    names: Findings,
    schema: Findings,
}

impl Walk {
    /// The names that stand twice exactly, which the parser noticed in structures and in maps.
    fn repeated(&mut self, parsed: &Parsed, at: &str) {
        for path in &parsed.duplicates {
            let path = path.replacen('$', at, 1);
            let message =
                say!("repeated", "this name stands twice in its object, and programs differ in which one they read");
            self.names.note(Outcome::Fail, |check| check.saying(message).at(path));
        }
        if parsed.duplicates.len() >= limits::FINDINGS {
            let message = say!("more-repeated", "there may be more names that stand twice");
            self.names.note(Outcome::Fail, |check| check.saying(message).at(at));
        }
    }

    fn value(&mut self, json: &Json, shape: &Shape, only_docker: bool, at: &At<'_>) {
        match (shape, &json.value) {
            (_, Value::Null) => {}
            (Shape::Any, _) => self.free(json, at),
            (Shape::Text, Value::String(_)) | (Shape::Flag, Value::Bool(_)) | (Shape::Words, Value::String(_)) => {}
            (Shape::Integer, Value::Number(token)) if token.parse::<i64>().is_ok() => {}
            (Shape::Time, Value::String(text)) if json.is_plain() && is_go_time(text) => {}
            (Shape::Words, Value::Array(elements)) => self.list(elements, &Shape::Text, only_docker, at),
            (Shape::List(shape), Value::Array(elements)) => self.list(elements, shape, only_docker, at),
            (Shape::Map(shape), Value::Object(members)) => {
                for member in members {
                    self.value(&member.value, shape, only_docker, &at.name(&member.name));
                }
            }
            (Shape::Struct(fields), Value::Object(members)) => self.members(members, fields, only_docker, at),
            (Shape::Embedded(shape), Value::String(text)) => self.embedded(text, shape, at),
            _ => self.refused(json, shape, only_docker, at),
        }
    }

    fn list(&mut self, elements: &[Json], shape: &Shape, only_docker: bool, at: &At<'_>) {
        for (index, element) in elements.iter().enumerate() {
            let at = at.index(index);
            self.value(element, shape, only_docker, &at);
            if element.is_null() {
                let message =
                    say!("null-in-list", "null in a list is an empty value to Go programs, and a fault to others");
                self.schema.note(Outcome::Warn, |check| check.saying(message).at(at.to_string()));
            }
        }
    }

    fn members(&mut self, members: &Object, fields: &[Field], only_docker: bool, at: &At<'_>) {
        let place = |name: &str| fields.iter().position(|field| is_one_name(field.name, name));
        self.twins(members, at, |name| place(name).is_some());
        let mut last: Vec<Option<&Member>> = vec![None; fields.len()];
        for member in members {
            let at = at.name(&member.name);
            if let Some(place) = place(&member.name) {
                last[place] = Some(member);
                let field = &fields[place];
                self.value(&member.value, &field.shape, only_docker || field.only_docker, &at);
            } else {
                self.free(&member.value, &at);
            }
        }
        for (field, member) in fields.iter().zip(last) {
            if let Some(member) = member.filter(|member| &*member.name != field.name) {
                self.other_case(member, field, &at.name(&member.name));
            }
        }
    }

    /// A string that holds JSON; what is wrong with that as such is a finding of the schema.
    fn embedded(&mut self, text: &str, shape: &Shape, at: &At<'_>) {
        let Ok(parsed) = json::parse(text.as_bytes()) else { return };
        self.repeated(&parsed, &at.to_string());
        self.value(&parsed.root, shape, false, at);
    }

    /// Members that no engine decodes: two names may still be one for the programs that read it.
    fn free(&mut self, json: &Json, at: &At<'_>) {
        match &json.value {
            Value::Array(elements) => {
                elements.iter().enumerate().for_each(|(index, element)| self.free(element, &at.index(index)));
            }
            Value::Object(members) => {
                self.twins(members, at, |_| false);
                members.iter().for_each(|member| self.free(&member.value, &at.name(&member.name)));
            }
            _ => {}
        }
    }

    /// The member that a field is read from, if it is not written as the specification has it.
    fn other_case(&mut self, member: &Member, field: &Field, at: &At<'_>) {
        let name = shorten(&member.name).escape_debug().to_string();
        let message = say!(
            "name-in-other-case",
            "\"{name}\" is read as {field} by Docker, containerd and podman, which ignore case; other programs do not see it",
            name,
            field = field.name
        );
        self.schema.note(Outcome::Warn, |check| check.saying(message).at(at.to_string()));
    }

    fn twins(&mut self, members: &Object, at: &At<'_>, is_field: impl Fn(&str) -> bool) {
        let mut note = |name: &str, other: &str| {
            if name == other {
                return;
            }
            let outcome = if is_field(name) { Outcome::Fail } else { Outcome::Warn };
            let other = shorten(other).escape_debug().to_string();
            let message = say!(
                "one-name-for-go",
                "is one name with \"{other}\" to Go programs, which read the last of the two",
                other
            );
            self.names.note(outcome, |check| check.saying(message).at(at.name(name).to_string()));
        };
        let names = || members.iter().map(|member| &*member.name);
        if members.len() <= SMALL_OBJECT {
            for (index, name) in names().enumerate() {
                names()
                    .take(index)
                    .find(|other| is_one_name(other, name))
                    .into_iter()
                    .for_each(|other| note(name, other));
            }
            return;
        }
        let folded: Vec<String> = names().map(folded).collect();
        let all: Vec<&str> = names().collect();
        let mut seen = Places::default();
        for (index, folded) in folded.iter().enumerate() {
            if let Some(before) = seen.insert(folded, index) {
                note(all[index], all[before]);
            }
        }
    }

    /// Go stops at a value of another type, and the engine refuses the document.
    fn refused(&mut self, json: &Json, shape: &Shape, only_docker: bool, at: &At<'_>) {
        let expected = describe(shape);
        let actual = match &json.value {
            Value::Number(token) => shorten(token),
            Value::String(text) if matches!(shape, Shape::Time) => format!("\"{}\"", shorten(text)),
            _ => json.type_name().to_owned(),
        };
        let type_name = Word::plain(describe(shape));
        let (outcome, message) = if only_docker {
            let message = say!(
                "not-decoded-by-docker",
                "should be {expected}, is {actual}: Docker cannot decode that and refuses the whole document",
                expected = type_name,
                actual = actual.as_str()
            );
            (Outcome::Warn, message)
        } else {
            let message = say!(
                "not-decoded",
                "should be {expected}, is {actual}: Docker, containerd and podman cannot decode that and refuse the whole document",
                expected = type_name,
                actual = actual.as_str()
            );
            (Outcome::Fail, message)
        };
        self.schema
            .note(outcome, |check| check.saying(message).at(at.to_string()).values(expected, actual, Source::Document));
    }
}

/// Up to this many members an object's names are compared pairwise, above it through a map.
const SMALL_OBJECT: usize = 16;

fn describe(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Embedded(_) => "a string",
        Shape::Integer => "a whole number of 64 bits",
        Shape::Flag => "a boolean",
        Shape::Time => "a time as Go reads it (RFC 3339, upper case, without leap seconds)",
        Shape::Words => "a list of strings or a string",
        Shape::List(_) => "an array",
        Shape::Map(_) | Shape::Struct(_) => "an object",
        Shape::Any => "anything",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::engines;
    use crate::media_type::DocumentKind;

    #[track_caller]
    fn found(kind: DocumentKind, text: &str) -> Vec<(Outcome, &'static str, String)> {
        let decoded = decode(&json::parse(text.as_bytes()).unwrap(), &Shape::Struct(engines::fields(kind)));
        let checks = decoded.names.into_iter().chain(decoded.schema).filter(|check| check.outcome != Outcome::Pass);
        checks.map(|check| (check.outcome, check.reason, check.path.unwrap_or_default())).collect()
    }

    #[track_caller]
    fn finds(kind: DocumentKind, text: &str, outcome: Outcome, reason: &'static str, path: &str) {
        assert_eq!(found(kind, text), [(outcome, reason, path.to_owned())], "{text}");
    }

    #[test]
    fn the_same_name_fails_everywhere() {
        let repeated = |text: &str, path: &str| finds(DocumentKind::Manifest, text, Outcome::Fail, "repeated", path);
        repeated(r#"{"a":[{"b":1,"b":2}]}"#, "$.a[0].b");
        repeated(r#"{"annotations":{"b":"1","b":"2"}}"#, "$.annotations.b");
    }

    #[test]
    fn two_members_for_one_field_fail() {
        let config = |text: &str, path: &str| {
            let found = found(DocumentKind::Config, text);
            assert!(found.contains(&(Outcome::Fail, "one-name-for-go", path.to_owned())), "{text}: {found:?}");
        };
        config(r#"{"config":{"User":"a","user":"b"}}"#, "$.config.user");
        config(r#"{"config":{"User":"a","uſer":"b"}}"#, "$.config[\"uſer\"]");
        config(r#"{"config":{},"Config":{}}"#, "$.Config");
        config(r#"{"rootfs":{"diff_ids":[],"diff_idſ":[]}}"#, "$.rootfs[\"diff_idſ\"]");
        config(r#"{"history":[{"created_by":"a","Created_By":"b"}]}"#, "$.history[0].Created_By");
        config(r#"{"config":{"Healthcheck":{"Test":[],"TEST":[]}}}"#, "$.config.Healthcheck.TEST");
        config(r#"{"container_config":{"Cmd":[],"cmd":[]}}"#, "$.container_config.cmd");
        let text = r#"{"manifests":[{"platform":{"os":"linux","oſ":"windows"}}]}"#;
        assert_eq!(found(DocumentKind::Index, text)[0].0, Outcome::Fail);
    }

    #[test]
    fn what_a_string_of_schema_1_holds_is_decoded_too() {
        let text =
            r#"{"history":[{"v1Compatibility":"{\"config\":{\"Cmd\":[],\"CMD\":[]},\"id\":\"a\",\"id\":\"b\"}"}]}"#;
        let at = "$.history[0].v1Compatibility";
        assert_eq!(
            found(DocumentKind::Schema1, text),
            [
                (Outcome::Fail, "repeated", format!("{at}.id")),
                (Outcome::Fail, "one-name-for-go", format!("{at}.config.CMD")),
                (Outcome::Warn, "name-in-other-case", format!("{at}.config.CMD")),
            ]
        );
        let text = r#"{"history":[{"v1Compatibility":"[{}]"}]}"#;
        finds(DocumentKind::Schema1, text, Outcome::Fail, "not-decoded", at);
    }

    #[test]
    fn a_lone_member_in_another_case_is_doubtful() {
        let config = |text: &str, path: &str| {
            finds(DocumentKind::Config, text, Outcome::Warn, "name-in-other-case", path);
        };
        config(r#"{"config":{"cmd":[]}}"#, "$.config.cmd");
        config(r#"{"config":{"ENV":[]}}"#, "$.config.ENV");
        config(r#"{"rootfs":{"diff_IDs":[]}}"#, "$.rootfs.diff_IDs");
        finds(
            DocumentKind::Layout,
            r#"{"ImageLayoutVersion":"1.0.0"}"#,
            Outcome::Warn,
            "name-in-other-case",
            "$.ImageLayoutVersion",
        );
    }

    #[test]
    fn maps_and_unknown_members_have_names_of_their_own() {
        let text = r#"{"annotations":{"a":"1","A":"2"},"layers":[{"annotations":{"ſ":"1","s":"2"}}]}"#;
        assert_eq!(found(DocumentKind::Manifest, text), []);
        let text = r#"{"config":{"Labels":{"b":"1","B":"2"},"Volumes":{"/a":{},"/A":{}},"ExposedPorts":{"1/tcp":{},"1/TCP":{}}}}"#;
        assert_eq!(found(DocumentKind::Config, text), []);
        finds(DocumentKind::Config, r#"{"other":{"a":1,"A":2}}"#, Outcome::Warn, "one-name-for-go", "$.other.A");
    }

    #[test]
    fn values_that_go_cannot_decode_fail() {
        let fails = |text: &str, path: &str| finds(DocumentKind::Config, text, Outcome::Fail, "not-decoded", path);
        fails(r#"{"config":{"User":5}}"#, "$.config.User");
        fails(r#"{"config":{"Env":"A=b"}}"#, "$.config.Env");
        fails(r#"{"config":{"Cmd":["a",5]}}"#, "$.config.Cmd[1]");
        fails(r#"{"config":{"Volumes":{"/a":1}}}"#, "$.config.Volumes[\"/a\"]");
        fails(r#"{"rootfs":[]}"#, "$.rootfs");
        fails(r#"{"history":[{"empty_layer":"true"}]}"#, "$.history[0].empty_layer");
        let doubtful = |text: &str, path: &str| {
            finds(DocumentKind::Config, text, Outcome::Warn, "not-decoded-by-docker", path);
        };
        doubtful(r#"{"config":{"Hostname":5}}"#, "$.config.Hostname");
        doubtful(r#"{"config":{"Healthcheck":{"Interval":1.5}}}"#, "$.config.Healthcheck.Interval");
        doubtful(r#"{"container_config":{"User":5}}"#, "$.container_config.User");
        assert_eq!(found(DocumentKind::Config, r#"{"config":{"User":null,"Env":null,"Cmd":"a"},"rootfs":null}"#), []);
        finds(DocumentKind::Config, r#"{"config":{"Env":[null]}}"#, Outcome::Warn, "null-in-list", "$.config.Env[0]");
    }

    #[test]
    fn sizes_are_whole_numbers_of_64_bits() {
        for size in ["1e3", "1.0", "9223372036854775808", "\"1\"", "{}"] {
            let text = format!(r#"{{"config":{{"size":{size}}}}}"#);
            finds(DocumentKind::Manifest, &text, Outcome::Fail, "not-decoded", "$.config.size");
        }
        for size in ["-0", "0", "9223372036854775807", "null"] {
            assert_eq!(found(DocumentKind::Manifest, &format!(r#"{{"config":{{"size":{size}}}}}"#)), [], "{size}");
        }
    }

    #[test]
    fn times_are_read_as_go_reads_them() {
        for time in
            ["2020-01-01t00:00:00Z", "2020-01-01T00:00:00z", "2020-01-01T00:00:60Z", "", "2020-01-01T00:00:00\\u005a"]
        {
            finds(
                DocumentKind::Config,
                &format!(r#"{{"created":"{time}"}}"#),
                Outcome::Fail,
                "not-decoded",
                "$.created",
            );
        }
        assert_eq!(found(DocumentKind::Config, r#"{"created":"2020-01-01T00:00:00.1234567890123+23:59"}"#), []);
    }

    #[test]
    fn many_names_are_compared_in_linear_time() {
        let members: Vec<String> = (0..200_000).map(|n| format!("\"n{n}\":0")).collect();
        let text = format!("{{{},\"N7\":1}}", members.join(","));
        finds(DocumentKind::Config, &text, Outcome::Warn, "one-name-for-go", "$.N7");
        let many = format!("{{\"os\":\"linux\",{}}}", vec!["\"OS\":\"a\""; 200_000].join(","));
        assert!(found(DocumentKind::Config, &many).len() <= 2 * limits::FINDINGS + 4);
    }
}

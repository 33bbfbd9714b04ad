//! Canonical JSON (RFC 8785) for the judge of signatures, which needs it for one thing: the four members that a log signs as
//! its promise, two texts and two whole numbers.
//!
//! This crate stands in for the one of that name (`[patch.crates-io]` in the workspace): that one brings 15 kB of tables that
//! write and read floating-point numbers to the last digit, and no compressor makes those smaller. Here a number that is no
//! whole one, or one that a double does not hold exactly, is an error and never a guess.

use serde::Serialize;
use serde::ser::Error as _;
use serde_json::{Error, Number, Value};

/// The largest whole number below which every one is a double: 2^53 - 1.
const SAFE: u64 = (1 << 53) - 1;

/// The canonical form of a value, in UTF-8.
///
/// # Errors
/// If the value is none of JSON, or has a number that is no safe integer.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    to_string(value).map(String::into_bytes)
}

/// The same as text.
///
/// # Errors
/// As [`to_vec`].
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, &mut text)?;
    Ok(text)
}

fn write(value: &Value, to: &mut String) -> Result<(), Error> {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(true) => to.push_str("true"),
        Value::Bool(false) => to.push_str("false"),
        Value::Number(number) => to.push_str(&whole(number)?),
        Value::String(text) => quoted(text, to),
        Value::Array(items) => {
            to.push('[');
            for (at, item) in items.iter().enumerate() {
                to.push_str(if at == 0 { "" } else { "," });
                write(item, to)?;
            }
            to.push(']');
        }
        Value::Object(members) => {
            // Names are sorted by their units of UTF-16, which differs from the order of UTF-8 beyond the basic plane.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            to.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                to.push_str(if at == 0 { "" } else { "," });
                quoted(name, to);
                to.push(':');
                write(member, to)?;
            }
            to.push('}');
        }
    }
    Ok(())
}

fn whole(number: &Number) -> Result<String, Error> {
    let size = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
    match size.filter(|size| *size <= SAFE) {
        Some(_) => Ok(number.to_string()),
        None => Err(Error::custom(format!("{number} is no whole number that a double holds"))),
    }
}

/// Only quotes, backslashes and control characters are escaped, those with a short form by it.
fn quoted(text: &str, to: &mut String) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\u{8}' => to.push_str("\\b"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\u{c}' => to.push_str("\\f"),
            '\r' => to.push_str("\\r"),
            '\0'..='\u{1f}' => {
                to.push_str(if c < '\u{10}' { "\\u000" } else { "\\u001" });
                to.extend(char::from_digit(u32::from(c) % 16, 16));
            }
            _ => to.push(c),
        }
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn is(value: &Value, canonical: &str) {
        assert_eq!(to_string(value).unwrap_or_default(), canonical);
        assert_eq!(to_vec(value).unwrap_or_default(), canonical.as_bytes());
    }

    #[test]
    fn names_are_sorted_by_units_of_utf_16() {
        is(&json!({ "b": 1, "a": { "d": [], "c": {} }, "": null }), r#"{"":null,"a":{"c":{},"d":[]},"b":1}"#);
        // The order of RFC 8785, 3.2.3: U+1F600 is written as two units from U+D83D on, which are below U+FB33.
        is(
            &json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7 }),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}",
        );
    }

    #[test]
    fn texts_are_escaped_only_as_they_must_be() {
        is(&json!("\u{20ac}$\u{f}\nA'B\"\\/\u{7f}"), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\/\u{7f}\"");
        is(&json!("\0\u{8}\t\u{c}\r\u{1b}"), r#""\u0000\b\t\f\r\u001b""#);
        for c in (0..0x3000).filter_map(char::from_u32) {
            let text = c.to_string();
            assert_eq!(to_string(&text).ok(), serde_json::to_string(&text).ok(), "{c:?}");
        }
    }

    #[test]
    fn numbers_are_safe_integers_or_an_error() {
        is(&json!([0, -1, 1_756_000_000, true, false]), "[0,-1,1756000000,true,false]");
        is(&json!([SAFE, -9_007_199_254_740_991_i64]), "[9007199254740991,-9007199254740991]");
        for beyond in
            [json!(SAFE + 1), json!(i64::MIN), json!(u64::MAX), json!(1.5), json!(1e300), json!([{ "a": 0.1 }])]
        {
            assert!(to_vec(&beyond).is_err(), "{beyond}");
        }
    }

    #[test]
    fn the_promise_of_a_log_has_one_form() {
        let payload = json!({ "logIndex": 7, "body": "e30=", "logID": "c0", "integratedTime": 1_756_000_000 });
        is(&payload, r#"{"body":"e30=","integratedTime":1756000000,"logID":"c0","logIndex":7}"#);
    }
}

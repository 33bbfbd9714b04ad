//! `Name: value` fields, as dpkg, apk and Python write them. Linear, and each value is cut.

use crate::limits;

/// The fields of a text, one block a time: a line that starts with white space goes on with the field before it, an empty
/// line ends a block.
pub(super) fn blocks(content: &[u8]) -> impl Iterator<Item = Vec<(&str, &str)>> {
    let mut lines = content.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    std::iter::from_fn(move || {
        let mut block = Vec::new();
        let mut any = false;
        for line in lines.by_ref() {
            any = true;
            if line.iter().all(u8::is_ascii_whitespace) {
                if block.is_empty() {
                    continue;
                }
                return Some(block);
            }
            let is_more = line.first().is_some_and(u8::is_ascii_whitespace);
            let field = std::str::from_utf8(line).ok().filter(|_| !is_more).and_then(|line| line.split_once(':'));
            if let Some((name, value)) = field.filter(|_| block.len() < limits::PACKAGE_FIELDS) {
                block.push((name, value.trim()));
            }
        }
        any.then_some(block)
    })
}

/// The first field of that name, in any case.
pub(super) fn field<'a>(block: &[(&'a str, &'a str)], name: &str) -> Option<&'a str> {
    block.iter().find(|(own, value)| own.eq_ignore_ascii_case(name) && !value.is_empty()).map(|(_, value)| *value)
}

/// The value, cut if it is longer than any real one.
pub(super) fn cut(value: &str) -> String {
    value.chars().take(limits::PACKAGE_FIELD_CHARACTERS).collect()
}

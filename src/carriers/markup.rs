//! Markup around and in a text: what a page with coloured code has in it, copied as its source.

/// The text without its tags and with its entities decoded, from the first bracket to the last.
pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    if !text.contains("</") && !text.contains("<br") {
        return Vec::new();
    }
    let plain = decoded(&without_tags(text));
    let (Some(start), Some(end)) = (plain.find(['{', '[']), plain.rfind(['}', ']'])) else { return Vec::new() };
    plain.get(start..=end).map(|inner| inner.as_bytes().to_vec()).into_iter().collect()
}

/// A tag begins with a letter, `/` or `!`; any other `<` is text.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let end = if is_tag { after.find('>') } else { None };
        match end {
            Some(end) => rest = &after[end + 1..],
            None => {
                plain.push('<');
                rest = after;
                if is_tag {
                    break;
                }
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// The entities that writers of pages use for what JSON has.
const ENTITIES: [(&str, &str); 8] = [
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#x22;", "\""),
    ("&#39;", "'"),
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
];

fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (written, length) = known.map_or(("&", 1), |(entity, written)| (*written, entity.len()));
        plain.push_str(written);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carrier_markup_is_taken_away() {
        let html = r#"<pre><span class="p">{</span><span class="s2">&quot;a&quot;</span>: [1, "x &amp;lt; y"]}</pre>"#;
        assert_eq!(open(html), [br#"{"a": [1, "x &lt; y"]}"#.to_vec()]);
        assert!(open(r#"{"a":"<b"}"#).is_empty());
        assert_eq!(open("{\"a\": 1 < 2}</p>"), [b"{\"a\": 1 < 2}".to_vec()]);
        assert!(open(&"<a".repeat(100_000)).is_empty());
        assert!(open(&format!("</{}", "<a".repeat(100_000))).is_empty());
    }
}

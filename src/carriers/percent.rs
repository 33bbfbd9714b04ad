//! Percent-encoding (RFC 3986), and that of forms, which writes spaces as `+`.

/// The text with what is percent-encoded in it decoded.
pub(crate) fn decoded(text: &str) -> String {
    decode(text, false).map_or_else(|| text.to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

pub(super) fn plain(text: &str) -> Vec<Vec<u8>> {
    decode(text, false).into_iter().collect()
}

pub(super) fn form(text: &str) -> Vec<Vec<u8>> {
    if text.contains('+') { decode(text, true).into_iter().collect() } else { Vec::new() }
}

/// The text with every `%7B` decoded; nothing if there is none.
fn decode(text: &str, plus: bool) -> Option<Vec<u8>> {
    if !text.contains('%') {
        return None;
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut decoded) = (0, false);
    while let Some(byte) = bytes.get(at) {
        let hex = (*byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let value = hex.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match value.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) => {
                out.push(value);
                decoded = true;
                at += 3;
            }
            None => {
                out.push(if plus && *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    decoded.then_some(out)
}

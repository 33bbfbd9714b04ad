//! The numbers of a header: octal text, GNU's base 256, and those of PAX records.

/// A numeric field: octal, padded with spaces or NULs, or big-endian two's complement if the first bit is set (GNU).
/// None if it is neither, or does not fit.
pub(super) fn field(bytes: &[u8]) -> Option<i64> {
    match bytes.first() {
        Some(first) if first & 0x80 != 0 => base256(bytes),
        _ => octal(bytes),
    }
}

fn base256(bytes: &[u8]) -> Option<i64> {
    let is_negative = bytes[0] & 0x40 != 0;
    let mut value: i64 = if is_negative { -1 } else { 0 };
    for (at, byte) in bytes.iter().enumerate() {
        // The first bit only says that this is base 256; the second one is the sign.
        let byte = match (at, is_negative) {
            (0, true) => *byte,
            (0, false) => byte & 0x7f,
            _ => *byte,
        };
        value = value.checked_mul(256)?.checked_add(i64::from(byte))?;
    }
    Some(value)
}

/// Octal digits between spaces and NULs; nothing at all is zero.
pub(super) fn octal(bytes: &[u8]) -> Option<i64> {
    let is_padding = |byte: &u8| matches!(byte, b' ' | 0);
    let Some(start) = bytes.iter().position(|byte| !is_padding(byte)) else { return Some(0) };
    let end = bytes.iter().rposition(|byte| !is_padding(byte)).map_or(start, |last| last + 1);
    // Go stops at the first NUL within.
    let digits = bytes[start..end].split(|byte| *byte == 0).next().unwrap_or_default();
    digits.iter().try_fold(0_i64, |value, byte| match byte {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(i64::from(byte - b'0')),
        _ => None,
    })
}

/// A whole number of a PAX record, with a sign at most.
pub(super) fn decimal(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// A time of a PAX record: seconds, which may have a fraction; rounded down.
pub(super) fn time(text: &[u8]) -> Option<i64> {
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let seconds = parts.next().unwrap_or_default();
    let fraction = parts.next().unwrap_or_default();
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let is_negative = seconds.first() == Some(&b'-');
    let whole = decimal(seconds)?;
    // Go counts nanoseconds: further digits are lost.
    let below = is_negative && fraction.iter().take(9).any(|digit| *digit != b'0');
    whole.checked_sub(i64::from(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(bytes: &[u8], value: Option<i64>) {
        assert_eq!(field(bytes), value, "{bytes:?}");
    }

    #[test]
    fn octal_fields() {
        is(b"0000644\0", Some(0o644));
        is(b"   644 \0", Some(0o644));
        is(b"\0\0\0\0", Some(0));
        is(b"", Some(0));
        is(b"\x0012\0", Some(0o12));
        is(b"12\x0034", Some(0o12));
        is(b"0000648\0", None);
        is(b"-1\0", None);
        is(b"7777777777777777777777", None);
    }

    #[test]
    fn base_256_fields() {
        is(&[0x80, 0, 0, 1], Some(1));
        is(&[0xff, 0xff, 0xff, 0xff], Some(-1));
        is(&[0xff, 0xff, 0xff, 0xfe], Some(-2));
        is(&[0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Some(i64::MAX));
        is(&[0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], None);
        is(&[0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], Some(i64::MIN));
    }

    #[test]
    fn times_are_rounded_down() {
        for (text, value) in [
            ("0", Some(0)),
            ("1350244992.023960108", Some(1_350_244_992)),
            ("-1.5", Some(-2)),
            ("-1.0", Some(-1)),
            ("-0.5", Some(-1)),
            ("-1.0000000009", Some(-1)),
            ("1.", Some(1)),
            ("", None),
            ("1.x", None),
            ("x", None),
            ("9223372036854775808", None),
        ] {
            assert_eq!(time(text.as_bytes()), value, "{text}");
        }
    }
}

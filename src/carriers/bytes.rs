//! Bytes as numbers: `[123 10 32]` of Go, `{0x7b, 0x0a}` of C, `\x7b\x0a`, `<Buffer 7b 0a>` of Node, `7b:0a`, plain hex.

use super::is_plausible;

/// The fewest numbers that are taken for a list of bytes.
const FEWEST: usize = 8;

/// The longest list in the text, read as decimal or hex as its numbers allow.
pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    let is_part = |c: char| c.is_ascii_hexdigit() || c.is_ascii_whitespace() || ",;:[]{}()\\xX|_-".contains(c);
    let Some(list) = text.split(|c: char| !is_part(c)).max_by_key(|list| list.len()) else { return Vec::new() };
    let numbers: Vec<&str> = list.split(|c: char| !c.is_ascii_hexdigit() && c != 'x' && c != 'X').collect();
    let numbers: Vec<&str> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
    if numbers.iter().map(|number| number.len()).sum::<usize>() < FEWEST * 2 {
        return Vec::new();
    }
    [decimal(&numbers), hex(&numbers)].into_iter().flatten().filter(|bytes| is_plausible(bytes)).collect()
}

fn decimal(numbers: &[&str]) -> Option<Vec<u8>> {
    if numbers.len() < FEWEST {
        return None;
    }
    numbers.iter().map(|number| number.parse::<u8>().ok()).collect()
}

/// Pairs of digits, many in one number or one in each, `0x` and `x` before them left out.
fn hex(numbers: &[&str]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for number in numbers {
        let digits = number.strip_prefix("0x").or(number.strip_prefix("0X")).unwrap_or(number);
        let digits = digits.trim_start_matches(['x', 'X']);
        if digits.len() == 1 && number.len() > 1 {
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            continue;
        }
        let pairs = digits.as_bytes().chunks(2);
        for pair in pairs {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
        }
    }
    Some(bytes)
}

//! Dumps with an offset on each line: xxd, hexdump (with and without -C), od in all its forms, Go's hex.Dump.
//!
//! The offsets must be those of the bytes read so far, which tells the forms apart.

/// The most times its own length that the output of a dump may have: a star stands for many equal lines, which
/// documents do not have.
const GROWTH: usize = 4;

/// The notation of a line's bytes.
#[derive(Clone, Copy)]
enum Style {
    /// Pairs of hex digits, alone or in groups.
    Hex,
    /// Words of two bytes in hex, the lower byte first.
    HexWords,
    /// One byte a number in octal.
    Octal,
    /// Words of two bytes in octal, the lower byte first.
    OctalWords,
    /// Characters in cells of four, as od -c has them.
    Characters,
    /// One byte a number in decimal.
    Decimal,
    /// Words of four bytes in hex, the lowest byte first.
    HexQuads,
    /// One byte a number in binary.
    Binary,
}

const STYLES: [Style; 8] = [
    Style::Hex,
    Style::HexWords,
    Style::Octal,
    Style::OctalWords,
    Style::Characters,
    Style::Decimal,
    Style::HexQuads,
    Style::Binary,
];

/// The width of the words of four bytes on a line.
const QUADS: usize = 37;

/// The bytes that the dump shows.
pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    let lines: Vec<&str> = text.lines().skip_while(|line| offset(line).is_none()).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let tries = [16, 8, 10].into_iter().flat_map(|radix| STYLES.map(|style| (radix, style)));
    let mut found: Vec<Vec<u8>> = Vec::new();
    for (radix, style) in tries {
        let bytes = read(&lines, text.len().saturating_mul(GROWTH), radix, style)
            .filter(|bytes| bytes.len() > 4 && !found.contains(bytes));
        found.extend(bytes);
    }
    found
}

/// The offset of a line and what follows it, a colon as xxd has it included.
fn offset(line: &str) -> Option<(&str, &str)> {
    let end = line.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(line.len());
    let (offset, rest) = line.split_at(end);
    (offset.len() >= 4 && (rest.is_empty() || rest.starts_with([' ', '\t', ':']))).then_some((offset, rest))
}

fn read(lines: &[&str], most: usize, radix: u32, style: Style) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    let (mut squeezed, mut width) = (false, 0);
    for line in lines {
        if line.trim() == "*" {
            squeezed = true;
            continue;
        }
        let Some((at, rest)) = offset(line) else { break };
        let at = usize::from_str_radix(at, radix).ok().filter(|at| *at <= most)?;
        if squeezed {
            repeat(&mut out, width, at)?;
            squeezed = false;
        }
        // Spaces at the end of a line of characters get lost; half a word is padded with a zero.
        match style {
            Style::Characters if out.len() < at && at - out.len() < 16 => out.resize(at, b' '),
            Style::HexWords | Style::OctalWords if out.len() == at + 1 => out.truncate(at),
            Style::HexQuads if out.len() > at && out.len() < at + 4 => out.truncate(at),
            _ => {}
        }
        if out.len() != at {
            return None;
        }
        row(rest, style, &mut out)?;
        width = out.len() - at;
    }
    Some(out)
}

/// Repeats the last line until the offset: a star stands for lines like the one before.
fn repeat(out: &mut Vec<u8>, width: usize, to: usize) -> Option<()> {
    let line = out.get(out.len().checked_sub(width)?..)?.to_vec();
    while !line.is_empty() && out.len() < to {
        out.extend_from_slice(&line);
    }
    Some(())
}

fn row(rest: &str, style: Style, out: &mut Vec<u8>) -> Option<()> {
    let numbers = numbers(rest);
    let parse = |number: &str, radix| u16::from_str_radix(number, radix).ok();
    match style {
        Style::Characters => return characters(rest, out),
        Style::Hex => {
            for pair in numbers.flat_map(|number| number.as_bytes().chunks(2)) {
                let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
                out.push(u8::from_str_radix(pair, 16).ok()?);
            }
        }
        Style::Octal => {
            for number in numbers.filter(|number| number.len() == 3) {
                out.push(u8::try_from(parse(number, 8)?).ok()?);
            }
        }
        Style::Decimal => {
            for number in numbers {
                out.push(number.parse().ok()?);
            }
        }
        Style::HexQuads => {
            // The last word of xxd -e stands at the right of its column, before the text.
            let words = rest.trim_start_matches(':');
            for number in words.get(..QUADS).unwrap_or(words).split_ascii_whitespace() {
                let is_word = number.len() <= 8 && number.len() % 2 == 0;
                let word = u32::from_str_radix(number, 16).ok().filter(|_| is_word)?;
                out.extend(word.to_le_bytes().into_iter().take(number.len() / 2));
            }
        }
        Style::Binary => {
            for number in numbers {
                out.push(u8::from_str_radix(number, 2).ok().filter(|_| number.len() == 8)?);
            }
        }
        Style::HexWords => {
            for number in numbers {
                out.extend(parse(number, 16).filter(|_| number.len() == 4)?.to_le_bytes());
            }
        }
        Style::OctalWords => {
            for number in numbers {
                out.extend(parse(number, 8).filter(|_| number.len() == 6)?.to_le_bytes());
            }
        }
    }
    Some(())
}

/// The numbers of a line, without the characters that stand behind them.
fn numbers(rest: &str) -> impl Iterator<Item = &str> {
    let numbers = match rest.strip_prefix(':') {
        Some(rest) => rest.trim_start().split("  ").next(),
        None => rest.split(" |").next().and_then(|rest| rest.split(" >").next()),
    };
    numbers.unwrap_or_default().split_ascii_whitespace()
}

fn characters(rest: &str, out: &mut Vec<u8>) -> Option<()> {
    let cells: Vec<char> = rest.chars().collect();
    for cell in cells.chunks(4) {
        let text: String = cell.iter().collect();
        let word = text.trim_start();
        let byte = match word {
            "" if cell.len() == 4 => b' ',
            "" => continue,
            "\\0" => 0,
            "\\a" => 7,
            "\\b" => 8,
            "\\t" => b'\t',
            "\\n" => b'\n',
            "\\v" => 11,
            "\\f" => 12,
            "\\r" => b'\r',
            _ if word.len() == 1 => word.as_bytes()[0],
            _ => u8::from_str_radix(word, 8).ok().filter(|_| word.len() == 3)?,
        };
        out.push(byte);
    }
    Some(())
}

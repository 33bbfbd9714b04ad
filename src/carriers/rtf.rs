//! Rich text (RTF), as word processors and mail programs put it on the clipboard: its plain text.

/// Groups whose content is no text.
const HIDDEN: [&str; 8] = ["fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "expandedcolortbl"];

/// The characters of Windows-1252 at 0x80 and the 31 places behind it.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    let Some(start) = text.find("{\\rtf") else { return Vec::new() };
    let plain = Reader { text: &text[start..], at: 0, out: String::new(), hidden: vec![false], skip: 0 }.read();
    let (Some(start), Some(end)) = (plain.find(['{', '[']), plain.rfind(['}', ']'])) else { return Vec::new() };
    plain.get(start..=end).map(|inner| inner.as_bytes().to_vec()).into_iter().collect()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    out: String,
    /// True if each group that is open is hidden.
    hidden: Vec<bool>,
    /// The number of characters that repeat one that was written by its number.
    skip: usize,
}

impl Reader<'_> {
    fn read(mut self) -> String {
        while let Some(c) = self.text[self.at..].chars().next() {
            self.at += c.len_utf8();
            match c {
                '{' => {
                    let hidden = self.is_hidden();
                    self.hidden.push(hidden);
                }
                '}' => {
                    self.hidden.pop();
                    if self.hidden.len() <= 1 {
                        break;
                    }
                }
                '\\' => self.control(),
                '\r' | '\n' => {}
                c => self.put(c),
            }
        }
        self.out
    }

    fn is_hidden(&self) -> bool {
        self.hidden.last().copied().unwrap_or(true)
    }

    fn put(&mut self, c: char) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.is_hidden() {
            self.out.push(c);
        }
    }

    /// Reads the control word behind a backslash.
    fn control(&mut self) {
        let rest = &self.text[self.at..];
        let Some(c) = rest.chars().next() else { return };
        if !c.is_ascii_alphabetic() {
            self.at += c.len_utf8();
            match c {
                '\'' => {
                    let byte = rest.get(1..3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
                    self.at += if byte.is_some() { 2 } else { 0 };
                    byte.into_iter().for_each(|byte| self.put(windows(byte)));
                }
                '*' => self.hide(),
                '~' => self.put(' '),
                '\r' | '\n' => self.put('\n'),
                '\\' | '{' | '}' => self.put(c),
                _ => {}
            }
            return;
        }
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(letters);
        let digits = after.strip_prefix('-').unwrap_or(after);
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        let length = if count == 0 { 0 } else { after.len() - digits.len() + count };
        let value: Option<i32> = after[..length].parse().ok();
        self.at += letters + length;
        self.at += usize::from(self.text[self.at..].starts_with(' '));
        match word {
            "par" | "line" => self.put('\n'),
            "tab" => self.put('\t'),
            "ldblquote" => self.put('“'),
            "rdblquote" => self.put('”'),
            "lquote" => self.put('‘'),
            "rquote" => self.put('’'),
            "u" => {
                let point = value.and_then(|value| u32::try_from(if value < 0 { value + 65536 } else { value }).ok());
                point.and_then(char::from_u32).into_iter().for_each(|c| self.put(c));
                self.skip = 1;
            }
            word if HIDDEN.contains(&word) => self.hide(),
            _ => {}
        }
    }

    fn hide(&mut self) {
        if let Some(last) = self.hidden.last_mut() {
            *last = true;
        }
    }
}

fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS.chars().nth(usize::from(byte) - 0x80).unwrap_or(' '),
        byte => char::from(byte),
    }
}

//! Several words looked for in a text in one pass, in place of one pass for each.

/// Words to look for, by their first bytes.
pub(super) struct Scan<const N: usize> {
    words: [&'static str; N],
    starts: [u32; 256],
}

impl<const N: usize> Scan<N> {
    /// Words as they are written.
    pub const fn exact(words: [&'static str; N]) -> Self {
        Self { words, starts: starts(&words) }
    }

    /// True if one of the words is in the text.
    pub fn any(&self, text: &str) -> bool {
        self.first(text.as_bytes()).is_some()
    }

    fn first(&self, text: &[u8]) -> Option<usize> {
        (0..text.len()).find(|at| {
            let mut left = self.starts[usize::from(text[*at])];
            while left != 0 {
                let word = self.words[left.trailing_zeros() as usize].as_bytes();
                left &= left - 1;
                if text[*at..].starts_with(word) {
                    return true;
                }
            }
            false
        })
    }
}

const fn starts(words: &[&'static str]) -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < words.len() {
        let first = words[at].as_bytes()[0];
        table[first as usize] |= 1 << at;
        at += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_words_are_found_in_one_pass() {
        let exact = Scan::exact(["image:", "Image:"]);
        assert!(exact.any("a Image: b") && !exact.any("IMAGE: b") && !exact.any(""));
    }
}

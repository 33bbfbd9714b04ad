//! GGUF (ggml's `docs/gguf.md`): metadata by keys, then a description of each tensor, before the weights.
//!
//! An own reader: the maintained crates for GGUF come with a tensor library, or map whole files.

use std::collections::BTreeMap;

use super::Opened;
use super::head::{Head, Stop};
use crate::error::{Error, ErrorKind};
use crate::limits;

const MAGIC: &[u8] = b"GGUF";

/// Lists in lists: the format allows them, no model is known to use them.
const DEPTH: usize = 4;

/// The facts of a model by the beginning of its file.
///
/// # Errors
/// `unsupported-input` if it is no GGUF file of version 2 or 3.
pub fn read(bytes: &[u8]) -> Result<Opened, Error> {
    let mut model = Model::default();
    let stop = model.read(&mut Head::new(bytes)).err();
    if stop == Some(Stop::Broken) || !bytes.starts_with(MAGIC) {
        return Err(Error::new(ErrorKind::UnsupportedInput, "the bytes are no GGUF file of version 2 or 3"));
    }
    let mut opened = model.facts();
    if let Some(Stop::More(wants)) = stop {
        opened.wants = Some(wants);
    }
    Ok(opened)
}

#[derive(Default)]
struct Model {
    version: u32,
    tensors: u64,
    /// The values that are texts or integers.
    values: BTreeMap<String, Value>,
    parameters: u64,
    /// The number of weights that each type has.
    types: BTreeMap<u32, u64>,
    is_whole: bool,
}

enum Value {
    Text(String),
    Number(u64),
    /// A list, of which only the length is kept.
    List(u64),
    Other,
}

impl Model {
    fn read(&mut self, head: &mut Head<'_>) -> Result<(), Stop> {
        if head.take(4)? != MAGIC {
            return Err(Stop::Broken);
        }
        self.version = head.u32()?;
        if !(2..=3).contains(&self.version) {
            return Err(Stop::Broken);
        }
        self.tensors = head.u64()?;
        let count = head.u64()?;
        for _ in 0..count {
            let key = text(head)?;
            let kind = head.u32()?;
            let value = value(head, kind, 0)?;
            if key.len() <= limits::ARTIFACT_TEXT && self.values.len() < limits::ARTIFACT_ROWS {
                self.values.insert(key, value);
            }
        }
        for _ in 0..self.tensors {
            text(head)?;
            let dimensions = head.u32()?;
            if dimensions > 8 {
                return Err(Stop::Broken);
            }
            let mut weights = 1_u64;
            for _ in 0..dimensions {
                weights = weights.saturating_mul(head.u64()?);
            }
            let kind = head.u32()?;
            head.u64()?;
            self.parameters = self.parameters.saturating_add(weights);
            if self.types.len() < limits::ARTIFACT_ROWS || self.types.contains_key(&kind) {
                let sum = self.types.entry(kind).or_default();
                *sum = sum.saturating_add(weights);
            }
        }
        self.is_whole = true;
        Ok(())
    }

    fn facts(&self) -> Opened {
        let mut opened = Opened::default();
        let architecture = self.text("general.architecture");
        let own = |name: &str| self.number(&format!("{architecture}.{name}"));
        opened.put("format", format!("GGUF {}", self.version));
        opened.put("name", self.text("general.name"));
        opened.put("architecture", architecture);
        opened.put("sizeLabel", self.text("general.size_label"));
        if self.is_whole {
            opened.put("parameters", self.parameters.to_string());
        }
        opened.put("quantisation", self.quantisation());
        opened.put("tensors", self.tensors.to_string());
        opened.put("contextLength", own("context_length"));
        opened.put("embeddingLength", own("embedding_length"));
        opened.put("layers", own("block_count"));
        opened.put("experts", own("expert_count"));
        opened.put("vocabulary", self.number("tokenizer.ggml.tokens"));
        opened.put("tokenizer", self.text("tokenizer.ggml.model"));
        opened.put("licence", self.text("general.license"));
        opened
    }

    fn text(&self, key: &str) -> &str {
        match self.values.get(key) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    fn number(&self, key: &str) -> String {
        match self.values.get(key) {
            Some(Value::Number(number) | Value::List(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// As the file says; else the type that most weights have.
    fn quantisation(&self) -> String {
        if let Some(Value::Number(kind)) = self.values.get("general.file_type")
            && let Some((_, name)) = FILE_TYPES.iter().find(|(known, _)| known == kind)
        {
            return (*name).to_owned();
        }
        let most = self.types.iter().max_by_key(|(_, weights)| **weights).filter(|_| self.is_whole);
        let named =
            |kind: u32| TENSOR_TYPES.iter().find(|(known, _)| *known == kind).map(|(_, name)| (*name).to_owned());
        most.map(|(kind, _)| named(*kind).unwrap_or_else(|| kind.to_string())).unwrap_or_default()
    }
}

fn text(head: &mut Head<'_>) -> Result<String, Stop> {
    let length = head.u64()?;
    let bytes = head.take(length)?;
    // Longer texts are shown nowhere, so their rest is not copied.
    Ok(String::from_utf8_lossy(bytes.get(..4 * limits::ARTIFACT_TEXT).unwrap_or(bytes)).into_owned())
}

fn value(head: &mut Head<'_>, kind: u32, depth: usize) -> Result<Value, Stop> {
    const TEXT: u32 = 8;
    const LIST: u32 = 9;
    if let Some(size) = size(kind) {
        let mut number = [0; 8];
        for (to, from) in number.iter_mut().zip(head.take(size)?) {
            *to = *from;
        }
        let is_whole = matches!(kind, 0 | 2 | 4 | 10) || matches!(kind, 1 | 3 | 5 | 11) && !is_negative(kind, number);
        return Ok(if is_whole { Value::Number(u64::from_le_bytes(number)) } else { Value::Other });
    }
    match kind {
        TEXT => text(head).map(Value::Text),
        LIST if depth < DEPTH => {
            let inner = head.u32()?;
            let length = head.u64()?;
            match size(inner) {
                Some(size) => {
                    head.take(length.checked_mul(size).ok_or(Stop::Broken)?)?;
                }
                None if inner == TEXT => {
                    for _ in 0..length {
                        let length = head.u64()?;
                        head.take(length)?;
                    }
                }
                None => {
                    for _ in 0..length {
                        value(head, inner, depth + 1)?;
                    }
                }
            }
            Ok(Value::List(length))
        }
        _ => Err(Stop::Broken),
    }
}

fn is_negative(kind: u32, number: [u8; 8]) -> bool {
    size(kind).and_then(|size| number.get(usize::try_from(size).ok()? - 1)).is_some_and(|last| last & 0x80 != 0)
}

/// The bytes of a number of that type.
fn size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// `general.file_type` (ggml's `llama_ftype`).
const FILE_TYPES: [(u64, &str); 32] = [
    (0, "F32"),
    (1, "F16"),
    (2, "Q4_0"),
    (3, "Q4_1"),
    (7, "Q8_0"),
    (8, "Q5_0"),
    (9, "Q5_1"),
    (10, "Q2_K"),
    (11, "Q3_K_S"),
    (12, "Q3_K_M"),
    (13, "Q3_K_L"),
    (14, "Q4_K_S"),
    (15, "Q4_K_M"),
    (16, "Q5_K_S"),
    (17, "Q5_K_M"),
    (18, "Q6_K"),
    (19, "IQ2_XXS"),
    (20, "IQ2_XS"),
    (21, "Q2_K_S"),
    (22, "IQ3_XS"),
    (23, "IQ3_XXS"),
    (24, "IQ1_S"),
    (25, "IQ4_NL"),
    (26, "IQ3_S"),
    (27, "IQ3_M"),
    (28, "IQ2_S"),
    (29, "IQ2_M"),
    (30, "IQ4_XS"),
    (31, "IQ1_M"),
    (32, "BF16"),
    (36, "TQ1_0"),
    (37, "TQ2_0"),
];

/// The type of a tensor (`ggml_type`).
const TENSOR_TYPES: [(u32, &str); 26] = [
    (0, "F32"),
    (1, "F16"),
    (2, "Q4_0"),
    (3, "Q4_1"),
    (6, "Q5_0"),
    (7, "Q5_1"),
    (8, "Q8_0"),
    (9, "Q8_1"),
    (10, "Q2_K"),
    (11, "Q3_K"),
    (12, "Q4_K"),
    (13, "Q5_K"),
    (14, "Q6_K"),
    (15, "Q8_K"),
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (20, "IQ4_NL"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (23, "IQ4_XS"),
    (24, "I8"),
    (28, "F64"),
    (29, "IQ1_M"),
    (30, "BF16"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn put_text(to: &mut Vec<u8>, text: &str) {
        to.extend((text.len() as u64).to_le_bytes());
        to.extend(text.as_bytes());
    }

    fn model() -> Vec<u8> {
        let mut file = b"GGUF\x03\0\0\0".to_vec();
        file.extend(2_u64.to_le_bytes());
        file.extend(5_u64.to_le_bytes());
        for (key, value) in [("general.architecture", "llama"), ("general.name", "Tiny")] {
            put_text(&mut file, key);
            file.extend(8_u32.to_le_bytes());
            put_text(&mut file, value);
        }
        for (key, value) in [("general.file_type", 15_u32), ("llama.context_length", 4096)] {
            put_text(&mut file, key);
            file.extend(4_u32.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        put_text(&mut file, "tokenizer.ggml.tokens");
        file.extend(9_u32.to_le_bytes());
        file.extend(8_u32.to_le_bytes());
        file.extend(3_u64.to_le_bytes());
        for token in ["a", "bb", ""] {
            put_text(&mut file, token);
        }
        for name in ["w", "v"] {
            put_text(&mut file, name);
            file.extend(2_u32.to_le_bytes());
            file.extend(10_u64.to_le_bytes());
            file.extend(20_u64.to_le_bytes());
            file.extend(12_u32.to_le_bytes());
            file.extend(0_u64.to_le_bytes());
        }
        file
    }

    fn fact<'a>(opened: &'a Opened, name: &str) -> Option<&'a str> {
        opened.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str())
    }

    #[test]
    fn a_models_facts_are_in_its_head() {
        let opened = read(&model()).unwrap();
        for (name, value) in [
            ("format", "GGUF 3"),
            ("name", "Tiny"),
            ("architecture", "llama"),
            ("parameters", "400"),
            ("quantisation", "Q4_K_M"),
            ("tensors", "2"),
            ("contextLength", "4096"),
            ("vocabulary", "3"),
        ] {
            assert_eq!(fact(&opened, name), Some(value), "{name}");
        }
        assert_eq!(opened.wants, None);
    }

    #[test]
    fn a_head_that_is_cut_off_says_how_much_it_wants() {
        let whole = model();
        for length in 0..whole.len() {
            let opened = read(&whole[..length]);
            if length < 4 {
                assert!(opened.is_err());
                continue;
            }
            let opened = opened.unwrap();
            let wants = opened.wants.unwrap();
            assert!(wants > length as u64 && wants <= whole.len() as u64, "{length}: {wants}");
            assert_eq!(fact(&opened, "parameters"), None);
        }
    }

    #[test]
    fn lies_about_lengths_end_at_once() {
        let head = |count: u64, rest: &[u8]| {
            let mut file = b"GGUF\x03\0\0\0".to_vec();
            file.extend(0_u64.to_le_bytes());
            file.extend(count.to_le_bytes());
            file.extend(rest);
            read(&file)
        };
        let endless = head(u64::MAX, &[0xff; 64]);
        assert_eq!(endless.unwrap_err().code(), "unsupported-input", "a length beyond 64 bits");
        let mut list = Vec::new();
        put_text(&mut list, "k");
        for _ in 0..10 {
            list.extend(9_u32.to_le_bytes());
        }
        list.extend([1; 200]);
        assert!(head(1, &list).is_err() || head(1, &list).unwrap().wants.is_some());
        let mut numbers = Vec::new();
        put_text(&mut numbers, "k");
        numbers.extend(9_u32.to_le_bytes());
        numbers.extend(10_u32.to_le_bytes());
        numbers.extend((u64::MAX / 2).to_le_bytes());
        assert!(head(1, &numbers).is_err());
        for bytes in [&b""[..], b"GGUF\x01\0\0\0", b"GGUF\0\0\0\x03", b"GGML\x03\0\0\0"] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }
}

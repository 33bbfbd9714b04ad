//! safetensors: the length of a header, and the header as JSON: name, type, shape and place of each tensor.
//!
//! The format's own crate reads a file that is there whole; here only its beginning is.

use std::collections::BTreeMap;

use super::Opened;
use super::head::{Head, Stop};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::limits;

/// The facts of a model by the beginning of its file, which has `size` bytes if that is known.
///
/// # Errors
/// `unsupported-input` if it is no safetensors file, `limit-exceeded` if its header is longer than is read.
pub fn read(bytes: &[u8], size: Option<u64>) -> Result<Opened, Error> {
    let broken = || Error::new(ErrorKind::UnsupportedInput, "the bytes are no safetensors file");
    let mut head = Head::new(bytes);
    let length = match head.u64() {
        Ok(length) => length,
        Err(_) if bytes.is_empty() => return Err(broken()),
        Err(_) => return Ok(wanting(8)),
    };
    // The format allows 100 MB; a list of 100,000 tensors has 15.
    if !(2..=100_000_000).contains(&length) || bytes.get(8).is_some_and(|first| *first != b'{') {
        return Err(broken());
    }
    if length > limits::ARTIFACT_HEAD_BYTES as u64 - 8 {
        let why = format!("the header has {length} bytes, of which {} are read", limits::ARTIFACT_HEAD_BYTES);
        return Err(Error::new(ErrorKind::LimitExceeded, why));
    }
    let header = match head.take(length) {
        Ok(header) => header,
        Err(Stop::More(wants)) => return Ok(wanting(wants)),
        Err(Stop::Broken) => return Err(broken()),
    };
    let parsed = json::parse_part(header.trim_ascii_end(), broken)?;
    let members = parsed.root.as_object().ok_or_else(broken)?;
    let (mut opened, mut metadata) = (Opened::default(), None);
    let (mut tensors, mut parameters, mut end) = (0_u64, 0_u64, 0_u64);
    let mut types = BTreeMap::<String, u64>::new();
    for member in members {
        if &*member.name == "__metadata__" {
            metadata = Some(&member.value);
            continue;
        }
        let tensor = Tensor::of(&member.value).ok_or_else(broken)?;
        tensors += 1;
        parameters = parameters.saturating_add(tensor.weights);
        end = end.max(tensor.end);
        if types.len() < limits::ARTIFACT_ROWS || types.contains_key(&tensor.kind) {
            let sum = types.entry(tensor.kind).or_default();
            *sum = sum.saturating_add(tensor.weights);
        }
    }
    let said = |name: &str| metadata.and_then(|one| one.get(name)).and_then(Json::as_str).unwrap_or_default();
    opened.put("format", "safetensors");
    opened.put("name", said("modelspec.title"));
    opened.put("architecture", said("modelspec.architecture"));
    opened.put("parameters", parameters.to_string());
    let mut types: Vec<_> = types.into_iter().collect();
    types.sort_by_key(|(_, weights)| std::cmp::Reverse(*weights));
    opened.put("quantisation", types.iter().take(8).map(|(kind, _)| kind.as_str()).collect::<Vec<_>>().join(", "));
    opened.put("tensors", tensors.to_string());
    opened.put("framework", said("format"));
    opened.put("licence", said("modelspec.license"));
    // Weights that end elsewhere than the file: other tools refuse it.
    if size.is_some_and(|size| end.checked_add(8 + length) != Some(size)) {
        opened.put("endsElsewhere", (end.saturating_add(8 + length)).to_string());
    }
    Ok(opened)
}

fn wanting(bytes: u64) -> Opened {
    Opened { wants: Some(bytes), ..Opened::default() }
}

struct Tensor {
    kind: String,
    weights: u64,
    end: u64,
}

impl Tensor {
    fn of(one: &Json) -> Option<Self> {
        let number = |one: &Json| one.as_i64().and_then(|number| u64::try_from(number).ok());
        let shape = one.get("shape")?.as_array()?.iter().map(number);
        let weights = shape.collect::<Option<Vec<_>>>()?.into_iter().fold(1_u64, u64::saturating_mul);
        let place = one.get("data_offsets")?.as_array()?;
        let (from, to) = (number(place.first()?)?, number(place.get(1)?)?);
        let kind = one.get("dtype")?.as_str()?.chars().take(16).collect();
        (from <= to && place.len() == 2).then_some(Self { kind, weights, end: to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: usize) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &vec![0; data]].concat()
    }

    const HEADER: &str = r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}  "#;

    fn facts(opened: &Opened) -> Vec<(&str, &str)> {
        opened.facts.iter().map(|fact| (fact.name, fact.value.as_str())).collect()
    }

    #[test]
    fn a_models_facts_are_in_its_header() {
        let whole = file(HEADER, 16);
        let opened = read(&whole, Some(whole.len() as u64)).unwrap();
        let expected = [
            ("format", "safetensors"),
            ("parameters", "7"),
            ("quantisation", "BF16, F32"),
            ("tensors", "2"),
            ("framework", "pt"),
        ];
        assert_eq!(facts(&opened), expected);
        let short = read(&whole, Some(whole.len() as u64 - 1)).unwrap();
        assert_eq!(facts(&short).last().unwrap().0, "endsElsewhere");
        assert_eq!(read(&whole[..8 + HEADER.len()], None).unwrap().facts, opened.facts);
    }

    #[test]
    fn a_header_that_is_cut_off_says_how_much_it_wants() {
        let whole = file(HEADER, 0);
        assert_eq!(read(&whole[..3], None).unwrap().wants, Some(8));
        assert_eq!(read(&whole[..20], None).unwrap().wants, Some(whole.len() as u64));
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for (bytes, code) in [
            (Vec::new(), "unsupported-input"),
            (vec![0xff; 40], "unsupported-input"),
            (file("[]", 0), "unsupported-input"),
            (file(r#"{"a":1}"#, 0), "unsupported-input"),
            (file(r#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 0), "unsupported-input"),
            (file(r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 0), "unsupported-input"),
            (file(&format!("{{\"a\":{}", "[".repeat(200)), 0), "limit-exceeded"),
            ([&90_000_000_u64.to_le_bytes()[..], b"{"].concat(), "limit-exceeded"),
        ] {
            assert_eq!(read(&bytes, None).unwrap_err().code(), code, "{bytes:?}");
        }
    }
}

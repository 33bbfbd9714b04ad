//! Envelopes and bundles -> the document in them.

use base64ct::{Base64, Base64Url, Encoding};
use serde::{Deserialize, Serialize};

use super::unread;
use crate::error::{Error, ErrorKind};
use crate::say::say;

/// The envelope of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrap {
    /// A Sigstore bundle.
    Bundle,
    /// A DSSE envelope.
    Dsse,
}

pub(super) struct Unwrapped {
    pub(super) bytes: Vec<u8>,
    pub(super) wraps: Vec<Wrap>,
}

/// The depth to which envelopes lie in envelopes: a bundle holds one.
const DEEPEST: usize = 3;

#[derive(Deserialize)]
struct Outer {
    #[serde(rename = "dsseEnvelope", default)]
    envelope: Option<Envelope>,
    #[serde(default)]
    payload: Option<String>,
    #[serde(default)]
    signatures: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Envelope {
    payload: String,
}

/// The innermost document.
pub(super) fn unwrap(bytes: &[u8]) -> Result<Unwrapped, Error> {
    let mut found = Unwrapped { bytes: first_line(bytes).to_vec(), wraps: Vec::new() };
    for _ in 0..DEEPEST {
        let Ok(outer) = serde_json::from_slice::<Outer>(&found.bytes) else { break };
        let payload = match (outer.envelope, outer.payload, outer.signatures) {
            (Some(envelope), ..) => {
                found.wraps.extend([Wrap::Bundle, Wrap::Dsse]);
                envelope.payload
            }
            (None, Some(payload), Some(_)) => {
                found.wraps.push(Wrap::Dsse);
                payload
            }
            _ => break,
        };
        found.bytes = decoded(&payload)?;
    }
    Ok(found)
}

/// Several envelopes stand a line each in `.jsonl`: the first is read.
fn first_line(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_whole = line.len() < bytes.len() && line.starts_with(b"{") && serde_json::from_slice::<Outer>(line).is_ok();
    if is_whole { line } else { bytes }
}

fn decoded(payload: &str) -> Result<Vec<u8>, Error> {
    let decoded = Base64::decode_vec(payload).or_else(|_| Base64Url::decode_vec(payload));
    decoded.map_err(|_| {
        Error::new(ErrorKind::UnsupportedInput, say!("payload-not-base64", "the envelope's payload is not base64"))
    })
}

/// For those who have a predicate only.
impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        unread(&error)
    }
}

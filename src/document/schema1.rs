//! Verified -> Document. Docker's schema 1 manifest, whose digest is that of its payload without signatures.

use base64ct::{Base64UrlUnpadded, Encoding as _};

use crate::digest::{Algorithm, Digest};
use crate::document::config::{HistoryLine, command, text};
use crate::json::{self, Json, Parsed};
use crate::limits;
use crate::say::{Said, Word, say};
use crate::secrets;

/// The gzipped empty tar that every line of history without files points at.
pub(crate) const EMPTY_LAYER: &str = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";

/// A Docker schema 1 manifest, signed (JWS) or not. The document lists newest first; this type lists oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema1 {
    /// `name`: the repository.
    pub name: String,
    /// `tag`.
    pub tag: String,
    /// `architecture`.
    pub architecture: String,
    /// `fsLayers[].blobSum`, oldest first, as written.
    pub layers: Vec<String>,
    /// `history[].v1Compatibility`, oldest first; a line without files is an empty layer.
    pub history: Vec<HistoryLine>,
    /// The number of signatures.
    pub signatures: usize,
    /// The digest of the signed payload: what registries and references call this manifest's digest.
    /// `None` if there is no signature, or no payload can be restored from what is there.
    pub payload_digest: Option<Digest>,
}

impl Schema1 {
    /// Reads what the digest proves: the signed payload if there is one, else the whole document.
    pub(super) fn read(root: &Json, signed: Option<&Signed>) -> Self {
        let proved = signed.and_then(|signed| signed.parsed.as_ref()).map_or(root, |parsed| &parsed.root);
        let text_of = |name: &str| proved.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let layers = elements(proved, "fsLayers");
        let layers: Vec<String> = layers.map(|layer| text(layer, "blobSum").unwrap_or_default()).collect();
        let history = elements(proved, "history").enumerate();
        let mut history: Vec<HistoryLine> =
            history.map(|(index, line)| history_line(line, layers.get(index).map(String::as_str))).collect();
        history.reverse();
        Self {
            name: text_of("name"),
            tag: text_of("tag"),
            architecture: text_of("architecture"),
            layers: layers.into_iter().rev().collect(),
            history,
            signatures: root.key("signatures").and_then(Json::as_array).map_or(0, <[Json]>::len),
            payload_digest: signed.map(|signed| Algorithm::Sha256.digest(&signed.payload)),
        }
    }
}

/// The payload of a signed manifest: the part that was signed, and that its digest is over.
pub(crate) struct Signed {
    /// The document's first `formatLength` bytes and `formatTail`.
    pub(crate) payload: Vec<u8>,
    /// The payload as JSON, if it is.
    pub(crate) parsed: Option<Parsed>,
    /// The number of the document's bytes that are in the payload, from the first byte of the JSON.
    pub(crate) length: usize,
    /// True if `formatLength` is more than there is, as in the example of Docker's specification.
    pub(crate) is_short: bool,
}

impl Signed {
    /// Restores the payload; `None` without signatures.
    ///
    /// # Errors
    /// Says which part of the signatures is malformed.
    pub(crate) fn read(root: &Json, bytes: &[u8]) -> Result<Option<Self>, Said> {
        // libtrust reads the document and the protected header as maps, so these keys are exact.
        let Some(signatures) = root.key("signatures").filter(|signatures| !signatures.is_null()) else {
            return Ok(None);
        };
        let Some(signatures) = signatures.as_array() else {
            return Err(say!(
                "signatures-no-array",
                "\"signatures\" is {actual}, not an array",
                actual = Word::plain(signatures.type_name())
            ));
        };
        let mut agreed = None;
        for (index, signature) in signatures.iter().enumerate() {
            let format = Format::read(signature)
                .map_err(|why| say!("signature-malformed", "signature {index}: {why}", index, why))?;
            if agreed.as_ref().is_some_and(|agreed| *agreed != format) {
                return Err(say!(
                    "payloads-differ",
                    "signature {index} is over another payload than signature 0",
                    index
                ));
            }
            agreed = Some(format);
        }
        Ok(agreed.map(|format| Self::restore(bytes.get(root.span.start..).unwrap_or_default(), &format)))
    }

    fn restore(document: &[u8], format: &Format) -> Self {
        let length = format.length.min(document.len());
        let payload = [&document[..length], &format.tail].concat();
        let parsed = json::parse(&payload).ok();
        Self { payload, parsed, length, is_short: format.length > document.len() }
    }
}

/// The length and the tail of the payload, by the `protected` header of a signature (libtrust's JSON signature).
#[derive(PartialEq)]
struct Format {
    length: usize,
    tail: Vec<u8>,
}

impl Format {
    fn read(signature: &Json) -> Result<Self, Said> {
        let protected = signature.get("protected").and_then(Json::as_str);
        let protected = protected.ok_or_else(|| say!("no-protected", "it has no \"protected\" header"))?;
        let protected = base64url(protected)
            .ok_or_else(|| say!("protected-not-base64url", "its \"protected\" header is not base64url"))?;
        let protected = json::parse(&protected)
            .map_err(|_| say!("protected-not-json", "its \"protected\" header is not JSON"))?
            .root;
        let length = protected.key("formatLength").and_then(Json::as_i64).and_then(|n| usize::try_from(n).ok());
        let tail = protected.key("formatTail").and_then(Json::as_str).and_then(base64url);
        Ok(Self {
            length: length.ok_or_else(|| say!("format-length", "its \"formatLength\" is not a count of bytes"))?,
            tail: tail.ok_or_else(|| say!("format-tail", "its \"formatTail\" is not base64url"))?,
        })
    }
}

/// base64url with or without padding, as JWS has it.
pub(crate) fn base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text.trim_end_matches('=')).ok()
}

fn elements<'a>(root: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    root.get(name).and_then(Json::as_array).unwrap_or_default().iter().take(limits::DOCUMENT_NODES)
}

/// A line of history from the text of JSON that Docker 1.9 and older kept for each layer.
fn history_line(line: &Json, layer: Option<&str>) -> HistoryLine {
    let compatibility = line.get("v1Compatibility").and_then(Json::as_str).unwrap_or_default();
    let Ok(parsed) = json::parse(compatibility.as_bytes()) else { return HistoryLine::default() };
    let line = &parsed.root;
    let command = line.get("container_config").and_then(|config| command(config, "Cmd"));
    let throwaway = line.get("throwaway").and_then(Json::as_bool).unwrap_or_default();
    let command = command.map(|words| words.join(" ")).filter(|command| !command.is_empty());
    HistoryLine {
        created: text(line, "created"),
        secret: command.as_deref().is_some_and(|command| secrets::in_command(command).is_some()),
        created_by: command,
        author: text(line, "author"),
        comment: text(line, "comment"),
        empty_layer: throwaway || layer == Some(EMPTY_LAYER),
        layer: None,
    }
}

//! Line: Verified -> Document. Docker's schema 1 manifest, whose digest is that of its payload without signatures.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::digest::{Algorithm, Digest};
use crate::document::config::{HistoryLine, command, text};
use crate::json::{self, Json, Object};
use crate::limits;

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
    /// How many signatures there are.
    pub signatures: usize,
    /// The digest of the signed payload: what registries and references call this manifest's digest.
    /// `None` where there is no signature, or no payload can be restored from what is there.
    pub payload_digest: Option<Digest>,
}

impl Schema1 {
    pub(super) fn read(root: &Json, members: &Object, bytes: &[u8]) -> Self {
        let text_of = |name: &str| members.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let layers = elements(members, "fsLayers");
        let layers: Vec<String> = layers.map(|layer| text(layer, "blobSum").unwrap_or_default()).collect();
        let history = elements(members, "history").enumerate();
        let mut history: Vec<HistoryLine> =
            history.map(|(index, line)| history_line(line, layers.get(index).map(String::as_str))).collect();
        history.reverse();
        Self {
            name: text_of("name"),
            tag: text_of("tag"),
            architecture: text_of("architecture"),
            layers: layers.into_iter().rev().collect(),
            history,
            signatures: members.get("signatures").and_then(Json::as_array).map_or(0, <[Json]>::len),
            payload_digest: payload(root, bytes).ok().flatten().map(|payload| Algorithm::Sha256.digest(&payload)),
        }
    }
}

/// The bytes that were signed: the document's first `formatLength` bytes and `formatTail`; `None` without signatures.
///
/// # Errors
/// A sentence that says which part of the signatures is malformed.
pub(crate) fn payload(root: &Json, bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let Some(signatures) = root.get("signatures").filter(|signatures| !signatures.is_null()) else { return Ok(None) };
    let Some(signatures) = signatures.as_array() else {
        return Err(format!("\"signatures\" is {}, not an array", signatures.type_name()));
    };
    let document = bytes.get(root.span.clone()).unwrap_or_default();
    let mut agreed = None;
    for (index, signature) in signatures.iter().enumerate() {
        let format = Format::read(signature, document.len()).map_err(|why| format!("signature {index}: {why}"))?;
        if agreed.as_ref().is_some_and(|agreed| *agreed != format) {
            return Err(format!("signature {index} is over another payload than signature 0"));
        }
        agreed = Some(format);
    }
    Ok(agreed.map(|format| [&document[..format.length], &format.tail].concat()))
}

/// What the `protected` header of a signature says about the payload (libtrust's JSON signature).
#[derive(PartialEq)]
struct Format {
    length: usize,
    tail: Vec<u8>,
}

impl Format {
    fn read(signature: &Json, available: usize) -> Result<Self, String> {
        let protected = signature.get("protected").and_then(Json::as_str).ok_or("it has no \"protected\" header")?;
        let protected = base64url(protected).ok_or("its \"protected\" header is not base64url")?;
        let protected = json::parse(&protected).map_err(|_| "its \"protected\" header is not JSON")?.root;
        let length = protected.get("formatLength").and_then(Json::as_i64).and_then(|n| usize::try_from(n).ok());
        let length = length.ok_or("its \"formatLength\" is not a count of bytes")?;
        if length > available {
            return Err(format!("its \"formatLength\" is {length}, but the document has {available} bytes"));
        }
        let tail = protected.get("formatTail").and_then(Json::as_str).and_then(base64url);
        Ok(Self { length, tail: tail.ok_or("its \"formatTail\" is not base64url")? })
    }
}

/// base64url with or without padding, as JWS has it.
pub(crate) fn base64url(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&URL_SAFE, CONFIG).decode(text).ok()
}

fn elements<'a>(members: &'a Object, name: &str) -> impl Iterator<Item = &'a Json> {
    members.get(name).and_then(Json::as_array).unwrap_or_default().iter().take(limits::DOCUMENT_NODES)
}

/// A line of history from the text of JSON that Docker 1.9 and older kept for each layer.
fn history_line(line: &Json, layer: Option<&str>) -> HistoryLine {
    let compatibility = line.get("v1Compatibility").and_then(Json::as_str).unwrap_or_default();
    let Ok(parsed) = json::parse(compatibility.as_bytes()) else { return HistoryLine::default() };
    let line = &parsed.root;
    let command = line.get("container_config").and_then(|config| command(config, "Cmd"));
    let throwaway = line.get("throwaway").and_then(Json::as_bool).unwrap_or_default();
    HistoryLine {
        created: text(line, "created"),
        created_by: command.map(|words| words.join(" ")).filter(|command| !command.is_empty()),
        author: text(line, "author"),
        comment: text(line, "comment"),
        empty_layer: throwaway || layer == Some(EMPTY_LAYER),
        layer: None,
    }
}

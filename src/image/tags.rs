//! Resolves tags by `HEAD`, and reads their manifests on demand. Without the consent of the caller no pull is counted.

use crate::digest::{Digest, Source, Verified};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::limits;
use crate::platform::Platform;
use crate::registry::{Client, Fetched, Name, TagOrDigest, Transport};

/// A tag and what it names.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagRow {
    /// The tag.
    pub tag: String,
    /// The digest: a claim of the registry, computed if the manifest was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The media type of the manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The compressed size of an image of one platform, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// When the image says that it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The platforms, `linux/amd64`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platforms: Option<Vec<String>>,
    /// Why something is not known, by a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The same in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The facts that are asked of a tag.
#[derive(Clone, Copy, Debug, Default)]
pub struct TagWish {
    /// The manifest, and the config of a single image.
    pub details: bool,
    /// The caller agrees that the registry counts this as a pull.
    pub counted: bool,
    /// One request is all that is left: no manifest is read, even if the registry names no digest.
    pub head: bool,
}

/// Asks what a tag names.
///
/// # Errors
/// Only `aborted`: every other failure is in the row.
pub async fn resolve_tag<T: Transport>(
    client: &Client<T>,
    name: &Name,
    tag: &str,
    wish: TagWish,
) -> Result<TagRow, Error> {
    let row = TagRow { tag: tag.to_owned(), ..TagRow::default() };
    let served = match client.served(name, &TagOrDigest::Tag(tag.to_owned())).await {
        Err(error) => return failed(row, &error),
        Ok(None) => return Ok(because(row, "not-found", "the registry has no such tag")),
        Ok(Some(served)) => served,
    };
    let said = served.digest.as_deref().and_then(|text| Digest::parse(text).ok());
    let row = TagRow { digest: said.as_ref().map(ToString::to_string), media_type: served.media_type, ..row };
    if said.is_some() && !wish.details {
        return Ok(row);
    }
    if name.counts_pulls() && !wish.counted {
        return Ok(because(row, "counted-pull", "reading the manifest would count as a pull"));
    }
    if wish.head {
        return Ok(because(row, "max-requests", "reading the manifest would be a request more than agreed"));
    }
    let target = said.clone().map_or_else(|| TagOrDigest::Tag(tag.to_owned()), TagOrDigest::Digest);
    match client.manifest(name, &target).await {
        Err(error) => failed(row, &error),
        Ok(fetched) => with_manifest(client, name, row, said, &fetched, wish).await,
    }
}

async fn with_manifest<T: Transport>(
    client: &Client<T>,
    name: &Name,
    row: TagRow,
    said: Option<Digest>,
    fetched: &Fetched,
    wish: TagWish,
) -> Result<TagRow, Error> {
    let verified = match said {
        Some(digest) => Verified::against(fetched.bytes.clone(), digest, Source::Header),
        None => Verified::compute(fetched.bytes.clone()),
    };
    if verified.matches() == Some(false) {
        return Ok(because(row, "digest-mismatch", "the manifest has not the digest that the registry names"));
    }
    let row = TagRow { digest: Some(verified.digest().to_string()), ..row };
    let Some(document) = json::parse(verified.bytes()).ok().map(|parsed| parsed.root).filter(|_| wish.details) else {
        return Ok(row);
    };
    if let Some(entries) = document.get("manifests").and_then(Json::as_array) {
        let platforms = entries.iter().filter_map(|entry| platform(entry.get("platform")?)).collect();
        return Ok(TagRow { platforms: Some(platforms), ..row });
    }
    let layers = document.get("layers").and_then(Json::as_array).unwrap_or_default();
    let size = layers.iter().filter_map(|layer| u64::try_from(layer.get("size")?.as_i64()?).ok());
    let row = TagRow { size: Some(size.fold(0, u64::saturating_add)), ..row };
    let digest = document.get("config").and_then(|config| config.get("digest")).and_then(Json::as_str);
    let Some(digest) = digest.and_then(|text| Digest::parse(text).ok()) else { return Ok(row) };
    match client.blob(name, &digest, limits::CONFIG_BYTES).await {
        Err(error) => failed(row, &error),
        Ok(config) => Ok(with_config(row, digest, &config)),
    }
}

fn with_config(row: TagRow, digest: Digest, config: &Fetched) -> TagRow {
    let verified = Verified::against(config.bytes.clone(), digest, Source::Descriptor);
    if verified.matches() != Some(true) {
        return because(row, "digest-mismatch", "the config has not the digest that the manifest names");
    }
    let Ok(parsed) = json::parse(verified.bytes()) else { return row };
    let created = parsed.root.get("created").and_then(Json::as_str).map(str::to_owned);
    TagRow { created, platforms: platform(&parsed.root).map(|own| vec![own]), ..row }
}

/// `linux/arm64/v8`; nothing of an attestation, whose platform is unknown.
fn platform(from: &Json) -> Option<String> {
    let own = Platform { os_version: None, ..Platform::read(from.as_object()?) };
    let is_known = own.os != "unknown" || own.architecture != "unknown";
    (is_known && !own.os.is_empty() && !own.architecture.is_empty()).then(|| own.to_string())
}

fn failed(row: TagRow, error: &Error) -> Result<TagRow, Error> {
    if error.kind() == ErrorKind::Aborted {
        return Err(error.clone());
    }
    Ok(because(row, error.code(), &error.to_string()))
}

fn because(row: TagRow, why: &str, message: &str) -> TagRow {
    TagRow { why: Some(why.to_owned()), message: Some(message.to_owned()), ..row }
}

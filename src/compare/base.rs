//! The image that another is built on: who says so, and whether the layers prove it.

use serde::Serialize;

use super::side::{Given, Side, ancestors};
use crate::carriers::percent::decoded;
use crate::error::Error;
use crate::json::Json;

/// One answer to "what is it built on".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Base {
    /// The source of the claim.
    pub by: By,
    /// The outcome of holding the layers against it.
    pub state: BaseState,
    /// The name of the base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its digest: of an index or of a manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The number of layers that it has, if these are the first of the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<usize>,
}

/// The places that name a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// In the annotations of the manifest.
    Manifest,
    /// In those of the index.
    Index,
    /// In the labels of the config.
    Label,
    /// Among the materials of its provenance.
    Provenance,
    /// By the user, who has named an image.
    User,
}

/// The outcome for a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaseState {
    /// It is said and was not held against layers.
    Claimed,
    /// The DiffIDs of the base are the first of the image, in configs that were hashed.
    Proved,
    /// The DiffIDs of the image begin otherwise.
    Refuted,
}

const NAME: &str = "org.opencontainers.image.base.name";
const DIGEST: &str = "org.opencontainers.image.base.digest";

/// Materials that BuildKit lists beside bases: what parses the Dockerfile, what writes the list of packages.
const TOOLS: [&str; 4] =
    ["docker/dockerfile", "docker/dockerfile-upstream", "docker/buildkit-syft-scanner", "moby/buildkit"];

/// The most claims that are taken over.
const MOST: usize = 64;

/// The bases that an image names, `materials` being those of its provenance; with the image that the user names, whether
/// that is one. Equal claims of one place stand once.
///
/// # Errors
/// As [`Side::of`].
pub fn bases(given: &Given, materials: &[String], candidate: Option<&Given>) -> Result<Vec<Base>, Error> {
    let image = Side::of(given)?;
    let candidate = candidate.map(|given| Ok::<_, Error>((given, Side::of(given)?))).transpose()?;
    let mut found = Vec::new();
    for (at, node) in ancestors(given, image.image).into_iter().enumerate() {
        named(&node.annotations, if at == 0 { By::Manifest } else { By::Index }, &mut found);
    }
    named(image.config.map(|node| node.labels.as_slice()).unwrap_or_default(), By::Label, &mut found);
    found.extend(materials.iter().filter_map(|text| material(text)));
    found.truncate(MOST);
    if let Some((given, base)) = candidate {
        let (state, layers) = held(&image, &base);
        let is_meant = |claim: &Base| {
            let digests = ancestors(given, base.image).into_iter().filter_map(|node| node.digest.as_deref());
            claim.digest.as_deref().is_some_and(|digest| digests.into_iter().any(|own| own == digest))
        };
        for claim in found.iter_mut().filter(|claim| is_meant(claim)) {
            (claim.state, claim.layers) = (state, layers);
        }
        found.push(Base { by: By::User, state, name: None, digest: base.image.digest.clone(), layers });
    }
    let mut kept: Vec<Base> = Vec::new();
    found.into_iter().for_each(|one| {
        if !kept.contains(&one) {
            kept.push(one);
        }
    });
    Ok(kept)
}

fn named(pairs: &[(String, String)], by: By, found: &mut Vec<Base>) {
    let value = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
    let (name, digest) = (value(NAME), value(DIGEST));
    if name.is_some() || digest.is_some() {
        found.push(Base { by, state: BaseState::Claimed, name, digest, layers: None });
    }
}

/// `pkg:docker/alpine@3.20?digest=sha256:…&platform=linux%2Famd64` or `pkg:oci/…`, with or without `sha256:… ` before it.
fn material(text: &str) -> Option<Base> {
    let digest = text.split(|c: char| c.is_whitespace()).find(|word| crate::digest::Digest::parse(word).is_ok());
    let url = text.split(|c: char| c.is_whitespace()).find(|word| word.starts_with("pkg:docker/"))?;
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = decoded(path.strip_prefix("pkg:docker/")?);
    let (name, version) = path.rsplit_once('@').unwrap_or((&path, ""));
    if name.is_empty() || TOOLS.contains(&name) {
        return None;
    }
    let in_query = query.split('&').find_map(|pair| pair.strip_prefix("digest=")).map(decoded);
    let own = digest.map(str::to_owned).or(in_query).filter(|text| crate::digest::Digest::parse(text).is_ok());
    let (tag, by_version) =
        if version.starts_with("sha256:") { ("", Some(version.to_owned())) } else { (version, None) };
    let name = if tag.is_empty() { name.to_owned() } else { format!("{name}:{tag}") };
    Some(Base {
        by: By::Provenance,
        state: BaseState::Claimed,
        name: Some(name),
        digest: own.or(by_version),
        layers: None,
    })
}

/// Compares the base's DiffIDs with the first of the image. Only configs whose bytes have their digests prove anything,
/// and only below manifests that have theirs.
fn held(image: &Side<'_>, base: &Side<'_>) -> (BaseState, Option<usize>) {
    if image.failed.is_some() || base.failed.is_some() {
        return (BaseState::Claimed, None);
    }
    let ((own, is_own_hashed), (first, is_first_hashed)) = (ids(image), ids(base));
    if first.is_empty() || own.is_empty() {
        return (BaseState::Claimed, None);
    }
    if !own.starts_with(&first) {
        return (BaseState::Refuted, None);
    }
    let state = if is_own_hashed && is_first_hashed { BaseState::Proved } else { BaseState::Claimed };
    (state, Some(first.len()))
}

/// The DiffIDs of the config that was hashed, else those that the report shows.
fn ids(side: &Side<'_>) -> (Vec<String>, bool) {
    let list = side.config_json.as_ref().and_then(|json| json.get("rootfs")?.get("diff_ids")).map(Json::strings);
    match list {
        Some(ids) => (ids, true),
        None => (side.config.and_then(|node| node.diff_ids.clone()).unwrap_or_default(), false),
    }
}

//! Report -> Side: the image of a report that is compared, with its documents parsed from bytes that are hashed again.

use serde::{Deserialize, Serialize};

use crate::digest::{Digest, Source, Verified};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::platform::Platform;
use crate::say::say;

/// A report as JavaScript gives it, with the documents of the image.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Given {
    /// The nodes of the report.
    pub nodes: Vec<Node>,
    /// The id of the image that is meant.
    pub image: Option<String>,
    /// The platform that is meant, `os/architecture[/variant]`.
    pub platform: Option<String>,
    /// The bytes of manifest and config.
    pub documents: Vec<GivenDocument>,
}

/// The bytes of a document; nothing is believed of them before they are hashed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GivenDocument {
    /// The digest by which the report names it.
    pub digest: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// As much of a report's node as a comparison reads.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    pub id: String,
    pub kind: String,
    pub digest: Option<String>,
    pub size: Option<f64>,
    pub media_type: Option<String>,
    pub parent: Option<String>,
    pub path: Option<String>,
    pub read: Option<bool>,
    pub chosen: Option<bool>,
    pub title: Option<String>,
    pub platform: Option<Platform>,
    pub diff_id: Option<String>,
    pub image_id: Option<String>,
    pub diff_ids: Option<Vec<String>>,
    pub history: Option<Vec<Line>>,
    pub annotations: Vec<(String, String)>,
    pub labels: Vec<(String, String)>,
    pub created: Option<String>,
    pub checks: Vec<NodeCheck>,
}

/// A line of the history.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Line {
    pub created_by: Option<String>,
    pub layer: Option<String>,
    pub comment: Option<String>,
    pub secret: Option<bool>,
}

/// A verdict about a node.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NodeCheck {
    pub id: String,
    pub outcome: String,
}

/// One image, ready to be compared.
pub struct Side<'a> {
    pub(super) image: &'a Node,
    pub(super) root: &'a Node,
    pub(super) config: Option<&'a Node>,
    pub(super) layers: Vec<Layer<'a>>,
    pub(super) manifest_json: Option<Json>,
    pub(super) config_json: Option<Json>,
    /// The first node of the image, or above it, whose bytes have not the digest that they should have.
    pub(super) failed: Option<&'a Node>,
}

/// One layer or blob of the image.
pub(super) struct Layer<'a> {
    pub(super) node: &'a Node,
    pub(super) diff_id: Option<&'a str>,
    pub(super) command: Option<&'a Line>,
}

/// A short name of what is compared.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The id of the image's node in its report.
    pub image: String,
    /// The digest of its manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// `linux/amd64`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The ids of its layers' nodes, the lowest first.
    pub layers: Vec<String>,
    /// True if its layers can be read as tars.
    pub has_files: bool,
}

const IMAGES: [&str; 3] = ["manifest", "schema1", "artifact"];

/// Other documents that name blobs, if there is no image.
const OTHERS: [&str; 2] = ["signature", "attestation"];

impl<'a> Side<'a> {
    /// The image of a report that is meant, or else the one that it shows.
    ///
    /// # Errors
    /// `not-found` if the report has none, or none for that platform; `invalid-platform` if that is none.
    pub fn of(given: &'a Given) -> Result<Self, Error> {
        let image = chosen(given)?;
        let below = || given.nodes.iter().filter(|node| node.parent.as_deref() == Some(&image.id));
        let config = below().find(|node| node.kind == "config" || node.path.as_deref() == Some("$.config"));
        let diff_ids = config.and_then(|node| node.diff_ids.as_deref()).unwrap_or_default();
        let history = config.and_then(|node| node.history.as_deref()).unwrap_or_default();
        let nodes = below().filter(|node| config.is_none_or(|config| config.id != node.id) && is_layer(node));
        let layers = nodes.enumerate().map(|(at, node)| Layer {
            node,
            diff_id: node.diff_id.as_deref().or(diff_ids.get(at).map(String::as_str)),
            command: history.iter().find(|line| line.layer.as_deref() == Some(&node.id)),
        });
        let above = ancestors(given, image);
        let failed = above.iter().copied().chain(below()).find(|node| has_failed(node));
        let json = |node: Option<&Node>| document(given, node?.digest.as_deref()?);
        Ok(Self {
            image,
            root: above.last().copied().unwrap_or(image),
            config,
            layers: layers.collect(),
            manifest_json: json(Some(image)),
            config_json: json(config),
            failed,
        })
    }

    /// True if it is an image with layers that are tars, and no other artifact.
    pub(super) fn has_files(&self) -> bool {
        matches!(self.image.kind.as_str(), "manifest" | "schema1")
            && self.layers.iter().all(|layer| layer.node.kind == "layer")
    }

    pub(super) fn about(&self) -> About {
        About {
            image: self.image.id.clone(),
            digest: self.image.digest.clone(),
            platform: self
                .image
                .platform
                .as_ref()
                .or(self.config.and_then(|node| node.platform.as_ref()))
                .map(ToString::to_string),
            layers: self.layers.iter().map(|layer| layer.node.id.clone()).collect(),
            has_files: self.has_files(),
        }
    }
}

impl Layer<'_> {
    pub(super) fn size(&self) -> u64 {
        whole(self.node.size)
    }
}

/// A size of JavaScript; what is none counts as 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the nearest integer from 0 up")]
pub(super) fn whole(number: Option<f64>) -> u64 {
    number.unwrap_or_default() as u64
}

pub(super) fn is_layer(node: &Node) -> bool {
    node.kind == "layer" || node.path.as_deref().is_some_and(|path| path.starts_with("$.layers["))
}

/// A digest that does not match; of a layer also its DiffID.
fn has_failed(node: &Node) -> bool {
    node.checks.iter().any(|check| check.outcome == "fail" && matches!(check.id.as_str(), "digest" | "diff-id"))
}

pub(super) fn chosen(given: &Given) -> Result<&Node, Error> {
    let of = |kinds: &'static [&str]| given.nodes.iter().filter(|node| kinds.contains(&node.kind.as_str()));
    let none = || Error::new(ErrorKind::NotFound, say!("no-image-to-compare", "there is no image to compare"));
    if let Some(id) = &given.image {
        return of(&IMAGES).find(|node| node.id == *id).ok_or_else(none);
    }
    if let Some(platform) = given.platform.as_deref().filter(|text| !text.is_empty()) {
        let several = of(&IMAGES).count() > 1;
        let wanted = Platform::parse(platform)?;
        let found = of(&IMAGES).find(|node| node.platform.as_ref().is_some_and(|own| wanted.fits(own)));
        let missing = || {
            let said = say!("no-platform-to-compare", "there is no image for {platform} to compare", platform);
            Error::new(ErrorKind::NotFound, said)
        };
        // A single manifest names its platform in its config only.
        return found.or_else(|| of(&IMAGES).next().filter(|_| !several)).ok_or_else(missing);
    }
    let read = |node: &&Node| node.read == Some(true);
    let first = of(&IMAGES).find(|node| node.chosen == Some(true)).or_else(|| of(&IMAGES).find(read));
    first.or_else(|| of(&IMAGES).next()).or_else(|| of(&OTHERS).next()).ok_or_else(none)
}

/// The image and what names it, the root last.
pub(super) fn ancestors<'a>(given: &'a Given, image: &'a Node) -> Vec<&'a Node> {
    let mut found = vec![image];
    let mut at = image;
    while let Some(parent) = at.parent.as_deref().and_then(|id| given.nodes.iter().find(|node| node.id == id)) {
        // A report that names itself as its own parent would have no end.
        if found.len() > given.nodes.len() {
            break;
        }
        found.push(parent);
        at = parent;
    }
    found
}

/// The document of that digest, if its bytes are here, have it, and are JSON.
fn document(given: &Given, digest: &str) -> Option<Json> {
    let found = given.documents.iter().find(|document| document.digest == digest)?;
    let verified = Verified::against(found.bytes.clone(), Digest::parse(digest).ok()?, Source::Descriptor);
    (verified.matches() == Some(true)).then(|| json::parse(verified.bytes()).ok()).flatten().map(|parsed| parsed.root)
}

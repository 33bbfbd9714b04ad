//! Image -> Identities: every identity of the image in view, its formula, what prints it, and how it is known.

use serde::{Deserialize, Serialize};

use super::{Given, Node};
use crate::limits;

/// One identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Its kind.
    pub what: What,
    /// Its formula.
    pub formula: Formula,
    /// The tools that print an identity of that kind.
    pub prints: What,
    /// Itself; empty if it is not known here.
    pub value: String,
    /// The proof of it.
    pub known: Known,
    /// The place of the node that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<usize>,
    /// The number of its layer, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// Of a `ChainID`: that of the layers below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
}

/// The kinds of identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// The digest of an index.
    Index,
    /// The digest of a manifest.
    Manifest,
    /// The digest of what a schema 1 manifest signs.
    Payload,
    /// The digest of the config.
    ImageId,
    /// The digest of a layer's blob.
    Layer,
    /// The digest of a layer's tar.
    DiffId,
    /// The name of a layer with all below it.
    ChainId,
}

/// The formulas of identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Formula {
    /// The bytes of the index.
    Index,
    /// The bytes of the manifest.
    Manifest,
    /// The signed payload.
    Payload,
    /// The bytes of the config.
    Config,
    /// The bytes of the blob.
    Layer,
    /// The bytes of the tar.
    DiffId,
    /// The `DiffID` itself.
    #[serde(rename = "chainId.first")]
    ChainIdFirst,
    /// The `ChainID` below and the `DiffID`.
    ChainId,
}

/// The proof of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// Computed here over bytes that were read, and nothing disproves it.
    Proved,
    /// A document says so.
    Claimed,
    /// Computed here of what is claimed.
    Derived,
    /// Disproved.
    Failed,
    /// Not known here.
    Unknown,
}

/// The identities of the image in view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identities {
    /// Those of its documents.
    pub own: Vec<Identity>,
    /// Those of its layers, the lowest first: at most [`limits::SHOWN_IDENTITIES`].
    pub layers: Vec<Identity>,
    /// The number of layers' identities in all.
    pub of_layers: usize,
    /// The number of layers that have one.
    pub layer_count: usize,
}

impl Identities {
    fn add_layer(&mut self, identities: impl IntoIterator<Item = Identity>) {
        let before = self.of_layers;
        for identity in identities {
            self.of_layers += 1;
            if self.layers.len() < limits::SHOWN_IDENTITIES {
                self.layers.push(identity);
            }
        }
        self.layer_count += usize::from(self.of_layers > before);
    }
}

pub(super) fn of(given: &Given) -> Identities {
    let mut found = Identities::default();
    let config = given.config();
    let Some((image, node)) = given.node.and_then(|at| Some((at, given.nodes.get(at)?))) else {
        if let Some((at, node)) = config.and_then(|at| Some((at, given.nodes.get(at)?))) {
            alone(&mut found, at, node);
        }
        return found;
    };
    let is_image = node.kind == "manifest";
    let own = |at: &usize, what, formula, prints| document(given, *at, what, formula, prints);
    found.own.extend(given.indexes().iter().filter_map(|at| own(at, What::Index, Formula::Index, What::Index)));
    found.own.extend(match node.kind.as_str() {
        "schema1" => own(&image, What::Payload, Formula::Payload, What::Manifest),
        _ => own(&image, What::Manifest, Formula::Manifest, What::Manifest),
    });
    let beside = beside(given, image);
    found.own.extend(beside.iter().filter_map(|at| own(at, What::Manifest, Formula::Manifest, What::Manifest)));
    if is_image {
        found.own.push(image_id(given, node, config));
    }
    let mut below = None;
    let mut proved = true;
    for (position, at) in given.below(image, "layer").enumerate() {
        let layer = &given.nodes[at];
        proved &= layer.diff_known() == Known::Proved;
        let place = LayerPlace { at, position, below, is_told: is_image, is_proved: proved };
        found.add_layer(of_layer(layer, &place));
        below = layer.chain_id.as_deref();
    }
    found
}

/// The other platforms' manifests.
fn beside(given: &Given, image: usize) -> Vec<usize> {
    let Some(above) = given.nodes[image].parent.filter(|at| *at < given.nodes.len()) else { return Vec::new() };
    given.below(above, "manifest").filter(|at| *at != image).take(limits::SHOWN_PLATFORMS).collect()
}

fn document(given: &Given, at: usize, what: What, formula: Formula, prints: What) -> Option<Identity> {
    let node = &given.nodes[at];
    let value = node.digest.clone()?;
    Some(Identity { what, formula, prints, value, known: node.known(), node: Some(at), layer: None, below: None })
}

/// The image ID is the config's digest, as the manifest names it.
fn image_id(given: &Given, image: &Node, config: Option<usize>) -> Identity {
    let node = config.and_then(|at| given.nodes.get(at));
    let value = image.image_id.as_ref().or_else(|| node?.digest.as_ref()).cloned().unwrap_or_default();
    let known = match node {
        _ if value.is_empty() => Known::Unknown,
        Some(config) => config.known(),
        None => Known::Claimed,
    };
    let (what, formula) = (What::ImageId, Formula::Config);
    Identity { what, formula, prints: what, value, known, node: config, layer: None, below: None }
}

/// The position of a layer.
struct LayerPlace<'a> {
    at: usize,
    position: usize,
    /// The `ChainID` of the layers below.
    below: Option<&'a str>,
    /// Also what is not known is told.
    is_told: bool,
    /// Its `DiffID` and all below are proved, and so is what is made of them.
    is_proved: bool,
}

fn of_layer(layer: &Node, place: &LayerPlace<'_>) -> impl Iterator<Item = Identity> {
    let (node, number) = (Some(place.at), Some(place.position + 1));
    let is_told = place.is_told;
    let one = |what, formula, value: &Option<String>, known, below: Option<&str>| {
        let value = value.clone().unwrap_or_default();
        let known = if value.is_empty() { Known::Unknown } else { known };
        let below = below.map(str::to_owned);
        Identity { what, formula, prints: what, value, known, node, layer: number, below }
    };
    let chain = if place.position == 0 { Formula::ChainIdFirst } else { Formula::ChainId };
    let chain_known = if place.is_proved { Known::Proved } else { Known::Derived };
    let all = [
        one(What::Layer, Formula::Layer, &layer.digest, layer.known(), None),
        one(What::DiffId, Formula::DiffId, &layer.diff_id, layer.diff_known(), None),
        one(What::ChainId, chain, &layer.chain_id, chain_known, place.below),
    ];
    all.into_iter().filter(move |identity| is_told || !identity.value.is_empty())
}

/// A config without its manifest: only it and what it claims are known.
fn alone(found: &mut Identities, at: usize, config: &Node) {
    let one = |what, formula, value, known, node, layer| Identity {
        what,
        formula,
        prints: what,
        value,
        known,
        node,
        layer,
        below: None,
    };
    found.own.push(one(What::Manifest, Formula::Manifest, String::new(), Known::Unknown, None, None));
    let digest = config.digest.clone().unwrap_or_default();
    found.own.push(one(What::ImageId, Formula::Config, digest, config.known(), Some(at), None));
    for (position, value) in config.diff_ids.iter().flatten().enumerate() {
        let number = Some(position + 1);
        let claimed = one(What::DiffId, Formula::DiffId, value.clone(), Known::Claimed, Some(at), number);
        found.add_layer([claimed]);
    }
}

//! The cost of pulling an image for a machine that has others: a second image, or those that `docker inspect` printed
//! there.

use std::collections::HashSet;

use serde::Serialize;

use super::layers::once;
use super::side::{Layer, Side};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::limits;
use crate::say::say;

/// The bytes of an image that have to be downloaded; a blob that stands in it twice counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Bytes to download, compressed.
    pub pull: u64,
    /// Bytes of the whole image.
    pub of: u64,
    /// Layers to download.
    pub layers: usize,
    /// All its layers.
    pub of_layers: usize,
    /// False if DiffIDs of the image are not known, so that more of it may be there already.
    pub complete: bool,
    /// The same for Docker's classic store.
    pub classic: Classic,
}

/// The download into a store that keeps layers by ChainID, as Docker's own did before containerd's took its
/// place in Docker Engine 29: a layer is there only if all those below it are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Classic {
    /// Bytes to download, compressed.
    pub pull: u64,
    /// Layers to download.
    pub layers: usize,
}

/// The layers that a machine has, by digest or DiffID.
#[derive(Clone, Debug, Default)]
pub struct Held {
    names: HashSet<String>,
    /// The names of each image's layers, the lowest first.
    chains: Vec<Vec<Vec<String>>>,
    /// True if these are DiffIDs alone, as `docker inspect` tells them.
    only_ids: bool,
}

impl Held {
    /// Those of an image.
    #[must_use]
    pub fn of(side: &Side<'_>) -> Self {
        let chain: Vec<Vec<String>> =
            side.layers.iter().map(|layer| names_of(layer).map(str::to_owned).collect()).collect();
        Self { names: chain.iter().flatten().cloned().collect(), chains: vec![chain], only_ids: false }
    }

    /// Those that `docker inspect` or `podman inspect` printed of one image or of several: `RootFS.Layers`, or that list
    /// alone.
    ///
    /// # Errors
    /// `invalid-json`, `limit-exceeded`; `unsupported-input` if no list of layers is in it.
    pub fn inspected(text: &str) -> Result<Self, Error> {
        if text.len() > limits::CONFIG_BYTES {
            let said =
                say!("inspect-too-long", "the text has more than {most} bytes", most = limits::CONFIG_BYTES as u64);
            return Err(Error::new(ErrorKind::LimitExceeded, said));
        }
        let root = json::parse(text.trim().as_bytes())?.root;
        let images = root.as_array().unwrap_or_default();
        let chains: Vec<Vec<Vec<String>>> =
            std::iter::once(&root).chain(images).map(chain).filter(|chain| !chain.is_empty()).collect();
        if chains.is_empty() {
            let said =
                say!("inspect-without-layers", "the text has no RootFS with layers, as docker inspect prints it");
            return Err(Error::new(ErrorKind::UnsupportedInput, said));
        }
        Ok(Self { names: chains.iter().flatten().flatten().cloned().collect(), chains, only_ids: true })
    }
}

/// The digests of `RootFS.Layers`, or of a plain list.
fn chain(json: &Json) -> Vec<Vec<String>> {
    let list = json.get("RootFS").and_then(|own| own.get("Layers")).or_else(|| json.get("Layers"));
    let items = list.unwrap_or(json).as_array().unwrap_or_default();
    let digests = items.iter().filter_map(Json::as_str).filter(|text| crate::digest::Digest::parse(text).is_ok());
    digests.map(|digest| vec![digest.to_owned()]).collect()
}

/// The cost of pulling the image for a machine that has these layers.
#[must_use]
pub fn cost(held: &Held, image: &Side<'_>) -> Cost {
    let mut cost = Cost { of_layers: image.layers.len(), complete: true, ..Cost::default() };
    for layer in once(&image.layers) {
        cost.of = cost.of.saturating_add(layer.size());
        if !has(held, layer) {
            cost.pull = cost.pull.saturating_add(layer.size());
            cost.layers += 1;
        }
        cost.complete &= layer.diff_id.is_some() || !held.only_ids;
    }
    cost.classic = classic(held, image);
    cost
}

/// All above the longest row of layers, from the lowest on, that an image of the machine has too.
fn classic(held: &Held, image: &Side<'_>) -> Classic {
    let is_same = |own: &Vec<String>, layer: &Layer<'_>| names_of(layer).any(|name| own.iter().any(|one| one == name));
    let shared = |chain: &Vec<Vec<String>>| {
        chain.iter().zip(&image.layers).take_while(|(own, layer)| is_same(own, layer)).count()
    };
    let there = held.chains.iter().map(shared).max().unwrap_or_default();
    let mut found = Classic::default();
    for layer in once(image.layers.get(there..).unwrap_or_default()) {
        found.pull = found.pull.saturating_add(layer.size());
        found.layers += 1;
    }
    found
}

fn has(held: &Held, layer: &Layer<'_>) -> bool {
    names_of(layer).any(|name| held.names.contains(name))
}

fn names_of<'l>(layer: &'l Layer<'_>) -> impl Iterator<Item = &'l str> {
    [layer.node.digest.as_deref(), layer.diff_id].into_iter().flatten()
}

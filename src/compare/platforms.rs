//! The platforms of an index side by side: what each weighs compressed, and what it shares with the one in view.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::side::{Given, Node, chosen, is_layer, whole};

/// One platform of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformRow {
    /// The id of its manifest's node.
    pub id: String,
    /// The digest of its manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// `linux/arm64/v8`, as the index has it.
    pub platform: String,
    /// `10.0.17763.6414`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// `win32k`
    pub os_features: Vec<String>,
    /// CPU features, in Docker's lists.
    pub features: Vec<String>,
    /// True if its manifest was read: without that neither size nor layers are known.
    pub read: bool,
    /// The compressed size of its layers, in bytes; a blob that stands in it twice counts once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The number of its layers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<usize>,
    /// Bytes of its layers that the image in view has too, by digest or DiffID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<u64>,
    /// The number of these layers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_layers: Option<usize>,
    /// When its config says that it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// True for the image in view.
    pub in_view: bool,
}

/// The platforms that the indexes of a report name, in their order; none for a report without an index.
#[must_use]
pub fn platforms(given: &Given) -> Vec<PlatformRow> {
    let mut below: HashMap<&str, Vec<&Node>> = HashMap::new();
    for node in &given.nodes {
        if let Some(parent) = &node.parent {
            below.entry(parent).or_default().push(node);
        }
    }
    let children = |node: &Node| below.get(node.id.as_str()).map(Vec::as_slice).unwrap_or_default();
    let view = chosen(given).ok();
    let held: HashSet<&str> = view.map(|view| names(children(view))).unwrap_or_default();
    let is_platform = |node: &&Node| node.kind == "manifest" && node.platform.is_some() && node.parent.is_some();
    let row = |node: &Node| {
        let own = row(node, children(node), &held);
        PlatformRow { in_view: view.is_some_and(|view| view.id == node.id), ..own }
    };
    given.nodes.iter().filter(is_platform).map(row).collect()
}

fn row(node: &Node, children: &[&Node], held: &HashSet<&str>) -> PlatformRow {
    let platform = node.platform.clone().unwrap_or_default();
    let mut row = PlatformRow {
        id: node.id.clone(),
        digest: node.digest.clone(),
        platform: crate::platform::Platform { os_version: None, ..platform.clone() }.to_string(),
        os_version: platform.os_version,
        os_features: platform.os_features,
        features: platform.features,
        read: node.read == Some(true),
        ..PlatformRow::default()
    };
    if !row.read {
        return row;
    }
    let (mut size, mut shared, mut shared_layers, mut seen) = (0_u64, 0_u64, 0, HashSet::new());
    let layers = layers(children);
    for (layer, diff_id) in &layers {
        let own = [layer.digest.as_deref(), *diff_id];
        let is_held = own.into_iter().flatten().any(|name| held.contains(name));
        shared_layers += usize::from(is_held);
        if layer.digest.as_deref().is_none_or(|digest| seen.insert(digest)) {
            size = size.saturating_add(whole(layer.size));
            shared = shared.saturating_add(if is_held { whole(layer.size) } else { 0 });
        }
    }
    row.created = config(children).and_then(|config| config.created.clone());
    (row.size, row.layers, row.shared, row.shared_layers) =
        (Some(size), Some(layers.len()), Some(shared), Some(shared_layers));
    row
}

fn config<'a>(children: &[&'a Node]) -> Option<&'a Node> {
    children.iter().copied().find(|node| node.kind == "config" || node.path.as_deref() == Some("$.config"))
}

/// Each layer with its DiffID, if the config was read.
fn layers<'a>(children: &[&'a Node]) -> Vec<(&'a Node, Option<&'a str>)> {
    let config = config(children);
    let ids = config.and_then(|node| node.diff_ids.as_deref()).unwrap_or_default();
    let nodes = children.iter().copied().filter(|node| config.is_none_or(|own| own.id != node.id) && is_layer(node));
    nodes.enumerate().map(|(at, node)| (node, node.diff_id.as_deref().or(ids.get(at).map(String::as_str)))).collect()
}

fn names<'a>(children: &[&'a Node]) -> HashSet<&'a str> {
    layers(children).into_iter().flat_map(|(node, id)| [node.digest.as_deref(), id]).flatten().collect()
}

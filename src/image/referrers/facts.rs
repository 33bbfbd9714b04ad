//! The nodes of a report -> the digests that signatures and statements of its image may be about.

use serde::Deserialize;

use crate::digest::Digest;
use crate::limits;

/// The facts of a report's node that are looked at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeFacts {
    /// Its id.
    pub id: String,
    /// Its kind, as the report names it.
    pub kind: String,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its digest.
    pub digest: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// The node above.
    pub parent: Option<String>,
    /// True if its bytes were read.
    pub read: bool,
    /// True if it is that of the platform in view.
    pub chosen: bool,
    /// The digest of its `subject`.
    pub subject: Option<String>,
    /// Of an attestation: the digest that its index entry names.
    pub attests: Option<String>,
    /// Of what was found beside an image: the digest that it is about.
    pub about: Option<String>,
    /// Its annotations.
    pub annotations: Vec<(String, String)>,
}

/// A digest to be asked about.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) id: String,
    pub(super) digest: Digest,
    /// True if it is an index, whose entries may be attestations.
    pub(super) is_index: bool,
}

impl NodeFacts {
    pub(super) fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn is_image(&self) -> bool {
        self.about.is_none() && matches!(self.kind.as_str(), "index" | "manifest" | "schema1" | "artifact")
    }

    fn target(&self) -> Option<Target> {
        let digest = Digest::parse(self.digest.as_deref()?).ok().filter(|digest| digest.algorithm().is_some())?;
        Some(Target { id: self.id.clone(), digest, is_index: self.kind == "index" })
    }
}

/// The image in view: the node that is named, else the chosen one, else the first manifest that was read, else the root.
pub(super) fn in_view<'a>(nodes: &'a [NodeFacts], named: Option<&str>) -> Option<&'a NodeFacts> {
    let first = |wanted: &dyn Fn(&NodeFacts) -> bool| nodes.iter().find(|node| wanted(node));
    first(&|node| named == Some(&node.id))
        .or_else(|| first(&|node| node.chosen))
        .or_else(|| first(&|node| node.is_image() && node.kind != "index" && node.read))
        .or_else(|| first(&NodeFacts::is_image))
}

/// The root, the platform in view with the indexes between, and its attestation manifests: each digest once.
pub(super) fn targets(nodes: &[NodeFacts], named: Option<&str>) -> Vec<Target> {
    let Some(view) = in_view(nodes, named) else { return Vec::new() };
    let mut line = vec![view];
    while let Some(above) = line.last().and_then(|node| nodes.iter().find(|one| Some(&one.id) == node.parent.as_ref()))
    {
        line.push(above);
        if line.len() > limits::INDEX_DEPTH {
            break;
        }
    }
    line.reverse();
    let attests =
        |node: &&NodeFacts| node.kind == "attestation" && node.attests.is_some() && node.attests == view.digest;
    let attestations = nodes.iter().filter(attests).take(limits::ATTESTATIONS);
    let mut targets: Vec<Target> = Vec::new();
    for target in line.into_iter().chain(attestations).filter_map(NodeFacts::target) {
        if !targets.iter().any(|known| known.digest == target.digest) {
            targets.push(target);
        }
    }
    targets
}

//! Document -> Image. The entries of an index with what was read below it, for the rules about the engines' choice.

use crate::checks::{Entry, Is, Origin, choice};
use crate::descriptor::Descriptor;
use crate::document::{Body, Document};
use crate::media_type::{DocumentKind, MediaType};
use crate::report::NodeKind;

use super::nodes::promised;
use super::tree::Branch;

/// Adds to an index what makes engines choose differently from it.
pub(super) fn hold(document: &Document, branch: &mut Branch, origin: Origin) {
    let Body::Index(index) = document.body() else { return };
    let children = index.manifests.iter().zip(&branch.children);
    let entries: Vec<Entry<'_>> = children.map(|(named, child)| entry(named, child)).collect();
    branch.node.checks.extend(choice(&entries, origin));
}

fn entry<'a>(named: &'a Descriptor, branch: &'a Branch) -> Entry<'a> {
    let node = &branch.node;
    let of_image = |text: &str| MediaType::new(text).document() == Some(DocumentKind::Config);
    let claims_image = !node.read && named.artifact_type.as_deref().is_some_and(of_image);
    let marked = matches!(promised(named), NodeKind::Attestation | NodeKind::Signature);
    let is = match node.kind {
        _ if marked => Is::Attestation,
        NodeKind::Attestation | NodeKind::Signature => Is::Attestation,
        NodeKind::Manifest | NodeKind::Schema1 => Is::Image,
        NodeKind::Artifact if claims_image => Is::Image,
        NodeKind::Artifact => Is::Artifact,
        _ => Is::Other,
    };
    let config = branch.children.iter().find(|child| child.node.path.as_deref() == Some("$.config"));
    Entry { named, is, read: node.read, config: config.and_then(|child| child.node.digest.as_deref()) }
}

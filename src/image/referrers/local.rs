//! The same places in an archive or a layout: nothing is asked, all is there.

use super::Found;
use super::facts::{NodeFacts, Target, targets};
use super::place::{self, PlaceKind};
use crate::digest::Digest;

/// The annotation that names the entries of a layout.
const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// cosign's mark on the entries of a layout that it saved, and what follows it.
const COSIGN: &str = "dev.cosignproject.cosign/";

/// The statements about the image among the nodes of an opened file.
#[must_use]
pub fn here(nodes: &[NodeFacts], named: Option<&str>) -> Found {
    let mut found = Found::default();
    let all = targets(nodes, named);
    for target in &all {
        for kind in PlaceKind::ASKED {
            let ids: Vec<_> =
                nodes.iter().filter(|node| lies(node, kind, target, nodes)).map(|node| &node.id).collect();
            for id in &ids {
                let marks = nodes.iter().filter(|node| node.id == **id || node.parent.as_ref() == Some(id));
                found.about.extend(marks.map(|node| (node.id.clone(), target.digest.to_string())));
            }
            found.places.push(place::answered(target, kind, ids.into_iter().cloned().collect()));
        }
        let attested = |node: &&NodeFacts| match target.is_index {
            true => node.kind == "attestation" && node.parent.as_deref() == Some(&target.id),
            false => node.kind == "attestation" && node.attests.as_deref() == Some(target.digest.as_str()),
        };
        let ids: Vec<_> = nodes.iter().filter(attested).map(|node| node.id.clone()).collect();
        let has_index = target.is_index || nodes.iter().any(|node| node.kind == "index");
        found.places.push(if has_index {
            place::answered(target, PlaceKind::Index, ids)
        } else {
            place::no_index(target)
        });
    }
    found
}

/// True if that node lies in that place for the digest.
fn lies(node: &NodeFacts, kind: PlaceKind, target: &Target, nodes: &[NodeFacts]) -> bool {
    if node.id == target.id || node.digest.is_none() {
        return false;
    }
    let name = node.annotation(REF_NAME).and_then(|name| name.rsplit(':').next()).unwrap_or_default();
    let kept = node.annotation("kind").and_then(|kind| kind.strip_prefix(COSIGN)).unwrap_or_default();
    let by_name = place::name(kind, &target.digest).is_some_and(|tag| tag == name);
    match kind {
        PlaceKind::Referrers => node.subject.as_deref() == Some(target.digest.as_str()),
        PlaceKind::FallbackTag | PlaceKind::Index => by_name,
        PlaceKind::SigTag => by_name || (kept == "sigs" && is_saved(target, nodes)),
        PlaceKind::AttTag => by_name || (kept == "atts" && is_saved(target, nodes)),
        PlaceKind::SbomTag => by_name || (kept == "sboms" && is_saved(target, nodes)),
    }
}

/// True if the digest is that of the one image of which cosign saved the layout.
fn is_saved(target: &Target, nodes: &[NodeFacts]) -> bool {
    let is_image = |node: &&NodeFacts| {
        node.annotation("kind").and_then(|kind| kind.strip_prefix(COSIGN)).is_some_and(|kind| kind.starts_with("image"))
    };
    let mut images = nodes.iter().filter(is_image);
    let about = images.next().and_then(|image| Digest::parse(image.digest.as_deref()?).ok());
    about.as_ref() == Some(&target.digest) && images.next().is_none()
}

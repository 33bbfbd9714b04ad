//! The three facts of a report: whether its documents agree, how many layers are verified, whether it is pinned.
//!
//! They stand apart, since each can hold without the others: a tag that was resolved now is consistent and not pinned; a
//! digest that was given beforehand says nothing of layers that were not read.

use serde::Serialize;

use super::{Node, NodeKind};
use crate::checks::{CheckId, Outcome, Source};

/// The proofs of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proofs {
    /// True if a document was read and no check outside the layers failed.
    pub consistent: bool,
    /// The layers of the image in view.
    pub layers: LayerCount,
    /// True if the root has a digest that was given beforehand.
    pub pinned: bool,
}

/// The number of verified layers, and of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LayerCount {
    /// Layers of which every claim is proved.
    pub verified: usize,
    /// All layers of the image in view.
    pub of: usize,
}

impl Proofs {
    /// The facts over all nodes of a report.
    #[must_use]
    pub fn of(nodes: &[Node]) -> Self {
        let others = || nodes.iter().filter(|node| node.kind != NodeKind::Layer);
        let is_failed = |node: &Node| node.checks.iter().any(|check| check.outcome == Outcome::Fail);
        let layers = || in_view(nodes);
        Self {
            consistent: others().any(|node| node.read) && !others().any(is_failed),
            layers: LayerCount { verified: layers().filter(|node| is_verified(node)).count(), of: layers().count() },
            pinned: nodes.iter().any(is_pinned),
        }
    }
}

/// The layers of the image to look at first; all of them if there is no image.
fn in_view(nodes: &[Node]) -> impl Iterator<Item = &Node> {
    let is_image = |node: &&Node| matches!(node.kind, NodeKind::Manifest | NodeKind::Schema1 | NodeKind::Artifact);
    let images = || nodes.iter().filter(is_image);
    let chosen = images().find(|node| node.facts.chosen);
    let image = chosen.or_else(|| images().find(|node| node.read)).or_else(|| images().next());
    let is_in = move |node: &&Node| image.is_none_or(|image| node.parent.as_ref() == Some(&image.id));
    nodes.iter().filter(|node| node.kind == NodeKind::Layer).filter(is_in)
}

/// True if the layer's bytes are proved and nothing that was claimed of them is open.
fn is_verified(node: &Node) -> bool {
    let is_open = |id| matches!(id, CheckId::Tar | CheckId::Limits);
    let proves = |id| matches!(id, CheckId::Digest | CheckId::DiffId);
    let checks = || node.checks.iter();
    node.read
        && checks().any(|check| proves(check.id) && check.outcome == Outcome::Pass)
        && checks().all(|check| match check.outcome {
            Outcome::Fail => false,
            Outcome::NotChecked => check.expected.is_none() && !is_open(check.id),
            Outcome::Pass | Outcome::Warn => true,
        })
}

fn is_pinned(node: &Node) -> bool {
    let is_given = |source| matches!(source, Some(Source::Reference | Source::User));
    node.parent.is_none()
        && node
            .checks
            .iter()
            .any(|check| check.id == CheckId::Digest && check.outcome == Outcome::Pass && is_given(check.source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Check;

    fn check(id: CheckId, outcome: Outcome, source: Source) -> Check {
        Check::new(id, outcome, "").values("a", "b", source)
    }

    fn node(id: &str, kind: NodeKind, parent: Option<&str>, checks: Vec<Check>) -> Node {
        let mut node = Node::new(id, kind);
        node.parent = parent.map(str::to_owned);
        (node.read, node.checks) = (true, checks);
        node
    }

    fn layer(parent: &str, checks: &[(CheckId, Outcome)]) -> Node {
        let checks = checks.iter().map(|(id, outcome)| check(*id, *outcome, Source::Descriptor)).collect();
        node("l", NodeKind::Layer, Some(parent), checks)
    }

    #[track_caller]
    fn layers(nodes: &[Node], verified: usize, of: usize) {
        assert_eq!(Proofs::of(nodes).layers, LayerCount { verified, of });
    }

    use CheckId::{DiffId, Digest, Limits, Tar};
    use Outcome::{Fail, NotChecked, Pass, Warn};

    #[test]
    fn layers_of_the_image_in_view_are_counted() {
        let mut chosen = node("b", NodeKind::Manifest, Some("0"), Vec::new());
        chosen.facts.chosen = true;
        let proved = [(Digest, Pass), (DiffId, Pass), (Tar, Pass)];
        let nodes = [
            node("0", NodeKind::Index, None, Vec::new()),
            node("a", NodeKind::Manifest, Some("0"), Vec::new()),
            layer("a", &proved),
            chosen,
            layer("b", &proved),
            layer("b", &[(Digest, Pass), (DiffId, NotChecked), (Tar, NotChecked)]),
        ];
        layers(&nodes, 1, 2);
    }

    #[test]
    fn a_layer_with_a_claim_that_is_open_is_not_verified() {
        for (checks, verified) in [
            (&[(Digest, Pass), (DiffId, Pass), (Tar, Warn)][..], 1),
            (&[(DiffId, Pass), (Tar, Pass)], 1),
            (&[(Digest, Pass), (DiffId, Fail), (Tar, Pass)], 0),
            (&[(Digest, NotChecked), (DiffId, Pass), (Tar, Pass)], 0),
            (&[(Digest, Pass), (DiffId, Pass), (Tar, Pass), (Limits, NotChecked)], 0),
            (&[(Tar, Pass)], 0),
        ] {
            layers(&[layer("0", checks)], verified, 1);
        }
        let mut unread = layer("0", &[(Digest, Pass), (DiffId, Pass)]);
        unread.read = false;
        layers(&[unread], 0, 1);
    }

    #[test]
    fn a_failed_layer_leaves_the_documents_consistent_and_a_failed_document_does_not() {
        let image = |outcome| node("0", NodeKind::Manifest, None, vec![check(Digest, outcome, Source::Reference)]);
        let failed = layer("0", &[(Digest, Fail)]);
        assert!(Proofs::of(&[image(Pass), failed]).consistent);
        assert!(!Proofs::of(&[image(Fail)]).consistent);
        assert!(!Proofs::of(&[]).consistent);
    }

    #[test]
    fn only_a_digest_given_beforehand_that_fits_the_root_pins() {
        let pinned = |outcome, source, parent| {
            Proofs::of(&[node("0", NodeKind::Index, parent, vec![check(Digest, outcome, source)])]).pinned
        };
        assert!(pinned(Pass, Source::Reference, None) && pinned(Pass, Source::User, None));
        assert!(!pinned(Fail, Source::User, None));
        assert!(!pinned(Pass, Source::Descriptor, None) && !pinned(Pass, Source::User, Some("1")));
    }
}

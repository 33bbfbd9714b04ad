//! Faults that files on disk may have, since their digests prove them: said, but not failed.

use crate::checks::{CheckId, Outcome};
use crate::document::Document;
use crate::media_type::DocumentKind;
use crate::report::{Node, NodeKind};

/// A config of a wrong size, which tools write into layouts. Programs that load a file go by its digest. Programs that
/// pull know the size beforehand, and containerd and crane refuse a blob of another, so there it fails.
pub(crate) fn soften(nodes: &mut [Node]) {
    let configs = nodes.iter_mut().filter(|node| node.kind == NodeKind::Config && node.parent.is_some());
    for node in configs.filter(|node| is_proved(node)) {
        for check in &mut node.checks {
            if check.id == CheckId::Size && check.outcome == Outcome::Fail {
                check.outcome = Outcome::Warn;
                check.message = format!("{}; the digest fits, so these are the bytes that were meant", check.message);
            }
        }
    }
}

/// Plain text beside an image: `version` in skopeo's `dir:`, a README. `roots` are the documents of the roots, in order.
pub(crate) fn leave_texts(nodes: &mut [Node], roots: &[&Document]) {
    let is_image = |document: &&Document| {
        matches!(document.kind(), Some(DocumentKind::Index | DocumentKind::Manifest | DocumentKind::Schema1))
    };
    if !roots.iter().any(is_image) {
        return;
    }
    for (node, document) in nodes.iter_mut().filter(|node| node.parent.is_none()).zip(roots) {
        let begins = document.verified().bytes().trim_ascii_start().first();
        let is_text = document.kind().is_none() && !matches!(begins, Some(b'{' | b'['));
        let parses =
            node.checks.iter_mut().filter(|check| check.id == CheckId::Parse && check.outcome == Outcome::Fail);
        for check in parses.filter(|_| is_text && document.verified().expected().is_none()) {
            check.outcome = Outcome::NotChecked;
            check.reason = "plain-text";
            "plain text beside an image: not a document, so there is nothing to check".clone_into(&mut check.message);
        }
    }
}

fn is_proved(node: &Node) -> bool {
    node.checks.iter().any(|check| check.id == CheckId::Digest && check.outcome == Outcome::Pass)
}

//! Line: Image -> Report. What files on disk get away with, since their digests prove them: said, but not failed.

use crate::checks::{Check, CheckId, Outcome};
use crate::media_type::MediaType;
use crate::report::{Node, NodeKind};

/// Two disagreements that tools write into layouts, and that none of them minds where the digest fits: a Docker
/// document named by OCI's type of the same kind (or the other way round), and a config with a wrong size.
pub(crate) fn soften(nodes: &mut [Node]) {
    for node in nodes.iter_mut().filter(|node| node.parent.is_some() && is_proved(node)) {
        let is_config = node.kind == NodeKind::Config;
        for check in node.checks.iter_mut().filter(|check| check.outcome == Outcome::Fail) {
            let why = match check.id {
                CheckId::MediaType if is_same_kind(check) => {
                    "OCI and Docker have the same form under two names, and the digest fits"
                }
                CheckId::Size if is_config => "the digest fits, so these are the bytes that were meant",
                _ => continue,
            };
            check.outcome = Outcome::Warn;
            check.message = format!("{}; {why}", check.message);
        }
    }
}

fn is_proved(node: &Node) -> bool {
    node.checks.iter().any(|check| check.id == CheckId::Digest && check.outcome == Outcome::Pass)
}

fn is_same_kind(check: &Check) -> bool {
    let kind = |text: &Option<String>| text.clone().and_then(|text| MediaType::new(text).document());
    kind(&check.expected).is_some_and(|expected| kind(&check.actual) == Some(expected))
}

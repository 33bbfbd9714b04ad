//! Image -> Printed: the lines that each tool prints for the image in view.

use serde::Serialize;

use super::{Given, Known, Node, What};
use crate::limits;
use crate::reference::place;

/// The output of one tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Printed {
    /// The tool.
    pub tool: Printer,
    /// The kind of identity that it prints.
    pub what: What,
    /// The values: none if they are not known, at most [`limits::SHOWN_IDENTITIES`].
    pub values: Vec<String>,
    /// The number of them.
    pub count: usize,
    /// The proof of them.
    pub known: Known,
}

/// A command, or the field of one's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Printer {
    /// `docker pull`
    Pull,
    /// `docker images` with the classic store.
    Classic,
    /// `docker images` with containerd's store.
    Containerd,
    /// `RepoDigests` of `docker inspect`.
    RepoDigests,
    /// `RootFS.Layers` of `docker inspect`.
    Rootfs,
    /// `podman images`
    Podman,
    /// `crane digest`
    Crane,
    /// `crane digest --platform`
    CranePlatform,
    /// `skopeo inspect`
    Skopeo,
    /// `crictl images`
    Crictl,
    /// `imageID` of a pod's status.
    Kubelet,
}

pub(super) fn by_tools(given: &Given) -> Vec<Printed> {
    let image = given.about();
    let config = given.config().and_then(|at| given.nodes.get(at));
    if image.map_or(config.is_none(), |image| image.kind != "manifest") {
        return Vec::new();
    }
    let index = given.indexes().first().and_then(|at| given.nodes.get(*at));
    let top = index.or(image);
    let top_what = if index.is_some() { What::Index } else { What::Manifest };
    let top_digest = top.and_then(|node| node.digest.as_deref());
    let pinned = given.reference.as_deref().zip(top_digest).map(|(reference, digest)| {
        let (registry, repository) = place(reference);
        format!("{registry}/{repository}@{digest}")
    });
    let image_id = image.and_then(|image| image.image_id.as_deref()).or_else(|| config?.digest.as_deref());
    let line = |tool, what, node: Option<&Node>, value: Option<&str>| {
        let known = node.filter(|_| value.is_some()).map_or(Known::Unknown, Node::known);
        Printed { tool, what, values: value.into_iter().map(str::to_owned).collect(), count: 1, known }
    };
    let on_top = |tool| line(tool, top_what, top, top_digest);
    let by_config = |tool| line(tool, What::ImageId, config, image_id);
    let by_name = |tool| line(tool, top_what, top, pinned.as_deref());
    let own_digest = image.and_then(|image| image.digest.as_deref());
    vec![
        on_top(Printer::Pull),
        by_config(Printer::Classic),
        on_top(Printer::Containerd),
        by_name(Printer::RepoDigests),
        rootfs(given, config),
        by_config(Printer::Podman),
        on_top(Printer::Crane),
        line(Printer::CranePlatform, What::Manifest, image, own_digest),
        on_top(Printer::Skopeo),
        by_config(Printer::Crictl),
        by_name(Printer::Kubelet),
    ]
}

/// The list is as well known as its least known `DiffID`.
fn rootfs(given: &Given, config: Option<&Node>) -> Printed {
    let diff_ids = config.and_then(|config| config.diff_ids.as_deref()).unwrap_or_default();
    let layers = || given.node.into_iter().flat_map(|image| given.below(image, "layer"));
    let known = || layers().map(|at| given.nodes[at].diff_known());
    let known = match diff_ids {
        [] => Known::Unknown,
        _ if known().any(|one| one == Known::Failed) => Known::Failed,
        _ if layers().next().is_some() && known().all(|one| one == Known::Proved) => Known::Proved,
        _ => Known::Claimed,
    };
    let values = diff_ids.iter().take(limits::SHOWN_IDENTITIES).cloned().collect();
    Printed { tool: Printer::Rootfs, what: What::DiffId, values, count: diff_ids.len(), known }
}

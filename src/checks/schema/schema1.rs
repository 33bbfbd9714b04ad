//! Document -> Check. The rules for Docker's schema 1 (distribution, "Image Manifest V 2, Schema 1"; moby's reader).

use crate::checks::Outcome;
use crate::checks::findings::{At, shorten};
use crate::checks::schema::rules::{Need, Rules};
use crate::json::{self, Json, Object};
use crate::say::say;

/// Holds a schema 1 manifest against every rule but those of its signatures.
pub(super) fn schema1(rules: &mut Rules, root: &Object) {
    rules.schema_version(root, 1);
    for name in ["name", "tag", "architecture"] {
        if !root.contains(name) {
            rules.schema.warn(&At::ROOT.name(name), say!("missing", "{name} is missing", name));
        }
        rules.string(root, &At::ROOT, name, Need::May);
    }
    let layers = rules.array(root, &At::ROOT, "fsLayers", Need::Must);
    layers.iter().flat_map(|layers| layers.iter()).enumerate().for_each(|(index, layer)| blob_sum(rules, layer, index));
    let history = rules.array(root, &At::ROOT, "history", Need::Must);
    let (layers, history) = (layers.unwrap_or_default(), history.unwrap_or_default());
    lengths(rules, layers.len(), history.len());
    chain(rules, history, layers.len() == history.len());
}

fn blob_sum(rules: &mut Rules, layer: &Json, index: usize) {
    let layers = At::ROOT.name("fsLayers");
    let at = layers.index(index);
    let Some(layer) = rules.expect_object(layer, &at) else { return };
    if let Some(text) = rules.string(layer, &at, "blobSum", Need::Must) {
        rules.digest(text, &at.name("blobSum"));
    }
}

/// Docker refuses a manifest whose lists differ in length; but the example of its specification is one, an excerpt.
fn lengths(rules: &mut Rules, layers: usize, history: usize) {
    if layers == 0 {
        rules.schema.fail(
            &At::ROOT.name("fsLayers"),
            say!("fs-layers-empty", "fsLayers is empty, and an image has at least one"),
        );
    }
    if layers != history {
        let message =
            say!("history-length", "history has {history} entries for {layers} entries of fsLayers", history, layers);
        let values = (&*layers.to_string(), &*history.to_string());
        rules.schema.differs(Outcome::Warn, &At::ROOT.name("history"), values, message);
    }
}

/// The place of a line of history in the chain of images.
#[derive(Clone, Default)]
struct Link {
    id: Option<String>,
    parent: Option<String>,
    windows: bool,
}

/// Newest first, each line's `parent` is the `id` of the next, and in a whole history the last has none.
fn chain(rules: &mut Rules, history: &[Json], is_whole: bool) {
    let at = At::ROOT.name("history");
    let links: Vec<Link> = history.iter().enumerate().map(|(n, line)| link(rules, line, &at.index(n))).collect();
    for (index, pair) in links.windows(2).enumerate() {
        let (Some(id), Some(parent), Some(next)) = (&pair[0].id, &pair[0].parent, &pair[1].id) else { continue };
        if id != next && parent != next {
            let message = say!("parent-differs", "the parent is not the id of the next entry");
            rules.schema.differs(Outcome::Fail, &at.index(index), (next, parent), message);
        }
    }
    if let Some(Link { parent: Some(parent), windows: false, .. }) = links.last()
        && is_whole
    {
        let message = say!(
            "base-with-parent",
            "the base layer has a parent, {parent}, which is not in this manifest",
            parent = shorten(parent)
        );
        rules.schema.fail(&at.index(links.len() - 1), message);
    }
}

fn link(rules: &mut Rules, line: &Json, at: &At<'_>) -> Link {
    let Some(line) = rules.expect_object(line, at) else { return Link::default() };
    let Some(text) = rules.string(line, at, "v1Compatibility", Need::Must) else { return Link::default() };
    let Ok(parsed) = json::parse(text.as_bytes()) else {
        rules.schema.warn(
            &at.name("v1Compatibility"),
            say!("v1-not-json", "v1Compatibility is not JSON, so this line of history is unknown"),
        );
        return Link::default();
    };
    let text = |name: &str| parsed.root.get(name).and_then(Json::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
    Link { id: text("id"), parent: text("parent"), windows: text("os").as_deref() == Some("windows") }
}

//! Report -> words: the identities of an image, what each tool prints of them, and how the same is checked by hand.
//!
//! ```text
//! identities   every identity of the image in view, with its formula       printed   what each tool prints
//! inputs       what goes into the hash of an identity                      recipes   the commands for one node
//! lookup       where a digest, or its beginning, occurs                    shell     values as words of a shell
//! ```
//!
//! Nothing here is a sentence: the page has the words for each code. Nodes are named by their places in the given list, so
//! that no id crosses the boundary and no search for one is needed.

mod identities;
mod inputs;
mod lookup;
mod printed;
mod recipes;
mod shell;

use serde::{Deserialize, Serialize};

pub use identities::{Formula, Identities, Identity, Known, What};
pub use inputs::{Asked, Input, InputKind, Why, input};
pub use lookup::{Could, Everywhere, Hit, Lookup, lookup};
pub use printed::{Printed, Printer};
pub use recipes::{Note, Recipe, Tool, recipes};

/// As much of a report as a question is about, as JavaScript gives it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Given {
    /// The nodes, in the order of the report where several are alike.
    pub nodes: Vec<Node>,
    /// The place of the node that the question is about; none if the report has no image.
    pub node: Option<usize>,
    /// The canonical reference, if the report is of a registry.
    pub reference: Option<String>,
    /// The name under which the page saves the bytes of the node.
    pub file: Option<String>,
    /// The digests of a pasted document in the forms that tools write.
    pub forms: Vec<FormDigest>,
    /// The pasted texts.
    pub pasted: Vec<PastedText>,
}

/// As much of a report's node as is read here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    /// Its kind.
    pub kind: String,
    /// The place of the parent among the given nodes.
    pub parent: Option<usize>,
    /// The digest: computed if the bytes were read, else claimed.
    pub digest: Option<String>,
    /// True if its bytes were read and hashed.
    pub read: bool,
    /// The node's mark, made of all of its checks: never `pass` for bytes that were not read.
    pub mark: String,
    /// Of a manifest: the config's digest as it names it.
    pub image_id: Option<String>,
    /// Of a layer: the digest of its tar.
    pub diff_id: Option<String>,
    /// Of a layer: its name with all below it.
    pub chain_id: Option<String>,
    /// Of a config: the DiffIDs that it lists.
    pub diff_ids: Option<Vec<String>>,
    /// Of a layer: how its tar is compressed.
    pub compression: Option<String>,
    /// The digest of the manifest that it refers to.
    pub subject: Option<String>,
    /// The checks of its digest and its DiffID.
    pub checks: Vec<NodeCheck>,
}

/// A verdict about a node.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NodeCheck {
    /// The stable name of the check.
    pub id: String,
    /// Its outcome.
    pub outcome: String,
    /// The value that should be.
    pub expected: Option<String>,
    /// The value that is.
    pub actual: Option<String>,
}

/// The digest of a pasted document in one form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FormDigest {
    /// The form, in words.
    pub name: String,
    /// The digest of these bytes.
    pub digest: String,
}

/// A pasted text, and the digests in it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PastedText {
    /// The digest that the text gives for its document.
    pub expected: Option<String>,
    /// The place of it, in words.
    pub expected_from: Option<String>,
    /// Every digest in it.
    pub digests: Vec<DigestOf>,
}

/// A digest in a pasted text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DigestOf {
    /// The digest, or the beginning of one.
    pub digest: String,
    /// Its meaning by its place, in words.
    pub what: String,
    /// The same by its stable code.
    pub code: String,
}

/// The answer about the image in view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Its identities.
    pub identities: Identities,
    /// The output of each tool.
    pub printed: Vec<Printed>,
}

/// The identities of the image in view and what each tool prints; of a config alone, if there is no image.
#[must_use]
pub fn image(given: &Given) -> Explanation {
    Explanation { identities: identities::of(given), printed: printed::by_tools(given) }
}

impl Given {
    fn about(&self) -> Option<&Node> {
        self.nodes.get(self.node?)
    }

    /// The places of the nodes of that kind below one.
    fn below<'a>(&'a self, parent: usize, kind: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_wanted = move |node: &Node| node.parent == Some(parent) && node.kind == kind;
        self.nodes.iter().enumerate().filter(move |(_, node)| is_wanted(node)).map(|(at, _)| at)
    }

    /// The place of the config: of a schema 1 manifest, itself; without an image, a config that has no manifest.
    fn config(&self) -> Option<usize> {
        match self.node {
            None => self.nodes.iter().position(|node| node.parent.is_none() && node.kind == "config"),
            Some(image) if self.about()?.kind == "schema1" => Some(image),
            Some(image) => self.below(image, "config").next(),
        }
    }

    /// The places of the indexes above the image, the outermost first.
    fn indexes(&self) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = self.about().and_then(|image| image.parent);
        // A report that names itself as its own parent would have no end.
        for _ in 0..self.nodes.len() {
            let Some((place, node)) = at.and_then(|place| Some((place, self.nodes.get(place)?))) else { break };
            if node.kind == "index" {
                found.push(place);
            }
            at = node.parent;
        }
        found.reverse();
        found
    }
}

impl Node {
    /// A digest is proved only over bytes that were read here and that nothing disproves.
    fn known(&self) -> Known {
        match self.check("digest") {
            Some("fail") => Known::Failed,
            _ if self.read && self.mark != "not-checked" => Known::Proved,
            _ => Known::Claimed,
        }
    }

    /// The proof of a layer's DiffID.
    fn diff_known(&self) -> Known {
        match self.check("diff-id") {
            Some("fail") => Known::Failed,
            Some("pass") => Known::Proved,
            _ => Known::Claimed,
        }
    }

    /// The outcome of that check: a failure, if it was made more than once.
    fn check(&self, id: &str) -> Option<&str> {
        let outcomes = || self.checks.iter().filter(|check| check.id == id).map(|check| check.outcome.as_str());
        outcomes().find(|outcome| *outcome == "fail").or_else(|| outcomes().next())
    }
}

/// The part of a digest behind the colon.
fn hex(digest: &str) -> &str {
    digest.split_once(':').map_or(digest, |(_, hex)| hex)
}

#[cfg(test)]
mod tests;

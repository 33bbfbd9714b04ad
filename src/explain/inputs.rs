//! Identity -> Input: what goes into the hash of an identity, and the commands that make the same.

use serde::{Deserialize, Serialize};

use super::recipes::{self, Recipe, Tool};
use super::{Formula, Given, What};

/// The identity that is asked about; the node of the question is the one that has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    /// Its kind.
    pub what: What,
    /// Its formula.
    pub formula: Formula,
    /// Itself.
    pub value: String,
    /// Of a `ChainID`: that of the layers below.
    #[serde(default)]
    pub below: Option<String>,
}

/// The input of a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// The form in which it is at hand, if it is.
    pub kind: InputKind,
    /// The digest of the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why it is not at hand, or is not what one thinks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// The commands that make the same.
    pub recipes: Vec<Recipe>,
}

/// The forms in which an input is at hand, and the reasons why it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// The bytes of a node.
    Bytes,
    /// A text.
    Text,
    /// It is not at hand.
    None,
}

/// Why it is not at hand, or is not what one thinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The first `ChainID` is the `DiffID`: nothing is hashed.
    First,
    /// Its parts are not known.
    Claimed,
    /// It is not known itself.
    Unknown,
    /// The layer, unpacked.
    Unpacked,
    /// The payload of a signed document, not its bytes.
    Payload,
    /// The bytes that were read have another digest.
    Other,
    /// The bytes were not read.
    Unread,
}

/// The input of that identity's hash.
#[must_use]
pub fn input(given: &Given, asked: &Asked) -> Input {
    let none = |why, recipes| Input { kind: InputKind::None, digest: None, text: None, why: Some(why), recipes };
    if asked.formula == Formula::ChainIdFirst {
        return none(Why::First, Vec::new());
    }
    let node = given.about();
    if asked.what == What::ChainId {
        let diff_id = node.and_then(|node| node.diff_id.as_deref());
        let Some((below, diff_id)) = asked.below.as_deref().zip(diff_id) else {
            return none(Why::Claimed, Vec::new());
        };
        let text = format!("{below} {diff_id}");
        let recipes = recipes::chain(&text, &asked.value).into_iter().collect();
        return Input { kind: InputKind::Text, digest: None, text: Some(text), why: None, recipes };
    }
    let Some(node) = node.filter(|_| !asked.value.is_empty()) else { return none(Why::Unknown, Vec::new()) };
    let (unpacked, hashed) = recipes::recipes(given).into_iter().partition(|recipe| recipe.tool == Tool::Layer);
    let bytes =
        |why, recipes| Input { kind: InputKind::Bytes, digest: Some(asked.value.clone()), text: None, why, recipes };
    match (asked.what, asked.formula) {
        (What::DiffId, _) => none(Why::Unpacked, unpacked),
        // The bytes of a signed schema 1 document are not those that are hashed: its payload is.
        (_, Formula::Payload) => bytes(Some(Why::Payload), hashed),
        _ if node.read && node.digest.as_ref() == Some(&asked.value) => bytes(None, hashed),
        _ => none(if node.read { Why::Other } else { Why::Unread }, hashed),
    }
}

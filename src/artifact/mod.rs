//! blob bytes -> facts: what an artifact of a registry is that is no image: a Helm chart, files, a wasm module, a model.
//!
//! [`plan`] says by the manifest which of its blobs has to be read and how; [`chart`], [`wasm`], [`gguf`] and
//! [`safetensors`] read one format each, [`provenance`] holds what is said about a chart against it. Every byte is hostile: sizes, counts and depths are capped, and a header that is cut
//! off says how much of it is missing.

mod chart;
mod gguf;
mod head;
mod plan;
mod provenance;
mod safetensors;
mod wasm;

use serde::Serialize;

pub use chart::read as chart;
pub use gguf::read as gguf;
pub use plan::{ArtifactKind, ArtifactPlan, Part, plan};
pub use provenance::held as provenance;
pub use safetensors::read as safetensors;
pub use wasm::read as wasm;

use crate::limits;

/// The result of reading an artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    /// Facts by their stable names, in the order in which they are shown.
    pub facts: Vec<Fact>,
    /// The dependencies of a chart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
    /// The imports of a wasm module or component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imports: Option<Vec<Port>>,
    /// Its exports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exports: Option<Vec<Port>>,
    /// The number of bytes from the beginning that would have to be read to know all; none if all is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wants: Option<u64>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Its stable name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A dependency of a chart, as its file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// The other chart's name.
    pub name: String,
    /// The versions of it that fit.
    pub version: String,
    /// The address of its repository.
    pub repository: String,
}

/// An import or an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Port {
    /// The module that an import of a core module is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Its name.
    pub name: String,
    /// `func`, `memory`, `table`, `global`, `tag`, `module`, `instance`, `component`, `value` or `type`; with the signature of
    /// a function of a core module.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Opened {
    fn put(&mut self, name: &'static str, value: impl Into<String>) {
        let value = cut(&value.into());
        if !value.is_empty() {
            self.facts.push(Fact { name, value });
        }
    }
}

/// A text of an artifact, no longer than is shown.
fn cut(text: &str) -> String {
    text.chars().take(limits::ARTIFACT_TEXT).collect()
}

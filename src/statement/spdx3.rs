//! SPDX 3 in JSON-LD: a graph of elements, in which packages, licences and suppliers refer to each other by id.

use std::collections::HashMap;

use serde::Deserialize;

use super::facts::add;
use super::packages::{Package, Packages, cut, licence, purl_type};
use super::{Content, Holder, unread};
use crate::error::Error;
use crate::say::say;

#[derive(Deserialize)]
struct Graph {
    #[serde(rename = "@graph", default)]
    elements: Vec<Element>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Element {
    #[serde(rename = "type", alias = "@type")]
    kind: String,
    #[serde(rename = "spdxId", alias = "@id")]
    id: String,
    name: Option<String>,
    created: Option<String>,
    #[serde(rename = "specVersion")]
    spec_version: Option<String>,
    #[serde(rename = "software_packageVersion", alias = "packageVersion")]
    version: Option<String>,
    #[serde(rename = "software_packageUrl", alias = "packageUrl")]
    purl: Option<String>,
    #[serde(rename = "software_primaryPurpose")]
    purpose: Option<String>,
    #[serde(rename = "suppliedBy")]
    supplier: Option<OneOrMany>,
    #[serde(rename = "simplelicensing_licenseExpression")]
    expression: Option<String>,
    #[serde(rename = "relationshipType")]
    relationship: Option<String>,
    from: Option<String>,
    to: Option<OneOrMany>,
    #[serde(rename = "externalIdentifier")]
    identifiers: Vec<Identifier>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Identifier {
    #[serde(rename = "externalIdentifierType")]
    kind: String,
    identifier: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
    Other(serde::de::IgnoredAny),
}

impl OneOrMany {
    fn first(&self) -> Option<&String> {
        match self {
            Self::One(text) => Some(text),
            Self::Many(all) => all.first(),
            Self::Other(_) => None,
        }
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Content, Error> {
    Ok(content(serde_json::from_slice(bytes).map_err(|error| unread(&error))?))
}

pub(super) fn predicate(bytes: &[u8]) -> Result<Content, Error> {
    let held: Holder<Graph> = serde_json::from_slice(bytes).map_err(|error| unread(&error))?;
    Ok(content(held.predicate))
}

fn content(graph: Graph) -> Content {
    let elements = graph.elements;
    let mut facts = Vec::new();
    let info = elements.iter().find(|element| element.kind.ends_with("CreationInfo"));
    let version = info.and_then(|info| info.spec_version.clone()).unwrap_or_else(|| "3".to_owned());
    add(&mut facts, "version", Some(format!("SPDX-{version}")));
    add(&mut facts, "created", info.and_then(|info| info.created.as_deref()));
    let document = elements.iter().find(|element| element.kind.ends_with("SpdxDocument"));
    add(&mut facts, "document", document.and_then(|one| one.name.as_deref()));
    let by_id: HashMap<&str, &Element> = elements.iter().map(|element| (element.id.as_str(), element)).collect();
    let licences = licences(&elements, &by_id);
    let packages = elements.iter().filter(|element| element.kind.ends_with("_Package") || element.kind == "Package");
    let packages = Packages::of(packages.map(|element| row(element, &by_id, &licences)));
    let (count, version) = (packages.total, format!("SPDX {version}"));
    let said = say!("packages-listed", "{count} packages, {version}", count, version);
    Content { form: "spdx", said, facts, packages: Some(packages), ..Content::default() }
}

/// The licence that relationships give to an element; a concluded one goes before a declared one.
fn licences<'a>(elements: &'a [Element], by_id: &HashMap<&str, &'a Element>) -> HashMap<&'a str, &'a str> {
    let mut found = HashMap::new();
    for wanted in ["hasDeclaredLicense", "hasConcludedLicense"] {
        for element in elements.iter().filter(|element| element.relationship.as_deref() == Some(wanted)) {
            let Some((from, to)) = element.from.as_deref().zip(element.to.as_ref().and_then(OneOrMany::first)) else {
                continue;
            };
            let stated = by_id.get(to.as_str()).and_then(|one| one.expression.as_deref().or(one.name.as_deref()));
            let stated = licence(stated.unwrap_or_else(|| to.rsplit('/').next().unwrap_or(to)));
            if !stated.is_empty() {
                found.insert(from, stated);
            }
        }
    }
    found
}

fn row(element: &Element, by_id: &HashMap<&str, &Element>, licences: &HashMap<&str, &str>) -> Package {
    let other = || element.identifiers.iter().find(|one| one.kind == "packageUrl").map(|one| one.identifier.clone());
    let purl = element.purl.clone().or_else(other).unwrap_or_default();
    let supplier = element.supplier.as_ref().and_then(OneOrMany::first);
    let supplier = supplier.and_then(|id| by_id.get(id.as_str())?.name.as_deref()).unwrap_or_default();
    Package {
        name: element.name.clone().unwrap_or_default(),
        version: element.version.clone().unwrap_or_default(),
        licence: cut(licences.get(element.id.as_str()).copied().unwrap_or_default()),
        kind: purl_type(&purl).map_or_else(|| element.purpose.clone().unwrap_or_default(), str::to_owned),
        supplier: cut(supplier),
        purl,
    }
}

//! SPDX 3 in JSON-LD: a graph of elements, in which packages, licences and suppliers refer to each other by id.

use std::collections::HashMap;

use serde::Deserialize;

use super::facts::add;
use super::owned::FileHashes;
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
    #[serde(rename = "verifiedUsing")]
    hashes: Option<Vec<Integrity>>,
}

/// A hash, or another proof of a file or a reference to one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Integrity {
    Hash {
        algorithm: String,
        #[serde(rename = "hashValue")]
        value: String,
    },
    Other(serde::de::IgnoredAny),
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

impl Element {
    /// Of this class, with the name of its profile or without.
    fn is(&self, class: &str) -> bool {
        self.kind == class || self.kind.strip_suffix(class).is_some_and(|profile| profile.ends_with('_'))
    }
}

impl OneOrMany {
    fn all(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(all) => all,
            Self::Other(_) => &[],
        }
    }

    fn first(&self) -> Option<&String> {
        self.all().first()
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
    let packages = table(&elements, |element| row(element, &by_id, &licences));
    let (count, version) = (packages.total, format!("SPDX {version}"));
    let said = say!("packages-listed", "{count} packages, {version}", count, version);
    Content { form: "spdx", said, facts, packages: Some(packages), ..Content::default() }
}

/// The packages, each with the files that it contains.
fn table<'a>(elements: &'a [Element], row: impl Fn(&'a Element) -> Package) -> Packages {
    let (mut files, mut rows) = (FileHashes::default(), Vec::new());
    for element in elements {
        if element.is("Package") {
            files.row(&element.id, rows.len());
            rows.push(row(element));
        } else if let Some(name) = element.name.as_deref().filter(|_| element.is("File")) {
            let hashes = element.hashes.iter().flatten().filter_map(|one| match one {
                Integrity::Hash { algorithm, value } => Some((algorithm, value)),
                Integrity::Other(_) => None,
            });
            files.add(&element.id, name, hashes);
        }
    }
    let contains = elements.iter().filter(|element| element.relationship.as_deref() == Some("contains"));
    for (from, to) in contains.filter_map(|element| element.from.as_deref().zip(element.to.as_ref())) {
        to.all().iter().for_each(|file| files.relate(&mut rows, from, file));
    }
    files.table(rows)
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
        files: Vec::new(),
    }
}

//! CycloneDX in JSON.

use serde::Deserialize;
use serde_json::Value;

use super::facts::add;
use super::owned::FileHashes;
use super::packages::{Package, purl_type};
use super::{Content, Holder, bom_rules, unread};
use crate::error::Error;
use crate::limits;
use crate::say::{Said, say};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Bom {
    spec_version: String,
    serial_number: Option<String>,
    metadata: Option<Metadata>,
    components: Vec<Component>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Metadata {
    timestamp: Option<String>,
    component: Option<Component>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Component {
    #[serde(rename = "type")]
    kind: String,
    group: Option<String>,
    name: String,
    version: Option<String>,
    purl: Option<String>,
    licenses: Vec<Choice>,
    supplier: Option<Named>,
    publisher: Option<String>,
    components: Vec<Component>,
    hashes: Option<Vec<Hash>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Hash {
    alg: String,
    content: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Choice {
    license: Option<License>,
    expression: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct License {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Named {
    name: Option<String>,
}

/// The faults against its schema; the largest documents are only read.
fn wrong(bytes: &[u8], is_predicate: bool) -> Vec<Said> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Vec::new();
    }
    let whole: Option<Value> = serde_json::from_slice(bytes).ok();
    let document = if is_predicate { whole.as_ref().and_then(|whole| whole.get("predicate")) } else { whole.as_ref() };
    document.map(bom_rules::wrong).unwrap_or_default()
}

/// A document by itself, or the predicate of a statement.
pub(super) fn read(bytes: &[u8], is_predicate: bool) -> Result<Content, Error> {
    let bom: Bom = if is_predicate {
        serde_json::from_slice::<Holder<Bom>>(bytes).map(|held| held.predicate)
    } else {
        serde_json::from_slice(bytes)
    }
    .map_err(|error| unread(&error))?;
    let mut facts = Vec::new();
    add(&mut facts, "version", Some(&bom.spec_version));
    add(&mut facts, "serial", bom.serial_number.as_deref());
    let metadata = bom.metadata.unwrap_or_default();
    add(&mut facts, "created", metadata.timestamp.as_deref());
    add(&mut facts, "describes", metadata.component.map(|component| component.title()));
    let (mut files, mut rows) = (FileHashes::default(), Vec::new());
    flatten(bom.components, (0, None), &mut rows, &mut files);
    let packages = files.table(rows);
    let (count, version) = (packages.total, format!("CycloneDX {}", bom.spec_version));
    let said = say!("packages-listed", "{count} packages, {version}", count, version);
    Ok(Content { form: "cyclonedx", said, facts, packages: Some(packages), wrong: wrong(bytes, is_predicate) })
}

/// Components lie in components. A file's hashes are its own and those of the component around it.
fn flatten(
    components: Vec<Component>,
    (depth, outer): (usize, Option<usize>),
    rows: &mut Vec<Package>,
    files: &mut FileHashes<'_>,
) {
    if depth > limits::INDEX_DEPTH {
        return;
    }
    for mut component in components {
        let (inner, at) = (std::mem::take(&mut component.components), rows.len());
        // The name of a file is its path where tools list what lies in an image; without a slash it is only a name.
        let hashes = component.hashes.take().filter(|_| component.kind == "file" && component.name.contains('/'));
        let path = component.name.clone();
        rows.push(component.into());
        if let Some(hashes) = hashes {
            let place = files.add("", &path, hashes.into_iter().map(|hash| (hash.alg, hash.content)));
            [Some(at), outer].into_iter().flatten().for_each(|row| files.give(rows, row, place));
        }
        flatten(inner, (depth + 1, Some(at)), rows, files);
    }
}

impl Component {
    fn title(&self) -> String {
        let group = self.group.as_deref().filter(|group| !group.is_empty());
        group.map_or_else(|| self.name.clone(), |group| format!("{group}/{}", self.name))
    }
}

impl From<Component> for Package {
    fn from(component: Component) -> Self {
        let stated = component.licenses.iter().filter_map(|choice| {
            let license = choice.license.as_ref();
            choice.expression.clone().or_else(|| license?.id.clone()).or_else(|| license?.name.clone())
        });
        let licence = stated.collect::<Vec<_>>().join(" AND ");
        let purl = component.purl.clone().unwrap_or_default();
        let supplier = component.supplier.as_ref().and_then(|supplier| supplier.name.clone());
        Self {
            name: component.title(),
            kind: purl_type(&purl).unwrap_or(&component.kind).to_owned(),
            version: component.version.unwrap_or_default(),
            supplier: supplier.or(component.publisher).unwrap_or_default(),
            licence,
            purl,
            files: Vec::new(),
        }
    }
}

//! SPDX 2.x, in JSON and as tags and values.

use serde::Deserialize;

use super::facts::add;
use super::owned::FileHashes;
use super::packages::{Package, Packages, licence, purl_type};
use super::{Content, Holder, cosign_data, spdx3, unread};
use crate::error::Error;
use crate::say::say;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Document {
    spdx_version: String,
    name: String,
    document_namespace: String,
    creation_info: Creation,
    packages: Vec<Entry>,
    files: Vec<File>,
    relationships: Option<Vec<Relationship>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Creation {
    created: String,
    creators: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    #[serde(rename = "SPDXID")]
    id: String,
    name: String,
    version_info: Option<String>,
    license_concluded: Option<String>,
    license_declared: Option<String>,
    supplier: Option<String>,
    originator: Option<String>,
    primary_package_purpose: Option<String>,
    external_refs: Vec<Reference>,
    has_files: Option<Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Reference {
    reference_type: String,
    reference_locator: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct File {
    #[serde(rename = "SPDXID")]
    id: String,
    file_name: String,
    checksums: Vec<Checksum>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Relationship {
    spdx_element_id: String,
    related_spdx_element: String,
    relationship_type: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Checksum {
    algorithm: String,
    checksum_value: String,
}

/// A document by itself.
pub(super) fn read(bytes: &[u8]) -> Result<Content, Error> {
    Ok(content(&serde_json::from_slice(bytes).map_err(|error| unread(&error))?))
}

/// A document as a predicate, as it is or wrapped once more by cosign.
pub(super) fn predicate(bytes: &[u8]) -> Result<Content, Error> {
    #[derive(Deserialize)]
    struct Context {
        #[serde(rename = "@graph", default)]
        graph: Option<serde::de::IgnoredAny>,
    }
    let data = cosign_data(bytes)?;
    let bytes = data.as_deref().unwrap_or(bytes);
    let held: Holder<Context> = serde_json::from_slice(bytes).map_err(|error| unread(&error))?;
    if held.predicate.graph.is_some() {
        return spdx3::predicate(bytes);
    }
    let held: Holder<Document> = serde_json::from_slice(bytes).map_err(|error| unread(&error))?;
    Ok(content(&held.predicate))
}

fn content(document: &Document) -> Content {
    let mut facts = Vec::new();
    add(&mut facts, "version", Some(&document.spdx_version));
    add(&mut facts, "document", Some(&document.name));
    add(&mut facts, "namespace", Some(&document.document_namespace));
    add(&mut facts, "created", Some(&document.creation_info.created));
    document.creation_info.creators.iter().for_each(|creator| add(&mut facts, "creator", Some(creator)));
    let packages = table(document);
    let (count, version) = (packages.total, document.spdx_version.replace('-', " "));
    let said = say!("packages-listed", "{count} packages, {version}", count, version);
    Content { form: "spdx", said, facts, packages: Some(packages), ..Content::default() }
}

/// The packages, each with the files that it contains: as its own list says, or as relationships do.
fn table(document: &Document) -> Packages {
    let mut files = FileHashes::default();
    for File { id, file_name, checksums } in &document.files {
        files.add(id, file_name, checksums.iter().map(|one| (&one.algorithm, &one.checksum_value)));
    }
    let mut rows: Vec<_> = document.packages.iter().map(Package::from).collect();
    for (row, package) in document.packages.iter().enumerate() {
        files.row(&package.id, row);
        for file in package.has_files.iter().flatten() {
            files.relate(&mut rows, &package.id, file);
        }
    }
    for Relationship { spdx_element_id: from, related_spdx_element: to, relationship_type } in
        document.relationships.iter().flatten()
    {
        match relationship_type.as_str() {
            "CONTAINS" => files.relate(&mut rows, from, to),
            "CONTAINED_BY" => files.relate(&mut rows, to, from),
            _ => {}
        }
    }
    files.table(rows)
}

impl From<&Entry> for Package {
    fn from(entry: &Entry) -> Self {
        let is_purl = |one: &&Reference| one.reference_type == "purl";
        let purl =
            entry.external_refs.iter().find(is_purl).map(|one| one.reference_locator.clone()).unwrap_or_default();
        let licences = [&entry.license_concluded, &entry.license_declared].into_iter().flatten();
        let stated = licences.map(|text| licence(text)).find(|text| !text.is_empty());
        let supplier = [&entry.supplier, &entry.originator].into_iter().flatten().find(|who| *who != "NOASSERTION");
        let supplier = supplier.map_or("", String::as_str);
        let bare = ["Organization: ", "Person: "].iter().find_map(|kind| supplier.strip_prefix(kind));
        Self {
            name: entry.name.clone(),
            version: entry.version_info.clone().unwrap_or_default(),
            licence: stated.unwrap_or_default().to_owned(),
            kind: purl_type(&purl).map_or_else(
                || entry.primary_package_purpose.as_deref().unwrap_or_default().to_lowercase(),
                str::to_owned,
            ),
            supplier: bare.unwrap_or(supplier).to_owned(),
            purl,
            files: Vec::new(),
        }
    }
}

/// The form of tags and values: `PackageName: curl`.
pub(super) fn tag_value(bytes: &[u8]) -> Option<Content> {
    let text = std::str::from_utf8(bytes).ok()?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with("SPDXVersion:") {
        return None;
    }
    let mut document = Document::default();
    for line in start.lines() {
        let Some((tag, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match tag.trim() {
            "SPDXVersion" => document.spdx_version = value.to_owned(),
            "DocumentName" => document.name = value.to_owned(),
            "DocumentNamespace" => document.document_namespace = value.to_owned(),
            "Created" => document.creation_info.created = value.to_owned(),
            "Creator" => document.creation_info.creators.push(value.to_owned()),
            "PackageName" => document.packages.push(Entry { name: value.to_owned(), ..Entry::default() }),
            tag => document.packages.last_mut().into_iter().for_each(|package| tagged(package, tag, value)),
        }
    }
    Some(content(&document))
}

fn tagged(package: &mut Entry, tag: &str, value: &str) {
    let text = || Some(value.to_owned());
    match tag {
        "PackageVersion" => package.version_info = text(),
        "PackageLicenseConcluded" => package.license_concluded = text(),
        "PackageLicenseDeclared" => package.license_declared = text(),
        "PackageSupplier" => package.supplier = text(),
        "ExternalRef" => {
            let mut words = value.split_whitespace().skip(1);
            if let (Some(kind), Some(locator)) = (words.next(), words.next()) {
                let (reference_type, reference_locator) = (kind.to_owned(), locator.to_owned());
                package.external_refs.push(Reference { reference_type, reference_locator });
            }
        }
        _ => {}
    }
}

//! The packages of a list, as a table shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::limits;

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// Its name, with its group.
    pub name: String,
    /// Its version, empty if the list has none.
    pub version: String,
    /// Its licence as an expression, empty if none is stated.
    pub licence: String,
    /// The type of its package URL, `deb`, or else what the list calls it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its supplier.
    pub supplier: String,
    /// Its package URL.
    pub purl: String,
    /// The hashes of its files, by their places in `files`; none if the list does not say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<u32>,
}

/// All rows, with what they come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Packages {
    /// The rows, at most 50,000, in the order of the list.
    pub rows: Vec<Package>,
    /// The number of packages in the list.
    pub total: usize,
    /// The number of rows of each type, the most first.
    pub types: Vec<(String, usize)>,
    /// The number of rows with each licence, the most first.
    pub licences: Vec<(String, usize)>,
    /// The number of rows that state no licence.
    pub without_licence: usize,
    /// The hashes of files that the list has: path, algorithm and hex.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<(String, String, String)>,
}

impl Packages {
    pub(super) fn of(rows: impl IntoIterator<Item = Package>) -> Self {
        let mut found = Self::default();
        let (mut types, mut licences) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            found.total += 1;
            if found.rows.len() == limits::STATEMENT_PACKAGES {
                continue;
            }
            *types.entry(row.kind.clone()).or_insert(0) += 1;
            match row.licence.is_empty() {
                true => found.without_licence += 1,
                false => *licences.entry(row.licence.clone()).or_insert(0) += 1,
            }
            found.rows.push(row);
        }
        (found.types, found.licences) = (most_first(types), most_first(licences));
        found
    }
}

fn most_first(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(limits::STATEMENT_COUNTS);
    counts
}

/// `deb` of `pkg:deb/debian/curl@7`.
pub(super) fn purl_type(purl: &str) -> Option<&str> {
    let rest = purl.strip_prefix("pkg:")?.trim_start_matches('/');
    rest.split('/').next().filter(|kind| !kind.is_empty() && kind.len() < 32)
}

/// The words for "none" in a licence.
pub(super) fn licence(text: &str) -> &str {
    if matches!(text, "NOASSERTION" | "NONE") { "" } else { text }
}

/// A text that many packages may share by its id, as a row has it: one long licence would stand in every row.
pub(super) fn cut(shared: &str) -> String {
    shared.chars().take(limits::SHARED_TEXT).collect()
}

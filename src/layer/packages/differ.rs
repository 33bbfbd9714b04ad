//! The packages of two images: which are new, gone, or there in another version.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Package;

/// A package that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageChange {
    /// `added`, `removed` or `changed`.
    pub state: &'static str,
    /// Its type.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its version in the first image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<String>,
    /// Its version in the second image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<String>,
}

/// The differences, by type and name. If an image has several versions of one package, each that only one side has is
/// listed.
#[must_use]
pub fn differences(a: &[Package], b: &[Package]) -> Vec<PackageChange> {
    let mut all: BTreeMap<(&str, &str), [Vec<&str>; 2]> = BTreeMap::new();
    for (side, packages) in [a, b].into_iter().enumerate() {
        for package in packages {
            all.entry((&package.kind, &package.name)).or_default()[side].push(&package.version);
        }
    }
    let mut found = Vec::new();
    for ((kind, name), [mut before, mut after]) in all {
        for versions in [&mut before, &mut after] {
            versions.sort_unstable();
            versions.dedup();
        }
        let gone: Vec<&str> = before.iter().filter(|one| after.binary_search(one).is_err()).copied().collect();
        let new: Vec<&str> = after.iter().filter(|one| before.binary_search(one).is_err()).copied().collect();
        let change = |state, a: Option<&str>, b: Option<&str>| PackageChange {
            state,
            kind: kind.to_owned(),
            name: name.to_owned(),
            a: a.map(str::to_owned),
            b: b.map(str::to_owned),
        };
        if let ([one], [other]) = (&gone[..], &new[..]) {
            found.push(change("changed", Some(one), Some(other)));
            continue;
        }
        found.extend(gone.iter().map(|one| change("removed", Some(one), None)));
        found.extend(new.iter().map(|one| change("added", None, Some(one))));
    }
    found
}

//! The packages of an image, by the databases that package managers keep in its files.
//!
//! ```text
//! places  which files hold packages        pick     several files of a layer in one pass, while it is proved again
//! dpkg, apk, python, npm, rpm (over sqlite), binaries   one format each
//! purl, bom  names for other tools, and CycloneDX        differ  what two lists have of each other
//! ```
//!
//! Every file is hostile: sizes, counts and fields are capped, and what cannot be read is a problem with its path.

mod apk;
mod binaries;
mod bom;
mod differ;
mod dpkg;
mod fields;
mod npm;
mod pick;
mod places;
mod purl;
mod python;
mod rpm;
mod sqlite;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

pub use bom::cyclonedx;
pub use differ::{PackageChange, differences};
pub use pick::Picker;
pub use places::{Form, Wanted};

use super::FileIndex;
use super::files::Files;
use crate::error::Error;
use crate::limits;

/// One installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Package {
    /// `deb`, `apk`, `rpm`, `pypi`, `npm`, `golang` or `cargo`: the type of its package URL.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The architecture, if the database says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    /// The licence, as the database or the file beside it has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Its installed size in bytes, as the database has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The file that lists it.
    pub path: String,
    /// The position of the layer that brought this version.
    pub layer: u32,
    /// Its package URL.
    pub purl: String,
}

/// A file that should list packages and does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Its path.
    pub path: String,
    /// `rpm-ndb`, `rpm-bdb`, `rpm-unfinished`, `behind-link`, `too-large`, `program-too-large`, `program-go-old`,
    /// `too-many`, `broken` or `not-proved`.
    pub code: &'static str,
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PackageList {
    /// The packages, by type, name and version.
    pub packages: Vec<Package>,
    /// The packages that are not in the list.
    pub problems: Vec<Problem>,
}

/// Finds the files with packages in the layers of an image, then reads them.
#[derive(Default)]
pub struct Packages {
    files: Files,
    /// Every version of the databases that a layer rewrites as a whole.
    versions: Vec<Wanted>,
    wanted: Vec<Wanted>,
    contents: BTreeMap<usize, Vec<u8>>,
    problems: Vec<Problem>,
}

impl Packages {
    /// Those of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a layer, counted from 0 at the lowest.
    pub fn add(&mut self, position: u32, index: FileIndex) {
        self.versions.retain(|one| one.layer != position);
        self.versions.extend(places::databases(position, &index));
        self.files.add(position, index);
    }

    /// The operating system of the image.
    pub fn set_system(&mut self, system: &str) {
        self.files.set_system(Some(system));
    }

    /// The files to read, those of the lowest layer first.
    ///
    /// # Errors
    /// `limit-exceeded` if the layers have more paths than are kept.
    pub fn wanted(&mut self) -> Result<&[Wanted], Error> {
        let mut found = places::Found::default();
        self.files.each_seen(|seen| found.see(seen))?;
        // Databases behind links are looked for by their real paths, which may lead over further links.
        for _ in 0..limits::PACKAGE_LINKS {
            let Some(aliases) = found.behind() else { break };
            found = places::Found::with(aliases);
            self.files.each_seen(|seen| found.see(seen))?;
        }
        found.name_lost();
        let (wanted, problems) = found.finish(&self.versions);
        (self.wanted, self.problems, self.contents) = (wanted, problems, BTreeMap::new());
        Ok(&self.wanted)
    }

    /// The content of one of them, by its number in that list.
    pub fn take(&mut self, number: usize, content: Vec<u8>) {
        let Some(wanted) = self.wanted.get(number) else { return };
        let length = content.len() as u64;
        let is_whole = match wanted.form {
            // A word for the kind and Go's version stand before the list.
            Form::Program => length <= limits::PACKAGE_TOLD_BYTES as u64 + 1024,
            _ => length == wanted.size,
        };
        if is_whole {
            self.contents.insert(number, content);
        }
    }

    /// The packages in what was taken; a file that was not is a problem.
    #[must_use]
    pub fn list(&mut self) -> PackageList {
        let mut list = PackageList { problems: self.problems.clone(), packages: Vec::new() };
        let mut distro = purl::Distro::default();
        let mut licences: HashMap<String, String> = HashMap::new();
        let mut states: BTreeMap<&str, Vec<(u32, Vec<Package>)>> = BTreeMap::new();
        for (number, wanted) in self.wanted.iter().enumerate() {
            let Some(content) = self.contents.get(&number) else {
                // Earlier versions of a database say nothing about the one that is there.
                states.remove(wanted.path.as_str());
                list.problems.push(Problem { path: wanted.path.clone(), code: "not-proved" });
                continue;
            };
            match wanted.form {
                Form::Release => distro.read(content),
                Form::Copyright => {
                    let name = wanted.path.rsplit('/').nth(1).unwrap_or_default();
                    licences.extend(dpkg::licences(content).map(|licence| (name.to_owned(), licence)));
                }
                Form::Program if content == binaries::GO_OLD => {
                    list.problems.push(Problem { path: wanted.path.clone(), code: "program-go-old" });
                }
                form => {
                    let Some(found) = read(form, content) else {
                        states.remove(wanted.path.as_str());
                        list.problems.push(Problem { path: wanted.path.clone(), code: "broken" });
                        continue;
                    };
                    states.entry(&wanted.path).or_default().push((wanted.layer, found));
                }
            }
        }
        for (path, versions) in states {
            list.packages.extend(dated(path, versions));
        }
        // A field may be there and empty; a package URL needs a name.
        list.packages.retain(|one| !one.name.is_empty());
        if list.packages.len() > limits::STATEMENT_PACKAGES {
            list.packages.truncate(limits::STATEMENT_PACKAGES);
            list.problems.push(Problem { path: String::new(), code: "too-many" });
        }
        for package in &mut list.packages {
            if package.kind == "deb" && package.licence.is_none() {
                package.licence = licences.get(&package.name).cloned();
            }
            package.purl = purl::of(package, &distro);
        }
        list.packages.sort();
        list.packages.dedup();
        list
    }
}

fn read(form: Form, content: &[u8]) -> Option<Vec<Package>> {
    match form {
        Form::Dpkg => dpkg::read(content),
        Form::Apk => apk::read(content),
        Form::Python => python::read(content),
        Form::Npm => npm::read(content),
        Form::Rpm => rpm::read(content),
        Form::Program => binaries::read(content),
        Form::Release | Form::Copyright => None,
    }
}

/// The packages of the last version of a database, each with the layer since which it is there unchanged.
fn dated(path: &str, versions: Vec<(u32, Vec<Package>)>) -> Vec<Package> {
    let mut before: HashMap<(String, Option<String>, String), u32> = HashMap::new();
    let mut last = Vec::new();
    for (layer, found) in versions {
        let mut now = HashMap::new();
        last = found;
        for package in &mut last {
            let key = (package.name.clone(), package.arch.clone(), package.version.clone());
            package.layer = before.get(&key).copied().unwrap_or(layer);
            path.clone_into(&mut package.path);
            now.insert(key, package.layer);
        }
        before = now;
    }
    last
}

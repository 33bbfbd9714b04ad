//! FileIndex -> Held. The hashes that a list of packages gives of files, held against the files of an image.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::check::Outcome;
use crate::error::Error;
use crate::layer::FileIndex;
use crate::layer::files::Files;
use crate::limits;
use crate::say::{Said, say};

/// A hash that a list gives of a file: its path, the algorithm and the value in hex.
pub type Listed = (String, String, String);

/// The result of holding a list's files against an image's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// `fail` if a file differs, `warn` if one is not in the image, `not-checked` if none could be compared.
    pub outcome: Outcome,
    /// The same in a sentence.
    pub said: Said,
    /// The number of files in the list.
    pub count: usize,
    /// The number of them that are the image's.
    pub fits: usize,
    /// The number that are other files in the image.
    pub differ: usize,
    /// The number that are not in it.
    pub absent: usize,
    /// The number that have no SHA-256, the only hash that is computed of the image's files, or several of which one
    /// fits.
    pub unknown: usize,
    /// The first paths that differ.
    pub examples: Vec<String>,
    /// The same for each package, in the order of the list; nothing for one whose files are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<Option<HeldPackage>>,
}

/// The outcome for the files of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldPackage {
    /// As of the whole list, and `not-checked` too if a part of them could not be compared.
    pub outcome: Outcome,
    /// The number of its files.
    pub count: u32,
    /// The number of those that are the image's.
    pub fits: u32,
    /// The number of those that are other files in the image.
    pub differ: u32,
    /// The number of those that are not in it.
    pub absent: u32,
    /// The positions of the layers that brought those which are the image's, the lowest first.
    pub layers: Vec<u32>,
}

/// The outcome for one file.
#[derive(Clone, Copy)]
enum Fit {
    /// It is the image's, brought by the layer at this position.
    Same(u32),
    Differs,
    Absent,
    Unknown,
}

/// Holds the files of a list against the files that a container gets from these layers, the lowest first. The indexes must
/// have the digests of their files' contents. `owned` says which of them each package has: for one package after the other
/// the number of its hashes, and then their places in the list.
///
/// # Errors
/// `limit-exceeded` if the layers have more paths together than are kept.
pub fn hold(layers: Vec<FileIndex>, system: Option<&str>, listed: &[Listed], owned: &[u32]) -> Result<Held, Error> {
    let image = contents(layers, system)?;
    let (paths, of_hash) = by_path(listed, &image);
    let (mut fits, mut differ, mut absent, mut unknown) = (0, 0, 0, 0);
    let mut examples = Vec::new();
    let mut files = vec![Fit::Unknown; paths.len()];
    for (path, wanted) in &paths {
        let fit = wanted.fit(image.get(path.as_str()).map(|(_, layer)| *layer));
        files[wanted.at] = fit;
        match fit {
            Fit::Same(_) => fits += 1,
            Fit::Absent => absent += 1,
            Fit::Unknown => unknown += 1,
            Fit::Differs => {
                differ += 1;
                examples.extend((examples.len() < limits::HELD_EXAMPLES).then(|| path.clone()));
            }
        }
    }
    let count = paths.len();
    let (outcome, said) = told([count, fits, differ, absent, unknown]);
    let packages = by_package(owned, &of_hash, &files);
    Ok(Held { outcome, said, count, fits, differ, absent, unknown, examples, packages })
}

/// The outcome for the files of each package. A file counts once for a package, by however many hashes it is named.
fn by_package(owned: &[u32], of_hash: &[usize], files: &[Fit]) -> Vec<Option<HeldPackage>> {
    let mut found = Vec::new();
    let mut counted = vec![0; files.len()];
    let mut rest = owned;
    while let Some((count, after)) = rest.split_first() {
        let (hashes, after) = after.split_at(after.len().min(*count as usize));
        rest = after;
        let mut package = HeldPackage::new();
        for file in hashes.iter().filter_map(|hash| of_hash.get(*hash as usize)) {
            if std::mem::replace(&mut counted[*file], found.len() + 1) != found.len() + 1 {
                package.add(files[*file]);
            }
        }
        found.push((package.count > 0).then(|| package.told()));
    }
    found
}

impl HeldPackage {
    fn new() -> Self {
        Self { outcome: Outcome::NotChecked, count: 0, fits: 0, differ: 0, absent: 0, layers: Vec::new() }
    }

    fn add(&mut self, file: Fit) {
        self.count += 1;
        match file {
            Fit::Same(layer) => {
                self.fits += 1;
                if let Err(at) = self.layers.binary_search(&layer) {
                    self.layers.insert(at, layer);
                }
            }
            Fit::Differs => self.differ += 1,
            Fit::Absent => self.absent += 1,
            Fit::Unknown => {}
        }
    }

    fn told(mut self) -> Self {
        self.outcome = match outcome(self.fits as usize, self.differ as usize, self.absent as usize) {
            Outcome::Pass if self.fits < self.count => Outcome::NotChecked,
            outcome => outcome,
        };
        self
    }
}

fn outcome(fits: usize, differ: usize, absent: usize) -> Outcome {
    match (fits, differ, absent) {
        (0, 0, 0) => Outcome::NotChecked,
        (_, 0, 0) => Outcome::Pass,
        (_, 0, _) => Outcome::Warn,
        _ => Outcome::Fail,
    }
}

fn told([count, fits, differ, absent, unknown]: [usize; 5]) -> (Outcome, Said) {
    if fits + differ + absent == 0 {
        return (
            Outcome::NotChecked,
            say!("files-without-hash", "none of the {count} files of this list has a SHA-256", count),
        );
    }
    let outcome = outcome(fits, differ, absent);
    if unknown > 0 {
        let said = say!(
            "files-held-in-part",
            "{fits} of {count} files of this list match the image's; {differ} differ, {absent} are absent, {unknown} have no single SHA-256",
            fits,
            count,
            differ,
            absent,
            unknown
        );
        return (outcome, said);
    }
    let said = say!(
        "files-held",
        "{fits} of {count} files of this list match the image's; {differ} differ, {absent} are absent",
        fits,
        count,
        differ,
        absent
    );
    (outcome, said)
}

/// A path of a list, with the SHA-256 values that the list has of it.
#[derive(Default)]
struct Wanted {
    /// The number of the path, in the order of the list.
    at: usize,
    /// The number of them that are those of the image's file, and the number of others.
    same: usize,
    other: usize,
}

impl Wanted {
    fn fit(&self, layer: Option<u32>) -> Fit {
        match (layer, self.same, self.other) {
            (_, 0, 0) => Fit::Unknown,
            (None, ..) => Fit::Absent,
            (Some(layer), _, 0) => Fit::Same(layer),
            (Some(_), 0, _) => Fit::Differs,
            // A list of all layers names each version of a file: one of them is the image's, and others are not.
            _ => Fit::Unknown,
        }
    }
}

/// Each path once, and the path of each hash.
fn by_path(listed: &[Listed], image: &Image) -> (BTreeMap<String, Wanted>, Vec<usize>) {
    let mut found: BTreeMap<String, Wanted> = BTreeMap::new();
    let mut of_hash = Vec::with_capacity(listed.len());
    for (path, algorithm, value) in listed {
        let path = plain(path);
        let is_same = image.get(path.as_str()).is_some_and(|(content, _)| content.eq_ignore_ascii_case(value));
        let at = found.len();
        let wanted = found.entry(path).or_insert_with(|| Wanted { at, ..Wanted::default() });
        of_hash.push(wanted.at);
        if algorithm.replace('-', "").eq_ignore_ascii_case("sha256") {
            if is_same { wanted.same += 1 } else { wanted.other += 1 }
        }
    }
    (found, of_hash)
}

/// Lists write `./usr/bin/x` and `/usr/bin/x`, and the image's paths have neither.
fn plain(path: &str) -> String {
    path.split('/').filter(|name| !matches!(*name, "" | ".")).collect::<Vec<_>>().join("/")
}

/// The SHA-256 of each file that the image has and the position of the layer that brought it, by its path.
type Image = HashMap<String, (String, u32)>;

fn contents(layers: Vec<FileIndex>, system: Option<&str>) -> Result<Image, Error> {
    let mut files = Files::new();
    for (position, index) in layers.into_iter().enumerate() {
        files.add(u32::try_from(position).unwrap_or(u32::MAX), index);
    }
    files.set_system(system);
    let mut found = HashMap::new();
    files.each_seen(|seen| {
        let content = seen.entry.as_ref().and_then(|entry| entry.content);
        // A list names its files in UTF-8.
        if let Some((digest, path)) = content.zip(std::str::from_utf8(seen.path).ok()) {
            let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            found.insert(path.to_owned(), (digest, seen.from.0));
        }
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;
    use crate::layer::{Entry, EntryKind};

    fn sha256(content: &str) -> String {
        Algorithm::Sha256.digest(content.as_bytes()).encoded().to_owned()
    }

    /// A layer of files, with the hashes of their contents.
    fn layer(entries: &[(&str, &str)]) -> FileIndex {
        let mut index = FileIndex::new();
        for (path, content) in entries {
            let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::File };
            let mut entry = Entry::new(kind, *path);
            entry.size = content.len() as u64;
            index.push(&entry).unwrap();
            if kind == EntryKind::File {
                let mut hasher = crate::digest::Hasher::new(Algorithm::Sha256);
                hasher.update(content.as_bytes());
                index.set_content(&hasher.sha256().unwrap());
            }
        }
        index
    }

    fn listed(files: &[(&str, &str, &str)]) -> Vec<Listed> {
        files.iter().map(|(path, algorithm, hex)| (path.to_string(), algorithm.to_string(), hex.to_string())).collect()
    }

    #[test]
    fn files_are_those_that_a_container_gets() {
        let layers = || {
            vec![
                layer(&[("etc/", ""), ("etc/a", "old"), ("etc/gone", "here"), ("usr/b", "same")]),
                layer(&[("etc/a", "new"), ("etc/.wh.gone", "")]),
            ]
        };
        let of = |files: &[(&str, &str, &str)]| hold(layers(), Some("linux"), &listed(files), &[]).unwrap();
        let (new, old, same) = (sha256("new"), sha256("old"), sha256("same").to_uppercase());
        let held = of(&[("./etc/a", "SHA256", &new), ("/usr/b", "SHA-256", &same), ("usr/b", "SHA1", "00")]);
        assert_eq!((held.outcome, held.fits, held.count, held.said.reason), (Outcome::Pass, 2, 2, "files-held"));
        let held = of(&[("etc/a", "SHA256", &old), ("etc/gone", "SHA256", &sha256("here")), ("usr/b", "SHA1", "00")]);
        assert_eq!((held.outcome, held.fits, held.differ, held.absent, held.unknown), (Outcome::Fail, 0, 1, 1, 1));
        assert_eq!((held.said.reason, held.examples), ("files-held-in-part", vec!["etc/a".to_owned()]));
        // One of two hashes of a path is the image's: neither a match nor a difference.
        let held = of(&[("etc/a", "SHA256", &new), ("etc/a", "SHA256", &old), ("usr/b", "SHA256", &same)]);
        assert_eq!((held.outcome, held.fits, held.differ, held.unknown), (Outcome::Pass, 1, 0, 1));
        assert_eq!(held.said.reason, "files-held-in-part");
        assert_eq!(of(&[("no/where", "SHA256", &new)]).outcome, Outcome::Warn);
        let held = of(&[("usr/b", "SHA1", "00")]);
        assert_eq!((held.outcome, held.said.reason), (Outcome::NotChecked, "files-without-hash"));
    }

    #[test]
    fn each_package_has_its_own_count_and_the_layers_that_brought_its_files() {
        let layers =
            vec![layer(&[("a", "a"), ("b", "b"), ("c", "old"), ("d", "d")]), layer(&[("c", "new"), ("e", "e")])];
        let files = listed(&[
            ("./a", "sha256", &sha256("a")),
            ("./a", "sha1", "00"),
            ("/b", "sha256", &sha256("b")),
            ("c", "sha256", &sha256("old")),
            ("e", "sha256", &sha256("e")),
            ("gone", "sha256", &sha256("gone")),
            ("d", "sha1", "00"),
        ]);
        // All fit, by two hashes of one file and a number that is no place; none; one differs; one is absent; one is unknown.
        let owned = [5, 0, 1, 2, 4, 99, 0, 2, 0, 3, 2, 4, 5, 2, 0, 6, 1, 6, 1, 99];
        let held = hold(layers.clone(), None, &files, &owned).unwrap();
        let told = |package: &Option<HeldPackage>| {
            let HeldPackage { outcome, count, fits, differ, absent, layers } = package.clone()?;
            Some((outcome, [count, fits, differ, absent], layers))
        };
        assert_eq!(
            held.packages.iter().map(told).collect::<Vec<_>>(),
            [
                Some((Outcome::Pass, [3, 3, 0, 0], vec![0, 1])),
                None,
                Some((Outcome::Fail, [2, 1, 1, 0], vec![0])),
                Some((Outcome::Warn, [2, 1, 0, 1], vec![1])),
                Some((Outcome::NotChecked, [2, 1, 0, 0], vec![0])),
                Some((Outcome::NotChecked, [1, 0, 0, 0], vec![])),
                None,
            ]
        );
        // A count that says more than there is takes what there is.
        assert_eq!(hold(layers, None, &files, &[u32::MAX, 0]).unwrap().packages.len(), 1);
    }

    #[test]
    fn as_many_files_as_are_read_take_no_square_of_time() {
        let names: Vec<String> = (0..20_000).map(|at| format!("d/{at}")).collect();
        let entries: Vec<_> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
        let files: Vec<_> = names.iter().map(|name| (name.clone(), "SHA256".to_owned(), sha256(name))).collect();
        // One package has all of them many times over, and as many packages as are shown have one each.
        let all = (0..200_000).map(|at| at % 20_000);
        let owned: Vec<u32> =
            std::iter::once(200_000).chain(all).chain((0..50_000).flat_map(|at| [1, at % 20_000])).collect();
        let started = std::time::Instant::now();
        let held = hold(vec![layer(&entries)], None, &files, &owned).unwrap();
        assert_eq!((held.fits, held.outcome, held.packages.len()), (20_000, Outcome::Pass, 50_001));
        assert_eq!(held.packages[0].as_ref().map(|package| package.fits), Some(20_000));
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}

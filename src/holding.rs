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
}

/// Holds the files of a list against the files that a container gets from these layers, the lowest first. The indexes must
/// have the digests of their files' contents.
///
/// # Errors
/// `limit-exceeded` if the layers have more paths together than are kept.
pub fn hold(layers: Vec<FileIndex>, system: Option<&str>, listed: &[Listed]) -> Result<Held, Error> {
    let image = contents(layers, system)?;
    let (mut fits, mut differ, mut absent, mut unknown) = (0, 0, 0, 0);
    let mut examples = Vec::new();
    let wanted = by_path(listed, &image);
    for (path, [same, other]) in &wanted {
        match (image.contains_key(path.as_str()), *same, *other) {
            (_, 0, 0) => unknown += 1,
            (false, ..) => absent += 1,
            (true, _, 0) => fits += 1,
            (true, 0, _) => {
                differ += 1;
                examples.extend((examples.len() < limits::HELD_EXAMPLES).then(|| path.clone()));
            }
            // A list of all layers names each version of a file: one of them is the image's, and others are not.
            _ => unknown += 1,
        }
    }
    let count = wanted.len();
    let (outcome, said) = told([count, fits, differ, absent, unknown]);
    Ok(Held { outcome, said, count, fits, differ, absent, unknown, examples })
}

fn told([count, fits, differ, absent, unknown]: [usize; 5]) -> (Outcome, Said) {
    if fits + differ + absent == 0 {
        return (
            Outcome::NotChecked,
            say!("files-without-hash", "none of the {count} files of this list has a SHA-256", count),
        );
    }
    let outcome = match (differ, absent) {
        (0, 0) => Outcome::Pass,
        (0, _) => Outcome::Warn,
        _ => Outcome::Fail,
    };
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

/// Each path once: how many SHA-256 values the list has of it that are those of the image's file, and how many others.
fn by_path(listed: &[Listed], image: &HashMap<String, String>) -> BTreeMap<String, [usize; 2]> {
    let mut found: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for (path, algorithm, value) in listed {
        let path = plain(path);
        let is_same = image.get(path.as_str()).is_some_and(|content| content.eq_ignore_ascii_case(value));
        let counts = found.entry(path).or_default();
        if algorithm.replace('-', "").eq_ignore_ascii_case("sha256") {
            counts[usize::from(!is_same)] += 1;
        }
    }
    found
}

/// Lists write `./usr/bin/x` and `/usr/bin/x`, and the image's paths have neither.
fn plain(path: &str) -> String {
    path.split('/').filter(|name| !matches!(*name, "" | ".")).collect::<Vec<_>>().join("/")
}

/// The SHA-256 of each file that the image has, by its path.
fn contents(layers: Vec<FileIndex>, system: Option<&str>) -> Result<HashMap<String, String>, Error> {
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
            found.insert(path.to_owned(), digest.iter().map(|byte| format!("{byte:02x}")).collect());
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
        let of = |files: &[(&str, &str, &str)]| hold(layers(), Some("linux"), &listed(files)).unwrap();
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
    fn as_many_files_as_are_read_take_no_square_of_time() {
        let names: Vec<String> = (0..20_000).map(|at| format!("d/{at}")).collect();
        let entries: Vec<_> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
        let files: Vec<_> = names.iter().map(|name| (name.clone(), "SHA256".to_owned(), sha256(name))).collect();
        let started = std::time::Instant::now();
        let held = hold(vec![layer(&entries)], None, &files).unwrap();
        assert_eq!((held.fits, held.outcome), (20_000, Outcome::Pass));
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}

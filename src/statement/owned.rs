//! The hashes of files that a list has, and which of its packages have which of them.

use std::collections::BTreeMap;

use super::packages::{Package, Packages};
use crate::limits;

/// The targets of a list's own names: a row, or the first hash of a file and the one after its last.
type Places<'a> = BTreeMap<&'a str, (u32, u32)>;

/// The hashes in the order of the list.
#[derive(Default)]
pub(super) struct FileHashes<'a> {
    hashes: Vec<(String, String, String)>,
    places: Places<'a>,
    rows: Places<'a>,
    /// The number of hashes that the packages have together.
    owned: usize,
    /// Rows whose hashes are more than are taken over: a count of a part would mislead.
    cut: Vec<u32>,
    is_full: bool,
}

impl<'a> FileHashes<'a> {
    /// Takes over the hashes of a file, algorithm and hex, and gives back which they are.
    pub(super) fn add<A, V>(&mut self, id: &'a str, path: &str, hashes: impl IntoIterator<Item = (A, V)>) -> (u32, u32)
    where
        A: AsRef<str>,
        V: Into<String>,
    {
        let first = if self.is_full { limits::STATEMENT_FILES } else { self.hashes.len() };
        // The path stands beside each of its hashes: no file of an image has a longer one, and none needs more hashes.
        let few = if path.len() <= limits::SHOWN_PATH_BYTES { limits::FILE_CHECKSUMS } else { 0 };
        for (algorithm, value) in hashes.into_iter().take(few) {
            if self.is_full || self.hashes.len() == limits::STATEMENT_FILES {
                self.hashes.truncate(first);
                self.is_full = true;
                break;
            }
            self.hashes.push((path.to_owned(), algorithm.as_ref().to_lowercase(), value.into()));
        }
        let place = if self.is_full { FULL } else { (place(first), place(self.hashes.len())) };
        if !id.is_empty() {
            self.places.entry(id).or_insert(place);
        }
        place
    }

    /// Names a row.
    pub(super) fn row(&mut self, id: &'a str, row: usize) {
        if !id.is_empty() {
            self.rows.entry(id).or_insert((place(row), 0));
        }
    }

    /// Gives a file to a package, both by the names that the list has for them; other names are of other things.
    pub(super) fn relate(&mut self, rows: &mut [Package], package: &str, file: &str) {
        if let (Some((row, _)), Some(place)) = (self.rows.get(package).copied(), self.places.get(file).copied()) {
            self.give(rows, row as usize, place);
        }
    }

    /// Gives hashes to a row.
    pub(super) fn give(&mut self, rows: &mut [Package], row: usize, (first, end): (u32, u32)) {
        let Some(found) = rows.get_mut(row) else { return };
        self.owned = self.owned.saturating_add(end.saturating_sub(first) as usize);
        if (first, end) == FULL || self.owned > limits::STATEMENT_FILES {
            self.cut.push(place(row));
            self.owned = self.owned.min(limits::STATEMENT_FILES);
            return;
        }
        found.files.extend(first..end);
    }

    /// The table with these hashes.
    pub(super) fn table(self, mut rows: Vec<Package>) -> Packages {
        for row in self.cut {
            rows[row as usize].files = Vec::new();
        }
        Packages { files: self.hashes, ..Packages::of(rows) }
    }
}

/// Of a file whose hashes are not taken over.
const FULL: (u32, u32) = (u32::MAX, u32::MAX);

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

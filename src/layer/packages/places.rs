//! Finds the files of an image that list its packages.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Problem;
use crate::layer::files::{Seen, resolved, within};
use crate::layer::{EntryKind, FileIndex};
use crate::limits;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// `os-release`, for the names of packages.
    Release,
    /// Debian's files about licences.
    Copyright,
    /// The database of dpkg, or one file of distroless' `status.d`.
    Dpkg,
    /// The database of apk.
    Apk,
    /// The metadata of a Python distribution.
    Python,
    /// The `package.json` of an installed module.
    Npm,
    /// rpm's database in SQLite.
    Rpm,
    /// A program that may say what it is made of.
    Program,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Wanted {
    /// The position of the layer that has its content.
    pub layer: u32,
    /// The number of the entry in that layer's tar.
    pub at: u32,
    /// Its path in the image.
    pub path: String,
    /// Its format.
    pub form: Form,
    /// Its size in bytes.
    pub size: u64,
}

/// Databases that are written anew as a whole: each version tells which layer brought a package.
const DATABASES: [(&str, Form); 5] = [
    ("var/lib/dpkg/status", Form::Dpkg),
    ("lib/apk/db/installed", Form::Apk),
    ("usr/lib/apk/db/installed", Form::Apk),
    ("var/lib/rpm/rpmdb.sqlite", Form::Rpm),
    ("usr/lib/sysimage/rpm/rpmdb.sqlite", Form::Rpm),
];

/// The places of rpm's database in its older formats. They are named, and not read.
const OLD_RPM: [(&str, &str); 4] = [
    ("var/lib/rpm/Packages.db", "rpm-ndb"),
    ("usr/lib/sysimage/rpm/Packages.db", "rpm-ndb"),
    ("var/lib/rpm/Packages", "rpm-bdb"),
    ("usr/lib/sysimage/rpm/Packages", "rpm-bdb"),
];

/// The ending of the file in which SQLite keeps changes that are not in the database yet.
const WAITING: &str = "-wal";

/// The folder in which distroless keeps a file for each package.
const STATUS_D: &str = "var/lib/dpkg/status.d";

/// Every version of a database that a layer has.
pub(super) fn databases(position: u32, index: &FileIndex) -> Vec<Wanted> {
    let of = |(at, entry): (u32, crate::layer::EntryRef<'_>)| {
        let path = std::str::from_utf8(entry.path).ok()?.trim_start_matches("./").trim_start_matches('/').to_owned();
        let (_, form) = DATABASES.iter().find(|(name, _)| *name == path)?;
        let is_file = entry.kind == EntryKind::File && !entry.sparse;
        is_file.then_some(Wanted { layer: position, at, path, form: *form, size: entry.size })
    };
    // Of a path that stands in a layer more than once, engines keep the last.
    let mut found = DATABASES.map(|_| None);
    for one in (0_u32..).zip(index.iter()).filter_map(of) {
        let slot = found.iter_mut().zip(DATABASES).find(|(_, (path, _))| one.path == *path);
        if let Some((slot, _)) = slot {
            *slot = Some(one);
        }
    }
    found.into_iter().flatten().collect()
}

/// The form of an entry that may list packages, before the other layers are known.
pub(super) fn guessed(entry: &crate::layer::Entry) -> Option<Form> {
    let path = std::str::from_utf8(&entry.path).ok()?.trim_start_matches("./").trim_start_matches('/');
    let is_program = entry.mode & 0o111 != 0 && entry.size >= limits::PACKAGE_PROGRAM_LEAST;
    form(path).or_else(|| is_program.then_some(Form::Program))
}

/// The files that the walk over an image has met.
#[derive(Default)]
pub(super) struct Found {
    /// Paths that links make into those of databases, with these.
    aliases: BTreeMap<String, String>,
    /// Links on the way to databases.
    links: BTreeMap<String, String>,
    wanted: Vec<Wanted>,
    problems: Vec<Problem>,
    bytes: u64,
    is_full: bool,
}

impl Found {
    /// Before a walk in which these paths stand for those of databases.
    pub(super) fn with(aliases: BTreeMap<String, String>) -> Self {
        Self { aliases, ..Self::default() }
    }

    pub(super) fn see(&mut self, seen: &Seen<'_>) {
        let Some(entry) = &seen.entry else { return };
        let is_file = matches!(entry.kind, EntryKind::File | EntryKind::HardLink);
        let Ok(path) = std::str::from_utf8(seen.path) else { return };
        if entry.kind == EntryKind::Symlink && self.is_on_the_way(path) {
            self.links.insert(path.to_owned(), String::from_utf8_lossy(entry.link).into_owned());
        }
        if !is_file {
            return;
        }
        let known = self.known(path);
        let known = known.as_deref().unwrap_or(path);
        if let Some((_, code)) = OLD_RPM.iter().find(|(old, _)| *old == known) {
            return self.problem(path, code);
        }
        let is_waiting = known.strip_suffix(WAITING).is_some_and(|base| database(base) == Some(Form::Rpm));
        if is_waiting && entry.size > 0 {
            return self.problem(path, "rpm-unfinished");
        }
        let is_program = entry.mode & 0o111 != 0 && entry.size >= limits::PACKAGE_PROGRAM_LEAST;
        let Some(form) = form(known).or_else(|| is_program.then_some(Form::Program)) else { return };
        if entry.sparse && form == Form::Program {
            return;
        }
        if entry.sparse {
            return self.problem(path, "broken");
        }
        let (layer, at) = seen.content.unwrap_or(seen.from);
        self.want(Wanted { layer, at, path: path.to_owned(), form, size: entry.size });
    }

    fn want(&mut self, wanted: Wanted) {
        let most = match wanted.form {
            Form::Program => limits::PACKAGE_PROGRAM_BYTES,
            Form::Rpm => limits::PACKAGE_DATABASE_BYTES,
            _ if self.is_database(&wanted.path) => limits::PACKAGE_DATABASE_BYTES,
            _ => limits::PACKAGE_FILE_BYTES,
        };
        if wanted.size > most {
            let code = if wanted.form == Form::Program { "program-too-large" } else { "too-large" };
            return self.problem(&wanted.path, code);
        }
        // Of a program only what it says of itself is kept.
        if wanted.form != Form::Program {
            self.bytes = self.bytes.saturating_add(wanted.size);
        }
        if self.wanted.len() >= limits::PACKAGE_FILES || self.bytes > limits::PACKAGE_BYTES {
            if !std::mem::replace(&mut self.is_full, true) {
                self.problem(&wanted.path, "too-many");
            }
            return;
        }
        self.wanted.push(wanted);
    }

    fn is_database(&self, path: &str) -> bool {
        database(self.known(path).as_deref().unwrap_or(path)).is_some()
    }

    /// The path that a link makes this one into, if it is one of a database.
    fn known(&self, path: &str) -> Option<String> {
        if self.aliases.is_empty() {
            return None;
        }
        // A link may be at any directory above: that of the file itself comes first.
        let ends = std::iter::once(path.len()).chain(path.rmatch_indices('/').map(|(at, _)| at));
        ends.filter_map(|end| path.split_at_checked(end))
            .find_map(|(above, rest)| Some(format!("{}{rest}", self.aliases.get(above)?)))
    }

    /// True if a database has this path, or a directory or link on the way to one.
    fn is_on_the_way(&self, path: &str) -> bool {
        let known = self.known(path);
        let path = known.as_deref().unwrap_or(path);
        let leads = |to: &str| within(to, path);
        locations().any(leads) || self.aliases.keys().any(|alias| leads(alias))
    }

    /// Gives the real paths behind the links with the paths that they stand for, or none if these are known already.
    pub(super) fn behind(&self) -> Option<BTreeMap<String, String>> {
        let mut found = self.aliases.clone();
        for (link, target) in &self.links {
            let own = self.known(link).unwrap_or_else(|| link.clone());
            found.entry(resolved(link, target)).or_insert(own);
        }
        (found != self.aliases).then_some(found)
    }

    /// Names each link to a database that leads to nothing which was read.
    pub(super) fn name_lost(&mut self) {
        let lost: Vec<String> = self
            .links
            .iter()
            .filter(|(link, target)| {
                let real = resolved(link, target);
                let is_inside = |path: &str| within(path, &real);
                let is_read = self.wanted.iter().any(|one| one.form != Form::Program && is_inside(&one.path));
                let is_named = self.problems.iter().any(|one| is_inside(&one.path));
                // A merged /usr leads to everything, and to no database in particular.
                locations().any(|path| {
                    path == link.as_str() || path.rsplit_once('/').is_some_and(|(above, _)| above == link.as_str())
                }) && !is_read
                    && !is_named
            })
            .map(|(link, _)| link.clone())
            .collect();
        lost.iter().for_each(|link| self.problem(link, "behind-link"));
    }

    fn problem(&mut self, path: &str, code: &'static str) {
        if self.problems.len() < limits::FINDINGS {
            self.problems.push(Problem { path: path.to_owned(), code });
        }
    }

    /// All files in the order of their layers; of a database that is there, its earlier versions too.
    pub(super) fn finish(mut self, versions: &[Wanted]) -> (Vec<Wanted>, Vec<Problem>) {
        let tops = DATABASES.map(|(path, _)| self.wanted.iter().find(|one| one.path == path));
        let tops: Vec<(String, u32)> = tops.into_iter().flatten().map(|one| (one.path.clone(), one.layer)).collect();
        let last = |path: &str| tops.iter().find(|(own, _)| own == path).map(|(_, layer)| *layer);
        let earlier: Vec<Wanted> =
            versions.iter().filter(|one| last(&one.path).is_some_and(|top| one.layer < top)).cloned().collect();
        earlier.into_iter().for_each(|one| self.want(one));
        self.wanted.sort();
        (self.wanted, self.problems)
    }
}

/// All paths of databases.
fn locations() -> impl Iterator<Item = &'static str> {
    let known = DATABASES.iter().map(|(path, _)| *path).chain(OLD_RPM.iter().map(|(path, _)| *path));
    known.chain([STATUS_D])
}

fn database(path: &str) -> Option<Form> {
    DATABASES.iter().find(|(name, _)| *name == path).map(|(_, form)| *form)
}

fn form(path: &str) -> Option<Form> {
    if let Some(form) = database(path) {
        return Some(form);
    }
    if path == "etc/os-release" || path == "usr/lib/os-release" {
        return Some(Form::Release);
    }
    let (folder, name) = path.rsplit_once('/')?;
    if folder == STATUS_D {
        return (!name.contains(".md5sums")).then_some(Form::Dpkg);
    }
    let above = folder.rsplit('/').next().unwrap_or_default();
    match name {
        "copyright" if folder.strip_suffix(above).is_some_and(|rest| rest == "usr/share/doc/") => Some(Form::Copyright),
        "METADATA" if above.ends_with(".dist-info") => Some(Form::Python),
        "PKG-INFO" if above.ends_with(".egg-info") => Some(Form::Python),
        "package.json" => is_module(folder).then_some(Form::Npm),
        _ => None,
    }
}

/// True for `…/node_modules/name` and `…/node_modules/@scope/name`.
fn is_module(folder: &str) -> bool {
    let mut parts = folder.rsplit('/');
    let (_, parent, above) = (parts.next(), parts.next(), parts.next());
    parent == Some("node_modules")
        || (parent.is_some_and(|scope| scope.starts_with('@')) && above == Some("node_modules"))
}

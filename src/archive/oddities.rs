//! Line: archive -> Check. What real archives have and the formats do not provide for, each said in a sentence.

use crate::checks::{Check, CheckId, Outcome};

use super::paths::{Paths, parts, shown};
use super::shape::Shape;

/// How many names one sentence tells.
const TOLD: usize = 3;

/// Names as they should not be.
#[derive(Default)]
struct Names {
    dotted: usize,
    twice: Vec<String>,
    again: usize,
    outside: Vec<String>,
    out: usize,
}

pub(super) fn of(paths: &Paths<'_>, shape: &Shape, is_folder: bool) -> Vec<Check> {
    if is_folder {
        return Vec::new();
    }
    let names = names(paths);
    let mut checks = Vec::new();
    let mut warn = |message: String| checks.push(Check::new(CheckId::Archive, Outcome::Warn, message));
    if !shape.prefix.is_empty() {
        let folder = shown(shape.prefix.strip_suffix(b"/").unwrap_or(&shape.prefix));
        warn(format!(
            "everything lies in the folder {folder}: programs look at the top of an archive, so unpack it and pack what is \
             in the folder"
        ));
    }
    if names.dotted > 0 {
        warn(format!(
            "{} names begin with \"./\", as tar writes them for a folder: Docker and containerd drop that, stricter \
             programs look for the name without",
            names.dotted
        ));
    }
    if names.again > 0 {
        warn(format!(
            "{} stands more than once in the archive: the last one counts here and for whoever unpacks it; programs that \
             search it take the first",
            told(&names.twice, names.again)
        ));
    }
    if names.out > 0 {
        warn(format!("{} leads out of the archive, and is not followed", told(&names.outside, names.out)));
    }
    checks
}

fn told(names: &[String], count: usize) -> String {
    let more = if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
    format!("{}{more}", names.join(", "))
}

fn names(paths: &Paths<'_>) -> Names {
    let mut found = Names::default();
    for entry in paths.outside() {
        found.out += 1;
        tell(&mut found.outside, entry.path);
    }
    let mut before: Option<&[u8]> = None;
    for (_, entry) in paths.sorted() {
        let is_file =
            entry.kind != crate::layer::EntryKind::Directory && entry.kind != crate::layer::EntryKind::GlobalHeader;
        found.dotted += usize::from(entry.path.starts_with(b"./"));
        if is_file {
            if before.is_some_and(|before| parts(before).eq(parts(entry.path))) {
                found.again += 1;
                tell(&mut found.twice, entry.path);
            }
            before = Some(entry.path);
        }
    }
    found
}

fn tell(names: &mut Vec<String>, path: &[u8]) {
    let name = shown(path);
    if names.len() < TOLD && !names.contains(&name) {
        names.push(name);
    }
}

//! archive -> Check. Traits of real archives that the formats do not provide for, each said in a sentence.

use crate::checks::{Check, CheckId, Outcome};
use crate::layer::{EntryKind, EntryRef};
use crate::say::say;

use super::landing::is_above;
use super::paths::{Paths, parts, shown};
use super::shape::Shape;

/// The most names that one sentence tells.
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
            "{} stands more than once in the archive: the last one counts here and for programs that unpack it; \
             those that search it take the first",
            told(&names.twice, names.again)
        ));
    }
    if names.out > 0 {
        let said = say!(
            "name-not-plain",
            "{names} begins with a slash or has \"..\" in it: it counts as the name without, as for programs that unpack the \
             archive; others refuse it or do not find it",
            names = told(&names.outside, names.out)
        );
        checks.push(Check::new(CheckId::Archive, Outcome::Warn, said));
    }
    checks.extend(links(paths, shape));
    if paths.landed.is_cut {
        let said = say!(
            "links-not-followed",
            "the links of the archive lead through more names than are followed here: a program that unpacks it may put \
             other files in the place of those shown"
        );
        checks.push(Check::new(CheckId::Limits, Outcome::NotChecked, said));
    }
    checks
}

/// Names that programs do not read alike which unpack the archive and which search it.
fn links(paths: &Paths<'_>, shape: &Shape) -> Vec<Check> {
    let mut said = Vec::new();
    if let Some((entry, to)) = paths.through().next() {
        said.push(say!(
            "entry-through-link",
            "{name} leads through a link of the archive: programs that unpack it write {to}, programs that search it do not \
             find that there; so it is with {count} of its entries",
            name = shown(entry.path),
            to = shown(to),
            count = paths.through().count()
        ));
    }
    if let Some(entry) = paths.nowhere().next() {
        said.push(say!(
            "entry-lands-nowhere",
            "{name} lies below a file, behind a link that leads nowhere, or has a longer name than Linux takes: programs \
             that unpack the archive refuse it",
            name = shown(entry.path)
        ));
    }
    let leads_out = |entry: &EntryRef<'_>| {
        let above = entry.path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        entry.kind == EntryKind::Symlink && is_above(&[&entry.path[..above], entry.link].concat())
    };
    let out = paths.sorted().map(|(_, entry)| entry).filter(|_| shape.is_layout(false)).find(leads_out);
    if let Some(link) = out {
        said.push(say!(
            "link-leads-out",
            "{name} is a link out of the archive, to {link}: skopeo and podman refuse the archive",
            name = shown(link.path),
            link = shown(link.link)
        ));
    }
    said.into_iter().map(|said| Check::new(CheckId::Archive, Outcome::Warn, said)).collect()
}

fn told(names: &[String], count: usize) -> String {
    let more = if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
    format!("{}{more}", names.join(", "))
}

fn names(paths: &Paths<'_>) -> Names {
    let mut found = Names::default();
    for entry in paths.odd() {
        found.out += 1;
        tell(&mut found.outside, entry.path);
    }
    let mut before: Option<&[u8]> = None;
    for (_, entry) in paths.sorted() {
        let is_file = entry.kind != EntryKind::Directory && entry.kind != EntryKind::GlobalHeader;
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

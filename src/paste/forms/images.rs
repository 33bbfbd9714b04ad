//! Tables of images: docker, compose, podman, nerdctl, crictl, ctr, with digests or without, and Docker's tree.

use crate::paste::Form;
use crate::paste::digests::{self, is_hex};
use crate::paste::forms::Part;
use crate::paste::meaning::What;
use crate::paste::names;
use crate::paste::note::Say;
use crate::paste::text::Text;

const NO_DIGEST: Say = Say(
    "no-digest-yet",
    "<none> under DIGEST: the classic store learns the digest of a manifest only when the image is pushed or pulled.",
);
const NO_NAME: Say =
    Say("no-name", "<none> as a name: the tag that the image had was given to another image, or it never had one.");
const SAME: Say = Say(
    "id-is-digest",
    "IMAGE ID is the beginning of DIGEST, so this comes from the containerd store: both name the manifest or index.",
);

/// A column before the image ID; each holds one word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Repository,
    Tag,
    Digest,
    Id,
    /// The image ID in a store of containerd.
    StoredId,
    Other,
}

/// The ways in which a table is read.
enum Table {
    /// One image a line.
    Rows(Vec<Column>),
    /// `IMAGE ID DISK USAGE CONTENT SIZE …`, one image or platform a line.
    Tree,
    /// `CONTAINER ID IMAGE …`, one container a line.
    Containers,
}

const CONTAINERS: Say = Say("containers-table", "This is a table of containers.");

/// Finds a head line and the rows below it.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::ImagesTable);
    let mut table = None;
    let mut trunk = String::new();
    for (piece, line) in text.free_lines() {
        if let Some(head) = head(line) {
            part.kind = matches!(head, Table::Containers).then_some(CONTAINERS);
            table = Some(head);
            part.claim(piece);
        } else if table.as_ref().is_some_and(|table| row(line, table, &mut trunk, &mut part)) {
            part.claim(piece);
        }
    }
    part.found()
}

fn head(line: &str) -> Option<Table> {
    // Most lines of a log are no head of a table, which their first byte tells.
    if !line.starts_with(['I', 'R', 'C', 'N']) {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["IMAGE", "ID", "DISK", "USAGE", ..] => return Some(Table::Tree),
        ["CONTAINER", "ID", "IMAGE", ..] | ["CONTAINER", "IMAGE", "CREATED", ..] => return Some(Table::Containers),
        // These are lists of a registry.
        _ if words.contains(&"CREATE_TIME") => return None,
        _ => {}
    }
    // Only stores of containerd tell the size of the blobs.
    let of_containerd = words.ends_with(&["BLOB", "SIZE"]);
    let mut columns = Vec::new();
    let mut rest = &words[..];
    while let Some(word) = rest.first() {
        let (column, width) = match (*word, rest.get(1)) {
            ("IMAGE", Some(&"ID")) if of_containerd => (Column::StoredId, 2),
            ("IMAGE", Some(&"ID")) => (Column::Id, 2),
            ("REPOSITORY" | "IMAGE" | "REF", _) => (Column::Repository, 1),
            ("TAG", _) => (Column::Tag, 1),
            ("DIGEST", _) => (Column::Digest, 1),
            ("CONTAINER" | "PLATFORM" | "TYPE" | "NAMES", _) => (Column::Other, 1),
            _ => break,
        };
        columns.push(column);
        rest = &rest[width..];
    }
    let has = |column| columns.contains(&column);
    (has(Column::Repository) && (has(Column::Id) || has(Column::StoredId) || has(Column::Digest)))
        .then_some(Table::Rows(columns))
}

/// `trunk` is the image whose platforms the next lines are.
fn row(line: &str, table: &Table, trunk: &mut String, part: &mut Part) -> bool {
    let branch = line.starts_with(['├', '└', '│']);
    let words: Vec<&str> = line.trim_start_matches(['├', '└', '│', '─', ' ']).split_whitespace().collect();
    match (table, &words[..]) {
        (Table::Rows(columns), words) if words.len() >= columns.len() => cells(columns, words, part),
        (Table::Tree, [_, id, ..]) if branch => mention(id, What::PlatformManifest, "ID", trunk, part),
        (Table::Tree, [image, id, ..]) => {
            (*image).clone_into(trunk);
            let found = mention(id, What::ImageId, "ID", image, part);
            if found && !image.starts_with('<') {
                part.name(image, None);
            }
            found
        }
        (Table::Containers, [id, image, ..]) if is_hex(id) => container(image, part),
        _ => false,
    }
}

/// The image of a container: its name, or the beginning of its ID.
fn container(image: &str, part: &mut Part) -> bool {
    if digests::prefix(image).is_some_and(|id| id.len() >= 12) || digests::whole(image).is_some() {
        return mention(image, What::ImageId, "IMAGE", "", part);
    }
    let Some(name) = names::named(image) else { return false };
    if let Some((name, digest)) = name.split_once('@') {
        part.mention(digest, What::Pin, "", Some(name));
    }
    part.name(name, None);
    true
}

fn cells(columns: &[Column], words: &[&str], part: &mut Part) -> bool {
    let cell = |column| columns.iter().position(|one| *one == column).map(|at| words[at]);
    let stored = cell(Column::StoredId);
    let (digest, id) = (cell(Column::Digest), cell(Column::Id).or(stored));
    let repository = cell(Column::Repository).unwrap_or("<none>");
    let name = name(repository, cell(Column::Tag).unwrap_or("<none>"));
    let same = matches!((digest.and_then(digests::whole), id), (Some(digest), Some(id))
        if id.len() >= digests::PREFIX && digest.encoded().starts_with(id));
    let id_is = if same || stored.is_some() { What::StoredId } else { What::ImageId };
    let found = [(digest, What::ManifestOrIndex, "DIGEST"), (id, id_is, "IMAGE ID")]
        .map(|(cell, what, label)| cell.is_some_and(|cell| mention(cell, what, label, &name, part)));
    if !found.contains(&true) {
        return false;
    }
    let nameless = repository == "<none>" && columns.contains(&Column::Repository);
    for (said, note) in [(same, SAME), (digest == Some("<none>"), NO_DIGEST), (nameless, NO_NAME)] {
        if said {
            part.note(note);
        }
    }
    if !name.is_empty() {
        part.name(&name, None);
    }
    true
}

fn name(repository: &str, tag: &str) -> String {
    match (repository, tag) {
        ("<none>", _) => String::new(),
        (repository, "<none>") => repository.to_owned(),
        (repository, tag) => format!("{repository}:{tag}"),
    }
}

fn mention(word: &str, what: What, label: &str, name: &str, part: &mut Part) -> bool {
    let is_digest = digests::whole(word).is_some() || digests::prefix(word).is_some();
    if is_digest {
        part.mention(word, what, label, Some(name));
    }
    is_digest || word == "<none>"
}

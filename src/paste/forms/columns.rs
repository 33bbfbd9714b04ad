//! Tables whose head says what is below it: images as a registry, a cluster or a program lists them.

use crate::paste::Form;
use crate::paste::digests;
use crate::paste::forms::Part;
use crate::paste::labels;
use crate::paste::meaning::What;
use crate::paste::names;
use crate::paste::note::Say;
use crate::paste::scan::Scan;
use crate::paste::text::Text;

/// A table that is known: the heads of columns that it has, in lower case, and what it is.
struct Known {
    heads: &'static [&'static str],
    form: Form,
    say: Option<Say>,
    /// The meaning of the digests of the column `digest`, if the table says more than the word.
    digest: Option<What>,
}

const fn known(heads: &'static [&'static str], form: Form, say: Say) -> Known {
    Known { heads, form, say: Some(say), digest: None }
}

const GAR: Say = Say("gar-images", "This is what gcloud artifacts docker images list prints.");
const GCR: Say = Say("gcr-list-tags", "This is what gcloud container images list-tags prints.");
const ACR: Say = Say("acr-manifests", "This is what az acr repository show-manifests or az acr manifest prints.");
const ECR: Say = Say("ecr-describe-images", "This is the answer of aws ecr describe-images.");
const TRUST: Say = Say("docker-trust", "This is what docker trust prints: the tags that are signed.");
const HUB: Say = Say("hub-platforms", "This is a list of a tag's platforms, as a registry's page shows it.");
const FLUX: Say = Say("flux-get", "This is what flux get prints.");
const OPENSHIFT: Say = Say("openshift-images", "This is what oc prints about image streams.");
const CLUSTER: Say = Say("kubernetes-table", "This is a table of Kubernetes objects, as kubectl get prints it.");
const CONTAINERS: Say = Say("containers-table", "This is a table of containers.");
const CONTENT: Say = Say("ctr-content", "This is what ctr content ls prints: the blobs of a local store.");

const TABLES: [Known; 18] = [
    known(&["image", "digest", "create_time"], Form::RegistryTable, GAR),
    known(&["digest", "tags", "timestamp"], Form::RegistryTable, GCR),
    known(&["digest", "lastupdatetime"], Form::RegistryTable, ACR),
    known(&["imagedigest"], Form::RegistryTable, ECR),
    known(&["signed tag", "digest"], Form::RegistryTable, TRUST),
    Known {
        heads: &["digest", "os/arch"],
        form: Form::RegistryTable,
        say: Some(HUB),
        digest: Some(What::PlatformManifest),
    },
    known(&["latest image"], Form::Mentions, FLUX),
    known(&["image", "tag", "ready", "message"], Form::Mentions, FLUX),
    known(&["revision", "suspended", "ready"], Form::Mentions, FLUX),
    known(&["image repository"], Form::Mentions, OPENSHIFT),
    known(&["image reference"], Form::Mentions, OPENSHIFT),
    known(&["containers", "images"], Form::Mentions, CLUSTER),
    known(&["image", "service", "status"], Form::ImagesTable, CONTAINERS),
    known(&["replicas", "image"], Form::ImagesTable, CONTAINERS),
    known(&["image", "node", "desired state"], Form::ImagesTable, CONTAINERS),
    Known { heads: &["digest", "size", "age"], form: Form::Mentions, say: Some(CONTENT), digest: Some(What::Blob) },
    Known { heads: &["image", "image id"], form: Form::ImagesTable, say: None, digest: None },
    Known { heads: &["repository", "image id"], form: Form::ImagesTable, say: None, digest: None },
];

/// One of these is in the head of every table that is read here.
const HEADS: Scan<9> =
    Scan::exact(["IMAGE", "DIGEST", "REVISION", "Digest", "Image", "image", "digest", "REPOSITORY", "Repository"]);

/// The longest head, and the longest word of one, in bytes.
const HEAD: usize = 600;
const TITLE: usize = 32;

/// The content of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Names of images.
    Name,
    /// Names, if they have a host and a tag.
    Any,
    Tag,
    Digest(&'static str, What),
    Other,
}

/// A column: where it begins, in characters, and what it holds.
struct Column {
    start: usize,
    role: Role,
}

/// Finds head lines and the rows below them.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::Mentions);
    let mut columns: Option<Vec<Column>> = None;
    for (piece, line) in text.free_lines() {
        if line.is_empty() {
            columns = None;
        } else if let Some(table) = head(line, || text.indent(piece), &mut part) {
            columns = Some(table);
            part.claim(piece);
        } else if let Some(table) = &columns
            && (is_rule(line) || row(line, text.indent(piece), table, &mut part))
        {
            part.claim(piece);
        }
    }
    // A head without rows is a line of text.
    let found = !part.digests.is_empty() || !part.references.is_empty();
    if found { part.found() } else { None }
}

/// The columns of a head; what its table is goes to the part.
fn head(line: &str, indent: impl Fn() -> usize, part: &mut Part) -> Option<Vec<Column>> {
    if line.len() > HEAD || !is_apart(line) || !HEADS.any(line) {
        return None;
    }
    let cells: Vec<(usize, String)> =
        cells(line, indent()).map(|(start, cell)| (start, cell.to_ascii_lowercase())).collect();
    let is_title =
        |cell: &str| cell.len() <= TITLE && cell.bytes().all(|b| b.is_ascii_alphabetic() || b" _-/()%".contains(&b));
    if cells.len() < 2 || !cells.iter().all(|(_, cell)| is_title(cell)) {
        return None;
    }
    let has = |head: &&str| cells.iter().any(|(_, cell)| cell == head);
    let table = TABLES.iter().find(|table| table.heads.iter().all(&has));
    let digest = table.and_then(|table| table.digest);
    let columns: Vec<Column> =
        cells.iter().map(|(start, cell)| Column { start: *start, role: role(cell, digest, &has) }).collect();
    let tells = |column: &Column| !matches!(column.role, Role::Other | Role::Any | Role::Tag);
    if table.is_none() && !columns.iter().any(tells) {
        return None;
    }
    if let Some(table) = table.filter(|_| part.kind.is_none()) {
        (part.form, part.kind) = (table.form, table.say);
    }
    Some(columns)
}

/// True if a line may have cells: most lines of a log have neither two spaces in a row nor a tab.
fn is_apart(line: &str) -> bool {
    let bytes = line.as_bytes();
    line.starts_with('|')
        || !line.is_ascii()
        || bytes.iter().zip(&bytes[1..]).any(|pair| matches!(pair, (b'\t', _) | (b' ', b' ')))
}

fn role(head: &str, digest: Option<What>, has: &dyn Fn(&&str) -> bool) -> Role {
    match head {
        "image" | "images" | "image name" | "latest image" | "image reference" | "image repository"
        | "container image" | "ref" => Role::Name,
        // The repository of a chart is none of an image.
        "repository" if has(&"tag") || has(&"digest") || has(&"image id") => Role::Name,
        "tag" | "tags" | "signed tag" | "imagetag" | "imagetags" => Role::Tag,
        "name" => Role::Any,
        _ => {
            let told = labels::of_cell(head).filter(|(label, _)| head.ends_with(label));
            told.map_or(Role::Other, |(label, what)| Role::Digest(label, digest.unwrap_or(what)))
        }
    }
}

/// The cells of a line: between bars, or apart by a tab or by two spaces; each with its place in characters.
fn cells(line: &str, indent: usize) -> Box<dyn Iterator<Item = (usize, &str)> + '_> {
    let bars = line.starts_with('|') && line.ends_with('|') || line.contains(" │ ");
    let mut at = indent;
    if bars {
        let inner = line.trim_matches('|');
        return Box::new(inner.split(['|', '│']).map(str::trim).enumerate());
    }
    let mut rest = line;
    Box::new(std::iter::from_fn(move || {
        let blank = rest.len() - rest.trim_start().len();
        at += rest[..blank].chars().count();
        rest = &rest[blank..];
        if rest.is_empty() {
            return None;
        }
        let end = [rest.find('\t'), rest.find("  ")].into_iter().flatten().min().unwrap_or(rest.len());
        let (start, cell) = (at, &rest[..end]);
        at += cell.chars().count();
        rest = &rest[end..];
        Some((start, cell))
    }))
}

/// A line that only divides a table.
fn is_rule(line: &str) -> bool {
    line.bytes().all(|b| b"-=+| ".contains(&b)) || line.chars().all(|c| "─━┼│ ".contains(c))
}

fn row(line: &str, indent: usize, columns: &[Column], part: &mut Part) -> bool {
    let found: Vec<(usize, &str)> = cells(line, indent).collect();
    let mut row: Vec<&str> = vec![""; columns.len()];
    if found.len() == columns.len() {
        row = found.iter().map(|(_, cell)| *cell).collect();
    } else {
        for (start, cell) in &found {
            let at = columns.iter().rposition(|column| column.start <= *start).unwrap_or_default();
            row[at] = cell;
        }
    }
    let before = (part.digests.len(), part.references.len());
    let names = names_of(&row, columns);
    let own = names.first().map(|name| name.split('@').next().unwrap_or(name).to_owned());
    for name in &names {
        if let Some((image, digest)) = name.split_once('@') {
            part.mention(digest, What::Pin, "", Some(image));
        }
        part.name(name, None);
    }
    for (cell, column) in row.iter().zip(columns) {
        match column.role {
            Role::Digest(label, what) => {
                for word in cell.split([' ', ',']) {
                    if word.contains('@') {
                        pin(word, own.as_deref(), part);
                    } else {
                        part.mention(word, what, label, own.as_deref());
                    }
                }
            }
            Role::Name => {}
            Role::Any | Role::Tag | Role::Other => {
                for word in cell.split([' ', ',']) {
                    pin(word, own.as_deref(), part);
                }
            }
        }
    }
    (part.digests.len(), part.references.len()) != before
}

/// The images that a row names; the tag of another column is put to the name.
fn names_of(row: &[&str], columns: &[Column]) -> Vec<String> {
    let tag = row.iter().zip(columns).find(|(_, column)| column.role == Role::Tag).map(|(cell, _)| *cell);
    let tag = tag.and_then(|cell| cell.split([',', ' ']).next()).map(|tag| tag.trim_matches(['[', ']', '"', '\'']));
    let tag = tag.filter(|tag| !tag.is_empty() && !tag.starts_with(['<', '-']));
    let mut names = Vec::new();
    for (cell, column) in row.iter().zip(columns) {
        for word in cell.split([',', ' ']).filter(|word| !word.is_empty()) {
            let name = match column.role {
                Role::Name if !word.starts_with('<') => names::named(word),
                Role::Any | Role::Other => names::evident(word),
                _ => None,
            };
            let Some(name) = name else { continue };
            let bare = !name.contains('@') && !name.rsplit('/').next().is_some_and(|last| last.contains(':'));
            names.push(match tag.filter(|_| bare && column.role == Role::Name) {
                Some(tag) => format!("{name}:{tag}"),
                None => name.to_owned(),
            });
        }
    }
    names
}

/// A digest in a cell of any column: `6.5.4@sha256:…`, cut short or not, or a whole one.
fn pin(word: &str, own: Option<&str>, part: &mut Part) {
    if let Some((before, digest)) = word.trim_matches(['\'', '"', '`', '.']).split_once('@') {
        let name = names::beside_pin(before, own);
        part.mention(digest, What::Pin, "", name.as_deref());
    } else if let Some(digest) = digests::whole(word).filter(|_| word.contains(':')) {
        part.mention(digest.as_str(), What::Digest, "", own);
    }
}

//! archive -> Image -> Report. Opens what was listed: reads its documents, follows them, holds them against each other.

use std::sync::Arc;

use crate::checks::{Check, CheckId, Origin, Outcome, Source};
use crate::digest::{Digest, Verified};
use crate::document::{Body, Document, Hints};
use crate::error::{Error, ErrorKind};
use crate::image::{Branch, Kept, OpenOptions, Plan, Stage, Walk, flatten, mark_chosen, not_checked, soften};
use crate::json;
use crate::layer::FileIndex;
use crate::limits;
use crate::media_type::OCI_INDEX;
use crate::report::{Node, NodeKind, Report, ReportSource, SourceKind};
use crate::say::say;

use super::agree;
use super::docker::{self, Files, Saved};
use super::doubts;
use super::oddities;
use super::paths::Paths;
use super::places::{self, Place};
use super::rivals;
use super::shape::{self, Shape};
use super::store::{Blobs, Contents};

/// The file that an archive is; a folder is none.
#[derive(Clone, Debug, Default)]
pub struct ArchiveFile {
    /// Its size in bytes.
    pub size: u64,
    /// The digest computed over it, if it was read whole.
    pub digest: Option<String>,
}

/// The outcome of opening an archive.
#[derive(Debug)]
pub struct Opened {
    /// The findings.
    pub report: Report,
    /// Digest (as the node shows it) and bytes of every document in it.
    pub bytes: Vec<(String, Arc<[u8]>)>,
    /// The places of nodes whose bytes were not read.
    pub places: Vec<Place>,
}

/// Opens an archive, or a folder if there is no file, by its entries; none if it holds no images.
///
/// # Errors
/// Only faults that leave nothing to show: the documents could not be read at all. Faults within them are checks.
pub async fn open<C: Contents>(
    index: &FileIndex,
    file: Option<&ArchiveFile>,
    contents: &C,
    options: &OpenOptions,
    on_stage: &dyn Fn(Stage),
) -> Result<Option<Opened>, Error> {
    if !shape::may_be(index) {
        return Ok(None);
    }
    let is_folder = file.is_none();
    let paths = Paths::new(index, is_folder);
    let Some(shape) = Shape::of(&paths, is_folder) else { return Ok(None) };
    let place = if is_folder { "folder" } else { "archive" };
    let blobs = Blobs::new(&paths, &shape, place, contents, on_stage);
    let saved = match manifest(&blobs).await? {
        Ok(saved) => saved,
        // A layer may have a file of that name.
        Err(_) if !shape.is_layout(is_folder) && !shape.layers && !shape.blobs => return Ok(None),
        Err(problem) => Manifest { images: Vec::new(), problems: vec![problem] },
    };
    let plan = Plan { platform: None, all: true, at_hand: true, now: options.now };
    let walk = Walk::new(&blobs, plan);
    let mut kept = Kept::default();
    let mut found = Tops::default();
    if shape.is_layout(is_folder) {
        found.index = Some(layout(&blobs, &walk, options.now).await?);
    }
    let indexed = found.index.as_ref().map(|index| agree::Indexed::new(&blobs, index)).unwrap_or_default();
    let mut checks = Vec::new();
    checks.extend(saved.problems.iter().cloned());
    for (at, image) in saved.images.iter().enumerate() {
        checks.extend(doubts::rooted(image));
        checks.extend(rivals::of_config(&blobs, image).await?);
        let agreement = agree::with_index(&blobs, &indexed, image, at);
        let known = agreement.is_some();
        checks.extend(agreement);
        if known {
            continue;
        }
        let mut told = ConfigListener { walk: &walk, kept: &mut kept };
        let (branch, files) = docker::image(&blobs, image, at, options.now, &mut told).await;
        let agreement = agree::by_digest(&indexed, &branch, &files, at);
        checks.extend(agreement.or_else(|| agree::not_in_index(&indexed, &branch.node)));
        found.images.push((branch, files, at));
    }
    checks.extend(agree::repositories(&blobs, &saved.images).await);
    checks.extend(missing(&shape, is_folder));
    checks.extend(oddities::of(&paths, &shape, is_folder));
    checks.extend(doubts::global_header(&paths));
    checks.extend(rivals::of_blobs(&blobs));
    blobs.not_aborted()?;
    let mut bytes = walk.into_bytes();
    bytes.extend(kept.into_vec());
    Ok(Some(assemble(&blobs, file, options, found, checks, bytes)))
}

/// The configs of `manifest.json` share the report with all that the layout names.
struct ConfigListener<'a, 'b, C: Contents> {
    walk: &'a Walk<'a, Blobs<'b, C>>,
    kept: &'a mut Kept,
}

impl<C: Contents> docker::Hear for ConfigListener<'_, '_, C> {
    fn config(&mut self, document: &Document, node: Node) -> Node {
        self.kept.keep(document.digest(), document.verified());
        self.walk.admitted(node)
    }
}

/// The documents at the top of an archive.
#[derive(Default)]
struct Tops {
    index: Option<Branch>,
    images: Vec<(Branch, Files, usize)>,
}

struct Manifest {
    images: Vec<Saved>,
    problems: Vec<Check>,
}

/// The images of `manifest.json`, if there is one; else why it says nothing.
async fn manifest<C: Contents>(blobs: &Blobs<'_, C>) -> Result<Result<Manifest, Check>, Error> {
    let fail = |message: String| Ok(Err(Check::new(CheckId::Archive, Outcome::Fail, message)));
    if !blobs.shape.manifest {
        return Ok(Ok(Manifest { images: Vec::new(), problems: Vec::new() }));
    }
    let found = match blobs.named("manifest.json") {
        Ok(found) => found,
        Err(trouble) => return fail(format!("manifest.json was not read: {}", blobs.trouble(trouble))),
    };
    let bytes = match blobs.document(&found, limits::DOCUMENT_BYTES).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::Aborted => return Err(error),
        Err(error) => return fail(format!("manifest.json was not read: {error}")),
    };
    let parsed = match json::parse(&bytes) {
        Ok(parsed) => parsed,
        Err(error) => return fail(format!("manifest.json is not JSON: {error}")),
    };
    let Some(docker::Listed { mut images, all, checks: mut problems }) = docker::images(&parsed) else {
        return fail(
            "manifest.json is not what docker save writes: a list of images with Config and Layers".to_owned(),
        );
    };
    problems.extend(doubts::tags(&images));
    problems.extend(rivals::of(blobs, &found, "manifest.json").await?);
    bound(&mut images);
    let shown = images.len();
    if all == 0 {
        let message = "manifest.json names no image: docker load loads nothing";
        problems.push(Check::new(CheckId::Archive, Outcome::Warn, message));
    } else if shown < all {
        let message = format!("manifest.json names {all} images; only the first {shown} are shown");
        problems.push(Check::new(CheckId::Limits, Outcome::NotChecked, message).because("images-cut"));
    }
    Ok(Ok(Manifest { images, problems }))
}

/// Keeps as many images as a report has room for.
fn bound(images: &mut Vec<Saved>) {
    let mut room = limits::REPORT_NODES;
    let most = images.iter().position(|image| {
        let left = room.checked_sub(image.layers.len() + 2);
        room = left.unwrap_or_default();
        left.is_none()
    });
    images.truncate(most.unwrap_or(images.len()));
}

/// `index.json` with all that it names, and what the `oci-layout` file says.
async fn layout<C: Contents>(
    blobs: &Blobs<'_, C>,
    walk: &Walk<'_, Blobs<'_, C>>,
    now: Option<i64>,
) -> Result<Branch, Error> {
    let mut doubts = Vec::new();
    let read = match blobs.named("index.json") {
        Ok(found) => {
            doubts.extend(rivals::of_index(blobs, &found).await?);
            blobs.document(&found, limits::DOCUMENT_BYTES).await
        }
        Err(trouble) => Err(blobs.trouble(trouble)),
    };
    let mut branch = match read {
        Ok(bytes) => {
            let hints = Hints { now, ..Hints::default() };
            let document = Document::parse(Verified::compute(bytes), &hints);
            let mut branch = walk.root(&document, Origin::Layout).await;
            if let Body::Index(index) = document.body() {
                branch.node.checks.extend(doubts::ref_names(index));
            }
            branch
        }
        Err(error) => {
            let mut node = Node::new("", NodeKind::Index);
            node.media_type = Some(OCI_INDEX.to_owned());
            let message = format!("index.json was not read: {error}; it is where a layout begins");
            node.checks.push(Check::new(CheckId::Archive, Outcome::Fail, message));
            node.into()
        }
    };
    let node = &mut branch.node;
    node.path = Some("$.index.json".to_owned());
    node.title = Some("index.json".to_owned());
    if node.read && node.kind != NodeKind::Index && !node.checks.iter().any(|check| check.outcome == Outcome::Fail) {
        let message = "index.json is no index, and has to be one";
        node.checks.push(Check::new(CheckId::Schema, Outcome::Fail, message));
    }
    node.checks.extend(doubts);
    node.checks.extend(header(blobs).await);
    Ok(branch)
}

/// The checks of the `oci-layout` file.
async fn header<C: Contents>(blobs: &Blobs<'_, C>) -> Vec<Check> {
    let warn = |message: String| vec![Check::new(CheckId::Archive, Outcome::Warn, message)];
    let mut doubts = None;
    let read = match blobs.named("oci-layout") {
        Ok(found) => {
            doubts = rivals::over_links(blobs, &found, "oci-layout");
            blobs.document(&found, limits::DOCUMENT_BYTES).await
        }
        Err(super::paths::Trouble::Absent) => {
            let message =
                "the oci-layout file is missing, by which programs know a layout: the specification demands it";
            return warn(message.to_owned());
        }
        Err(trouble) => Err(blobs.trouble(trouble)),
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => return warn(format!("the oci-layout file was not read: {error}")),
    };
    let document = Document::parse(Verified::compute(bytes), &Hints::default());
    let own = document.checks().iter().filter(|check| check.id != CheckId::Digest && check.id != CheckId::Parse);
    let mut checks: Vec<Check> = own
        .cloned()
        .map(|check| Check { message: format!("oci-layout: {}", check.message), path: None, ..check })
        .collect();
    if !matches!(document.body(), Body::Layout) {
        let message = "the oci-layout file is not one: it has no imageLayoutVersion";
        checks = vec![Check::new(CheckId::Schema, Outcome::Fail, message)];
    }
    checks.extend(doubts);
    checks
}

/// The files that an archive must have and lacks.
fn missing(shape: &Shape, is_folder: bool) -> Option<Check> {
    if shape.manifest || shape.is_layout(is_folder) {
        return None;
    }
    let message = "there is no manifest.json: this is a docker save from before Docker 1.10, and no current program \
                   (docker load, podman, skopeo, containerd) reads it";
    Some(Check::new(CheckId::Archive, Outcome::Fail, message))
}

fn assemble<C: Contents>(
    blobs: &Blobs<'_, C>,
    file: Option<&ArchiveFile>,
    options: &OpenOptions,
    found: Tops,
    checks: Vec<Check>,
    bytes: Vec<(String, Arc<[u8]>)>,
) -> Opened {
    let Tops { index, images } = found;
    let mut files = Vec::new();
    let mut tops: Vec<Branch> = index.into_iter().collect();
    for (branch, layers, at) in images {
        tops.push(branch);
        files.push((at, layers));
    }
    mark_chosen(&mut tops, None);
    let mut roots = match file {
        Some(file) => vec![Branch { node: file_node(file, blobs.shape), children: tops }],
        None => tops,
    };
    if let Some(root) = roots.first_mut() {
        root.node.checks.extend(checks);
    }
    let spare = places::unreferenced(blobs, &roots);
    if let Some(root) = roots.first_mut() {
        root.node.checks.extend(spare.check);
        root.children.extend(spare.branches);
    }
    let mut nodes = flatten(roots);
    let places = places::of(blobs, &mut nodes, &files);
    soften(&mut nodes);
    tell(&mut nodes, options.expected.as_ref());
    let source = ReportSource { kind: SourceKind::File, reference: None, form: None, name: options.name.clone() };
    Opened { report: Report::new(source, nodes), bytes, places }
}

fn file_node(file: &ArchiveFile, shape: &Shape) -> Node {
    let mut node = Node::new("", NodeKind::Blob);
    node.size = Some(file.size);
    node.digest.clone_from(&file.digest);
    node.read = file.digest.is_some();
    let what = match (shape.is_layout(false), shape.is_docker()) {
        (true, true) => "docker save archive and OCI layout",
        (true, false) => "OCI layout archive",
        _ => "docker save archive",
    };
    node.title = Some(what.to_owned());
    let message = match file.digest {
        Some(_) => say!("file-digest-not-given", "no digest of the file was given; computed now"),
        None => say!(
            "file-not-read-whole",
            "the file has {bytes} bytes and was not read whole; what is in it is hashed one by one",
            bytes = file.size
        ),
    };
    let mut check = Check::new(CheckId::Digest, Outcome::NotChecked, message);
    check.actual.clone_from(&file.digest);
    node.checks.push(check);
    node
}

/// The digest that the user gave: of the file, of a document in it, of an image.
fn tell(nodes: &mut [Node], expected: Option<&Digest>) {
    let Some(expected) = expected else { return };
    let text = Some(expected.to_string());
    let fits = |node: &&mut Node| node.read && node.digest == text;
    if let Some(node) = nodes.iter_mut().find(fits) {
        node.checks.retain(|check| check.id != CheckId::Digest || check.expected.is_some());
        let message = say!("digest-given-by-user", "the digest of the bytes is the one given by the user");
        let check = Check::new(CheckId::Digest, Outcome::Pass, message);
        return node.checks.insert(0, check.values(expected.as_str(), expected.as_str(), Source::User));
    }
    let Some(root) = nodes.first_mut() else { return };
    root.checks.retain(|check| check.id != CheckId::Digest || check.expected.is_some());
    let Some(actual) = root.digest.clone().filter(|_| root.read) else {
        let message = say!(
            "no-document-given",
            "no document in the file has the digest given by the user, and the file was not read whole"
        );
        return root.checks.insert(0, not_checked(CheckId::Digest, expected.as_str(), Source::User, message));
    };
    let message =
        say!("nothing-of-given-digest", "neither the file nor a document in it has the digest given by the user");
    let check = Check::new(CheckId::Digest, Outcome::Fail, message);
    root.checks.insert(0, check.values(expected.as_str(), actual, Source::User));
}

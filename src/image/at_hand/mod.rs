//! The way in for bytes that are at hand: documents join by digest.

mod carried;
mod mend;
mod pieces;
#[cfg(test)]
mod tests;
mod told;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures_util::FutureExt;

use crate::checks::{Check, CheckId, Origin};
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Source, Verified};
use crate::document::Document;
use crate::error::{Error, ErrorKind};
use crate::media_type::MediaType;
use crate::recover::{code, well_known_forms};
use crate::registry::Fetched;
use crate::report::{FormDigest, Report, ReportSource, SourceKind};
use crate::say::say;

use super::on_disk::{leave_texts, soften};
use super::platform::mark_chosen;
use super::tree::flatten;
use super::walk::{Plan, Store, Walk};
use super::{Outcome, Stage};
use pieces::Piece;

/// One pasted text or one file.
#[derive(Clone, Debug)]
pub struct Input {
    /// The exact bytes.
    pub bytes: Arc<[u8]>,
    /// The file's name, if there is one; never used to tell what it is.
    pub name: Option<String>,
    /// True if it came as text.
    pub text: bool,
    /// The digest that a snapshot states for these very bytes. If they have another one, that fails; if they have
    /// it, nothing is proved, since bytes and digest came together. Such bytes are neither taken apart nor mended.
    pub stated: Option<Digest>,
}

/// The options of [`open`] besides the bytes.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// The digest that the bytes should have.
    pub expected: Option<Digest>,
    /// The digest that a snapshot's reference pins: another one than its root has fails, and the same one proves nothing,
    /// since both came together.
    pub pinned: Option<Digest>,
    /// The claimed kind of the bytes.
    pub media_type: Option<MediaType>,
    /// A name to show.
    pub name: Option<String>,
    /// The reader's time in seconds since 1970, to know what lies in the future.
    pub now: Option<i64>,
}

/// Reads documents that are at hand; those that another one names take their places below it.
///
/// # Errors
/// `unsupported-input` if there is nothing to read. Bytes that are no document are a node with checks.
pub fn open(inputs: Vec<Input>, options: &OpenOptions) -> Result<Outcome, Error> {
    if inputs.is_empty() {
        return Err(Error::new(ErrorKind::UnsupportedInput, say!("nothing-given", "nothing was given to open")));
    }
    let source = source_of(&inputs, options);
    let wanted = options.expected.is_some() || options.media_type.is_some();
    let pieces::Pieces { mut pieces, mut pasted, candidates } = pieces::of(&inputs, wanted);
    pieces.iter_mut().for_each(|piece| piece.now = options.now);
    let mut documents: Vec<Document> = pieces.iter().map(Piece::parse).collect();
    tell(&mut pieces, &mut documents, options);
    mend::fit(&mut pieces, &mut documents, &candidates);
    let recovered = mend::mend(&mut pieces, &mut documents, &candidates);
    let recovered = recovered.or_else(|| mend::unwrapped(&pieces, &documents));
    let store = Hand::new(&pieces);
    let walk = Walk::new(&store, Plan { platform: None, all: true, at_hand: true, now: options.now });
    let top = top(&documents);
    let mut roots = Vec::new();
    for at in &top {
        // Nothing here waits: the store answers from memory.
        roots.extend(walk.root(&documents[*at], Origin::Alone).now_or_never());
    }
    mark_chosen(&mut roots, None);
    if let (Some(pinned), Some(root), Some(at)) = (&options.pinned, roots.first_mut(), top.first()) {
        root.node.checks.extend(other_pin(&documents[*at], pinned));
    }
    let mut nodes = flatten(roots);
    mend::explain(&mut nodes);
    mend::recognise_tars(&mut nodes);
    soften(&mut nodes);
    leave_texts(&mut nodes, &top.iter().map(|at| &documents[*at]).collect::<Vec<_>>());
    told::fit(&mut pasted, &nodes, recovered.as_ref());
    let mut report = Report::new(source, nodes);
    report.recovery_codes = recovered.iter().flat_map(|found| &found.steps).map(|step| code(step)).collect();
    report.recovered = recovered;
    report.pasted = pasted;
    report.forms = top.first().map(|at| forms(&documents[*at])).unwrap_or_default();
    Ok(Outcome { report, bytes: walk.into_bytes() })
}

/// The failure of a root that is not what the reference beside it pins.
fn other_pin(document: &Document, pinned: &Digest) -> Option<Check> {
    let bytes = document.verified().bytes().clone();
    let is = document.digest() == pinned
        || Verified::against(bytes, pinned.clone(), Source::Reference).matches() == Some(true);
    let message = say!(
        "reference-pins-another",
        "the reference beside these documents pins another digest than that of their root"
    );
    (!is).then(|| {
        let (expected, actual) = (pinned.to_string(), document.digest().to_string());
        Check::new(CheckId::Digest, crate::checks::Outcome::Fail, message).values(expected, actual, Source::Reference)
    })
}

/// Puts what the caller said to the piece that it is about: the one that has the expected digest, else the topmost.
fn tell(pieces: &mut [Piece], documents: &mut [Document], options: &OpenOptions) {
    if options.expected.is_none() && options.media_type.is_none() {
        return;
    }
    let about = fitting(pieces, options.expected.as_ref()).or_else(|| top(documents).first().copied());
    let Some(at) = about else { return };
    let piece = &mut pieces[at];
    if let Some(expected) = &options.expected {
        piece.expected = Some((expected.clone(), Source::User));
    }
    piece.said.clone_from(&options.media_type);
    documents[at] = piece.parse();
}

/// The digests that a document would have in the forms that tools write, if none was given for it.
fn forms(document: &Document) -> Vec<FormDigest> {
    if document.verified().expected().is_some() || document.kind().is_none() {
        return Vec::new();
    }
    let form = |form: crate::recover::Form| FormDigest {
        code: code(&form.name).code,
        name: form.name,
        digest: form.digest.to_string(),
        size: form.size as u64,
    };
    well_known_forms(document.verified().bytes()).into_iter().map(form).collect()
}

fn source_of(inputs: &[Input], options: &OpenOptions) -> ReportSource {
    let kind = if inputs.iter().all(|input| input.text) { SourceKind::Paste } else { SourceKind::File };
    let name = options.name.clone().or_else(|| inputs.iter().find_map(|input| input.name.clone()));
    ReportSource { kind, reference: None, form: None, name }
}

/// The piece that has the expected digest.
fn fitting(pieces: &[Piece], expected: Option<&Digest>) -> Option<usize> {
    let expected = expected?;
    let fits = |piece: &Piece| Verified::against(piece.bytes.clone(), expected.clone(), Source::User).matches();
    pieces.iter().position(|piece| fits(piece) == Some(true))
}

/// The places of the documents that no other one names; of the first, if they name each other in a ring.
fn top(documents: &[Document]) -> Vec<usize> {
    let mut named = HashSet::new();
    for document in documents {
        let own = document.digest().as_str();
        named.extend(document.children().map(|child| child.digest_text.as_str()).filter(|digest| *digest != own));
    }
    let mut seen = HashSet::new();
    let mut is_top = |document: &Document| {
        let digest = document.digest().as_str();
        !named.contains(digest) && seen.insert(digest.to_owned())
    };
    let top: Vec<usize> = (0..documents.len()).filter(|at| is_top(&documents[*at])).collect();
    if top.is_empty() { (0..documents.len().min(1)).collect() } else { top }
}

/// The pieces, by their sha256.
struct Hand<'a> {
    pieces: &'a [Piece],
    by_digest: HashMap<Digest, usize>,
}

impl<'a> Hand<'a> {
    fn new(pieces: &'a [Piece]) -> Self {
        let digest = |piece: &Piece| Verified::compute(piece.bytes.clone()).digest().clone();
        let by_digest = pieces.iter().enumerate().map(|(at, piece)| (digest(piece), at)).collect();
        Self { pieces, by_digest }
    }

    fn find(&self, digest: &Digest) -> Option<&Piece> {
        if let Some(at) = self.by_digest.get(digest) {
            return self.pieces.get(*at);
        }
        let algorithm = digest.algorithm().filter(|algorithm| algorithm.name() != "sha256")?;
        self.pieces.iter().find(|piece| algorithm.digest(&piece.bytes) == *digest)
    }
}

impl Store for Hand<'_> {
    async fn read(&self, descriptor: &Descriptor, _blob: bool) -> Result<Fetched, Error> {
        let absent = || Error::new(ErrorKind::NotFound, say!("not-among-given", "it is not among what was given"));
        self.at_hand(descriptor).ok_or_else(absent)
    }

    fn at_hand(&self, descriptor: &Descriptor) -> Option<Fetched> {
        let piece = self.find(descriptor.digest.as_ref()?)?;
        Some(Fetched { bytes: piece.bytes.clone(), content_type: None, header_digest: None, cached: true })
    }

    fn stage(&self, _stage: Stage) {}
}

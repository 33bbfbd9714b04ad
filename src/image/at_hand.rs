//! Line: paste / drop -> Image. The way in for bytes that are at hand: documents join by digest.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures_util::FutureExt;

use crate::descriptor::Descriptor;
use crate::digest::{Digest, Source, Verified};
use crate::document::{Body, Document, Hints};
use crate::error::{Error, ErrorKind};
use crate::media_type::MediaType;
use crate::registry::Fetched;
use crate::report::{Report, ReportSource, SourceKind};

use super::platform::mark_chosen;
use super::tree::flatten;
use super::walk::{Plan, Store, Walk};
use super::{Outcome, Stage};

/// One pasted text or one file.
#[derive(Clone, Debug)]
pub struct Input {
    /// The exact bytes.
    pub bytes: Arc<[u8]>,
    /// The file's name, where there is one; never used to tell what it is.
    pub name: Option<String>,
    /// Whether it came as text.
    pub text: bool,
}

/// What [`open`] is told besides the bytes.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// The digest that the bytes should have.
    pub expected: Option<Digest>,
    /// What the bytes are said to be.
    pub media_type: Option<MediaType>,
    /// A name to show.
    pub name: Option<String>,
}

/// Reads documents that are at hand; those that another one names take their places below it.
///
/// # Errors
/// `unsupported-input` where there is nothing to read. Bytes that are no document are a node with checks.
pub fn open(inputs: Vec<Input>, options: &OpenOptions) -> Result<Outcome, Error> {
    if inputs.is_empty() {
        return Err(Error::new(ErrorKind::UnsupportedInput, "nothing was given to open"));
    }
    let source = source_of(&inputs, options);
    let store = Hand::new(&inputs);
    let mut documents: Vec<Document> = inputs.iter().map(|input| parse(input, None)).collect();
    let top = top(&documents);
    let subject = fitting(&inputs, options.expected.as_ref()).or(top.first().copied()).unwrap_or(0);
    documents[subject] = parse(&inputs[subject], Some(options));
    let walk = Walk::new(&store, Plan { platform: None, all: true, below_mismatch: true });
    let mut roots = Vec::new();
    for at in top {
        // Nothing here waits: the store answers from memory.
        roots.extend(walk.root(&documents[at]).now_or_never());
    }
    mark_chosen(&mut roots, None);
    Ok(Outcome { report: Report::new(source, flatten(roots)), bytes: walk.into_bytes() })
}

fn source_of(inputs: &[Input], options: &OpenOptions) -> ReportSource {
    let kind = if inputs.iter().all(|input| input.text) { SourceKind::Paste } else { SourceKind::File };
    let name = options.name.clone().or_else(|| inputs.iter().find_map(|input| input.name.clone()));
    ReportSource { kind, reference: None, name }
}

/// The input that has the expected digest.
fn fitting(inputs: &[Input], expected: Option<&Digest>) -> Option<usize> {
    let expected = expected?;
    let fits = |input: &Input| Verified::against(input.bytes.clone(), expected.clone(), Source::User).matches();
    inputs.iter().position(|input| fits(input) == Some(true))
}

fn parse(input: &Input, options: Option<&OpenOptions>) -> Document {
    let verified = match options.and_then(|options| options.expected.clone()) {
        Some(expected) => Verified::against(input.bytes.clone(), expected, Source::User),
        None => Verified::compute(input.bytes.clone()),
    };
    let said = options.and_then(|options| options.media_type.clone());
    Document::parse(verified, &Hints { expected_type: said.map(|said| (said, Source::User)), ..Hints::default() })
}

/// The places of the documents that no other one names; of the first, where they name each other in a ring.
fn top(documents: &[Document]) -> Vec<usize> {
    let mut named = HashSet::new();
    for document in documents {
        let own = document.digest().as_str();
        named.extend(children(document).map(|child| child.digest_text.as_str()).filter(|digest| *digest != own));
    }
    let mut seen = HashSet::new();
    let mut is_top = |document: &Document| {
        let digest = document.digest().as_str();
        !named.contains(digest) && seen.insert(digest.to_owned())
    };
    let top: Vec<usize> = (0..documents.len()).filter(|at| is_top(&documents[*at])).collect();
    if top.is_empty() { vec![0] } else { top }
}

fn children(document: &Document) -> Box<dyn Iterator<Item = &Descriptor> + '_> {
    match document.body() {
        Body::Index(index) => Box::new(index.manifests.iter()),
        Body::Manifest(manifest) => Box::new(manifest.config.iter().chain(&manifest.layers)),
        Body::Artifact(artifact) => Box::new(artifact.blobs.iter()),
        _ => Box::new(std::iter::empty()),
    }
}

/// The inputs, by their sha256.
struct Hand<'a> {
    inputs: &'a [Input],
    by_digest: HashMap<Digest, usize>,
}

impl<'a> Hand<'a> {
    fn new(inputs: &'a [Input]) -> Self {
        let digest = |input: &Input| Verified::compute(input.bytes.clone()).digest().clone();
        let by_digest = inputs.iter().enumerate().map(|(at, input)| (digest(input), at)).collect();
        Self { inputs, by_digest }
    }

    fn find(&self, digest: &Digest) -> Option<&Input> {
        if let Some(at) = self.by_digest.get(digest) {
            return self.inputs.get(*at);
        }
        let algorithm = digest.algorithm().filter(|algorithm| algorithm.name() != "sha256")?;
        self.inputs.iter().find(|input| algorithm.digest(&input.bytes) == *digest)
    }
}

impl Store for Hand<'_> {
    async fn read(&self, descriptor: &Descriptor, _blob: bool) -> Result<Fetched, Error> {
        self.at_hand(descriptor).ok_or_else(|| Error::new(ErrorKind::NotFound, "it is not among what was given"))
    }

    fn at_hand(&self, descriptor: &Descriptor) -> Option<Fetched> {
        let input = self.find(descriptor.digest.as_ref()?)?;
        Some(Fetched { bytes: input.bytes.clone(), content_type: None, header_digest: None, cached: true })
    }

    fn stage(&self, _stage: Stage) {}
}

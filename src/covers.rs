//! Finds which digests a signature or a statement must be about to count for the image of a report.
//!
//! Any client that can push can let an index name another image's attestations, or hang another image's signatures on this one.
//! So what a place claims decides nothing: a digest covers the image if it is on the way from the root to the platform in
//! view, or if it is that of an attestation manifest of these indexes whose own statements, hashed here, name one of those.

use std::collections::HashMap;

use serde::Serialize;

use crate::digest::{Digest, same};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::limits;
use crate::platform::Platform;

/// The type of a statement in an attestation manifest.
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The most statements of one attestation manifest that are read: BuildKit writes two or three.
const STATEMENTS: usize = 16;

/// The facts of a node of a report that are looked at.
#[derive(Clone, Debug, Default)]
pub struct NodeFacts {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) media_type: Option<String>,
    pub(crate) digest: Option<String>,
    pub(crate) size: Option<u64>,
    pub(crate) parent: Option<String>,
    pub(crate) about: Option<String>,
    pub(crate) subject: Option<String>,
    /// Of an attestation: the digest that its index says it is about.
    pub(crate) attests: Option<String>,
    pub(crate) platform: Option<Platform>,
    pub(crate) title: Option<String>,
    pub(crate) read: bool,
    pub(crate) chosen: bool,
    /// It was found beside the image.
    pub(crate) beside: bool,
    /// It is the index of a layout, which is no part of an image.
    pub(crate) layout: bool,
    #[cfg_attr(not(feature = "trust"), allow(dead_code, reason = "the judge of signatures alone reads them"))]
    pub(crate) annotations: Vec<(String, String)>,
}

/// The image of a report, and what else of the report something may be about.
#[derive(Clone, Debug, Default)]
pub struct Covers {
    /// The node that stands for the image.
    pub root: Option<String>,
    /// From the root to the platform in view.
    line: Vec<String>,
    /// Every document of the image, and where it lies.
    documents: Vec<(String, Place)>,
    /// The first place of each of them, by its digest in small letters: an index may name thousands.
    places: HashMap<String, Place>,
    attestations: Vec<Attestation>,
    /// The name of the platform in view.
    platform: String,
    /// The media type and the size of what was read of these.
    described: Vec<(String, Description)>,
}

/// A media type and a size, as far as they are known.
type Description = (Option<String>, Option<u64>);

/// An attestation manifest of the image's indexes.
#[derive(Clone, Debug)]
struct Attestation {
    digest: String,
    /// The subjects of its statements; none if they were not read.
    subjects: Option<Vec<String>>,
}

/// The place of a document below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The platform in view.
    View,
    /// An index above it.
    Index,
    /// A platform of one of those indexes.
    Platform(String),
    /// An index beside that way, or an image in it: the same root names it, and yet it is no platform of the image in view.
    OtherIndex,
}

/// The answer to the question if a digest covers the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// It does.
    Image,
    /// It is another platform of it, or an attestation of one.
    Platform(String),
    /// It is another index within the root, an image in one, or an attestation of such.
    OtherIndex,
    /// It is something else, about these digests.
    Another(Vec<String>),
    /// It is an attestation of its index, and what that says was not read.
    Unread,
    /// There is no image here.
    Nothing,
}

/// A document whose bytes are needed to tell what an attestation is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The node that it is.
    pub id: String,
    /// Its digest.
    pub digest: String,
}

impl Covers {
    /// An image of one document.
    #[must_use]
    pub fn only(digest: &Digest) -> Self {
        Self { line: vec![digest.to_string()], ..Self::default() }
    }

    /// The image in view (`view` is a node's id, else the chosen platform is), with the bytes of its attestations by digest;
    /// bytes that do not have it are left out.
    #[must_use]
    pub fn of(nodes: &[NodeFacts], view: Option<&str>, bytes: &[(String, Vec<u8>)]) -> Self {
        let by_id = by_id(nodes);
        let line = line(nodes, view, &by_id);
        let own: Vec<_> = line.iter().filter(|node| !node.layout).collect();
        let digests: Vec<_> = own.iter().filter_map(|node| node.digest.clone()).collect();
        let root = own.first().map(|node| node.id.clone());
        let is_own = |node: &&NodeFacts| node.is_image() && !node.layout && is_below(node, root.as_deref(), &by_id);
        let documents = nodes.iter().filter(is_own);
        let documents: Vec<_> =
            documents.filter_map(|node| Some((node.digest.clone()?, place(node, &line)?))).collect();
        let mut places = HashMap::with_capacity(documents.len());
        for (digest, place) in &documents {
            places.entry(digest.to_ascii_lowercase()).or_insert_with(|| place.clone());
        }
        let described = line.iter().copied().chain(attestations(nodes, &line)).filter(|node| node.read);
        let described = described.filter_map(|node| Some((node.digest.clone()?, (node.media_type.clone(), node.size))));
        let described = described.collect();
        let attestation = |node: &NodeFacts| {
            Some(Attestation { digest: node.digest.clone()?, subjects: subjects(node.digest.as_deref()?, bytes) })
        };
        let attestations = attestations(nodes, &line).into_iter().filter_map(attestation).collect();
        let view = own.last().map(|node| (node.name(), node.digest.clone().unwrap_or_default()));
        let platform = view.map(|(name, digest)| if name.is_empty() { digest } else { name }).unwrap_or_default();
        Self { documents, places, attestations, platform, line: digests, root, described }
    }

    /// The documents whose bytes that takes.
    #[must_use]
    pub fn evidence(nodes: &[NodeFacts], view: Option<&str>) -> Vec<Evidence> {
        let line = line(nodes, view, &by_id(nodes));
        let found = attestations(nodes, &line).into_iter().flat_map(|manifest| {
            let below = nodes.iter().filter(|node| node.parent.as_ref() == Some(&manifest.id));
            let statements = below.filter(|node| node.media_type.as_deref() == Some(IN_TOTO)).take(STATEMENTS);
            std::iter::once(manifest).chain(statements)
        });
        found.filter_map(|node| Some(Evidence { id: node.id.clone(), digest: node.digest.clone()? })).collect()
    }

    /// The cover of that digest for the image.
    #[must_use]
    pub fn cover(&self, digest: &str) -> Cover {
        if self.line.is_empty() {
            return Cover::Nothing;
        }
        if let Some(cover) = self.within(digest) {
            return cover;
        }
        let mut attestations = self.attestations.iter().filter(|one| same(&one.digest, digest)).peekable();
        if attestations.peek().is_none() {
            return Cover::Another(vec![digest.to_owned()]);
        }
        let Some(subjects) = attestations.find_map(|one| one.subjects.as_ref()) else { return Cover::Unread };
        let mut covers: Vec<_> = subjects.iter().filter_map(|subject| self.within(subject)).collect();
        match covers.iter().position(|cover| *cover == Cover::Image) {
            Some(at) => covers.swap_remove(at),
            None => covers.into_iter().next().unwrap_or_else(|| Cover::Another(subjects.clone())),
        }
    }

    /// The same for what is no attestation; none if it is not the image's.
    fn within(&self, digest: &str) -> Option<Cover> {
        if self.line.iter().any(|one| same(one, digest)) {
            return Some(Cover::Image);
        }
        match self.places.get(&digest.to_ascii_lowercase())? {
            Place::View | Place::Index => None,
            Place::Platform(platform) => Some(Cover::Platform(platform.clone())),
            Place::OtherIndex => Some(Cover::OtherIndex),
        }
    }

    /// The platform in view, if what covers that digest is this platform alone, and not the index that names it.
    #[must_use]
    pub fn alone(&self, digest: &str) -> Option<&str> {
        let root = self.line.first().filter(|_| self.line.len() > 1)?;
        let is_root = |one: &str| same(one, root);
        let attested =
            self.attestations.iter().filter(|one| same(&one.digest, digest)).filter_map(|one| one.subjects.as_ref());
        let is_whole = is_root(digest) || attested.flatten().any(|subject| is_root(subject));
        (!is_whole).then_some(self.platform.as_str())
    }

    /// The digest of the platform in view.
    #[must_use]
    pub fn view(&self) -> &str {
        self.line.last().map(String::as_str).unwrap_or_default()
    }

    /// Every digest that covers the image: the platform in view first, then what is above it, then attestations.
    #[must_use]
    pub fn digests(&self) -> Vec<String> {
        let attestations = self.attestations.iter().map(|one| &one.digest);
        let covering = attestations.filter(|digest| self.cover(digest) == Cover::Image);
        self.line.iter().rev().chain(covering).cloned().collect()
    }

    /// The media type and the size of a document of the image that was read.
    #[must_use]
    pub fn described(&self, digest: &str) -> Option<(Option<String>, Option<u64>)> {
        self.described.iter().find(|(one, _)| one == digest).map(|(_, description)| description.clone())
    }

    /// The attestations of which nothing is known.
    #[must_use]
    pub fn unread(&self) -> Vec<String> {
        let all = self.attestations.iter().map(|one| &one.digest);
        all.filter(|digest| self.cover(digest) == Cover::Unread).cloned().collect()
    }

    /// Every digest within the root that does not cover the image, and what it covers: other platforms, other indexes.
    #[must_use]
    pub fn others(&self) -> Vec<(String, Cover)> {
        let documents = self.documents.iter().filter_map(|(digest, _)| Some((digest.clone(), self.within(digest)?)));
        let attestations = self.attestations.iter().map(|one| (one.digest.clone(), self.cover(&one.digest)));
        let is_other = |cover: &Cover| matches!(cover, Cover::Platform(_) | Cover::OtherIndex);
        documents.chain(attestations).filter(|(_, cover)| is_other(cover)).collect()
    }

    /// Every document of the image by digest, and where it lies; manifests of these indexes that have no name are left out.
    #[must_use]
    pub fn documents(&self) -> &[(String, Place)] {
        &self.documents
    }
}

impl NodeFacts {
    /// The nodes of a report, as JSON.
    ///
    /// # Errors
    /// `unsupported-input` if it is no JSON, or no list; `limit-exceeded` if it is longer or deeper than is read.
    pub fn read(nodes: &str) -> Result<Vec<Self>, Error> {
        let refused = || Error::new(ErrorKind::UnsupportedInput, "these are not the nodes of a report");
        let parsed = json::parse_part(nodes.as_bytes(), refused)?;
        Ok(parsed.root.as_array().ok_or_else(refused)?.iter().map(Self::of).collect())
    }

    fn of(node: &Json) -> Self {
        let text = |name: &str| node.key(name).and_then(Json::as_str).map(str::to_owned);
        let truth = |name: &str| node.key(name).and_then(Json::as_bool).unwrap_or_default();
        let mut annotations = Vec::new();
        for pair in node.key("annotations").and_then(Json::as_array).unwrap_or_default() {
            if let [name, value] = &pair.strings()[..] {
                annotations.push((name.clone(), value.clone()));
            }
        }
        Self {
            id: text("id").unwrap_or_default(),
            kind: text("kind").unwrap_or_default(),
            media_type: text("mediaType"),
            digest: text("digest"),
            size: node.key("size").and_then(Json::as_i64).and_then(|size| u64::try_from(size).ok()),
            parent: text("parent"),
            about: text("about"),
            subject: text("subject"),
            attests: text("attests"),
            platform: node.key("platform").map(platform),
            title: text("title"),
            read: truth("read"),
            chosen: truth("chosen"),
            beside: truth("beside"),
            layout: truth("layout"),
            annotations,
        }
    }

    /// The digest that its place or its manifest says it is about.
    pub(crate) fn names(&self) -> Option<&String> {
        self.about.as_ref().or(self.subject.as_ref())
    }

    /// True if it is an image or an index by itself, not something about another.
    pub(crate) fn is_image(&self) -> bool {
        !self.beside
            && self.names().is_none()
            && matches!(self.kind.as_str(), "index" | "manifest" | "schema1" | "artifact")
    }

    fn name(&self) -> String {
        self.platform.as_ref().map(ToString::to_string).or_else(|| self.title.clone()).unwrap_or_default()
    }
}

/// A platform as a report tells it.
fn platform(told: &Json) -> Platform {
    let text = |name: &str| told.key(name).and_then(Json::as_str).map(str::to_owned);
    Platform {
        os: text("os").unwrap_or_default(),
        architecture: text("architecture").unwrap_or_default(),
        variant: text("variant"),
        os_version: text("osVersion"),
        ..Platform::default()
    }
}

type ById<'a> = HashMap<&'a str, &'a NodeFacts>;

fn by_id(nodes: &[NodeFacts]) -> ById<'_> {
    nodes.iter().map(|node| (node.id.as_str(), node)).collect()
}

fn above<'a>(node: &NodeFacts, by_id: &ById<'a>) -> Option<&'a NodeFacts> {
    by_id.get(node.parent.as_deref()?).copied()
}

/// From the root to the platform in view: the node that is named, else the chosen one, else the first manifest that was read,
/// else the first image.
fn line<'a>(nodes: &'a [NodeFacts], view: Option<&str>, by_id: &ById<'a>) -> Vec<&'a NodeFacts> {
    let first = |wanted: &dyn Fn(&NodeFacts) -> bool| nodes.iter().find(|node| wanted(node));
    let found = view
        .and_then(|id| by_id.get(id).copied())
        .or_else(|| first(&|node| node.chosen && !node.beside))
        .or_else(|| first(&|node| node.is_image() && node.kind != "index" && node.read))
        .or_else(|| first(&|node| node.is_image() && !node.layout));
    let mut line: Vec<_> = found.into_iter().collect();
    while let Some(above) =
        line.last().and_then(|node| above(node, by_id)).filter(|_| line.len() <= limits::INDEX_DEPTH)
    {
        line.push(above);
    }
    line.reverse();
    line
}

/// The place of an image or index below the root; none if it is a manifest without a name.
fn place(node: &NodeFacts, line: &[&NodeFacts]) -> Option<Place> {
    let is_on_line = |id: Option<&str>| line.iter().any(|one| Some(one.id.as_str()) == id);
    let name = node.name();
    match node.kind.as_str() {
        "index" if is_on_line(Some(&node.id)) => Some(Place::Index),
        _ if is_on_line(Some(&node.id)) => Some(Place::View),
        "index" => Some(Place::OtherIndex),
        _ if is_on_line(node.parent.as_deref()) => (!name.is_empty()).then_some(Place::Platform(name)),
        _ => Some(Place::OtherIndex),
    }
}

fn is_below(node: &NodeFacts, root: Option<&str>, by_id: &ById<'_>) -> bool {
    let up = std::iter::successors(Some(node), |node| above(node, by_id));
    up.take(limits::INDEX_DEPTH + 1).any(|node| Some(node.id.as_str()) == root)
}

/// The attestation manifests that the indexes of the line name; those first that they say are of the line.
fn attestations<'a>(nodes: &'a [NodeFacts], line: &[&'a NodeFacts]) -> Vec<&'a NodeFacts> {
    let is_of_line = |node: &&NodeFacts| {
        node.kind == "attestation" && line.iter().any(|index| node.parent.as_ref() == Some(&index.id))
    };
    let mut found: Vec<_> = nodes.iter().filter(is_of_line).collect();
    found.sort_by_key(|node| !line.iter().any(|one| node.attests.is_some() && one.digest == node.attests));
    found.truncate(limits::ATTESTATIONS);
    found
}

/// The subjects of the statements of an attestation manifest, as far as their bytes are here and proved by its digest.
fn subjects(manifest: &str, bytes: &[(String, Vec<u8>)]) -> Option<Vec<String>> {
    let read = unambiguous(proved(manifest, bytes)?)?;
    let (mut found, mut statements) = (Vec::new(), 0);
    for layer in read.key("layers")?.as_array()? {
        let text = |name: &str| layer.key(name).and_then(Json::as_str).unwrap_or_default();
        if text("mediaType") == IN_TOTO && statements < STATEMENTS {
            statements += 1;
            let statement = proved(text("digest"), bytes).and_then(unambiguous);
            found.extend(statement.and_then(|statement| digests(&statement)).unwrap_or_default());
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The digests that a statement names; none if one of its subjects is not whole.
fn digests(statement: &Json) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for subject in statement.key("subject")?.as_array()?.iter().take(limits::STATEMENT_SUBJECTS) {
        for one in subject.key("digest")?.as_object()?.iter().take(limits::SUBJECT_DIGESTS) {
            found.push(format!("{}:{}", one.name, one.value.as_str()?));
        }
    }
    Some(found)
}

/// JSON that no two programs read in different ways.
fn unambiguous(bytes: &[u8]) -> Option<Json> {
    json::parse(bytes).ok().filter(|parsed| parsed.duplicates.is_empty()).map(|parsed| parsed.root)
}

/// The bytes of that digest, hashed here.
fn proved<'a>(digest: &str, bytes: &'a [(String, Vec<u8>)]) -> Option<&'a [u8]> {
    let parsed = Digest::parse(digest).ok()?;
    let algorithm = parsed.algorithm()?;
    let (_, found) = bytes.iter().find(|(one, _)| one == digest)?;
    (algorithm.digest(found) == parsed).then_some(found)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::digest::Algorithm;

    fn digest(content: &str) -> String {
        Algorithm::Sha256.digest(content.as_bytes()).to_string()
    }

    fn statement(about: &[&str]) -> String {
        let subject: Vec<_> = about.iter().map(|digest| json!({ "digest": { "sha256": &digest[7..] } })).collect();
        json!({ "_type": "https://in-toto.io/Statement/v0.1", "subject": subject, "predicate": {} }).to_string()
    }

    fn manifest(statements: &[&String]) -> String {
        let layer = |text: &&String| json!({ "mediaType": IN_TOTO, "digest": digest(text), "size": text.len() });
        json!({ "schemaVersion": 2, "layers": statements.iter().map(layer).collect::<Vec<_>>() }).to_string()
    }

    /// An index of two platforms, the first of which is in view, and an attestation manifest that it says is of that.
    fn nodes(attestation: &str) -> Vec<NodeFacts> {
        let platform = |name: &str| json!({ "os": "linux", "architecture": name });
        let all: Value = json!([
            { "id": "0", "kind": "index", "digest": digest("index"), "read": true },
            { "id": "0/a", "kind": "manifest", "digest": digest("amd64"), "read": true, "parent": "0", "chosen": true,
              "platform": platform("amd64") },
            { "id": "0/b", "kind": "manifest", "digest": digest("arm64"), "parent": "0", "platform": platform("arm64") },
            { "id": "0/c", "kind": "attestation", "digest": digest(attestation), "parent": "0", "attests": digest("amd64") },
            { "id": "0/c/layers[0]", "kind": "blob", "mediaType": IN_TOTO, "digest": "x", "parent": "0/c" },
            { "id": "1", "kind": "manifest", "digest": digest("beside"), "read": true },
        ]);
        NodeFacts::read(&all.to_string()).unwrap()
    }

    fn given(texts: &[&String]) -> Vec<(String, Vec<u8>)> {
        texts.iter().map(|text| (digest(text), text.as_bytes().to_vec())).collect()
    }

    /// The cover of an attestation manifest with those statements, if it claims to be of the platform in view.
    fn attested(statements: &[String]) -> Cover {
        let all: Vec<_> = statements.iter().collect();
        let manifest = manifest(&all);
        let bytes = given(&[&[&manifest][..], &all].concat());
        Covers::of(&nodes(&manifest), None, &bytes).cover(&digest(&manifest))
    }

    #[test]
    fn the_way_from_the_root_to_the_platform_in_view_covers_the_image() {
        let nodes = nodes("?");
        let covers = Covers::of(&nodes, None, &[]);
        assert_eq!(covers.root.as_deref(), Some("0"));
        assert_eq!(covers.view(), digest("amd64"));
        for own in ["index", "amd64"] {
            assert_eq!(covers.cover(&digest(own)), Cover::Image, "{own}");
        }
        assert_eq!(covers.cover(&digest("arm64")), Cover::Platform("linux/arm64".into()));
        assert_eq!(covers.cover(&digest("beside")), Cover::Another(vec![digest("beside")]));
        let other = Covers::of(&nodes, Some("0/b"), &[]);
        assert_eq!(other.cover(&digest("amd64")), Cover::Platform("linux/amd64".into()));
        assert_eq!(Covers::of(&[], None, &[]).cover(&digest("index")), Cover::Nothing);
    }

    #[test]
    fn an_attestation_covers_the_image_only_if_its_own_statements_name_it() {
        let [amd64, arm64, index, other] = ["amd64", "arm64", "index", "another image"].map(digest);
        assert_eq!(attested(&[statement(&[&amd64])]), Cover::Image);
        assert_eq!(attested(&[statement(&[&index])]), Cover::Image);
        assert_eq!(attested(&[statement(&[&other, &amd64])]), Cover::Image, "several subjects");
        assert_eq!(
            attested(&[statement(&[&other]), statement(&[&amd64.to_uppercase().replace("SHA256", "sha256")])]),
            Cover::Image
        );
        assert_eq!(attested(&[statement(&[&other])]), Cover::Another(vec![other]), "whatever the index says");
        assert_eq!(attested(&[statement(&[&arm64])]), Cover::Platform("linux/arm64".into()));
        assert_eq!(attested(&[statement(&[])]), Cover::Unread);
        assert_eq!(attested(&[r#"{"subject":[],"subject":[]}"#.to_owned()]), Cover::Unread, "read in two ways");
    }

    #[test]
    fn only_bytes_that_have_their_digest_tell_what_an_attestation_is_about() {
        let (own, other) = (statement(&[&digest("amd64")]), statement(&[&digest("another image")]));
        let manifest = manifest(&[&other]);
        let nodes = nodes(&manifest);
        let cover = |bytes: &[(String, Vec<u8>)]| Covers::of(&nodes, None, bytes).cover(&digest(&manifest));
        assert_eq!(cover(&[]), Cover::Unread);
        assert_eq!(cover(&given(&[&manifest])), Cover::Unread, "its statement is not here");
        let forged = [(digest(&other), own.clone().into_bytes())];
        assert_eq!(cover(&[&given(&[&manifest])[..], &forged].concat()), Cover::Unread);
        assert_eq!(cover(&given(&[&manifest, &own])), Cover::Unread, "a statement that it does not name");
        let forged = [(digest(&manifest), super::tests::manifest(&[&own]).into_bytes())];
        assert_eq!(cover(&[&forged[..], &given(&[&own])].concat()), Cover::Unread);
    }

    #[test]
    fn an_index_beside_the_way_and_its_attestations_cover_nothing() {
        let own = statement(&[&digest("amd64")]);
        let manifest = manifest(&[&own]);
        let mut nodes = nodes(&manifest);
        let nested = NodeFacts::read(
            &json!([
                { "id": "0/d", "kind": "index", "digest": digest("nested"), "read": true, "parent": "0" },
            ])
            .to_string(),
        )
        .unwrap();
        nodes.extend(nested);
        nodes[3].parent = Some("0/d".into());
        let covers = Covers::of(&nodes, None, &given(&[&manifest, &own]));
        assert_eq!(covers.cover(&digest("nested")), Cover::OtherIndex);
        assert_eq!(covers.cover(&digest(&manifest)), Cover::Another(vec![digest(&manifest)]));
        // The same index on the way.
        nodes[1].parent = Some("0/d".into());
        let covers = Covers::of(&nodes, None, &given(&[&manifest, &own]));
        for name in ["index", "nested", "amd64", &manifest] {
            assert_eq!(covers.cover(&digest(name)), Cover::Image, "{name}");
        }
        assert_eq!(covers.digests(), ["amd64", "nested", "index", &manifest].map(digest));
    }

    #[test]
    fn an_image_in_an_index_beside_the_way_is_no_platform_of_the_one_in_view() {
        let about_it = statement(&[&digest("its amd64")]);
        let manifest = manifest(&[&about_it]);
        let mut nodes = nodes(&manifest);
        let beside = NodeFacts::read(
            &json!([
                { "id": "0/d", "kind": "index", "digest": digest("nested"), "read": true, "parent": "0" },
                { "id": "0/d/a", "kind": "manifest", "digest": digest("its amd64"), "parent": "0/d",
                  "platform": { "os": "linux", "architecture": "amd64" } },
                { "id": "0/d/b", "kind": "manifest", "digest": digest("nameless"), "parent": "0/d" },
            ])
            .to_string(),
        )
        .unwrap();
        nodes.extend(beside);
        let bytes = given(&[&manifest, &about_it]);
        let covers = Covers::of(&nodes, None, &bytes);
        for name in ["nested", "its amd64", "nameless", &manifest] {
            assert_eq!(covers.cover(&digest(name)), Cover::OtherIndex, "{name}");
        }
        assert_eq!(covers.cover(&digest("arm64")), Cover::Platform("linux/arm64".into()));
        // Seen from within that index, it is the others that are not of the image in view's index.
        let covers = Covers::of(&nodes, Some("0/d/a"), &bytes);
        assert_eq!(covers.cover(&digest("nested")), Cover::Image);
        assert_eq!(covers.cover(&digest("arm64")), Cover::Platform("linux/arm64".into()), "the root is above both");
    }

    #[test]
    fn a_digest_at_two_places_has_the_first() {
        let mut nodes = nodes("?");
        let twice = json!([
            { "id": "0/d", "kind": "index", "digest": digest("nested"), "read": true, "parent": "0" },
            { "id": "0/d/a", "kind": "manifest", "digest": digest("arm64").to_uppercase(), "parent": "0/d" },
            { "id": "0/d/b", "kind": "manifest", "digest": digest("arm64"), "parent": "0/d" },
            { "id": "0/d/c", "kind": "manifest", "digest": digest("amd64"), "parent": "0/d" },
        ]);
        nodes.extend(NodeFacts::read(&twice.to_string()).unwrap());
        let arm64 = Cover::Platform("linux/arm64".into());
        let [own, nested] = ["arm64", "nested"].map(digest);
        let expected = [
            (own.clone(), arm64.clone()),
            (nested, Cover::OtherIndex),
            (own.to_uppercase(), arm64.clone()),
            (own, arm64),
        ];
        assert_eq!(Covers::of(&nodes, None, &[]).others(), expected, "the platform in view is none of them");
    }

    /// The seconds that this thread has had on a processor, else those of the clock: a busy machine fails no test.
    fn spent() -> f64 {
        thread_local!(static START: std::time::Instant = std::time::Instant::now());
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let spent = told.and_then(|told| told.split_whitespace().next()?.parse::<f64>().ok());
        spent.map_or_else(|| START.with(|start| start.elapsed().as_secs_f64()), |spent| spent / 1e9)
    }

    /// Ten times as many manifests take ten times as long: looking each up in a list took a hundred times.
    #[test]
    fn the_others_of_a_large_index_are_told_in_proportion() {
        let covers = |count: usize| {
            let other = |at: usize| NodeFacts {
                id: format!("0/{at}"),
                kind: "manifest".into(),
                digest: Some(digest(&at.to_string())),
                parent: Some("0".into()),
                title: Some("linux/arm64".into()),
                ..NodeFacts::default()
            };
            Covers::of(&nodes("?").into_iter().chain((0..count).map(other)).collect::<Vec<_>>(), None, &[])
        };
        let least = |count: usize| {
            let covers = covers(count);
            let timed = || {
                let start = spent();
                assert_eq!(covers.others().len(), count + 1);
                spent() - start
            };
            (0..5).map(|_| timed()).fold(f64::MAX, f64::min).max(0.005)
        };
        let (short, long) = (least(1000), least(10_000));
        assert!(long < 40.0 * short, "{long} s beside {short} s");
    }

    #[test]
    fn nodes_beyond_a_cap_are_told_from_what_are_none() {
        let code = |nodes: &str| NodeFacts::read(nodes).unwrap_err().code();
        assert_eq!(code(&format!("[{}0]", "0,".repeat(limits::JSON_VALUES))), "limit-exceeded");
        assert_eq!(code(&"[".repeat(limits::JSON_DEPTH + 1)), "limit-exceeded");
        for none in ["", "[", "{}", "0"] {
            assert_eq!(code(none), "unsupported-input", "{none}");
        }
    }

    #[test]
    fn a_layouts_own_index_is_no_part_of_an_image() {
        let mut nodes = nodes("?");
        nodes[0].layout = true;
        let covers = Covers::of(&nodes, None, &[]);
        assert_eq!(
            (covers.root.as_deref(), covers.cover(&digest("index"))),
            (Some("0/a"), Cover::Another(vec![digest("index")]))
        );
        assert_eq!(covers.cover(&digest("arm64")), Cover::Another(vec![digest("arm64")]));
    }

    #[test]
    fn the_bytes_that_are_wanted_are_those_of_attestations_and_their_statements() {
        let wanted = Covers::evidence(&nodes("?"), None);
        let ids: Vec<_> = wanted.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["0/c", "0/c/layers[0]"]);
    }

    #[test]
    fn nodes_that_are_above_each_other_come_to_an_end() {
        let nodes = NodeFacts::read(
            &json!([
                { "id": "0", "kind": "manifest", "digest": digest("a"), "read": true, "parent": "1" },
                { "id": "1", "kind": "index", "digest": digest("b"), "read": true, "parent": "0" },
            ])
            .to_string(),
        )
        .unwrap();
        assert_eq!(Covers::of(&nodes, None, &[]).cover(&digest("a")), Cover::Image);
    }
}

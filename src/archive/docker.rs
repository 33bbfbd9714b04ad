//! The images that a `docker save` names in `manifest.json`, as nodes like those of a registry.

use crate::checks::{Check, CheckId, Outcome, Source, decode};
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Verified};
use crate::document::{Body, Config, Document, Hints, Manifest, engines};
use crate::error::Error;
use crate::image::{Branch, join, not_checked, of_document};
use crate::json::{Json, Object, Parsed, is_one_name};
use crate::limits;
use crate::media_type::{Compression, DOCKER_CONFIG, MediaType};
use crate::report::{Node, NodeKind};
use crate::say::say;

use super::paths::{Found, Trouble, parts, shortened, shown};
use super::store::{Blobs, Contents};

/// The most layers of one image that are shown; Docker allows 127.
const LAYERS: usize = 1000;

/// The number of first bytes that tell the compression of a layer: the header of a tar, whose first name may begin as a
/// compressed file.
const HEAD: u64 = 512;

/// The most tags of an image that are told, and the most of each: a name and a tag have at most 255 and 128 characters.
const TAGS: usize = 20;
const TAG: usize = 400;

const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";

/// One element of `manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Saved {
    pub(super) config: String,
    pub(super) layers: Vec<String>,
    /// None if `RepoTags` is null or missing.
    pub(super) tags: Option<Vec<String>>,
    /// True if the members are not written as Docker writes them.
    pub(super) other_case: bool,
    pub(super) more_layers: usize,
}

impl Saved {
    /// Its tags for people, the first of them if there are many; none if it has none.
    pub(super) fn called(&self) -> Option<String> {
        let tags = self.tags.as_deref().filter(|tags| !tags.is_empty())?;
        let told: Vec<String> = tags.iter().take(TAGS).map(|tag| shortened(tag, TAG)).collect();
        let more = tags.len().saturating_sub(TAGS);
        Some(if more > 0 { format!("{} and {more} more", told.join(", ")) } else { told.join(", ") })
    }
}

/// Is told of each config that is read.
pub(super) trait Hear {
    /// Gives its node as the report has room for it.
    fn config(&mut self, document: &Document, node: Node) -> Node;
}

/// The file of each layer of an image.
pub(super) type Files = Vec<Option<Found>>;

/// The content of `manifest.json`.
pub(super) struct Listed {
    /// Its images, at most as many as documents are read.
    pub(super) images: Vec<Saved>,
    /// The number of images.
    pub(super) all: usize,
    /// Traits for which Docker, podman and skopeo do not read it as it is shown.
    pub(super) checks: Vec<Check>,
}

/// The images of `manifest.json`, as Docker's loader decodes it; none if the bytes are something else.
pub(super) fn images(parsed: &Parsed) -> Option<Listed> {
    let elements = parsed.root.as_array()?;
    let shown = elements.iter().take(limits::OPENED_DOCUMENTS);
    let images = shown.map(|element| element.as_object().and_then(saved)).collect::<Option<_>>()?;
    Some(Listed { images, all: elements.len(), checks: faults(parsed, &engines::SAVED, "manifest.json") })
}

/// The faults that decoding a file of an archive comes upon. A name in another case is told with its image.
pub(super) fn faults(parsed: &Parsed, shape: &engines::Shape, file: &str) -> Vec<Check> {
    let decoded = decode(parsed, shape);
    let faults = decoded.names.into_iter().chain(decoded.schema);
    let faults = faults.filter(|check| check.outcome != Outcome::Pass && check.reason != "name-in-other-case");
    let place = |path: String| format!("$.{file}{}", path.strip_prefix('$').unwrap_or(&path));
    faults
        .map(|check| Check { message: format!("{file}: {}", check.message), path: check.path.map(place), ..check })
        .collect()
}

/// The fields of an element, of which Docker's loader uses the first three.
const FIELDS: [&str; 5] = ["Config", "Layers", "RepoTags", "Parent", "LayerSources"];

fn saved(image: &Object) -> Option<Saved> {
    let (config, layers, tags) = (image.get("Config"), image.get("Layers"), image.get("RepoTags"));
    if config.is_none() && layers.is_none() {
        return None;
    }
    let is_other = |name: &str| FIELDS.iter().any(|field| *field != name && is_one_name(field, name));
    let all = layers.map(Json::strings).unwrap_or_default();
    Some(Saved {
        config: config.and_then(Json::as_str).unwrap_or_default().to_owned(),
        more_layers: all.len().saturating_sub(LAYERS),
        layers: all.into_iter().take(LAYERS).collect(),
        tags: tags.filter(|tags| !tags.is_null()).map(Json::strings),
        other_case: image.iter().any(|member| is_other(&member.name)),
    })
}

/// The node of an image with its config and layers, and the files of the layers.
pub(super) async fn image<C: Contents>(
    blobs: &Blobs<'_, C>,
    saved: &Saved,
    at: usize,
    now: Option<i64>,
    hear: &mut dyn Hear,
) -> (Branch, Files) {
    let mut node = own(saved, at);
    let (mut config_node, config) = config(blobs, saved, now, hear).await;
    node.facts.image_id = config_node.digest.clone().filter(|_| config_node.read);
    let mut layers = Vec::new();
    let mut files = Files::new();
    let mut manifest = Manifest { config: Some(descriptor("$.Config", DOCKER_CONFIG)), ..Manifest::default() };
    for (position, path) in saved.layers.iter().enumerate() {
        let (layer, named, file) = layer(blobs, path, position).await;
        manifest.layers.push(named);
        layers.push(layer);
        files.push(file);
    }
    if let Some(config) = &config {
        join(&mut node, &mut config_node, &mut layers, &manifest, config);
    }
    for layer in &mut layers {
        // A plain tar is its own DiffID.
        if layer.facts.compression == Some(Compression::None) && layer.digest.is_none() {
            layer.digest.clone_from(&layer.facts.diff_id);
        }
    }
    let children = std::iter::once(config_node).chain(layers).map(Branch::from).collect();
    (Branch { node, children }, files)
}

fn own(saved: &Saved, at: usize) -> Node {
    let mut node = Node::new("", NodeKind::Manifest);
    node.path = Some(format!("$.manifest.json[{at}]"));
    node.read = true;
    node.title = Some(saved.called().unwrap_or_else(|| "untagged image".to_owned()));
    let parse = "is an image of docker save's manifest.json: such an archive holds no manifest, so there is no digest of \
                 one, and each push makes a new one";
    node.checks.push(Check::new(CheckId::Parse, Outcome::Pass, parse));
    let mut odd = |message: String| node.checks.push(Check::new(CheckId::Archive, Outcome::Warn, message));
    if saved.tags.is_none() {
        odd("RepoTags is null: docker load gives the image no name".to_owned());
    }
    if saved.other_case {
        odd("the members of manifest.json are not written Config, RepoTags and Layers: Docker and skopeo, which are \
             written in Go, take them in any case, other programs do not"
            .to_owned());
    }
    if saved.more_layers > 0 {
        let message =
            format!("{} more layers are named here than are shown, which is at most {LAYERS}", saved.more_layers);
        node.checks.push(Check::new(CheckId::Limits, Outcome::NotChecked, message).because("layers-cut"));
    }
    node
}

async fn config<C: Contents>(
    blobs: &Blobs<'_, C>,
    saved: &Saved,
    now: Option<i64>,
    hear: &mut dyn Hear,
) -> (Node, Option<Config>) {
    let read = match blobs.named(&saved.config) {
        Ok(found) => blobs.document(&found, limits::CONFIG_BYTES).await,
        Err(trouble) => Err(blobs.trouble(trouble)),
    };
    let mut node = match read {
        Ok(bytes) => {
            let document = Document::parse(Verified::compute(bytes), &Hints { now, ..Hints::default() });
            let config = if let Body::Config(config) = document.body() { Some(config.clone()) } else { None };
            let mut node = hear.config(&document, of_document(&document, None));
            node.checks.retain(|check| check.id != CheckId::Digest);
            node.checks.insert(0, called(&saved.config, document.digest()));
            if config.is_none() && !node.checks.iter().any(|check| check.outcome == Outcome::Fail) {
                let message = "manifest.json calls this the config, and it is none";
                node.checks.push(Check::new(CheckId::Parse, Outcome::Fail, message));
            }
            (node, config)
        }
        Err(error) => (missing(&error, &saved.config), None),
    };
    node.0.kind = NodeKind::Config;
    node.0.path = Some("$.Config".to_owned());
    node.0.title = Some("config".to_owned());
    node
}

fn missing(error: &Error, path: &str) -> Node {
    let mut node = Node::new("", NodeKind::Config);
    let message = format!("{} was not read: {error}", shown(path.as_bytes()));
    node.checks.push(Check::new(CheckId::Digest, Outcome::NotChecked, message));
    node
}

/// The name of a config against its hash. In `blobs/` the layout's rule holds; elsewhere the name is only a habit.
fn called(path: &str, actual: &Digest) -> Check {
    let check = |outcome, message: &str, expected: &Digest| {
        Check::new(CheckId::Digest, outcome, message).values(expected.as_str(), actual.as_str(), Source::Document)
    };
    let algorithm = |digest: &Digest| digest.algorithm() == actual.algorithm();
    if let Some(expected) = of_blob_path(path).filter(algorithm) {
        return if expected == *actual {
            check(Outcome::Pass, "the config's file name is its digest, and so is the image ID", &expected)
        } else {
            check(Outcome::Fail, "the config's bytes are not those that its file name in blobs/ stands for", &expected)
        };
    }
    let name = parts(path.as_bytes()).last().map(String::from_utf8_lossy).unwrap_or_default();
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    let stem = stem.strip_prefix("sha256:").unwrap_or(stem);
    match Digest::parse(&format!("sha256:{stem}")) {
        Ok(expected) if expected == *actual => {
            check(Outcome::Pass, "the config's file name is the sha256 of its bytes, which is the image ID", &expected)
        }
        Ok(expected) => check(
            Outcome::Warn,
            "the config's file name is a hash, and not that of its bytes: Docker and skopeo compute the image ID from the \
             bytes, so it is another one than the name says",
            &expected,
        ),
        Err(_) => {
            let message = format!(
                "the config is called {}, which is no hash: its bytes say what the image ID is, and nothing holds them \
                 against it",
                shown(name.as_bytes())
            );
            let mut check = Check::new(CheckId::Digest, Outcome::Warn, message);
            check.actual = Some(actual.to_string());
            check
        }
    }
}

/// The digest that a path in `blobs/` stands for.
pub(super) fn of_blob_path(path: &str) -> Option<Digest> {
    let names: Vec<&[u8]> = parts(path.as_bytes()).collect();
    let [.., b"blobs", algorithm, encoded] = names[..] else { return None };
    Digest::parse(&format!("{}:{}", std::str::from_utf8(algorithm).ok()?, std::str::from_utf8(encoded).ok()?)).ok()
}

async fn layer<C: Contents>(blobs: &Blobs<'_, C>, path: &str, position: usize) -> (Node, Descriptor, Option<Found>) {
    let mut node = Node::new("", NodeKind::Layer);
    let at = format!("$.Layers[{position}]");
    node.path = Some(at.clone());
    node.title = Some(format!("layer {}", position + 1));
    let mut named = descriptor(&at, DOCKER_LAYER);
    let found = match blobs.named(path) {
        Ok(found) => found,
        Err(trouble) => {
            node.checks.extend(unusable(blobs, trouble, path));
            return (node, named, None);
        }
    };
    let compression = match blobs.part(found.at, HEAD).await {
        Ok(head) => crate::layer::compression(&head),
        Err(_) => None,
    };
    let suffix = match compression {
        Some(Compression::Gzip) => ".gzip",
        Some(Compression::Zstd) => ".zstd",
        _ => "",
    };
    named.media_type = MediaType::new(format!("{DOCKER_LAYER}{suffix}"));
    named.size = Some(blobs.size(found.at));
    node.media_type = Some(named.media_type.to_string());
    node.size = named.size;
    node.facts.compression = compression;
    // No digest is known, and no two files are taken for one.
    named.digest_text = format!("entry:{}", found.at);
    claim(&mut node, &mut named, path);
    if compression.is_some_and(|compression| compression != Compression::None) {
        let message = "the layer is compressed, which docker save does not do: docker load, podman and skopeo read it";
        node.checks.push(Check::new(CheckId::Archive, Outcome::Warn, message));
    }
    if !found.via.is_empty() {
        let message = format!("the layer's file is a link to {}", found.via.join(", then "));
        node.checks.push(Check::new(CheckId::Archive, Outcome::Warn, message));
    }
    (node, named, Some(found))
}

/// The claim about a layer's blob in the name of its file.
fn claim(node: &mut Node, named: &mut Descriptor, path: &str) {
    let Some(digest) = of_blob_path(path) else { return };
    node.digest = Some(digest.to_string());
    node.checks.push(not_checked(
        CheckId::Digest,
        digest.as_str(),
        Source::Descriptor,
        say!("not-read-yet", "not read, so not checked"),
    ));
    named.digest_text = digest.to_string();
    named.digest = Some(digest);
}

fn unusable<C: Contents>(blobs: &Blobs<'_, C>, trouble: Trouble, path: &str) -> Option<Check> {
    let name = shown(path.as_bytes());
    Some(match trouble {
        Trouble::Absent => {
            let message = format!("{name} is not in this {}, so not checked", blobs.place);
            Check::new(CheckId::Tar, Outcome::NotChecked, message)
        }
        Trouble::Unusable(what) => Check::new(CheckId::Archive, Outcome::Fail, format!("{name} {what}")),
    })
}

fn descriptor(path: &str, media_type: &str) -> Descriptor {
    Descriptor {
        media_type: MediaType::new(media_type),
        digest: None,
        digest_text: String::new(),
        size: None,
        platform: None,
        artifact_type: None,
        annotations: Vec::new(),
        urls: Vec::new(),
        data: None,
        path: path.to_owned(),
    }
}

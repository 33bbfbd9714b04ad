//! Walks over JSON and lists every digest and name of an image in it, with its path and what its key says.

use base64ct::{Base64, Encoding as _};

use crate::json::{self, Json, Step};
use crate::limits;
use crate::media_type::{DocumentKind, MediaType};
use crate::paste::digests::{self, is_hex};
use crate::paste::forms::Part;
use crate::paste::forms::document::{is_document, title};
use crate::paste::meaning::{Mention, What};
use crate::paste::repair::balanced;
use crate::paste::{Excerpt, InString, labels, names};

/// Keys and what a digest below them is; compared in lower case without `_`, `-` and `.`.
const KEYS: [(&str, What); 46] = [
    ("imagedigest", What::ManifestOrIndex),
    ("manifestdigest", What::ManifestOrIndex),
    ("dockermanifestdigest", What::Signed),
    ("containerimagedigest", What::ManifestOrIndex),
    ("containerimageconfigdigest", What::Config),
    ("configdigest", What::Config),
    ("imageid", What::ImageId),
    ("imageref", What::ImageId),
    ("image", What::ImageId),
    ("revision", What::Config),
    ("shortrevision", What::Config),
    ("config", What::Config),
    ("layers", What::Layer),
    ("layer", What::Layer),
    ("layerid", What::Layer),
    ("layersdata", What::Layer),
    ("blobsum", What::Layer),
    ("diffids", What::DiffId),
    ("diffid", What::DiffId),
    ("chainid", What::ChainId),
    ("chainids", What::ChainId),
    ("repodigests", What::Pulled),
    ("subject", What::Subject),
    ("referrers", What::Referrer),
    ("materials", What::Material),
    ("resolveddependencies", What::Material),
    ("checksums", What::File),
    ("originalchecksums", What::File),
    ("hashes", What::File),
    ("files", What::File),
    ("packages", What::File),
    ("components", What::File),
    ("artifacts", What::File),
    ("parent", What::Parent),
    ("baseimage", What::Base),
    ("basedigest", What::Base),
    ("manifests", What::PlatformManifest),
    ("references", What::PlatformManifest),
    ("childdigest", What::PlatformManifest),
    ("indexdigest", What::Index),
    ("digest", What::ManifestOrIndex),
    ("name", What::ManifestOrIndex),
    ("version", What::ManifestOrIndex),
    ("id", What::ImageId),
    ("manifest", What::ManifestOrIndex),
    ("target", What::ManifestOrIndex),
];

/// Keys whose text is the name of an image.
const NAMES: [&str; 22] = [
    "image",
    "images",
    "imagename",
    "imageuri",
    "imageid",
    "imageref",
    "repotags",
    "repodigests",
    "reference",
    "references",
    "ref",
    "uri",
    "location",
    "dockerreference",
    "userinput",
    "artifactname",
    "names",
    "from",
    "baseimage",
    "resolvedimage",
    "containerimage",
    "userspecifiedimage",
];

/// Keys of things that have IDs of 64 hex characters but are no digests.
const NO_DIGESTS: [&str; 12] = [
    "containerid",
    "container",
    "sandboxid",
    "podsandboxid",
    "networkid",
    "endpointid",
    "sandboxkey",
    "volume",
    "keyid",
    "logindex",
    "lastoperation",
    "checksumsha1",
];

/// The depth to which escaped or encoded texts in JSON are looked into.
const INNER: usize = 2;

/// The last step of the path to a value, and the way before it. It is written out only for values that are mentioned: a long
/// name may stand above a million others.
struct Way<'a> {
    above: Option<&'a Way<'a>>,
    step: Step<&'a str>,
}

/// The longest key that is compared and shown, in bytes. All keys with a meaning are shorter.
const LONGEST_KEY: usize = 128;

/// The position of the walk.
#[derive(Clone, Copy)]
struct Place<'a> {
    way: Option<&'a Way<'a>>,
    key: &'a str,
    /// The meaning by the keys above.
    above: Option<What>,
    /// The image that a member beside or above names.
    image: Option<&'a str>,
    depth: usize,
}

impl Place<'_> {
    fn path(&self) -> String {
        let mut steps: Vec<_> = std::iter::successors(self.way, |way| way.above).map(|way| way.step).collect();
        steps.reverse();
        json::path_of(&steps)
    }
}

/// Lists what is in a value.
pub(super) fn walk(json: &Json, part: &mut Part) {
    visit(json, Place { way: None, key: "", above: None, image: None, depth: 0 }, part);
}

fn visit(json: &Json, place: Place, part: &mut Part) {
    if part.digests.len() >= limits::PASTE_DIGESTS {
        return;
    }
    if let Some(object) = json.as_object() {
        let own = image_of(json);
        let above = by_media_type(json).or_else(|| by_platform(json)).or(place.above);
        for member in object.iter() {
            let way = Way { above: place.way, step: Step::Name(&member.name) };
            let key = &member.name[..member.name.floor_char_boundary(LONGEST_KEY)];
            let of_key = key_means(key);
            let image = own.as_deref().or(place.image);
            let place = Place { way: Some(&way), key, above, image, depth: place.depth };
            if let Some(digest) = digests::whole(&member.name).filter(|_| member.name.contains(':')) {
                let what = by_media_type(&member.value).unwrap_or(What::ManifestOrIndex);
                add(digest.as_str(), what, "", place, part);
            }
            let inherited = of_key.filter(|what| narrows(*what)).or(above.filter(|_| member.value.as_str().is_none()));
            let above = if member.value.as_str().is_some() { above } else { inherited.or(above) };
            visit(&member.value, Place { above, ..place }, part);
        }
    } else if let Some(items) = json.as_array() {
        for (at, item) in items.iter().enumerate() {
            let way = Way { above: place.way, step: Step::Index(at) };
            visit(item, Place { way: Some(&way), ..place }, part);
        }
    } else if let Some(text) = json.as_str() {
        string(text, place, part);
    }
}

/// A text: a digest, a pinned name, a name, a longer text with some of these in it, or another JSON in base64.
fn string(text: &str, place: Place, part: &mut Part) {
    let key = plain(place.key);
    if NO_DIGESTS.contains(&key.as_str()) || text.len() < digests::PREFIX {
        return;
    }
    if place.depth < INNER && (is_payload(&key) || is_document_inside(text)) && payload(text, place, part) {
        return;
    }
    if let Some(what) = alone(text, &key, place) {
        return add(text, what, place.key, place, part);
    }
    if text.len() <= limits::PASTE_DIGESTS && !text.contains(char::is_whitespace) {
        let name = if NAMES.contains(&key.as_str()) && names_image(text, &key) {
            names::named(text)
        } else {
            names::evident(text)
        };
        if let Some(name) = name {
            part.name(name, Some(place.path()));
        }
    }
    for line in text.lines().take(limits::PASTE_DIGESTS) {
        for found in digests::in_line(line).into_iter().filter(|found| !found.bare) {
            let before = &line[..found.start];
            let pinned = before.strip_suffix('@').map(|name| name.rsplit(char::is_whitespace).next().unwrap_or(name));
            let owned =
                pinned.map(|name| names::beside_pin(name, None).or_else(|| names::beside_pin(name, place.image)));
            let name = owned.as_ref().map(|name| name.as_deref().unwrap_or_default());
            let what = match (name, key_means(place.key)) {
                (Some(_), Some(what @ (What::Pulled | What::Referrer | What::Subject | What::Base))) => what,
                (Some(_), Some(What::ImageId)) if key != "image" => What::Pulled,
                (Some(_), _) => What::Pin,
                (None, _) => labels::of(before).map_or_else(|| meaning(place), |(_, what)| what),
            };
            let image = name.or(place.image);
            add(found.digest.as_str(), what, place.key, Place { image, ..place }, part);
        }
    }
}

/// The meaning of a text that is nothing but a digest, or the beginning of one; `None` for any other text.
fn alone(text: &str, key: &str, place: Place) -> Option<What> {
    let text = names::bare(text);
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    let whole = digests::whole(text).is_some();
    let known = KEYS.iter().any(|(name, _)| *name == key)
        || key.contains("digest")
        || key.contains("sha256")
        || key.contains("hash");
    match () {
        () if whole && (text.contains(':') || known) => Some(meaning(place)),
        () if text.starts_with("sha256:") && is_hex(hex) && hex.len() >= digests::PREFIX => Some(meaning(place)),
        () if known && is_hex(hex) && (9..64).contains(&hex.len()) && key != "name" && key != "version" => {
            Some(meaning(place))
        }
        () => None,
    }
}

/// The meaning of a digest here: by its own key if that says more than `digest`, else by the keys around it.
fn meaning(place: Place) -> What {
    match key_means(place.key) {
        Some(what) if narrows(what) => what,
        // An entry `imageId` of ECR has the digest of a manifest in it.
        Some(what) if place.above == Some(What::ImageId) => what,
        own => {
            let named = || plain(place.key).ends_with("digest").then_some(What::ManifestOrIndex);
            place.above.or(own).or_else(named).unwrap_or(What::Digest)
        }
    }
}

/// True if a key says more than that a digest is one of a manifest or index.
fn narrows(what: What) -> bool {
    what != What::ManifestOrIndex
}

fn key_means(key: &str) -> Option<What> {
    let plain = plain(key);
    KEYS.iter().find(|(name, _)| *name == plain).map(|(_, what)| *what)
}

fn plain(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The meaning by the media type beside a digest.
fn by_media_type(json: &Json) -> Option<What> {
    let text = |name: &str| json.key(name).and_then(Json::as_str);
    if text("artifactType").is_some() {
        return Some(What::Referrer);
    }
    let media_type = MediaType::new(
        text("mediaType").or_else(|| text("imageManifestMediaType")).or_else(|| text("manifestMediaType"))?,
    );
    match media_type.document() {
        Some(DocumentKind::Index) => Some(What::Index),
        Some(DocumentKind::Manifest) => Some(What::Manifest),
        Some(DocumentKind::Config) => Some(What::Config),
        _ => media_type.layer().map(|_| What::Layer),
    }
}

/// An entry for no platform is an attestation, one for a platform its manifest.
fn by_platform(json: &Json) -> Option<What> {
    let text = |json: &Json, name: &str| json.key(name).and_then(Json::as_str).map(str::to_owned);
    if json.key("is_manifest_list").and_then(Json::as_bool) == Some(true) {
        return Some(What::Index);
    }
    let of = json.key("platform").filter(|platform| platform.as_object().is_some());
    let architecture = of.and_then(|of| text(of, "architecture")).or_else(|| text(json, "architecture"))?;
    json.key("digest")?;
    Some(if architecture == "unknown" { What::Attestation } else { What::PlatformManifest })
}

/// The image that an object is about, by its own members.
fn image_of(json: &Json) -> Option<String> {
    let text = |name: &str| json.key(name).and_then(Json::as_str).filter(|text| !text.is_empty() && *text != "<none>");
    let tag = text("Tag").or_else(|| text("tag")).or_else(|| text("imageTag"));
    let repositories = ["Repository", "repositoryName", "repository_name", "repository"];
    if let Some(repository) = repositories.iter().find_map(|key| text(key)) {
        let name = tag.map_or_else(|| repository.to_owned(), |tag| format!("{repository}:{tag}"));
        return names::named(&name).map(str::to_owned);
    }
    let keys = [
        "image.name",
        "image",
        "latestImage",
        "reference",
        "location",
        "docker-reference",
        "Name",
        "userInput",
        "imageName",
    ];
    let direct = keys.iter().find_map(|key| text(key));
    let nested = ["critical", "identity", "metadata"].iter().find_map(|key| json.key(key)).and_then(image_of);
    let nested = nested.or_else(|| json.key("spec").and_then(image_of));
    let source = text("url").filter(|url| url.starts_with("oci://"));
    let tags = json.key("RepoTags").or_else(|| json.key("repoTags")).and_then(Json::as_array);
    let tagged = tags.and_then(|tags| tags.first()).and_then(Json::as_str);
    direct
        .or(tagged)
        .or(source)
        .and_then(names::named)
        .map(|name| name.split('@').next().unwrap_or(name).to_owned())
        .or(nested)
}

/// True if a text below such a key is a name rather than a word that happens to stand there.
fn names_image(text: &str, key: &str) -> bool {
    matches!(key, "image" | "repotags" | "repodigests") || text.contains(['/', ':', '@'])
}

fn is_payload(key: &str) -> bool {
    matches!(key, "payload" | "raw" | "manifest" | "imagemanifest" | "manifestdata" | "predicate")
}

/// True if a text of any name seems to hold a document of a registry.
fn is_document_inside(text: &str) -> bool {
    first_object(text).is_some() && ["schemaVersion", "rootfs"].iter().any(|mark| text.contains(mark))
}

/// The start of the first object with a name in it.
fn first_object(text: &str) -> Option<usize> {
    let is_object = |at: &usize| {
        let blank = text[at + 1..].bytes().take(BLANK).take_while(u8::is_ascii_whitespace).count();
        text[at + 1 + blank..].starts_with('"')
    };
    text.match_indices('{').map(|(at, _)| at).take(BLANK).find(is_object)
}

/// The most white space, and the most brackets, that are looked at for that.
const BLANK: usize = 64;

/// JSON within a text: as it stands, behind other words, or in base64. True if it was that. A document of a registry is taken
/// out as one.
fn payload(text: &str, place: Place, part: &mut Part) -> bool {
    let start = text.find('{').filter(|start| *start == 0).or_else(|| first_object(text));
    let escaped = start.and_then(|start| balanced(text, start));
    let whole = escaped.as_ref().is_none_or(|span| text[span.end..].trim().is_empty());
    let decoded = match &escaped {
        // A document that is the whole text keeps its last line break, which may be its own.
        Some(span) if whole => Some(text.as_bytes()[span.start..].to_vec()),
        Some(span) => Some(text.as_bytes()[span.clone()].to_vec()),
        None => Base64::decode_vec(text).ok().filter(|bytes| bytes.trim_ascii_start().starts_with(b"{")),
    };
    let escaped = escaped.is_some();
    let Some(bytes) = decoded else { return false };
    let Ok(parsed) = json::parse(&bytes) else { return false };
    if is_document(&parsed.root) && part.documents.len() < limits::PASTE_DOCUMENTS {
        let title = title(&parsed.root).to_owned();
        let string = Some(InString { member: place.key.to_owned(), escaped });
        let (content_type, header_digest, expected) = (None, None, None);
        let excerpt = Excerpt { bytes, exact: true, content_type, header_digest, expected, title, string };
        part.documents.push((0, excerpt));
        return true;
    }
    visit(&parsed.root, Place { depth: place.depth + 1, key: "", ..place }, part);
    true
}

fn add(digest: &str, what: What, label: &str, place: Place, part: &mut Part) {
    let digest = names::bare(digest);
    let whole = digests::whole(digest).map(|digest| digest.to_string());
    let Some(digest_text) = whole.or_else(|| digests::prefix(digest)) else { return };
    let reference = place.image.map(names::bare).filter(|image| !image.is_empty()).map(str::to_owned);
    let (label, path) = (label.to_owned(), Some(place.path()));
    part.add(Mention { digest_text, what, label, reference, path, line: None });
}

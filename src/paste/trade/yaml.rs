//! Images in YAML and JSON: compose, Kubernetes, Helm values, workflows, GitLab CI, dev containers, Renovate.

use std::collections::{HashMap, HashSet};

use super::kind::FileKind;
use super::tree::{self, Node, Scalar};
use super::variables::{self, Part};
use super::{Edit, Found, in_one_piece, plain_name};
use crate::digest::Digest;
use crate::paste::names;

/// Reads a file of these kinds, and tells which it is if that was not known.
pub(super) fn read(text: &str, kind: FileKind) -> (FileKind, Vec<Found>) {
    let json = text.trim_start().starts_with(['{', '[', '/']);
    let plain = if json { without_comments(text) } else { text.to_owned() };
    let (roots, whole) = tree::parse(&plain);
    let kind = if kind == FileKind::Yaml { roots.iter().find_map(kind_of).unwrap_or(kind) } else { kind };
    let mut reader = Reader { text: &plain, json, kind, variables: variables_of(&roots, kind), rows: Vec::new() };
    for root in &roots {
        reader.visit(root, "", "");
    }
    let mut rows = reader.rows;
    if !whole {
        rows.extend(lines(text, &rows));
    }
    (kind, rows)
}

/// The variables that a GitLab CI file sets for all its jobs.
fn variables_of(roots: &[Node], kind: FileKind) -> HashMap<String, Part> {
    let files = roots.iter().filter(|_| kind == FileKind::GitlabCi);
    let members = files.filter_map(|root| root.get("variables")).flat_map(Node::members);
    let value = |node: &Node| node.scalar().or_else(|| node.get("value").and_then(Node::scalar)).cloned();
    let part = |scalar: Scalar| Part { at: scalar.literal.then_some(scalar.start), text: scalar.text, shared: true };
    members.filter_map(|(key, node)| Some((key.text.clone(), part(value(node)?)))).collect()
}

/// The kind of a YAML document by its members.
fn kind_of(root: &Node) -> Option<FileKind> {
    let has = |name: &str| root.get(name).is_some();
    let below = |name: &str, member: &str| {
        root.get(name).is_some_and(|node| node.members().iter().any(|(_, one)| one.get(member).is_some()))
    };
    match () {
        () if has("apiVersion") && has("kind") => Some(FileKind::Kubernetes),
        () if below("services", "image") || below("services", "build") => Some(FileKind::Compose),
        () if below("jobs", "docker") || below("executors", "docker") => Some(FileKind::CircleCi),
        () if has("pipelines") && has("image") || has("pipelines") && has("definitions") => {
            Some(FileKind::BitbucketPipelines)
        }
        () if has("steps") && root.get("steps").is_some_and(|steps| steps.items().iter().any(is_cloud_step)) => {
            Some(FileKind::CloudBuild)
        }
        () if has("pool") || root.get("resources").is_some_and(|own| own.get("containers").is_some()) => {
            Some(FileKind::AzurePipelines)
        }
        () if below("jobs", "runs-on") || below("jobs", "steps") || has("jobs") && has("on") => {
            Some(FileKind::GithubWorkflow)
        }
        () if has("runs") && has("name") => Some(FileKind::GithubWorkflow),
        () if has("image")
            && (has("features") || has("customizations") || has("remoteUser") || has("postCreateCommand")) =>
        {
            Some(FileKind::Devcontainer)
        }
        () if has("stages") || root.members().iter().any(|(_, job)| job.get("script").is_some()) => {
            Some(FileKind::GitlabCi)
        }
        () if root.members().iter().any(|(_, node)| node.get("repository").is_some()) || has_values(root, 0) => {
            Some(FileKind::HelmValues)
        }
        () => None,
    }
}

/// True for a step of Cloud Build, whose name is an image.
fn is_cloud_step(step: &Node) -> bool {
    step.get("name").is_some() && (step.get("args").is_some() || step.get("entrypoint").is_some())
}

/// True if some member `image` has a repository, as charts have it.
fn has_values(node: &Node, depth: usize) -> bool {
    depth < 4
        && node.members().iter().any(|(key, value)| {
            key.text == "image" && value.get("repository").is_some() || has_values(value, depth + 1)
        })
}

/// Members that only group: what is in them keeps the label from around.
const GROUPS: [&str; 10] =
    ["services", "jobs", "spec", "template", "containers", "image", "steps", "container", "data", "items"];

/// The most images of one map that are read with the members beside them; a map has each name once.
const MOST_IMAGES: usize = 64;

/// A file that is being read.
struct Reader<'a> {
    /// The text, without comments if it is JSON.
    text: &'a str,
    json: bool,
    kind: FileKind,
    variables: HashMap<String, Part>,
    rows: Vec<Found>,
}

impl Reader<'_> {
    /// `label`: the service, container or job around; `under`: the key of the node.
    fn visit(&mut self, node: &Node, label: &str, under: &str) {
        let own = node.get("name").and_then(Node::text).filter(|_| self.kind == FileKind::Kubernetes);
        let label = own.unwrap_or(label);
        let platform = node.get("platform").and_then(Node::text);
        // A name that a map has more than once is looked at alone: to look at all the others each time would take too long.
        let (alone, mut images) = (Node::Map(Vec::new()), 0);
        for (key, value) in node.members() {
            let key = key.text.as_str();
            let before = self.rows.len();
            images += usize::from(matches!(key, "image" | "baseImage"));
            self.member(if images > MOST_IMAGES { &alone } else { node }, key, value);
            for row in &mut self.rows[before..] {
                row.label = label.to_owned();
                row.platform = platform.map(str::to_owned);
            }
            // A member that is an object names what is in it, but for those that only group.
            let label = if GROUPS.contains(&key) || value.scalar().is_some() { label } else { key };
            self.visit(value, label, key);
        }
        self.rows.extend(renovated(node));
        for item in node.items() {
            if under == "services" && self.kind == FileKind::GitlabCi {
                let named = item.scalar().or_else(|| item.get("name").and_then(Node::scalar));
                self.rows.extend(named.and_then(|scalar| self.piece(scalar)));
            }
            if under == "images" {
                self.rows.extend(kustomized(item));
            }
            self.visit(item, label, under);
        }
    }

    /// The image that a member names.
    fn member(&mut self, parent: &Node, key: &str, value: &Node) {
        let scalar = value.scalar();
        // Beside `build`, the name is that of the image which is built.
        let is_built = key == "image" && self.kind == FileKind::Compose && parent.get("build").is_some();
        let found = match (key, value) {
            _ if is_built => None,
            ("image" | "baseImage", Node::Scalar(scalar)) => self.values(parent, scalar).or_else(|| self.piece(scalar)),
            ("image", Node::Map(_)) => {
                let named = value.get("name").or_else(|| value.get("reference")).and_then(Node::scalar);
                match value.get("repository").and_then(Node::scalar) {
                    Some(repository) => self.values(value, repository),
                    None => named.and_then(|scalar| self.values(value, scalar).or_else(|| self.piece(scalar))),
                }
            }
            ("container", Node::Scalar(scalar)) if self.kind == FileKind::GithubWorkflow => self.piece(scalar),
            // A container of Azure without a path or tag is named under `resources`.
            ("container", Node::Scalar(scalar)) if self.kind == FileKind::AzurePipelines => {
                self.piece(scalar).filter(|found| found.reference.contains([':', '/']))
            }
            ("name", Node::Scalar(scalar)) if self.kind == FileKind::CloudBuild && is_cloud_step(parent) => {
                self.piece(scalar)
            }
            ("uses", Node::Scalar(scalar)) if scalar.text.starts_with("docker://") => self.piece(scalar),
            _ if key.ends_with("Image") || key.ends_with("_image") || key.ends_with("_IMAGE") => {
                scalar.filter(|scalar| names::evident(&scalar.text).is_some()).and_then(|scalar| self.piece(scalar))
            }
            (_, Node::Map(_)) if value.get("tag").is_some() => {
                value.get("repository").and_then(Node::scalar).and_then(|repository| self.values(value, repository))
            }
            _ => None,
        };
        self.rows.extend(found);
    }

    /// A name in one scalar, with variables that have a value or a default.
    fn piece(&self, scalar: &Scalar) -> Option<Found> {
        let at = scalar.literal.then_some(scalar.start);
        let parts = if scalar.text.contains('$') {
            variables::expand(&scalar.text, at, &|name| self.variables.get(name).map(|part| vec![part.clone()]))?
        } else {
            vec![Part { text: scalar.text.clone(), at, shared: false }]
        };
        let end = if scalar.literal { scalar.end() } else { scalar.start };
        variables::found(&parts, scalar.start, end)
    }

    /// `registry`, `repository`, `tag` and `digest` of a chart's values; none if the name has no such member beside it.
    fn values(&self, node: &Node, repository: &Scalar) -> Option<Found> {
        let text = |name: &str| node.get(name).and_then(Node::text).filter(|text| !text.is_empty());
        let tag = node.get("tag").or_else(|| node.get("imageTag")).and_then(Node::scalar);
        let digest = ["digest", "sha"].iter().find_map(|name| self.digest(node, name));
        let is_whole = repository.text.rsplit('/').next().is_some_and(|last| last.contains([':', '@']));
        if tag.is_none() && digest.is_none() && text("registry").is_none() || is_whole && digest.is_none() {
            return self.piece(repository).filter(|_| is_whole);
        }
        let registry = text("registry").map(|registry| format!("{registry}/")).unwrap_or_default();
        let path = format!("{registry}{}", repository.text);
        let mut reference = plain_name(&path)?.0.to_owned();
        let tag = tag.filter(|tag| !tag.text.is_empty() && !is_whole);
        if let Some(tag) = tag {
            reference = format!("{reference}:{}", tag.text);
        }
        match digest.filter(|_| !reference.contains('@')) {
            Some(Place { digest: pinned, edit, start, end }) => {
                let reference = pinned.map_or(reference.clone(), |digest| format!("{reference}@{digest}"));
                Some(Found { reference, start, end, edit, ..Found::default() })
            }
            // Charts put the tag, or their own version, behind the repository: a digest stands behind the tag or nowhere.
            None => {
                let place = tag.unwrap_or(repository);
                let pin = place.text.find('@').map_or(place.end(), |at| place.start + at);
                let edit = tag.filter(|tag| tag.literal).map(|tag| Edit::new(pin, tag.end(), "@"));
                Some(Found { reference, start: place.start, end: place.end(), edit, ..Found::default() })
            }
        }
    }

    /// The member for the digest: `digest: sha256:…`, or `sha` without the algorithm; it may be empty or null.
    fn digest(&self, node: &Node, name: &str) -> Option<Place> {
        let (key, value) = node.entry(name)?;
        let scalar = value.scalar().filter(|scalar| scalar.literal)?;
        let is_null = scalar.plain && matches!(scalar.text.as_str(), "" | "null" | "~");
        let bare = scalar.text.strip_prefix("sha256:").is_none();
        let pinned = Digest::parse(&scalar.text).or_else(|_| Digest::parse(&format!("sha256:{}", scalar.text))).ok();
        let hex = if is_null || scalar.text.is_empty() { name == "sha" } else { bare };
        let (mut start, mut end) = (scalar.start, scalar.end());
        let mut edit = Edit { hex, ..Edit::new(start, end, "") };
        if is_null {
            let colon = self.text.get(key.end()..)?.find(':').map(|colon| key.end() + colon + 1)?;
            if scalar.text.is_empty() {
                (start, end) = (colon, colon);
                edit = Edit { hex, ..Edit::new(start, end, " ") };
            }
            // Sixty-four digits without quotes would be a number.
            if self.json || hex {
                edit.before.push('"');
                edit.after.push('"');
            }
        }
        let known = is_null || scalar.text.is_empty() || pinned.is_some();
        Some(Place { digest: pinned.map(|digest| digest.to_string()), edit: known.then_some(edit), start, end })
    }
}

/// The place of an image's digest in a member of its own.
struct Place {
    digest: Option<String>,
    edit: Option<Edit>,
    start: usize,
    end: usize,
}

/// An entry of kustomize: `name`, and `newName`, `newTag` or `digest` that take its place.
fn kustomized(node: &Node) -> Option<Found> {
    let text = |name: &str| node.get(name).and_then(Node::text).filter(|text| !text.is_empty());
    text("newName").or_else(|| text("newTag")).or_else(|| text("digest"))?;
    let name = plain_name(text("newName").or_else(|| text("name"))?)?.0;
    let (tag, digest) = (node.get("newTag").and_then(Node::scalar), node.get("digest").and_then(Node::scalar));
    let tagged = tag.map_or_else(|| name.to_owned(), |tag| format!("{name}:{}", tag.text));
    let place = digest.or(tag).or_else(|| node.get("newName").and_then(Node::scalar))?;
    let reference = digest.map_or(tagged.clone(), |digest| format!("{tagged}@{}", digest.text));
    // Without a member for the digest there is no place for one.
    let edit = digest.filter(|digest| digest.literal).map(|digest| Edit::new(digest.start, digest.end(), ""));
    Some(Found { reference, start: place.start, end: place.end(), edit, ..Found::default() })
}

/// A dependency as Renovate notes it.
fn renovated(node: &Node) -> Option<Found> {
    let name = node.get("packageName").or_else(|| node.get("depName"))?.text()?;
    let docker = node.get("datasource").and_then(Node::text).is_none_or(|source| source == "docker");
    let digest = node.get("currentDigest").and_then(Node::scalar)?;
    let value = node.get("currentValue").and_then(Node::text).map(|tag| format!(":{tag}")).unwrap_or_default();
    let reference = format!("{}{value}@{}", plain_name(name)?.0, digest.text);
    let edit = digest.literal.then(|| Edit::new(digest.start, digest.end(), ""));
    docker.then_some(Found { reference, start: digest.start, end: digest.end(), edit, ..Found::default() })
}

/// `image: name` in lines of what is not YAML as a whole, as a template is.
fn lines(text: &str, known: &[Found]) -> Vec<Found> {
    let known: HashSet<usize> = known.iter().map(|row| row.start).collect();
    let mut rows = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim().trim_start_matches("- ");
        let Some(value) = trimmed.strip_prefix("image:").map(str::trim) else { continue };
        let word = value.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
        let Some((name, _)) = plain_name(word) else { continue };
        let Some(offset) = line.rfind(name).map(|offset| start + offset) else { continue };
        if !known.contains(&offset) {
            rows.push(in_one_piece(name, offset, offset + name.len()));
        }
    }
    rows
}

/// JSON with comments as JSON: every byte of a comment, and every tab, becomes a space, so that places stay.
fn without_comments(text: &str) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        let two = bytes.get(at..at + 2).unwrap_or_default();
        let length = match (in_string, bytes[at], two) {
            (true, b'\\', _) => 2,
            (_, b'"', _) => {
                in_string = !in_string;
                1
            }
            (false, _, b"//") => text[at..].find('\n').unwrap_or(text.len() - at),
            (false, _, b"/*") => text[at..].find("*/").map_or(text.len() - at, |end| end + 2),
            _ => 1,
        };
        let end = (at + length).min(bytes.len());
        let comment = !in_string && matches!(two, b"//" | b"/*");
        let blank = |b: &u8| if *b == b'\n' || *b == b'\r' { *b } else { b' ' };
        if comment {
            plain.extend(bytes[at..end].iter().map(blank));
        } else {
            plain.extend(bytes[at..end].iter().map(|b| if *b == b'\t' && !in_string { b' ' } else { *b }));
        }
        at = end;
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}

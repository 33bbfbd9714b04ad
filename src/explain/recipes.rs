//! Node -> commands: how the same is checked without this program; every value is quoted for the shell.

use serde::Serialize;

use super::shell::quote;
use super::{Given, Node, hex};
use crate::reference::{HUB_ENDPOINT, is_hub, place};
use crate::registry::is_loopback;

/// The `Accept` of a request for a manifest; without it a registry may convert, and the digest is another.
const ACCEPT: &str = "Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// The kinds that a registry serves as manifests; all others are blobs.
const MANIFESTS: [&str; 6] = ["index", "manifest", "artifact", "attestation", "schema1", "signature"];

/// The commands for one tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recipe {
    /// The tool.
    pub tool: Tool,
    /// The lines, in the order in which they are run.
    pub lines: Vec<String>,
    /// The step before them, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// The hex digits that the last line prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

/// The tool of a recipe, or what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// curl, at a registry that asks for no token.
    Curl,
    /// curl, with a token of Docker Hub.
    #[serde(rename = "curl.token")]
    CurlToken,
    /// docker
    Docker,
    /// skopeo
    Skopeo,
    /// crane
    Crane,
    /// The layer, unpacked.
    Layer,
    /// A file that the page saved.
    File,
    /// The text of a `ChainID`.
    Chain,
}

/// The step before the commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Note {
    /// The bytes are saved as a file.
    #[serde(rename = "file.note")]
    File,
}

/// The commands for the node that is asked about, the best known tool first; none for a digest that no common command computes.
#[must_use]
pub fn recipes(given: &Given) -> Vec<Recipe> {
    given.about().map_or_else(Vec::new, |node| of(given, node))
}

/// The command that makes a `ChainID` of the text that goes in.
pub(super) fn chain(text: &str, value: &str) -> Option<Recipe> {
    let lines = vec![format!("printf %s {} | {}", quote(text), sum_of(value)?)];
    Some(Recipe { tool: Tool::Chain, lines, note: None, expect: Some(hex(value).to_owned()) })
}

fn of(given: &Given, node: &Node) -> Vec<Recipe> {
    let Some((digest, sum)) = node.digest.as_deref().and_then(|digest| Some((digest, sum_of(digest)?))) else {
        return Vec::new();
    };
    let mut found = Found { all: Vec::new(), digest, node };
    match given.reference.as_deref().map(place) {
        None => file(&mut found, given.file.as_deref().unwrap_or(digest), sum),
        Some((registry, repository)) => {
            let asked = Asked { registry, repository: &repository, is_local: is_loopback(registry), sum };
            if MANIFESTS.contains(&node.kind.as_str()) {
                manifest(&mut found, &asked);
            } else {
                let above = node.parent.and_then(|at| given.nodes.get(at)?.digest.as_deref());
                blob(&mut found, &asked, above);
            }
        }
    }
    found.all
}

/// The recipes that were found for one node.
struct Found<'a> {
    all: Vec<Recipe>,
    digest: &'a str,
    node: &'a Node,
}

impl Found<'_> {
    fn add(&mut self, tool: Tool, lines: Vec<String>) {
        self.all.push(Recipe { tool, lines, note: None, expect: Some(hex(self.digest).to_owned()) });
    }

    /// The line that unpacks what `source` writes and prints the `DiffID`, if the node is a layer that common tools unpack.
    fn unpacked(&mut self, source: &str, from_file: bool) {
        let (Some(unpack), Some(diff_id)) = (unpacker(self.node), self.node.diff_id.as_deref()) else { return };
        let Some(sum) = sum_of(diff_id) else { return };
        let line =
            if from_file { format!("{unpack} {source} | {sum}") } else { format!("{source} | {unpack} | {sum}") };
        let expect = Some(hex(diff_id).to_owned());
        self.all.push(Recipe { tool: Tool::Layer, lines: vec![line], note: None, expect });
    }
}

/// The address of a node, and the command that makes its digest.
struct Asked<'a> {
    registry: &'a str,
    repository: &'a str,
    is_local: bool,
    sum: &'static str,
}

impl Asked<'_> {
    fn pinned(&self, digest: &str) -> String {
        format!("{}/{}@{digest}", self.registry, self.repository)
    }

    /// The option of a tool that lets it speak plain http to this machine.
    fn insecure(&self, option: &'static str) -> &'static str {
        if self.is_local { option } else { "" }
    }

    fn crane(&self, what: &str, digest: &str) -> String {
        format!("crane {what} {}{}", self.insecure("--insecure "), quote(&self.pinned(digest)))
    }

    fn skopeo(&self, what: &str, digest: &str) -> String {
        let image = quote(&format!("docker://{}", self.pinned(digest)));
        format!("skopeo inspect {what} {}{image} | {}", self.insecure("--tls-verify=false "), self.sum)
    }
}

/// For a document that was pasted or dropped: its bytes are downloaded from the page first.
fn file(found: &mut Found<'_>, name: &str, sum: &str) {
    let name = quote(name);
    found.add(Tool::File, vec![format!("{sum} {name}")]);
    if let Some(recipe) = found.all.last_mut() {
        recipe.note = Some(Note::File);
    }
    found.unpacked(&name, true);
}

fn manifest(found: &mut Found<'_>, asked: &Asked<'_>) {
    let (digest, sum) = (found.digest, asked.sum);
    curl(found, asked, "manifests", &format!("-H {}", quote(ACCEPT)));
    let image = quote(&asked.pinned(digest));
    found.add(Tool::Docker, vec![format!("docker buildx imagetools inspect --raw {image} | {sum}")]);
    found.add(Tool::Skopeo, vec![asked.skopeo("--raw", digest)]);
    found.add(Tool::Crane, vec![format!("{} | {sum}", asked.crane("manifest", digest))]);
}

/// A config is asked for through its manifest, any other blob by itself.
fn blob(found: &mut Found<'_>, asked: &Asked<'_>, above: Option<&str>) {
    let sum = asked.sum;
    curl(found, asked, "blobs", "-L");
    if let Some(above) = above.filter(|_| found.node.kind == "config") {
        found.add(Tool::Crane, vec![format!("{} | {sum}", asked.crane("config", above))]);
        found.add(Tool::Skopeo, vec![asked.skopeo("--config --raw", above)]);
        return;
    }
    let blob = asked.crane("blob", found.digest);
    found.add(Tool::Crane, vec![format!("{blob} | {sum}")]);
    found.unpacked(&blob, false);
}

fn curl(found: &mut Found<'_>, asked: &Asked<'_>, what: &str, options: &str) {
    let Asked { registry, repository, is_local, sum } = asked;
    let is_hub = is_hub(registry);
    let host = if is_hub { HUB_ENDPOINT } else { registry };
    let scheme = if *is_local { "http" } else { "https" };
    let url = quote(&format!("{scheme}://{host}/v2/{repository}/{what}/{}", found.digest));
    if !is_hub {
        return found.add(Tool::Curl, vec![format!("curl -fsS {options} {url} | {sum}")]);
    }
    let token = "https://auth.docker.io/token?service=registry.docker.io&scope=repository:";
    let token = quote(&format!("{token}{repository}:pull"));
    let lines = vec![
        format!("TOKEN=$(curl -fsS {token} | jq -r .token)"),
        format!("curl -fsS -H \"Authorization: Bearer $TOKEN\" {options} {url} | {sum}"),
    ];
    found.add(Tool::CurlToken, lines);
}

/// The command that unpacks a layer.
fn unpacker(node: &Node) -> Option<&'static str> {
    if node.kind != "layer" {
        return None;
    }
    match node.compression.as_deref().unwrap_or("none") {
        "gzip" => Some("gzip -dc"),
        "zstd" => Some("zstd -dc"),
        "xz" => Some("xz -dc"),
        "none" => Some("cat"),
        _ => None,
    }
}

/// The command for the digest's own algorithm; nothing for one that no common command computes.
fn sum_of(digest: &str) -> Option<&'static str> {
    match digest.split_once(':')?.0 {
        "sha256" => Some("sha256sum"),
        "sha384" => Some("sha384sum"),
        "sha512" => Some("sha512sum"),
        _ => None,
    }
}

//! Line: paste -> bytes. Commands typed before what is pasted: what they print, and the digest that they ask for.

use crate::digest::Digest;

/// A command line about an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    words: Vec<String>,
    open: bool,
}

/// What a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prints {
    /// The bytes of the manifest or index that it names, as the registry holds them.
    Manifest,
    /// The bytes of a blob that it names by digest.
    Blob,
    /// The config of the image that it names.
    Config,
    /// A manifest as `docker manifest inspect` writes it.
    ManifestInspect,
    /// The digest of the image that it names.
    Digest,
    /// Something else.
    Other,
}

const TOOLS: [&str; 18] = [
    "docker",
    "podman",
    "nerdctl",
    "crane",
    "gcrane",
    "skopeo",
    "curl",
    "wget",
    "oras",
    "regctl",
    "buildah",
    "ctr",
    "crictl",
    "cat",
    "bat",
    "sha256sum",
    "shasum",
    "http",
];

impl Command {
    /// Reads a command line; `None` where it begins with no tool that is known here.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace().map(bare).skip_while(|word| *word == "sudo" || is_assignment(word));
        let tool = words.next()?;
        let name = tool.rsplit(['/', '\\']).next().unwrap_or(tool);
        let name = name.strip_suffix(".exe").unwrap_or(name);
        let path = tool == name || tool.contains("bin/") || tool.starts_with("./");
        if !path || !TOOLS.contains(&name) {
            return None;
        }
        let words = std::iter::once(name).chain(words).filter(|word| *word != "\\").map(str::to_owned).collect();
        Some(Self { words, open: line.trim_end().ends_with('\\') })
    }

    /// Takes the next line where this one ended in a backslash; tells whether it did.
    pub fn go_on(&mut self, line: &str) -> bool {
        if !self.open {
            return false;
        }
        self.open = line.ends_with('\\');
        let line = line.strip_prefix("> ").unwrap_or(line);
        self.words.extend(line.split_whitespace().filter(|word| *word != "\\").map(|word| bare(word).to_owned()));
        true
    }

    /// The command in two or three words: `docker manifest inspect`.
    pub fn name(&self) -> String {
        let subcommands = match self.words[0].as_str() {
            "cat" | "bat" | "curl" | "wget" | "http" | "sha256sum" | "shasum" => 0,
            "docker" | "nerdctl" if self.has("imagetools") => 3,
            "docker" | "podman" | "oras" | "regctl"
                if self.has("manifest") || self.has("blob") || self.has("image") =>
            {
                2
            }
            _ => 1,
        };
        let plain = self.words.iter().skip(1).filter(|word| !word.starts_with('-')).take(subcommands);
        std::iter::once(&self.words[0]).chain(plain).cloned().collect::<Vec<_>>().join(" ")
    }

    /// What it prints.
    pub fn prints(&self) -> Prints {
        let raw = self.has("--raw");
        match self.words[0].as_str() {
            "crane" | "gcrane" if self.has("manifest") => Prints::Manifest,
            "crane" | "gcrane" if self.has("config") => Prints::Config,
            "crane" | "gcrane" if self.has("blob") => Prints::Blob,
            "crane" | "gcrane" if self.has("digest") => Prints::Digest,
            "skopeo" if self.has("--config") => Prints::Config,
            "skopeo" if raw => Prints::Manifest,
            "docker" | "nerdctl" if self.has("imagetools") && raw => Prints::Manifest,
            "docker" | "podman" | "nerdctl" if self.has("manifest") && self.has("inspect") => Prints::ManifestInspect,
            "oras" | "regctl" if self.has("blob") => Prints::Blob,
            "oras" if self.has("fetch-config") => Prints::Config,
            "oras" | "regctl" if self.has("manifest") => Prints::Manifest,
            "curl" | "wget" | "http" => self.url_part().map_or(Prints::Other, |(_, kind, _)| match kind {
                "manifests" => Prints::Manifest,
                _ => Prints::Blob,
            }),
            "cat" | "bat" => Prints::Blob,
            _ => Prints::Other,
        }
    }

    /// The digest that it asks for, and so the digest of what it prints or is about.
    pub fn digest(&self) -> Option<Digest> {
        if let Some((_, _, reference)) = self.url_part() {
            return Digest::parse(reference).ok();
        }
        let target = self.target()?;
        if let Some((_, digest)) = target.split_once('@') {
            return Digest::parse(digest).ok();
        }
        let (_, hex) = target.rsplit_once("blobs/sha256/")?;
        Digest::parse(&format!("sha256:{hex}")).ok()
    }

    /// The image that it names, as written.
    pub fn reference(&self) -> Option<String> {
        if let Some((name, _, reference)) = self.url_part() {
            let mark = if reference.contains(':') { '@' } else { ':' };
            return Some(format!("{name}{mark}{reference}"));
        }
        let about_images =
            !matches!(self.words[0].as_str(), "cat" | "bat" | "curl" | "wget" | "http" | "sha256sum" | "shasum");
        self.target().filter(|_| about_images).map(str::to_owned)
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|have| have == word)
    }

    /// The last word before a pipe that is neither the tool nor an option.
    fn target(&self) -> Option<&str> {
        let words =
            self.words.iter().skip(1).take_while(|word| !matches!(word.as_str(), "|" | ">" | "2>" | "&&" | ";"));
        let word = words.filter(|word| !word.starts_with('-')).last()?;
        Some(word.split_once("://").map_or(word.as_str(), |(_, rest)| rest))
    }

    /// Repository, `manifests` or `blobs`, and reference of a registry's URL.
    fn url_part(&self) -> Option<(String, &str, &str)> {
        let url = self.words.iter().find(|word| word.contains("/v2/"))?;
        let (host, path) = url.split_once("/v2/")?;
        let host = host.split_once("://").map_or(host, |(_, host)| host);
        ["manifests", "blobs"].into_iter().find_map(|kind| {
            let (name, reference) = path.rsplit_once(&format!("/{kind}/"))?;
            Some((format!("{host}/{name}"), kind, reference.split('?').next().unwrap_or_default()))
        })
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(['"', '\'', '`', '“', '”'])
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[track_caller]
    fn case(line: &str, prints: Prints, asks: bool, reference: Option<&str>) {
        let command = Command::parse(&line.replace("HEX", HEX)).unwrap();
        assert_eq!(command.prints(), prints, "{line}");
        assert_eq!(command.digest().is_some(), asks, "{line}");
        assert_eq!(command.reference(), reference.map(|text| text.replace("HEX", HEX)), "{line}");
    }

    #[test]
    fn paste_commands_tell_what_they_print() {
        case("crane manifest a/b@sha256:HEX", Prints::Manifest, true, Some("a/b@sha256:HEX"));
        case("crane config a/b@sha256:HEX", Prints::Config, true, Some("a/b@sha256:HEX"));
        case("crane digest busybox", Prints::Digest, false, Some("busybox"));
        case("skopeo inspect --raw docker://a/b@sha256:HEX | jq .", Prints::Manifest, true, Some("a/b@sha256:HEX"));
        case("skopeo inspect --config docker://a/b:v", Prints::Config, false, Some("a/b:v"));
        case("docker buildx imagetools inspect --raw a/b:v", Prints::Manifest, false, Some("a/b:v"));
        case("sudo docker manifest inspect -v a/b:v", Prints::ManifestInspect, false, Some("a/b:v"));
        case("/usr/bin/docker pull a/b:v", Prints::Other, false, Some("a/b:v"));
        case("cat blobs/sha256/HEX", Prints::Blob, true, None);
        case(
            "curl -i 'https://r.example/v2/a/b/manifests/sha256:HEX'",
            Prints::Manifest,
            true,
            Some("r.example/a/b@sha256:HEX"),
        );
        case("curl -i https://r.example/v2/a/b/blobs/sha256:HEX", Prints::Blob, true, Some("r.example/a/b@sha256:HEX"));
        case(
            "DOCKER_CLI_EXPERIMENTAL=enabled docker manifest inspect busybox",
            Prints::ManifestInspect,
            false,
            Some("busybox"),
        );
    }

    #[test]
    fn paste_commands_go_on_after_a_backslash() {
        let mut command = Command::parse("curl -i \\").unwrap();
        assert!(command.go_on("-H 'Accept: a/b' \\"));
        assert!(command.go_on("https://r.example/v2/a/manifests/v1"));
        assert!(!command.go_on("HTTP/1.1 200 OK"));
        assert_eq!(command.reference().as_deref(), Some("r.example/a:v1"));
    }

    #[test]
    fn paste_command_names_leave_out_options() {
        let name = |line| Command::parse(line).unwrap().name();
        assert_eq!(name("docker manifest inspect -v a"), "docker manifest inspect");
        assert_eq!(name("docker buildx imagetools inspect --raw a"), "docker buildx imagetools inspect");
        assert_eq!(name("crane manifest a"), "crane manifest");
        assert_eq!(name("curl -i https://r.example/v2/a/manifests/v1"), "curl");
        assert_eq!(Command::parse("docker.io/library/busybox:latest"), None);
        assert_eq!(Command::parse("Digest: sha256:1"), None);
    }
}

//! Commands typed before what is pasted: what they print, and the digest that they ask for.

use crate::digest::Digest;
use crate::paste::names;

/// A command line about an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    words: Vec<String>,
    open: bool,
}

/// The output of a command.
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
    /// Names of images, one a line.
    Images,
    /// The tags of the image that it names, one a line.
    Tags,
    /// Something else.
    Other,
}

const TOOLS: [&str; 25] = [
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
    "cosign",
    "helm",
    "kubectl",
    "oc",
    "trivy",
    "grype",
    "syft",
    "cat",
    "bat",
    "sha256sum",
    "shasum",
    "http",
];

/// Tools whose name is a word of texts as well, or that do more than images: they are known by what follows.
const BY_VERB: [(&str, &[&str]); 7] = [
    ("oc", &["get", "describe", "adm", "image", "import-image", "tag", "apply", "-n"]),
    ("gcloud", &["artifacts", "container", "builds", "run"]),
    ("aws", &["ecr", "ecr-public", "ecs", "lambda"]),
    ("az", &["acr"]),
    ("flux", &["get", "pull", "push", "list", "reconcile", "export", "tag"]),
    ("argocd", &["app", "appset"]),
    ("minikube", &["image"]),
];

/// Words that end the arguments of a command.
const ENDS: [&str; 7] = ["|", ">", ">>", "2>", "&&", ";", "||"];

/// Subcommands whose first argument is an image.
const VERBS: [&str; 25] = [
    "pull",
    "push",
    "run",
    "create",
    "manifest",
    "inspect",
    "imagetools",
    "history",
    "save",
    "image",
    "images",
    "digest",
    "config",
    "ls",
    "copy",
    "cp",
    "fetch",
    "discover",
    "verify",
    "tree",
    "fetch-config",
    "inspecti",
    "scout",
    "quickview",
    "resolve",
];

/// Options of `run` and its kin whose value is the next word.
const TAKES_VALUE: [&str; 24] = [
    "-p",
    "--publish",
    "-v",
    "--volume",
    "-e",
    "--env",
    "--env-file",
    "--name",
    "-w",
    "--workdir",
    "-u",
    "--user",
    "--network",
    "--entrypoint",
    "--platform",
    "-h",
    "--hostname",
    "--mount",
    "-m",
    "--memory",
    "--restart",
    "-l",
    "--label",
    "-o",
];

/// Programs that read JSON and write it in their own layout.
const REWRITERS: [&str; 9] = ["jq", "gojq", "jaq", "yq", "fx", "json_pp", "python", "python3", "ConvertTo-Json"];

impl Command {
    /// Reads a command line; `None` if it begins with no tool that is known here.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace().map(bare).skip_while(|word| *word == "sudo" || is_assignment(word));
        let tool = words.next()?;
        let name = tool.rsplit(['/', '\\']).next().unwrap_or(tool);
        let name = name.strip_suffix(".exe").unwrap_or(name);
        let path = tool == name || tool.contains("bin/") || tool.starts_with("./");
        if !path {
            return None;
        }
        if let Some((_, verbs)) = BY_VERB.iter().find(|(tool, _)| *tool == name) {
            let verb = words.clone().next()?;
            if !verbs.contains(&verb) {
                return None;
            }
        } else if !TOOLS.contains(&name) {
            return None;
        }
        let words = std::iter::once(name).chain(words).filter(|word| *word != "\\").map(str::to_owned).collect();
        Some(Self { words, open: line.trim_end().ends_with('\\') })
    }

    /// Takes the next line if this one ended in a backslash; tells whether it did.
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

    /// Its output.
    pub fn prints(&self) -> Prints {
        let raw = self.has("--raw");
        match self.words[0].as_str() {
            "crane" | "gcrane" if self.has("manifest") => Prints::Manifest,
            "crane" | "gcrane" if self.has("config") => Prints::Config,
            "crane" | "gcrane" if self.has("blob") => Prints::Blob,
            "crane" | "gcrane" if self.has("digest") => Prints::Digest,
            "oras" if self.has("resolve") => Prints::Digest,
            "regctl" if self.has("digest") => Prints::Digest,
            "skopeo" | "docker" if self.formats_digest() => Prints::Digest,
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
            "cat" | "bat" if self.writes().is_none() => Prints::Blob,
            _ if self.lists_images() => Prints::Images,
            "crane" | "gcrane" if self.has("ls") => Prints::Tags,
            "oras" if self.has("repo") && self.has("tags") => Prints::Tags,
            "regctl" if self.has("tag") && self.has("ls") => Prints::Tags,
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

    /// The program or option that writes the output anew on its way, by the pipeline.
    pub fn rewriter(&self) -> Option<&str> {
        let words = || self.words.iter().map(String::as_str);
        let piped = words().skip_while(|word| *word != "|").find(|word| REWRITERS.contains(word));
        piped.or_else(|| {
            words().find(|word| ["--pretty", "--format", "ConvertTo-Json"].iter().any(|o| word.starts_with(o)))
        })
    }

    /// The file that `cat > file` writes.
    pub fn writes(&self) -> Option<&str> {
        let at = self.words.iter().position(|word| word.starts_with('>'))?;
        let own = self.words[at].trim_start_matches('>');
        let file = if own.is_empty() { self.words.get(at + 1)?.as_str() } else { own };
        self.words.iter().any(|word| word.starts_with("<<")).then_some(file)
    }

    /// The image that it is about, if that can be told from its arguments.
    pub fn image(&self) -> Option<String> {
        let option = self.words.iter().find_map(|word| word.strip_prefix("--image="));
        let named = option.map(str::to_owned).or_else(|| {
            let address = self.words.iter().find(|word| word.contains("://")).and_then(|word| names::of_address(word));
            if matches!(self.words[0].as_str(), "curl" | "wget" | "http") {
                address
            } else {
                self.argument().map(str::to_owned)
            }
        })?;
        names::named(&named).map(str::to_owned)
    }

    /// The argument that names an image, by the subcommand.
    fn argument(&self) -> Option<&str> {
        let words = || self.words.iter().skip(1).map(String::as_str).take_while(|word| !ENDS.contains(word));
        let tool = self.words[0].as_str();
        if tool == "kubectl" && self.has("set") && self.has("image") {
            return words()
                .find_map(|word| word.split_once('=').filter(|(name, _)| !name.starts_with('-')))
                .map(|(_, image)| image);
        }
        // Its options take names of people and files, so the image is the last word.
        if tool == "cosign" {
            return words().filter(|word| !word.starts_with('-')).last();
        }
        if BY_VERB.iter().any(|(known, _)| *known == tool) {
            return words().find(|word| word.contains('/') && !word.starts_with(['-', '{']));
        }
        if matches!(tool, "grype" | "syft") {
            return words().find(|word| !word.starts_with('-'));
        }
        let verb = words().position(|word| VERBS.contains(&word))?;
        let mut rest = words().skip(verb + 1).skip_while(|word| VERBS.contains(word));
        while let Some(word) = rest.next() {
            match word {
                _ if TAKES_VALUE.contains(&word) => drop(rest.next()),
                _ if word.starts_with('-') => {}
                _ => return Some(word),
            }
        }
        None
    }

    /// True if it prints names of images and nothing else: by a template, or by a filter behind it.
    fn lists_images(&self) -> bool {
        let any = |test: &dyn Fn(&str) -> bool| self.words.iter().any(|word| test(word));
        match self.words[0].as_str() {
            "kubectl" | "oc" => {
                let picks =
                    any(&|word| ["jsonpath=", "go-template=", "template="].iter().any(|how| word.contains(how)));
                picks && any(&|word| ["image", "Image"].iter().any(|field| word.contains(field)))
            }
            "docker" | "podman" | "nerdctl" => {
                let named = any(&|word| word.contains(".Repository}}") || word.contains(".Image}}"));
                named && !any(&|word| word.contains("json")) || self.has("config") && self.has("--images")
            }
            "crane" => self.has("catalog") && self.has("--full-ref"),
            "minikube" => self.has("ls") && !any(&|word| word.contains("--format")),
            _ => false,
        }
    }

    /// True if it prints fields that were picked out of objects: `-o jsonpath=…`.
    pub fn picks_fields(&self) -> bool {
        let how = ["jsonpath", "go-template", "template="];
        matches!(self.words[0].as_str(), "kubectl" | "oc")
            && self.words.iter().any(|word| how.iter().any(|how| word.trim_start_matches("-o").starts_with(how)))
    }

    /// `--format '{{.Digest}}'`, and `{{.Manifest.Digest}}` of imagetools.
    fn formats_digest(&self) -> bool {
        let asks = |word: &String| word.contains("{{") && word.contains("Digest}}") && !word.contains("json");
        self.has("inspect") && self.words.iter().any(asks)
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
    fn paste_commands_that_list_names_are_known() {
        let prints = |line: &str| Command::parse(line).map(|command| command.prints());
        for line in [
            "kubectl get pods -A -o jsonpath='{.items[*].spec.containers[*].image}'",
            "kubectl get pod web -o jsonpath=\"{.status.containerStatuses[0].imageID}\"",
            "oc get pods -o go-template='{{range .items}}{{.spec.image}}{{end}}'",
            "docker ps --format '{{.Image}}'",
            "docker compose config --images",
        ] {
            assert_eq!(prints(line), Some(Prints::Images), "{line}");
        }
        assert_eq!(prints("crane ls r.example/a"), Some(Prints::Tags));
        assert_eq!(prints("kubectl get pods -o json"), Some(Prints::Other));
        assert_eq!(prints("gcloud artifacts docker images list r.example/a"), Some(Prints::Other));
        assert_eq!(prints("az is short for something"), None);
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

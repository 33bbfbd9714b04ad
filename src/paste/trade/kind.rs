//! Tells the kind of a file: by its name, else by a mark that only such files have.

use crate::paste::scan::Scan;

/// The kinds of files that name images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A compose file.
    Compose,
    /// Kubernetes objects, alone, several or in a list.
    Kubernetes,
    /// The values of a Helm chart.
    HelmValues,
    /// A workflow of GitHub Actions.
    GithubWorkflow,
    /// A GitLab CI file.
    GitlabCi,
    /// A dev container's configuration.
    Devcontainer,
    /// A Nix expression with `pullImage`.
    Nix,
    /// A Bazel file with `oci.pull` or `container_pull`.
    Bazel,
    /// JSON of Renovate with the digests that it knows.
    Renovate,
    /// A configuration of CircleCI.
    CircleCi,
    /// A configuration of Google Cloud Build.
    CloudBuild,
    /// A pipeline of Azure DevOps.
    AzurePipelines,
    /// A pipeline of Bitbucket.
    BitbucketPipelines,
    /// HCL of Terraform or Nomad.
    Hcl,
    /// A quadlet of podman.
    Quadlet,
    /// Any other YAML or JSON with `image` members.
    Yaml,
}

impl FileKind {
    /// The stable kebab-case code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Dockerfile => "dockerfile",
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
            Self::HelmValues => "helm-values",
            Self::GithubWorkflow => "github-workflow",
            Self::GitlabCi => "gitlab-ci",
            Self::Devcontainer => "devcontainer",
            Self::Nix => "nix",
            Self::Bazel => "bazel",
            Self::Renovate => "renovate",
            Self::CircleCi => "circleci",
            Self::CloudBuild => "cloud-build",
            Self::AzurePipelines => "azure-pipelines",
            Self::BitbucketPipelines => "bitbucket-pipelines",
            Self::Hcl => "hcl",
            Self::Quadlet => "quadlet",
            Self::Yaml => "yaml",
        }
    }

    /// The kind in a sentence.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Dockerfile => "This is a Dockerfile.",
            Self::Compose => "This is a compose file.",
            Self::Kubernetes => "This is a Kubernetes manifest.",
            Self::HelmValues => "These are the values of a Helm chart.",
            Self::GithubWorkflow => "This is a workflow of GitHub Actions.",
            Self::GitlabCi => "This is a GitLab CI file.",
            Self::Devcontainer => "This is a dev container's configuration.",
            Self::Nix => "This is a Nix expression that pulls images.",
            Self::Bazel => "This is a Bazel file that pulls images.",
            Self::Renovate => "This is JSON of Renovate.",
            Self::CircleCi => "This is a configuration of CircleCI.",
            Self::CloudBuild => "This is a configuration of Google Cloud Build.",
            Self::AzurePipelines => "This is a pipeline of Azure DevOps.",
            Self::BitbucketPipelines => "This is a pipeline of Bitbucket.",
            Self::Hcl => "This is HCL, as Terraform and Nomad have it, that names images.",
            Self::Quadlet => "This is a quadlet, a unit of podman.",
            Self::Yaml => "This is YAML that names images.",
        }
    }
}

/// The kind of a text; `None` if nothing in it looks like a file that names images.
pub(super) fn of(text: &str, name: Option<&str>) -> Option<FileKind> {
    name.and_then(by_name).or_else(|| by_content(text))
}

fn by_name(name: &str) -> Option<FileKind> {
    let lower = name.to_ascii_lowercase().replace('\\', "/");
    let file = lower.rsplit('/').next().unwrap_or(&lower);
    let yaml = file.ends_with(".yml") || file.ends_with(".yaml");
    match file {
        _ if file.starts_with("dockerfile") || file.starts_with("containerfile") => Some(FileKind::Dockerfile),
        _ if file.ends_with(".dockerfile") || file.ends_with(".containerfile") => Some(FileKind::Dockerfile),
        _ if yaml && lower.contains(".github/workflows/") => Some(FileKind::GithubWorkflow),
        _ if yaml && file.contains("gitlab-ci") => Some(FileKind::GitlabCi),
        _ if yaml && lower.contains(".circleci/") => Some(FileKind::CircleCi),
        _ if yaml && file.starts_with("cloudbuild") => Some(FileKind::CloudBuild),
        _ if yaml && file.starts_with("azure-pipelines") => Some(FileKind::AzurePipelines),
        _ if yaml && file.starts_with("bitbucket-pipelines") => Some(FileKind::BitbucketPipelines),
        _ if [".tf", ".hcl", ".nomad"].iter().any(|end| file.ends_with(end)) => Some(FileKind::Hcl),
        _ if file.ends_with(".container") => Some(FileKind::Quadlet),
        _ if yaml && (file.starts_with("docker-compose") || file.starts_with("compose")) => Some(FileKind::Compose),
        _ if yaml && file.starts_with("values") => Some(FileKind::HelmValues),
        "devcontainer.json" | ".devcontainer.json" => Some(FileKind::Devcontainer),
        _ if file.contains("renovate") && file.ends_with(".json") => Some(FileKind::Renovate),
        _ if file.ends_with(".nix") => Some(FileKind::Nix),
        "module.bazel" | "workspace" | "workspace.bazel" | "workspace.bzlmod" => Some(FileKind::Bazel),
        _ if file.ends_with(".bzl") || file.ends_with(".bazel") => Some(FileKind::Bazel),
        _ => None,
    }
}

fn by_content(text: &str) -> Option<FileKind> {
    if is_dockerfile(text) {
        return Some(FileKind::Dockerfile);
    }
    if !MARKS.any(text) {
        return None;
    }
    if ["oci.pull(", "oci_pull(", "container_pull("].iter().any(|call| text.contains(call)) {
        return Some(FileKind::Bazel);
    }
    if (text.contains("pullImage") || text.contains("imageName")) && text.contains("imageDigest") {
        return Some(FileKind::Nix);
    }
    if text.contains("[Container]") && text.lines().any(|line| line.starts_with("Image=")) {
        return Some(FileKind::Quadlet);
    }
    if is_hcl(text) {
        return Some(FileKind::Hcl);
    }
    if text.contains("\"depName\"") || text.contains("\"currentDigest\"") {
        return Some(FileKind::Renovate);
    }
    NAMES.any(text).then_some(FileKind::Yaml)
}

/// Keys that name images in YAML and JSON.
const KEYS: [&str; 9] =
    ["image:", "image\"", "repository:", "docker://", "container:", "Image:", "newTag:", "newName:", "steps:"];
static NAMES: Scan<9> = Scan::exact(KEYS);

/// True if a line opens a block of Terraform or Nomad; a plan of Terraform shows such blocks, too, but is no file.
fn is_hcl(text: &str) -> bool {
    let opens = |line: &str| {
        ["resource \"", "task \""].iter().any(|start| line.trim_start().starts_with(start))
            && line.trim_end().ends_with('{')
    };
    text.lines().any(opens) && !text.lines().any(|line| line.starts_with("Plan: "))
}

/// The other marks of files of a known kind.
const OWN: [&str; 10] = [
    "oci.pull(",
    "oci_pull(",
    "container_pull(",
    "pullImage",
    "imageDigest",
    "[Container]",
    "resource \"",
    "task \"",
    "\"depName\"",
    "\"currentDigest\"",
];

/// Every file of a known kind has at least one of these keys or marks. A long text is looked through once.
static MARKS: Scan<19> = Scan::exact({
    let mut marks = [""; OWN.len() + KEYS.len()];
    let mut at = 0;
    while at < marks.len() {
        marks[at] = if at < OWN.len() { OWN[at] } else { KEYS[at - OWN.len()] };
        at += 1;
    }
    marks
});

/// True if the first instruction is FROM, with at most comments and ARG before it.
fn is_dockerfile(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.find(|line| !line.to_ascii_uppercase().starts_with("ARG "));
    let words: Vec<&str> =
        first.unwrap_or_default().split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let alone = matches!(words[..], ["FROM" | "from", _]);
    let staged = matches!(words[..], ["FROM" | "from", _, "AS" | "as" | "As", _]);
    alone || staged
}

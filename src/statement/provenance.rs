//! SLSA provenance, v0.2 and v1 -> one sentence: from which source, at which commit, by what, where, which run, for what.

use serde_json::Value;

use super::Content;
use super::facts::{Fact, add, items, member, text};
use crate::say::{Said, say};

/// The members that are looked for.
#[derive(Default)]
struct Build {
    source: Option<String>,
    commit: Option<String>,
    workflow: Option<String>,
    builder: Option<String>,
    run: Option<String>,
    git_ref: Option<String>,
    is_github_hosted: Option<bool>,
}

/// SLSA v0.1 and v0.2.
pub(super) fn old(predicate: &Value) -> Content {
    let mut facts = Vec::new();
    let from = |path: &[&str]| text(predicate, path).map(str::to_owned);
    let environment = |name: &str| {
        let upper = name.to_uppercase();
        from(&["invocation", "environment", name]).or_else(|| from(&["invocation", "environment", &upper]))
    };
    let uri = from(&["invocation", "configSource", "uri"]);
    let source = uri.clone().or_else(|| buildkit_source(predicate, &["metadata"]));
    let entry = from(&["invocation", "configSource", "entryPoint"]);
    let builder = from(&["builder", "id"]);
    let git_ref = environment("github_ref").or_else(|| uri.as_deref().and_then(ref_of).map(str::to_owned));
    let invocation = from(&["metadata", "buildInvocationID"]).or_else(|| from(&["metadata", "buildInvocationId"]));
    let run = environment("github_run_id").or_else(|| run_of(builder.as_deref())).or(invocation.clone());
    let build = Build {
        commit: digest_at(predicate, &["invocation", "configSource", "digest"])
            .or_else(|| buildkit_revision(predicate, &["metadata"])),
        workflow: entry.clone(),
        run,
        git_ref,
        is_github_hosted: None,
        source,
        builder,
    };
    common(&mut facts, &build);
    add(&mut facts, "build-type", from(&["buildType"]));
    add(&mut facts, "config-source", uri);
    add(&mut facts, "entry-point", entry);
    add(&mut facts, "invocation", invocation);
    add(&mut facts, "started", from(&["metadata", "buildStartedOn"]));
    add(&mut facts, "finished", from(&["metadata", "buildFinishedOn"]));
    parameters(&mut facts, member(predicate, &["invocation", "parameters"]));
    materials(&mut facts, items(predicate, &["materials"]));
    dockerfile(&mut facts, member(predicate, &["metadata"]));
    content(facts, &build)
}

/// SLSA v1.
pub(super) fn new(predicate: &Value) -> Content {
    let mut facts = Vec::new();
    let from = |path: &[&str]| text(predicate, path).map(str::to_owned);
    let outer = |path: &[&str]| from(&[&["buildDefinition", "externalParameters"], path].concat());
    let inner = |path: &[&str]| from(&[&["buildDefinition", "internalParameters"], path].concat());
    let dependencies = items(predicate, &["buildDefinition", "resolvedDependencies"]);
    let first = dependencies.first().filter(|first| text(first, &["uri"]).is_some_and(is_git));
    let github = |name: &str| inner(&[name]);
    let repository = outer(&["workflow", "repository"]);
    let source = repository
        .or_else(|| outer(&["source", "uri"]))
        .or_else(|| outer(&["configSource", "uri"]))
        .or_else(|| first.and_then(|first| text(first, &["uri"]).map(str::to_owned)))
        .or_else(|| buildkit_source(predicate, &["runDetails", "metadata"]))
        .or_else(|| github("GITHUB_REPOSITORY"));
    let invocation = from(&["runDetails", "metadata", "invocationId"]);
    let commit = first
        .and_then(|first| digest_at(first, &["digest"]))
        .or_else(|| digest_at(predicate, &["buildDefinition", "externalParameters", "source", "digest"]))
        .or_else(|| digest_at(predicate, &["buildDefinition", "externalParameters", "configSource", "digest"]))
        .or_else(|| buildkit_revision(predicate, &["runDetails", "metadata"]))
        .or_else(|| github("GITHUB_SHA"));
    let builder = from(&["runDetails", "builder", "id"]);
    let environment = inner(&["github", "runner_environment"]);
    let build = Build {
        workflow: outer(&["workflow", "path"])
            .or_else(|| outer(&["configSource", "path"]))
            .or_else(|| outer(&["configPath"])),
        run: github("GITHUB_RUN_ID").or_else(|| run_of(invocation.as_deref())).or_else(|| run_of(builder.as_deref())),
        git_ref: outer(&["workflow", "ref"])
            .or_else(|| github("GITHUB_REF"))
            .or_else(|| source.as_deref().and_then(ref_of).map(str::to_owned)),
        is_github_hosted: environment.map(|environment| environment == "github-hosted"),
        source,
        commit,
        builder,
    };
    common(&mut facts, &build);
    add(&mut facts, "build-type", from(&["buildDefinition", "buildType"]));
    add(&mut facts, "invocation", invocation);
    add(&mut facts, "started", from(&["runDetails", "metadata", "startedOn"]));
    add(&mut facts, "finished", from(&["runDetails", "metadata", "finishedOn"]));
    parameters(&mut facts, member(predicate, &["buildDefinition", "externalParameters"]));
    materials(&mut facts, dependencies);
    dockerfile(&mut facts, member(predicate, &["runDetails", "metadata"]));
    content(facts, &build)
}

fn content(facts: Vec<Fact>, build: &Build) -> Content {
    Content { form: "slsa-provenance", said: sentence(build), facts, ..Content::default() }
}

/// "built from owner/app at 3f2c1ab by release.yml on a GitHub-hosted runner, run 987, for tag v1.2"
fn sentence(build: &Build) -> Said {
    let part = |there: Option<Said>| there.unwrap_or_default();
    let at = part(build.commit.as_deref().map(|commit| say!("built-at", " at {commit}", commit = short(commit))));
    let by = part(build.workflow.as_deref().map(|path| say!("built-by", " by {workflow}", workflow = last(path))));
    let on = part(build.runner().map(|runner| say!("built-on", " on {runner}", runner)));
    let run = part(build.run.clone().map(|run| say!("built-run", ", run {run}", run)));
    let goal = part(build.git_ref.as_deref().map(|name| say!("built-for", ", for {name}", name = ref_words(name))));
    match &build.source {
        Some(source) => {
            let source = repository(source);
            say!("built-from", "built from {source}{at}{by}{on}{run}{goal}", source, at, by, on, run, goal)
        }
        None => say!(
            "built-somewhere",
            "built{at}{by}{on}{run}{goal}: the statement names no source",
            at,
            by,
            on,
            run,
            goal
        ),
    }
}

impl Build {
    /// True if GitHub hosts the runner.
    fn is_hosted(&self) -> Option<bool> {
        let builder = self.builder.as_deref().unwrap_or_default();
        let is_named = builder.ends_with("/github-hosted") || builder == "https://github.com/actions/runner";
        if self.is_github_hosted == Some(true) || is_named {
            return Some(true);
        }
        (self.is_github_hosted == Some(false) || builder.ends_with("/self-hosted")).then_some(false)
    }

    fn runner(&self) -> Option<Said> {
        match self.is_hosted() {
            Some(true) => return Some(say!("runner-github", "a GitHub-hosted runner")),
            Some(false) => return Some(say!("runner-own", "a runner of the project's own")),
            None => {}
        }
        let builder = self.builder.as_deref().unwrap_or_default();
        // A builder that is named by its run, or by the workflow that is named already, says nothing more.
        let known =
            self.workflow.as_deref().is_some_and(|path| builder.contains(path)) || builder.contains("/actions/runs/");
        let builder = (!builder.is_empty() && !known).then(|| repository_path(builder))?;
        Some(say!("runner-named", "{builder}", builder))
    }
}

fn ref_words(name: &str) -> Said {
    if let Some(tag) = name.strip_prefix("refs/tags/") {
        return say!("ref-tag", "tag {name}", name = tag);
    }
    match name.strip_prefix("refs/heads/") {
        Some(branch) => say!("ref-branch", "branch {name}", name = branch),
        None => say!("ref-other", "{name}", name),
    }
}

fn common(facts: &mut Vec<Fact>, build: &Build) {
    add(facts, "source", build.source.as_deref());
    add(facts, "commit", build.commit.as_deref());
    add(facts, "workflow", build.workflow.as_deref());
    add(facts, "ref", build.git_ref.as_deref());
    add(facts, "builder", build.builder.as_deref());
    add(facts, "run", build.run.as_deref());
    // As certificates call it.
    add(facts, "runner", build.is_hosted().map(|hosted| if hosted { "github-hosted" } else { "self-hosted" }));
}

fn parameters(facts: &mut Vec<Fact>, parameters: Option<&Value>) {
    for (name, value) in parameters.and_then(Value::as_object).into_iter().flatten() {
        if !value.is_null() && value.as_object().is_none_or(|object| !object.is_empty()) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            add(facts, "parameter", Some(format!("{name}: {value}")));
        }
    }
}

fn materials(facts: &mut Vec<Fact>, materials: &[Value]) {
    for material in materials {
        let uri = text(material, &["uri"]).or_else(|| text(material, &["name"])).unwrap_or_default();
        let digest = member(material, &["digest"]).and_then(Value::as_object).and_then(|all| all.iter().next());
        let digest =
            digest.and_then(|(algorithm, hex)| Some(format!(" {algorithm}:{}", hex.as_str()?))).unwrap_or_default();
        add(facts, "material", Some(format!("{uri}{digest}")));
    }
}

/// BuildKit's own facts (`mode=max`): the Dockerfile itself.
fn dockerfile(facts: &mut Vec<Fact>, metadata: Option<&Value>) {
    use base64ct::{Base64, Encoding};
    let Some(metadata) = metadata else { return };
    let own = buildkit(metadata);
    for info in own.map_or(&[][..], |own| items(own, &["source", "infos"])) {
        let data = text(info, &["data"]).and_then(|data| Base64::decode_vec(data).ok());
        add(facts, "dockerfile", data.map(|data| String::from_utf8_lossy(&data).into_owned()));
    }
}

fn buildkit(metadata: &Value) -> Option<&Value> {
    let own = metadata.as_object()?.iter().find(|(name, _)| name.contains("mobyproject.org/buildkit"));
    own.map(|(_, value)| value).or_else(|| metadata.get("buildkit_metadata"))
}

fn buildkit_source(predicate: &Value, at: &[&str]) -> Option<String> {
    text(buildkit(member(predicate, at)?)?, &["vcs", "source"]).map(str::to_owned)
}

fn buildkit_revision(predicate: &Value, at: &[&str]) -> Option<String> {
    text(buildkit(member(predicate, at)?)?, &["vcs", "revision"]).map(str::to_owned)
}

fn digest_at(json: &Value, path: &[&str]) -> Option<String> {
    let digest = member(json, path)?;
    ["gitCommit", "sha1"].iter().find_map(|name| text(digest, &[name])).map(str::to_owned)
}

fn is_git(uri: &str) -> bool {
    uri.starts_with("git+") || uri.contains("github.com/") || uri.contains("gitlab.com/")
}

/// `987` of `https://github.com/owner/app/actions/runs/987/attempts/1`.
fn run_of(address: Option<&str>) -> Option<String> {
    let (_, rest) = address?.split_once("/actions/runs/")?;
    rest.split('/').next().filter(|run| !run.is_empty()).map(str::to_owned)
}

/// `refs/heads/main` of `git+https://github.com/owner/app@refs/heads/main`, or what follows `#`.
fn ref_of(uri: &str) -> Option<&str> {
    let (_, name) = uri.rsplit_once('@').or_else(|| uri.rsplit_once('#'))?;
    name.starts_with("refs/").then_some(name)
}

/// `owner/app` of `git+https://github.com/owner/app@refs/heads/main`.
pub(super) fn repository(uri: &str) -> String {
    let bare = uri.strip_prefix("git+").unwrap_or(uri);
    let bare = bare.split(['@', '#']).next().unwrap_or(bare);
    repository_path(bare.strip_suffix(".git").unwrap_or(bare))
}

fn repository_path(address: &str) -> String {
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    bare.strip_prefix("github.com/").unwrap_or(bare).to_owned()
}

/// `release.yml` of `.github/workflows/release.yml`.
fn last(path: &str) -> String {
    path.split('@').next().unwrap_or(path).rsplit('/').next().unwrap_or(path).to_owned()
}

/// A commit as people write it.
fn short(commit: &str) -> String {
    let is_hex = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { commit.chars().take(7).collect() } else { commit.to_owned() }
}

//! Names of images in words of a text: what says how an image is reached is taken off, and what is too weak is no name.

use crate::reference::Reference;

/// The prefixes of names by which tools say how the image is reached.
const SCHEMES: [&str; 15] = [
    "ostree-image-signed:docker://",
    "ostree-unverified-image:docker://",
    "ostree-unverified-registry:",
    "docker-pullable://",
    "docker://",
    "docker-daemon:",
    "docker-image://",
    "containers-storage:",
    "oci-archive:",
    "containerd://",
    "cri-o://",
    "oci://",
    "registry:",
    "remote:",
    "pkg:docker/",
];

/// The longest name with its tag and digest: a repository has 255 characters, a tag 128, a host 253.
const LONGEST: usize = 1024;

/// Ends of source files: `client.go:123` in a log is no image with a tag.
const SOURCES: [&str; 9] = [".go", ".rs", ".py", ".js", ".ts", ".java", ".c", ".rb", ".sh"];

/// Hosts whose pages are addressed like images but that hold none.
const NOT_REGISTRIES: [&str; 4] = ["github.com", "gitlab.com", "golang.org", "k8s.io"];

/// A word without its scheme, quotes and the punctuation of a sentence.
pub(super) fn bare(word: &str) -> &str {
    let edges = [
        '"', '\'', '`', ',', ';', '(', ')', '[', ']', '<', '>', '{', '}', '“', '”', '‘', '’', '，', '。', '：', '；',
        '\\',
    ];
    // Most words begin and end with a letter or a digit, and have no scheme.
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let word = if is_plain(word.as_bytes().first()) && is_plain(word.as_bytes().last()) {
        word
    } else {
        word.trim_matches(edges).trim_end_matches(['.', ':', '…'])
    };
    if !word.contains(':') {
        return word;
    }
    SCHEMES.iter().find_map(|scheme| word.strip_prefix(scheme)).unwrap_or(word)
}

/// The name in a word that stands where an image is named (`image: nginx`); `None` if it cannot be parsed.
pub(super) fn named(word: &str) -> Option<&str> {
    let name = bare(word);
    // Parsing in vain costs an error with the text in it.
    if name.len() > LONGEST || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/:@+[]".contains(&b)) {
        return None;
    }
    let reference = Reference::parse(name).ok()?;
    (reference.repository().is_some() && !name.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

/// The name in a word of any text: it is pinned, or has a registry's host and a tag.
pub(super) fn evident(word: &str) -> Option<&str> {
    if !word.contains('/') && !word.contains('@') {
        return None;
    }
    let name = bare(word);
    if name.contains("@sha256:") || name.contains("@sha512:") {
        return named(name).filter(|name| !name.split('@').next().is_some_and(is_version));
    }
    let (host, rest) = name.split_once('/')?;
    let is_host = host.contains('.') || host.contains(':') || host == "localhost";
    let (path, tag) = rest.rsplit_once(':')?;
    let is_source = SOURCES.iter().any(|end| path.ends_with(end)) || tag.contains('/');
    if !is_host || is_source || NOT_REGISTRIES.contains(&host) {
        return None;
    }
    named(name)
}

/// The name before a digest, `own` being that of the line or the lines around: a version or a tag alone belongs to it.
pub(super) fn beside_pin(before: &str, own: Option<&str>) -> Option<String> {
    let before = bare(before);
    if !is_version(before) && !before.is_empty() && (own.is_none() || before.contains(['/', ':'])) {
        return named(before).map(str::to_owned);
    }
    let own = own?;
    let untagged = own.rfind(':').filter(|at| !own[*at..].contains('/')).map_or(own, |at| &own[..at]);
    let name = if before.is_empty() { own.to_owned() } else { format!("{untagged}:{before}") };
    named(&name).map(str::to_owned)
}

/// True for `6.5.4`, `v1.2.3` and `latest`: before a digest, Flux writes what it fetched so, without the image.
pub(super) fn is_version(name: &str) -> bool {
    let number = name.strip_prefix('v').unwrap_or(name);
    name == "latest" || number.contains('.') && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The image of an address: a registry's own (`https://r.example/v2/a/manifests/v1`), or a page that shows it.
pub(super) fn of_address(url: &str) -> Option<String> {
    let url = url.trim();
    // Docker Hub's site is no registry: its pages are known without a scheme, too.
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let known = url.contains("://") || rest.starts_with("hub.docker.com/");
    if !known || !matches!(scheme, "http" | "https") || rest.contains(char::is_whitespace) {
        return None;
    }
    let rest = rest.split(['#']).next().unwrap_or(rest);
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = rest.split_once('/')?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let name = of_page(host, &parts, query).or_else(|| of_registry(host, &parts))?;
    named(&name).map(str::to_owned)
}

/// `/v2/NAME/manifests/REFERENCE` and its kin.
fn of_registry(host: &str, parts: &[&str]) -> Option<String> {
    let ["v2", name @ .., kind, reference] = parts else { return None };
    if name.is_empty() {
        return None;
    }
    let name = format!("{host}/{}", name.join("/"));
    match *kind {
        "manifests" if reference.contains(':') => Some(format!("{name}@{reference}")),
        "manifests" => Some(format!("{name}:{reference}")),
        "tags" if *reference == "list" => Some(name),
        "referrers" => Some(format!("{name}@{reference}")),
        _ => None,
    }
}

/// Pages of registries and hubs.
fn of_page(host: &str, parts: &[&str], query: &str) -> Option<String> {
    let tag = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    let with = |name: String, tag: Option<&str>| tag.map_or(name.clone(), |tag| format!("{name}:{tag}"));
    match (host, parts) {
        ("hub.docker.com", ["_", name, ..]) => Some(with((*name).to_owned(), tag("tag").or_else(|| tag("name")))),
        ("hub.docker.com", ["r" | "repository", rest @ ..]) => hub(rest).map(|name| with(name, tag("name"))),
        ("hub.docker.com", ["layers", owner, name, tag, ..]) => {
            let owner = if *owner == "library" { String::new() } else { format!("{owner}/") };
            Some(format!("{owner}{name}:{tag}"))
        }
        ("quay.io", ["repository", owner, name, "tag", tag, ..]) => Some(format!("quay.io/{owner}/{name}:{tag}")),
        ("quay.io", ["repository", owner, name, "manifest", digest, ..]) => {
            Some(format!("quay.io/{owner}/{name}@{digest}"))
        }
        ("quay.io", ["repository", owner, name, ..]) => Some(with(format!("quay.io/{owner}/{name}"), tag("tag"))),
        ("github.com", ["orgs" | "users", owner, "packages", "container", rest @ ..]) => ghcr(owner, rest, tag("tag")),
        ("github.com", [owner, _, "pkgs", "container", rest @ ..]) => ghcr(owner, rest, tag("tag")),
        ("gallery.ecr.aws", [owner, name @ ..]) if !name.is_empty() => {
            Some(format!("public.ecr.aws/{owner}/{}", name.join("/")))
        }
        ("mcr.microsoft.com", ["product" | "en-us", rest @ ..]) => {
            let rest: Vec<&str> =
                rest.iter().copied().filter(|part| !matches!(*part, "product" | "about" | "tags")).collect();
            (!rest.is_empty()).then(|| format!("mcr.microsoft.com/{}", rest.join("/")))
        }
        _ => None,
    }
}

/// `OWNER/NAME`, with `/tags` or an image's page behind it.
fn hub(parts: &[&str]) -> Option<String> {
    let parts = if parts.first() == Some(&"docker") { &parts[1..] } else { parts };
    match parts {
        ["library", name, ..] => Some((*name).to_owned()),
        [owner, name, ..] => Some(format!("{owner}/{name}")),
        _ => None,
    }
}

/// `[package/]NAME[/ID]` of GitHub's packages: a number is the version's own, no tag.
fn ghcr(owner: &str, parts: &[&str], tag: Option<&str>) -> Option<String> {
    let parts = if parts.first() == Some(&"package") { &parts[1..] } else { parts };
    let name = parts.first()?.replace("%2F", "/").replace("%2f", "/");
    let name = format!("ghcr.io/{}/{name}", owner.to_ascii_lowercase());
    Some(tag.map_or(name.clone(), |tag| format!("{name}:{tag}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_names_lose_what_says_how_they_are_reached() {
        for (word, name) in [
            ("docker-pullable://r.example/a/b@sha256:x", "r.example/a/b@sha256:x"),
            ("docker-daemon:a/b:v", "a/b:v"),
            ("\"r.example/a:v\",", "r.example/a:v"),
            ("r.example/a:v.", "r.example/a:v"),
        ] {
            assert_eq!(bare(word), name, "{word}");
        }
    }

    #[test]
    fn paste_only_what_is_evident_is_a_name_in_any_text() {
        assert_eq!(evident("r.example/a/b:v1"), Some("r.example/a/b:v1"));
        assert_eq!(evident("localhost:5000/a:v1"), Some("localhost:5000/a:v1"));
        for word in [
            "github.com/containerd/containerd/client.go:123",
            "r.example/pkg/x.go:12",
            "a/b",
            "node:1",
            "http://r.example:80/x",
        ] {
            assert_eq!(evident(word), None, "{word}");
        }
    }

    #[test]
    fn paste_addresses_name_images() {
        let hex = "a".repeat(64);
        for (url, name) in [
            ("https://hub.docker.com/_/nginx", "nginx"),
            ("https://hub.docker.com/r/grafana/grafana/tags?name=10.1", "grafana/grafana:10.1"),
            ("https://hub.docker.com/layers/library/nginx/1.25/images/sha256-x", "nginx:1.25"),
            ("https://quay.io/repository/a/b?tab=tags&tag=v1", "quay.io/a/b:v1"),
            ("https://github.com/Owner/repo/pkgs/container/app", "ghcr.io/owner/app"),
            ("https://github.com/orgs/o/packages/container/package/app%2Fweb?tag=v1", "ghcr.io/o/app/web:v1"),
            ("https://r.example/v2/a/b/manifests/v1", "r.example/a/b:v1"),
            (&format!("https://r.example/v2/a/manifests/sha256:{hex}"), &format!("r.example/a@sha256:{hex}")),
            ("https://gallery.ecr.aws/nginx/nginx", "public.ecr.aws/nginx/nginx"),
        ] {
            assert_eq!(of_address(url).as_deref(), Some(name), "{url}");
        }
        for url in
            ["https://example.com/", "https://hub.docker.com/", "ftp://r.example/v2/a/manifests/v1", "r.example/a"]
        {
            assert_eq!(of_address(url), None, "{url}");
        }
    }
}

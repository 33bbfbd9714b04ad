//! Policy, the hosts that are allowed without being asked for: public registries and their token services.

use crate::Host;

/// One allowed host and what of it may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostRule {
    /// A host name; `*.` at the start stands for one or more labels, `*` elsewhere for exactly one.
    pub pattern: &'static str,
    /// True if paths under `/v2/` are allowed.
    pub registry: bool,
    /// The one token path allowed, if the token service does not live under `/v2/`.
    pub token_path: Option<&'static str>,
}

/// The default list. Token paths are those that the registry's own `WWW-Authenticate` challenge names as its realm.
pub const DEFAULT_HOSTS: &[HostRule] = &[
    registry("registry-1.docker.io"),                     // Docker Hub; blobs by redirect
    token("auth.docker.io", "/token"),                    // Docker Hub's realm
    registry_with_token("ghcr.io", "/token"),             // GitHub; lscr.io sends its users to this realm too
    registry("lscr.io"),                                  // LinuxServer, a front of ghcr.io
    registry("quay.io"),                                  // realm quay.io/v2/auth
    registry("gcr.io"),                                   // realm gcr.io/v2/token
    registry("*.gcr.io"),                                 // us., eu., asia. and mirror.gcr.io
    registry("*.pkg.dev"),                                // Google Artifact Registry, realm /v2/token
    registry("registry.k8s.io"),                          // no token; redirects to *.pkg.dev and object stores
    registry_with_token("public.ecr.aws", "/token/"),     // Amazon ECR Public
    registry("mcr.microsoft.com"),                        // no token for public images
    registry_with_token("*.azurecr.io", "/oauth2/token"), // Azure Container Registry
    registry("registry.gitlab.com"),                      // GitLab
    token("gitlab.com", "/jwt/auth"),                     // GitLab's realm
    registry("registry.*.aliyuncs.com"),                  // Alibaba Cloud, by region
    registry("*.cr.aliyuncs.com"),                        // Alibaba Cloud, personal and enterprise instances
    token("dockerauth.*.aliyuncs.com", "/auth"),          // Alibaba Cloud's realm, by region
    token("dockerauth-ee.*.aliyuncs.com", "/auth"),       // the same for enterprise instances
    registry_with_token("cgr.dev", "/token"),             // Chainguard
    registry("registry.access.redhat.com"),               // no token
    registry_with_token("nvcr.io", "/proxy_auth"),        // NVIDIA
    registry("docker.elastic.co"),                        // Elastic
    token("docker-auth.elastic.co", "/auth"),             // Elastic's realm
    registry("codeberg.org"),                             // Forgejo, realm codeberg.org/v2/token
];

const fn registry(pattern: &'static str) -> HostRule {
    HostRule { pattern, registry: true, token_path: None }
}

const fn token(pattern: &'static str, path: &'static str) -> HostRule {
    HostRule { pattern, registry: false, token_path: Some(path) }
}

const fn registry_with_token(pattern: &'static str, path: &'static str) -> HostRule {
    HostRule { pattern, registry: true, token_path: Some(path) }
}

impl HostRule {
    pub(crate) fn matches(&self, host: &Host) -> bool {
        match host {
            Host::Name(name) => name_matches(self.pattern, name),
            Host::Address(_) => false,
        }
    }

    pub(crate) fn permits(&self, path: &str) -> bool {
        (self.registry && is_registry_path(path)) || self.token_path == Some(path)
    }
}

/// True if `path` belongs to the registry API (distribution spec: everything lives under `/v2/`).
pub(crate) fn is_registry_path(path: &str) -> bool {
    path.starts_with("/v2/")
}

/// True if a server may read `path` as the list of all repositories, with some of it percent-encoded or not.
pub(crate) fn is_catalog(path: &str) -> bool {
    const CATALOG: &[u8] = b"/v2/_catalog";
    let bytes = path.as_bytes();
    let (mut at, mut read) = (0, Vec::with_capacity(CATALOG.len()));
    while read.len() < CATALOG.len() && at < bytes.len() {
        let hex = path.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let encoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        read.push(encoded.unwrap_or(bytes[at]).to_ascii_lowercase());
        at += if encoded.is_some() { 3 } else { 1 };
    }
    read == CATALOG
}

fn name_matches(pattern: &str, name: &str) -> bool {
    if let Some(suffix) = pattern.strip_prefix("*.") {
        return name.strip_suffix(suffix).and_then(|head| head.strip_suffix('.')).is_some_and(|head| !head.is_empty());
    }
    let (mut wanted, mut given) = (pattern.split('.'), name.split('.'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(label), Some(other)) if label == "*" || label == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(host: &str, path: &str) -> bool {
        let host = Host::Name(host.to_owned());
        DEFAULT_HOSTS.iter().any(|rule| rule.matches(&host) && rule.permits(path))
    }

    #[test]
    fn public_registries_and_their_token_services_are_allowed() {
        for (host, path) in [
            ("registry-1.docker.io", "/v2/library/busybox/manifests/latest"),
            ("auth.docker.io", "/token"),
            ("ghcr.io", "/v2/"),
            ("ghcr.io", "/token"),
            ("quay.io", "/v2/auth"),
            ("gcr.io", "/v2/token"),
            ("us.gcr.io", "/v2/p/i/manifests/1"),
            ("europe-west1-docker.pkg.dev", "/v2/p/r/i/blobs/sha256:ab"),
            ("registry.k8s.io", "/v2/pause/manifests/3.9"),
            ("public.ecr.aws", "/token/"),
            ("mcr.microsoft.com", "/v2/dotnet/sdk/tags/list"),
            ("demo.azurecr.io", "/oauth2/token"),
            ("registry.gitlab.com", "/v2/"),
            ("gitlab.com", "/jwt/auth"),
            ("registry.cn-hangzhou.aliyuncs.com", "/v2/a/b/manifests/1"),
            ("crpi-x.cn-hangzhou.personal.cr.aliyuncs.com", "/v2/"),
            ("dockerauth.cn-hangzhou.aliyuncs.com", "/auth"),
            ("cgr.dev", "/token"),
            ("registry.access.redhat.com", "/v2/ubi9/manifests/latest"),
            ("nvcr.io", "/proxy_auth"),
            ("lscr.io", "/v2/linuxserver/x/manifests/latest"),
            ("docker.elastic.co", "/v2/"),
            ("docker-auth.elastic.co", "/auth"),
            ("codeberg.org", "/v2/token"),
        ] {
            assert!(allowed(host, path), "{host}{path}");
        }
    }

    #[test]
    fn nothing_else_of_them_is() {
        for (host, path) in [
            ("docker.io", "/v2/"),
            ("auth.docker.io", "/v2/"),
            ("auth.docker.io", "/token/x"),
            ("ghcr.io", "/"),
            ("ghcr.io", "/v2"),
            ("ghcr.io", "/v1/x"),
            ("ghcr.io", "/tokens"),
            ("gitlab.com", "/v2/"),
            ("gitlab.com", "/api/v4/user"),
            ("codeberg.org", "/user/login"),
            ("ghcr.io.evil.example", "/v2/"),
            ("evilghcr.io", "/v2/"),
            ("pkg.dev", "/v2/"),
            ("evilpkg.dev", "/v2/"),
            ("bucket.oss-cn-hangzhou.aliyuncs.com", "/v2/"),
            ("registry.a.b.aliyuncs.com", "/v2/"),
            ("dockerauth.cn-hangzhou.aliyuncs.com", "/v2/"),
        ] {
            assert!(!allowed(host, path), "{host}{path}");
        }
    }
}

//! The grammar of distribution/reference by hand, and Docker Hub's short forms.

mod reading;

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::digest::{Algorithm, Digest};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::say::{Said, Word, say};

pub use reading::{Reading, Written};

const HUB: &str = "docker.io";
const HUB_LEGACY: &str = "index.docker.io";
pub(crate) const HUB_ENDPOINT: &str = "registry-1.docker.io";
const HUB_FORMER: &str = "registry.hub.docker.com";
const OFFICIAL: &str = "library/";

/// True if a host is one of the names under which Docker Hub answers as a registry.
pub(crate) fn is_hub(host: &str) -> bool {
    [HUB, HUB_LEGACY, HUB_ENDPOINT, HUB_FORMER].contains(&host)
}

/// The registry and the repository that a reference names, with Docker Hub's short forms undone. The grammar is not
/// checked: two names are compared by the result, and a text that is no reference is equal to no other name.
pub(crate) fn place(text: &str) -> (&str, String) {
    let trimmed = text.trim();
    let text = trimmed.strip_prefix("docker://").unwrap_or(trimmed);
    let name = text.split_once('@').map_or(text, |(name, _)| name);
    let (registry, rest) = registry_of(name).unwrap_or((HUB, name));
    let path = rest.split_once(':').map_or(rest, |(path, _)| path);
    (registry, whole_path(registry, path))
}

/// `splitDockerDomain`: the first component is a registry only if it cannot be a part of a Docker Hub name.
fn registry_of(name: &str) -> Option<(&str, &str)> {
    let (first, rest) = name.split_once('/')?;
    if first == HUB_LEGACY || first == HUB {
        return Some((HUB, rest));
    }
    let is_host =
        first == "localhost" || first.contains(['.', ':', '[']) || first.bytes().any(|b| b.is_ascii_uppercase());
    is_host.then_some((first, rest))
}

/// The images of Docker Hub that have one name lie in `library/`.
fn whole_path(registry: &str, path: &str) -> String {
    let official = registry == HUB && !path.contains('/');
    if official { format!("{OFFICIAL}{path}") } else { path.to_owned() }
}

/// A parsed image reference, normalised as `docker pull` does it (distribution/reference, `ParseAnyReference`).
///
/// Either a registry with a repository, and a tag or a digest or both; or a digest alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    name: Option<Named>,
    tag: Option<String>,
    digest: Option<Digest>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Named {
    registry: String,
    repository: String,
}

impl Reference {
    /// Reads `[registry/]repository[:tag][@digest]`, or a digest alone (`sha256:…` or 64 hex characters).
    ///
    /// White space around it and a leading `docker://` (skopeo's way to write it) are dropped.
    ///
    /// # Errors
    /// `invalid-reference` with what is wrong and at which position, counted from 1.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let trimmed = text.trim();
        let text = trimmed.strip_prefix("docker://").unwrap_or(trimmed);
        check_characters(text)?;
        if let Some(digest) = bare_digest(text) {
            return Ok(Self { name: None, tag: None, digest: Some(digest) });
        }
        let (before, digest) = split_digest(text)?;
        let (registry, rest) = split_registry(text, before)?;
        let (path, tag) = split_tag(text, rest)?;
        check_repository(text, path)?;
        let repository = whole_path(registry, path);
        check_length(text, &repository)?;
        let name = Some(Named { registry: registry.to_owned(), repository });
        Ok(Self { name, tag: tag.map(str::to_owned), digest })
    }

    /// The registry as it is named, such as `docker.io` or `localhost:5000`; `None` for a digest alone.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.registry.as_str())
    }

    /// The repository in the registry, such as `library/busybox`; `None` for a digest alone.
    #[must_use]
    pub fn repository(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.repository.as_str())
    }

    /// The tag: the one written, or `latest` if neither tag nor digest was written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        match &self.tag {
            Some(tag) => Some(tag),
            None if self.digest.is_none() => Some("latest"),
            None => None,
        }
    }

    /// The digest, if one was written.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The host (and port) that answers for the registry over HTTP: for `docker.io` it has another name.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.registry().map(|registry| if is_hub(registry) { HUB_ENDPOINT } else { registry })
    }

    /// The shortest form that means the same: nothing is added that was not written (`foo`, `foo:1.2`).
    #[must_use]
    pub fn familiar(&self) -> String {
        let Some(name) = &self.name else { return self.canonical() };
        let mut suffix = self.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        if let Some(digest) = &self.digest {
            suffix.push_str(&format!("@{digest}"));
        }
        let full = format!("{}/{}", name.registry, name.repository);
        if name.registry != HUB {
            return full + &suffix;
        }
        let short = name.repository.strip_prefix(OFFICIAL).filter(|rest| !rest.contains('/'));
        short
            .into_iter()
            .chain([name.repository.as_str()])
            .map(|name| format!("{name}{suffix}"))
            .find(|short| Self::parse(short).as_ref() == Ok(self))
            .unwrap_or(full + &suffix)
    }

    /// The full form (`ParseDockerRef`): `:latest` if neither tag nor digest was written, and no tag beside a digest.
    #[must_use]
    pub fn canonical(&self) -> String {
        let version = match (&self.digest, self.tag()) {
            (Some(digest), _) => format!("@{digest}"),
            (None, Some(tag)) => format!(":{tag}"),
            (None, None) => String::new(),
        };
        match &self.name {
            Some(name) => format!("{}/{}{version}", name.registry, name.repository),
            None => version.trim_start_matches('@').to_owned(),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical())
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Reference", 6)?;
        fields.serialize_field("registry", &self.registry())?;
        fields.serialize_field("repository", &self.repository())?;
        fields.serialize_field("tag", &self.tag())?;
        fields.serialize_field("digest", &self.digest())?;
        fields.serialize_field("familiar", &self.familiar())?;
        fields.serialize_field("canonical", &self.canonical())?;
        fields.end()
    }
}

fn refuse(text: &str, why: Said) -> Error {
    let shown: String = text.chars().take(300).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    let shown = format!("{}{more}", shown.escape_debug());
    let said = say!("no-reference", "\"{text}\" is not an image reference: {why}", text = shown, why);
    Error::new(ErrorKind::InvalidReference, said)
}

/// The position, from 1, of a part of `text`: every part here is a slice of it.
fn position(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) + 1
}

/// Refuses characters that no reference contains, so that everything after this is printable ASCII and positions are
/// bytes.
fn check_characters(text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(refuse(text, say!("reference-empty", "nothing is written")));
    }
    if text.len() > limits::REFERENCE_LENGTH {
        let why = say!(
            "reference-too-long",
            "it is {bytes} bytes long, and at most {most} are read",
            bytes = text.len(),
            most = limits::REFERENCE_LENGTH
        );
        return Err(refuse(text, why));
    }
    if let Some((scheme, _)) = text.split_once("://") {
        return Err(refuse(
            text,
            say!("reference-with-scheme", "it starts with the URL scheme \"{scheme}://\": leave that out", scheme),
        ));
    }
    let odd = text.chars().enumerate().find(|(_, c)| !c.is_ascii_graphic());
    let Some((at, found)) = odd else { return Ok(()) };
    let command = ["docker ", "podman ", "nerdctl ", "crane ", "skopeo ", "crictl "];
    if found == ' ' && command.iter().any(|command| text.starts_with(command)) {
        return Err(refuse(text, say!("reference-with-command", "it starts with a command: give the image alone")));
    }
    let what = match found {
        found if found.is_whitespace() => Word("space", "white space"),
        found if found.is_control() => Word("control", "a control character"),
        _ => Word("not-ascii", "a character outside ASCII"),
    };
    Err(refuse(text, say!("reference-character", "there is {what} at position {position}", what, position = at + 1)))
}

/// `IdentifierRegexp` or a digest of an algorithm that can be computed; anything else may still be a name.
fn bare_digest(text: &str) -> Option<Digest> {
    if text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Digest::parse(&format!("sha256:{text}")).ok();
    }
    // The algorithm first: most texts are names, and a message about each would cost more than all the rest.
    let known = text.split_once(':').is_some_and(|(name, _)| Algorithm::from_name(name).is_some());
    known.then(|| Digest::parse(text).ok()).flatten()
}

fn split_digest(text: &str) -> Result<(&str, Option<Digest>), Error> {
    let Some((before, written)) = text.split_once('@') else { return Ok((text, None)) };
    if before.is_empty() {
        return Err(refuse(text, say!("no-name-before-at", "there is no name before the @")));
    }
    let at = position(text, written);
    if written.is_empty() {
        return Err(refuse(
            text,
            say!("no-digest-after-at", "there is no digest after the @ at position {position}", position = at - 1),
        ));
    }
    if let Some(second) = written.find('@') {
        return Err(refuse(
            text,
            say!("second-at", "there is a second @ at position {position}", position = at + second),
        ));
    }
    let digest = Digest::parse(written).map_err(|error| {
        refuse(text, say!("bad-digest", "at position {position}, {error}", position = at, error = error.said().clone()))
    })?;
    if digest.algorithm().is_none() {
        let known = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512].map(Algorithm::name).join(", ");
        let name = digest.algorithm_name();
        let why = say!(
            "digest-algorithm-not-known",
            "at position {position}, the digest's algorithm \"{name}\" is not one of {known}",
            position = at,
            name,
            known
        );
        return Err(refuse(text, why));
    }
    Ok((before, Some(digest)))
}

fn split_registry<'a>(text: &str, name: &'a str) -> Result<(&'a str, &'a str), Error> {
    if !name.contains('/') && name.starts_with('[') {
        return Err(refuse(text, say!("no-repository-after-registry", "there is no repository after the registry")));
    }
    let Some((registry, rest)) = registry_of(name) else { return Ok((HUB, name)) };
    if registry != HUB {
        check_registry(text, registry)?;
    }
    Ok((registry, rest))
}

/// `DomainRegexp`: a host name, an IPv4 address or an IPv6 address in brackets, with or without a port.
fn check_registry(text: &str, registry: &str) -> Result<(), Error> {
    let at = position(text, registry);
    let (host, port) = match registry.strip_prefix('[') {
        Some(rest) => {
            let Some((address, after)) = rest.split_once(']') else {
                return Err(refuse(
                    text,
                    say!("bracket-open", "the [ at position {position} is not closed", position = at),
                ));
            };
            check_ipv6(text, address)?;
            if !after.is_empty() && !after.starts_with(':') {
                let at = position(text, after);
                return Err(refuse(
                    text,
                    say!("only-port", "at position {position}, only a port may follow the address", position = at),
                ));
            }
            (None, after.strip_prefix(':'))
        }
        None if registry.matches(':').count() > 1 => {
            let why = say!(
                "registry-of-many-colons",
                "the registry \"{registry}\" has more than one colon: write an IPv6 address in [ ]",
                registry
            );
            return Err(refuse(text, why));
        }
        None => match registry.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(registry), None),
        },
    };
    if let Some(host) = host {
        check_host(text, host)?;
    }
    match port {
        Some(port) if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) => {
            let at = position(text, port);
            Err(refuse(
                text,
                say!(
                    "port-no-number",
                    "the port \"{port}\" at position {position} is not a number",
                    port,
                    position = at
                ),
            ))
        }
        _ => Ok(()),
    }
}

fn check_ipv6(text: &str, address: &str) -> Result<(), Error> {
    if let Some(zone) = address.find('%') {
        let at = position(text, address) + zone;
        return Err(refuse(
            text,
            say!(
                "ipv6-zone",
                "the IPv6 address has a zone at position {position}: a reference cannot name one",
                position = at
            ),
        ));
    }
    if address.is_empty() || !address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':') {
        let at = position(text, address);
        return Err(refuse(
            text,
            say!("no-ipv6", "\"{address}\" at position {position} is not an IPv6 address", address, position = at),
        ));
    }
    Ok(())
}

fn check_host(text: &str, host: &str) -> Result<(), Error> {
    for label in host.split('.') {
        let at = position(text, label);
        if label.is_empty() {
            return Err(refuse(
                text,
                say!(
                    "registry-empty-part",
                    "the registry \"{host}\" has an empty part at position {position}",
                    host,
                    position = at
                ),
            ));
        }
        if let Some(bad) = label.find(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let why = say!(
                "registry-character",
                "the registry \"{host}\" has {found} at position {position}",
                host,
                found = shown(label, bad),
                position = at + bad
            );
            return Err(refuse(text, why));
        }
        if label.starts_with('-') || label.ends_with('-') {
            let why = say!(
                "registry-hyphen",
                "the part \"{part}\" of the registry at position {position} starts or ends with a hyphen",
                part = label,
                position = at
            );
            return Err(refuse(text, why));
        }
    }
    Ok(())
}

fn split_tag<'a>(text: &str, rest: &'a str) -> Result<(&'a str, Option<&'a str>), Error> {
    let Some((path, tag)) = rest.split_once(':') else { return Ok((rest, None)) };
    let at = position(text, tag);
    if tag.is_empty() {
        return Err(refuse(
            text,
            say!("no-tag-after-colon", "there is no tag after the colon at position {position}", position = at - 1),
        ));
    }
    if let Some(slash) = tag.find('/') {
        let why = say!(
            "slash-after-tag",
            "there is a slash at position {position} after the tag: only the first part of a name can have a port",
            position = at + slash
        );
        return Err(refuse(text, why));
    }
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let bad = tag.bytes().enumerate().position(|(i, b)| !word(b) && (i == 0 || (b != b'.' && b != b'-')));
    if let Some(bad) = bad {
        let why = say!(
            "tag-character",
            "the tag has {found} at position {position}: it starts with a letter, digit or _, then . and - may follow",
            found = shown(tag, bad),
            position = at + bad
        );
        return Err(refuse(text, why));
    }
    if tag.len() > limits::TAG_LENGTH {
        let why = say!(
            "tag-too-long",
            "the tag has {have} characters, and at most {most} are allowed",
            have = tag.len(),
            most = limits::TAG_LENGTH
        );
        return Err(refuse(text, why));
    }
    Ok((path, Some(tag)))
}

/// `remote-name`: components of lower-case letters and digits, joined by `.`, `_`, `__` or hyphens.
fn check_repository(text: &str, path: &str) -> Result<(), Error> {
    if path.is_empty() {
        return Err(refuse(
            text,
            say!("no-repository", "there is no repository at position {position}", position = position(text, path)),
        ));
    }
    path.split('/').try_for_each(|component| check_component(text, path, component))
}

/// Counted without the registry, as distribution/reference counts since 0.6.
fn check_length(text: &str, repository: &str) -> Result<(), Error> {
    let (have, most) = (repository.len(), limits::NAME_LENGTH);
    if have <= most {
        return Ok(());
    }
    Err(refuse(
        text,
        say!("repository-too-long", "the repository has {have} characters, and at most {most} are allowed", have, most),
    ))
}

fn check_component(text: &str, path: &str, component: &str) -> Result<(), Error> {
    let at = position(text, component);
    if component.is_empty() {
        let last = position(text, path) + path.len() == at && path.len() > 1;
        let why = if last {
            say!("ends-with-slash", "it ends with a slash at position {position}", position = at - 1)
        } else {
            say!("empty-part", "an empty part between slashes stands at position {position}", position = at)
        };
        return Err(refuse(text, why));
    }
    if let Some(bad) = component.find(|c: char| c.is_ascii_uppercase()) {
        let why = say!(
            "repository-upper-case",
            "the repository has upper-case \"{found}\" at position {position}",
            found = &component[bad..=bad],
            position = at + bad
        );
        return Err(refuse(text, why));
    }
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if let Some(bad) = component.find(|c: char| !alphanumeric(c) && !matches!(c, '.' | '_' | '-')) {
        return Err(refuse(
            text,
            say!(
                "repository-character",
                "the repository has {found} at position {position}",
                found = shown(component, bad),
                position = at + bad
            ),
        ));
    }
    if !component.starts_with(alphanumeric) || !component.ends_with(alphanumeric) {
        let why = say!(
            "repository-separator-at-end",
            "the part \"{part}\" of the repository at position {position} starts or ends with a separator (. _ or -)",
            part = component,
            position = at
        );
        return Err(refuse(text, why));
    }
    let separators = component.split(alphanumeric).filter(|separator| !separator.is_empty());
    for separator in separators {
        if !matches!(separator, "." | "_" | "__") && separator.contains(['.', '_']) {
            let why = say!(
                "repository-separator",
                "the separator \"{separator}\" in the repository at position {position} is not one of . _ __ or hyphens",
                separator,
                position = position(text, separator)
            );
            return Err(refuse(text, why));
        }
    }
    Ok(())
}

fn shown(part: &str, at: usize) -> String {
    format!("\"{}\"", part[at..].chars().next().unwrap_or_default().escape_debug())
}

#[cfg(test)]
mod tests;

//! Line: text -> Reference. The grammar of distribution/reference by hand, and Docker Hub's short forms.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::digest::{Algorithm, Digest};
use crate::error::{Error, ErrorKind};
use crate::limits;

const HUB: &str = "docker.io";
const HUB_LEGACY: &str = "index.docker.io";
const HUB_ENDPOINT: &str = "registry-1.docker.io";
const OFFICIAL: &str = "library/";

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
        let official = registry == HUB && !path.contains('/');
        let repository = if official { format!("{OFFICIAL}{path}") } else { path.to_owned() };
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

    /// The tag: the one written, or `latest` where neither tag nor digest was written.
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
        self.registry().map(|registry| if registry == HUB { HUB_ENDPOINT } else { registry })
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

    /// The full form (`ParseDockerRef`): `:latest` where neither tag nor digest was written, and no tag beside a digest.
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

fn refuse(text: &str, why: impl fmt::Display) -> Error {
    let shown: String = text.chars().take(300).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    let message = format!("\"{}{more}\" is not an image reference: {why}", shown.escape_debug());
    Error::new(ErrorKind::InvalidReference, message)
}

/// The position, from 1, of a part of `text`: every part here is a slice of it.
fn position(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) + 1
}

/// What no reference contains, so that everything after this is printable ASCII and positions are bytes.
fn check_characters(text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(refuse(text, "nothing is written"));
    }
    if text.len() > limits::REFERENCE_LENGTH {
        let why = format_args!("it is {} bytes long, and at most {} are read", text.len(), limits::REFERENCE_LENGTH);
        return Err(refuse(text, why));
    }
    if let Some((scheme, _)) = text.split_once("://") {
        return Err(refuse(text, format_args!("it starts with the URL scheme \"{scheme}://\": leave that out")));
    }
    let odd = text.chars().enumerate().find(|(_, c)| !c.is_ascii_graphic());
    let Some((at, found)) = odd else { return Ok(()) };
    let command = ["docker ", "podman ", "nerdctl ", "crane ", "skopeo ", "crictl "];
    if found == ' ' && command.iter().any(|command| text.starts_with(command)) {
        return Err(refuse(text, "it starts with a command: give the image alone"));
    }
    let what = match found {
        found if found.is_whitespace() => "white space",
        found if found.is_control() => "a control character",
        _ => "a character outside ASCII",
    };
    Err(refuse(text, format_args!("there is {what} at position {}", at + 1)))
}

/// `IdentifierRegexp` or a digest of an algorithm that can be computed; anything else may still be a name.
fn bare_digest(text: &str) -> Option<Digest> {
    if text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Digest::parse(&format!("sha256:{text}")).ok();
    }
    Digest::parse(text).ok().filter(|digest| digest.algorithm().is_some())
}

fn split_digest(text: &str) -> Result<(&str, Option<Digest>), Error> {
    let Some((before, written)) = text.split_once('@') else { return Ok((text, None)) };
    if before.is_empty() {
        return Err(refuse(text, "there is no name before the @"));
    }
    let at = position(text, written);
    if written.is_empty() {
        return Err(refuse(text, format_args!("there is no digest after the @ at position {}", at - 1)));
    }
    if let Some(second) = written.find('@') {
        return Err(refuse(text, format_args!("there is a second @ at position {}", at + second)));
    }
    let digest = Digest::parse(written).map_err(|error| refuse(text, format_args!("at position {at}, {error}")))?;
    if digest.algorithm().is_none() {
        let known = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512].map(Algorithm::name).join(", ");
        let name = digest.algorithm_name();
        let why = format_args!("at position {at}, the digest's algorithm \"{name}\" is not one of {known}");
        return Err(refuse(text, why));
    }
    Ok((before, Some(digest)))
}

/// `splitDockerDomain`: the first component is a registry only if it cannot be a part of a Docker Hub name.
fn split_registry<'a>(text: &str, name: &'a str) -> Result<(&'a str, &'a str), Error> {
    let Some((first, rest)) = name.split_once('/') else {
        if name.starts_with('[') {
            return Err(refuse(text, "there is no repository after the registry"));
        }
        return Ok((HUB, name));
    };
    if first == HUB_LEGACY || first == HUB {
        return Ok((HUB, rest));
    }
    if first == "localhost" || first.contains(['.', ':', '[']) || first.bytes().any(|b| b.is_ascii_uppercase()) {
        check_registry(text, first)?;
        return Ok((first, rest));
    }
    Ok((HUB, name))
}

/// `DomainRegexp`: a host name, an IPv4 address or an IPv6 address in brackets, with or without a port.
fn check_registry(text: &str, registry: &str) -> Result<(), Error> {
    let at = position(text, registry);
    let (host, port) = match registry.strip_prefix('[') {
        Some(rest) => {
            let Some((address, after)) = rest.split_once(']') else {
                return Err(refuse(text, format_args!("the [ at position {at} is not closed")));
            };
            check_ipv6(text, address)?;
            if !after.is_empty() && !after.starts_with(':') {
                let at = position(text, after);
                return Err(refuse(text, format_args!("at position {at}, only a port may follow the address")));
            }
            (None, after.strip_prefix(':'))
        }
        None if registry.matches(':').count() > 1 => {
            let why = format_args!("the registry \"{registry}\" has more than one colon: write an IPv6 address in [ ]");
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
            Err(refuse(text, format_args!("the port \"{port}\" at position {at} is not a number")))
        }
        _ => Ok(()),
    }
}

fn check_ipv6(text: &str, address: &str) -> Result<(), Error> {
    if let Some(zone) = address.find('%') {
        let at = position(text, address) + zone;
        return Err(refuse(
            text,
            format_args!("the IPv6 address has a zone at position {at}: a reference cannot name one"),
        ));
    }
    if address.is_empty() || !address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':') {
        let at = position(text, address);
        return Err(refuse(text, format_args!("\"{address}\" at position {at} is not an IPv6 address")));
    }
    Ok(())
}

fn check_host(text: &str, host: &str) -> Result<(), Error> {
    for label in host.split('.') {
        let at = position(text, label);
        if label.is_empty() {
            return Err(refuse(text, format_args!("the registry \"{host}\" has an empty part at position {at}")));
        }
        if let Some(bad) = label.find(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let why = format_args!("the registry \"{host}\" has {} at position {}", shown(label, bad), at + bad);
            return Err(refuse(text, why));
        }
        if label.starts_with('-') || label.ends_with('-') {
            let why =
                format_args!("the part \"{label}\" of the registry at position {at} starts or ends with a hyphen");
            return Err(refuse(text, why));
        }
    }
    Ok(())
}

fn split_tag<'a>(text: &str, rest: &'a str) -> Result<(&'a str, Option<&'a str>), Error> {
    let Some((path, tag)) = rest.split_once(':') else { return Ok((rest, None)) };
    let at = position(text, tag);
    if tag.is_empty() {
        return Err(refuse(text, format_args!("there is no tag after the colon at position {}", at - 1)));
    }
    if let Some(slash) = tag.find('/') {
        let why = format_args!(
            "there is a slash at position {} after the tag: only the first part of a name can have a port",
            at + slash
        );
        return Err(refuse(text, why));
    }
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let bad = tag.bytes().enumerate().position(|(i, b)| !word(b) && (i == 0 || (b != b'.' && b != b'-')));
    if let Some(bad) = bad {
        let why = format_args!(
            "the tag has {} at position {}: it starts with a letter, digit or _, then . and - may follow",
            shown(tag, bad),
            at + bad
        );
        return Err(refuse(text, why));
    }
    if tag.len() > limits::TAG_LENGTH {
        let why = format_args!("the tag has {} characters, and at most {} are allowed", tag.len(), limits::TAG_LENGTH);
        return Err(refuse(text, why));
    }
    Ok((path, Some(tag)))
}

/// `remote-name`: components of lower-case letters and digits, joined by `.`, `_`, `__` or hyphens.
fn check_repository(text: &str, path: &str) -> Result<(), Error> {
    if path.is_empty() {
        return Err(refuse(text, format_args!("there is no repository at position {}", position(text, path))));
    }
    path.split('/').try_for_each(|component| check_component(text, path, component))
}

/// Counted without the registry, as distribution/reference counts since 0.6.
fn check_length(text: &str, repository: &str) -> Result<(), Error> {
    let (have, most) = (repository.len(), limits::NAME_LENGTH);
    if have <= most {
        return Ok(());
    }
    Err(refuse(text, format_args!("the repository has {have} characters, and at most {most} are allowed")))
}

fn check_component(text: &str, path: &str, component: &str) -> Result<(), Error> {
    let at = position(text, component);
    if component.is_empty() {
        let last = position(text, path) + path.len() == at && path.len() > 1;
        let why = if last { "it ends with a slash" } else { "an empty part between slashes stands" };
        return Err(refuse(text, format_args!("{why} at position {}", if last { at - 1 } else { at })));
    }
    if let Some(bad) = component.find(|c: char| c.is_ascii_uppercase()) {
        let why = format_args!("the repository has upper-case \"{}\" at position {}", &component[bad..=bad], at + bad);
        return Err(refuse(text, why));
    }
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if let Some(bad) = component.find(|c: char| !alphanumeric(c) && !matches!(c, '.' | '_' | '-')) {
        return Err(refuse(
            text,
            format_args!("the repository has {} at position {}", shown(component, bad), at + bad),
        ));
    }
    if !component.starts_with(alphanumeric) || !component.ends_with(alphanumeric) {
        let why = format_args!(
            "the part \"{component}\" of the repository at position {at} starts or ends with a separator (. _ or -)"
        );
        return Err(refuse(text, why));
    }
    let separators = component.split(alphanumeric).filter(|separator| !separator.is_empty());
    for separator in separators {
        if !matches!(separator, "." | "_" | "__") && separator.contains(['.', '_']) {
            let why = format_args!(
                "the separator \"{separator}\" in the repository at position {} is not one of . _ __ or hyphens",
                position(text, separator)
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

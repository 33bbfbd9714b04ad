//! Texts that people write instead of a reference: the command that pulls it, an address, a page about it.

use super::{HUB, HUB_FORMER, Reference};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::say::{Word, say};

/// The form of a reference that was not written alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// `docker pull x`, and the same of other tools.
    Command,
    /// `docker://x`, as skopeo writes it.
    DockerScheme,
    /// `oci://x`, as Helm writes it.
    OciScheme,
    /// `https://x`
    WebAddress,
    /// A page of Docker Hub about it.
    HubPage,
    /// A page of another registry's site about it.
    RegistryPage,
    /// Another name of Docker Hub.
    HubName,
}

impl Written {
    /// The stable kebab-case code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::DockerScheme => "docker-scheme",
            Self::OciScheme => "oci-scheme",
            Self::WebAddress => "web-address",
            Self::HubPage => "hub-page",
            Self::RegistryPage => "registry-page",
            Self::HubName => "hub-name",
        }
    }
}

/// A reference, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The reference that is meant.
    pub reference: Reference,
    /// Nothing if it was written as `docker pull` takes it.
    pub form: Option<Written>,
}

impl Reference {
    /// Reads a reference in any of the [forms](Written) in which people write one.
    ///
    /// # Errors
    /// `invalid-reference` with what is wrong.
    pub fn read(text: &str) -> Result<Reading, Error> {
        let text = text.trim();
        if text.len() > limits::REFERENCE_LENGTH {
            return plain(text, None);
        }
        if let Some(alone) = of_command(text) {
            let inner = Self::read_alone(alone)?;
            return Ok(Reading { form: Some(Written::Command), ..inner });
        }
        Self::read_alone(text)
    }

    fn read_alone(text: &str) -> Result<Reading, Error> {
        for (scheme, form) in [
            ("docker://", Written::DockerScheme),
            ("oci://", Written::OciScheme),
            ("https://", Written::WebAddress),
            ("http://", Written::WebAddress),
        ] {
            let Some(rest) = without_scheme(text, scheme) else { continue };
            if form != Written::WebAddress {
                return plain(rest, Some(form));
            }
            return match of_page(rest).or_else(|| of_site(rest)) {
                Some(found) => found.reading(text),
                None => plain(rest.trim_end_matches('/'), Some(form)).map_err(|_| no_image(text)),
            };
        }
        match of_page(text) {
            Some(found) => found.reading(text),
            None => plain(text, None),
        }
    }

    /// Reads what a registry can be asked for as it was written. A page, a chart's address and a name of Docker Hub under
    /// which `docker pull` finds something else are refused, with what to write.
    ///
    /// # Errors
    /// `invalid-reference` with what is wrong, or with what the text was read as.
    pub fn asked(text: &str) -> Result<Reading, Error> {
        let reading = Self::read(text)?;
        let what = match reading.form {
            None | Some(Written::Command | Written::DockerScheme | Written::WebAddress) => return Ok(reading),
            Some(Written::OciScheme) => Word("oci-scheme", "is written as Helm does, with oci:// before it"),
            Some(Written::HubPage) => Word("hub-page", "is a page of Docker Hub, not an image reference"),
            Some(Written::RegistryPage) => {
                Word("registry-page", "is a web page about an image, not an image reference")
            }
            Some(Written::HubName) => Word("hub-name", "names Docker Hub (docker.io) by an address of its own"),
        };
        let write = reading.reference.familiar();
        let said = say!("written-otherwise", "\"{text}\" {what}: write {write}", text = shown(text), what, write);
        Err(Error::new(ErrorKind::InvalidReference, said))
    }
}

fn plain(text: &str, form: Option<Written>) -> Result<Reading, Error> {
    let reference = Reference::parse(text)?;
    let Some(rest) = text.strip_prefix(HUB_FORMER).and_then(|rest| rest.strip_prefix('/')) else {
        return Ok(Reading { reference, form });
    };
    Ok(Reading { reference: Reference::parse(&format!("{HUB}/{rest}"))?, form: form.or(Some(Written::HubName)) })
}

fn without_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let start = text.get(..scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
}

/// The image of `docker pull [flags] IMAGE`; nothing for commands that take more than an image.
fn of_command(text: &str) -> Option<&str> {
    const TOOLS: [&str; 6] = ["docker", "podman", "nerdctl", "crane", "crictl", "buildah"];
    let mut words = text.split_whitespace().skip_while(|word| matches!(*word, "$" | "sudo")).peekable();
    words.next().filter(|word| TOOLS.contains(word))?;
    let _group = words.next_if_eq(&"image");
    words.next().filter(|word| *word == "pull")?;
    let mut image = None;
    while let Some(word) = words.next() {
        match word {
            "--platform" | "--authfile" | "--creds" => drop(words.next()),
            flag if flag.starts_with('-') => {}
            word if image.is_none() => image = Some(word),
            _ => return None,
        }
    }
    image
}

/// The subject of a page, if that can be told.
struct Page {
    form: Written,
    about: Option<String>,
}

impl Page {
    fn reading(self, text: &str) -> Result<Reading, Error> {
        let form = self.form;
        let reference = self.about.and_then(|about| Reference::parse(&about).ok());
        reference.map(|reference| Reading { reference, form: Some(form) }).ok_or_else(|| no_image(text))
    }
}

fn segments(text: &str) -> (&str, Vec<&str>) {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    (parts.next().unwrap_or_default(), parts.collect())
}

/// Docker Hub's site, which is no registry: its pages are known without `https://`, too.
fn of_page(text: &str) -> Option<Page> {
    let (host, path) = segments(text);
    if !host.eq_ignore_ascii_case("hub.docker.com") {
        return None;
    }
    let about = match path[..] {
        ["_", name, ..] => Some(name.to_owned()),
        ["r" | "layers", owner, name, ..] | ["repository", "docker", owner, name, ..] => {
            Some(format!("{owner}/{name}"))
        }
        _ => None,
    };
    Some(Page { form: Written::HubPage, about })
}

/// Sites about images that have another host, or other paths, than the registry.
fn of_site(text: &str) -> Option<Page> {
    let (host, path) = segments(text);
    let about = match (host.to_ascii_lowercase().as_str(), &path[..]) {
        ("quay.io", ["repository", owner, name, ..]) => Some(format!("quay.io/{owner}/{name}")),
        ("gallery.ecr.aws", [owner, name, ..]) => Some(format!("public.ecr.aws/{owner}/{name}")),
        ("github.com", ["users" | "orgs", owner, "packages", "container", "package", name, ..])
        | ("github.com", ["users" | "orgs", owner, "packages", "container", name, ..])
        | ("github.com", [owner, _, "pkgs", "container", name, ..]) => {
            Some(format!("ghcr.io/{owner}/{name}").to_ascii_lowercase().replace("%2f", "/"))
        }
        ("github.com" | "gitlab.com" | "gallery.ecr.aws", _) => None,
        _ => return None,
    };
    Some(Page { form: Written::RegistryPage, about })
}

fn no_image(text: &str) -> Error {
    let said = say!(
        "page-names-no-image",
        "\"{text}\" is the URL of a web page that names no image here: write the image, such as nginx or \
         ghcr.io/owner/name:tag",
        text = shown(text)
    );
    Error::new(ErrorKind::InvalidReference, said)
}

fn shown(text: &str) -> String {
    text.trim().chars().take(300).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<Written>) {
        let reading = Reference::read(text).unwrap_or_else(|error| panic!("{error}"));
        (reading.reference.canonical(), reading.form)
    }

    #[test]
    fn what_people_write_is_read_and_said_as_what() {
        for (text, canonical, form) in [
            ("nginx", "docker.io/library/nginx:latest", None),
            (" docker://quay.io/a/b:1 ", "quay.io/a/b:1", Some(Written::DockerScheme)),
            ("oci://ghcr.io/ann/charts/app:1.2.3", "ghcr.io/ann/charts/app:1.2.3", Some(Written::OciScheme)),
            ("docker pull nginx:1", "docker.io/library/nginx:1", Some(Written::Command)),
            (
                "$ sudo docker image pull --quiet --platform linux/arm64 ghcr.io/o/a",
                "ghcr.io/o/a:latest",
                Some(Written::Command),
            ),
            ("podman pull docker://nginx", "docker.io/library/nginx:latest", Some(Written::Command)),
            ("HTTPS://ghcr.io/o/app:1.2/", "ghcr.io/o/app:1.2", Some(Written::WebAddress)),
            ("https://hub.docker.com/_/nginx?tab=tags", "docker.io/library/nginx:latest", Some(Written::HubPage)),
            ("hub.docker.com/r/grafana/loki/tags", "docker.io/grafana/loki:latest", Some(Written::HubPage)),
            ("https://hub.docker.com/repository/docker/a/b/general", "docker.io/a/b:latest", Some(Written::HubPage)),
            ("registry.hub.docker.com/library/node:22", "docker.io/library/node:22", Some(Written::HubName)),
            ("registry.hub.docker.com/node", "docker.io/library/node:latest", Some(Written::HubName)),
            ("https://quay.io/repository/a/b?tab=tags", "quay.io/a/b:latest", Some(Written::RegistryPage)),
            (
                "https://gallery.ecr.aws/docker/library",
                "public.ecr.aws/docker/library:latest",
                Some(Written::RegistryPage),
            ),
            (
                "https://github.com/users/Ann/packages/container/package/x%2Fapp",
                "ghcr.io/ann/x/app:latest",
                Some(Written::RegistryPage),
            ),
            ("https://github.com/Ann/repo/pkgs/container/app", "ghcr.io/ann/app:latest", Some(Written::RegistryPage)),
        ] {
            assert_eq!(read(text), (canonical.to_owned(), form), "{text}");
        }
    }

    #[test]
    fn what_names_no_image_is_refused() {
        for text in [
            "docker pull",
            "docker run nginx",
            "docker pull a b",
            "https://github.com/ann/repo",
            "https://hub.docker.com/u/ann",
            "https://hub.docker.com",
            "oci://",
            "https://",
            "ftp://ghcr.io/a",
            "docker pull docker pull x",
        ] {
            assert_eq!(Reference::read(text).unwrap_err().code(), "invalid-reference", "{text}");
        }
        assert!(Reference::read(&format!("docker pull {}", "x".repeat(1 << 20))).is_err());
    }

    #[test]
    fn a_registry_is_asked_for_what_it_has_and_a_page_is_named() {
        for text in ["nginx", "docker pull nginx", "docker://nginx", "https://ghcr.io/o/app:1"] {
            assert!(Reference::asked(text).is_ok(), "{text}");
        }
        for (text, advice) in [
            ("hub.docker.com/r/grafana/loki", "a page of Docker Hub, not an image reference: write grafana/loki"),
            ("oci://ghcr.io/a/b:1", "with oci:// before it: write ghcr.io/a/b:1"),
            (
                "registry.hub.docker.com/library/node:22",
                "names Docker Hub (docker.io) by an address of its own: write node:22",
            ),
            ("https://quay.io/repository/a/b", "a web page about an image, not an image reference: write quay.io/a/b"),
        ] {
            let error = Reference::asked(text).unwrap_err();
            assert!(error.to_string().ends_with(advice), "{error}");
        }
    }

    #[test]
    fn every_name_of_docker_hub_is_one_registry() {
        for host in ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"] {
            let reference = Reference::parse(&format!("{host}/library/nginx")).unwrap();
            assert_eq!(reference.endpoint(), Some("registry-1.docker.io"), "{host}");
            assert!(crate::registry::Name::of(&reference).unwrap().counts_pulls(), "{host}");
        }
    }
}

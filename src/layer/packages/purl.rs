//! Package URLs: `pkg:deb/debian/bash@5.2.15-2?arch=amd64&distro=debian-12`.

use std::fmt::Write;

use super::Package;
use super::fields::cut;

/// The content of `os-release`.
#[derive(Default)]
pub(super) struct Distro {
    id: Option<String>,
    version: Option<String>,
}

impl Distro {
    /// The last file that has an id counts, which is that of the highest layer.
    pub(super) fn read(&mut self, content: &[u8]) {
        let text = String::from_utf8_lossy(content);
        let value = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
            Some(cut(line.trim().trim_matches(['"', '\''])))
        };
        if let Some(id) = value("ID") {
            (self.id, self.version) = (Some(id), value("VERSION_ID"));
        }
    }
}

/// The package URL of a package.
pub(super) fn of(package: &Package, distro: &Distro) -> String {
    let Package { kind, name, arch, .. } = package;
    // rpm's epoch stands among the qualifiers.
    let (epoch, version) = match package.version.split_once(':') {
        Some((epoch, version)) if kind == "rpm" => (Some(epoch), version),
        _ => (None, package.version.as_str()),
    };
    let space = match kind.as_str() {
        "deb" => distro.id.as_deref().unwrap_or("debian"),
        "apk" => distro.id.as_deref().unwrap_or("alpine"),
        "rpm" => distro.id.as_deref().unwrap_or("rpm"),
        _ => "",
    };
    let mut url = format!("pkg:{kind}/");
    if !space.is_empty() {
        let _ = write!(url, "{}/", escaped(&space.to_lowercase()));
    }
    match kind.as_str() {
        "npm" => match name.split_once('/') {
            Some((scope, own)) => {
                let _ = write!(url, "{}/{}", escaped(scope), escaped(own));
            }
            None => url.push_str(&escaped(name)),
        },
        // Each element of a module's path is one of the URL.
        "golang" => {
            let parts: Vec<String> = name.split('/').map(escaped).collect();
            url.push_str(&parts.join("/"));
        }
        "pypi" => url.push_str(&escaped(&name.to_lowercase().replace('_', "-"))),
        _ => url.push_str(&escaped(name)),
    }
    let _ = write!(url, "@{}", escaped(version));
    let id = distro.id.as_deref().zip(distro.version.as_deref()).filter(|_| !space.is_empty());
    let parts = [
        arch.as_deref().map(|arch| format!("arch={}", escaped(arch))),
        epoch.map(|epoch| format!("epoch={}", escaped(epoch))),
        id.map(|(id, version)| format!("distro={}", escaped(&format!("{id}-{version}")))),
    ];
    for (sign, part) in ["?", "&", "&"].iter().zip(parts.into_iter().flatten()) {
        let _ = write!(url, "{sign}{part}");
    }
    url
}

/// Percent-encoded but for letters, digits and `.-_~:` as package URLs want it.
fn escaped(text: &str) -> String {
    let mut url = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

//! `/var/lib/dpkg/status`, and what Debian's copyright files say in their machine-readable form.

use super::Package;
use super::fields::{blocks, cut, field};

/// The packages that are installed; none if no block is one.
pub(super) fn read(content: &[u8]) -> Option<Vec<Package>> {
    let (mut found, mut any) = (Vec::new(), content.iter().all(u8::is_ascii_whitespace));
    for block in blocks(content) {
        let (Some(name), Some(version)) = (field(&block, "Package"), field(&block, "Version")) else {
            // A package that was never installed has no version.
            any |= field(&block, "Package").is_some();
            continue;
        };
        any = true;
        // The last word is the state: these two leave no files but settings. Distroless writes none.
        let is_installed = field(&block, "Status")
            .is_none_or(|status| !matches!(status.rsplit(' ').next(), Some("not-installed" | "config-files")));
        if is_installed {
            found.push(Package {
                kind: "deb".to_owned(),
                name: cut(name),
                version: cut(version),
                arch: field(&block, "Architecture").map(cut),
                // In kibibytes.
                size: field(&block, "Installed-Size").and_then(|size| size.parse::<u64>().ok()?.checked_mul(1024)),
                ..Package::default()
            });
        }
    }
    any.then_some(found)
}

/// The short names of all licences, in their order; none if the file is a plain text.
pub(super) fn licences(content: &[u8]) -> Option<String> {
    let mut found: Vec<&str> = Vec::new();
    let mut is_formal = false;
    for block in blocks(content) {
        is_formal |= field(&block, "Format").is_some() || field(&block, "Format-Specification").is_some();
        if !is_formal {
            return None;
        }
        for (_, value) in block.iter().filter(|(name, value)| name.eq_ignore_ascii_case("License") && !value.is_empty())
        {
            if !found.contains(value) && found.len() < 20 {
                found.push(value);
            }
        }
    }
    (!found.is_empty()).then(|| cut(&found.join(" AND ")))
}

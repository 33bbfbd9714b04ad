//! Line: Document -> Image. Platforms as people write them, and which image of several is meant.

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::document::Index;
use crate::error::{Error, ErrorKind};
use crate::platform::Platform;
use crate::report::{Node, NodeKind};

use super::nodes::promised;
use super::tree::Branch;

/// What is chosen where nobody asked for a platform and the index has it: what most readers run.
const USUAL: &str = "linux/amd64";

/// Reads `os/architecture[/variant]`, as `docker pull --platform` takes it.
///
/// # Errors
/// `invalid-platform` where there are not two or three parts, or one is empty.
pub fn parse_platform(text: &str) -> Result<Platform, Error> {
    let parts: Vec<&str> = text.trim().split('/').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.is_empty()) {
        let shown: String = text.chars().take(80).collect();
        return Err(Error::new(
            ErrorKind::InvalidPlatform,
            format!("\"{}\" is not a platform: write os/architecture or os/architecture/variant", shown.escape_debug()),
        ));
    }
    Ok(Platform {
        os: parts[0].to_ascii_lowercase(),
        architecture: architecture(parts[1]).to_owned(),
        variant: parts.get(2).map(|variant| (*variant).to_ascii_lowercase()),
        ..Platform::default()
    })
}

/// `linux/arm64/v8`
pub(crate) fn show(platform: &Platform) -> String {
    let mut text = format!("{}/{}", platform.os, platform.architecture);
    for more in [&platform.variant, &platform.os_version].into_iter().flatten() {
        text.push('/');
        text.push_str(more);
    }
    text
}

/// The entry for the platform asked for, else for the usual one, else the first that is an image.
pub(crate) fn choose(index: &Index, wanted: Option<&Platform>) -> Option<usize> {
    let position = |wanted: &Platform| {
        index.manifests.iter().position(|entry| entry.platform.as_ref().is_some_and(|platform| fits(wanted, platform)))
    };
    if let Some(wanted) = wanted {
        return position(wanted);
    }
    let usual = parse_platform(USUAL).ok().and_then(|usual| position(&usual));
    usual.or_else(|| index.manifests.iter().position(|entry| promised(entry) == NodeKind::Manifest))
}

/// Marks the manifest that is meant, and says so where the platform asked for is not there.
pub(crate) fn mark_chosen(roots: &mut [Branch], wanted: Option<&Platform>) {
    let usual = parse_platform(USUAL).ok();
    let found = wanted.is_some_and(|wanted| mark(roots, &|node| runs_on(node, wanted)));
    if found {
        return;
    }
    if let (Some(wanted), Some(root)) = (wanted, roots.first_mut()) {
        let have = platforms(root).join(", ");
        let message = format!("there is no image for {} here", show(wanted));
        root.node.checks.push(Check::new(CheckId::Platform, Outcome::Fail, message).values(
            show(wanted),
            have,
            Source::User,
        ));
        return;
    }
    let _marked = usual.is_some_and(|usual| mark(roots, &|node| runs_on(node, &usual))) || mark(roots, &|_| true);
}

fn mark(branches: &mut [Branch], fits: &dyn Fn(&Node) -> bool) -> bool {
    branches.iter_mut().any(|branch| {
        let here = branch.node.kind == NodeKind::Manifest && fits(&branch.node);
        branch.node.facts.chosen |= here;
        here || mark(&mut branch.children, fits)
    })
}

fn runs_on(node: &Node, wanted: &Platform) -> bool {
    node.platform.as_ref().is_some_and(|platform| fits(wanted, platform))
}

fn platforms(branch: &Branch) -> Vec<String> {
    let own = branch.node.platform.iter().filter(|_| branch.node.kind == NodeKind::Manifest).map(show);
    own.chain(branch.children.iter().flat_map(platforms)).take(40).collect()
}

/// Whether an entry is what was asked for; a variant that one side leaves out counts as the architecture's default.
fn fits(wanted: &Platform, entry: &Platform) -> bool {
    let variant = |platform: &Platform| match (platform.variant.as_deref(), platform.architecture.as_str()) {
        (Some(variant), _) => Some(variant.to_owned()),
        (None, "arm64") => Some("v8".to_owned()),
        (None, "arm") => Some("v7".to_owned()),
        (None, _) => None,
    };
    wanted.os == entry.os && wanted.architecture == entry.architecture && variant(wanted) == variant(entry)
}

/// The names that `uname -m` and Debian use, as Go has them.
fn architecture(text: &str) -> &str {
    match text {
        "x86_64" | "x86-64" => "amd64",
        "aarch64" => "arm64",
        "i386" | "i686" => "386",
        "armhf" => "arm",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn platform(text: &str) -> Platform {
        parse_platform(text).unwrap()
    }

    #[test]
    fn what_people_write() {
        assert_eq!(show(&platform("linux/arm64/v8")), "linux/arm64/v8");
        assert_eq!(show(&platform(" Linux/x86_64 ")), "linux/amd64");
        for bad in ["", "linux", "linux/", "a/b/c/d"] {
            let error = parse_platform(bad).unwrap_err();
            assert_eq!(error.code(), "invalid-platform");
        }
        let message = parse_platform("linux").unwrap_err().to_string();
        assert_eq!(message, "\"linux\" is not a platform: write os/architecture or os/architecture/variant");
    }

    #[test]
    fn a_left_out_variant_is_the_default_one() {
        assert!(fits(&platform("linux/arm64"), &platform("linux/arm64/v8")));
        assert!(fits(&platform("linux/arm/v7"), &platform("linux/arm")));
        assert!(!fits(&platform("linux/arm/v6"), &platform("linux/arm")));
        assert!(!fits(&platform("linux/amd64"), &platform("windows/amd64")));
    }
}

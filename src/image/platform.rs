//! Chooses the image that is meant among several.

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::document::Index;
use crate::platform::Platform;
use crate::report::{Node, NodeKind};
use crate::say::say;

use super::nodes::promised;
use super::tree::Branch;

/// The platform that is chosen by default if the index has it: the one that most readers run.
const USUAL: &str = "linux/amd64";

/// The entry for the platform asked for, else for the usual one, else the first that is an image.
pub(crate) fn choose(index: &Index, wanted: Option<&Platform>) -> Option<usize> {
    let entries = |fitting: &dyn Fn(&Platform) -> bool| {
        index.manifests.iter().position(|entry| entry.platform.as_ref().is_some_and(fitting))
    };
    let position = |wanted: &Platform| {
        entries(&|entry| runs_plainly(wanted, entry)).or_else(|| entries(&|entry| wanted.fits(entry)))
    };
    if let Some(wanted) = wanted {
        return position(wanted);
    }
    let usual = Platform::parse(USUAL).ok().and_then(|usual| position(&usual));
    usual.or_else(|| index.manifests.iter().position(|entry| promised(entry) == NodeKind::Manifest))
}

/// Marks the manifest that is meant, and says so if the platform asked for is not there.
pub(crate) fn mark_chosen(roots: &mut [Branch], wanted: Option<&Platform>) {
    let usual = Platform::parse(USUAL).ok();
    let found = wanted.is_some_and(|wanted| mark_for(roots, wanted));
    if found {
        return;
    }
    if let (Some(wanted), Some(root)) = (wanted, roots.first_mut()) {
        let have = platforms(root).join(", ");
        let message =
            say!("no-image-for-platform", "there is no image for {platform} here", platform = wanted.to_string());
        root.node.checks.push(Check::new(CheckId::Platform, Outcome::Fail, message).values(
            wanted.to_string(),
            have,
            Source::User,
        ));
        return;
    }
    let _marked = usual.is_some_and(|usual| mark_for(roots, &usual)) || mark(roots, &|_| true);
}

fn mark(branches: &mut [Branch], fits: &dyn Fn(&Node) -> bool) -> bool {
    branches.iter_mut().any(|branch| {
        let here = branch.node.kind == NodeKind::Manifest && fits(&branch.node);
        branch.node.facts.chosen |= here;
        here || mark(&mut branch.children, fits)
    })
}

/// Marks the one that wants no features of the operating system beyond those asked for; else one that does.
fn mark_for(roots: &mut [Branch], wanted: &Platform) -> bool {
    let runs = |node: &Node, fits: fn(&Platform, &Platform) -> bool| {
        node.platform.as_ref().is_some_and(|platform| fits(wanted, platform))
    };
    mark(roots, &|node| runs(node, runs_plainly)) || mark(roots, &|node| runs(node, Platform::fits))
}

fn platforms(branch: &Branch) -> Vec<String> {
    let own = branch.node.platform.iter().filter(|_| branch.node.kind == NodeKind::Manifest).map(ToString::to_string);
    own.chain(branch.children.iter().flat_map(platforms)).take(40).collect()
}

/// True if an entry is the wanted one and requires no more features: `os.features` are mandatory ones (image-spec,
/// image index). A lazily loaded image beside the plain one of the same platform differs in nothing else.
fn runs_plainly(wanted: &Platform, entry: &Platform) -> bool {
    wanted.fits(entry) && entry.os_features.iter().all(|feature| wanted.os_features.contains(feature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn platform(text: &str) -> Platform {
        Platform::parse(text).unwrap()
    }

    #[test]
    fn an_entry_that_wants_no_features_comes_first_and_one_that_does_is_better_than_none() {
        let entry = |features: &[&str]| Platform {
            os_features: features.iter().map(|one| (*one).to_owned()).collect(),
            ..platform("linux/amd64")
        };
        let branch = |features: &[&str]| {
            let mut node = Node::new("", NodeKind::Manifest);
            node.platform = Some(entry(features));
            Branch::from(node)
        };
        let chosen = |mut roots: Vec<Branch>, wanted: Option<&Platform>| {
            mark_chosen(&mut roots, wanted);
            roots.iter().position(|root| root.node.facts.chosen)
        };
        let nydus = "nydus.remoteimage.v1";
        for wanted in [None, Some(platform("linux/amd64"))] {
            assert_eq!(chosen(vec![branch(&[nydus]), branch(&[])], wanted.as_ref()), Some(1));
            assert_eq!(chosen(vec![branch(&[]), branch(&[nydus])], wanted.as_ref()), Some(0));
            assert_eq!(chosen(vec![branch(&["win32k"])], wanted.as_ref()), Some(0));
        }
        assert!(runs_plainly(&entry(&[nydus]), &entry(&[nydus])));
    }
}

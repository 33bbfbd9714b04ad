//! Tells text with digests in it more closely: the output of a command, known by the beginnings of some of its lines.

use crate::limits;
use crate::paste::note::Say;

/// One kind: each of the groups must have a beginning that a line has.
struct Kind {
    say: Say,
    signs: &'static [&'static [&'static str]],
}

const KINDS: [Kind; 15] = [
    Kind {
        say: Say("kubectl-describe", "This is what kubectl describe prints."),
        signs: &[&["Container ID:"], &["Image ID:"]],
    },
    Kind {
        say: Say("imagetools-inspect", "This is what docker buildx imagetools inspect or regctl manifest get prints."),
        signs: &[&["Name:"], &["MediaType:"], &["Digest:"]],
    },
    Kind {
        say: Say("build-output", "This is what a build prints."),
        signs: &[&[
            "exporting manifest",
            "exporting config",
            "resolve ",
            "extracting ",
            "Successfully built",
            "---> ",
            "*** Images (",
        ]],
    },
    Kind {
        say: Say("cosign-tree", "This is what cosign tree prints: the signatures and attestations of an image."),
        signs: &[&["📦 "], &["└── ", "├── "]],
    },
    Kind {
        say: Say("oras-discover-tree", "This is what oras discover prints: the referrers of a manifest."),
        signs: &[&["├── application/", "└── application/"]],
    },
    Kind {
        say: Say("helm-output", "This is what helm pull or helm push prints."),
        signs: &[&["Pulled: ", "Pushed: "], &["Digest: "]],
    },
    Kind {
        say: Say("oras-output", "This is what oras prints about a transfer."),
        signs: &[&["Pushed [registry]", "Pulled [registry]", "Attached to [registry]", "Copied [registry]"]],
    },
    Kind {
        say: Say("crictl-inspect-text", "This is what crictl images -v prints."),
        signs: &[&["RepoTags:"], &["RepoDigests:"]],
    },
    Kind {
        say: Say("build-push-output", "This is what a program prints that builds and pushes images."),
        signs: &[&[
            "Pushing image to ",
            "Pushed ",
            "Published ",
            "Built and pushed image as ",
            "pushed blob: ",
            "existing blob: ",
        ]],
    },
    Kind {
        say: Say("sums", "These are sums of files."),
        signs: &[&["SHA256 (", "SHA256(", "SHA2-256(", "SHA256 hash of ", "SHA256  "]],
    },
    Kind {
        say: Say("argocd-app", "This is what argocd app get prints."),
        signs: &[&["Sync Status:"], &["Health Status:"]],
    },
    Kind {
        say: Say("oc-image-info", "This is what oc image info prints."),
        signs: &[&["Image Size:"], &["Layers:"], &["Digest:"]],
    },
    Kind {
        say: Say("ecr-describe-images", "This is the answer of aws ecr describe-images."),
        signs: &[&["IMAGEDETAILS", "DescribeImages"]],
    },
    Kind {
        say: Say("ecr-list-images", "This is the answer of aws ecr list-images."),
        signs: &[&["IMAGEIDS", "ListImages"]],
    },
    Kind {
        say: Say("kubernetes-events", "These are events of Kubernetes."),
        signs: &[&["Normal ", "Warning "], &["Type "]],
    },
];

/// The first kind whose signs are all there. The prefixes that tools put before their lines are passed over: `#12 `,
/// `[INFO] `, a time.
pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Say> {
    let mut seen = [0_u8; KINDS.len()];
    for line in lines.take(limits::PASTE_KIND_LINES) {
        // A log of a pipeline has a time before the step of a build.
        let bare = past_marks(past_marks(line));
        for (kind, seen) in KINDS.iter().zip(&mut seen) {
            for (at, group) in kind.signs.iter().enumerate() {
                let has = group.iter().any(|sign| line.starts_with(sign) || bare.starts_with(sign));
                *seen |= u8::from(has) << at;
            }
        }
    }
    let whole = |(kind, seen): &(&Kind, u8)| *seen == (1 << kind.signs.len()) - 1;
    KINDS.iter().zip(seen).find(whole).map(|(kind, _)| kind.say)
}

fn past_marks(line: &str) -> &str {
    let line = line.trim_start_matches(['|', ' ', '\t']);
    let word = line.split(' ').next().unwrap_or_default();
    let is_step = word.strip_prefix('#').is_some_and(|step| step.bytes().all(|b| b.is_ascii_digit()));
    let is_level = ["[INFO]", "INFO", "=>"].contains(&word) || word.starts_with("INFO[");
    let is_time = word.len() >= 10 && word.bytes().all(|b| b.is_ascii_digit() || b"-/:.TZ+".contains(&b));
    if !(is_step || is_level || is_time) {
        return line;
    }
    let rest = line[word.len()..].trim_start();
    // A date and a time are two words.
    let next = rest.split(' ').next().unwrap_or_default();
    let is_time = is_time && next.len() >= 8 && next.bytes().all(|b| b.is_ascii_digit() || b":.Z+".contains(&b));
    if is_time { rest[next.len()..].trim_start() } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_text_is_named_by_how_its_lines_begin() {
        for (text, kind) in [
            ("    Container ID:  x\n    Image ID:  y\n", "kubectl-describe"),
            ("#12 exporting manifest sha256:x done\n", "build-output"),
            ("2024-03-02T10:11:12.12Z #12 exporting manifest sha256:x done\n", "build-output"),
            ("Pulled: a/b:1\nDigest: x\n", "helm-output"),
            ("INFO[0012] Pushed a/b@x\n", "build-push-output"),
            ("2024/03/02 10:11:12 Published a/b@x\n", "build-push-output"),
            ("SHA256 (a) = x\n", "sums"),
        ] {
            assert_eq!(of(text.lines()).map(|say| say.0), Some(kind), "{text}");
        }
        assert_eq!(of("Name: a\nDigest: b\n".lines()), None);
    }
}

//! Line: paste -> bytes. Tables of images: docker, podman, nerdctl, crictl, with digests or without, and Docker's tree.

use crate::paste::Form;
use crate::paste::digests;
use crate::paste::forms::Part;
use crate::paste::text::Text;

const DIGEST: &str = "DIGEST: the digest of the manifest, or of the index where there is one";
const ID: &str = "IMAGE ID: the config digest in the classic store and in podman, the manifest or index digest in the containerd store";
const TREE_ID: &str =
    "ID: the manifest or index digest, as the containerd store has it, or the config digest in the classic store";
const PLATFORM_ID: &str = "ID: the digest of the manifest of that platform";

/// Which columns a table has.
enum Columns {
    /// `REPOSITORY TAG [DIGEST] IMAGE ID …`, and crictl's `IMAGE TAG [DIGEST] IMAGE ID …`
    Tags { digest: bool },
    /// `IMAGE ID DISK USAGE CONTENT SIZE …`, one image or platform a line.
    Tree,
}

/// Finds a head line and the rows below it.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::ImagesTable);
    let mut columns = None;
    for (piece, line) in text.free_lines() {
        if let Some(head) = head(line) {
            columns = Some(head);
            part.claim(piece);
        } else if columns.as_ref().is_some_and(|columns| row(line, columns, &mut part)) {
            part.claim(piece);
        }
    }
    part.found()
}

fn head(line: &str) -> Option<Columns> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["REPOSITORY" | "IMAGE", "TAG", "DIGEST", "IMAGE", "ID", ..] => Some(Columns::Tags { digest: true }),
        ["REPOSITORY" | "IMAGE", "TAG", "IMAGE", "ID", ..] => Some(Columns::Tags { digest: false }),
        ["IMAGE", "ID", "DISK", "USAGE", ..] => Some(Columns::Tree),
        _ => None,
    }
}

fn row(line: &str, columns: &Columns, part: &mut Part) -> bool {
    let branch = line.starts_with(['├', '└', '│']);
    let words: Vec<&str> = line.trim_start_matches(['├', '└', '│', '─', ' ']).split_whitespace().collect();
    match (columns, &words[..]) {
        (Columns::Tags { digest: true }, [repository, tag, digest, id, ..]) => {
            let name = name(repository, tag);
            mention(digest, DIGEST, &name, part) | mention(id, ID, &name, part)
        }
        (Columns::Tags { digest: false }, [repository, tag, id, ..]) => mention(id, ID, &name(repository, tag), part),
        (Columns::Tree, [image, id, ..]) => mention(id, if branch { PLATFORM_ID } else { TREE_ID }, image, part),
        _ => false,
    }
}

fn name(repository: &str, tag: &str) -> String {
    match (repository, tag) {
        ("<none>", _) => String::new(),
        (repository, "<none>") => repository.to_owned(),
        (repository, tag) => format!("{repository}:{tag}"),
    }
}

fn mention(word: &str, what: &str, name: &str, part: &mut Part) -> bool {
    let whole = digests::whole(word).map(|digest| digest.to_string());
    let Some(text) = whole.or_else(|| digests::prefix(word)) else { return word == "<none>" };
    part.mention(&text, what, Some(name));
    true
}

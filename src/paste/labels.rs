//! Labels before a digest in a line of text, and the meaning that they give to it.

use crate::paste::meaning::What;

/// Words before a digest, and its meaning by them. If several fit, the one that ends last counts, then the longest.
const WORDS: [(&str, What); 77] = [
    ("containerimage.config.digest", What::Config),
    ("containerimage.digest", What::ManifestOrIndex),
    ("vnd.docker.reference.digest", What::Subject),
    ("docker-content-digest", What::ManifestOrIndex),
    ("docker-manifest-digest", What::Signed),
    ("copying config", What::Config),
    ("copying blob", What::Layer),
    ("config digest", What::Config),
    ("config-", What::Config),
    ("config", What::Config),
    ("layer digest", What::Layer),
    ("layers", What::Layer),
    ("layer-", What::Layer),
    ("layer", What::Layer),
    ("blobs", What::Blob),
    ("blob", What::Blob),
    ("diff_ids", What::DiffId),
    ("diffids", What::DiffId),
    ("diffid", What::DiffId),
    ("diff id", What::DiffId),
    ("chainid", What::ChainId),
    ("chain id", What::ChainId),
    ("chain-id", What::ChainId),
    ("returns image reference", What::ImageId),
    ("image id", What::ImageId),
    ("imageid", What::ImageId),
    ("image_id", What::ImageId),
    ("image-id", What::ImageId),
    ("镜像id", What::ImageId),
    ("镜像 id", What::ImageId),
    ("writing image", What::ImageId),
    ("index-", What::Index),
    ("index digest", What::Index),
    ("manifest list", What::Index),
    ("manifest-list", What::Index),
    ("exporting manifest list", What::Index),
    ("exporting manifest", What::Manifest),
    ("exporting config", What::Config),
    ("exporting attestation manifest", What::Attestation),
    ("attestation", What::Attestation),
    ("manifest digest", What::Manifest),
    ("manifest-", What::Manifest),
    ("manifest", What::ManifestOrIndex),
    ("repodigests", What::Pulled),
    ("repodigest", What::Pulled),
    ("base image", What::Base),
    ("subject", What::Subject),
    ("digest", What::ManifestOrIndex),
    ("摘要", What::ManifestOrIndex),
    ("清单", What::ManifestOrIndex),
    ("ダイジェスト", What::ManifestOrIndex),
    ("parent", What::Parent),
    ("unpacking", What::ManifestOrIndex),
    ("extracting", What::Layer),
    ("imagedigest", What::ManifestOrIndex),
    ("successfully built", What::ImageId),
    ("--->", What::BuildStep),
    ("sha256(", What::Sum),
    ("sha256 ", What::Sum),
    ("sha2-256(", What::Sum),
    ("sha256 hash of", What::Sum),
    ("configdigest", What::Config),
    ("layerdigest", What::Layer),
    ("indexdigest", What::Index),
    ("childdigest", What::PlatformManifest),
    ("basedigest", What::Base),
    ("subjectdigest", What::Subject),
    ("config_digest", What::Config),
    ("layer_digest", What::Layer),
    ("index_digest", What::Index),
    ("pushed blob", What::Blob),
    ("docker image", What::ImageId),
    ("image (", What::ImageId),
    ("images (", What::ImageId),
    ("up to date for", What::ImageId),
    ("imageids", What::ManifestOrIndex),
    ("imagedetails", What::ManifestOrIndex),
];

/// The number of bytes of a line before a digest that are looked at.
const NEAR: usize = 120;

/// The word before a digest, as the table has it, and what it says; `before` is the line up to the digest.
pub(super) fn of(before: &str) -> Option<(&'static str, What)> {
    let start = before.len().saturating_sub(NEAR);
    let start = (start..=before.len()).find(|at| before.is_char_boundary(*at))?;
    let written = &before.as_bytes()[start..];
    let near = written.to_ascii_lowercase();
    // Every word that ends at a place is compared there, from the last place back: the line is looked at once.
    (1..=near.len()).rev().find_map(|end| ending_at(&near, written, end))
}

/// The meaning by the head of a column: the whole of it, or the words at its end.
pub(super) fn of_cell(head: &str) -> Option<(&'static str, What)> {
    of(head.trim_matches(['|', ' ', '\t', '*', '`']))
}

/// The longest word that ends at this place.
fn ending_at(near: &[u8], written: &[u8], end: usize) -> Option<(&'static str, What)> {
    let mut left = BY_LAST_BYTE[usize::from(near[end - 1])];
    let mut best: Option<(&'static str, What)> = None;
    while left != 0 {
        let (word, what) = WORDS[left.trailing_zeros() as usize];
        left &= left - 1;
        let longer = best.is_none_or(|(known, _)| word.len() > known.len());
        if longer && near[..end].ends_with(word.as_bytes()) && !is_inside(written, end - word.len(), word) {
            best = Some((word, what));
        }
    }
    best
}

/// The words that end in a byte, as bits by their places in the table.
static BY_LAST_BYTE: [u128; 256] = by_last_byte();

const fn by_last_byte() -> [u128; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < WORDS.len() {
        let word = WORDS[at].0.as_bytes();
        table[word[word.len() - 1] as usize] |= 1_u128 << at;
        at += 1;
    }
    table
}

/// True if letters stand right before the word: `reconfig` is no `config`, but `latestDigest` is a digest.
fn is_inside(written: &[u8], start: usize, word: &str) -> bool {
    let hump = written[start].is_ascii_uppercase() && start > 0 && written[start - 1].is_ascii_lowercase();
    word.as_bytes()[0].is_ascii() && !hump && written[..start].last().is_some_and(u8::is_ascii_alphabetic)
}

/// The meaning of a digest below a heading: `Digest:` in the section `Config:` is the config's.
pub(super) fn within(heading: &str, what: What) -> What {
    match (of(heading), what) {
        (Some((_, section)), What::Digest | What::ManifestOrIndex) => section,
        _ => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_labels_are_the_nearest_words() {
        for (before, what) in [
            ("Digest: ", What::ManifestOrIndex),
            ("镜像摘要不一致：docker pull 显示 Digest： ", What::ManifestOrIndex),
            ("而 docker images 显示的镜像ID是 ", What::ImageId),
            ("index-", What::Index),
            ("#12 exporting manifest list ", What::Index),
            ("#12 exporting config ", What::Config),
            ("PullImage \"x\" returns image reference \"", What::ImageId),
            ("the config of layer ", What::Layer),
        ] {
            assert_eq!(of(before).map(|(_, what)| what), Some(what), "{before}");
        }
        assert_eq!(of("it is "), None);
        assert_eq!(of("reconfig "), None);
        assert_eq!(of("latestDigest: ").map(|(_, what)| what), Some(What::ManifestOrIndex));
        assert_eq!(of("configDigest: ").map(|(_, what)| what), Some(What::Config));
    }

    #[test]
    fn paste_heads_of_columns_say_what_is_below_them() {
        assert_eq!(of_cell("  imageDigest ").map(|(_, what)| what), Some(What::ManifestOrIndex));
        assert_eq!(of_cell(" **Image ID** ").map(|(_, what)| what), Some(What::ImageId));
        assert_eq!(of_cell(" Platform "), None);
    }

    #[test]
    fn paste_headings_say_what_a_digest_below_them_is() {
        assert_eq!(within("Config:", What::ManifestOrIndex), What::Config);
        assert_eq!(within("Layers:", What::ManifestOrIndex), What::Layer);
        assert_eq!(within("Layers:", What::Config), What::Config);
        assert_eq!(within("Notes:", What::ManifestOrIndex), What::ManifestOrIndex);
    }
}

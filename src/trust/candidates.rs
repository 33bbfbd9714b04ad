//! A report's nodes -> those that are signatures, each with the digests that it may be about.

use super::cosign::is_legacy;
use super::notation::is_envelope;
use super::signatures::Found;
use crate::Digest;
use crate::covers::NodeFacts;

/// True if a blob of that type is a signature, or a signed attestation.
fn is_signature(media_type: &str) -> bool {
    is_legacy(media_type) || media_type.starts_with("application/vnd.dev.sigstore.bundle") || is_envelope(media_type)
}

/// The signatures among the nodes, and the blob that each of them is; their bytes are still to be had.
#[must_use]
pub fn candidates(nodes: &[NodeFacts]) -> Vec<(Found, Option<Digest>)> {
    let signs = |node: &&NodeFacts| node.media_type.as_deref().is_some_and(is_signature);
    let found = nodes.iter().filter(signs).map(|node| {
        let parent = nodes.iter().find(|other| Some(&other.id) == node.parent.as_ref());
        let is_envelope = node.media_type.as_deref().is_some_and(is_envelope);
        let above = parent.filter(|_| is_envelope).into_iter().flat_map(|parent| &parent.annotations);
        let named = [node.about.as_ref(), parent.and_then(NodeFacts::names)].into_iter().flatten().next();
        let about = match named {
            Some(digest) => digests([Some(digest)]),
            None => digests(
                nodes
                    .iter()
                    .filter(|other| other.read && !other.layout && other.is_image())
                    .map(|other| other.digest.as_ref()),
            ),
        };
        let found = Found {
            id: node.id.clone(),
            about,
            media_type: node.media_type.clone().unwrap_or_default(),
            // The Notary Project's stand on the manifest.
            annotations: node.annotations.iter().chain(above).cloned().collect(),
            bytes: None,
        };
        (found, node.digest.as_deref().and_then(|digest| Digest::parse(digest).ok()))
    });
    found.collect()
}

fn digests<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> Vec<Digest> {
    let mut all: Vec<Digest> = Vec::new();
    for digest in texts.into_iter().flatten().filter_map(|text| Digest::parse(text).ok()) {
        if !all.contains(&digest) {
            all.push(digest);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(json: serde_json::Value) -> Vec<NodeFacts> {
        NodeFacts::read(&json.to_string()).unwrap()
    }

    fn digest(byte: char) -> String {
        format!("sha256:{}", byte.to_string().repeat(64))
    }

    #[test]
    fn a_signature_is_about_what_its_place_names_or_any_image_beside_it() {
        let all = nodes(serde_json::json!([
            { "id": "0", "kind": "index", "digest": digest('a'), "read": true },
            { "id": "0/manifests[0]", "kind": "manifest", "digest": digest('b'), "read": true, "parent": "0" },
            { "id": "1", "kind": "signature", "digest": digest('c'), "read": true, "subject": digest('d') },
            { "id": "1/layers[0]", "kind": "blob", "digest": digest('e'), "parent": "1",
              "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json" },
            { "id": "2", "kind": "signature", "digest": digest('f'), "read": true },
            { "id": "2/layers[0]", "kind": "blob", "digest": digest('1'), "parent": "2",
              "mediaType": "application/vnd.dev.cosign.simplesigning.v1+json" },
            { "id": "3", "kind": "blob", "digest": digest('2'), "mediaType": "application/vnd.in-toto+json" },
        ]));
        let about: Vec<_> = candidates(&all).into_iter().map(|(found, _)| (found.id, found.about)).collect();
        let parsed = |text: String| Digest::parse(&text).unwrap();
        assert_eq!(
            about,
            [
                ("1/layers[0]".to_owned(), vec![parsed(digest('d'))]),
                ("2/layers[0]".to_owned(), vec![parsed(digest('a')), parsed(digest('b'))]),
            ]
        );
    }
}

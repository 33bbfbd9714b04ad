//! Document -> Image. Names that are computed, not stored: the ChainIDs of layers.

use crate::digest::{Algorithm, Digest};

/// The ChainID of each layer (image-spec, config, "Layer ChainID"): what a layer is called together with all below it.
///
/// `ChainID(L0) = DiffID(L0)`, `ChainID(L0..n) = sha256(ChainID(L0..n-1) + " " + DiffID(Ln))`.
#[must_use]
pub fn chain_ids(diff_ids: &[Digest]) -> Vec<Digest> {
    let mut chain: Vec<Digest> = Vec::with_capacity(diff_ids.len());
    for diff_id in diff_ids {
        let next = match chain.last() {
            None => diff_id.clone(),
            Some(below) => Algorithm::Sha256.digest(format!("{below} {diff_id}").as_bytes()),
        };
        chain.push(next);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layer_is_named_with_those_below_it() {
        let ids: Vec<Digest> = ["a", "b", "c"].iter().map(|text| Algorithm::Sha256.digest(text.as_bytes())).collect();
        let chain = chain_ids(&ids);
        assert_eq!(chain[0], ids[0]);
        assert_eq!(chain[1], Algorithm::Sha256.digest(format!("{} {}", ids[0], ids[1]).as_bytes()));
        assert_eq!(chain[2], Algorithm::Sha256.digest(format!("{} {}", chain[1], ids[2]).as_bytes()));
    }

    #[test]
    fn no_layers_no_chain() {
        assert_eq!(chain_ids(&[]), []);
    }
}

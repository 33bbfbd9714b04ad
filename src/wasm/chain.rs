//! The boundary: ChainIDs, once the DiffIDs below are computed.

use wasm_bindgen::prelude::*;

use crate::digest::Digest;
use crate::identity;

/// `chainIds(diffIds)`: the `ChainID` of each layer of an image, the lowest first; ends before what is no digest.
#[wasm_bindgen(js_name = chainIds)]
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
pub fn chain_ids(diff_ids: Vec<String>) -> Vec<String> {
    let diff_ids: Vec<Digest> = diff_ids.iter().map_while(|text| Digest::parse(text).ok()).collect();
    identity::chain_ids(&diff_ids).iter().map(ToString::to_string).collect()
}

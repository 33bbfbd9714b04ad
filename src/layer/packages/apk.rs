//! `/lib/apk/db/installed`: fields of one letter.

use super::Package;
use super::fields::{blocks, cut};

/// The packages that are installed; none if no block is one.
pub(super) fn read(content: &[u8]) -> Option<Vec<Package>> {
    let mut found = Vec::new();
    for block in blocks(content) {
        // Letters differ by case: `A` is the architecture, `a` the mode of a file.
        let field = |name: &str| block.iter().find(|(own, _)| *own == name).map(|(_, value)| cut(value));
        let (Some(name), Some(version)) = (field("P"), field("V")) else { continue };
        found.push(Package {
            kind: "apk".to_owned(),
            name,
            version,
            arch: field("A"),
            licence: field("L").filter(|text| !text.is_empty()),
            size: field("I").and_then(|size| size.parse().ok()),
            ..Package::default()
        });
    }
    let is_empty = content.iter().all(u8::is_ascii_whitespace);
    (is_empty || !found.is_empty()).then_some(found)
}

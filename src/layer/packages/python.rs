//! `METADATA` and `PKG-INFO` of Python distributions: the fields up to the first empty line.

use super::Package;
use super::fields::{blocks, cut, field};

/// The distribution; none if it has no name or version.
pub(super) fn read(content: &[u8]) -> Option<Vec<Package>> {
    let head = blocks(content).next()?;
    let (name, version) = (field(&head, "Name")?, field(&head, "Version")?);
    let classified = || {
        let values = head.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Classifier"));
        values.filter_map(|(_, value)| value.strip_prefix("License :: ")?.rsplit(" :: ").next()).next()
    };
    let is_short = |text: &&str| text.len() <= 100 && *text != "UNKNOWN";
    let licence =
        field(&head, "License-Expression").or_else(|| field(&head, "License").filter(is_short)).or_else(classified);
    Some(vec![Package {
        kind: "pypi".to_owned(),
        name: cut(name),
        version: cut(version),
        licence: licence.map(cut),
        ..Package::default()
    }])
}

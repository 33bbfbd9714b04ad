//! `package.json` of installed modules.

use super::Package;
use super::fields::cut;
use crate::json::{self, Json};

/// The module; none if it is no JSON or has no name or version.
pub(super) fn read(content: &[u8]) -> Option<Vec<Package>> {
    let root = json::parse(content).ok()?.root;
    let text = |name: &str| root.key(name).and_then(Json::as_str).filter(|text| !text.is_empty()).map(cut);
    let kind = |json: &Json| json.as_str().or_else(|| json.key("type")?.as_str()).map(str::to_owned);
    let several = || {
        let all: Vec<String> = root.key("licenses")?.as_array()?.iter().take(10).filter_map(kind).collect();
        (!all.is_empty()).then(|| all.join(" OR "))
    };
    let licence = root.key("license").and_then(kind).or_else(several);
    // Modules nest empty ones such as `{ "type": "module" }`, which are no packages of their own.
    let Some(name) = text("name") else { return Some(Vec::new()) };
    let Some(version) = text("version") else { return Some(Vec::new()) };
    Some(vec![Package {
        kind: "npm".to_owned(),
        name,
        version,
        licence: licence.as_deref().map(cut),
        ..Package::default()
    }])
}

//! Writers that leave null out: Docker writes these members of a config always, so they are put back.

use crate::json::{self, Json};

/// Members that Docker writes as null if they are empty.
const MEMBERS: [&str; 6] = ["Env", "Cmd", "Volumes", "Entrypoint", "OnBuild", "Labels"];

pub(super) fn open(text: &[u8]) -> Vec<Vec<u8>> {
    let Ok(parsed) = json::parse(text) else { return Vec::new() };
    let mut mended = Vec::with_capacity(text.len());
    let mut copied = 0;
    let mut configs: Vec<&Json> =
        ["config", "container_config"].iter().filter_map(|name| parsed.root.get(name)).collect();
    configs.sort_by_key(|config| config.span.start);
    for config in configs {
        // OCI configs leave empty members out themselves; only Docker's have a Hostname.
        if config.as_object().is_none() || config.get("Hostname").is_none() {
            continue;
        }
        let end = config.span.end - 1;
        mended.extend_from_slice(text.get(copied..end).unwrap_or_default());
        for name in MEMBERS.iter().filter(|name| config.get(name).is_none()) {
            mended.extend_from_slice(format!(",\"{name}\":null").as_bytes());
        }
        copied = end;
    }
    mended.extend_from_slice(text.get(copied..).unwrap_or_default());
    if mended.len() > text.len() { vec![mended] } else { Vec::new() }
}

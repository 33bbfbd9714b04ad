//! The list as CycloneDX 1.6 in JSON. The same packages give the same bytes: no time and no random number is in it.

use std::fmt::Write;

use super::Package;

/// A bill of materials about the image with that name and digest; `layers` are the digests of its layers.
#[must_use]
pub fn cyclonedx(name: &str, digest: &str, layers: &[String], packages: &[Package]) -> String {
    let mut text = String::from("{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n");
    let _ = write!(
        text,
        "  \"metadata\": {{ \"component\": {{ \"type\": \"container\", \"bom-ref\": \"image\", \"name\": {}",
        quoted(name)
    );
    if !digest.is_empty() {
        let _ = write!(text, ", \"version\": {}", quoted(digest));
    }
    text.push_str(" } },\n  \"components\": [");
    for (at, package) in packages.iter().enumerate() {
        text.push_str(if at == 0 { "\n    " } else { ",\n    " });
        component(&mut text, at, layers, package);
    }
    text.push_str("\n  ]\n}\n");
    text
}

fn component(text: &mut String, at: usize, layers: &[String], package: &Package) {
    let Package { name, version, purl, licence, size, path, layer, .. } = package;
    let (name, version, url) = (quoted(name), quoted(version), quoted(purl));
    let _ = write!(
        text,
        "{{ \"type\": \"library\", \"bom-ref\": \"package-{at}\", \"name\": {name}, \"version\": {version}, \"purl\": {url}"
    );
    if let Some(licence) = licence {
        let _ = write!(text, ", \"licenses\": [{{ \"license\": {{ \"name\": {} }} }}]", quoted(licence));
    }
    let brought = layers.get(*layer as usize).map(|digest| ("stowplan:layer", digest));
    let size = size.map(|size| size.to_string());
    let properties = [Some(("stowplan:path", path)), brought, size.as_ref().map(|size| ("stowplan:size", size))];
    let listed: Vec<String> = properties
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{{ \"name\": \"{name}\", \"value\": {} }}", quoted(value)))
        .collect();
    let _ = write!(text, ", \"properties\": [{}] }}", listed.join(", "));
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut found = String::with_capacity(text.len() + 2);
    found.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => found.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(found, "\\u{:04x}", u32::from(c));
            }
            c => found.push(c),
        }
    }
    found.push('"');
    found
}

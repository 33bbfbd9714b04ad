//! The straight line holds: no module of the core imports one that stands to its right (ARCHITECTURE.md).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and which others it may name, from left to right: a module names those above it only. `*` is any but `wasm`.
const MAY_IMPORT: [(&str, &[&str]); 34] = [
    ("visible", &[]),
    ("say", &["visible"]),
    ("error", &["say", "visible"]),
    ("limits", &[]),
    ("secrets", &[]),
    ("tags", &[]),
    ("digest", &["error", "limits", "say"]),
    ("check", &["digest", "say", "visible"]),
    ("json", &["error", "limits", "say"]),
    ("media_type", &["error", "limits"]),
    ("platform", &["error", "json", "say"]),
    ("descriptor", &["digest", "json", "limits", "media_type", "platform"]),
    ("reference", &["digest", "error", "limits", "say"]),
    ("identity", &["digest"]),
    (
        "document",
        &["check", "descriptor", "digest", "error", "json", "limits", "media_type", "platform", "say", "secrets"],
    ),
    (
        "checks",
        &[
            "check",
            "descriptor",
            "digest",
            "document",
            "error",
            "identity",
            "json",
            "limits",
            "media_type",
            "platform",
            "say",
            "secrets",
        ],
    ),
    ("registry", &["digest", "error", "json", "limits", "media_type", "reference", "say", "tags"]),
    ("carriers", &["json", "limits"]),
    ("recover", &["carriers", "digest", "document", "error", "json", "limits", "media_type"]),
    ("paste", &["digest", "error", "json", "limits", "media_type", "reference", "secrets"]),
    ("layer", &["carriers", "check", "checks", "digest", "error", "json", "limits", "media_type", "say"]),
    ("artifact", &["carriers", "check", "error", "json", "limits", "media_type", "say"]),
    ("holding", &["check", "error", "layer", "limits", "say"]),
    ("report", &["check", "checks", "digest", "document", "limits", "media_type", "platform", "recover"]),
    ("covers", &["digest", "error", "json", "limits", "platform"]),
    ("trust", &["check", "covers", "digest", "error", "json", "limits", "reference", "report", "say"]),
    ("statement", &["check", "covers", "digest", "error", "json", "limits", "say", "visible"]),
    ("compare", &["carriers", "digest", "error", "json", "layer", "limits", "platform", "say", "secrets"]),
    ("explain", &["limits", "reference", "registry"]),
    ("image", &["*"]),
    ("archive", &["*"]),
    ("rounding", &[]),
    ("wasm", &["*"]),
    ("lib", &["*"]),
];

#[test]
fn the_table_has_no_arrow_to_the_right() {
    for (row, (module, others)) in MAY_IMPORT.iter().enumerate() {
        let left = |name: &&str| MAY_IMPORT[..row].iter().any(|(before, _)| before == name);
        let right: Vec<_> = others.iter().filter(|name| **name != "*" && !left(name)).collect();
        assert!(right.is_empty(), "{module} would import {right:?}");
    }
}

#[test]
fn modules_import_only_to_their_left() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&source) {
        let module = module_of(&source, &file);
        let allowed = allowed(&module);
        for named in named_modules(&fs::read_to_string(&file).unwrap()) {
            let free = allowed.contains(&"*") && (named != "wasm" || module == "lib");
            if named != module && !free && !allowed.contains(&named.as_str()) {
                wrong.push(format!("{} imports {named}", file.strip_prefix(&source).unwrap().display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_shows_its_place_in_its_first_line() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let silent: Vec<PathBuf> =
        rust_files(&source).into_iter().filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! ")).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

fn allowed(module: &str) -> &'static [&'static str] {
    let row = MAY_IMPORT.iter().find(|(name, _)| *name == module);
    row.unwrap_or_else(|| panic!("{module} is not in the table of who may import whom")).1
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn module_of(source: &Path, file: &Path) -> String {
    let first = file.strip_prefix(source).unwrap().iter().next().unwrap();
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The words behind `crate::` before the tests, if they are modules: a lower-case word.
fn named_modules(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_' || c.is_ascii_digit()).collect())
        .filter(|word: &String| !word.is_empty())
        .collect()
}

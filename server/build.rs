//! Puts the built page into the program: a table of the files in `dist/`, for `src/page.rs`. It never builds the page.
//!
//! `STOWPLAN_PAGE` names another directory, or `none`. Without it only optimised builds (`cargo install`) take the page
//! in: those for tests are given one with `--dist`, and need not be compiled anew when it changes.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=STOWPLAN_PAGE");
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if let Some(dir) = page()? {
        println!("cargo:rerun-if-changed={}", dir.display());
        list(&dir, &dir, &mut files)?;
    }
    files.sort();
    let rows: String =
        files.iter().map(|(name, file)| format!("    ({name:?}, include_bytes!({file:?})),\n")).collect();
    let table = format!("const FILES: &[(&str, &[u8])] = &[\n{rows}];\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("page.rs"), table)
}

/// The directory of the page, if there is to be one.
fn page() -> io::Result<Option<PathBuf>> {
    if let Some(asked) = env::var_os("STOWPLAN_PAGE") {
        let dir = (asked != "none").then(|| PathBuf::from(&asked));
        return dir.map(fs::canonicalize).transpose();
    }
    if env::var_os("PROFILE").is_none_or(|profile| profile != "release") {
        return Ok(None);
    }
    let dist = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../dist");
    if dist.join("index.html").is_file() {
        return fs::canonicalize(dist).map(Some);
    }
    println!("cargo:rerun-if-changed={}", dist.display());
    println!(
        "cargo:warning=dist/ is not there, so this server gets no page: run `cargo xtask build` before, or give it one \
         with --dist"
    );
    Ok(None)
}

fn list(root: &Path, dir: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, files)?;
        } else if let (Ok(name), Some(file)) = (path.strip_prefix(root), path.to_str()) {
            let name: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
            files.push((name.join("/"), file.to_owned()));
        }
    }
    Ok(())
}

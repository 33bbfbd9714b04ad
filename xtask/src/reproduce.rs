//! `cargo xtask reproduce`: builds the site a second time in another folder and compares every file of both `dist/`.

use crate::bundle::{self, Options, dist};
use crate::command::{program, quiet, root, target_dir};
use crate::progress::step;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Folders that a build leaves in the other folder and that are no sources there.
const KEPT: [&str; 3] = ["target", "node_modules", "dist"];

pub fn run() -> Result<bool> {
    bundle::site(&Options::default())?;
    gate()
}

/// Holds `dist/`, which is built, against one that the same sources give in another folder.
pub fn gate() -> Result<bool> {
    let other = target_dir()?.join("reproduce/the-same-sources");
    step("copying the sources to another folder", |_| copy(root(), &other))?;
    build(&other)?;
    let differences = differences(&dist(), &other.join("dist"))?;
    for difference in &differences {
        println!("{difference}");
    }
    Ok(differences.is_empty())
}

/// Runs this very program as if it had been built there. Its target folder is its own: what it compiled of the crates in an
/// earlier run was compiled there, too.
fn build(other: &Path) -> Result<()> {
    let program_there = other.join("target/debug/xtask");
    std::fs::create_dir_all(other.join("target/debug"))?;
    std::fs::remove_file(&program_there).ok();
    std::fs::copy(std::env::current_exe()?, &program_there).context("cannot copy xtask")?;
    step("building the site there", |step| {
        let mut build = program(&program_there);
        build.arg("build").current_dir(other).env("CARGO_MANIFEST_DIR", other.join("xtask"));
        quiet(step, build.env_remove("CARGO_TARGET_DIR"))
    })
}

/// Brings the other folder to the sources' state. A file that has not changed keeps its time, so cargo keeps what it made.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut list = program("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(from);
    let output = list.output().context("cannot start git")?;
    if !output.status.success() {
        bail!("git cannot list the sources: this gate runs in a checkout");
    }
    let names = output.stdout.split(|&byte| byte == 0).filter(|name| !name.is_empty());
    let wanted: BTreeSet<PathBuf> =
        names.map(|name| PathBuf::from(OsStr::from_bytes(name))).filter(|name| from.join(name).is_file()).collect();
    std::fs::create_dir_all(to)?;
    for old in files(to, &KEPT)?.difference(&wanted) {
        // The glue of an earlier build: it has stamps of its own.
        if !old.starts_with("www/engine/pkg") {
            std::fs::remove_file(to.join(old))?;
        }
    }
    for name in &wanted {
        let (source, target) = (from.join(name), to.join(name));
        let bytes = std::fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
        if std::fs::read(&target).is_ok_and(|there| there == bytes) {
            continue;
        }
        std::fs::create_dir_all(target.parent().unwrap_or(to))?;
        std::fs::write(&target, bytes).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

/// One line a file that only one of the folders has, or that has other bytes in the other.
fn differences(one: &Path, other: &Path) -> Result<Vec<String>> {
    let (ours, theirs) = (files(one, &[])?, files(other, &[])?);
    let mut found = Vec::new();
    for name in ours.union(&theirs) {
        let shown = name.display();
        if !theirs.contains(name) {
            found.push(format!("{shown}: only the first build wrote it"));
        } else if !ours.contains(name) {
            found.push(format!("{shown}: only the second build wrote it"));
        } else {
            let (a, b) = (std::fs::read(one.join(name))?, std::fs::read(other.join(name))?);
            if let Some(at) = first_difference(&a, &b) {
                found.push(format!("{shown}: differs from byte {at} on ({} and {} bytes)", a.len(), b.len()));
            }
        }
    }
    if ours.is_empty() {
        bail!("{} is empty", one.display());
    }
    Ok(found)
}

fn first_difference(a: &[u8], b: &[u8]) -> Option<usize> {
    let shorter = a.len().min(b.len());
    a.iter().zip(b).position(|(a, b)| a != b).or_else(|| (a.len() != b.len()).then_some(shorter))
}

/// The files below a folder by their path in it; folders called as in `skipped` are left out.
fn files(folder: &Path, skipped: &[&str]) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                found.insert(entry.path().strip_prefix(folder)?.to_path_buf());
            } else if !skipped.iter().any(|name| entry.file_name() == *name) {
                waiting.push(entry.path());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::captured;

    fn folder(name: &str, files: &[(&str, &str)]) -> Result<PathBuf> {
        let dir = std::env::temp_dir().join(format!("stowplan-reproduce-{}-{name}", std::process::id()));
        std::fs::remove_dir_all(&dir).ok();
        for (path, text) in files {
            let file = dir.join(path);
            std::fs::create_dir_all(file.parent().context("no folder")?)?;
            std::fs::write(file, text)?;
        }
        Ok(dir)
    }

    #[test]
    fn each_difference_names_its_file() -> Result<()> {
        let one = folder("one", &[("a.js", "same"), ("www/b.wasm", "/home/a"), ("c", "x"), ("long", "12")])?;
        let other = folder("other", &[("a.js", "same"), ("www/b.wasm", "/home/b"), ("d", "x"), ("long", "123")])?;
        assert_eq!(
            differences(&one, &other)?,
            [
                "c: only the first build wrote it",
                "d: only the second build wrote it",
                "long: differs from byte 2 on (2 and 3 bytes)",
                "www/b.wasm: differs from byte 6 on (7 and 7 bytes)",
            ]
        );
        assert!(differences(&one, &one)?.is_empty());
        std::fs::remove_dir_all(one)?;
        std::fs::remove_dir_all(other)?;
        Ok(())
    }

    #[test]
    fn a_site_without_files_is_no_proof() -> Result<()> {
        let empty = folder("empty", &[])?;
        std::fs::create_dir_all(&empty)?;
        assert!(differences(&empty, &empty).is_err());
        std::fs::remove_dir_all(empty)?;
        Ok(())
    }

    #[test]
    fn a_copy_has_the_sources_and_keeps_what_was_built() -> Result<()> {
        let from =
            folder("from", &[("src/lib.rs", "new"), ("kept.rs", "same"), (".gitignore", "out/\n"), ("out/x", "")])?;
        let to = folder("to", &[("src/lib.rs", "old"), ("kept.rs", "same"), ("gone.rs", ""), ("target/a", "built")])?;
        let before = std::fs::metadata(to.join("kept.rs"))?.modified()?;
        assert!(captured(program("git").args(["init", "-q"]).current_dir(&from)).is_some());
        copy(&from, &to)?;
        let names: Vec<_> = files(&to, &[])?.iter().map(|name| name.display().to_string()).collect();
        assert_eq!(names, [".gitignore", "kept.rs", "src/lib.rs", "target/a"]);
        assert_eq!(std::fs::read_to_string(to.join("src/lib.rs"))?, "new");
        assert_eq!(std::fs::metadata(to.join("kept.rs"))?.modified()?, before);
        std::fs::remove_dir_all(from)?;
        std::fs::remove_dir_all(to)?;
        Ok(())
    }
}

//! The generators of documentation that the end-to-end tests build sites with: Python's in a venv, npm's in a folder,
//! mdBook as a program.

use crate::command::{captured, cargo, program, quiet, root, target_dir};
use crate::progress::step;
use crate::stamp::Stamp;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// The folder of the Python generators.
pub fn venv() -> Result<PathBuf> {
    Ok(target_dir()?.join("generators/venv"))
}

/// The one that is tested with.
const MDBOOK: &str = "0.5.4";

/// The path of mdBook.
pub fn mdbook() -> Result<PathBuf> {
    Ok(target_dir()?.join("generators/mdbook/bin/mdbook"))
}

/// Installs what is missing or was installed from other lists.
pub fn install() -> Result<()> {
    python()?;
    npm()?;
    rust()
}

/// Unoptimised, without its server and its search: it is compiled in half a minute and writes two pages.
fn rust() -> Result<()> {
    let (mdbook, build) = (mdbook()?, target_dir()?.join("generators/mdbook-build"));
    if captured(program(&mdbook).arg("--version")).is_some_and(|said| said.trim() == format!("mdbook v{MDBOOK}")) {
        return Ok(());
    }
    step("installing mdBook", |step| {
        let mut install = cargo();
        install.args([
            "install",
            "mdbook",
            "--version",
            MDBOOK,
            "--locked",
            "--no-default-features",
            "--debug",
            "--force",
        ]);
        quiet(step, install.arg("--root").arg(target_dir()?.join("generators/mdbook")).arg("--target-dir").arg(&build))
    })?;
    std::fs::remove_dir_all(build).ok();
    Ok(())
}

pub fn python() -> Result<()> {
    let (list, venv) = (root().join("tests/generators/requirements.txt"), venv()?);
    let stamp = Stamp::of(venv.join(".stowplan-stamp"), &[&list]);
    if stamp.is_fresh() {
        return Ok(());
    }
    if captured(program("python3").args(["-c", "import ensurepip"])).is_none() {
        bail!("the tests of the embed need Python with venv; install it with: apt-get install python3-venv");
    }
    step("installing MkDocs and Sphinx", |step| {
        quiet(step, program("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let pip = ["install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-r"];
        quiet(step, program(venv.join("bin/pip")).args(pip).arg(&list))
    })?;
    stamp.set()
}

fn npm() -> Result<()> {
    let folder = root().join("tests/generators");
    let (lock, manifest) = (folder.join("package-lock.json"), folder.join("package.json"));
    let stamp = Stamp::of(folder.join("node_modules/.stowplan-stamp"), &[&lock, &manifest]);
    if stamp.is_fresh() {
        return Ok(());
    }
    step("installing VitePress", |step| {
        let words = ["ci", "--no-audit", "--no-fund", "--no-progress", "--prefix"];
        quiet(step, program("npm").args(words).arg(&folder))
    })?;
    stamp.set()
}

//! `cargo xtask package`: what others' pages and builds use of `dist/www`, as a folder that `npm pack` takes.

use crate::command::{program, quiet, target_dir};
use crate::progress::step;
use crate::{bundle, edge, size};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Builds, writes the folder and says where it is.
pub fn run(options: &bundle::Options) -> Result<()> {
    bundle::site(options)?;
    edge::policy()?;
    let folder = write()?;
    if !size::element()? {
        bail!("the element is too large");
    }
    println!("{} is a package: npm pack {0}", folder.display());
    Ok(())
}

/// The folder of the package.
pub fn folder() -> Result<PathBuf> {
    Ok(target_dir()?.join("npm/stowplan"))
}

/// Writes the package from `dist/`.
pub fn write() -> Result<PathBuf> {
    let folder = folder()?;
    step("writing the npm package", |step| {
        quiet(step, program("node").arg("www/build/package.mjs").arg(bundle::dist()).arg(&folder))
    })?;
    Ok(folder)
}

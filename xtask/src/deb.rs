//! `cargo xtask deb`: the server as a Debian package, from the same static program that the image has.

use crate::command::{captured, cargo, program, quiet, target_dir};
use crate::image::{self, Platform};
use crate::progress::step;
use crate::{bundle, system};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The version of cargo-deb that packages are made with.
const CARGO_DEB: &str = "3.8.0";
/// Debian's own number of the package; `deploy/debian/changelog` has it, too.
const REVISION: &str = "1";

#[derive(clap::Args)]
pub struct Options {
    /// Takes the page in dist/ as it is, instead of building it.
    #[arg(long)]
    server_only: bool,
    /// The architecture.
    #[arg(long, value_enum, default_value = "amd64")]
    platform: Platform,
    /// The folder that the package is written to; target/debian unless it is given.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Builds the server and writes the package.
pub fn run(options: &Options) -> Result<()> {
    if !options.server_only {
        bundle::site(&bundle::Options::default())?;
    }
    let out = match &options.out {
        Some(out) => std::path::absolute(out)?,
        None => target_dir()?.join("debian"),
    };
    std::fs::create_dir_all(&out)?;
    println!("{}", write(options.platform, &out)?.display());
    Ok(())
}

/// Writes the package for a platform to `out`, with the page as it is, and says where it is.
pub fn write(platform: Platform, out: &Path) -> Result<PathBuf> {
    system::archivers()?;
    let cargo_deb = install()?;
    image::server(platform, "release")?;
    let package = out.join(name(env!("CARGO_PKG_VERSION"), platform));
    step(&format!("writing the Debian package for {}", platform.name()), |step| {
        let mut write = cargo();
        let path = std::env::var("PATH").unwrap_or_default();
        write.env("PATH", format!("{}:{path}", cargo_deb.display())).env("CARGO_TARGET_DIR", image::folder()?);
        // Nothing in the package depends on when it was made: its files are as old as the sources.
        let committed = captured(program("git").args(["log", "-1", "--format=%ct", "--", ".", ":(exclude)README.md"]));
        write.env("SOURCE_DATE_EPOCH", committed.unwrap_or_else(|| "315532800".to_owned()));
        write.args(["deb", "--package", image::PACKAGE, "--no-build", "--no-strip", "--locked"]);
        write.args(["--target", platform.target(), "--deb-revision", REVISION, "--output"]);
        quiet(step, write.arg(&package))
    })?;
    Ok(package)
}

/// The file name of a version's package.
pub fn name(version: &str, platform: Platform) -> String {
    format!("{}_{version}-{REVISION}_{}.deb", image::PACKAGE, platform.name())
}

/// Installs cargo-deb if it is missing; unoptimised, because it packs a few files. Gives the folder of its program.
fn install() -> Result<PathBuf> {
    let tools = target_dir()?.join("tools");
    let folder = tools.join("bin");
    if captured(program(folder.join("cargo-deb")).arg("--version")).as_deref() == Some(CARGO_DEB) {
        return Ok(folder);
    }
    let build = target_dir()?.join("tools-build");
    step("installing cargo-deb", |step| {
        let mut install = cargo();
        install.args(["install", "cargo-deb", "--version", CARGO_DEB, "--locked", "--debug", "--force"]);
        quiet(step, install.arg("--root").arg(&tools).arg("--target-dir").arg(&build))
    })?;
    std::fs::remove_dir_all(build).ok();
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::root;

    #[test]
    fn the_changelog_is_about_the_package_that_is_made() -> Result<()> {
        let changelog = std::fs::read_to_string(root().join("deploy/debian/changelog"))?;
        let first = format!("stowplan-server ({}-{REVISION}) ", env!("CARGO_PKG_VERSION"));
        assert!(changelog.starts_with(&first), "{changelog}");
        assert_eq!(name("1.2.3", Platform::Arm64), "stowplan-server_1.2.3-1_arm64.deb");
        Ok(())
    }
}

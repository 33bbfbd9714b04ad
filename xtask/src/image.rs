//! `cargo xtask image`: the server as an OCI image of one static program, the CA roots and nothing else; no container engine.

use crate::command::{captured, cargo, program, quiet, root, target_dir};
use crate::progress::step;
use crate::{bundle, setup, system};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The crate of the server, and its program.
pub const PACKAGE: &str = "stowplan-server";

/// A platform that the server can be built for: OCI's name of the architecture, and those of Rust and its linker. The C
/// library is glibc, linked statically: the one that the machine has, or the one of Debian's cross compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Platform {
    Amd64,
    Arm64,
}

impl Platform {
    /// As OCI and Debian write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }

    /// As Rust writes it.
    pub fn target(self) -> &'static str {
        match self {
            Self::Amd64 => "x86_64-unknown-linux-gnu",
            Self::Arm64 => "aarch64-unknown-linux-gnu",
        }
    }

    /// The linker, by the variable that cargo takes it from; the machine's own needs no word.
    fn linker(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Arm64 if !cfg!(target_arch = "aarch64") => {
                Some(("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", system::CROSS_COMPILER))
            }
            _ => None,
        }
    }
}

/// The platforms of a release.
pub const ALL: [Platform; 2] = [Platform::Amd64, Platform::Arm64];

#[derive(clap::Args)]
pub struct Options {
    /// The cargo profile of the server.
    #[arg(long, default_value = "release")]
    profile: String,
    /// Takes the page in dist/ as it is, instead of building it.
    #[arg(long)]
    server_only: bool,
    /// The platforms of the image; more than one takes a cross compiler, which is installed.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "amd64")]
    platforms: Vec<Platform>,
    /// The folder of the layout; target/image/layout unless it is given.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Options {
    /// The server of a release, for every platform, with the page as it is, written to `out`.
    pub fn at(out: PathBuf) -> Self {
        Self { profile: "release".to_owned(), server_only: true, platforms: ALL.to_vec(), out: Some(out) }
    }
}

/// Builds the server and writes the layout.
pub fn run(options: &Options) -> Result<()> {
    if !options.server_only {
        bundle::site(&bundle::Options::default())?;
    }
    println!("{}", write(options)?);
    Ok(())
}

/// The same with the page as it is; gives the digest of the image's index.
pub fn write(options: &Options) -> Result<String> {
    setup::npm_packages()?;
    let out = match &options.out {
        Some(out) => out.clone(),
        None => folder()?.join("layout"),
    };
    let mut write = program("node");
    write.arg("deploy/image.mjs").arg(&out);
    for platform in &options.platforms {
        write.arg(platform.name()).arg(server(*platform, &options.profile)?).arg(packages(*platform)?);
    }
    step("writing the image", |_| {
        captured(&mut write).context("the image could not be written: node deploy/image.mjs says why")
    })
}

/// The folder in which cargo builds the static servers.
pub fn folder() -> Result<PathBuf> {
    Ok(target_dir()?.join("image"))
}

/// Builds the server as one static program that holds the page, and says where it is.
pub fn server(platform: Platform, profile: &str) -> Result<PathBuf> {
    let (folder, target) = (folder()?, platform.target());
    if platform.linker().is_some() {
        system::cross_compiler()?;
    }
    setup::target(target)?;
    step(&format!("building the server, static, for {}", platform.name()), |step| {
        let mut build = cargo();
        build.args(["build", "--locked", "--package", PACKAGE, "--target", target, "--profile", profile]);
        build.arg("--target-dir").arg(&folder).env("STOWPLAN_PAGE", bundle::dist()).envs(platform.linker());
        quiet(step, build.args(["--config", &bundle::path_free_for(target, &["-C", "target-feature=+crt-static"])?]))
    })?;
    Ok(folder.join(target).join(crate::command::folder(profile)).join(PACKAGE))
}

/// Writes the list of the packages that are in the server, with their licences: the SBOM is made of it.
fn packages(platform: Platform) -> Result<PathBuf> {
    let target = platform.target();
    let words = ["tree", "--locked", "--package", PACKAGE, "--target", target, "--edges", "normal", "--prefix", "none"];
    let tree = captured(cargo().args(words).args(["--format", "{p}\t{l}"])).context("cargo tree failed")?;
    let file = folder()?.join(format!("packages-{}.txt", platform.name()));
    std::fs::write(&file, listed(&tree, root()))?;
    Ok(file)
}

/// Name, version and licence of each package, once; paths of this machine are left out.
fn listed(tree: &str, root: &Path) -> String {
    let mut lines: Vec<String> = tree
        .lines()
        .map(|line| {
            let (package, licence) = line.split_once('\t').unwrap_or((line, ""));
            let mut words = package.split(' ');
            let (name, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let own = words.any(|word| word.contains(&root.display().to_string()));
            let licence = licence.trim_end_matches(" (*)");
            format!("{name}\t{}\t{licence}\t{}\n", version.trim_start_matches('v'), if own { "own" } else { "crate" })
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_those_that_are_named() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            options: Options,
        }
        let platforms = |words: &[&str]| {
            let line = <Line as clap::Parser>::try_parse_from([&["image"], words].concat());
            line.map(|line| line.options.platforms).map_err(|error| error.kind())
        };
        assert_eq!(platforms(&[]), Ok(vec![Platform::Amd64]));
        assert_eq!(platforms(&["--platforms", "amd64,arm64"]), Ok(ALL.to_vec()));
        assert_eq!(platforms(&["--platforms", "s390x"]), Err(clap::error::ErrorKind::InvalidValue));
    }

    #[test]
    fn packages_are_listed_once_without_paths() {
        let tree = "a v1.0.0 (/here/server)\tMIT\nb v2.0.0\tMIT OR Apache-2.0\nb v2.0.0\tMIT OR Apache-2.0 (*)\n";
        assert_eq!(listed(tree, Path::new("/here")), "a\t1.0.0\tMIT\town\nb\t2.0.0\tMIT OR Apache-2.0\tcrate\n");
    }
}

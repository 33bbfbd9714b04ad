//! `cargo xtask release --dry-run`: every artifact of a version, with its hashes, and a check that all say one version.

use crate::command::{captured, cargo, program, quiet, root, target_dir};
use crate::image::{self, Platform};
use crate::progress::step;
use crate::{bundle, deb, edge, generators, package, system};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The crates in the order in which they can be published; the Worker's is a part of no other.
const CRATES: [&str; 3] = ["stowplan", "stowplan-policy", image::PACKAGE];
/// The npm packages of the plugins, which are folders of `integrations/`, and those for Python.
const PLUGINS: [&str; 3] = ["vitepress", "docusaurus", "starlight"];
const WHEELS: [&str; 2] = ["mkdocs", "sphinx"];
const VERSION: &str = env!("CARGO_PKG_VERSION");
const SUMS: &str = "SHA256SUMS";
const IMAGE: &str = "stowplan-server-image.tar";

#[derive(clap::Args)]
pub struct Options {
    /// Makes and checks everything, and publishes nothing: the one way there is.
    #[arg(long)]
    dry_run: bool,
    /// Only checks that the versions agree.
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
}

pub fn run(options: &Options) -> Result<()> {
    step("checking the versions", |step| quiet(step, program("node").arg("integrations/versions.mjs")))?;
    if options.check {
        return Ok(());
    }
    if !options.dry_run {
        bail!("publishing is done by hand: --dry-run makes the artifacts, --check looks at the versions");
    }
    committed()?;
    system::archivers()?;
    let out = target_dir()?.join("release-artifacts");
    std::fs::remove_dir_all(&out).ok();
    std::fs::create_dir_all(&out)?;
    bundle::site(&bundle::Options::default())?;
    edge::policy()?;
    npm(&out)?;
    wheels(&out)?;
    crates(&out)?;
    let digest = image::write(&image::Options::at(out.join("image")))?;
    for platform in image::ALL {
        std::fs::copy(image::server(platform, "release")?, out.join(server(platform)))?;
        deb::write(platform, &out)?;
    }
    archives(&out)?;
    agree(&out)?;
    told(&digest)?;
    println!("{} has the artifacts and {SUMS}; README.md says the image's digest", out.display());
    Ok(())
}

/// The image's provenance names a commit, so nothing may be made of what is in none. README is told the digest at the end.
fn committed() -> Result<()> {
    let words = ["status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)README.md"];
    match captured(program("git").args(words)) {
        Some(changed) if changed.is_empty() => Ok(()),
        Some(changed) => bail!("the artifacts would be of no commit: commit first\n{changed}"),
        None => bail!("a release is made in a git checkout: the image's provenance names its commit"),
    }
}

/// The server by itself, as Rust names the platforms.
fn server(platform: Platform) -> String {
    format!("{}-{}", image::PACKAGE, platform.target())
}

fn npm(out: &Path) -> Result<()> {
    let folder = package::write()?;
    step("packing for npm", |step| {
        let packages = PLUGINS.map(|name| root().join("integrations").join(name));
        let mut pack = program("npm");
        quiet(step, pack.args(["pack", "--pack-destination"]).arg(out).arg(folder).args(packages))
    })
}

/// The plugins for Python, with the element's files of the npm package in them.
fn wheels(out: &Path) -> Result<()> {
    generators::python()?;
    let sources = target_dir()?.join("python");
    step("packing for Python", |step| {
        let mut write = program("node");
        quiet(step, write.arg("integrations/package.mjs").arg(package::folder()?).arg(&sources))?;
        let mut pip = program(generators::venv()?.join("bin/pip"));
        // The earliest time that a zip file can say.
        pip.env("SOURCE_DATE_EPOCH", "315532800").args(["wheel", "--disable-pip-version-check", "--no-deps"]);
        quiet(step, pip.arg("--wheel-dir").arg(out).args(WHEELS.map(|name| sources.join(name))))
    })
}

fn crates(out: &Path) -> Result<()> {
    step("packing the crates", |step| {
        let mut pack = cargo();
        pack.args(["package", "--no-verify", "--allow-dirty", "--locked"]);
        quiet(step, pack.args(CRATES.iter().flat_map(|name| ["--package", name])))
    })?;
    for name in CRATES {
        let file = format!("{name}-{VERSION}.crate");
        std::fs::copy(target_dir()?.join("package").join(&file), out.join(&file))
            .with_context(|| format!("cargo package made no {file}"))?;
    }
    Ok(())
}

/// The page and the image as archives whose bytes do not depend on when they were made, and the hashes of all.
fn archives(out: &Path) -> Result<()> {
    let tar = |from: &Path, name: &str, flags: &[&str]| -> Result<()> {
        step(&format!("writing {name}"), |step| {
            let mut tar = program("tar");
            tar.args(["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"]);
            quiet(step, tar.args(flags).arg("-cf").arg(out.join(name)).arg("-C").arg(from).arg("."))
        })
    };
    tar(&bundle::dist(), "dist.tar.zst", &["-I", "zstd -19 -T1"])?;
    tar(&out.join("image"), IMAGE, &[])?;
    std::fs::remove_dir_all(out.join("image"))?;
    step(&format!("writing {SUMS}"), |step| {
        quiet(step, program("sh").current_dir(out).args(["-c", "sha256sum -- * > ../sums && mv ../sums SHA256SUMS"]))
    })
}

/// The files of a version, in order.
fn expected(version: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::from([SUMS, IMAGE, "dist.tar.zst"].map(str::to_owned));
    names.insert(format!("stowplan-{version}.tgz"));
    names.extend(PLUGINS.map(|name| format!("{name}-stowplan-{version}.tgz")));
    names.extend(WHEELS.map(|name| format!("{name}_stowplan-{version}-py3-none-any.whl")));
    names.extend(CRATES.map(|name| format!("{name}-{version}.crate")));
    names.extend(image::ALL.iter().flat_map(|platform| [server(*platform), deb::name(version, *platform)]));
    names
}

/// All files are there and no others, and those that say a version by themselves say this one.
fn agree(out: &Path) -> Result<()> {
    let entries = std::fs::read_dir(out)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let (made, expected) = (entries.collect::<Result<BTreeSet<_>>>()?, expected(VERSION));
    if made != expected {
        let list = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>().join(", ");
        let (missing, odd) = (list(expected.difference(&made).collect()), list(made.difference(&expected).collect()));
        bail!("the artifacts are not those of {VERSION}: missing {missing:?}, unexpected {odd:?}");
    }
    let asked = |command: &mut Command| captured(command.current_dir(out)).unwrap_or_default();
    let says = |name: &str, said: String| match said.split([' ', '"', ':', '\n']).any(|word| word == VERSION) {
        true => Ok(()),
        false => bail!("{name} does not say that it is {VERSION}: {said}"),
    };
    let tgz = format!("stowplan-{VERSION}.tgz");
    says(&tgz, asked(program("tar").args(["-xzOf", &tgz, "package/package.json"])))?;
    says(IMAGE, asked(program("tar").args(["-xOf", IMAGE, "./index.json"])))?;
    let native = image::ALL.into_iter().find(|platform| platform.target().starts_with(std::env::consts::ARCH));
    if let Some(platform) = native {
        says(&server(platform), asked(program(out.join(server(platform))).arg("--version")))?;
    }
    for package in image::ALL.map(|platform| deb::name(VERSION, platform)) {
        let said = asked(program("dpkg-deb").args(["--field", &package, "Version"]));
        // Debian writes what comes before a version with a tilde.
        if !said.starts_with(&VERSION.replace('-', "~")) {
            bail!("{package} says that it is {said}");
        }
    }
    if !asked(program("sha256sum").args(["--check", "--quiet", SUMS])).is_empty() {
        bail!("{SUMS} does not fit the artifacts");
    }
    Ok(())
}

/// The lines of README between which the digest of the image stands.
const TOLD: [&str; 2] = ["<!-- written by cargo xtask release -->\n", "<!-- /written -->"];

/// Writes the digest of the image into README, with what makes the same bytes again.
fn told(digest: &str) -> Result<()> {
    let file = root().join("README.md");
    let commit = captured(program("git").args(["rev-list", "-1", "HEAD", "--", ".", ":(exclude)README.md"]));
    let tool = |name: &str, word: &str| captured(program(name).arg(word)).unwrap_or_default();
    let libc = tool("ldd", "--version");
    let tools = format!(
        "{}, Node {} and glibc {}",
        tool("rustc", "--version").split(" (").next().unwrap_or_default(),
        tool("node", "--version").trim_start_matches('v'),
        libc.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default(),
    );
    let text = std::fs::read_to_string(&file)?;
    let telling = telling(&text, digest, commit.as_deref().unwrap_or_default(), &tools)?;
    Ok(std::fs::write(file, telling)?)
}

fn telling(readme: &str, digest: &str, commit: &str, tools: &str) -> Result<String> {
    let [begin, end] = TOLD;
    let parts = readme.split_once(begin).and_then(|(head, rest)| Some((head, rest.split_once(end)?.1)));
    let (head, tail) = parts.context("README.md has no place for the digest of the image")?;
    let platforms = image::ALL.map(Platform::name).join(" and ");
    let short = commit.get(..12).unwrap_or(commit);
    let line =
        format!("The image of {VERSION} for {platforms} is `{digest}`, made from commit `{short}`\nwith {tools}.\n");
    Ok([head, begin, &line, end, tail].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_every_package_once() -> Result<()> {
        let names = expected("1.2.3");
        assert_eq!(names.len(), 3 + 1 + PLUGINS.len() + WHEELS.len() + CRATES.len() + 2 * image::ALL.len());
        for name in PLUGINS {
            let manifest = std::fs::read_to_string(root().join("integrations").join(name).join("package.json"))?;
            assert!(manifest.contains(&format!("\"name\": \"{name}-stowplan\"")), "{name}");
        }
        for name in WHEELS {
            let manifest = std::fs::read_to_string(root().join("integrations").join(name).join("pyproject.toml"))?;
            assert!(manifest.contains(&format!("name = \"{name}-stowplan\"")), "{name}");
        }
        for entry in std::fs::read_dir(root().join("integrations"))? {
            let folder = entry?.path();
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if folder.join("package.json").is_file() {
                assert!(PLUGINS.contains(&name.as_str()), "{name} is in no release");
            }
            if folder.join("pyproject.toml").is_file() {
                assert!(WHEELS.contains(&name.as_str()), "{name} is in no release");
            }
        }
        Ok(())
    }

    #[test]
    fn what_is_missing_or_odd_is_named() -> Result<()> {
        let out = std::env::temp_dir().join(format!("stowplan-release-{}", std::process::id()));
        std::fs::create_dir_all(&out)?;
        for name in expected(VERSION).iter().skip(1) {
            std::fs::write(out.join(name), "")?;
        }
        std::fs::write(out.join("left-over"), "")?;
        let said = agree(&out).map_or_else(|error| error.to_string(), |()| String::new());
        std::fs::remove_dir_all(&out)?;
        assert!(said.contains("missing \"SHA256SUMS\"") && said.contains("unexpected \"left-over\""), "{said}");
        Ok(())
    }

    #[test]
    fn readme_is_told_between_its_lines_and_nowhere_else() -> Result<()> {
        let readme = std::fs::read_to_string(root().join("README.md"))?;
        let digest = format!("sha256:{}", "a".repeat(64));
        let told = telling(&readme, &digest, "0123456789abcdef", "rustc 1.2.3")?;
        let (was, is) = (readme.split(TOLD[0]).next(), told.split(TOLD[0]).next());
        assert_eq!(was, is);
        assert_eq!(readme.split(TOLD[1]).last(), told.split(TOLD[1]).last());
        assert!(
            told.contains(&format!("{VERSION} for amd64 and arm64 is `{digest}`, made from commit `0123456789ab`"))
        );
        assert_eq!(telling(&told, &digest, "0123456789abcdef", "rustc 1.2.3")?, told);
        assert!(telling("nothing", &digest, "", "").is_err());
        Ok(())
    }
}

//! `cargo xtask build`: core -> wasm -> www/engine/pkg (wasm-bindgen) -> dist/ (esbuild).

use crate::command::{self, cargo, program, quiet, root};
use crate::names;
use crate::progress::{several_at_a_time, step, together};
use crate::setup;
use crate::stamp::Stamp;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// Cargo's name of the core's artefact.
const CRATE: &str = "stowplan";
/// The wasm modules, each a feature of the core and the base name of what is generated: `www/engine/pkg/stowplan.js` and
/// `stowplan_bg.wasm`. The page loads the first with a reference, the second with a paste or a file, the third with a
/// layer, the fourth with a list of files, the fifth when signatures and statements are looked for, the sixth when
/// signatures are verified, the seventh when images are compared, the eighth when an artifact is opened, the ninth when
/// identities, commands or the places of a digest are shown. The third has a profile of its own if the usual one is
/// built, since there it is speed that counts.
const MODULES: [(&str, &str); 9] = [
    ("inspect", "stowplan"),
    ("open", "stowplan_open"),
    (DATA, "stowplan_data"),
    ("files", "stowplan_files"),
    ("found", "stowplan_found"),
    ("trust", "stowplan_trust"),
    ("compare", "stowplan_compare"),
    ("artifact", "stowplan_artifact"),
    ("explain", "stowplan_explain"),
];
const DATA: &str = "data";
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Each module's feature, with the name of the gate that lints it.
pub fn features() -> impl Iterator<Item = (&'static str, &'static str)> {
    let names = [
        "clippy, inspect",
        "clippy, open",
        "clippy, data",
        "clippy, files",
        "clippy, found",
        "clippy, trust",
        "clippy, compare",
        "clippy, artifact",
        "clippy, explain",
    ];
    names.into_iter().zip(MODULES.iter().map(|(feature, _)| *feature))
}

#[derive(clap::Args)]
pub struct Options {
    /// The cargo profile of the wasm module.
    #[arg(long, default_value = "wasm")]
    pub profile: String,
    /// Builds only the wasm module of this feature, and takes the others as they were built before.
    #[arg(long)]
    pub only: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { profile: "wasm".to_owned(), only: None }
    }
}

pub fn run(options: &Options) -> Result<()> {
    site(options)?;
    println!("dist/ is a static site: copy it to any folder of any web server");
    Ok(())
}

/// The folder of the site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Does all set-up and writes `dist/`.
pub fn site(options: &Options) -> Result<()> {
    setup::check_tools()?;
    setup::wasm_target()?;
    together([&|| core(options), &setup::npm_packages])?;
    step("bundling the page into dist/", |step| quiet(step, program("node").arg("www/build/build.mjs")))
}

/// Builds the core for wasm32, once for each module, and the JS glue into `www/engine/pkg/`. A module's build ends with one
/// thread that optimises it, so two builds keep two processors busy. The last modules take longest and begin first.
fn core(Options { profile, only }: &Options) -> Result<()> {
    const AT_A_TIME: usize = 2;
    let wanted = MODULES.iter().rev().filter(|(feature, _)| only.as_deref().is_none_or(|only| only == *feature));
    several_at_a_time(AT_A_TIME, &wanted.collect::<Vec<_>>(), |(feature, module)| {
        let profile = if *feature == DATA && profile == "wasm" { DATA } else { profile.as_str() };
        core_module(profile, feature, module)
    })
}

fn core_module(profile: &str, feature: &str, module: &str) -> Result<()> {
    // A folder each: both artefacts have the same name, and in one folder each build would undo the other.
    let target = command::target_dir()?.join(module);
    let wasm = target.join(WASM_TARGET).join(command::folder(profile)).join(format!("{CRATE}.wasm"));
    step(&format!("building the core for wasm32: {feature}"), |step| {
        quiet(
            step,
            cargo()
                .args(["build", "--package", CRATE, "--lib", "--target", WASM_TARGET, "--profile", profile])
                .args(["--no-default-features", "--features", feature])
                .arg("--target-dir")
                .arg(&target)
                .args(["--config", &path_free()?]),
        )
    })?;
    let package = root().join("www/engine/pkg");
    let stamp = Stamp::of(
        package.join(format!(".{module}-stamp")),
        &[&wasm, Path::new(file!()), &root().join("xtask/src/names.rs")],
    );
    if stamp.is_fresh() && package.join(format!("{module}_bg.wasm")).is_file() {
        return Ok(());
    }
    step(&format!("making the JS glue: {module}"), |_| bindgen(&wasm, &package, module))?;
    stamp.set()
}

/// Rust flags that keep this machine's paths (in panic messages) out of the module: the same sources give the same
/// bytes in every checkout.
pub fn path_free() -> Result<String> {
    path_free_for(WASM_TARGET, &[])
}

/// The same for another target, with further flags.
pub fn path_free_for(target: &str, more: &[&str]) -> Result<String> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(dir) => PathBuf::from(dir),
        None => {
            std::env::home_dir().context("cannot tell where cargo keeps its crates: set CARGO_HOME")?.join(".cargo")
        }
    };
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    // cargo names the workspace's own files by their path below its root: only the crates' need another name. Flags
    // that name no checkout let two checkouts share what cargo has compiled.
    let mut flags = vec![remap(&home, "/cargo")];
    // The last match wins: crates lose the name of the folder that their registry has on this machine, too.
    flags.extend(folders(&home.join("registry/src")).iter().map(|registry| remap(registry, "/crates")));
    flags.extend(more.iter().map(|flag| (*flag).to_owned()));
    Ok(format!("target.{target}.rustflags={flags:?}"))
}

/// The folders in `dir`, in order; none if it cannot be read.
fn folders(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Makes the JS glue of a wasm module.
pub fn bindgen(wasm: &Path, package: &Path, module: &str) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .out_name(module)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(package)
        .with_context(|| format!("wasm-bindgen cannot read {}", wasm.display()))?;
    names::number(package, module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_forgets_where_it_was_built() -> Result<()> {
        let flags = path_free()?;
        assert!(flags.starts_with(r#"target.wasm32-unknown-unknown.rustflags=["--remap-path-prefix="#), "{flags}");
        assert!(!flags.contains(&root().display().to_string()), "two checkouts have the same flags: {flags}");
        assert!(flags.contains("=/cargo") && flags.ends_with(r#""]"#), "{flags}");
        Ok(())
    }
}

//! `cargo xtask root FILE`: holds a `trusted_root.json` against TUF's metadata beside it, and ships it.

use crate::command::{loud, program, root};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// The trusted root to check, and the folder of its metadata.
#[derive(clap::Args)]
pub struct Options {
    /// The file `targets/trusted_root.json` of the Sigstore project's repository `root-signing`.
    file: PathBuf,
    /// The folder of root.json and targets.json, if it is not `../metadata` beside the file's.
    #[arg(long)]
    metadata: Option<PathBuf>,
    /// The day on which the file was current, to ship it.
    #[arg(long)]
    date: Option<String>,
    /// The commit that it is of, to ship it.
    #[arg(long)]
    commit: Option<String>,
}

/// Node's signatures are at hand wherever the page is built.
pub fn run(options: &Options) -> Result<()> {
    let mut command = program("node");
    command.arg(root().join("xtask/root.mjs")).arg(&options.file);
    if let Some(folder) = &options.metadata {
        command.arg("--metadata").arg(folder);
    }
    for (name, value) in [("--date", &options.date), ("--commit", &options.commit)] {
        if let Some(value) = value {
            command.args([name, value]);
        }
    }
    if !loud(&mut command)? {
        bail!("the trusted root was not taken");
    }
    Ok(())
}

//! Stowplan's tasks, one command a file: `cargo xtask build | serve | test | bench | ci`.

mod bench;
mod bundle;
mod ci;
mod command;
mod counts;
mod edge;
mod fuzz;
mod generators;
mod names;
mod package;
mod progress;
mod serve;
mod setup;
mod size;
mod stamp;
mod system;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Builds, serves and tests Stowplan; every command does its own set-up.")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write dist/, a static site that works from any sub-path of any static host.
    Build(bundle::Options),
    /// Write dist-edge/, the registry proxy as a Worker for an edge platform, with the page.
    Edge(edge::Options),
    /// Build, then serve the page and the registry proxy on this machine until Ctrl-C.
    Serve(serve::Options),
    /// Write target/npm/stowplan, a package for npm: the element `<stow-plan>` and the API.
    Package(bundle::Options),
    /// Run every test: Rust, wasm boundary, JS units, a real browser against a real registry.
    Test(test::Options),
    /// Run the benchmarks against a fresh build and print their tables.
    Bench(bench::Options),
    /// Run every gate (fmt, clippy, rustdoc, biome, tsc, size) and then every test.
    Ci,
    #[command(hide = true)]
    OpenWhenListening(serve::Opening),
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Build(options) => bundle::run(&options).map(|()| true),
        Task::Edge(options) => edge::run(&options).map(|()| true),
        Task::Serve(options) => serve::run(&options).map(|()| true),
        Task::Package(options) => package::run(&options).map(|()| true),
        Task::Test(options) => test::run(&options),
        Task::Bench(options) => bench::run(&options).map(|()| true),
        Task::Ci => ci::run(),
        Task::OpenWhenListening(opening) => serve::open_when_listening(&opening).map(|()| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

//! Stowplan's tasks, one command a file: `cargo xtask build | serve | test | bench | root | ci`.

mod bench;
mod bundle;
mod ci;
mod command;
mod counts;
mod deb;
mod edge;
mod fuzz;
mod generators;
mod image;
mod names;
mod package;
mod progress;
mod release;
mod reproduce;
mod root;
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
    /// Write target/image/layout, the server as an OCI image: one static program, CA roots, no shell.
    Image(image::Options),
    /// Write target/debian, the server as a Debian package with its unit for systemd.
    Deb(deb::Options),
    /// Make every artifact of a version in target/release-artifacts and check that the versions agree.
    Release(release::Options),
    /// Run every test: Rust, wasm boundary, JS units, a real browser against a real registry.
    Test(test::Options),
    /// Run the benchmarks against a fresh build and print their tables.
    Bench(bench::Options),
    /// Hold the sizes in dist/ against their gates, without building anything.
    Size,
    /// Hold a trusted root against TUF's metadata, and ship it if it is a newer one.
    Root(root::Options),
    /// Build the site a second time in another folder and compare every file.
    Reproduce,
    /// Run every gate (fmt, clippy, rustdoc, cargo-deny, biome, tsc, size) and then every test.
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
        Task::Image(options) => image::run(&options).map(|()| true),
        Task::Deb(options) => deb::run(&options).map(|()| true),
        Task::Release(options) => release::run(&options).map(|()| true),
        Task::Test(options) => test::run(&options),
        Task::Bench(options) => bench::run(&options).map(|()| true),
        Task::Size => size::gate().and_then(|page| Ok(size::element()? && page)),
        Task::Root(options) => root::run(&options).map(|()| true),
        Task::Reproduce => reproduce::run(),
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

//! The binary of Stowplan's server: the command line in, [`stowplan_server::serve`] out.

mod cli;

use std::io::ErrorKind;
use std::process::ExitCode;

/// The exit status for options that mean nothing, as clap has it.
const WRONG_OPTION: u8 = 2;

fn main() -> ExitCode {
    let (config, logs) = cli::Flags::read().into_parts();
    logs.start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(stowplan_server::serve(config))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if error.kind() == ErrorKind::InvalidInput { WRONG_OPTION.into() } else { ExitCode::FAILURE }
        }
    }
}

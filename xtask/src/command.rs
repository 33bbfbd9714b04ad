//! Starts the other programs: quietly behind a progress step, loudly for the reader, or captured.

use crate::progress::{Step, seconds};
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

/// Lines of a failed quiet program that are shown, at its start (npm's cause) and at its end (a compiler's).
const SHOWN_LINES: usize = 30;

/// The repository's root: every program runs there. `cargo run` names the package's folder, so that a binary that was
/// compiled in another checkout works on this one.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let package = PathBuf::from(package);
        package.parent().map_or(package.clone(), Path::to_path_buf)
    });
    &ROOT
}

/// Cargo's target directory, wherever this user's configuration puts it: we run from `TARGET/debug/xtask`.
pub fn target_dir() -> Result<PathBuf> {
    let exe = std::env::current_exe().context("cannot tell where xtask itself is")?;
    let dir = exe.ancestors().nth(2).context("xtask does not run from cargo's target directory")?;
    Ok(dir.to_path_buf())
}

/// Cargo's folder for the artefacts of a profile.
pub fn folder(profile: &str) -> &str {
    if profile == "dev" { "debug" } else { profile }
}

/// A command in the repository's root.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Cargo as the user would start it: what `cargo run` put into our environment about xtask is taken out,
/// because build scripts that watch those variables would run again at every change of caller.
pub fn cargo() -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if is_about_xtask(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

fn is_about_xtask(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// Runs behind a progress step, whose words follow the program's last line; its output is shown only if it fails.
pub fn quiet(step: &Step, command: &mut Command) -> Result<()> {
    let said = Mutex::new(Vec::new());
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", words(command)))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(|| stdout.map(|pipe| listen(pipe, step, &said)));
        scope.spawn(|| stderr.map(|pipe| listen(pipe, step, &said)));
    });
    let status = child.wait().with_context(|| format!("lost {}", words(command)))?;
    if status.success() {
        return Ok(());
    }
    let lines = said.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    bail!("{} failed ({status}):\n{}", words(command), excerpt(&lines))
}

fn excerpt(lines: &[String]) -> String {
    match lines.len().checked_sub(2 * SHOWN_LINES) {
        None | Some(0) => lines.join("\n"),
        Some(hidden) => {
            let (first, last) = (&lines[..SHOWN_LINES], &lines[lines.len() - SHOWN_LINES..]);
            format!("{}\n... {hidden} lines not shown ...\n{}", first.join("\n"), last.join("\n"))
        }
    }
}

fn listen(pipe: impl Read, step: &Step, said: &Mutex<Vec<String>>) {
    for line in lossy_lines(pipe) {
        step.say(&line);
        said.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(line);
    }
}

/// Runs with its output going to the reader; true if it succeeded.
pub fn loud(command: &mut Command) -> Result<bool> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {}", words(command)))?;
    Ok(status.success())
}

/// Runs with its stdout both shown and handed to `each` line by line; true if it succeeded within `limit`.
pub fn watched(command: &mut Command, limit: Duration, mut each: impl FnMut(&str)) -> Result<bool> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", words(command)))?;
    let (id, pipe) = (child.id(), child.stdout.take());
    let in_time = within(limit, id, || {
        for line in pipe.into_iter().flat_map(lossy_lines) {
            println!("{line}");
            each(&line);
        }
    });
    if !in_time {
        println!("{} was stopped after {}", words(command), seconds(limit));
    }
    Ok(child.wait()?.success() && in_time)
}

/// Does `work`, which ends when our child `id` does, and ends that child after `limit`; true if that was not needed.
fn within(limit: Duration, id: u32, work: impl FnOnce()) -> bool {
    let (ended, end) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let guard = scope.spawn(move || {
            let too_late = end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
            // The child has not been waited for, so the number is still its own.
            too_late.then(|| program("kill").arg(id.to_string()).status())
        });
        work();
        drop(ended);
        matches!(guard.join(), Ok(None))
    })
}

/// The trimmed stdout of a program, or nothing if it is missing or fails.
pub fn captured(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Lines of a program's output; what is not UTF-8 is replaced instead of ending the reading.
fn lossy_lines(pipe: impl Read) -> impl Iterator<Item = String> {
    BufReader::new(pipe)
        .split(b'\n')
        .map_while(Result::ok)
        .map(|line| String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned())
}

/// The command as one would type it, for messages.
pub fn words(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress;

    #[test]
    fn a_failing_quiet_program_is_named_with_its_last_words() {
        let mut shell = program("sh");
        shell.args(["-c", "echo out; echo trouble >&2; exit 3"]);
        let error = progress::step("failing on purpose", |step| quiet(step, &mut shell));
        let message = error.map_or_else(|error| error.to_string(), |()| String::new());
        assert!(message.starts_with("sh -c echo out; echo trouble >&2; exit 3 failed (exit status: 3):"), "{message}");
        assert!(message.contains("\nout") && message.contains("\ntrouble"), "{message}");
    }

    #[test]
    fn a_watched_program_is_read_to_its_end() -> Result<()> {
        let mut lines = Vec::new();
        let mut shell = program("sh");
        let good = watched(shell.args(["-c", "echo one; echo two; exit 1"]), Duration::from_secs(60), |line| {
            lines.push(line.to_owned());
        })?;
        assert_eq!((good, lines), (false, vec!["one".to_owned(), "two".to_owned()]));
        Ok(())
    }

    #[test]
    fn a_program_that_hangs_is_stopped() -> Result<()> {
        let start = std::time::Instant::now();
        assert!(!watched(program("sleep").arg("60"), Duration::from_millis(50), |_| {})?);
        assert!(start.elapsed() < Duration::from_secs(30));
        Ok(())
    }

    #[test]
    fn a_long_story_keeps_its_start_and_its_end() {
        let lines: Vec<_> = (1..=62).map(|number| number.to_string()).collect();
        let shown = excerpt(&lines);
        assert!(shown.starts_with("1\n2\n") && shown.ends_with("\n61\n62"), "{shown}");
        assert!(shown.contains("\n30\n... 2 lines not shown ...\n33\n"), "{shown}");
        assert_eq!(excerpt(&lines[..60]).lines().count(), 60);
    }

    #[test]
    fn a_missing_program_is_named() {
        let mut missing = program("no-such-program");
        let error = progress::step("missing on purpose", |step| quiet(step, &mut missing));
        assert_eq!(error.map_err(|error| error.to_string()), Err("cannot start no-such-program".to_owned()));
    }

    #[test]
    fn output_that_is_not_utf8_does_not_end_the_reading() {
        let lines: Vec<_> = lossy_lines(&b"a\r\n\xff\nlast"[..]).collect();
        assert_eq!(lines, ["a", "\u{fffd}", "last"]);
    }

    #[test]
    fn the_dev_profile_lives_in_debug() {
        assert_eq!(folder("dev"), "debug");
        assert_eq!(folder("wasm"), "wasm");
    }

    #[test]
    fn cargo_does_not_inherit_what_describes_xtask() {
        assert!(is_about_xtask("CARGO_PKG_NAME") && is_about_xtask("CARGO_MANIFEST_DIR"));
        assert!(!is_about_xtask("CARGO_HOME") && !is_about_xtask("CARGO_TARGET_DIR"));
    }
}

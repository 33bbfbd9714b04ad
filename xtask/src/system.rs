//! The Debian packages that the tests need: two browsers, a registry, the tools that make images, Go, shells, and what people
//! put in front of the server.

use crate::command::{captured, program, quiet};
use crate::progress::step;
use anyhow::{Result, bail};
use std::path::Path;

/// A Debian package and the program, or the file, that shows it is there.
const PACKAGES: [(&str, &str); 16] = [
    GO,
    ("chromium", "chromium"),
    ("firefox-esr", "firefox-esr"),
    ("docker-registry", "docker-registry"),
    ("skopeo", "skopeo"),
    UMOCI,
    PODMAN,
    ("busybox-static", "busybox"),
    ("apache2-utils", "htpasswd"),
    ("nginx", "nginx"),
    ("caddy", "caddy"),
    ("systemd", "systemd-analyze"),
    // Databases of packages are held against what it reads.
    ("rpm", "rpmbuild"),
    // Shells whose completions are tried.
    ("zsh", "zsh"),
    ("fish", "fish"),
    // A font by its file: without one the pictures of the Chinese page show boxes.
    ("fonts-wqy-microhei", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
];

/// Go, whose `encoding/json` the core is held against in the Rust tests.
const GO: (&str, &str) = ("golang-go", "go");

/// The programs whose unpacked files the core's are held against in the Rust tests.
const UMOCI: (&str, &str) = ("umoci", "umoci");
const PODMAN: (&str, &str) = ("podman", "podman");

/// The packages that only the benchmarks of the proxy need.
const LOADER: [(&str, &str); 1] = [("wrk", "wrk")];

/// The packages that only a release needs: zstd for its page, dpkg and its tools for its Debian package.
const RELEASE: [(&str, &str); 2] = [("zstd", "zstd"), ("dpkg", "dpkg-deb")];

/// The compiler for the other platform, with its C library.
const CROSS: [(&str, &str); 2] =
    [("gcc-aarch64-linux-gnu", CROSS_COMPILER), ("libc6-dev-arm64-cross", "/usr/aarch64-linux-gnu/lib/libc.a")];

/// The linker of cargo for arm64.
pub const CROSS_COMPILER: &str = "aarch64-linux-gnu-gcc";

/// The programs that write a release's archives.
pub fn archivers() -> Result<()> {
    install(&RELEASE)
}

/// The compiler for arm64 on another machine.
pub fn cross_compiler() -> Result<()> {
    install(&CROSS)
}

/// Installs what is missing if we may, and says what to install if we may not.
pub fn packages() -> Result<()> {
    install(&PACKAGES)
}

/// Installs what the Rust tests compare the core with. They skip what needs it, so a machine without it is no error.
pub fn compared() {
    if let Err(error) = install(&[GO, UMOCI, PODMAN]) {
        println!("the comparisons with Go, umoci and podman are skipped: {error:#}");
    }
}

/// The same for the program that asks the proxy for more than a browser can.
pub fn loader() -> Result<()> {
    install(&LOADER)
}

fn install(packages: &[(&'static str, &str)]) -> Result<()> {
    let missing: Vec<_> =
        packages.iter().filter(|(_, program)| !is_on_path(program)).map(|(package, _)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_on_path("apt-get") || captured(program("id").arg("-u")).as_deref() != Some("0") {
        bail!("{}", to_install(&missing));
    }
    step(&format!("installing {}", missing.join(", ")), |step| {
        // The package lists are fetched only if they are missing or too old to install from.
        quiet(step, apt("install").args(&missing))
            .or_else(|_| quiet(step, &mut apt("update")).and_then(|()| quiet(step, apt("install").args(&missing))))
    })
}

fn to_install(missing: &[&str]) -> String {
    format!("the tests need {}; install with: sudo apt-get install {}", missing.join(", "), missing.join(" "))
}

fn apt(verb: &str) -> std::process::Command {
    let mut command = program("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg(verb).arg("--yes");
    if verb == "install" {
        command.arg("--no-install-recommends");
    }
    command
}

fn is_on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian keeps some of them out of an ordinary user's PATH.
    std::env::split_paths(&path)
        .chain([Path::new("/usr/sbin").to_owned(), Path::new("/sbin").to_owned()])
        .any(|dir| dir.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_one_sentence_with_the_command() {
        assert_eq!(
            to_install(&["skopeo", "umoci"]),
            "the tests need skopeo, umoci; install with: sudo apt-get install skopeo umoci"
        );
    }

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(is_on_path("sh"));
        assert!(!is_on_path("no-such-program"));
    }

    #[test]
    fn apt_asks_nothing() {
        assert_eq!(crate::command::words(&apt("install")), "apt-get install --yes --no-install-recommends");
        assert_eq!(crate::command::words(&apt("update")), "apt-get update --yes");
    }
}

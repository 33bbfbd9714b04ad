//! The cache, names: a file's is the hash of the address that it answers, and its folder the first two digits of that.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::policy::Addressed;

const WHOLE: &str = "content-1";
const PARTS: &str = "partial-1";

/// The key under which a thing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    pub(crate) fn of(content: &Addressed) -> Self {
        Self(Sha256::digest(content.address.as_bytes()).into())
    }

    pub(super) fn file(self, dir: &Path) -> PathBuf {
        let name = hex(&self.0);
        dir.join(WHOLE).join(&name[..2]).join(name)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder of whole things, and that of things that are being written.
pub(super) fn folders(dir: &Path) -> (PathBuf, PathBuf) {
    (dir.join(WHOLE), dir.join(PARTS))
}

/// Makes the folders, for this user only, and marks them for backups to leave out (bford.info/cachedir).
pub(super) fn prepare(dir: &Path) -> io::Result<()> {
    let (whole, parts) = folders(dir);
    for folder in [&whole, &parts] {
        make(folder)?;
    }
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# Stowplan's cache: may be removed at any time.\n";
    // Never over what is there: that might be a link to somewhere else.
    match OpenOptions::new().write(true).create_new(true).open(dir.join("CACHEDIR.TAG")) {
        Ok(mut file) => file.write_all(tag.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

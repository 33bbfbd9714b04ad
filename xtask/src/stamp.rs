//! Skips work whose inputs have not changed: a stamp file holds a hash of them (not a proof, only a memory).

use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The inputs of a piece of work, and the file that remembers them.
pub struct Stamp {
    file: PathBuf,
    value: String,
}

impl Stamp {
    /// A stamp in `file` over the bytes of `inputs`; a missing input counts as empty.
    pub fn of(file: PathBuf, inputs: &[&Path]) -> Self {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            std::fs::read(input).unwrap_or_default().hash(&mut hasher);
        }
        Self { file, value: format!("{:016x}", hasher.finish()) }
    }

    /// True if the work was last done from these very inputs.
    pub fn is_fresh(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|text| text == self.value)
    }

    /// Remembers that the work is done.
    pub fn set(&self) -> Result<()> {
        std::fs::write(&self.file, &self.value).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_only_after_set_and_only_for_the_same_bytes() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("stowplan-stamp-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let (input, file) = (dir.join("input"), dir.join("stamp"));
        std::fs::write(&input, "one")?;
        let stamp = Stamp::of(file.clone(), &[&input]);
        assert!(!stamp.is_fresh());
        stamp.set()?;
        assert!(Stamp::of(file.clone(), &[&input]).is_fresh());
        std::fs::write(&input, "two")?;
        assert!(!Stamp::of(file, &[&input]).is_fresh());
        std::fs::remove_dir_all(dir)?;
        Ok(())
    }
}

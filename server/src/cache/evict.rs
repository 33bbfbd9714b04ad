//! The cache, room: counts what is there and removes what was used least recently, until there is a tenth free.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::TryLockError;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use super::{Inner, key};

/// A file that is being written changes all the time; an older part was left by a process that fell.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

struct Kept {
    path: PathBuf,
    used: SystemTime,
    bytes: u64,
}

impl Inner {
    /// Counts, and removes if there is too much; one thread of a process does it at a time.
    pub(super) fn make_room(&self) {
        let _counting = match self.counting.try_lock() {
            Ok(counting) => counting,
            // If a thread panicked while it counted, the next one must still make room.
            Err(TryLockError::Poisoned(counting)) => counting.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        // Bytes that are added from here on may be counted twice, but are never missed.
        self.added.store(0, Relaxed);
        let (whole, parts) = key::folders(&self.dir);
        let (abandoned, written): (Vec<_>, Vec<_>) =
            list(&parts).into_iter().partition(|part| part.used.elapsed().is_ok_and(|age| age > ABANDONED));
        for part in abandoned {
            let _ = fs::remove_file(&part.path);
        }
        let mut kept: Vec<Kept> = folders(&whole).iter().flat_map(|folder| list(folder)).collect();
        let mut sum: u64 = kept.iter().chain(&written).map(|one| one.bytes).sum();
        if sum > self.size {
            kept.sort_by_key(|one| one.used);
            for one in kept {
                if sum <= self.size - self.size / 10 {
                    break;
                }
                if fs::remove_file(&one.path).is_ok() {
                    self.metrics.cache.add("evicted");
                }
                sum = sum.saturating_sub(one.bytes);
            }
        }
        self.counted.store(sum, Relaxed);
        self.metrics.cache_bytes.store(sum, Relaxed);
    }
}

fn folders(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn list(folder: &Path) -> Vec<Kept> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some(Kept { path: entry.path(), used: metadata.modified().ok()?, bytes: metadata.len() })
    });
    files.collect()
}

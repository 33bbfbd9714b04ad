//! Proxy, the cache: content addressed by its digest, on disk, for those who ask without credentials.
//!
//! ```text
//! Content -> key -> entry (found: a file, checked for its length)  -> serve (Range, HEAD)
//!                -> fill  (not found: written beside, hashed, renamed only if the digest is right)
//!                -> evict (least recently used first, now and then)
//! ```
//!
//! Files that are being written count too, so that the size is a cap on the disk and not only on the finished files.
//! A file's name is a hash that is computed here, never a text from a request. Several processes may share the
//! directory: files appear whole by being renamed, and one that is removed while it is read stays readable.

mod entry;
mod evict;
mod fill;
mod key;
mod serve;

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use tokio::task::spawn_blocking;

use crate::config::CacheConfig;
use crate::metrics::Metrics;
use crate::policy::Addressed;

pub(crate) use entry::Entry;
pub(crate) use fill::Tee;
pub(crate) use key::Key;
pub(crate) use serve::{FileBody, serve};

/// Writers at a time; what comes beyond them is passed on and not kept.
const FILLS: usize = 32;

/// The cache; cheap to clone.
#[derive(Clone)]
pub(crate) struct Cache(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    size: u64,
    /// Bytes there as of the last count, what is being written among them, and what this process has added since.
    counted: AtomicU64,
    added: AtomicU64,
    /// Bytes that this process is writing at the moment: they are on the disk, whatever becomes of them.
    writing: AtomicU64,
    counting: Mutex<()>,
    filling: Mutex<HashSet<Key>>,
    metrics: Arc<Metrics>,
}

impl Cache {
    /// Opens the directory, makes it if it is missing, and counts what is in it.
    pub(crate) fn open(config: &CacheConfig, metrics: &Arc<Metrics>) -> io::Result<Self> {
        let CacheConfig { dir, size } = config.clone();
        let failed = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot keep a cache in {}: {error}", config.dir.display()))
        };
        key::prepare(&dir).map_err(failed)?;
        let cache = Self(Arc::new(Inner {
            dir,
            size,
            counted: AtomicU64::new(0),
            added: AtomicU64::new(0),
            writing: AtomicU64::new(0),
            counting: Mutex::default(),
            filling: Mutex::default(),
            metrics: Arc::clone(metrics),
        }));
        cache.0.make_room();
        Ok(cache)
    }

    /// The kept answer for `content`, if there is one.
    pub(crate) async fn find(&self, content: &Addressed) -> Option<Entry> {
        let (inner, key) = (Arc::clone(&self.0), Key::of(content));
        let found = spawn_blocking(move || Entry::open(&key.file(&inner.dir))).await.ok().flatten();
        self.0.metrics.cache.add(if found.is_some() { "hit" } else { "miss" });
        found
    }

    /// Keeps what follows of an answer, if no other request does already and there is room for as much as it says it has.
    pub(crate) fn fill(&self, content: &Addressed, headers: &HeaderMap, length: Option<u64>) -> Option<fill::Fill> {
        if length.is_some_and(|length| length > self.0.largest()) {
            self.0.metrics.cache.add("too-large");
            return None;
        }
        let key = Key::of(content);
        let mut filling = self.0.filling.lock().unwrap_or_else(PoisonError::into_inner);
        if filling.len() >= FILLS || !filling.insert(key) {
            return None;
        }
        drop(filling);
        Some(fill::Fill::start(&self.0, key, content, headers))
    }
}

impl Inner {
    /// One thing may take half of the room.
    fn largest(&self) -> u64 {
        self.size / 2
    }

    fn done(&self, key: Key) {
        self.filling.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    /// Takes room for these bytes, which were written just now; false if there is none. Files that are being written
    /// get half of it.
    fn takes(&self, bytes: u64) -> bool {
        if self.writing.fetch_add(bytes, Relaxed) + bytes > self.largest() {
            return false;
        }
        let added = self.added.fetch_add(bytes, Relaxed) + bytes;
        let all = self.counted.load(Relaxed) + added;
        self.metrics.cache_bytes.store(all, Relaxed);
        // Others may have added as much: counting now and then keeps all of them together within the size.
        if all > self.size || added > self.size / 16 {
            self.make_room();
        }
        self.counted.load(Relaxed) <= self.size
    }
}

//! Line: registry::Client. What a session remembers: bytes whose digest was confirmed, and tokens; in memory only.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use crate::digest::{Digest, Source, Verified};
use crate::limits;

use super::{Fetched, Name};

/// The session's memory; a clone is the same memory.
///
/// Entries are kept per repository, though a digest means the same bytes everywhere: whether *this* repository has
/// it, and with what `Content-Type`, is part of what is shown.
#[derive(Clone, Default)]
pub struct Cache(Rc<RefCell<Memory>>);

/// What an entry is kept under.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub name: Name,
    pub blob: bool,
    pub digest: Digest,
}

#[derive(Default)]
struct Memory {
    entries: HashMap<Key, Fetched>,
    order: VecDeque<Key>,
    total: usize,
}

impl Cache {
    pub(super) fn get(&self, key: &Key) -> Option<Fetched> {
        self.0.borrow().entries.get(key).map(|fetched| Fetched { cached: true, ..fetched.clone() })
    }

    /// Keeps an answer if its bytes have the digest of the key; the oldest go where room is needed.
    pub(super) fn keep(&self, key: Key, fetched: &Fetched) {
        let size = fetched.bytes.len();
        let proven = Verified::against(fetched.bytes.clone(), key.digest.clone(), Source::Reference).matches();
        let mut memory = self.0.borrow_mut();
        if proven != Some(true) || size > limits::CACHE_BYTES || memory.entries.contains_key(&key) {
            return;
        }
        memory.make_room(size);
        memory.total += size;
        memory.order.push_back(key.clone());
        memory.entries.insert(key, fetched.clone());
    }
}

impl Memory {
    fn make_room(&mut self, size: usize) {
        while self.total + size > limits::CACHE_BYTES {
            let Some(oldest) = self.order.pop_front() else { return };
            self.total -= self.entries.remove(&oldest).map_or(0, |entry| entry.bytes.len());
        }
    }
}

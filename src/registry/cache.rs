//! The memory of a session: bytes whose digest was confirmed, and grants.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_util::lock::Mutex;

use super::auth::Grant;
use super::{Fetched, Name};
use crate::digest::{Digest, Source, Verified};
use crate::limits;

/// The session's memory; a clone is the same memory.
///
/// Entries are kept per repository, though a digest means the same bytes everywhere: whether *this* repository has
/// it, and with what `Content-Type`, is part of what is shown.
#[derive(Clone, Default)]
pub struct Cache(Rc<RefCell<Memory>>);

/// The key of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub name: Name,
    pub blob: bool,
    pub digest: Digest,
}

/// Work that only one of several parallel requests should do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Task {
    Fetch(Key),
    Authorize(Name),
}

/// Held while doing a [`Task`]; the others wait for it, and then find what it has left in the cache.
pub(super) type Gate = Rc<Mutex<()>>;

struct Memory {
    capacity: usize,
    // Searched from one end: hundreds of entries in a long session, and three kinds of hash map are 10 KB of wasm.
    entries: VecDeque<(Key, Fetched)>,
    total: usize,
    grants: Vec<(Name, Grant)>,
    gates: Vec<(Task, Gate)>,
}

impl Cache {
    pub(super) fn get(&self, key: &Key) -> Option<Fetched> {
        let memory = self.0.borrow();
        memory.find(key).map(|fetched| Fetched { cached: true, ..fetched.clone() })
    }

    /// True if a manifest or index of that repository is kept.
    pub(super) fn knows(&self, name: &Name) -> bool {
        self.0.borrow().entries.iter().any(|(key, _)| !key.blob && key.name == *name)
    }

    /// Keeps an answer if its bytes have the digest of the key; the oldest go if room is needed.
    pub(super) fn keep(&self, key: Key, fetched: &Fetched) {
        let size = fetched.bytes.len();
        let mut memory = self.0.borrow_mut();
        if size > memory.capacity || memory.find(&key).is_some() || !proven(&key.digest, fetched) {
            return;
        }
        memory.make_room(size);
        memory.total += size;
        let mut kept = fetched.clone();
        // A header that names another digest is a fault of this one answer, and of no other.
        kept.header_digest = kept.header_digest.filter(|said| said == key.digest.as_str());
        memory.entries.push_back((key, kept));
    }

    /// The grant for a repository that still holds.
    pub(super) fn grant(&self, name: &Name, now: f64) -> Option<Grant> {
        let memory = self.0.borrow();
        let (_, grant) = memory.grants.iter().find(|(owner, grant)| owner == name && grant.until > now)?;
        Some(grant.clone())
    }

    pub(super) fn keep_grant(&self, name: &Name, grant: Grant) {
        let grants = &mut self.0.borrow_mut().grants;
        grants.retain(|(owner, _)| owner != name);
        grants.push((name.clone(), grant));
    }

    /// The gate of a task. Gates that no task holds are dropped on the way.
    pub(super) fn gate(&self, task: Task) -> Gate {
        let gates = &mut self.0.borrow_mut().gates;
        gates.retain(|(_, gate)| Rc::strong_count(gate) > 1);
        if let Some((_, gate)) = gates.iter().find(|(own, _)| *own == task) {
            return gate.clone();
        }
        let gate = Gate::default();
        gates.push((task, gate.clone()));
        gate
    }
}

/// True if the bytes have the digest; never for an algorithm that cannot be computed.
pub(super) fn proven(digest: &Digest, fetched: &Fetched) -> bool {
    Verified::against(fetched.bytes.clone(), digest.clone(), Source::Reference).matches() == Some(true)
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            capacity: limits::CACHE_BYTES,
            entries: VecDeque::new(),
            total: 0,
            grants: Vec::new(),
            gates: Vec::new(),
        }
    }
}

impl Memory {
    fn find(&self, key: &Key) -> Option<&Fetched> {
        self.entries.iter().rev().find(|(own, _)| own == key).map(|(_, fetched)| fetched)
    }

    fn make_room(&mut self, size: usize) {
        while self.total + size > self.capacity {
            let Some((_, oldest)) = self.entries.pop_front() else { return };
            self.total -= oldest.bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;

    fn key(bytes: &[u8]) -> Key {
        let name = Name { registry: "r.io".into(), endpoint: "r.io".into(), repository: "a".into() };
        Key { name, blob: true, digest: Algorithm::Sha256.digest(bytes) }
    }

    fn fetched(bytes: &[u8]) -> Fetched {
        Fetched { bytes: bytes.into(), content_type: None, header_digest: None, cached: false }
    }

    #[test]
    fn only_confirmed_bytes_are_kept() {
        let cache = Cache::default();
        cache.keep(key(b"right"), &fetched(b"wrong"));
        assert!(cache.get(&key(b"right")).is_none());
        cache.keep(key(b"right"), &fetched(b"right"));
        let found = cache.clone().get(&key(b"right")).unwrap();
        assert!(found.cached);
        assert_eq!(&*found.bytes, b"right");
        let wrong = Fetched { header_digest: Some("sha256:wrong".to_owned()), ..fetched(b"other") };
        cache.keep(key(b"other"), &wrong);
        assert_eq!(cache.get(&key(b"other")).unwrap().header_digest, None, "the fault of one answer");
        let manifest = Key { blob: false, ..key(b"right") };
        assert!(cache.get(&manifest).is_none(), "another question");
    }

    #[test]
    fn the_oldest_make_room() {
        let cache = Cache::default();
        cache.0.borrow_mut().capacity = 100;
        let documents: Vec<Vec<u8>> = (0..3).map(|n| vec![n; 50]).collect();
        for bytes in documents.iter().chain([&vec![9; 101]]) {
            cache.keep(key(bytes), &fetched(bytes));
        }
        let kept: Vec<bool> = documents.iter().map(|bytes| cache.get(&key(bytes)).is_some()).collect();
        assert_eq!(kept, [false, true, true]);
    }

    #[test]
    fn a_grant_ends() {
        let (cache, name) = (Cache::default(), key(b"").name);
        cache.keep_grant(&name, Grant { header: "Bearer x".into(), until: 10.0, credential: None });
        assert!(cache.grant(&name, 9.0).is_some());
        assert!(cache.grant(&name, 10.0).is_none());
    }

    #[test]
    fn gates_do_not_pile_up() {
        let cache = Cache::default();
        let held = cache.gate(Task::Fetch(key(b"held")));
        for n in 0..100_u8 {
            drop(cache.gate(Task::Fetch(key(&[n]))));
        }
        assert!(Rc::ptr_eq(&held, &cache.gate(Task::Fetch(key(b"held")))));
        assert!(cache.0.borrow().gates.len() <= 2);
    }
}

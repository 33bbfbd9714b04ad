//! The boundary: the bytes of shown nodes, which live as long as the worker.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::limits;

thread_local! {
    static SHOWN: RefCell<Shown> = RefCell::default();
}

/// Keeps the bytes of shown nodes, so that the page can show them too; the oldest go first.
pub(super) fn keep(bytes: Vec<(String, Arc<[u8]>)>) {
    SHOWN.with_borrow_mut(|shown| bytes.into_iter().for_each(|(digest, bytes)| shown.keep(digest, bytes)));
}

/// The bytes of a node that was shown.
pub(super) fn bytes(digest: &str) -> Option<Arc<[u8]>> {
    SHOWN.with_borrow(|shown| shown.by_digest.get(digest).cloned())
}

#[derive(Default)]
struct Shown {
    by_digest: HashMap<String, Arc<[u8]>>,
    order: VecDeque<String>,
    total: usize,
}

impl Shown {
    fn keep(&mut self, digest: String, bytes: Arc<[u8]>) {
        if self.by_digest.contains_key(&digest) {
            return;
        }
        self.total += bytes.len();
        self.order.push_back(digest.clone());
        self.by_digest.insert(digest, bytes);
        while self.total > limits::SESSION_BYTES && self.order.len() > 1 {
            let oldest = self.order.pop_front().and_then(|digest| self.by_digest.remove(&digest));
            self.total -= oldest.map_or(0, |bytes| bytes.len());
        }
    }
}

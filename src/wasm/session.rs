//! The boundary: the bytes of shown nodes, which live as long as the worker.

use std::cell::RefCell;
use std::collections::VecDeque;
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
    SHOWN.with_borrow(|shown| shown.find(digest))
}

/// In the order of arrival; a session shows some hundreds of documents, which a search from the newest finds fast.
#[derive(Default)]
struct Shown {
    kept: VecDeque<(String, Arc<[u8]>)>,
    total: usize,
}

impl Shown {
    fn find(&self, digest: &str) -> Option<Arc<[u8]>> {
        self.kept.iter().rev().find(|(kept, _)| kept == digest).map(|(_, bytes)| bytes.clone())
    }

    fn keep(&mut self, digest: String, bytes: Arc<[u8]>) {
        // The newest is shown: the digest of a signed schema 1 manifest is over its payload only, so a liar can wrap the
        // bytes of any document in one.
        if self.find(&digest).is_some_and(|kept| kept == bytes) {
            return;
        }
        self.total += bytes.len();
        self.kept.push_back((digest, bytes));
        while self.total > limits::SESSION_BYTES && self.kept.len() > 1 {
            self.total -= self.kept.pop_front().map_or(0, |(_, bytes)| bytes.len());
        }
    }
}

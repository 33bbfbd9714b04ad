//! First half of a search: the pasted text, repaired and unwrapped, cheapest first.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use super::hunt::Hunt;
use super::repair::REPAIRS;
use super::unwrap::unwrap;
use crate::carriers::CARRIERS;
use crate::limits;

/// A text to look at: the pasted one, or what repairs and unwrapping made of it.
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    pub(super) cost: u32,
    /// The step, in words.
    pub(super) steps: Vec<String>,
    /// The number of the pasted text that it was made of.
    pub(super) of: usize,
}

/// The most steps one after the other.
const STEPS: usize = 4;

/// The cost of taking a document out of another.
const UNWRAPPING: u32 = 1;

/// The source of the expected bytes: themselves, the steps, and of which of the texts.
pub(super) type Hit = (Vec<u8>, Vec<String>, usize);

/// Looks at every text as it stands, and hands out all of them if none is the one.
pub(super) fn search(pasted: &[&[u8]], hunt: &mut Hunt) -> Result<Hit, Vec<Text>> {
    let mut queue = Queue::default();
    for (of, text) in pasted.iter().enumerate() {
        queue.push(Text { bytes: text.to_vec(), cost: u32::from(of > 0), steps: Vec::new(), of });
    }
    let mut done: Vec<Text> = Vec::new();
    // The greater part is for writing anew what can be read.
    let reserve = hunt.bytes_left() / 4 * 3;
    while let Some(text) = queue.pop().filter(|_| done.len() < limits::RECOVERY_TEXTS) {
        if let Some(hit) = as_it_stands(&text, hunt) {
            return Ok(hit);
        }
        if text.steps.len() < STEPS && hunt.bytes_left() > reserve {
            expand(&text, hunt, &mut queue);
        }
        let enough = hunt.bytes_left() <= reserve && done.len() >= limits::RECOVERY_TEXTS / 8;
        done.push(text);
        if enough {
            break;
        }
    }
    if done.len() < queue.pushed {
        hunt.skip();
    }
    Err(done)
}

/// Texts by cost, and among equals the first come; none twice.
#[derive(Default)]
struct Queue {
    waiting: BTreeMap<(u32, usize), Text>,
    seen: HashSet<u64>,
    pushed: usize,
}

impl Queue {
    fn push(&mut self, text: Text) {
        let mut hasher = DefaultHasher::new();
        text.bytes.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            self.pushed += 1;
            if text.bytes.len() <= limits::RECOVERY_TEXT_BYTES {
                self.waiting.insert((text.cost, self.pushed), text);
            }
        }
        while self.waiting.len() > limits::RECOVERY_TEXTS {
            self.waiting.pop_last();
        }
    }

    fn pop(&mut self) -> Option<Text> {
        self.waiting.pop_first().map(|(_, text)| text)
    }
}

/// Tries the text itself, and what may stand before and after it.
fn as_it_stands(text: &Text, hunt: &mut Hunt) -> Option<Hit> {
    if hunt.is_it(&text.bytes) {
        return Some((text.bytes.clone(), text.steps.clone(), text.of));
    }
    let (ended, inner) = (text.bytes.trim_ascii_end(), text.bytes.trim_ascii());
    let before = (ended != inner).then_some((ended, None));
    let after = [
        (inner.to_vec(), Some("no white space before the document")),
        ([b"\n", inner].concat(), Some("a newline before the document")),
    ];
    let bodies = before.into_iter().map(|(body, words)| (body.to_vec(), words)).chain(after);
    for (body, words) in bodies {
        if let Some((ending, name)) = hunt.ending(&body) {
            let moved = !text.bytes.starts_with(&body);
            let words = words.filter(|_| moved).map(str::to_owned);
            let steps = text.steps.iter().cloned().chain(words).chain([(*name).to_owned()]);
            return Some(([&body, ending.as_bytes()].concat(), steps.collect(), text.of));
        }
    }
    None
}

/// Puts every text that one more step makes of this one into the queue.
fn expand(text: &Text, hunt: &mut Hunt, queue: &mut Queue) {
    let made = |bytes: Vec<u8>, cost: u32, words: &str| {
        let steps = text.steps.iter().cloned().chain([words.to_owned()]).collect();
        Text { bytes, cost: text.cost + cost, steps, of: text.of }
    };
    // Reading costs about as much as hashing three times.
    if !hunt.spend(text.bytes.len().saturating_mul(3)) {
        return;
    }
    for inner in unwrap(&text.bytes) {
        queue.push(made(inner.bytes, UNWRAPPING, &inner.words));
    }
    for repair in REPAIRS {
        // Looking for something to repair is cheaper than hashing.
        if !hunt.spend(text.bytes.len() / 4) {
            return;
        }
        if let Some(bytes) = (repair.apply)(&text.bytes) {
            queue.push(made(bytes, repair.cost, repair.words));
        }
    }
    for carrier in CARRIERS {
        if !hunt.spend(text.bytes.len() / 4) {
            return;
        }
        for carried in (carrier.open)(&text.bytes) {
            queue.push(made(carried, carrier.cost, carrier.words));
        }
    }
}

//! Second half of a search: each readable text written anew in every known form.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::escape::ESCAPES;
use super::hunt::Hunt;
use super::layout::{LAYOUTS, Layout, Part};
use super::order::{Profile, profiles};
use super::texts::{Hit, Text};
use super::tree::{Encoded, Tree};
use crate::limits;

/// Tries order x escapes x layout x ending for every distinct document among the texts, in order of the summed cost.
pub(super) fn search(texts: &[Text], hunt: &mut Hunt) -> Option<Hit> {
    let mut bases = bases(texts, hunt);
    let highest = bases.iter().map(Base::highest).max()?;
    for cost in 0..=highest {
        for base in &mut bases {
            if let Some(hit) = base.search(cost, hunt) {
                return Some(hit);
            }
            if hunt.is_over() {
                return None;
            }
        }
    }
    None
}

/// The texts that can be read, one of each that differ in more than white space.
fn bases<'a>(texts: &'a [Text], hunt: &mut Hunt) -> Vec<Base<'a>> {
    let mut seen = HashSet::new();
    let mut bases = Vec::new();
    for text in texts {
        if bases.len() >= limits::RECOVERY_DOCUMENTS || !hunt.spend(text.bytes.len().saturating_mul(4)) {
            break;
        }
        let Some(tree) = Tree::read(&text.bytes) else { continue };
        if seen.insert(tree.fingerprint(&text.bytes)) {
            bases.push(Base::new(text, tree));
        }
    }
    bases
}

/// One document, with what was already made of it.
struct Base<'a> {
    text: &'a Text,
    tree: Tree,
    profiles: Vec<Profile>,
    /// Its parts in the order of each profile; `None` if an earlier profile gives the same.
    orders: HashMap<usize, Option<Vec<Part>>>,
    seen: HashSet<u64>,
    /// Its tokens as each writer escapes them; `None` if another does the same.
    encodings: HashMap<usize, Option<Encoded>>,
    out: Vec<u8>,
}

impl<'a> Base<'a> {
    fn new(text: &'a Text, tree: Tree) -> Self {
        let profiles = profiles(tree.present);
        let (orders, encodings) = (HashMap::new(), HashMap::new());
        Self { text, tree, profiles, orders, seen: HashSet::new(), encodings, out: Vec::new() }
    }

    fn highest(&self) -> u32 {
        self.text.cost + self.profiles.last().map_or(0, |profile| profile.cost) + dearest()
    }

    /// Every form whose cost is exactly that.
    fn search(&mut self, cost: u32, hunt: &mut Hunt) -> Option<Hit> {
        let left = cost.checked_sub(self.text.cost)?;
        for order in 0..self.profiles.len() {
            let Some(left) = left.checked_sub(self.profiles[order].cost) else { break };
            if left > dearest() {
                continue;
            }
            for (escapes, left) in (0..).zip(ESCAPES).filter_map(|(n, e)| Some((n, left.checked_sub(e.cost)?))) {
                if let Some(hit) = self.forms(order, escapes, left, hunt) {
                    return Some(hit);
                }
                if hunt.is_over() {
                    return None;
                }
            }
        }
        None
    }

    /// The forms of one order and one writer's escapes whose layout costs exactly `left`.
    fn forms(&mut self, order: usize, escapes: usize, left: u32, hunt: &mut Hunt) -> Option<Hit> {
        if left > 0 && !LAYOUTS.iter().any(|layout| layout.cost == left) {
            return None;
        }
        self.prepare(order, escapes, hunt);
        let parts = self.orders.get(&order)?.as_ref()?;
        let encoded = self.encodings.get(&escapes)?.as_ref()?;
        let out = &mut self.out;
        let steps = Steps { text: self.text, order: &self.profiles[order].words, escapes: ESCAPES[escapes].words };
        if left == 0 && order == 0 && escapes > 0 {
            out.clear();
            self.tree.retoken(&self.text.bytes, encoded, out);
            if let Some(ending) = hunt.ending(out.trim_ascii_end()) {
                let bytes = [out.trim_ascii_end(), ending.0.as_bytes()].concat();
                return Some((bytes, steps.with(None, ending.1), self.text.of));
            }
        }
        for layout in LAYOUTS.iter().filter(|layout| layout.cost == left) {
            out.clear();
            // Each part costs about as much to write as two bytes to hash.
            hunt.spend(parts.len() * 2);
            if !layout.write(parts, |number| encoded.token(number), hunt.bytes_left(), out) {
                hunt.give_up();
                return None;
            }
            if let Some(ending) = hunt.ending(out) {
                return Some(([out, ending.0.as_bytes()].concat(), steps.with(Some(layout), ending.1), self.text.of));
            }
        }
        None
    }

    /// Makes the order and the encoding, unless they are there or the same as another.
    fn prepare(&mut self, order: usize, escapes: usize, hunt: &mut Hunt) {
        if !self.orders.contains_key(&order) && hunt.spend(self.text.bytes.len()) {
            let parts = self.tree.parts(&self.profiles[order].keys);
            let mut hasher = DefaultHasher::new();
            parts.hash(&mut hasher);
            let new = self.seen.insert(hasher.finish());
            self.orders.insert(order, new.then_some(parts));
        }
        if !self.encodings.contains_key(&escapes) && hunt.spend(self.text.bytes.len()) {
            let encoded = self.tree.encode(&self.text.bytes, &ESCAPES[escapes]);
            let known = self.encodings.values().flatten().any(|known| *known == encoded);
            self.encodings.insert(escapes, (!known).then_some(encoded));
        }
    }
}

/// The cost of the dearest escapes and layout together.
fn dearest() -> u32 {
    let escapes = ESCAPES.iter().map(|escapes| escapes.cost).max();
    let layout = LAYOUTS.iter().map(|layout| layout.cost).max();
    escapes.unwrap_or(0) + layout.unwrap_or(0)
}

/// The steps to a form, in words.
struct Steps<'a> {
    text: &'a Text,
    order: &'a str,
    escapes: &'a str,
}

impl Steps<'_> {
    fn with(&self, layout: Option<&Layout>, ending: &str) -> Vec<String> {
        let form = [self.order, self.escapes, layout.map_or("", |layout| layout.words), ending];
        let form = form.into_iter().filter(|words| !words.is_empty()).map(str::to_owned);
        self.text.steps.iter().cloned().chain(form).collect()
    }
}

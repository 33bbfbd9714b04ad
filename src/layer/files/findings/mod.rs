//! Findings about files: by mode, by name, by path, and by what an entry does to the files of its layer and lower ones.

mod applied;
mod own;
mod secrets;

use serde::Serialize;

use super::{EntryKind, EntryRef};
use applied::APPLIED;
pub(super) use applied::Why;
use own::RULES;
pub(super) use own::is_no_target;

/// Something suspicious.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Its stable name.
    pub id: &'static str,
    /// The path, with what is no UTF-8 replaced.
    pub path: String,
    /// The position of the layer that has it.
    pub layer: u32,
    /// The number of the entry in that layer's tar.
    pub at: u32,
    /// The position of a later layer that deletes it: it is still in the image's bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_in: Option<u32>,
    /// The observation.
    pub why: String,
}

/// The bits of all rules about an entry's own headers.
const OF_RULES: u64 = (1 << RULES.len()) - 1;

/// Bits of findings in as few bytes as an event has room for: there are a million events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits([u16; 3]);

impl Bits {
    pub(super) fn get(self) -> u64 {
        let [low, middle, high] = self.0.map(u64::from);
        low | middle << 16 | high << 32
    }
}

impl From<u64> for Bits {
    fn from(bits: u64) -> Self {
        let part = |shift: u32| u16::try_from(bits >> shift & 0xffff).unwrap_or_default();
        Self([part(0), part(16), part(32)])
    }
}

fn all_ids() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(id, _)| *id).chain(APPLIED.iter().map(|(id, _)| *id))
}

/// The bits of the rules that an entry breaks.
pub(super) fn bits(entry: &EntryRef<'_>) -> u64 {
    RULES.iter().enumerate().filter(|(_, (_, rule))| rule(entry).is_some()).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// The same bits with those of the rules as this entry breaks them: what applying the layers found out stays.
pub(super) fn as_of(bits: u64, entry: &EntryRef<'_>) -> u64 {
    bits & !OF_RULES | self::bits(entry)
}

/// The bit of the rule with this id; none for an unknown one.
pub(super) fn bit(id: &str) -> u64 {
    all_ids().position(|known| known == id).map_or(0, |at| 1 << at)
}

/// The ids of the rules of these bits.
pub(super) fn ids(bits: u64) -> Vec<&'static str> {
    all_ids().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, id)| id).collect()
}

/// The ids of these bits with a sentence each; `path` is where the entry landed.
pub(super) fn sentences(bits: u64, entry: &EntryRef<'_>, path: &str) -> Vec<(&'static str, String)> {
    let own = RULES.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
    let own = own.filter_map(|(_, (id, rule))| Some((*id, rule(entry)?)));
    let applied = APPLIED.iter().enumerate().filter(|(at, _)| bits >> (RULES.len() + at) & 1 == 1);
    own.chain(applied.map(|(_, (id, sentence))| (*id, sentence(entry, path)))).collect()
}

fn is_file(entry: &EntryRef<'_>) -> bool {
    matches!(entry.kind, EntryKind::File | EntryKind::HardLink)
}
